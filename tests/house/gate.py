#!/usr/bin/env python3
"""Finds what uses a socket's handle outside the gate, and locks that spin.

usage: gate.py ROOT | --self-test

The gate (src/common/socket/gate.h) enters a socket, runs a function that is given to it by name, records what failed, and
leaves. From each public function this walks along the calls that the sources make; the work that is given to the gate
is behind it, so the walk does not go there, nor into other public functions. Where the walk comes to a function that
uses the handle of a socket, there is a way to the handle past the gate: a line with the shortest one, for each public
function; no line when all is well. The exceptions stand below, each with its reason; one that nothing needs any more
is a line, too.

It reads the sources as clang-format writes them: a function begins at the first column, and its braces stand there
alone.
"""
import pathlib
import re
import sys
import tempfile

GATE = "src/common/socket/gate.h"

# Public functions that enter and leave by themselves.
WRITTEN_OUT = {
    "ps_accept": "a measured fast path",
    "ps_connect": "a measured fast path",
    "ps_recv": "a measured fast path",
    "ps_recvfrom": "a measured fast path",
    "ps_send": "a measured fast path",
    "ps_sendall": "a measured fast path",
    "ps_sendto": "a measured fast path",
    "ps_poll_with": "enters many sockets, and leaves them when one is ready",
    "ps_close_gracefully": "leaves by closing the socket",
    "ps_poller_add": "writes no failure record",
    "ps_poller_modify": "writes no failure record",
    "ps_poller_setdeadline": "writes no failure record",
    "ps_poller_remove": "writes no failure record",
}

NOBODYS = "its sockets are nobody's yet"
A_STREAMS = "a stream owns the handle beside the socket, and belongs to one thread"

# Functions, public or not, that use a handle without entering.
NOT_ENTERED = {
    "ps_close": "it is the end that the calls are counted for",
    "ps_detach": "no call may be in flight",
    "ps_fileno": "tells the handle of this moment, and does nothing with it",
    "ps_socket": NOBODYS,
    "ps_socketpair": NOBODYS,
    "ps_create_connection": NOBODYS,
    "ps_create_connection_with": NOBODYS,
    "ps_file_read": A_STREAMS,
    "ps_file_readline": A_STREAMS,
    "ps_file_write": A_STREAMS,
    "ps_file_flush": A_STREAMS,
    "ps_file_setfailure": A_STREAMS,
    "ps__attached_drop": "the last owner lets go of the handle",
    "ps_poller_wait": "a socket is taken out of pollers, with their lock, before its handle is closed",
}


class Exceptions:
    def __init__(self, written_out, not_entered):
        self.written_out = written_out
        self.not_entered = not_entered
        self.needed = set()

    def allow(self, name):
        """Whether this is one, which is needed then."""
        if name not in self.written_out and name not in self.not_entered:
            return False
        self.needed.add(name)
        return True

    def names(self):
        return [*self.written_out, *self.not_entered]


# ---- reading C -----------------------------------------------------------------------------------------------

# Comments, then strings and characters; then lines of the preprocessor, with those that they go on in.
NOT_CODE = re.compile(r"/\*.*?\*/|//[^\n]*|\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*'", re.S)
DIRECTIVE = re.compile(r"^[ \t]*#(?:\\\n|[^\n])*", re.M)

FUNCTION = re.compile(r"^([A-Za-z_][^;{}]*\([^;{}]*\))\n\{\n(.*?)^\}", re.M | re.S)
ATTRIBUTE = re.compile(r"__attribute__\s*\(\(.*?\)\)")
NAME = re.compile(r"(?<![\w.>])([A-Za-z_]\w*)(\s*\()?")
KEYWORDS = {"if", "for", "while", "switch", "return", "sizeof", "do", "else", "case", "goto"}


def without_comments(text):
    """The text with its lines where they were; a comment is a space, a string is empty."""

    def replacement(match):
        found = match.group()
        return '""' if found[0] == '"' else "0" if found[0] == "'" else " " + "\n" * found.count("\n")

    return NOT_CODE.sub(replacement, text)


def without_directives(text):
    return DIRECTIVE.sub(lambda match: "\n" * match.group().count("\n"), text)


def closing(text, at):
    """Where the bracket that opens at `at` closes; the text's end if it does not."""
    depth = 0
    for i in range(at, len(text)):
        depth += {"(": 1, ")": -1}.get(text[i], 0)
        if depth == 0:
            return i
    return len(text)


