"""What is aimed at, and what must not become worse.

LIMITS and SIZES are counts: bench.counts measures them, and fails when one is exceeded. TARGETS are the goals of the
project; docs/performance.md says for each whether it is met. Goals that are times are only reported there.
"""

# The workloads of bench/transfer.c, and the seconds of a timeout that each is run with; "0": non-blocking.
MODES = {"stream": ["none", "5", "0"], "datagram": ["none", "5", "0"], "empty": ["0"],
         "connect": ["none", "5"], "create": ["none", "5", "0"], "sendall": ["none", "5"],
         "literal": ["none", "5"], "addresses": ["none"], "names": ["5"],
         "sendmany": ["none"], "sendplain": ["none"], "recvmany": ["none"]}
# Some of them, for a library that was built in another way.
SAMPLE = {"stream": ["none"], "datagram": ["5"], "empty": ["0"], "connect": ["5"]}
# How many operations are counted, where they are large.
OPERATIONS = {"sendall": 100, "sendmany": 50, "sendplain": 50, "recvmany": 50}
# Workload, perhaps with a timeout: system calls of one operation, at most; user instructions above raw, at most.
# A call counts itself by eleven instructions more than two locked ones, which take longer. A lookup within a timeout
# that starts a thread would make 10 calls in the thread of the caller.
LIMITS = {"stream": (2, 87), "datagram": (2, 114), "empty": (1, 78), "connect": (5, 472), "connect 5": (6, 261),
          "create": (2, 136), "sendall": (2.1, 58), "literal": (6, 341), "literal 5": (6, 290), "addresses": (0, 420),
          "names": (9, 4000), "sendmany": (2, 24500), "sendplain": (2, 14600), "recvmany": (2, 24500)}
# Bytes of a ps_sock, of the heap besides, and of an entry of a poller; instructions of a program's start above raw.
SIZES = {"ps_sock": 48, "heap of a socket": 0, "poller entry": 64, "start": 1000}


class Target:
    """figure: (group, row, column, field) in the results; limit: at most; divisor: a column whose figure this is
    divided by."""

    def __init__(self, words, figure, limit, unit="", divisor=""):
        self.words = words
        self.group, self.row, self.column, self.field = figure
        self.limit = limit
        self.unit = unit
        self.divisor = divisor

    def figure(self, results):
        """None: the results do not have it."""
        row = results.get(self.group, {}).get(self.row, {})
        value = row.get(self.column, {}).get(self.field) if self.column else row.get(self.field)
        if self.divisor and value is not None:
            other = row.get(self.divisor, {}).get(self.field)
            return value / other if other else None
        return value

    def is_met(self, results):
        return self.figure(results) <= self.limit


def time(words, row, column, limit, base, **more):
    return Target(words, ("rows", row, column, "ratio"), limit, " x " + base, **more)


def poller(words, row):
    return time(f"a byte from {words}, by `ps_poller`", row, "ps_poller", 1.05, "epoll")


def poll(sockets):
    return time(f"a byte from 1 of {sockets:,} sockets, by `ps_poll`", f"poller_{sockets}_1", "ps_poll", 1.05, "poll")


def call(mode, words, limit):
    return [Target(f"what `ps_{function}` adds to the system's call, {words}", ("calls", mode, "", function), limit, " ns")
            for function in ("send", "recv", "sendto", "recvfrom")]


TARGETS = [
    poller("1 of 10,000 sockets", "poller_10000_1"),
    poller("100 of 10,000 sockets", "poller_10000_100"),
    poller("1 of 100 sockets", "poller_100_1"),
    poller("1 of 100,000 sockets, or of as many as the machine allows", "poller_most_1"),
    Target("heap of a socket in a poller", ("rows", "poller_10000_1", "ps_poller", "bytes"), 64, " bytes"),
    poll(10),
    poll(1000),
    poll(10000),
    *call("alone", "one thread", 2.5),
    *call("threads", "several threads", 6),
    *call("shared", "several threads, and another was the first", 6),
    Target("connect, accept, close, close within a timeout", ("transfer", "connect 5", "", "calls"), 6, " calls"),
    Target("the same, above raw calls within a timeout", ("transfer", "connect 5", "", "above"), 250, " instructions"),
    Target("`ps_create_connection` of an address within a timeout, accept, close, close",
           ("rows", "literals", "portsock T", "calls"), 6, " calls"),
    Target("the same, above raw calls without a timeout", ("rows", "literals", "portsock T", "above"), 300, " instructions"),
    Target("a send, and a receive that waits, within a timeout", ("rows", "waiting", "portsock T", "calls"), 3.1, " calls"),
    Target("`ps_getaddrinfo` of an address", ("rows", "look_up_literals", "portsock", "instructions"), 450,
           " instructions"),
    Target("`ps_getaddrinfo_within` of a name", ("rows", "look_up_names", "portsock T", "ns"), 1.5, " x without a timeout",
           divisor="portsock"),
    time("connect, accept, close, close within a timeout, under Wine", "windows_connections", "portsock T", 1.4,
         "raw without a timeout"),
    time("a byte from 1 of 500 sockets under Wine, by `ps_poller`", "windows_poller_500_1", "ps_poller", 1, "select"),
    time("`ps_sendmany`, equal sizes to one peer", "batch_send", "ps_sendmany", 0.2, "sendto"),
    time("`ps_recvmany` of the same", "batch_receive", "ps_recvmany_coalesced", 0.1, "recvfrom"),
    Target("static echo server, musl", ("sizes", "sizes", "", "static echo server"), 65536, " bytes"),
    Target("start of a program, above one without portsock", ("sizes", "sizes", "", "start"), 1000, " instructions"),
    Target("`sizeof(ps_sock)`", ("sizes", "sizes", "", "ps_sock"), 48, " bytes"),
]

# What a target that is not met is made of, and what was tried for it; a key is a part of its words.
TRIED = {
    "by `ps_poller`":
        "Done: whole milliseconds by epoll_wait, since epoll_pwait2 costs 80 ns more; events are not copied. Above the"
        " system's wait are two lock pairs, the clock where there is a timeout, and what the receive itself adds. Not"
        " done: no lock before a wait for which nothing is pending (about 14 ns)",
    "by `ps_poll`":
        "Done: the lists are kept between calls; a connection that nothing is known of is not looked up. Left: each entry"
        " is entered, and copied to the system's form and back",
    "what `ps_recvfrom` adds":
        "Done: the first thread that uses a socket is counted without locked instructions. Left: the sender's length is"
        " checked for each datagram, and four registers are saved for the slow path's arguments",
    "what `ps_recv` adds":
        "Done: the first thread that uses a socket is counted without locked instructions. The figure varies by 1 ns"
        " from build to build",
    "`ps_getaddrinfo_within` of a name":
        "Done: one thread is used again, and ends after two idle seconds. Left: two switches of threads for each lookup,"
        " which are dear on the one processor of this measurement",
    "the same, above raw calls within a timeout":
        "Done: one look instead of a wait at an address of this machine, no clock, no zeroed blocks; 785 before. The"
        " counting of calls adds 20",
    "the same, above raw calls without a timeout":
        "Done: one attempt without the race of addresses, and one call instead of three that finds out how it has ended;"
        " 1,378 before",
    "connect, accept, close, close within a timeout, under Wine":
        "Done: one request to AFD instead of select, no option that Wine does not know. Above raw are the modes of both"
        " sockets, the wait, the accepted one's address, and SetHandleInformation (two requests to Wine's server)",
}
