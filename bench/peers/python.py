"""Python's socket module, 2.7 and 3: the same command line and output as workload/main.c."""
import resource
import socket
import sys
import time

ECHO, SLOW_ECHO, SINK, SOURCE, DATAGRAM_ECHO, DATAGRAM_SINK = range(7001, 7007)
SMALL, LARGE = b"x" * 64, b"x" * 65536
ANY = ("127.0.0.1", 0)
TEXTS = ["8.8.8.8", "127.0.0.1", "192.168.100.200", "255.255.255.255", "10.0.0.1", "172.16.254.3", "1.2.3.4",
         "100.64.33.99"]
now = getattr(time, "perf_counter", time.time)
times = {}


def processor():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def begin():
    times["processor"] = processor()
    times["clock"] = now()


def end(n):
    clock, used = now() - times["clock"], processor() - times["processor"]
    print("%.2f %.2f" % (clock * 1e9 / n, used * 1e9 / n))


def listen():
    listener = socket.socket()
    listener.bind(ANY)
    listener.listen(128)
    return listener, listener.getsockname()[1]


def connected(port):
    s = socket.socket()
    s.connect(("127.0.0.1", port))
    return s


def stream_with_far_end():
    listener, port = listen()
    near = connected(port)
    far = listener.accept()[0]
    far.settimeout(None)
    return near, far


def datagrams():
    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    s.bind(ANY)
    return s


def go_there_and_back(port, n):
    s = connected(port)
    begin()
    for _ in range(n):
        s.send(b"x")
        s.recv(1)
    end(n)


def round_trips(n):
    go_there_and_back(ECHO, n)


def waiting(n):
    go_there_and_back(SLOW_ECHO, n)


def receives(n):
    near, far = stream_with_far_end()
    begin()
    for _ in range(n):
        far.send(SMALL)
        near.recv(64)
    end(n)


def sends(n):
    near, far = stream_with_far_end()
    begin()
    for _ in range(n):
        near.send(SMALL)
        far.recv(64)
    end(n)


def empty(n):
    near, far = stream_with_far_end()
    near.setblocking(0)
    begin()
    for _ in range(n):
        try:
            near.recv(64)
        except socket.error:
            pass
    end(n)
    far.close()


def bulk_sends(n):
    s = connected(SINK)
    begin()
    for _ in range(n):
        s.sendall(LARGE)
    end(n)


def bulk_receives(n):
    s = connected(SOURCE)
    data, left = bytearray(65536), n * 65536
    begin()
    while left > 0:
        left -= s.recv_into(data)
    end(n)


def lines(n):
    near, far = socket.socketpair()
    block, per_block = (b"x" * 63 + b"\n") * 128, 128
    stream = near.makefile("rb")
    begin()
    for i in range(n):
        if i % per_block == 0:
            far.sendall(block)
        stream.readline()
    end(n)


def connections(n):
    listener, port = listen()
    begin()
    for _ in range(n):
        near = connected(port)
        far = listener.accept()[0]
        far.close()
        near.close()
    end(n)


def connect_to(host, n):
    listener, port = listen()
    begin()
    for _ in range(n):
        near = socket.create_connection((host, port))
        far = listener.accept()[0]
        far.close()
        near.close()
    end(n)


def literals(n):
    connect_to("127.0.0.1", n)


def names(n):
    connect_to("localhost", n)


def datagram_round_trips(n):
    s, to = datagrams(), ("127.0.0.1", DATAGRAM_ECHO)
    begin()
    for _ in range(n):
        s.sendto(SMALL, to)
        s.recvfrom(64)
    end(n)


def datagram_sends(n):
    s, to = datagrams(), ("127.0.0.1", DATAGRAM_SINK)
    begin()
    for _ in range(n):
        s.sendto(SMALL, to)
    end(n)


def parse(n):
    begin()
    for i in range(n):
        socket.inet_pton(socket.AF_INET, TEXTS[i % 8])
    end(n)


def format(n):
    packed = [socket.inet_pton(socket.AF_INET, text) for text in TEXTS]
    begin()
    for i in range(n):
        socket.inet_ntop(socket.AF_INET, packed[i % 8])
    end(n)


def look_up(host, n):
    begin()
    for _ in range(n):
        socket.getaddrinfo(host, "80", socket.AF_INET, socket.SOCK_STREAM)
    end(n)


def look_up_literals(n):
    look_up("127.0.0.1", n)


def look_up_names(n):
    look_up("localhost", n)


def resident_bytes():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * 4096


def hold(n):
    listener, port = listen()
    kept, before = [], resident_bytes()
    for _ in range(n):
        kept.append((connected(port), listener.accept()[0]))
    print(resident_bytes() - before)


def nothing(_):
    print("0 0")


def main():
    if sys.argv[2] != "none":
        socket.setdefaulttimeout(float(sys.argv[2]))
    globals()[sys.argv[1]](int(sys.argv[3]))


main()
