"""Sizes in bytes, and the instructions of a program's start."""
import os
import resource
import shutil
import subprocess

import counts

SOURCES = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def of_sockets(programs):
    """sizeof(ps_sock), and what a connected socket takes of the heap besides."""
    size, heap = subprocess.run([programs + "/sizes"], check=True, capture_output=True, text=True).stdout.split()
    return {"ps_sock": int(size), "heap of a socket": float(heap)}


def of_poller_entry(programs):
    """What one of a thousand registered sockets takes of the heap."""
    line = subprocess.run([programs + "/poller", "ps_poller", "1000", "1", "100"], check=True, capture_output=True, text=True)
    return float(line.stdout.split()[2])


def start_above_raw(programs):
    """Instructions that a position-independent echo server takes to start, above one that uses the system's calls. The
    two are those of tests/size."""
    portsock, raw = (counts.instructions([programs + "/" + name]) for name in ("start_portsock", "start_raw"))
    return portsock - raw


def of_static_echo_server(build):
    """A static and stripped program with musl's C library; None without musl's compiler."""
    if not shutil.which("musl-gcc"):
        return None
    musl = os.path.join(build, "bench-musl")
    options = [f"-DPORTSOCK_{part}=OFF" for part in ("TESTS", "TOOLS", "EXAMPLES", "BENCH", "CAPTURE")]
    for command in (["cmake", "-S", SOURCES, "-B", musl, "-G", "Ninja", "-DCMAKE_BUILD_TYPE=RelWithDebInfo",
                     "--toolchain", SOURCES + "/cmake/linux-musl.cmake", *options],
                    ["cmake", "--build", musl, "--target", "portsock"],
                    ["musl-gcc", "-O2", "-static", "-s", "-Wl,--gc-sections", "-I" + SOURCES + "/include",
                     SOURCES + "/tests/size/echo_server.c", musl + "/libportsock.a", "-o", musl + "/echo_server"]):
        subprocess.run(command, check=True, capture_output=True)
    return os.path.getsize(musl + "/echo_server")


def resident(command, timeout, pairs):
    return int(subprocess.run([*command, "hold", timeout, str(pairs)], check=True, capture_output=True, text=True).stdout)


def of_peers(columns):
    """{column: bytes of memory of a socket}: the mean of connecting and accepted ones that all stay."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    pairs = min(2000, most // 8)
    return {column: (resident(*program, 3 * pairs) - resident(*program, pairs)) / (4 * pairs)
            for column, program in columns.items()}


def measured(build):
    programs = build + "/bin"
    result = of_sockets(programs)
    result["poller entry"] = of_poller_entry(programs)
    result["start"] = start_above_raw(programs)
    result["static echo server"] = of_static_echo_server(build)
    return {name: value for name, value in result.items() if value is not None}
