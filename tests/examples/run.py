#!/usr/bin/env python3
"""Runs an example the way the comment at its top shows it, and compares what it prints.

    run.py SOURCE --programs DIRECTORY [--suffix .exe] [--ctrl-c PROGRAM] [--emulator COMMAND...]

In the comment each "$ program argument..." is a terminal, followed by all that the program prints:

    $ poll_server 127.0.0.1:0
    Listening on 127.0.0.1:PORT
    ^C
    Stopped

    $ echo_client 127.0.0.1 PORT "Hello, world"
    Received 'Hello, world'

If there are several, the first one runs in the background, and the others one after the other.

    PORT               the port that the first program listens on
    CLOSED             a port on which nobody listens
    DIRECTORY          a directory, which is removed afterwards
    FILE               a file in it that says "Hello, world"
    ...                any text
    ^C                 Ctrl-C, when the other programs have ended
    [exit status N]    if it is not 0
    Without AF_UNIX:   what follows is run instead on a system without it; also "Without IPv6:"

--ctrl-c is the program that sends Ctrl-C to a Windows program (ctrl_c.c).
"""
# Test: examples.dual_stack_server on linux-gcc, linux-musl, linux-s390x, mingw-x86_64
# Skipped: linux, windows unless sys_admin: it listens on every interface, in a network of its own
import argparse
import os
import re
import resource
import shlex
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time

PATIENCE = 90  # seconds, for what never takes so long: a test that hangs ends

# Lines of Wine's own, about its services, which write to the program that happens to start them.
WINE_SAYS = re.compile(r"^(wine: |[0-9a-f]+:(err|fixme):).*\n", re.MULTILINE)


class Failure(Exception):
    pass


class Terminal:
    """A command of the comment, and what it prints."""

    def __init__(self, command):
        self.command = command
        self.lines = []
        self.interrupted = False
        self.status = 0

    def add(self, line):
        status = re.fullmatch(r"\[exit status (\d+)\]", line)
        if status:
            self.status = int(status[1])
        elif line == "^C":
            self.interrupted = True
        else:
            self.lines.append(line)


def read_sessions(path):
    """The terminals of the comment: {"": [Terminal...], "IPv6": [those of a system without it]}."""
    with open(path, encoding="utf-8") as source:
        comment = source.read().split("*/")[0]
    sessions = {"": []}
    terminals = sessions[""]
    for line in comment.splitlines():
        without = re.match(r" \* Without (\w+)\b.*:$", line)
        shown = re.match(r" \*   (\S.*)", line)
        if without:
            terminals = sessions.setdefault(without[1], [])
        elif shown and shown[1].startswith("$ "):
            terminals.append(Terminal(shown[1][2:]))
        elif shown and terminals:
            terminals[-1].add(shown[1])
    if not sessions[""]:
        raise Failure(f"{path} shows no command")
    return sessions


def has_ipv6():
    try:
        with socket.socket(socket.AF_INET6, socket.SOCK_STREAM) as probe:
            probe.bind(("::1", 0))
        return True
    except OSError:
        return False


