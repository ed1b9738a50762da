# The Windows programs on real packets: sniffer_windows.exe and portsock-sniff.exe, unchanged, under Wine with the emulation of
# raw sockets and SIO_RCVALL (rcvall.c), beside tcpdump on the Linux side.
#   sh sniff.sh RELAY LAUNCH.exe PORTSOCK-SNIFF.exe SNIFFER_WINDOWS.exe
# Test: rcvall.sniff on mingw-x86_64
# Rows: R174.
# Skipped: mingw-x86_64 unless namespaces
. "$(dirname "$0")/../../net/common.sh"
own_network "$0" "$@"
. "$(dirname "$0")/../../net/link.sh"
. "$(dirname "$0")/windows.sh"

relay=$1
launch=$2
sniff=$3
sniffer_windows=$4
make_link
own_wine
start_relay "$relay"

on='SIO_RCVALL RCVALL_ON
SIO_RCVALL RCVALL_OFF'
ip_level='SIO_RCVALL RCVALL_IPLEVEL
SIO_RCVALL RCVALL_OFF'

same() {
    diff "$1" "$2" >"$work/difference.txt" || failed "$3"
}

# ---- the reference's last example ------------------------------------------------------------------------------------

start_tcpdump
start_windows example "$sniffer_windows" "$near4"
await 100 says "$work/relay.txt" 'RCVALL_ON 0' || failed "sniffer_windows does not switch SIO_RCVALL on"
in_far ping -c 1 "$near4" >/dev/null
ended "$windows_process" 0 "sniffer_windows"
ordered "$on" "sniffer_windows"
has_reply() {
    tcpdump -n -r "$work/tcpdump.pcap" icmp 2>/dev/null | grep -q reply
}
stop_tcpdump has_reply
windows_lines example.txt >"$work/example-lines.txt"
packets "$work/tcpdump.pcap" -x ip >"$work/example-theirs.txt"
python3 - "$work/example-lines.txt" "$work/example-theirs.txt" <<'END' || failed "sniffer_windows shows no packet that tcpdump has"
import ast, sys
text = open(sys.argv[1]).read()
data, (host, port) = ast.literal_eval(text.replace("('", "(b'", 1) if text.startswith("('") else text.replace('("', '(b"', 1))
theirs = [bytes.fromhex(line.split(" | ")[1]) for line in open(sys.argv[2])]
assert data[0] == 0x45 and port == 0, (data, port)
assert host == ".".join(str(b) for b in data[12:16]), host
assert data in theirs, (data, theirs)
END

# ---- the program, beside tcpdump -------------------------------------------------------------------------------------

start_tcpdump
start_windows all "$sniff" -i "$near4" -w "$work/all.pcapng" --print -t
await 100 says "$work/all-err.txt" 'listening on' || failed "portsock-sniff does not listen"
all=$windows_process
make_traffic
await 100 has_mark "$work/all.pcapng" || failed "portsock-sniff has not written the last packet"
kill -INT "$all"
ended "$all" 0 "portsock-sniff, at Ctrl-C,"
ordered "$on" "portsock-sniff, at Ctrl-C,"
stop_tcpdump has_mark "$work/tcpdump.pcap"

# Windows shows IPv4 from its header on, and no frame that is tagged.
packets "$work/all.pcapng" -x >"$work/ours.txt"
packets "$work/tcpdump.pcap" -x 'ip and not vlan' >"$work/theirs.txt"
same "$work/theirs.txt" "$work/ours.txt" "tcpdump's packets (<) are not ours (>)"
count=$(wc -l <"$work/ours.txt")
[ "$count" -ge 30 ] || failed "only $count packets"
for kind in 'ICMP echo request' 'ICMP echo reply' 'Flags \[S\]' 'Flags \[F' 'UDP, length 1472' 'ip-proto-17'; do
    says "$work/ours.txt" "$kind" || failed "there is no $kind in the traffic"
done
windows_lines all.txt >"$work/lines.txt"
tcpdump -t -n -S -r "$work/all.pcapng" 2>/dev/null >"$work/their-lines.txt"
same "$work/their-lines.txt" "$work/lines.txt" "tcpdump's lines of the file (<) are not ours (>)"
windows_lines all-err.txt | grep -qx "$count packets captured" || failed "the count is not $count"
windows_lines all-err.txt | grep -q 'this system does not count them' || failed "drops are told that cannot be known"

# ---- how it ends -----------------------------------------------------------------------------------------------------

start_windows counted "$sniff" -i "$near4" -p -c 2 -t -x "icmp and src $far4"
await 100 says "$work/counted-err.txt" 'listening on' || failed "portsock-sniff -c does not listen"
ping -c 3 -i 0.2 "$far4" >/dev/null
ended "$windows_process" 0 "portsock-sniff -c 2"
ordered "$ip_level" "portsock-sniff -p -c 2"
[ "$(windows_lines counted.txt | grep -c "^IP $far4 > $near4: ICMP echo reply")" = 2 ] || failed "-c 2 shows another number of packets"

start_windows unwritable "$sniff" -i "$near4" -w "$work/no/such/file"
ended "$windows_process" 1 "portsock-sniff with a file that cannot be"
ordered "$on" "portsock-sniff with a file that cannot be"
windows_lines unwritable-err.txt | grep -q 'no such file' || failed "a file that cannot be is not told"

start_windows misspelt "$sniff" -i "$near4" "udp prt 80"
ended "$windows_process" 1 "portsock-sniff with a filter that is not right"
ordered "$on" "portsock-sniff with a filter that is not right"
windows_lines misspelt-err.txt | grep -q '^      ^$' || failed "the fault in the filter is not shown"

# Without administrator's rights.
PORTSOCK_RCVALL_NO_ADMINISTRATOR=1 wine "$launch" "$sniff" -i "$near4" >"$work/rights.txt" 2>&1 </dev/null && failed "a capture without rights"
grep -q "^portsock-sniff: $near4: operation not permitted" "$work/rights.txt" || failed "missing rights are not told"
PORTSOCK_RCVALL_NO_ADMINISTRATOR=1 wine "$launch" "$sniffer_windows" "$near4" >"$work/rights.txt" 2>&1 </dev/null && failed "a sniffer without rights"
grep -q "administrator's rights" "$work/rights.txt" || failed "missing rights are not told by the example"
wine "$launch" "$sniff" -D 2>/dev/null </dev/null | grep -q " $near4/24" || failed "-D does not show $near4"

echo "$count packets are the same"
