"""Counts: system calls (strace) and user instructions (callgrind), which do not depend on time.

Both are marginal, (run of 3N - run of N) / 2N, so that what a program does at its start does not count.
"""
import collections
import re
import subprocess
import tempfile

TIME_LIMIT = 300


def system_calls(command, threads=("-f",)):
    with tempfile.NamedTemporaryFile(mode="r") as log:
        subprocess.run(["strace", *threads, "-o", log.name, *command], check=True, capture_output=True,
                       timeout=TIME_LIMIT)
        names = re.findall(r"^(?:\d+ +)?(\w+)\(", log.read(), re.M)
    return collections.Counter(names)


def instructions(command):
    done = subprocess.run(["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", *command], check=True,
                          capture_output=True, text=True, timeout=TIME_LIMIT)
    return int(re.search(r"Collected : (\d+)", done.stderr).group(1))


def marginal_instructions(command_for, count):
    return (instructions(command_for(3 * count)) - instructions(command_for(count))) / (2 * count)


def marginal_calls(command_for, count, threads=("-f",)):
    """{name: how many an operation}, without those of now and then."""
    many = system_calls(command_for(3 * count), threads)
    many.subtract(system_calls(command_for(count), threads))
    return {name: calls / (2 * count) for name, calls in sorted(many.items()) if calls > count / 10}


def transfer(program, workload, timeout, count):
    """What portsock does in a workload of bench/transfer.c, and what the system's calls alone do. The system calls are
    those of the caller's thread, since how threads meet differs from run to run."""
    def command_for(who):
        return lambda n: [program, workload, who, timeout, str(n)]
    calls = {who: marginal_calls(command_for(who), 50, threads=()) for who in ("raw", "portsock")}
    counted = {who: marginal_instructions(command_for(who), count) for who in ("raw", "portsock")}
    return {"raw_calls": round(sum(calls["raw"].values()), 2), "calls": round(sum(calls["portsock"].values()), 2),
            "above": round(counted["portsock"] - counted["raw"], 1), "names": calls["portsock"]}


def of_row(row, column):
    """{calls, instructions} of a column of a row."""
    def command_for(n):
        return row.command(column, n)
    calls = marginal_calls(command_for, row.counted)
    return {"calls": round(sum(calls.values()), 2),
            "instructions": round(marginal_instructions(command_for, row.counted), 1)}
