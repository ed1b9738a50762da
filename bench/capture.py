#!/usr/bin/env python3
"""Measures captures, AF_PACKET's own calls, libpcap and tcpdump. Needs root, iproute2 and
util-linux.

usage: capture.py PROGRAM [--seconds S] [--rounds N] [--network lo|veth] [--check]

Everything runs in network namespaces made for it. Each round runs every way at every load in turn,
so that other work of the machine affects all of them alike; the median of the rounds is printed.
The sender has one processor, the capture another. CPU is that of the capturing process since it
started to capture, per packet that was sent; of tcpdump what it takes without any packet is
subtracted. --check: the exit status is 0 if portsock took no more CPU and dropped no more than
libpcap.
"""
import argparse
import os
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import time

LOADS = [50000, 200000, 0]
WAYS = ["portsock", "pcap", "recvfrom", "recvmmsg", "portsock-immediate", "pcap-immediate", "tcpdump"]


def run(command):
    subprocess.run(command, shell=True, check=True)


def last_processor():
    return max(os.sched_getaffinity(0))


def first_processor():
    return min(os.sched_getaffinity(0))


class Network:
    """lo: this namespace's loopback. veth: the sender is in a second namespace."""

    def __init__(self, kind):
        run("ip link set lo up")
        self.prefix, self.holder = [], None
        self.interface, self.address = "lo", "127.0.0.1"
        # A port that is open, so that nobody answers; nobody reads, so that nothing is woken up.
        self.sink = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.sink.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
        self.sink.bind(("", 7005))
        if kind == "veth":
            self.holder = subprocess.Popen(["unshare", "-n", "sleep", "86400"])
            time.sleep(0.5)
            pid = self.holder.pid
            self.prefix = ["nsenter", "-t", str(pid), "-n"]
            self.interface, self.address = "one", "192.0.2.1"
            run("ip link add one type veth peer name other")
            run("ip address add 192.0.2.1/24 dev one && ip link set one up")
            run(f"ip link set other netns {pid}")
            run(" ".join(self.prefix) + " sh -c 'ip address add 192.0.2.2/24 dev other && ip link set other up'")

    def close(self):
        if self.holder:
            self.holder.kill()
            self.holder.wait()


def sniffer(program, way, interface):
    if way == "tcpdump":
        command = ["tcpdump", "-i", interface, "-n", "-B", "8192", "-w", "/dev/null", "udp dst port 7005"]
        child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        line = child.stderr.readline()
        while line and "listening on" not in line:
            line = child.stderr.readline()
        return child
    child = subprocess.Popen([program, "sniff", way, interface], stdout=subprocess.PIPE, text=True)
    if child.stdout.readline() != "ready\n":
        raise SystemExit(f"{way} does not start")
    return child


def end_of_tcpdump(child):
    """Its own counts, and the system's of its time."""
    text = child.stderr.read()
    _, _, usage = os.wait4(child.pid, 0)
    child.returncode = 0
    counts = [line.split(" ", 1) for line in text.splitlines() if line[:1].isdigit()]
    packets = next((int(number) for number, what in counts if "captured" in what), 0)
    drops = next((int(number) for number, what in counts if "dropped by kernel" in what), 0)
    return packets, drops, (usage.ru_utime + usage.ru_stime) * 1e9


def measure(program, way, network, rate, seconds):
    """Sent, seen, dropped, nanoseconds of CPU."""
    child = sniffer(program, way, network.interface)
    os.sched_setaffinity(child.pid, {last_processor()})
    time.sleep(0.1)
    sent = 0
    if seconds > 0:
        command = network.prefix + ["taskset", "-c", str(first_processor())]
        command += [program, "send", network.address, str(rate), str(seconds)]
        sent = int(subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout)
    time.sleep(0.3)
    child.send_signal(signal.SIGINT)
    if way == "tcpdump":
        return (sent, *end_of_tcpdump(child))
    seen, dropped, cpu = child.communicate()[0].split()
    return sent, int(seen), int(dropped), float(cpu)


def available(program):
    ways = subprocess.run([program, "ways"], stdout=subprocess.PIPE, text=True, check=True).stdout.split()
    return ways + ["tcpdump"] if shutil.which("tcpdump") else ways


def table(results, loads, ways):
    print(f"{'':20}" + "".join(f"{'flat out' if load == 0 else f'{load // 1000}k/s':>34}" for load in loads))
    print(f"{'':20}" + f"{'sent k/s':>12}{'CPU ns/packet':>14}{'drops':>8}" * len(loads))
    for way in ways:
        line = f"{way:20}"
        for load in loads:
            rate, cpu, drops = results[way, load]
            line += f"{rate / 1000:12.0f}{cpu:14.1f}{drops:8.2%}"
        print(line)


def judge(results, loads):
    """No more CPU and no more drops than libpcap, within the resolution of one in twenty."""
    good = True
    for load in loads:
        (_, own, own_drops), (_, other, other_drops) = results["portsock", load], results["pcap", load]
        if own > other * 1.05 or own_drops > other_drops + 0.001:
            print(f"worse than libpcap at {load or 'flat out'}: {own:.1f} and {other:.1f} ns, "
                  f"{own_drops:.2%} and {other_drops:.2%}")
            good = False
    return good


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("--seconds", type=float, default=2)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--network", choices=["lo", "veth"], default="lo")
    parser.add_argument("--ways", nargs="+", default=WAYS)
    parser.add_argument("--loads", nargs="+", type=int, default=LOADS)
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if not arguments.inside:
        os.execvp("unshare", ["unshare", "-n", sys.executable, *sys.argv, "--inside"])
    program = os.path.abspath(arguments.program)
    there = available(program)
    ways = [way for way in arguments.ways if way in there]
    network = Network(arguments.network)
    try:
        idle = measure(program, "tcpdump", network, 0, 0)[3] if "tcpdump" in ways else 0
        rows = {(way, load): [] for way in ways for load in arguments.loads}
        for _ in range(arguments.rounds):
            for load in arguments.loads:
                for way in ways:
                    sent, seen, dropped, cpu = measure(program, way, network, load, arguments.seconds)
                    if seen + dropped < sent * 0.99:
                        print(f"{way}: sent {sent}, seen {seen}, dropped {dropped}", file=sys.stderr)
                    cpu -= idle if way == "tcpdump" else 0
                    rows[way, load].append((sent / arguments.seconds, cpu / sent, 1 - min(seen, sent) / sent))
    finally:
        network.close()
    results = {key: tuple(statistics.median(column) for column in zip(*row)) for key, row in rows.items()}
    table(results, arguments.loads, ways)
    if arguments.check and "pcap" in ways and not judge(results, arguments.loads):
        sys.exit(1)


if __name__ == "__main__":
    main()
