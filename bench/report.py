"""docs/performance.md and its plots, made from the results and bench/page.md.in: the same results always give the same
files."""
import json
import os

import plot
import rows
import targets

SOURCES = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
DOCS = SOURCES + "/docs"
TEMPLATE = os.path.dirname(os.path.abspath(__file__)) + "/page.md.in"


def rounded(value):
    """Four digits are more than a measurement has."""
    if isinstance(value, dict):
        return {key: rounded(item) for key, item in value.items()}
    if isinstance(value, float):
        return float(f"{value:.4g}") if abs(value) < 10000 else round(value)
    return value


def as_json(value, depth=3):
    """A line for each column of a row, so that a change of the measurement can be read."""
    if not isinstance(value, dict) or not value or depth == 0:
        return json.dumps(value, sort_keys=True)
    indent = " " * (4 - depth)
    items = [f"{indent}{json.dumps(key)}: {as_json(item, depth - 1)}" for key, item in sorted(value.items())]
    return "{\n" + ",\n".join(items) + "\n" + indent[1:] + "}"


def number(value):
    if value is None:
        return ""
    if abs(value) >= 100 or value == int(value):
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"


def ratio(value):
    return "" if value is None else f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def table(header, lines):
    made = ["| " + " | ".join(header) + " |", "| --- |" + " ---: |" * (len(header) - 1)]
    return "\n".join(made + ["| " + " | ".join(line) + " |" for line in lines])


def columns_of(results, names):
    """The columns of some rows, in the order of the first that has them."""
    order = ["raw", "poll first", "select first", "portsock", "portsock T"]
    found = list(dict.fromkeys(column for name in names for column in results["rows"].get(name, {})))
    return [name for name in order if name in found] + [name for name in found if name not in order]


def title_of(name):
    return rows.WORKLOADS[name.removeprefix("windows_")][0]


def about(results):
    lines = [[name, value] for name, value in results["about"].get("machine", {}).items()]
    if float(results["about"].get("machine", {}).get("load before", "0").split()[0]) > 1:
        lines.append(["", "**the machine had other work: the times are rough**"])
    versions = [f"{name.split()[0]} {version}" for name, version in results["about"].get("peers", {}).items()]
    lines.append(["peers", ", ".join(versions)])
    if results["about"].get("absent"):
        lines.append(["peers that were not there", ", ".join(results["about"]["absent"])])
    if results["about"].get("wine"):
        lines.append(["Windows", results["about"]["wine"].replace("wine-", "Wine ")])
    runs = {figures["runs"] for row in results["rows"].values() for figures in row.values() if "runs" in figures}
    if runs:
        lines.append(["runs of each program", " to ".join(map(str, sorted({min(runs), max(runs)})))])
    return "\n".join(["| | |", "| --- | --- |"] + [f"| {name} | {value} |" for name, value in lines])


def verdicts(results):
    lines = []
    for target in targets.TARGETS:
        figure = target.figure(results)
        verdict = "not measured"
        if figure is not None:
            verdict = "met" if target.is_met(results) else "**not met**"
        shown = ratio if " x " in target.unit else number
        lines.append([target.words, f"{shown(target.limit)}{target.unit}", shown(figure), verdict])
    return table(["target", "at most", "measured", ""], lines)


def shortcomings(results):
    lines = []
    for target in targets.TARGETS:
        figure = target.figure(results)
        if figure is not None and not target.is_met(results):
            tried = next((text for words, text in targets.TRIED.items() if words in target.words), "nothing yet")
            shown = ratio if " x " in target.unit else number
            lines.append([target.words, f"{shown(figure)}{target.unit}", tried])
    made = ["| target | measured | what was tried |", "| --- | --- | --- |"]
    return "\n".join(made + ["| " + " | ".join(line) + " |" for line in lines]) if lines else "Nothing."


def workloads(results, field, raws_own, names):
    """A row for each workload: raw's own nanoseconds, then the field of each column."""
    columns = [column for column in columns_of(results, names) if column != "raw"]
    lines = []
    for name in names:
        found = results["rows"].get(name, {})
        if any(field in figures for figures in found.values()):
            lines.append([title_of(name), number(found.get("raw", {}).get(raws_own)), *(ratio(found.get(column, {}).get(field)) for column in columns)])
    return table(["", "raw, ns", *columns], lines)


def counts_of(results):
    """System calls; user instructions above raw."""
    names = [name for name, (_, _, counted) in rows.WORKLOADS.items() if counted]
    columns = columns_of(results, names)
    lines = []
    for name in names:
        found = results["rows"].get(name, {})
        if found:
            lines.append([title_of(name)] + [
                f"{number(figures['calls'])}; {number(figures.get('above'))}" if "calls" in figures else ""
                for figures in (found.get(column, {}) for column in columns)])
    return table(["", *columns], lines)


