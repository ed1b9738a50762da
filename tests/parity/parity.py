#!/usr/bin/env python3
"""Makes a table of what each system answered, row by row, and checks that each answered what it must.

usage: parity.py LOGS

LOGS is the folder with the results of tests/run.sh: PRESET.results, with "passed NAME", "failed NAME" or "skipped NAME" a
line. The rows are those of rows.txt, rows-posix.txt (the reference) and traps.txt (the differences between the systems).
The table is written to LOGS/parity.md. The exit status is 1, and a line says why, when a test of a row does not exist, has
failed, has no result on a system that MUST_ANSWER or SCRIPTS names for it, or has one on another; and when no test of a row
has passed anywhere. A skip is a result: tests/run.sh holds each against tests/expected-skips.
"""
import pathlib
import re
import sys

HERE = pathlib.Path(__file__).resolve().parent
TESTS = HERE.parent

# Title, and the results that it is made of.
COLUMNS = {
    "Linux": ["linux-gcc", "examples"],
    "musl": ["linux-musl"],
    "big-endian": ["linux-s390x"],
    "Windows x86_64": ["mingw-x86_64", "examples"],
    "Windows i686": ["mingw-i686"],
    "TIPC guest": ["guest"],
}
# Its programs run with tests/run.sh --wine32 only.
OPTIONAL = "Windows i686"

# The systems that run the tests of a folder.
MUST_ANSWER = {
    "capture": {"Linux", "musl", "big-endian", "Windows x86_64", "Windows i686"},
    "conformance": {"Linux", "musl", "big-endian", "Windows x86_64", "Windows i686"},
    "fake": {"Linux", "musl", "big-endian", "Windows x86_64", "Windows i686"},
    "internal": {"Linux", "musl", "big-endian", "Windows x86_64", "Windows i686"},
    "net": {"Linux", "Windows x86_64"},
    "posix": {"Linux", "musl", "big-endian"},
    "raw": {"Linux", "Windows x86_64", "Windows i686"},
    "tipc": {"TIPC guest"},
    "win32": {"Windows x86_64", "Windows i686"},
}
# The same of tests that are scripts.
SCRIPTS = {
    "bench.counts": {"Linux"},
    "examples.echo": {"Linux", "Windows x86_64"},
    "net.sniff": {"Linux"},
    "rcvall.rules": {"Windows x86_64"},
    "rcvall.sniff": {"Windows x86_64"},
}
HEAD = """# Parity

What each system answered, row by row, in this run of `tests/run.sh`.

- **ok**: every test of the row that this system has passed. **ok 2/3**: so did those two of the row's three tests that it
  has; the third is about another system. **-**: the tests of the row are not for this system.
- `fake.` tests play a scripted system, which answers as Windows or BSD does where neither Linux nor Wine can.
- **skipped**: the system lacks what the test is about, and says so. **RED**: a test failed, or none passed anywhere.
- Linux is Debian 12 with glibc; musl is the same machine with musl's C library; big-endian is s390x under QEMU's user
  emulation; Windows is Wine 8, never a real Windows; the guest is a kernel of Debian's with TIPC, in QEMU. 32-bit Windows
  runs with `--wine32` only, since it needs a second Debian.
"""

# ---- what was run --------------------------------------------------------------------------------------------


def read_results(logs, name):
    path = logs / (name + ".results")
    if not path.exists():
        return {}
    lines = path.read_text(encoding="utf-8").splitlines()
    return {test: result for result, test, *_ in map(str.split, lines)}


def read_columns(logs):
    """Title: the results of its tests."""
    columns = {}
    for title, names in COLUMNS.items():
        columns[title] = {}
        for name in names:
            columns[title].update(read_results(logs, name))
    return columns


def folders_of_tests():
    """Test: the folder that its file stands in."""
    folders = {}
    for path in TESTS.rglob("*.c"):
        folder = path.parent.relative_to(TESTS).as_posix()
        prefix = "fake" if folder == "fake" else path.stem
        for name in re.findall(r"^[ \t]*ADD_TEST_CASE\(suite, (\w+)\);", path.read_text(encoding="utf-8"), re.M):
            folders[prefix + "." + name] = folder
    return folders


class Systems:
    """Which systems must answer for a test."""

    def __init__(self, columns):
        self.folders = folders_of_tests()
        ran_optional = any(self.folders.get(test) == "conformance" for test in columns[OPTIONAL])
        self.absent = set() if ran_optional else {OPTIONAL}

    def of(self, test):
        """None: there is no such test."""
        systems = SCRIPTS.get(test) or MUST_ANSWER.get(self.folders.get(test))
        return systems and systems - self.absent


# ---- the rows ------------------------------------------------------------------------------------------------


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
    for line in (TESTS / "fake" / "traps.txt").read_text(encoding="utf-8").splitlines():
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


def faults_of_test(test, columns, systems):
    must = systems.of(test)
    if must is None:
        yield "no such test: " + test
        return
    for title, results in columns.items():
        result = results.get(test)
        if result == "failed":
            yield f"{title}: {test} failed"
        elif (result is None) == (title in must):
            yield f"{title}: {test} {'has no result' if title in must else 'is not for this system, and has a result'}"


def table(rows, columns, systems, scripted):
    """The lines of a table, and what is wrong with its rows."""
    faults = []
    lines = ["| row | promise | " + " | ".join(columns) + " | tests |", "| --- | --- |" + " --- |" * (len(columns) + 1)]
    for row, promise, field, *more in rows:
        trap = more[0] if more else ""
        tests = names_of(field) + scripted.get(row, [])
        for test in tests + names_of(trap):
            faults += [f"{row}: {fault}" for fault in faults_of_test(test, columns, systems)]
        if not tests:
            cells = [" "] * len(columns)
            shown = field
        else:
            cells = [cell(tests, results) for results in columns.values()]
            shown = ", ".join(f"`{test}`" for test in tests) + ("; " + field if reason_of(field) else "")
            if not any(text.startswith("ok") for text in cells):
                faults.append(row + ": no test passed anywhere")
        if trap:
            shown += "; the trap itself: " + (trap if reason_of(trap) else ", ".join(f"`{test}`" for test in names_of(trap)))
        lines.append(f"| {row} | {promise} | " + " | ".join(cells) + f" | {shown} |")
    return lines, faults


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__.split("\n\n")[1])
    logs = pathlib.Path(sys.argv[1])
    columns = read_columns(logs)
    systems = Systems(columns)

    reference = sorted(read_rows("rows.txt", "rows-posix.txt"))
    lines, faults = table(reference, columns, systems, {})
    trap_lines, trap_faults = table(read_rows("traps.txt"), columns, systems, scripted_tests())
    text = (HEAD + "\n## The reference\n\n" + "\n".join(lines) + "\n\n## The differences between the systems\n\n"
            + "\n".join(trap_lines) + "\n")
    (logs / "parity.md").write_text(text, encoding="utf-8")
    print("\n".join(faults + trap_faults))
    return 1 if faults or trap_faults else 0


if __name__ == "__main__":
    sys.exit(main())
