"""The peers: which of them this machine has, how their programs are called, and their versions."""
import os
import subprocess

import machine

HERE = os.path.dirname(os.path.abspath(__file__))
TIMEOUT = "5"
# In the order of the table's columns: the program's name behind "workload_", and the package that knows the version.
PROGRAMS = {"raw": ("raw", ""), "poll first": ("poll_first", ""), "portsock": ("portsock", ""), "libuv": ("libuv", "libuv"),
            "APR": ("apr", "apr-1"), "NSPR": ("nspr", "nspr"), "GIO": ("gio", "gio-2.0")}
INTERPRETERS = {"luasocket": ["lua5.4", HERE + "/peers/luasocket.lua"],
                "Python 2.7": [os.environ.get("PYTHON2", "python2.7"), HERE + "/peers/python.py"],
                "Python 3": [os.environ.get("PYTHON3", "python3"), HERE + "/peers/python.py"]}
# Also without a timeout.
BOTH = ["portsock"]
WITHOUT_TIMEOUT = ["raw"]


def works(command):
    try:
        return subprocess.run([*command, "nothing", "none", "1"], capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def commands(programs):
    """{peer: the beginning of its command line} of those that are there."""
    found = {}
    for name, (program, _) in PROGRAMS.items():
        path = f"{programs}/workload_{program}"
        if os.path.exists(path):
            found[name] = [path]
    found.update({name: command for name, command in INTERPRETERS.items() if works(command)})
    return found


def absent(found):
    return [name for name in (*PROGRAMS, *INTERPRETERS) if name not in found]


def columns(found):
    """{column: the peer's command line, with its timeout}; "T" stands for a timeout where there is one without."""
    result = {}
    for name, command in found.items():
        if name in WITHOUT_TIMEOUT or name in BOTH:
            result[name] = (command, "none")
        if name not in WITHOUT_TIMEOUT:
            result[name + " T" if name in BOTH else name] = (command, TIMEOUT)
    return result


def versions(found):
    result = {}
    for name, (_, package) in PROGRAMS.items():
        if name in found and package:
            result[name] = machine.output("pkg-config", "--modversion", package)
    for name in ("Python 2.7", "Python 3"):
        if name in found:
            result[name] = machine.output(INTERPRETERS[name][0], "--version").replace("Python ", "")
    if "luasocket" in found:
        result["luasocket"] = machine.output("lua5.4", "-e", "print(require('socket')._VERSION)").replace("LuaSocket ", "")
    return result
