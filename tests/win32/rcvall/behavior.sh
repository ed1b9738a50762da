# What Microsoft's documentation says of SIO_RCVALL, of interfaces and of the firewall, played in front of portsock-sniff.exe by
# the emulation (conditions.h): one function a behavior, one test each.
#   sh behavior.sh RELAY LAUNCH.exe PORTSOCK-SNIFF.exe BEHAVIOR
. "$(dirname "$0")/../../net/common.sh"
own_network "$0" "$@"
. "$(dirname "$0")/../../net/link.sh"
. "$(dirname "$0")/windows.sh"

relay=$1
launch=$2
sniff=$3
LC_ALL=C.UTF-8 # Wine reads arguments and the environment in the locale's encoding
export LC_ALL

PORTSOCK_RCVALL_CONDITIONS=$work/conditions
export PORTSOCK_RCVALL_CONDITIONS

# conditions NAME...: these hold from now on, and no others. The file is replaced at once, since it is read at any time.
conditions() {
    printf '%s\n' "$@" >"$work/conditions.new"
    mv "$work/conditions.new" "$work/conditions"
}

# start_sniff NAME OPTION...: until it listens. Each has a name of its own, since what is waited for is in its output.
start_sniff() {
    [ ! -e "$work/$1-err.txt" ] || failed "$1 was started before"
    sniff_name=$1
    shift
    start_windows "$sniff_name" "$sniff" "$@"
    await 100 says "$work/$sniff_name-err.txt" 'listening on' || failed "portsock-sniff does not listen"
}

# interrupt PROCESS STATUS WHAT
interrupt() {
    kill -INT "$1"
    ended "$1" "$2" "$3"
}

promiscuity() {
    ip -d link show near | sed -n 's/.*promiscuity \([0-9]*\).*/\1/p'
}

is_promiscuity() {
    [ "$(promiscuity)" = "$1" ]
}

# frame_to_another: an IP packet to an address that the interface does not have.
frame_to_another() {
    in_far python3 -c "import socket
s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
s.bind(('far', 0))
packet = bytes.fromhex('45000020000100004011000064400001644000020bb80bb9000c0000') + b'what'
s.send(bytes.fromhex('020000000099') + s.getsockname()[4] + b'\x08\x00' + packet)"
}

mark() {
    in_far python3 -c "import socket
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
s.sendto(b'the mark', ('10.9.0.255', 9999))"
}

# ---- several sockets, and the mode -----------------------------------------------------------------------------------

# "Received datagrams are copied into all SOCK_RAW sockets"; the mode is each socket's.
# Test: rcvall.several_handles on mingw-x86_64
# Skipped: mingw-x86_64 unless namespaces
several_handles() {
    start_sniff one -i "$near4" -w "$work/one.pcapng" icmp or udp port 9999
    one=$windows_process
    start_sniff two -i "$near4" -w "$work/two.pcapng" icmp or udp port 9999
    two=$windows_process
    is_promiscuity 2 || failed "two captures make a promiscuity of $(promiscuity)"
    ping -c 2 -i 0.2 "$far4" >/dev/null
    mark
    await 60 has_mark "$work/one.pcapng" || failed "the first capture lacks the mark"
    await 60 has_mark "$work/two.pcapng" || failed "the second capture lacks the mark"
    interrupt "$one" 0 "the first portsock-sniff"
    await 20 is_promiscuity 1 || failed "the mode does not stay for the other capture"
    packets "$work/one.pcapng" -x >"$work/one.txt"
    packets "$work/two.pcapng" -x >"$work/two.txt"
    diff "$work/one.txt" "$work/two.txt" || failed "the captures have other packets"
    [ "$(wc -l <"$work/one.txt")" = 5 ] || failed "these are not all packets"
    ping -c 1 "$far4" >/dev/null
    more() {
        [ "$(tcpdump -n -r "$work/two.pcapng" icmp 2>/dev/null | wc -l)" = 6 ]
    }
    await 60 more || failed "the second capture ended with the first"
    interrupt "$two" 0 "the second portsock-sniff"
    await 20 is_promiscuity 0 || failed "promiscuous mode stays behind"
}

# RCVALL_IPLEVEL "does not enable promiscuous mode on the network interface card".
# Test: rcvall.ip_level on mingw-x86_64
# Skipped: mingw-x86_64 unless namespaces
ip_level() {
    start_sniff level -i "$near4" -p -t -l udp
    level=$windows_process
    is_promiscuity 0 || failed "-p makes the interface promiscuous"
    frame_to_another
    mark
    await 60 says "$work/level.txt" 9999 || failed "the mark is not shown"
    says "$work/level.txt" 100.64 && failed "-p shows a packet that is for another machine"
    interrupt "$level" 0 "portsock-sniff -p"
    ordered "SIO_RCVALL RCVALL_IPLEVEL
SIO_RCVALL RCVALL_OFF" "portsock-sniff -p"
    start_sniff on -i "$near4" -t -l udp
    frame_to_another
    await 60 says "$work/on.txt" '100.64.0.1.3000 > 100.64.0.2.3001' || failed "a packet for another machine is not shown"
    interrupt "$windows_process" 0 "portsock-sniff"
}

