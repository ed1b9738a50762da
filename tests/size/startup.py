#!/usr/bin/env python3
"""Counts the user instructions from a program's first one to its end (callgrind), above those of another program.

usage: startup.py PROGRAM OTHER LIMIT
"""
import re
import subprocess
import sys


def instructions(program):
    run = subprocess.run(
        ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", program],
        capture_output=True, text=True, check=True)
    return int(re.search(r"Collected : (\d+)", run.stderr)[1])


def main():
    program, other, limit = sys.argv[1], sys.argv[2], int(sys.argv[3])
    above = instructions(program) - instructions(other)
    print(f"{above} instructions above {other}, at most {limit}")
    return above > limit


if __name__ == "__main__":
    sys.exit(main())
