"""Reads the promises: docs/promises.md (Python 2.7's page) and docs/traps.md (the differences
between the systems).
"""
import re

import tags

REASONS = ("none: ", "by-source: ", "elsewhere: ")
TRAP_GROUPS = ("LIF", "ADR", "RES", "CON", "SND", "TMO", "ERR", "OPT", "DSC", "RAW", "UNX", "NTL",
               "THR")


class Promise:
    """One row. `reason` says why no test shows it, `bare_reason` why no test shows the trap with
    the system's own calls.
    """

    def __init__(self, cells):
        self.id = cells[0]
        self.is_trap = not self.id.startswith("R") or "-" in self.id
        self.reason = cells[-2] if self.is_trap else cells[-1]
        self.bare_reason = cells[-1] if self.is_trap else ""
        self.text = f"{cells[1]}: {cells[2]}" if self.is_trap else cells[1]


def read_table(name, columns):
    for line in (tags.ROOT / "docs" / name).read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if re.match(r"\| [A-Z]+-?\d+ \|", line):
            if len(cells) != columns:
                raise SystemExit(f"docs/{name}: {cells[0]} has {len(cells)} cells, not {columns}")
            yield Promise(cells)


def read():
    """The promises of Python's page, and the traps."""
    return list(read_table("promises.md", 3)), list(read_table("traps.md", 6))


def order_faults(rows, traps):
    """Each promise is there once, in order; in a group of traps none is missing."""
    ids = [row.id for row in rows]
    if ids != sorted(set(ids)):
        yield "docs/promises.md: rows that are there twice, or out of order"
    count = {}
    for trap in traps:
        group, number = trap.id.split("-")
        count[group] = count.get(group, 0) + 1
        if int(number) != count[group]:
            yield f"docs/traps.md: {trap.id} is out of order, or there twice"
    if tuple(count) != TRAP_GROUPS:
        yield "docs/traps.md: groups that are missing, unknown, or out of order"


def reason_faults(promise, reason, tests, what):
    if reason and not reason.startswith(REASONS):
        yield f"{promise.id}: {reason!r} does not begin with one of: " + ", ".join(REASONS)
    if bool(reason) == bool(tests):
        rest = "and a reason why none does" if tests else "and no reason why"
        yield f"{promise.id}: {what}, {rest}"


def faults(rows, traps, tests):
    """What is wrong between the promises and the tags of the tests."""
    yield from order_faults(rows, traps)
    shown = {}
    for test in tests.values():
        for key in ("Rows", "Traps", "Shows"):
            for one in test.ids[key]:
                shown.setdefault((key, one), []).append(test.name)
    known = {("Rows", row.id) for row in rows}
    known |= {(key, trap.id) for trap in traps for key in ("Traps", "Shows")}
    for key, one in sorted(set(shown) - known):
        yield f"{one}: no such promise, in the tag of " + ", ".join(shown[key, one])
    for promise in rows + traps:
        tagged = shown.get(("Traps" if promise.is_trap else "Rows", promise.id))
        yield from reason_faults(promise, promise.reason, tagged,
                                 "a test shows it" if tagged else "no test shows it")
        if promise.is_trap:
            bare = shown.get(("Shows", promise.id))
            yield from reason_faults(promise, promise.bare_reason, bare,
                                     "a test shows the trap" if bare else "no test shows the trap")


def prose_faults(tests):
    """Tests that the documentation names must be there."""
    files = {name.split(".")[0] for name in tests}
    for path in [tags.ROOT / "README.md", *sorted((tags.ROOT / "docs").glob("*.md"))]:
        text = path.read_text(encoding="utf-8")
        for name in re.findall(r"\b([a-z]\w*\.[a-z0-9]+(?:_[a-z0-9]+)+)\b(?!\()", text):
            if name.split(".")[0] in files and name not in tests:
                yield f"{path.relative_to(tags.ROOT)}: there is no test {name}"