class Function:
    def __init__(self, path, head, body):
        self.path = path
        self.static = re.match(r"static\b", head) is not None
        self.head = ATTRIBUTE.sub("", head)
        self.body = body
        self.name = re.search(r"(\w+)\s*\(", self.head).group(1)

    def calls(self, name):
        return re.search(r"(?<![\w.>])" + name + r"\s*\(", self.body) is not None

    def work_of_the_gate(self):
        """The places in the body where a name is work that is given to the gate."""
        places = set()
        for match in re.finditer(r"\bps__gate\w*\s*\(", self.body):
            places.update(range(match.end(), closing(self.body, match.end() - 1)))
        return places

    def mentions(self):
        """What the body calls, and what it hands on by name to anybody but the gate, who may call it."""
        work = self.work_of_the_gate()
        found = NAME.finditer(self.body)
        return {match.group(1) for match in found if match.group(2) or match.start() not in work} - KEYWORDS


class Sources:
    """The frontend's functions, the names of its sockets, and what the public headers declare."""

    def __init__(self, root):
        self.texts = {}
        for folder in ("src", "include/portsock"):
            for path in sorted((root / folder).rglob("*.[ch]")):
                self.texts[path.relative_to(root).as_posix()] = without_comments(path.read_text(encoding="utf-8"))
        self.functions = {}
        self.sockets = set()
        for path, text in self.texts.items():
            if path.startswith(("src/common/", "src/capture/", "src/family/")):
                self.read(path, without_directives(text))
            elif path.startswith("include/"):
                self.sockets |= declared_members(text)
        self.public = {name for path, text in self.texts.items() if path.startswith("include/")
                       for name in re.findall(r"^PS_API [^(]*[ *](ps_\w+)\(", text, re.M)}

    def read(self, path, text):
        for head, body in FUNCTION.findall(text):
            function = Function(path, head, body)
            self.functions.setdefault(function.name, []).append(function)
        self.sockets |= declared_members(FUNCTION.sub("", text))

    def public_functions(self):
        return [function for name in sorted(self.public) for function in self.find(name, "")]

    def find(self, name, path):
        """The functions that a name means in a file: one of the file's own, or those that all files see."""
        found = self.functions.get(name, [])
        own = [function for function in found if function.path == path]
        return own or [function for function in found if not function.static or function.path.endswith(".h")]


# ---- the handle ----------------------------------------------------------------------------------------------

SOCKET = re.compile(r"\b(?:ps_sock|struct ps__attached)\b([^;(){}]*(?:\{[^;]*)?)")
FILENO = re.compile(r"\bps_fileno\s*\([^()]*\)(?!\s*[!=]= PS_INVALID_HANDLE)")
HANDLE = re.compile(r"(->|\.)?\s*(\w+)?(?:\[[^\]]*\])*(\))?\s*(?:->|\.)\s*handle\b")


def declared_sockets(text):
    """The names of what is or points to a socket, or to what one shares with its streams."""
    names = set()
    for match in SOCKET.finditer(text):
        for declarator in re.sub(r"\{[^}]*\}?|\[[^\]]*\]", "", match.group(1)).split(","):
            name = re.match(r"[\s*]*(?:(?:const|restrict)\b[\s*]*)*(\w+)", declarator)
            if name:
                names.add(name.group(1))
    return names


def declared_members(text):
    """The same of what stands outside of functions, where the parameters of prototypes are nobody's."""
    without = re.sub(r"\([^()]*\)", "", text)
    return declared_sockets(text) if without == text else declared_members(without)


def uses_handle(function, members):
    """Whether a function reads or writes a socket's handle. It may ask ps_fileno whether there is one, as anybody may."""
    variables = members | declared_sockets(function.head + ";" + function.body)
    for match in HANDLE.finditer(function.body):
        member, name, bracket = match.group(1, 2, 3)
        if bracket or (name and name in (members if member else variables)):
            return True
    return FILENO.search(function.body) is not None


# ---- the walk ------------------------------------------------------------------------------------------------


class Walk:
    """From one function along the calls, in the order of their distance; `uses` are the ways to the handle."""

    def __init__(self, sources, exceptions, start):
        self.sources = sources
        self.exceptions = exceptions
        self.reached = {start: [start.name]}
        for function in iter_growing(self.reached):
            for called in self.called_by(function):
                self.reached.setdefault(called, self.reached[function] + [called.name])
        self.uses = [way for function, way in self.reached.items() if uses_handle(function, sources.sockets)]

    def called_by(self, function):
        for name in sorted(function.mentions() - self.sources.public):
            for called in self.sources.find(name, function.path):
                if called.path != GATE and not self.is_allowed(called):
                    yield called

    def is_allowed(self, function):
        if function.name not in self.exceptions.not_entered:
            return False
        if Walk(self.sources, Exceptions({}, {}), function).uses:
            self.exceptions.needed.add(function.name)
        return True

    def calls(self, pattern):
        return any(function.calls(pattern) for function in self.reached)


