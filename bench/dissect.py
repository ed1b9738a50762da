#!/usr/bin/env python3
"""Counts and times what decoding a packet costs.

usage: dissect.py PROGRAM [--check]

PROGRAM is the built bench/dissect. For usual packets it prints the nanoseconds (the best of some
tries) and the instructions (callgrind; marginal, (run of 3N - run of N) / 2N) of decoding into the
struct and of writing the line. With --check nothing is timed, only some packets are counted, and
the exit status says whether the instructions are within the limits: they are the same on a busy
machine, and represent the goals of 60 ns into the struct and 400 ns into the line.
"""
import os
import re
import subprocess
import sys
import tempfile

PACKETS = ["udp", "tcp data", "tcp syn", "tcp sack", "vlan", "ipv6 tcp", "ipv6 udp", "icmp echo request",
           "icmpv6 echo request", "arp request", "icmpv6 port unreachable", "ipv6 chain of headers"]
CHECKED = ["udp", "tcp sack", "ipv6 chain of headers"]  # the least and the most
LIMITS = {"decode": 700, "line": 2500}
COUNT = 1000


def run(command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def total_instructions(program, packet, what, count):
    with tempfile.TemporaryDirectory() as directory:
        out = os.path.join(directory, "callgrind.out")
        run(["valgrind", "--tool=callgrind", "--callgrind-out-file=" + out, "-q", program, "--instructions", str(count),
             packet, what])
        with open(out, encoding="utf-8") as lines:
            return int(re.search(r"^(?:summary|totals): (\d+)", lines.read(), re.M).group(1))


def instructions(program, packet, what):
    few, many = (total_instructions(program, packet, what, count) for count in (COUNT, 3 * COUNT))
    return (many - few) / (2 * COUNT)


def times(program):
    rows = (line.split(",") for line in run([program]).splitlines())
    return {name: (float(decode), float(line)) for name, decode, line in rows}


def main(arguments):
    check = "--check" in arguments
    program = [a for a in arguments if not a.startswith("-")][0]
    timed = {} if check else times(program)
    good = True
    print("%-26s %8s %8s %8s %8s" % ("", "decode", "", "line", ""))
    print("%-26s %8s %8s %8s %8s" % ("packet", "ns", "instr", "ns", "instr"))
    for packet in CHECKED if check else PACKETS:
        counts = {what: instructions(program, packet, what) for what in LIMITS}
        good = good and all(counts[what] <= limit for what, limit in LIMITS.items())
        decode, line = ("%.1f" % ns for ns in timed[packet]) if timed else ("-", "-")
        print("%-26s %8s %8.0f %8s %8.0f" % (packet, decode, counts["decode"], line, counts["line"]))
    print("limits: %(decode)d instructions to decode, %(line)d for the line" % LIMITS)
    return 0 if good else 1


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1:]))