class Program:
    """A program that runs."""

    def __init__(self, terminal, system, words):
        self.terminal = terminal
        self.words = words
        name, *arguments = (substitute(word, words) for word in shlex.split(terminal.command))
        path = os.path.join(system.programs, name + system.suffix)
        self.closes_input = terminal.interrupted and system.ctrl_c is not None
        runners = [*system.emulator, system.ctrl_c] if self.closes_input else system.emulator
        self.output = os.path.join(words["DIRECTORY"], f"{name}.{time.monotonic_ns()}.output")
        with open(self.output, "wb") as output:
            self.process = subprocess.Popen(
                [*runners, path, *arguments],
                stdin=subprocess.PIPE if self.closes_input else subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env={**os.environ, "PORTSOCK_OUTPUT": self.output},  # cmake/wine.sh writes there
                start_new_session=True,
            )

    def text(self):
        with open(self.output, encoding="utf-8", errors="replace") as output:
            return WINE_SAYS.sub("", output.read().replace("\r", ""))

    def await_listening(self):
        """Returns the port, or "" where there are none."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            ended = self.process.poll() is not None
            listening = re.search(r"^Listening on (?:.*:(\d+)|.*)\n", self.text(), re.MULTILINE)
            if listening:
                return listening[1] or ""
            if ended:
                break
            time.sleep(0.02)
        raise Failure(f"$ {self.terminal.command}\nit does not listen:\n{self.text()}")

    def press_ctrl_c(self):
        if self.closes_input:
            self.process.stdin.close()
        else:
            self.process.send_signal(signal.SIGINT)

    def check(self):
        """Waits for its end, and compares."""
        try:
            status = self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            status = f"none after {PATIENCE} seconds"
        found = self.text().splitlines()
        expected = self.terminal.lines
        same = len(found) == len(expected) and all(
            re.fullmatch(pattern(line, self.words), text) for line, text in zip(expected, found)
        )
        if not same or status != self.terminal.status:
            raise Failure(
                f"$ {self.terminal.command}\n"
                + "\n".join(["expected:", *expected, f"exit status {self.terminal.status}"])
                + "\n".join(["\nfound:", *found, f"exit status {status}"])
            )

    def kill(self):
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self.process.wait()


def substitute(text, words):
    return re.sub(r"\b[A-Z]{4,}\b", lambda word: words.get(word[0], word[0]), text)


def pattern(line, words):
    return re.escape(substitute(line, words)).replace(re.escape("..."), ".*")


def echo_to_several_clients(port, _):
    """Clients that are connected at the same time, and all send before the first one receives."""
    data = b"".join(b"%d " % number for number in range(50000))
    clients = [socket.create_connection(("127.0.0.1", port), PATIENCE) for _ in range(5)]
    senders = [threading.Thread(target=c.sendall, args=(data,), daemon=True) for c in clients]
    for sender in senders:
        sender.start()
    for client, sender in zip(reversed(clients), reversed(senders)):
        with client.makefile("rb") as stream:
            if stream.read(len(data)) != data:
                raise Failure("one of several clients has not got its data back")
            sender.join()
            client.shutdown(socket.SHUT_WR)
            if stream.read() != b"":
                raise Failure("one of several clients has got more than it sent")
        client.close()


def read_refusal(port, _):
    """A client whose request is larger than what the system queues."""
    with socket.create_connection(("127.0.0.1", port), PATIENCE) as client:
        client.sendall(bytes(10_000_000))
        with client.makefile("rb") as stream:
            answer = stream.read()
        if answer != b"busy, try again later\n":
            raise Failure(f"the client has got {answer}")


def echo_many_datagrams(port, _):
    """More than one call takes, of all sizes, from two peers, which know where answers are from."""
    datagrams = socket.SOCK_DGRAM
    with socket.socket(type=datagrams) as one, socket.socket(type=datagrams) as other:
        for peer in (one, other):
            peer.settimeout(PATIENCE)
            peer.connect(("127.0.0.1", port))
        for start in range(20):
            sent = [bytes([start]) * (start * i % 1500) for i in range(20)]
            for datagram in sent:
                one.send(datagram)
                other.send(datagram[::2])
            if [one.recv(2048) for _ in sent] != sent:
                raise Failure("datagrams have not come back as they were sent")
            if [other.recv(2048) for _ in sent] != [datagram[::2] for datagram in sent]:
                raise Failure("datagrams of the second peer have not come back as they were sent")


def receive_large_file(port, system):
    """The file is longer now than what the system queues for a client."""
    data = b"".join(b"%d " % number for number in range(1000000))
    with open(system.file, "wb") as file:
        file.write(data)
    with socket.create_connection(("127.0.0.1", port), PATIENCE) as client:
        with client.makefile("rb") as stream:
            if stream.read() != data:
                raise Failure("the client has not got the file")


class Visitors:
    """Clients of a chat, which all hear what each of them says."""

    def __init__(self, port, count):
        self.sockets = [socket.create_connection(("127.0.0.1", port), PATIENCE) for _ in range(count)]
        self.streams = [s.makefile("rb") for s in self.sockets]

    def say(self, index, line):
        self.sockets[index].sendall(line + b"\n")

    def hear(self, count):
        """The next lines, the same for each in some order, without the numbers of the speakers."""
        heard = [sorted(s.readline().split(b": ")[1] for _ in range(count)) for s in self.streams]
        if any(lines != heard[0] for lines in heard):
            raise Failure("two clients of a chat have not heard the same")
        return heard[0]

    def leave(self):
        for stream, sock in zip(self.streams, self.sockets):
            stream.close()
            sock.close()


def chat_with_a_crowd(port, system):
    """As many as one thread is to serve; some of them say something, and some go in the midst."""
    crowd = Visitors(port, 500 if system.suffix == ".exe" else 2000)
    crowd.say(-1, b"all are here")
    if crowd.hear(1) != [b"all are here\n"]:
        raise Failure("the crowd has heard something else")
    lines = sorted(b"I am number %d" % index for index in range(0, 200, 10))
    for line in lines:
        crowd.say(int(line.split()[-1]), line)
    if crowd.hear(len(lines)) != [line + b"\n" for line in lines]:
        raise Failure("the crowd has not heard each speaker once")
    goers = Visitors(port, 20)
    for index, goer in enumerate(goers.sockets):
        goer.sendall(b"half a line")
        if index % 2:  # these reset the connection
            goer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    goers.leave()
    crowd.say(0, b"x" * 2500)  # too long for a line: it is told in parts
    if sum(len(part) - 1 for part in crowd.hear(3)) != 2500:
        raise Failure("the parts of a long line are not what was said")
    crowd.leave()


def chat_with_all_kinds(port, system):
    chat_with_a_crowd(port, system)
    chat_beside_a_deaf_one(port)


def chat_beside_a_deaf_one(port):
    """Who never receives does not stop the others, and has to leave in the end."""
    batches, at_once, line = 120, 50, b"y" * 999
    with socket.socket() as deaf:
        deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        deaf.connect(("127.0.0.1", port))
        deaf.settimeout(PATIENCE)
        speaker = Visitors(port, 1)
        for _ in range(batches):
            for _ in range(at_once):
                speaker.say(0, line)
            if speaker.hear(at_once) != [line + b"\n"] * at_once:
                raise Failure("a client beside one that never receives has missed a line")
        received = 0
        try:
            while piece := deaf.recv(1 << 20):
                received += len(piece)
        except ConnectionResetError:
            pass
        if received >= batches * at_once * len(line):
            raise Failure("a client that never receives could stay")
        speaker.leave()


# For these the first program runs again, with a client that is none of the examples.
CLIENTS = {
    "chat_server": chat_with_all_kinds,
    "chat_server_threads": chat_with_a_crowd,
    "file_server": receive_large_file,
    "graceful_close": read_refusal,
    "poll_server": echo_to_several_clients,
    "udp_echo_many": echo_many_datagrams,
}


def allow_many_descriptors():
    """Here, and in the programs that are started."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most if 0 < most < 8192 else 8192, most))


