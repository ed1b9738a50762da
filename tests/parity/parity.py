#!/usr/bin/env python3
"""Makes a table of what each system answered, promise by promise, and checks that each answered
what it must.

usage: parity.py --check
       parity.py [--add-results FILE]... LOGS

The promises are in docs/promises.md and docs/traps.md; the tests that show them say so in tags
(tags.py). --check looks at these alone: every tag is on a test and names a promise, and every
promise has a test or says why it has none.

LOGS is the directory with the results of tests/run.sh: PART.results, with "passed NAME", "failed
NAME" or "skipped NAME" a line. The table is written to LOGS/parity.md. --add-results adds the
results of another machine, as a column with the name of the file; they are in the same form, or
in that of ctest --output-junit. Lines that begin with "#" are no results: those at the top of a
file that tests/win32/check made say which machine it was, and the first is the name of the column.
The exit status is 1, and a line says why, when a test of a promise has failed, has no result on a
system that must have one, or has one on another; and when no test of a promise has passed anywhere.
A skip is a result: tests/run/judge.py holds each against its tag.
"""
import argparse
import datetime
import itertools
import pathlib
import subprocess
import sys
import xml.etree.ElementTree

import promises
import tags

# Title, and the parts of tests/run.sh that its results are of.
COLUMNS = {
    "Linux": ["linux-gcc", "examples"],
    "musl": ["linux-musl"],
    "big-endian": ["linux-s390x"],
    "Windows x86_64": ["mingw-x86_64", "examples"],
    "Windows i686": ["mingw-i686"],
    "guest": ["guest"],
}
# Its programs run with tests/run.sh --wine32 only.
OPTIONAL = "Windows i686"

# The systems that run the tests of a directory.
MUST_ANSWER = {
    "capture": {"Linux", "musl", "big-endian", "Windows x86_64", "Windows i686"},
    "conformance": {"Linux", "musl", "big-endian", "Windows x86_64", "Windows i686"},
    "fake": {"Linux", "musl", "big-endian", "Windows x86_64", "Windows i686"},
    "heavy": {"Linux", "Windows x86_64", "Windows i686"},
    "internal": {"Linux", "musl", "big-endian", "Windows x86_64", "Windows i686"},
    "net": {"Linux", "Windows x86_64"},
    "posix": {"Linux", "musl", "big-endian"},
    "raw": {"Linux", "Windows x86_64", "Windows i686"},
    "tipc": {"guest"},
    "win32": {"Windows x86_64", "Windows i686"},
}
HEAD = """# Parity

What each system answered, promise by promise: {commit}, {date}, made by `tests/run.sh`.

- **ok**: every test of the promise that this system has passed. **ok 2/3**: so did those two of its
  three tests that the system has; the third is about another system. **-**: the tests are not for
  this system.
- `fake.` tests play a scripted system, which answers as Windows or BSD does where neither Linux nor
  Wine can.
- **skipped**: the system lacks what the test is about, and says so. **RED**: a test failed, or none
  passed anywhere.
- Linux is Debian 12 with glibc; musl is the same machine with musl's C library; big-endian is s390x
  under QEMU's user emulation; Windows x86_64 and i686 are Wine 8; the guest is a kernel of
  Debian's with TIPC, AF_VSOCK and AF_CAN, in QEMU. 32-bit Windows runs with `--wine32` only, since
  it needs a second Debian. Other columns are results of other machines (`--add-results`).
"""

# ---- what was run --------------------------------------------------------------------------------


def read_list(path):
    lines = path.read_text(encoding="utf-8").splitlines()
    words = [line.split() for line in lines if line and not line.startswith("#")]
    return {test: result for result, test, *_ in words if result in ("passed", "failed", "skipped")}


def read_head(path):
    """What a list says about itself before its results: lines that begin with "# ". The first
    names the system.
    """
    lines = path.read_text(encoding="utf-8").splitlines() if path.suffix != ".xml" else []
    return [line[2:] for line in itertools.takewhile(lambda line: line.startswith("# "), lines)]


def title_of(path):
    return (read_head(path) or [path.stem])[0]


def read_junit(path):
    results = {}
    for case in xml.etree.ElementTree.parse(path).iter("testcase"):
        result = "passed" if case.get("status") == "run" else "failed"
        skipped = case.find("skipped")
        if skipped is not None and skipped.get("message", "").startswith("SKIP_RETURN_CODE"):
            result = "skipped"
        results[case.get("name")] = result
    return results