def transfers(results):
    lines = [[name, number(found["raw_calls"]), number(found["calls"]), number(found["above"])]
             for name, found in results["transfer"].items()]
    return table(["workload, timeout", "calls of raw", "calls", "instructions above raw"], lines)


def comparison(results, names, unit="ns"):
    """A row for each column of some rows that have columns of their own."""
    lines = []
    for name in names:
        for column, figures in results["rows"].get(name, {}).items():
            lines.append([name.replace("_", " "), f"`{column}`", number(figures.get("ns", 0) / (1e6 if unit == "ms" else 1)),
                          ratio(figures.get("ratio")), ratio(figures.get("cpu_ratio"))])
    return table(["", "way", unit, "x", "x CPU"], lines)


def poller_names(results, prefix, ready):
    """(number of sockets, row) of each row that was measured."""
    for part in rows.WINDOWS_SOCKETS if prefix else [*rows.SOCKETS, "most"]:
        name = f"{prefix}poller_{part}_{ready}"
        for figures in list(results["rows"].get(name, {}).values())[:1]:
            yield figures.get("sockets", part), name


def cell(way, base, figures):
    if not figures:
        return ""
    return number(figures["ns"]) + (f" ({ratio(figures['ratio'])} x {base})" if base != way and "ratio" in figures else "")


def pollers(results, prefix=""):
    ways = rows.WINDOWS_POLLERS if prefix else rows.POLLERS
    lines = []
    for ready in (1,) if prefix else (1, 100):
        for count, name in poller_names(results, prefix, ready):
            cells = [cell(way, ways[way], results["rows"][name].get(way)) for way in ways]
            lines.append([f"{ready} of {count:,} ready", *cells])
    return table(["ns for a byte", *(f"`{way}`" for way in ways)], lines)


def calls(results):
    functions = list(next(iter(results["calls"].values()), {}))
    titles = {"alone": "one thread", "threads": "several threads", "shared": "several threads, and another was the first"}
    lines = [[titles[mode], *(number(found[name]) for name in functions)]
             for mode, found in results["calls"].items()]
    return table(["ns above the system's call", *(f"`ps_{name}`".replace("_empty`", "`, nothing there") for name in functions)],
                 lines)


def sizes(results):
    words = {"ps_sock": "bytes of a `ps_sock`", "heap of a socket": "bytes of the heap besides, for a connected socket",
             "start": "instructions of a program's start, above one without portsock",
             "static echo server": "bytes of a static echo server (musl, stripped)"}
    found = results["sizes"].get("sizes", {})
    return table(["", ""], [[text, number(found.get(name))] for name, text in words.items()])


def memory(results):
    found = results["sizes"].get("memory", {})
    return table(["bytes of a socket", *found], [["", *(number(value) for value in found.values())]])


def plots(results):
    ratios = [(name.replace("_", " "), {column: figures["ratio"] for column, figures in results["rows"][name].items()
                                        if column != "raw" and "ratio" in figures})
              for name in rows.WORKLOADS if any("ratio" in figures for figures in results["rows"].get(name, {}).values())]
    over = {way: {count: results["rows"][name][way]["ns"] for count, name in poller_names(results, "", 1)
                  if "ns" in results["rows"].get(name, {}).get(way, {})} for way in rows.POLLERS}
    over = {way: points for way, points in over.items() if points}
    made = {}
    if ratios:
        made[DOCS + "/performance-peers.svg"] = plot.dots("Time of an operation, compared with the system's own calls", ratios)
    if over:
        made[DOCS + "/performance-poller.svg"] = plot.lines("One of many sockets is ready", over, "sockets", "ns for a byte")
    return made


def files(results):
    """{path: text} of what is made from the results."""
    timed = [name for name, (_, operations, _) in rows.WORKLOADS.items() if operations]
    windows = ["windows_" + name for name in rows.ON_WINDOWS]
    parts = {"about": about(results), "verdicts": verdicts(results), "shortcomings": shortcomings(results),
             "times": workloads(results, "ratio", "ns", timed), "processor": workloads(results, "cpu_ratio", "cpu", timed),
             "counts": counts_of(results), "transfers": transfers(results), "pollers": pollers(results),
             "batches": comparison(results, ["batch_send", "batch_receive"]),
             "files": comparison(results, ["sendfile"], "ms"), "calls": calls(results), "sizes": sizes(results), "memory": memory(results),
             "windows": workloads(results, "ratio", "ns", windows), "windows_pollers": pollers(results, "windows_")}
    with open(TEMPLATE, encoding="utf-8") as file:
        page = file.read()
    for name, text in parts.items():
        page = page.replace("{" + name + "}", text)
    return {DOCS + "/performance.md": page, **plots(results)}