def run(terminals, system, words, client=None):
    programs = []
    try:
        for terminal in terminals:
            programs.append(Program(terminal, system, words))
            if len(programs) > 1:
                programs[-1].check()
            elif len(terminals) > 1 or terminal.interrupted or client:
                words["PORT"] = programs[0].await_listening()
        if client:
            client(int(words["PORT"]), system)
        if terminals[0].interrupted:
            programs[0].press_ctrl_c()
        programs[0].check()
    finally:
        for program in programs:
            program.kill()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("source")
    parser.add_argument("--programs", required=True)
    parser.add_argument("--suffix", default="")
    parser.add_argument("--ctrl-c")
    parser.add_argument("--emulator", nargs=argparse.REMAINDER, default=[])
    system = parser.parse_args()

    allow_many_descriptors()
    sessions = read_sessions(system.source)
    missing = {"AF_UNIX": system.suffix == ".exe", "IPv6": not has_ipv6()}
    chosen = next((what for what in sessions if missing.get(what)), "")
    name = os.path.splitext(os.path.basename(system.source))[0]
    with tempfile.TemporaryDirectory() as directory, socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))  # taken, without a listener
        system.file = os.path.join(directory, "file")
        with open(system.file, "wb") as file:
            file.write(b"Hello, world")
        words = {"DIRECTORY": directory, "FILE": system.file}
        words["CLOSED"] = str(closed.getsockname()[1])
        run(sessions[chosen], system, words)
        if name in CLIENTS:
            run(sessions[chosen][:1], system, words, CLIENTS[name])


if __name__ == "__main__":
    try:
        main()
    except (Failure, OSError) as failure:
        sys.exit(f"{type(failure).__name__}: {failure}")