# "An application receives the IP header ... regardless of the IP_HDRINCL socket option."
# Test: rcvall.header_option on mingw-x86_64
# Skipped: mingw-x86_64 unless namespaces
header_option() {
    conditions no-header-option
    start_sniff option -i "$near4" -c 2 -t icmp
    ping -c 1 "$far4" >/dev/null
    ended "$windows_process" 0 "portsock-sniff"
    [ "$(windows_lines option.txt | grep -c 'ICMP echo')" = 2 ] || failed "these are not the request and the reply"
}

# ---- packets ---------------------------------------------------------------------------------------------------------

# Each fragment is a packet; nothing is put together.
# Test: rcvall.fragments on mingw-x86_64
# Skipped: mingw-x86_64 unless namespaces
fragments() {
    start_tcpdump
    start_sniff fragments -i "$near4" -w "$work/fragments.pcapng"
    ping -c 1 -s 4000 "$far4" >/dev/null
    mark
    await 60 has_mark "$work/fragments.pcapng" || failed "the mark is not captured"
    interrupt "$windows_process" 0 "portsock-sniff"
    stop_tcpdump has_mark "$work/tcpdump.pcap"
    packets "$work/fragments.pcapng" -x icmp >"$work/ours.txt"
    packets "$work/tcpdump.pcap" -x icmp >"$work/theirs.txt"
    diff "$work/theirs.txt" "$work/ours.txt" || failed "tcpdump's packets (<) are not ours (>)"
    [ "$(wc -l <"$work/ours.txt")" = 6 ] || failed "these are not two times three fragments"
}

# send_much FAMILY ADDRESS: 60000 bytes from here to the other side, and all have come.
send_much() {
    python3 -u -c "import socket, sys
server = socket.socket(getattr(socket, '$1'))
server.bind(('$2', 4000))
server.listen()
print('ready')
s = server.accept()[0]
s.sendall(b'x' * 60000)
s.close()" >"$work/much.txt" &
    remember
    await 60 says "$work/much.txt" ready || failed "the server does not start"
    in_far python3 -c "import socket
s = socket.create_connection(('$2', 4000), timeout=60)
count = 0
while data := s.recv(65536):
    count += len(data)
assert count == 60000, count" || failed "the bytes do not arrive"
}

# all_bytes FILE: whether its lines have all 60000 bytes that went out, some of them in a packet that is longer than the link's.
all_bytes() {
    windows_lines "$1" | awk '
        / > .*4000: / { next }
        { length_there = 0 }
        match($0, /, length [0-9]+$/) { length_there = substr($0, RSTART + 9) + 0 }
        match($0, /seq [0-9]+:[0-9]+/) {
            split(substr($0, RSTART + 4, RLENGTH - 4), range, ":")
            if (range[2] - range[1] != length_there) bad = 1
            if (!(range[1] in seen)) sum += length_there
            seen[range[1]] = 1
        }
        length_there > 1460 { long = 1 }
        END { exit !(sum == 60000 && long && !bad) }'
}

offload_of() {
    conditions send-offload ipv6-headers
    start_sniff offload -i "$2" -t -l "$3" and tcp port 4000
    send_much "$1" "$2"
    await 5 all_bytes offload.txt || failed "the lines lack bytes, or no packet was longer than the link's"
    grep -E 'bad|incorrect|truncated|\[\||missing' "$work/offload.txt" && failed "an own packet is called wrong"
    interrupt "$windows_process" 0 "portsock-sniff"
}

# Segmentation and checksums are the interface's: a length of 0, and a checksum of the pseudo header.
# Test: rcvall.offload on mingw-x86_64
# Skipped: mingw-x86_64 unless namespaces
offload() {
    offload_of AF_INET "$near4" ip
}

# Test: rcvall.offload_ipv6 on mingw-x86_64
# Skipped: mingw-x86_64 unless namespaces
offload_ipv6() {
    [ "$has_ipv6" = yes ] || exit 77
    offload_of AF_INET6 "$near6" ip6
}

