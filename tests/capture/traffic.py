#!/usr/bin/env python3
"""Makes packets of many kinds on the loopback interface of a new network namespace, and has tcpdump capture them.

usage: traffic.py FILE       in a namespace of its own
"""
import fcntl
import signal
import socket
import struct
import subprocess
import sys
import time


def switch_on(name, mtu):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        fcntl.ioctl(s, 0x8922, struct.pack("16si12x", name, mtu))  # SIOCSIFMTU
        fcntl.ioctl(s, 0x8914, struct.pack("16sh14x", name, 0x49))  # SIOCSIFFLAGS: up, loopback, running


def tcp(family, host):
    with socket.socket(family) as listener, socket.socket(family) as client:
        listener.bind((host, 0))
        listener.listen(1)
        client.connect(listener.getsockname())
        server = listener.accept()[0]
        for size in (1, 100, 1400, 5000):
            client.sendall(bytes(size))
            while size > 0:
                size -= len(server.recv(size))
        server.send(b"!", socket.MSG_OOB)
        client.recv(1, socket.MSG_OOB)
        server.close()
    with socket.socket(family) as refused:
        refused.connect_ex((host, 9))


def udp(family, host):
    with socket.socket(family, socket.SOCK_DGRAM) as receiver, socket.socket(family, socket.SOCK_DGRAM) as sender:
        receiver.bind((host, 0))
        sender.bind((host, 0))
        for size in (0, 1, 1000, 3000):  # the last in fragments
            sender.sendto(bytes(size), receiver.getsockname())
        sender.sendto(b"nobody", (host, 7))


def echo(family, protocol, host, kind):
    message = struct.pack("!BBHHH", kind, 0, 0, 1, 2) + bytes(range(48))
    if family == socket.AF_INET:
        words = struct.unpack("!%dH" % (len(message) // 2), message)
        total = sum(words)
        total = (total & 0xffff) + (total >> 16)
        message = message[:2] + struct.pack("!H", ~(total + (total >> 16)) & 0xffff) + message[4:]
    with socket.socket(family, socket.SOCK_RAW, protocol) as s:
        s.sendto(message, (host, 0))


def options(host):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        s.setsockopt(socket.IPPROTO_IP, socket.IP_OPTIONS, bytes([7, 7, 4, 0, 0, 0, 0, 0]))  # record route
        s.sendto(b"options", (host, 9999))


def make_traffic():
    tcp(socket.AF_INET, "127.0.0.1")
    tcp(socket.AF_INET6, "::1")
    udp(socket.AF_INET, "127.0.0.1")
    udp(socket.AF_INET6, "::1")
    echo(socket.AF_INET, socket.IPPROTO_ICMP, "127.0.0.1", 8)
    echo(socket.AF_INET6, 58, "::1", 128)
    options("127.0.0.1")


def main(path):
    switch_on(b"lo", 1500)
    with subprocess.Popen(["tcpdump", "-i", "lo", "-U", "-s", "0", "-w", path], stderr=subprocess.PIPE) as tcpdump:
        for line in tcpdump.stderr:
            if b"listening on" in line:
                break
        make_traffic()
        size = -1
        for _ in range(300):  # until all of it is in the file
            time.sleep(0.1)
            with open(path, "rb") as file:
                before, size = size, len(file.read())
            if size == before and size > 20000:
                break
        tcpdump.send_signal(signal.SIGINT)
        tcpdump.communicate()
    return tcpdump.returncode


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1]))
