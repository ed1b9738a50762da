#!/usr/bin/env python3
"""Makes the results of a preset from what ctest wrote, and holds each skip against the tag at its
test.

usage: judge.py PRESET JUNIT TOGETHER RESULTS

JUNIT is the file of ctest --output-junit; TOGETHER the directory where entries of ctest that are
many tests (tests/support/together.sh) have left a file each. "PROFILE/NAME" is the test NAME under a
profile of tests/win32/behavior. RESULTS becomes a line for each
test: "passed NAME", "skipped NAME (WHY)" or "failed NAME (WHY)". A skip that no tag allows is a
failure, and so is a test that runs where its tag says that it is skipped. What the machine has
is what this program has: tests/run.sh starts it with the same privileges as the tests.
"""
import functools
import os
import pathlib
import re
import subprocess
import sys
import xml.etree.ElementTree

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tests" / "parity"))
sys.dont_write_bytecode = True
import tags  # noqa: E402

# ---- what the machine has ------------------------------------------------------------------------


def capability(bit):
    """Whether this process has that one of linux/capability.h."""
    status = pathlib.Path("/proc/self/status").read_text(encoding="ascii")
    return bool(int(re.search(r"^CapEff:\s*(\w+)", status, re.M)[1], 16) >> bit & 1)


def has_ipv6():
    try:
        addresses = pathlib.Path("/proc/net/if_inet6").read_text(encoding="ascii")
    except OSError:
        return False
    return re.search(r"^0{31}1 ", addresses, re.M) is not None


def may_attach_filters():
    command = [sys.executable, ROOT / "tests" / "support" / "attach_filter.py"]
    return subprocess.run(command, stderr=subprocess.DEVNULL, check=False).returncode == 0


SETUID, NET_ADMIN, NET_RAW, SYS_ADMIN = 7, 12, 13, 21
THINGS = {
    "ipv6": has_ipv6,
    "net_admin": lambda: capability(NET_ADMIN),
    "net_raw": lambda: capability(NET_RAW),
    "other_user": lambda: os.getuid() != 0 or capability(SETUID),
    "filters": may_attach_filters,
    "namespaces": lambda: capability(NET_ADMIN) and capability(NET_RAW) and capability(SYS_ADMIN),
    "sys_admin": lambda: capability(SYS_ADMIN),
    "tun": lambda: capability(SYS_ADMIN) and pathlib.Path("/dev/net/tun").is_char_device(),
}
assert set(THINGS) == tags.THINGS


@functools.lru_cache(maxsize=None)
def machine_has(thing):
    return THINGS[thing]()


# ---- what ctest wrote ----------------------------------------------------------------------------


def result_of(case):
    """(result, why) of an entry of ctest."""
    skipped = case.find("skipped")
    if skipped is not None and skipped.get("message", "").startswith("SKIP_RETURN_CODE="):
        why = re.findall(r"^skipped: (.*?)\s*$", case.findtext("system-out", ""), re.M)
        return "skipped", f"({why[-1]})" if why else ""
    return ("passed" if case.get("status") == "run" else "failed"), ""


def results_of(junit, together):
    """(result, test, why) of every test."""
    for case in xml.etree.ElementTree.parse(junit).iter("testcase"):
        name = case.get("name")
        result, why = result_of(case)
        path = together / name
        lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
        for line in lines:
            yield (line.split(" ", 2) + [""])[:3]
        bad = any(line.startswith("failed ") for line in lines)
        if not lines or (result != "passed" and not bad):
            yield result, name, why


def judged(result, name, why, must_skip):
    if result == "skipped" and not must_skip:
        return f"failed {name} (was skipped, and no tag at the test says so) {why}"
    if result == "skipped" and not why:
        return f"failed {name} (was skipped, and did not say why)"
    if result == "passed" and must_skip:
        return f"failed {name} (was not skipped, as the tag at the test says)"
    return f"{result} {name} {why}".rstrip()


def main():
    if len(sys.argv) != 5:
        sys.exit(__doc__.split("\n\n")[1])
    preset, junit, together, results = sys.argv[1], *map(pathlib.Path, sys.argv[2:])
    platform = "windows" if preset.startswith(("mingw-", "windows-")) else "linux"
    tests, _ = tags.read()
    with results.open("w", encoding="utf-8") as out:
        for result, name, why in results_of(junit, together):
            profile, _, plain = name.rpartition("/")
            test = tests.get(plain)
            places = (platform, profile or preset)
            must_skip = test is not None and test.skipped(places, machine_has)
            print(judged(result, name, why, must_skip), file=out)


if __name__ == "__main__":
    main()
