"""Times: programs that print nanoseconds run in turn, and the medians and ratios of what they print."""
import contextlib
import os
import statistics
import subprocess
import sys
import time

NOT_OFFERED = 77
TIME_LIMIT = 120


class NotOffered(Exception):
    """The program says that it does not have what it was asked for."""


def enter_namespace():
    """Starts this program again in a network namespace of its own, where that is allowed."""
    if "BENCH_INSIDE" not in os.environ:
        os.environ["BENCH_INSIDE"] = "yes"
        for options in (["-n"], ["-Urn"]):
            if subprocess.run(["unshare", *options, "true"], capture_output=True, check=False).returncode == 0:
                os.execvp("unshare", ["unshare", *options, sys.executable, *sys.argv])
    else:
        subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
        # Connections that have ended would fill tables, which those that come later would search.
        for setting in ("tcp_max_tw_buckets=64", "ip_local_port_range=10000 65000"):
            subprocess.run(["sysctl", "-qw", "net.ipv4." + setting], capture_output=True, check=False)


@contextlib.contextmanager
def one_processor():
    """For this program and what it starts: what is measured is work, not the time of a wake-up."""
    everywhere = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {max(everywhere)})
    yield
    os.sched_setaffinity(0, everywhere)


def start_far_ends(program):
    """They run on the processor of what is timed."""
    with one_processor():
        child = subprocess.Popen([program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    if child.stdout.readline() != "ready\n":
        raise SystemExit("the far ends do not start: is another run in progress?")
    time.sleep(0.2)
    return child


def run(command, environment=None):
    done = subprocess.run(command, capture_output=True, text=True, timeout=TIME_LIMIT, check=False,
                          env={**os.environ, **(environment or {})})
    if done.returncode == NOT_OFFERED:
        raise NotOffered
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(command)}: status {done.returncode}\n{done.stderr}")
    return done.stdout


def numbers(row, column):
    return [float(number) for number in run(row.command(column, row.timed), row.environment).split()]


def timed(row, repeat):
    """{column: {ns, cpu, runs, ratio, cpu_ratio, low, high, bytes}}. Each round runs every column once, so that other work of
    the machine affects all of them alike; a ratio is the median of those of the rounds."""
    rounds = {column: [] for column in row.columns}
    with one_processor():
        for _ in range(repeat):
            for column in list(rounds):
                try:
                    rounds[column].append(numbers(row, column))
                except (RuntimeError, subprocess.TimeoutExpired) as problem:
                    print(f"{row.name}, {column} left out: {problem}", file=sys.stderr)
                    del rounds[column]
    return {column: summary(values, rounds.get(row.base_of(column), [])) for column, values in rounds.items()}


def summary(values, base):
    ratios = [value[0] / other[0] for value, other in zip(values, base) if other[0] > 0]
    cpu_ratios = [value[1] / other[1] for value, other in zip(values, base) if other[1] > 0]
    result = {"ns": statistics.median(value[0] for value in values),
              "cpu": statistics.median(value[1] for value in values), "runs": len(values)}
    if ratios:
        result.update(ratio=statistics.median(ratios), low=min(ratios), high=max(ratios))
    if cpu_ratios:
        result["cpu_ratio"] = statistics.median(cpu_ratios)
    if len(values[0]) > 2:
        result["bytes"] = statistics.median(value[2] for value in values)
    return result