def read_columns(logs, added):
    """Title: the results of its tests."""
    columns = {title: {} for title in COLUMNS}
    for title, parts in COLUMNS.items():
        for path in [logs / (part + ".results") for part in parts]:
            columns[title].update(read_list(path) if path.exists() else {})
    for path in added:
        columns[title_of(path)] = read_junit(path) if path.suffix == ".xml" else read_list(path)
    return columns


class Systems:
    """Which systems must answer for a test."""

    def __init__(self, columns):
        ran_optional = any(name.startswith("socket.") for name in columns[OPTIONAL])
        self.absent = set() if ran_optional else {OPTIONAL}

    def of(self, test):
        if test.presets is None:
            directory = test.path.relative_to(tags.ROOT / "tests").parts[0]
            return MUST_ANSWER.get(directory, set()) - self.absent
        return {title for title, parts in COLUMNS.items() if parts[0] in test.presets} - self.absent


# ---- the table -----------------------------------------------------------------------------------


def cell(tests, results):
    found = [results[test.name] for test in tests if test.name in results]
    passed = found.count("passed")
    if "failed" in found:
        return "RED"
    if passed == 0:
        return "skipped" if found else "-"
    return "ok" if passed == len(tests) else f"ok {passed}/{len(tests)}"


def faults_of_test(test, columns, systems):
    must = systems.of(test)
    for title, results in columns.items():
        result = results.get(test.name)
        if result == "failed":
            yield f"{title}: {test.name} failed"
        elif title in COLUMNS and result is None and title in must:
            yield f"{title}: {test.name} has no result"
        elif title in COLUMNS and result is not None and title not in must:
            yield f"{title}: {test.name} is not for this system, and has a result"


def table(rows, tests, columns, systems):
    """The lines of a table, and what is wrong with its rows."""
    faults = []
    lines = ["| id | promise | " + " | ".join(columns) + " | tests |",
             "| --- | --- |" + " --- |" * (len(columns) + 1)]
    for row in rows:
        key = "Traps" if row.is_trap else "Rows"
        showing = [test for test in tests if row.id in test.ids[key]]
        bare = [test for test in tests if row.id in test.ids["Shows"]]
        for test in showing + bare:
            faults += [f"{row.id}: {fault}" for fault in faults_of_test(test, columns, systems)]
        cells = [cell(showing, results) if showing else " " for results in columns.values()]
        if showing and not any(text.startswith("ok") for text in cells):
            faults.append(row.id + ": no test passed anywhere")
        shown = ", ".join(f"`{test.name}`" for test in showing) or row.reason
        if row.is_trap:
            names = ", ".join(f"`{test.name}`" for test in bare)
            shown += "; the trap itself: " + (names or row.bare_reason)
        lines.append(f"| {row.id} | {row.text} | " + " | ".join(cells) + f" | {shown} |")
    return lines, faults


def commit():
    def git(*arguments):
        command = ["git", "-C", tags.ROOT, *arguments]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    try:
        changed = ", changed" if git("status", "--porcelain") else ""
        return "commit " + git("rev-parse", "--short=12", "HEAD") + changed
    except (OSError, subprocess.CalledProcessError):
        return "no commit"


def describe_added(added):
    """A line for each column that was added, with what its file says about the machine."""
    return [f"- {head[0]}: {'; '.join(head[1:])}." for head in map(read_head, added) if head[1:]]


def write_table(path, rows, traps, tests, columns, added):
    systems = Systems(columns)
    row_lines, row_faults = table(rows, tests, columns, systems)
    trap_lines, trap_faults = table(traps, tests, columns, systems)
    date = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%d %H:%M UTC")
    text = [*HEAD.format(commit=commit(), date=date).splitlines(), *describe_added(added), "",
            "## Python 2.7's page", "", *row_lines, "",
            "## The differences between the systems", "", *trap_lines]
    path.write_text("\n".join(text) + "\n", encoding="utf-8")
    return row_faults + trap_faults


def main():
    usage = "parity.py --check | parity.py [--add-results FILE]... LOGS"
    parser = argparse.ArgumentParser(usage=usage)
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--add-results", action="append", default=[], type=pathlib.Path)
    parser.add_argument("logs", nargs="?", type=pathlib.Path)
    options = parser.parse_args()
    if options.check == bool(options.logs):
        parser.error("either --check or LOGS")

    tests, faults = tags.read()
    rows, traps = promises.read()
    faults += [*promises.faults(rows, traps, tests), *promises.prose_faults(tests)]
    if options.logs:
        columns = read_columns(options.logs, options.add_results)
        faults += write_table(options.logs / "parity.md", rows, traps, tests.values(), columns,
                              options.add_results)
    for fault in faults:
        print(fault)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
