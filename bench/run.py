#!/usr/bin/env python3
"""Measures portsock, the system's own calls, and every other library that is installed.

usage: run.py BUILD_DIR [--rows REGEX] [--repeat N] [--wine BUILD_DIR] [--write]
       run.py BUILD_DIR --check
       run.py --counts PROGRAM
       run.py --page

BUILD_DIR has the programs of bench/, built by the preset linux-gcc; that of --wine those for Windows,
built by mingw-x86_64, which run under Wine with a prefix of their own. One table is printed, row by
row: what was measured, on each peer. --rows: only the rows whose names match. --repeat: how often
each program is run (7). --write: docs/performance.json, and from it docs/performance.md and its
plots; rows that are not measured stay as they are there.

--check measures only counts, and fails when one exceeds what bench/targets.py allows, when a target
has no figure in docs/performance.json, or when docs/performance.md is not what is made from it.

--counts judges some counts of one program, which was built of bench/transfer.c in another way.

--page makes docs/performance.md anew from docs/performance.json, and measures nothing.
"""
# Test: bench.counts on linux-gcc
# Rows: R086.
import argparse
import concurrent.futures
import json
import os
import re
import subprocess
import sys

sys.dont_write_bytecode = True

import counts  # noqa: E402
import machine  # noqa: E402
import measure  # noqa: E402
import peers  # noqa: E402
import report  # noqa: E402
import rows  # noqa: E402
import sizes  # noqa: E402
import targets  # noqa: E402

RESULTS = report.DOCS + "/performance.json"
COUNTED_OPERATIONS = 500
FIELDS = [("ns", "ns", ".1f"), ("ratio", "x", ".3f"), ("cpu_ratio", "x CPU", ".3f"), ("calls", "calls", ".2f"),
          ("instructions", "instructions", ".0f"), ("above", "above raw", ".0f"), ("bytes", "bytes", ".1f")]


def show(name, column, figures):
    line = f"{name:24} {column:22}"
    for field, _, form in FIELDS:
        line += f" {format(figures[field], form) if field in figures else '-':>12}"
    print(line, flush=True)


def show_header():
    print(f"{'row':24} {'':22}" + "".join(f" {title:>12}" for _, title, _ in FIELDS), flush=True)


def counted(row):
    """The counts of every column, two at a time."""
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        def count(column):
            try:
                return column, counts.of_row(row, column)
            except (subprocess.SubprocessError, AttributeError) as problem:
                print(f"{row.name}, {column} not counted: {problem}", file=sys.stderr)
                return column, None
        found = {column: figures for column, figures in pool.map(count, row.columns) if figures}
    for figures in found.values():
        if row.base_of("raw") in found:
            figures["above"] = round(figures["instructions"] - found["raw"]["instructions"], 1)
    return found


def offered(row):
    """The row without the columns whose program says that it has no such thing."""
    for column in row.columns:
        try:
            measure.run(row.command(column, 1), row.environment)
        except measure.NotOffered:
            del row.commands[column]
        except RuntimeError:
            pass
    return row


def measure_rows(chosen, repeat, results):
    for row in chosen:
        figures = {}
        offered(row)
        if row.timed:
            figures = measure.timed(row, repeat)
        if row.counted:
            for column, found in counted(row).items():
                figures.setdefault(column, {}).update(found)
        for column, found in figures.items():
            if row.sockets:
                found["sockets"] = row.sockets
            show(row.name, column, found)
        results["rows"][row.name] = figures


def measure_transfer(programs, wanted, results):
    for workload, modes in targets.MODES.items():
        for mode in modes:
            if wanted.search("transfer_" + workload):
                found = counts.transfer(programs + "/transfer", workload, mode, COUNTED_OPERATIONS)
                results["transfer"][f"{workload} {mode}"] = found
                show("transfer_" + workload, mode, found)


def measure_calls(programs, wanted, results):
    for mode in ("alone", "threads", "shared"):
        if wanted.search("call_" + mode):
            with measure.one_processor():
                lines = measure.run([programs + "/call", mode]).splitlines()
            results["calls"][mode] = {line.split()[0]: float(line.split()[2]) for line in lines}
            for name, above in results["calls"][mode].items():
                show("call_" + mode, name, {"ns": above})


def measure_sizes(build, wanted, results):
    if wanted.search("sizes"):
        results["sizes"]["sizes"] = sizes.measured(build)
        for name, value in results["sizes"]["sizes"].items():
            show("sizes", name, {"instructions" if name == "start" else "bytes": value})


def measure_memory(found, wanted, results):
    if wanted.search("memory"):
        results["sizes"]["memory"] = sizes.of_peers(peers.columns(found))
        for column, value in results["sizes"]["memory"].items():
            show("memory", column, {"bytes": value})


