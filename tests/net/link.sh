# Sourced after common.sh: a link from this network to another one, and traffic over it by real programs.
# shellcheck shell=sh disable=SC2034,SC2154

link_folder=$(cd "$(dirname "$0")" && pwd)
[ -e "$link_folder/link_traffic.py" ] || link_folder=$(cd "$(dirname "$0")/../../net" && pwd)
near4=10.9.0.1
far4=10.9.0.2
near6=fd00:9::1
far6=fd00:9::2

# in_far COMMAND...: in the other network.
in_far() {
    nsenter -n -t "$far_process" "$@"
}

# no_probes: neighbours that were found are not asked again, which would be at any time.
no_probes() {
    for file in /proc/sys/net/ipv4/neigh/*/delay_first_probe_time /proc/sys/net/ipv6/neigh/*/delay_first_probe_time; do
        [ ! -e "$file" ] || echo 600 >"$file"
    done
}

make_link() {
    unshare -n sleep 600 &
    far_process=$!
    remember
    # Until it has a network of its own.
    own=$(readlink /proc/self/ns/net)
    other_is_there() {
        there=$(readlink "/proc/$far_process/ns/net") && [ -n "$there" ] && [ "$there" != "$own" ]
    }
    await 20 other_is_there || failed "there is no other network"
    ip link set lo up
    ip link add near type veth peer name far
    ip link set far netns "$far_process"
    no_probes
    in_far sh -c "$(sed -n '/^no_probes()/,/^}/p' "$link_folder/link.sh"); no_probes"
    ip addr add "$near4/24" dev near
    ip link set near up
    in_far ip addr add "$far4/24" dev far
    in_far ip link set lo up
    in_far ip link set far up
    has_ipv6=no
    if [ -e /proc/net/if_inet6 ]; then
        ip -6 addr add "$near6/64" dev near nodad && in_far ip -6 addr add "$far6/64" dev far nodad && has_ipv6=yes
    fi
}

# start_echo: a TCP server for one connection.
start_echo() {
    python3 -u -c "import socket
server = socket.socket()
server.bind(('$near4', 0))
server.listen()
print('port', server.getsockname()[1])
s = server.accept()[0]
while data := s.recv(4096):
    s.sendall(data)
s.close()" >"$work/echo.txt" &
    remember
    await 60 says "$work/echo.txt" '^port ' || failed "the echo server does not start"
    echo_port=$(sed -n 's/^port //p' "$work/echo.txt")
}

# make_traffic: UDP, TCP, ICMP, IPv6, fragments and tagged frames, both ways; then the mark, which comes last
# and is answered by nobody.
make_traffic() {
    ping -c 2 -i 0.2 "$far4" >/dev/null || failed "no answer to ping"
    ping -c 1 -s 4000 "$far4" >/dev/null || failed "no answer to a long ping"
    in_far ping -c 1 "$near4" >/dev/null || failed "no answer to ping from the other side"
    if [ "$has_ipv6" = yes ]; then
        ping -6 -c 2 -i 0.2 "$far6" >/dev/null || failed "no answer to ping over IPv6"
        ping -6 -c 1 -s 4000 "$far6" >/dev/null || failed "no answer to a long ping over IPv6"
    fi
    start_echo
    in_far python3 "$link_folder/link_traffic.py" "$near4" "$near6" "$has_ipv6" "$echo_port" || failed "no traffic"
    in_far python3 -c "import socket
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
s.sendto(b'the mark', ('10.9.0.255', 9999))" || failed "no mark"
}

# What the systems send on their own, at any time: reports of groups, searches for routers and for addresses in use.
own_business='ip6 dst host ff02::16 or ip6 dst host ff02::2 or ip6 src host ::'

# packets FILE OPTION...: tcpdump's view of a capture file, a line for each packet, its bytes behind a bar, sorted: two programs may see what comes
# at once in either order.
packets() {
    file=$1
    shift
    tcpdump -t -n -r "$file" "$@" 2>>"$work/tcpdump-says.txt" |
        awk '
            /^\t0x/ { sub(/^\t0x[0-9a-f]*: */, ""); gsub(" ", ""); line = line (bytes++ ? "" : " | ") $0; next }
            { if (NR > 1) print line; line = $0; bytes = 0 }
            END { if (NR > 0) print line }' |
        sort
}

# has_mark FILE: whether a capture file that is being written has the last packet.
has_mark() {
    tcpdump -n -r "$1" udp port 9999 2>/dev/null | grep -q 9999
}

start_tcpdump() {
    rm -f "$work/tcpdump.pcap" "$work/tcpdump-err.txt"
    tcpdump -i near -s 0 -U -n --time-stamp-precision=nano -w "$work/tcpdump.pcap" 2>"$work/tcpdump-err.txt" &
    tcpdump_process=$!
    remember
    await 60 says "$work/tcpdump-err.txt" 'listening on' || failed "tcpdump does not listen"
}

# stop_tcpdump CONDITION...: once the condition is met.
stop_tcpdump() {
    await 60 "$@" || failed "tcpdump has not seen the last packet"
    kill -INT "$tcpdump_process"
    wait "$tcpdump_process"
}