def iter_growing(things):
    """The keys of a dictionary, also those that are added meanwhile."""
    at = 0
    while at < len(things):
        yield list(things)[at]
        at += 1


def breaches(sources, exceptions):
    """The shortest way past the gate, of each public function that has one."""
    for function in sources.public_functions():
        uses = Walk(sources, exceptions, function).uses
        if uses and not exceptions.allow(function.name):
            way = " -> ".join(min(uses, key=len))
            yield f"{function.name} ({function.path}) uses the handle outside the gate: {way}"


def faults_of_exceptions(sources, exceptions):
    for name in exceptions.names():
        if name not in exceptions.needed:
            yield f"the exception {name} is not needed"
    for function in sources.public_functions():
        if function.name not in exceptions.written_out:
            continue
        walk = Walk(sources, exceptions, function)
        for step in ("ps__enter", "ps__leave"):
            if not walk.calls(step + r"\w*"):
                yield f"{function.name} ({function.path}) is written out and does not call {step}"


def faults_of_the_gate(sources):
    gates = [function for function in sources.find("ps__gate", GATE) if function.path == GATE]
    if not gates:
        yield f"there is no ps__gate in {GATE}"
    for gate in gates:
        for step in ("ps__enter", "ps__record_failure", "ps__leave"):
            if not calls_inside(sources, gate, step):
                yield f"ps__gate does not call {step}"


# What leaves, or records, may stand in a file of its own.
PARTS_OF_THE_GATE = ("ps__record", "ps__leave")


def calls_inside(sources, function, step):
    """Whether a function of the gate calls another, by functions of this file or other parts of the gate."""
    if function.calls(step):
        return True
    called = [found for name in function.mentions() for found in sources.find(name, GATE)
              if found.path == GATE or name.startswith(PARTS_OF_THE_GATE)]
    return any(calls_inside(sources, found, step) for found in called if found is not function)


def hidden_handles(sources):
    """A macro is no function, and the walk would pass it by."""
    for path, text in sources.texts.items():
        for directive in DIRECTIVE.findall(text):
            if path.startswith("src/common/") and re.search(r"(->|\.)\s*handle\b", directive):
                yield f"a macro uses a handle ({path}): {directive.split()[1]}"


# ---- locks that spin -----------------------------------------------------------------------------------------

SPIN_LOCK = re.compile(r"\b\w*(?:test_and_set|pthread_spin|AcquireSpinLock)\w*")
ATOMIC = re.compile(r"\b\w*(?:atomic_exchange|atomic_load|InterlockedExchange|InterlockedOr)\w*\s*\(")
IDLER = r"(?:continue|\w*(?:yield|YieldProcessor|SwitchToThread|pause|Sleep)\w*\(\w*\))"
IDLE = re.compile(r"\s*(?:;|\{\s*\}|\{?\s*" + IDLER + r"\s*;\s*\}?)")


def loops(text):
    """The condition of each loop, and what stands in it if that is short."""
    for match in re.finditer(r"(\bdo\s*(\{[^{}]*\})\s*)?\bwhile\s*\(", text):
        end = closing(text, match.end() - 1)
        yield text[match.end():end], match.group(2) or ("" if is_end_of_do(text, match) else text[end + 1:end + 200])


def is_end_of_do(text, match):
    return match.group(1) is None and re.search(r"\}[ ]$", text[:match.start()]) is not None


def spinning(sources):
    for path, text in sources.texts.items():
        if not path.startswith("src/"):
            continue
        for name in sorted(set(SPIN_LOCK.findall(text))):
            yield f"a lock that spins ({path}): {name}"
        for condition, body in loops(text):
            if ATOMIC.search(condition) and IDLE.match(body):
                yield f"a loop that spins ({path}): while ({' '.join(condition.split())})"


def check(root, exceptions):
    sources = Sources(root)
    return [
        *faults_of_the_gate(sources),
        *breaches(sources, exceptions),
        *faults_of_exceptions(sources, exceptions),
        *hidden_handles(sources),
        *spinning(sources),
    ]


# ---- the test of this script ---------------------------------------------------------------------------------