def windows_environment(build):
    prefix = os.path.abspath(build) + "/bench-wine"
    environment = {"WINEPREFIX": prefix, "WINEDEBUG": "-all", "WINEDLLOVERRIDES": "winedbg.exe=d", "DISPLAY": ""}
    subprocess.run(["wineboot", "-i"], env={**os.environ, **environment}, capture_output=True, check=True)
    return environment


def read_results():
    empty = {"about": {}, "rows": {}, "transfer": {}, "calls": {}, "sizes": {}}
    try:
        with open(RESULTS, encoding="utf-8") as file:
            return {**empty, **json.load(file)}
    except FileNotFoundError:
        return empty


def write_results(results):
    with open(RESULTS, "w", encoding="utf-8") as file:
        file.write(report.as_json(report.rounded(results)) + "\n")
    write_page()


def write_page():
    for path, text in report.files(read_results()).items():
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)


def measure_all(arguments):
    build, programs = arguments.build, arguments.build + "/bin"
    wanted = re.compile(arguments.rows)
    results = read_results() if arguments.write else {"about": {}, "rows": {}, "transfer": {}, "calls": {}, "sizes": {}}
    found = peers.commands(programs)
    if not arguments.rows or not results["about"]:
        results["about"] = {"machine": machine.describe(), "peers": peers.versions(found),
                            "absent": peers.absent(found), "wine": results["about"].get("wine", "")}
    far_ends = measure.start_far_ends(programs + "/far_end")
    try:
        show_header()
        measure_sizes(build, wanted, results)
        measure_memory(found, wanted, results)
        measure_transfer(programs, wanted, results)
        measure_calls(programs, wanted, results)
        measure_rows([row for row in rows.linux_rows(programs) if wanted.search(row.name)], arguments.repeat, results)
        if arguments.write:
            write_results(results)
        if arguments.wine:
            environment = windows_environment(arguments.wine)
            results["about"]["wine"] = machine.output("wine", "--version")
            chosen = [row for row in rows.windows_rows(arguments.wine + "/bin", environment) if wanted.search(row.name)]
            measure_rows(chosen, arguments.repeat, results)
            subprocess.run(["wineserver", "-k"], env={**os.environ, **environment}, check=False)
    finally:
        far_ends.stdin.close()
        far_ends.wait()
    if arguments.write:
        write_results(results)


def count_transfer(program, workload, mode):
    return counts.transfer(program, workload, mode, targets.OPERATIONS.get(workload, COUNTED_OPERATIONS))


def over_counts(program, modes_of):
    """The counts that exceed what is allowed. callgrind takes most of the time: two at a time."""
    jobs = [(workload, mode) for workload, modes in modes_of.items() for mode in modes]
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        found = pool.map(lambda job: count_transfer(program, *job), jobs)
        for (workload, mode), figures in zip(jobs, found):
            most_calls, most_instructions = targets.LIMITS.get(f"{workload} {mode}", targets.LIMITS[workload])
            show("transfer_" + workload, mode, figures)
            if figures["calls"] > most_calls + 0.05 or figures["above"] > most_instructions:
                yield f"transfer_{workload} {mode}: more than {most_calls} calls or {most_instructions} instructions " \
                      f"above raw: {figures['names']}"


def over_sizes(programs):
    found = {**sizes.of_sockets(programs), "poller entry": sizes.of_poller_entry(programs),
             "start": sizes.start_above_raw(programs)}
    for name, limit in targets.SIZES.items():
        print(f"{name}: {found[name]} (at most {limit})")
        if found[name] > limit:
            yield f"{name} is more than {limit}"


def without_figures():
    """The targets that the committed measurement says nothing about, and a page that is not made from it."""
    results = read_results()
    missing = [f"no figure in docs/performance.json: {target.words}" for target in targets.TARGETS
               if target.figure(results) is None]
    yield from missing
    for path, text in report.files(results).items():
        try:
            with open(path, encoding="utf-8") as file:
                same = file.read() == text
        except FileNotFoundError:
            same = False
        if not same:
            yield f"{os.path.relpath(path, report.SOURCES)} is not made from docs/performance.json: run.py --write"


def judge(faults):
    for fault in faults:
        print(fault)
    return 1 if faults else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("build", metavar="BUILD_DIR", nargs="?")
    parser.add_argument("--rows", metavar="REGEX", default="")
    parser.add_argument("--repeat", metavar="N", type=int, default=7)
    parser.add_argument("--wine", metavar="BUILD_DIR")
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--counts", metavar="PROGRAM")
    parser.add_argument("--page", action="store_true")
    arguments = parser.parse_args()
    if arguments.page:
        return write_page()
    if arguments.counts:
        show_header()
        return judge([*over_counts(arguments.counts, targets.SAMPLE)])
    if not arguments.build:
        parser.error("BUILD_DIR is missing")
    if arguments.check:
        programs = arguments.build + "/bin"
        show_header()
        return judge([*over_counts(programs + "/transfer", targets.MODES), *over_sizes(programs), *without_figures()])
    measure.enter_namespace()
    return measure_all(arguments)


if __name__ == "__main__":
    sys.exit(main())
