"""Reads the tags at the tests: which promises a test shows, and where it is skipped.

Directly above START_TEST, one comment a line:
    /* Rows: R021 R022. Traps: CON-16. Shows: SND-4. */
        Rows are promises of docs/promises.md, Traps those of docs/traps.md. A test that Shows a
        trap shows what the system itself does, with the system's own calls. Ends: lookup-token says
        that a test ends a lookup by a token, which is a cell of the table in docs/threads.md
        (tests/house/endings.sh).
    /* Skipped: linux unless sys_admin: WHY */
        where the test is skipped; unless the machine has that. WHY may be left out: the test prints
        it when it is skipped. A place is a platform (linux, windows), a preset, or a profile of
        tests/win32/behavior; several are separated by commas.
Anywhere else in the file, for all its tests:
    /* All skipped: linux unless sys_admin: WHY */
        a test's own Skipped for the same place takes its place, and
    /* Runs: linux-s390x */
        above a test takes it out.
A script that is a test, or runs one, says so in a comment, with the presets that have it, and has
the same tags below that:
    # Test: net.sniff on linux-gcc
"""
import pathlib
import re

HERE = pathlib.Path(__file__).resolve()
ROOT = HERE.parent.parent.parent
IDS = {"Rows": r"R\d{3}", "Traps": r"[A-Z]{3}-\d+", "Shows": r"[A-Z]{3}-\d+",
       "Ends": r"lookup-(?:deadline|token|hook)"}
PLACES = {"linux", "windows", "linux-gcc", "linux-musl", "linux-s390x", "linux-sanitize",
          "mingw-x86_64", "mingw-i686"}
# Windows as a version or a condition of it is documented.
PROFILES = set(re.findall(r'^PROFILE\("([^"]+)"',
                          (ROOT / "tests/win32/behavior/profiles.def").read_text(encoding="utf-8"),
                          re.M))
PLACES |= PROFILES
# What a machine may have; tests/run/judge.py finds out.
THINGS = {"ipv6", "net_admin", "net_raw", "other_user", "filters", "namespaces", "sys_admin", "tun"}

TAG = re.compile(r"(?:/\*|#|//) *"
                 r"((?:Rows|Traps|Shows|Ends|Skipped|All skipped|Runs|Test): .*?)(?: \*/)?")
SKIP = re.compile(r"([\w.-]+(?:, [\w.-]+)*)(?: unless (\w+))?(?:: .+)?")


class Fault(Exception):
    pass


class Test:
    """One test: its name, where it stands, the ids of its promises, and "place: thing or None" of
    its skips.
    """

    def __init__(self, name, path, presets=None):
        self.name = name
        self.path = path
        self.presets = presets  # of a script; None: the directory says it
        self.ids = {key: [] for key in IDS}
        self.skips = {}
        self.runs = set()

    def take(self, key, value):
        if key == "Skipped":
            self.skips.update(skips_of(value))
        elif key == "Runs":
            self.runs |= set(skips_of(value))
        else:
            self.ids[key] += ids_of(key, value)

    def skipped(self, places, has):
        """Whether the test must be skipped there; `has` says whether the machine has a thing."""
        return any(self.skips[place] is None or not has(self.skips[place])
                   for place in places if place in self.skips)


def ids_of(key, value):
    ids = value.rstrip(".").split(" ")
    for one in ids:
        if not re.fullmatch(IDS[key], one):
            raise Fault(f"{key}: {one!r} is no id")
    return ids


def skips_of(value):
    match = SKIP.fullmatch(value)
    if not match:
        raise Fault(f"{value!r} does not say where")
    places = match[1].split(", ")
    strangers = set(places) - PLACES | ({match[2]} if match[2] else set()) - THINGS
    if strangers:
        raise Fault("unknown: " + ", ".join(sorted(strangers)))
    return {place: match[2] for place in places}


def pairs_of(tag):
    """The keys and values of one comment: ids of several kinds may stand in one."""
    if tag.startswith(tuple(IDS)):
        for part in re.split(r"\. (?=[A-Z][a-z]+: )", tag):
            key, value = part.split(": ", 1)
            if key not in IDS:
                raise Fault(f"{key} stands in a comment of its own")
            yield key, value
    else:
        yield tag.split(": ", 1)


def name_of(path, test):
    prefix = "fake" if path.relative_to(ROOT).parts[1] == "fake" else path.stem
    return f"{prefix}.{test}"


def read_source(path, tests, fault):
    """The tests of a C file."""
    text = path.read_text(encoding="utf-8")
    here = {name: Test(name_of(path, name), path)
            for name in re.findall(r"^[ \t]*ADD_TEST_CASE\(suite, (\w+)\);", text, re.M)}
    everyone, waiting = {}, []
    for number, line in enumerate(text.splitlines(), 1):
        start = re.match(r"START_TEST\((\w+)\)", line)
        tag = TAG.fullmatch(line)
        try:
            if tag:
                for key, value in pairs_of(tag[1]):
                    if key == "Test":
                        raise Fault("only a script says which test it is")
                    if key == "All skipped":
                        everyone.update(skips_of(value))
                    else:
                        waiting.append((key, value))
                continue
            if waiting and (not start or start[1] not in here):
                raise Fault("the tag above is on something that is no test")
            for key, value in waiting:
                here[start[1]].take(key, value)
        except Fault as error:
            fault(path, number, error)
        waiting = []
    if waiting:
        fault(path, number, "the last tag is on something that is no test")
    for test in here.values():
        unknown = test.runs - set(everyone)
        if unknown:
            places = ", ".join(unknown)
            fault(path, 1, f"{test.name} runs where no test of the file is skipped: {places}")
        inherited = {place: thing for place, thing in everyone.items() if place not in test.runs}
        test.skips = {**inherited, **test.skips}
        tests[test.name] = test


def read_script(path, tests, fault):
    """The test that a script is, if it says so."""
    test = None
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        tag = TAG.fullmatch(line)
        try:
            if tag and tag[1].startswith("Test: "):
                match = re.fullmatch(r"Test: ([\w-]+\.[\w-]+) on ([\w-]+(?:, [\w-]+)*)", tag[1])
                if not match:
                    raise Fault("Test: NAME on PRESET, ...")
                test = Test(match[1], path, set(match[2].split(", ")))
                tests[test.name] = test
            elif tag:
                if test is None:
                    raise Fault("a tag in a script that does not say which test it is")
                for key, value in pairs_of(tag[1]):
                    test.take(key, value)
        except Fault as error:
            fault(path, number, error)


def read_header(path, fault):
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if TAG.fullmatch(line):
            fault(path, number, "a tag on something that is no test")


def read(root=ROOT):
    """(name: Test, lines that say what is wrong)"""
    tests, faults = {}, []

    def fault(path, number, text):
        faults.append(f"{path.relative_to(root)}:{number}: {text}")

    for directory in ("tests", "examples", "tools", "bench"):
        for path in sorted((root / directory).rglob("*")):
            if path.suffix == ".c" and directory == "tests":
                read_source(path, tests, fault)
            elif path.suffix in (".h", ".c", ".cpp"):
                read_header(path, fault)
            elif path.suffix in (".sh", ".py") and path != HERE:
                read_script(path, tests, fault)
    return tests, faults
