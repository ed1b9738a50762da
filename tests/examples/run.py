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
import shlex
import signal
import socket
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


def echo_to_several_clients(port):
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


def read_refusal(port):
    """A client whose request is larger than what the system queues."""
    with socket.create_connection(("127.0.0.1", port), PATIENCE) as client:
        client.sendall(bytes(10_000_000))
        with client.makefile("rb") as stream:
            answer = stream.read()
        if answer != b"busy, try again later\n":
            raise Failure(f"the client has got {answer}")


# For these the first program runs again, with a client that is none of the examples.
CLIENTS = {"graceful_close": read_refusal, "poll_server": echo_to_several_clients}


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
            client(int(words["PORT"]))
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

    sessions = read_sessions(system.source)
    missing = {"AF_UNIX": system.suffix == ".exe", "IPv6": not has_ipv6()}
    chosen = next((what for what in sessions if missing.get(what)), "")
    name = os.path.splitext(os.path.basename(system.source))[0]
    with tempfile.TemporaryDirectory() as directory, socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))  # taken, without a listener
        words = {"DIRECTORY": directory, "CLOSED": str(closed.getsockname()[1])}
        run(sessions[chosen], system, words)
        if name in CLIENTS:
            run(sessions[chosen][:1], system, words, CLIENTS[name])


if __name__ == "__main__":
    try:
        main()
    except (Failure, OSError) as failure:
        sys.exit(f"{type(failure).__name__}: {failure}")
