"""Traffic from one side of a link: UDP, TCP, fragments and tagged frames.

    link_traffic.py OTHER-IPV4 OTHER-IPV6 yes|no ECHO-PORT
"""
import socket
import struct
import sys

other, other6, has_ipv6, echo_port = sys.argv[1:]


def udp(family, host, port, sizes):
    with socket.socket(family, socket.SOCK_DGRAM) as s:
        for size in sizes:
            s.sendto(bytes(i % 251 for i in range(size)), (host, port))


def refused(host):
    """TCP to a closed port: SYN out, RST back."""
    try:
        socket.create_connection((host, 5006), timeout=20).close()
    except OSError:
        pass


def conversation(host, port):
    """A TCP connection with the echo server of link.sh."""
    with socket.create_connection((host, port), timeout=20) as s:
        s.sendall(b"x" * 3000)
        s.shutdown(socket.SHUT_WR)
        while s.recv(4096):
            pass


def checksum(data):
    total = sum(struct.unpack("!%dH" % (len(data) // 2), data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def ip_packet(payload):
    header = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20 + len(payload), 7, 0, 64, 17, 0,
                         socket.inet_aton("192.0.2.1"), socket.inet_aton("192.0.2.2"))
    return header[:10] + struct.pack("!H", checksum(header)) + header[12:] + payload


def tagged():
    """Frames of VLAN 7 and 8, and one tagged twice: what a VLAN device would send."""
    udp_packet = ip_packet(struct.pack("!HHHH", 40007, 40008, 8 + 6, 0) + b"tagged")
    with socket.socket(socket.AF_PACKET, socket.SOCK_RAW) as s:
        s.bind(("far", 0))
        head = b"\xff" * 6 + s.getsockname()[4]
        for tags in ([7], [8], [100, 7]):
            tag_bytes = b"".join(struct.pack("!HH", 0x8100, tag) for tag in tags)
            s.send(head + tag_bytes + struct.pack("!H", 0x0800) + udp_packet)


udp(socket.AF_INET, other, 5005, [0, 1, 100, 1472, 1473, 4000])
if has_ipv6 == "yes":
    udp(socket.AF_INET6, other6, 5005, [0, 1, 100, 1452, 1453, 4000])
refused(other)
if has_ipv6 == "yes":
    refused(other6)
conversation(other, int(echo_port))
tagged()
