"""The rows of the table: what is run for each column of them."""
import os
import resource

import peers

WORKLOADS = {  # name: (what it is, operations of a timed run, operations when they are counted or 0)
    "round_trips": ("a byte to another process and back", 6000, 0),
    "waiting": ("a byte there and back, where each receive has to wait", 0, 60),
    "receives": ("a receive of 64 bytes that are there, and the far end's send", 30000, 500),
    "sends": ("a send of 64 bytes, and the far end's receive", 30000, 500),
    "empty": ("a non-blocking receive of nothing", 100000, 500),
    "bulk_sends": ("64 KiB sent to another process", 4000, 0),
    "bulk_receives": ("64 KiB received from another process", 4000, 0),
    "lines": ("a line of 64 bytes from a buffered stream", 64000, 2560),
    "connections": ("connect, accept, close, close", 1500, 100),
    "literals": ("connect by the text of an address, accept, close, close", 1500, 100),
    "names": ("connect by a name of the hosts file, accept, close, close", 150, 20),
    "datagram_round_trips": ("64 bytes to another process and back, UDP", 6000, 0),
    "datagram_sends": ("a send of 64 bytes, UDP", 40000, 500),
    "parse": ("an IPv4 address from text", 400000, 2000),
    "format": ("text from an IPv4 address", 400000, 2000),
    "look_up_literals": ("getaddrinfo of the text of an address", 50000, 500),
    "look_up_names": ("getaddrinfo of a name of the hosts file", 400, 50),
}
ON_WINDOWS = {"round_trips": 1500, "receives": 4000, "sends": 4000, "bulk_sends": 1500, "connections": 300,
              "datagram_round_trips": 1500, "datagram_sends": 5000}

# Way: what it is compared with.
POLLERS = {"epoll": "epoll", "poll": "poll", "ps_poll": "poll", "ps_poller": "epoll", "libuv": "epoll", "APR": "epoll",
           "GLib": "poll"}
LOOKS_AT_ALL = ["poll", "ps_poll", "GLib", "select", "wsapoll"]
SOCKETS = [10, 100, 1000, 10000]
MOST_SOCKETS = 100000
WINDOWS_POLLERS = {"select": "select", "wsapoll": "select", "ps_poll": "select", "ps_poller": "select"}
WINDOWS_SOCKETS = [60, 500]
BATCHES = {"send": ["sendto", "ps_sendto", "sendmmsg", "gso", "ps_sendmany"],
           "receive": ["recvfrom", "ps_recvfrom", "recvmmsg", "gro", "ps_recvmany", "ps_recvmany_coalesced"]}
FILES = ["sendfile", "read_send", "ps_sendfile"]


class Row:
    def __init__(self, name, title, commands, bases, timed, counted=0, environment=None, sockets=0):
        self.name = name
        self.title = title
        self.commands = commands  # {column: a function that makes the command line of a number of operations}
        self.bases = bases  # {column: the column that it is compared with}, or one for all
        self.timed = timed
        self.counted = counted
        self.environment = environment
        self.sockets = sockets

    @property
    def columns(self):
        return list(self.commands)

    def command(self, column, operations):
        return self.commands[column](operations)

    def base_of(self, column):
        return self.bases if isinstance(self.bases, str) else self.bases[column]


def workload_command(prefix, beginning, workload, timeout):
    return lambda n: [*prefix, *beginning, workload, timeout, str(n)]


def workload_rows(found):
    columns = peers.columns(found)
    for name, (title, timed, counted) in WORKLOADS.items():
        commands = {column: workload_command([], *[beginning, name, timeout])
                    for column, (beginning, timeout) in columns.items()}
        yield Row(name, title, commands, "raw", timed, counted)


def poller_operations(way, sockets, ready):
    """Fewer where each step looks at every socket."""
    return max(ready, min(20000, 4000000 // sockets * ready) if way in LOOKS_AT_ALL else 20000)


def poller_command(prefix, program, way, sockets, ready):
    return lambda n: [*prefix, program, way, str(sockets), str(ready), str(min(n, poller_operations(way, sockets, ready)))]


def poller_program(programs, way):
    own = f"{programs}/poller_{way.lower()}"
    return own if os.path.exists(own) else programs + "/poller"


def allowed_sockets():
    """As many as a process may have, if it is not allowed to have more; some handles are for other things."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (max(most, 2 * MOST_SOCKETS + 1000), max(most, 2 * MOST_SOCKETS + 1000)))
        return MOST_SOCKETS
    except (ValueError, OSError):
        return min(MOST_SOCKETS, most - 1000)


def poller_rows(programs):
    for sockets, name in [*((sockets, str(sockets)) for sockets in SOCKETS), (allowed_sockets(), "most")]:
        ways = [way for way in POLLERS if name != "most" or way not in LOOKS_AT_ALL]
        for ready in (1, 100):
            if ready <= sockets:
                commands = {way: poller_command([], poller_program(programs, way), way, sockets, ready) for way in ways}
                yield Row(f"poller_{name}_{ready}", f"{ready} of {sockets:,} sockets ready: a byte", commands, POLLERS,
                          20000, sockets=sockets)


def simple_command(program, way):
    return lambda n: [program, way, str(n)]


def batch_rows(programs):
    for name, ways in BATCHES.items():
        commands = {way: simple_command(programs + "/batch", way) for way in ways}
        yield Row("batch_" + name, f"a datagram of 64 bytes, {name} 64 at a time", commands, ways[0], 1000)


def file_rows(programs):
    commands = {way: simple_command(programs + "/sendfile", way) for way in FILES}
    yield Row("sendfile", "a file of 16 MiB", commands, "sendfile", 8)


def linux_rows(programs):
    yield from workload_rows(peers.commands(programs))
    yield from poller_rows(programs)
    yield from batch_rows(programs)
    yield from file_rows(programs)


def windows_rows(programs, environment):
    columns = {"raw": (programs + "/workload_raw.exe", "none"),
               "select first": (programs + "/workload_select_first.exe", peers.TIMEOUT),
               "portsock": (programs + "/workload_portsock.exe", "none"),
               "portsock T": (programs + "/workload_portsock.exe", peers.TIMEOUT)}
    for name, operations in ON_WINDOWS.items():
        commands = {column: workload_command(["wine"], [program], name, timeout)
                    for column, (program, timeout) in columns.items()}
        yield Row("windows_" + name, WORKLOADS[name][0], commands, "raw", operations, 0, environment)
    for sockets in WINDOWS_SOCKETS:
        commands = {way: poller_command(["wine"], programs + "/poller.exe", way, sockets, 1) for way in WINDOWS_POLLERS}
        yield Row(f"windows_poller_{sockets}_1", f"1 of {sockets} sockets ready: a byte", commands, WINDOWS_POLLERS, 300,
                  0, environment)
