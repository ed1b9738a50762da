#!/usr/bin/env python3
"""Counts and times portsock and the raw system calls, in one run.

usage: run.py PROGRAM [--check]

PROGRAM is the built bench/transfer. For each workload and mode it prints the system calls of one
operation (strace) and the user instructions that portsock adds to the raw calls (callgrind); both
are marginal, (run of 3N - run of N) / 2N, so that start-up does not count. Times are the median of
interleaved runs, as a ratio to raw. With --check nothing is timed, and the exit status says whether
the counts are within LIMITS.
"""
# Test: bench.counts on linux-gcc
# Rows: R086.
import collections
import os
import re
import statistics
import subprocess
import sys
import tempfile

WORKLOADS = ["stream", "datagram", "empty", "connect", "create", "sendall", "sendmany", "sendplain", "recvmany"]
MODES = {"stream": ["none", "5", "0"], "datagram": ["none", "5", "0"], "empty": ["0"],
         "connect": ["none", "5"], "create": ["none", "5", "0"], "sendall": ["none", "5"],
         "sendmany": ["none"], "sendplain": ["none"], "recvmany": ["none"]}
# Workload: system calls of one operation, at most; user instructions above raw, at most.
LIMITS = {"stream": (2, 65), "datagram": (2, 94), "empty": (1, 55), "connect": (6, 785), "create": (2, 146),
          "sendall": (2.1, 41), "sendmany": (2, 24500),
          "sendplain": (2, 14600), "recvmany": (2, 24500)}


def run(program, workload, who, timeout, count, prefix=()):
    command = list(prefix) + [program, workload, who, timeout, str(count)]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def system_calls(program, workload, who, timeout, count):
    with tempfile.NamedTemporaryFile(mode="r") as log:
        run(program, workload, who, timeout, count, ["strace", "-o", log.name])
        names = re.findall(r"^(\w+)\(", log.read(), re.M)
    return collections.Counter(names)


def instructions(program, workload, who, timeout, count):
    with tempfile.TemporaryDirectory() as directory:
        out = os.path.join(directory, "callgrind.out")
        run(program, workload, who, timeout, count,
            ["valgrind", "--tool=callgrind", "--callgrind-out-file=" + out, "-q"])
        with open(out, encoding="utf-8") as lines:
            return int(re.search(r"^(?:summary|totals): (\d+)", lines.read(), re.M).group(1))


def marginal(measure, *args, count):
    few = measure(*args, count)
    many = measure(*args, 3 * count)
    if isinstance(few, int):
        return (many - few) / (2 * count)
    many.subtract(few)
    return {name: calls / (2 * count) for name, calls in many.items() if calls > count / 10}


def time_ratio(program, workload, timeout):
    count = "20000" if workload in ("connect", "create", "sendall") else "100000"
    times = {"raw": [], "portsock": []}
    for _ in range(7):
        for who, values in times.items():
            values.append(float(run(program, workload, who, timeout, count)))
    raw = statistics.median(times["raw"])
    return raw, statistics.median(times["portsock"]) / raw


def main():
    program, check = sys.argv[1], "--check" in sys.argv[2:]
    good = True
    header = f"{'workload':10} {'timeout':>7}  {'calls raw':>9} {'calls':>6} {'instructions above raw':>23}"
    print(header if check else header + f" {'raw ns':>8} {'x raw':>6}")
    for workload in WORKLOADS:
        for timeout in MODES[workload]:
            calls = {who: marginal(system_calls, program, workload, who, timeout, count=50)
                     for who in ("raw", "portsock")}
            above = (marginal(instructions, program, workload, "portsock", timeout, count=500)
                     - marginal(instructions, program, workload, "raw", timeout, count=500))
            total = {who: sum(values.values()) for who, values in calls.items()}
            line = f"{workload:10} {timeout:>7}  {total['raw']:9.2f} {total['portsock']:6.2f} {above:23.1f}"
            if not check:
                raw, ratio = time_ratio(program, workload, timeout)
                line += f" {raw:8.0f} {ratio:6.2f}"
            most_calls, most_instructions = LIMITS[workload]
            if total["portsock"] > most_calls + 0.05 or above > most_instructions:
                good = False
                line += f"   over the limit ({most_calls} calls, {most_instructions} instructions): {calls['portsock']}"
            print(line, flush=True)
    return 0 if good or not check else 1


if __name__ == "__main__":
    sys.exit(main())
