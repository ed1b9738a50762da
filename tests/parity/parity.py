#!/usr/bin/env python3
"""Makes docs/parity.md from what the tests said, or compares it with that.

usage: parity.py LOGS (--write | --check)

LOGS is the folder with the results of tests/run.sh: PRESET.results, with "passed NAME", "failed NAME" or "skipped NAME" a
line. The rows are those of rows.txt, rows-posix.txt (the reference) and traps.txt (the differences between the systems).
With --check the exit status is 1 when the table differs from the committed one, or when a row is red: no test of it passed
anywhere, or one failed.
"""
import difflib
import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent
TABLE = HERE.parent.parent / "docs" / "parity.md"

# Title, and the results that it is made of: of the run, or recorded in this folder.
COLUMNS = [
    ("Linux", ["linux-gcc", "examples"]),
    ("musl", ["linux-musl"]),
    ("big-endian", ["linux-s390x"]),
    ("Windows x86_64", ["mingw-x86_64", "examples"]),
    ("Windows i686", ["mingw-i686"]),
    ("TIPC guest", ["guest"]),
]
RECORDED = {"mingw-i686"}
HEAD = """# Parity

What each system answered, row by row. The table is made by `tests/parity/parity.py` from the results of `tests/run.sh`,
which fails when it differs from this file; `tests/run.sh` writes what it found to `build/logs/parity.md`.

- **ok**: every test of the row that this system has passed. **ok 2/3**: so did those two of the row's three tests that it
  has; the third is about another system. **-**: the tests of the row are not for this system.
- `fake.` tests play a scripted system, which answers as Windows or BSD does where neither Linux nor Wine can.
- **skipped**: the system lacks what the test is about, and says so. **RED**: a test failed, or none passed anywhere.
- Linux is Debian 12 with glibc; musl is the same machine with musl's C library; big-endian is s390x under QEMU's user
  emulation; Windows is Wine 8, never a real Windows; the guest is a kernel of Debian's with TIPC, in QEMU. The column of
  32-bit Windows is recorded (`tests/run.sh --wine32`), since it needs a second Debian.
"""


def read_results(logs, name):
    path = (HERE if name in RECORDED else logs) / (name + ".results")
    results = {}
    if path.exists():
        for line in path.read_text(encoding="utf-8").splitlines():
            result, test = line.split()[:2]
            results[test] = result
    return results


def read_rows(*names):
    for name in names:
        for line in (HERE / name).read_text(encoding="utf-8").splitlines():
            if line.strip() and not line.startswith("#"):
                yield [field.strip() for field in line.split("|")]


REASONS = ("none:", "by-source:", "scripted:", "elsewhere:")


def reason_of(field):
    return field.startswith(REASONS)


def scripted_tests():
    """Trap: the tests of the scripted backend that show it."""
    tests = {}
    for line in (HERE.parent / "fake" / "traps.txt").read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            trap, *names = line.replace(",", " ").split()
            tests.setdefault(trap, []).extend(names)
    return tests


def names_of(field):
    return [] if reason_of(field) else [name.strip() for name in field.split(",") if name.strip()]


def cell(tests, results):
    found = [results[test] for test in tests if test in results]
    passed = found.count("passed")
    if "failed" in found:
        return "RED"
    if passed == 0:
        return "skipped" if found else "-"
    return "ok" if passed == len(tests) else f"ok {passed}/{len(tests)}"


def table(rows, columns, known, scripted):
    """The lines of a table, and the names of its red rows."""
    red = []
    lines = ["| row | promise | " + " | ".join(title for title, _ in columns) + " | tests |",
             "| --- | --- |" + " --- |" * (len(columns) + 1)]
    for row, promise, field, *more in rows:
        trap = more[0] if more else ""
        tests = names_of(field) + scripted.get(row, [])
        missing = [test for test in tests + names_of(trap) if test not in known]
        if missing:
            red.append(row + ": no such test: " + ", ".join(missing))
        if not tests:
            cells = [" "] * len(columns)
            shown = field
        else:
            cells = [cell(tests, results) for _, results in columns]
            shown = ", ".join(f"`{test}`" for test in tests) + ("; " + field if reason_of(field) else "")
            if "RED" in cells or not any(text.startswith("ok") for text in cells):
                red.append(row)
        if trap:
            shown += "; the trap itself: " + (trap if reason_of(trap) else ", ".join(f"`{test}`" for test in names_of(trap)))
        lines.append(f"| {row} | {promise} | " + " | ".join(cells) + f" | {shown} |")
    return lines, red


def main():
    logs, what = pathlib.Path(sys.argv[1]), sys.argv[2]
    every = {name: read_results(logs, name) for _, names in COLUMNS for name in names}
    columns = []
    for title, names in COLUMNS:
        results = {}
        for name in names:
            results.update(every[name])
        columns.append((title, results))
    known = {test for results in every.values() for test in results}

    reference = sorted(read_rows("rows.txt", "rows-posix.txt"))
    lines, red = table(reference, columns, known, {})
    trap_lines, trap_red = table(read_rows("traps.txt"), columns, known, scripted_tests())
    text = (HEAD + "\n## The reference\n\n" + "\n".join(lines) + "\n\n## The differences between the systems\n\n"
            + "\n".join(trap_lines) + "\n")

    (logs / "parity.md").write_text(text, encoding="utf-8")
    for row in red + trap_red:
        print("red:", row)
    if what == "--write":
        TABLE.write_text(text, encoding="utf-8")
        return 0
    committed = TABLE.read_text(encoding="utf-8") if TABLE.exists() else ""
    difference = list(difflib.unified_diff(committed.splitlines(), text.splitlines(), "docs/parity.md", "this run", "", "", 0, ""))
    print("\n".join(difference))
    return 1 if difference or red or trap_red else 0


if __name__ == "__main__":
    sys.exit(main())