# What has an address of the interface as its source goes out, whichever of them is captured at.
# Test: rcvall.own_packets on mingw-x86_64
# Skipped: mingw-x86_64 unless namespaces
own_packets() {
    ip addr add 10.9.0.5/24 dev near
    start_sniff out -i "$near4" -Q out -c 3 -t icmp
    out=$windows_process
    start_sniff in -i "$near4" -Q in -c 3 -t icmp
    in=$windows_process
    ping -c 2 -i 0.2 -I 10.9.0.5 "$far4" >/dev/null
    ping -c 1 "$far4" >/dev/null
    ended "$out" 0 "portsock-sniff -Q out"
    ended "$in" 0 "portsock-sniff -Q in"
    [ "$(windows_lines out.txt | grep -c "^IP 10.9.0.5 > $far4: ICMP echo request")" = 2 ] || failed "-Q out lacks the second address"
    windows_lines out.txt | grep -q "^IP $near4 > $far4: ICMP echo request" || failed "-Q out lacks the first address"
    [ "$(windows_lines in.txt | grep -c 'ICMP echo reply')" = 3 ] || failed "-Q in shows another thing than replies"
}

# ---- IPv6 ------------------------------------------------------------------------------------------------------------

# "The application does not receive any IPv6 headers using a raw socket": payloads are counted, and never taken for packets,
# even when they begin as one does.
# Test: rcvall.ipv6_payloads on mingw-x86_64
# Skipped: mingw-x86_64 unless namespaces
ipv6_payloads() {
    [ "$has_ipv6" = yes ] || exit 77
    start_sniff payloads -i "$near6" -t -l
    in_far python3 -c "import socket
s = socket.socket(socket.AF_INET6, socket.SOCK_RAW, 253)
s.sendto(bytes.fromhex('6000000000141140') + bytes(52), ('$near6', 0))"
    ping -6 -c 12 -i 0.05 "$far6" >/dev/null
    await 60 says "$work/relay.txt" ' taken$' || failed "the payloads are not taken"
    interrupt "$windows_process" 0 "portsock-sniff on IPv6"
    [ "$(windows_lines payloads.txt | wc -l)" = 0 ] || failed "a payload is shown as a packet"
    dropped=$(windows_lines payloads-err.txt | sed -n 's/^\([0-9]*\) packets dropped by interface$/\1/p')
    [ "${dropped:-0}" -ge 16 ] || failed "payloads without a header are not counted: ${dropped:-0}"
}

# Test: rcvall.ipv6_headers on mingw-x86_64
# Skipped: mingw-x86_64 unless namespaces
ipv6_headers() {
    [ "$has_ipv6" = yes ] || exit 77
    conditions ipv6-headers
    start_tcpdump
    start_sniff six -i "$near6" -w "$work/six.pcapng"
    ping -6 -c 2 -i 0.2 "$far6" >/dev/null
    ping -6 -c 1 -s 4000 "$far6" >/dev/null
    in_far python3 -c "import socket
s = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
s.sendto(b'the mark', ('$near6', 9999))"
    await 60 has_mark "$work/six.pcapng" || failed "the mark is not captured"
    interrupt "$windows_process" 0 "portsock-sniff on IPv6"
    stop_tcpdump has_mark "$work/tcpdump.pcap"
    between="src host ($far6 or $near6) and dst host ($far6 or $near6)"
    packets "$work/six.pcapng" -x "$between" >"$work/ours.txt"
    packets "$work/tcpdump.pcap" -x "$between" >"$work/theirs.txt"
    diff "$work/theirs.txt" "$work/ours.txt" || failed "tcpdump's packets (<) are not ours (>)"
    [ "$(wc -l <"$work/ours.txt")" -ge 10 ] || failed "these are too few packets"
}

# ---- the interface ---------------------------------------------------------------------------------------------------

# gone CONDITION: while capturing, when receives fail and when nothing comes, and before.
gone() {
    # The socket is always ready, so that it is asked for packets.
    nsenter -n -t "$far_process" ping -i 0.05 "$near4" >/dev/null 2>&1 &
    remember
    start_sniff gone -i "$near4"
    conditions "$1" receive-fails
    ended "$windows_process" 1 "portsock-sniff whose receives fail"
    windows_lines gone-err.txt | grep -q '^portsock-sniff: [a-z0-9_]*: the interface is gone$' || failed "the end is not reported"
    conditions none
    start_sniff idle -i "$near4" port 1
    conditions "$1"
    ip link set near down
    ended "$windows_process" 1 "portsock-sniff on an interface that is gone"
    ip link set near up
    windows_lines idle-err.txt | grep -q '^portsock-sniff: [a-z0-9_]*: the interface is gone$' || failed "the end is not reported"
    conditions "$1"
    wine "$launch" "$sniff" -i "$near4" >"$work/start.txt" 2>&1 </dev/null && failed "a capture on an interface that is gone"
    windows_lines start.txt | grep -q "^portsock-sniff: $near4: no such device" || failed "the refusal is not the interface's"
}

