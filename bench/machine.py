"""What a measurement was made on: the machine, the compiler, and the versions of the peers."""
import os
import platform
import re
import subprocess


def output(*command):
    try:
        done = subprocess.run(command, check=True, capture_output=True, text=True)
    except (OSError, subprocess.CalledProcessError):
        return ""
    return (done.stdout or done.stderr).strip()


def first_match(path, pattern):
    try:
        with open(path, encoding="utf-8") as file:
            found = re.search(pattern, file.read(), re.M)
    except OSError:
        return ""
    return found.group(1).strip() if found else ""


def describe():
    """Rows of a table; nothing in it names the machine or its user."""
    memory = int(first_match("/proc/meminfo", r"^MemTotal: *(\d+)") or 0) / 2**20
    virtual = output("systemd-detect-virt", "--vm")
    load = " ".join(f"{number:.1f}" for number in os.getloadavg())
    return {
        "processor": first_match("/proc/cpuinfo", r"^model name\s*: (.*)$") or platform.machine(),
        "processors": str(os.cpu_count()) + (f", of a virtual machine ({virtual})" if virtual not in ("", "none") else ""),
        "memory": f"{memory:.0f} GiB",
        "system": first_match("/etc/os-release", r'^PRETTY_NAME="?([^"\n]*)') + ", Linux " + platform.release(),
        "C library, compiler": ", ".join([" ".join(platform.libc_ver()), output("gcc", "--version").split("\n")[0]]),
        "load before": load,
    }