HEADER = """
typedef struct ps_sock {
    ps_handle handle;
    int family;
} ps_sock;
typedef struct ps_pollfd {
    ps_sock *sock;
} ps_pollfd;
PS_API int ps_one(ps_sock *s, int value,
                  int more);
PS_API int ps_two(const ps_sock *s);
PS_API ps_handle ps_fileno(const ps_sock *s);
"""

GATE_SOURCE = """
static inline ptrdiff_t ps__leave_with(ps_sock *s, int operation, const ps_addr *peer, ptrdiff_t result)
{
    if (result < 0)
        ps__record_failure(s, operation, peer, (int)result);
    return ps__leave(s) && result < 0 ? PS_EBADF : result;
}

static inline ptrdiff_t ps__gate(ps_sock *s, int operation, const ps_addr *peer, ps__work *work, void *arguments)
{
    ptrdiff_t result;

    if (!ps__enter(s))
        return PS_EBADF;
    result = s->handle == PS_INVALID_HANDLE ? PS_EBADF : work(s, arguments);
    return ps__leave_with(s, operation, peer, result);
}
"""

# Parts of a file of src/common; %s is a function's body.
ONE = """
int ps_one(ps_sock *s, int value,
           int more)
{
    %s
}
"""
WORK = """
static ptrdiff_t work(ps_sock *s, void *arguments)
{
    return ps__sys_listen(s->handle, *(int *)arguments);
}
"""
INNER = """
void ps__inner(ps_sock *s)
{
    ps__sys_close(s->handle);
}
"""
LOCK = """
static void lock(void)
{
    %s
}
"""
OUTSIDE = "outside the gate: "
THROUGH_THE_GATE = WORK + ONE % "return (int)ps__gate(s, OPERATION, NULL, work, &value);"
BY_ITSELF = "return ps__enter(s) ? leave(s, s->handle) : 0;"
LEAVE = "static int leave(ps_sock *s, int result)\n{\n    return (int)ps__leave_with(s, 0, NULL, result);\n}\n"

# What such a file says, and the lines that it must give.
CASES = [
    ("the gate alone", THROUGH_THE_GATE, []),
    ("the handle read", ONE % "return s->handle == PS_INVALID_HANDLE ? PS_EBADF : 0;", [OUTSIDE + "ps_one"]),
    ("the handle read beside the gate", WORK + ONE % "return s->handle ? ps__gate(s, 0, NULL, work, &value) : 0;",
     [OUTSIDE + "ps_one"]),
    ("the work called", WORK + ONE % "return (int)work(s, &value);", [OUTSIDE + "ps_one -> work"]),
    ("the work called for the gate", WORK + ONE % "return ps__gate(s, work(s, 0), NULL, work, 0);",
     [OUTSIDE + "ps_one -> work"]),
    ("the work given to somebody else", WORK + ONE % "return (int)run(s, work, &value);", [OUTSIDE + "ps_one -> work"]),
    ("the work in a struct", WORK + ONE % "call c = {.step = work};\n    return c.step(s);",
     [OUTSIDE + "ps_one -> work"]),
    ("a member that is called as the work", WORK + ONE % "return c->work(s) + c.work(s);", []),
    ("another file's function", INNER + ONE % "return ps__inner(s);", [OUTSIDE + "ps_one -> ps__inner"]),
    ("two steps", INNER + "static int step(ps_sock *s)\n{\n    return ps__inner(s);\n}\n" + ONE % "return step(s);",
     [OUTSIDE + "ps_one -> step -> ps__inner"]),
    ("ps_fileno", ONE % "return ps__sys_listen(ps_fileno(s), value);", [OUTSIDE + "ps_one"]),
    ("whether it is closed", ONE % "return ps_fileno(s) == PS_INVALID_HANDLE ? PS_EBADF : 0;", []),
    ("a socket in another struct", ONE % "return entries[value].sock->handle;", [OUTSIDE + "ps_one"]),
    ("a local socket", ONE % "ps_sock made = *s, *other = s;\n    return other[0].handle;", [OUTSIDE + "ps_one"]),
    ("what a socket shares with its streams", ONE % "struct ps__attached *a = s->attached;\n    return a->handle;",
     [OUTSIDE + "ps_one"]),
    ("what a function gives", ONE % "return socket_of(value)->handle;", [OUTSIDE + "ps_one"]),
    ("what is no socket", ONE % "ps__wait_entry e = {.handle = h};\n    return e.handle + c->handle;", []),
    ("a member with a socket's name", ONE % "return c->s->handle;", []),
    ("a parameter of a prototype", "int other(ps_sock *entry);\n" + ONE % "return entry->handle;", []),
    ("comments and strings", ONE % "/* s->handle */ return puts(\"s->handle \\\" s->handle\"); // s->handle", []),
    ("another public function",
     ONE % "return ps_two(s);" + "int ps_two(const ps_sock *s)\n{\n    return s->handle;\n}\n",
     ["ps_two (src/common/file.c) uses"]),
    ("a macro", "#define HANDLE(s) \\\n    ((s)->handle)\n" + ONE % "return HANDLE(s);", ["a macro uses a handle"]),
    ("a lock of a flag", LOCK % "while (atomic_flag_test_and_set(&busy))\n        ;",
     ["a lock that spins (src/common/file.c): atomic_flag_test_and_set"]),
    ("a lock of an exchange", LOCK % "while (atomic_exchange(&busy, 1)) {\n    }",
     ["a loop that spins (src/common/file.c): while (atomic_exchange(&busy, 1))"]),
    ("a lock that yields", LOCK % "while (__atomic_exchange_n(&busy, 1, 2))\n        sched_yield();",
     ["a loop that spins"]),
    ("a lock with do", LOCK % "do {\n        Sleep(0);\n    } while (InterlockedExchange(&busy, 1));",
     ["a loop that spins"]),
    ("a loop that works", LOCK % "while (atomic_exchange(&more, 0))\n        work();", []),
    ("a loop with do that works",
     LOCK % "do {\n        if (x) {\n        }\n    } while (atomic_exchange(&more, 0));", []),
    ("a sum", LOCK % "while (!atomic_compare_exchange_weak(&sum, &old, old + 1))\n        ;", []),
]