# "WSAEINVAL ... if the network interface associated with the socket is deleted or removed".
# Test: rcvall.interface_removed on mingw-x86_64
# Skipped: mingw-x86_64 unless namespaces
interface_removed() {
    gone interface-removed
}

# Test: rcvall.interface_not_present on mingw-x86_64
# Skipped: mingw-x86_64 unless namespaces
interface_not_present() {
    gone interface-not-present
}

# It is reported once, however often it is looked at, and the mode is set again afterwards.
# Test: rcvall.interface_off on mingw-x86_64
# Skipped: mingw-x86_64 unless namespaces
interface_off() {
    start_sniff off -i "$near4" -c 2 -t icmp
    off=$windows_process
    conditions interface-off receive-fails
    ip link set near down
    await 60 says "$work/relay.txt" interface-down || failed "the relay does not see that the interface is down"
    await 60 says "$work/off-err.txt" 'was switched off' || failed "the end of the interface is not reported"
    sleep 2.5
    ip link set near up
    conditions none
    again() {
        [ "$(grep -c 'SIO_RCVALL RCVALL_ON 0' "$work/relay.txt")" = 2 ]
    }
    await 60 again || failed "SIO_RCVALL is not set again"
    ping -c 1 -w 20 "$far4" >/dev/null
    ended "$off" 0 "portsock-sniff"
    [ "$(grep -c 'was switched off' "$work/off-err.txt")" = 1 ] || failed "the end of the interface is reported more than once"
}

# A name for people has any letters: letters that no code page has together.
# Test: rcvall.alias on mingw-x86_64
# Skipped: mingw-x86_64 unless namespaces
alias() {
    PORTSOCK_RCVALL_ALIAS='Ж日é 2'
    export PORTSOCK_RCVALL_ALIAS
    wine "$launch" "$sniff" -D 2>/dev/null </dev/null | grep -q "(Ж日é 2) .* $near4/24" || failed "-D does not show the name"
    start_sniff alias -i 'Ж日é 2' -c 2 -t icmp
    ping -c 1 "$far4" >/dev/null
    ended "$windows_process" 0 "portsock-sniff"
    wine "$launch" "$sniff" -i 'Ж日é 3' >"$work/other.txt" 2>&1 </dev/null && failed "a capture on an unknown name"
    windows_lines other.txt | grep -q '^portsock-sniff: Ж日é 3: no such device' || failed "the refusal does not show the name"
}

# ---- the firewall ----------------------------------------------------------------------------------------------------

# firewall PANEL POLICY...: what the control panel wrote in each profile, and KEY=VALUE of policies.
firewall() {
    {
        printf 'Windows Registry Editor Version 5.00\r\n\r\n'
        printf '[-HKEY_LOCAL_MACHINE\\SOFTWARE\\Policies\\Microsoft\\WindowsFirewall]\r\n\r\n'
        for written in DomainProfile StandardProfile PublicProfile; do
            printf '[HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\SharedAccess\\Parameters\\FirewallPolicy\\%s]\r\n' $written
            printf '"EnableFirewall"=dword:%s\r\n\r\n' "$1"
        done
        shift
        for policy; do
            printf '[HKEY_LOCAL_MACHINE\\SOFTWARE\\Policies\\Microsoft\\WindowsFirewall\\%s]\r\n' "${policy%=*}"
            printf '"EnableFirewall"=dword:%s\r\n\r\n' "${policy#*=}"
        done
    } >"$work/firewall.reg"
    wine reg import "$work/firewall.reg" >/dev/null 2>&1 || failed "the registry cannot be written"
    wine "$launch" "$sniff" --check -i "$near4" >"$work/check.txt" 2>&1 </dev/null
    says "$work/check.txt" '^The firewall is on'
}

# A policy overrides the control panel, in each profile: the prefix is the test's own.
# Test: rcvall.firewall_policy on mingw-x86_64
# Skipped: mingw-x86_64 unless namespaces
firewall_policy() {
    firewall 0 && failed "a firewall is seen that is off"
    firewall 1 || failed "the control panel's firewall is not seen"
    for profile in DomainProfile PrivateProfile StandardProfile PublicProfile; do
        firewall 0 $profile=1 || failed "the policy for $profile is not seen"
    done
    firewall 1 DomainProfile=0 PrivateProfile=0 PublicProfile=0 && failed "a policy that is off does not override"
    firewall 1 DomainProfile=0 StandardProfile=0 PublicProfile=0 && failed "an old policy that is off does not override"
    firewall 1 DomainProfile=0 PublicProfile=0 || failed "a profile without a policy is not the control panel's"
    firewall 0 PrivateProfile=0 StandardProfile=1 && failed "the old policy counts beside the new one"
    return 0
}

make_link
own_wine
start_relay "$relay"
"$4"
echo "$4: as documented"