# The same with exceptions: those written out, and those not entered.
CASES_OF_EXCEPTIONS = [
    ("written out", LEAVE + ONE % BY_ITSELF, {"ps_one"}, set(), []),
    ("written out without entering", ONE % "return s->handle;", {"ps_one"}, set(),
     ["does not call ps__enter", "does not call ps__leave"]),
    ("written out and not needed", THROUGH_THE_GATE, {"ps_one"}, set(),
     ["the exception ps_one is not needed", "does not call ps__enter", "does not call ps__leave"]),
    ("an inner function that is allowed", INNER + ONE % "return ps__inner(s);", set(), {"ps__inner"}, []),
    ("an inner function that is not needed", INNER + THROUGH_THE_GATE, set(), {"ps__inner"},
     ["the exception ps__inner is not needed"]),
    ("a function that is not there", THROUGH_THE_GATE, set(), {"ps__gone"}, ["the exception ps__gone is not needed"]),
]


def found_in(gate, source, exceptions):
    with tempfile.TemporaryDirectory() as folder:
        root = pathlib.Path(folder)
        for path, text in (("include/portsock/socket.h", HEADER), (GATE, gate), ("src/common/file.c", source)):
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text(text, encoding="utf-8")
        return check(root, exceptions)


def compare(name, found, wanted):
    """Each line has its text, and there are no others."""
    if len(found) != len(wanted) or any(text not in line for line, text in zip(found, wanted)):
        yield f"{name}: found {found}, should be {wanted}"


def self_test():
    for name, source, wanted in CASES:
        yield from compare(name, found_in(GATE_SOURCE, source, Exceptions({}, {})), wanted)
    for name, source, written_out, not_entered, wanted in CASES_OF_EXCEPTIONS:
        exceptions = Exceptions(dict.fromkeys(written_out), dict.fromkeys(not_entered))
        yield from compare(name, found_in(GATE_SOURCE, source, exceptions), wanted)
    yield from compare("no gate", found_in("", THROUGH_THE_GATE, Exceptions({}, {})), ["there is no ps__gate in"])
    for step in ("ps__enter", "ps__record_failure", "ps__leave"):
        gate = GATE_SOURCE.replace(step + "(", "ps__other(")
        yield from compare("a gate without " + step, found_in(gate, THROUGH_THE_GATE, Exceptions({}, {})),
                           ["ps__gate does not call " + step])


def main(arguments):
    if arguments == ["--self-test"]:
        lines = list(self_test())
    elif len(arguments) == 1:
        lines = check(pathlib.Path(arguments[0]), Exceptions(WRITTEN_OUT, NOT_ENTERED))
    else:
        sys.exit(__doc__.split("\n\n")[1])
    for line in lines:
        print(line)


if __name__ == "__main__":
    main(sys.argv[1:])
