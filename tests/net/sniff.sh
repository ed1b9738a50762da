# portsock-sniff beside tcpdump, on real packets of real programs: in a network of its own, packet by packet.
#   sh sniff.sh PORTSOCK-SNIFF
# Test: net.sniff on linux-gcc
# Rows: R174.
# Skipped: linux unless namespaces
. "$(dirname "$0")/common.sh"
own_network "$0" "$@"
. "$(dirname "$0")/link.sh"

sniff=$1
make_link

# start_sniff NAME OPTION...: in the background; waits until it listens. Its output is NAME.txt and NAME-err.txt.
start_sniff() {
    name=$1
    shift
    "$sniff" "$@" >"$work/$name.txt" 2>"$work/$name-err.txt" &
    sniff_process=$!
    remember
    await 60 says "$work/$name-err.txt" 'listening on' || failed "portsock-sniff $* does not listen"
}

# ended PROCESS STATUS WHAT: it ends with that status.
ended() {
    await 60 has_ended "$1" || failed "$3 does not end"
    wait "$1"
    status=$?
    [ "$status" = "$2" ] || failed "$3 ended with $status, not $2"
}

same() {
    diff "$1" "$2" >"$work/difference.txt" || failed "$3"
}

# ---- everything, by filter, and lines --------------------------------------------------------------------------------

some_of_it="icmp or tcp port $$ or udp and not port 5005 and not vlan"
start_tcpdump
start_sniff all -i near -w "$work/all.pcapng" --print -t
all=$sniff_process
start_sniff tags -i near -w "$work/tags.pcap" "vlan 7"
tags=$sniff_process
start_sniff some -i near -s 60 -w "$work/some.pcapng" "$some_of_it"
some=$sniff_process
make_traffic
stop_tcpdump has_mark "$work/tcpdump.pcap"
await 60 has_mark "$work/all.pcapng" || failed "portsock-sniff has not written the last packet"
kill -INT "$all" "$tags" "$some"
ended "$all" 0 "portsock-sniff"
ended "$tags" 0 "portsock-sniff vlan 7"
ended "$some" 0 "portsock-sniff with a filter"

packets "$work/tcpdump.pcap" -e -xx "not ($own_business)" >"$work/theirs.txt"
packets "$work/all.pcapng" -e -xx "not ($own_business)" >"$work/ours.txt"
count=$(wc -l <"$work/theirs.txt")
[ "$count" -ge 50 ] || failed "tcpdump has seen only $count packets"
same "$work/theirs.txt" "$work/ours.txt" "tcpdump's packets (<) are not ours (>)"
for kind in 'ICMP echo request' 'ICMP echo reply' 'vlan 7' 'vlan 100' 'Flags \[S\]' 'Flags \[R' 'Flags \[F' 'UDP, length 1472' 'ip-proto-17' \
    'ARP'; do
    says "$work/ours.txt" "$kind" || failed "there is no $kind in the traffic"
done

# Nanoseconds. The kernel stamps a packet that comes in once for all who see it, one that goes out for each.
stamps() {
    tshark -r "$1" -Y '!(ipv6.dst == ff02::16 || ipv6.dst == ff02::2 || ipv6.src == ::)' -T fields -e frame.time_epoch 2>/dev/null | sort
}
stamps "$work/tcpdump.pcap" >"$work/their-times.txt"
stamps "$work/all.pcapng" >"$work/our-times.txt"
python3 - "$work/their-times.txt" "$work/our-times.txt" <<'END' || failed "tcpdump's times are not ours"
import sys
from decimal import Decimal
theirs, ours = ([Decimal(line) for line in open(path)] for path in sys.argv[1:])
assert len(theirs) == len(ours)
assert max(abs(a - b) for a, b in zip(theirs, ours)) < 1
assert sum(a == b for a, b in zip(theirs, ours)) > len(ours) / 3
assert sum(t % Decimal("0.000001") != 0 for t in ours) > len(ours) / 2
END

# The tool's lines are those of tcpdump for the file, in its order; and those of the file when it is read.
tcpdump -t -n -S -r "$work/all.pcapng" 2>/dev/null >"$work/their-lines.txt"
same "$work/their-lines.txt" "$work/all.txt" "tcpdump's lines (<) are not ours (>)"
"$sniff" -r "$work/all.pcapng" -t >"$work/read.txt" || failed "portsock-sniff -r"
same "$work/all.txt" "$work/read.txt" "the lines (<) are not those of the file (>)"
says "$work/all-err.txt" "^$(wc -l <"$work/all.txt") packets captured\$" || failed "the count is not that of the lines"
says "$work/all-err.txt" '^0 packets dropped by kernel$' || failed "packets were dropped"

# Filters: the kernel's work is what tcpdump makes of the whole file.
packets "$work/tcpdump.pcap" -xx "vlan 7" >"$work/their-tags.txt"
packets "$work/tags.pcap" -xx >"$work/our-tags.txt"
same "$work/their-tags.txt" "$work/our-tags.txt" "tcpdump's packets of VLAN 7 (<) are not ours (>)"
[ "$(wc -l <"$work/our-tags.txt")" -ge 1 ] || failed "no packet of VLAN 7"
"$sniff" -r "$work/all.pcapng" -t -q -s 60 -w "$work/again.pcapng" "$some_of_it" || failed "portsock-sniff -r -w"
packets "$work/again.pcapng" -xx >"$work/again.txt"
packets "$work/some.pcapng" -xx >"$work/our-some.txt"
[ "$(packets "$work/tcpdump.pcap" -xx "$some_of_it" | wc -l)" = "$(wc -l <"$work/our-some.txt")" ] ||
    failed "the filter kept another number of packets than tcpdump's"
same "$work/again.txt" "$work/our-some.txt" "what the filter makes of the file (<) is not what the kernel kept (>)"

tcpdump -ddd -r "$work/tcpdump.pcap" icmp >"$work/program" 2>/dev/null
"$sniff" -r "$work/all.pcapng" -t -F "$work/program" >"$work/by-program.txt" || failed "portsock-sniff -F"
"$sniff" -r - -t icmp <"$work/all.pcapng" >"$work/by-text.txt" || failed "portsock-sniff -r -"
same "$work/by-program.txt" "$work/by-text.txt" "tcpdump's program (<) is not the expression (>)"
[ -s "$work/by-text.txt" ] || failed "the filter kept nothing"

# Bytes, beside tcpdump's.
"$sniff" -r "$work/all.pcapng" -t -xx -c 20 | grep '0x' >"$work/our-hex.txt"
tcpdump -r "$work/all.pcapng" -t -n -xx -c 20 2>/dev/null | grep '0x' >"$work/their-hex.txt"
same "$work/their-hex.txt" "$work/our-hex.txt" "tcpdump's bytes (<) are not ours (>)"
"$sniff" -r "$work/all.pcapng" -t -X icmp | grep '0x' >"$work/our-hex.txt"
tcpdump -r "$work/all.pcapng" -t -n -X icmp 2>/dev/null | grep '0x' >"$work/their-hex.txt"
same "$work/their-hex.txt" "$work/our-hex.txt" "tcpdump's bytes and ASCII (<) are not ours (>)"

# The summary: plain lines in a file, redrawn on a terminal.
"$sniff" -r "$work/all.pcapng" --top >"$work/top.txt" || failed "portsock-sniff --top"
says "$work/top.txt" '^Protocols:$' && says "$work/top.txt" "^  $far4 .* packets " || failed "the summary shows too little"
! grep -q "$(printf '\033')" "$work/top.txt" || failed "the summary in a file is one for a terminal"
TERM=xterm python3 -c 'import pty, sys
sys.exit(pty.spawn(sys.argv[1:]) >> 8)' "$sniff" -r "$work/all.pcapng" --top >"$work/terminal.txt" </dev/null || failed "--top on a terminal"
grep -q "$(printf '\033')\[H" "$work/terminal.txt" || failed "the summary on a terminal is not redrawn"

# A name, without what a terminal would act on.
"$sniff" -i "$(printf 'a\342\200\256b\302\205c\033d\303\251')" >"$work/name.txt" 2>&1 && failed "an interface of any name is there"
says "$work/name.txt" 'a\\xe2\\x80\\xaeb\\xc2\\x85c\\x1bdé' || failed "a name is not printed as it should be"
"$sniff" -c "$(printf '\033[31mx')" >"$work/number.txt" 2>&1 && failed "a number of any characters is taken"
says "$work/number.txt" '-c: "\\x1b\[31mx" is no number' || failed "a value is not printed as it should be"
"$sniff" "$(printf -- '--count=\033[31mx')" 2>&1 | grep -q "$(printf '\033')" && failed "a value in an option is printed as it is"

# What Wireshark's tools say of the files.
capinfos "$work/all.pcapng" >"$work/capinfos.txt" 2>&1 || failed "capinfos does not read the file"
says "$work/capinfos.txt" 'nanosecond' || failed "the file has no nanoseconds"

# ---- how it ends -----------------------------------------------------------------------------------------------------

ip -d link show near | grep -q 'promiscuity 0' || failed "near is still promiscuous"
start_sniff promiscuous -i near -q
ip -d link show near | grep -q 'promiscuity 1' || failed "near is not promiscuous"
kill -KILL "$sniff_process"
wait "$sniff_process"
ip -d link show near | grep -q 'promiscuity 0' || failed "near is promiscuous after a kill"
start_sniff modest -i near -p -c 1 icmp
ip -d link show near | grep -q 'promiscuity 0' || failed "near is promiscuous in spite of -p"
ping -c 1 "$far4" >/dev/null
ended "$sniff_process" 0 "portsock-sniff -c 1"
[ "$(wc -l <"$work/modest.txt")" = 1 ] || failed "-c 1 shows another number of lines"

# A full disk: all that was written is readable.
mkdir "$work/small"
mount -t tmpfs -o size=64k tmpfs "$work/small"
start_sniff full -i near -w "$work/small/full.pcapng"
ping -c 60 -i 0.002 -s 1400 "$far4" >/dev/null
ended "$sniff_process" 1 "portsock-sniff on a full disk"
says "$work/full-err.txt" 'full.pcapng: no space left$' || failed "a full disk is not told"
tshark -r "$work/small/full.pcapng" >"$work/full-read.txt" 2>"$work/full-read-err.txt" || failed "the file of a full disk is not readable"
[ "$(wc -l <"$work/full-read.txt")" -ge 20 ] || failed "the file of a full disk has lost packets"
umount "$work/small"

# A cut file.
head -c 2000 "$work/all.pcapng" >"$work/cut.pcapng"
"$sniff" -r "$work/cut.pcapng" -t >"$work/cut.txt" 2>"$work/cut-err.txt" && failed "a cut file is read without an error"
says "$work/cut-err.txt" 'cut or damaged behind packet' || failed "a cut file is not told"
head -n "$(wc -l <"$work/cut.txt")" "$work/all.txt" >"$work/cut-theirs.txt"
same "$work/cut-theirs.txt" "$work/cut.txt" "the lines of a cut file"
[ -s "$work/cut.txt" ] || failed "a cut file shows nothing"

# The interface vanishes.
start_sniff gone -i near -w "$work/gone.pcapng"
ping -c 2 -i 0.2 "$far4" >/dev/null
ip link del near
ended "$sniff_process" 1 "portsock-sniff without its interface"
says "$work/gone-err.txt" 'near: the interface is gone$' || failed "that the interface is gone is not told"
tcpdump -n -r "$work/gone.pcapng" 2>/dev/null | grep -q 'echo reply' || failed "the file is not readable"

# ---- bad input -------------------------------------------------------------------------------------------------------

# refused STATUS PATTERN OPTION...
refused() {
    expected=$1
    pattern=$2
    shift 2
    "$sniff" "$@" >"$work/refused.txt" 2>&1
    status=$?
    [ "$status" = "$expected" ] || failed "portsock-sniff $*: status $status, not $expected"
    says "$work/refused.txt" "$pattern" || failed "portsock-sniff $*: nothing like $pattern"
}
refused 2 '^portsock-sniff: -c: "0" is no number' -c 0
refused 2 '^portsock-sniff: -s: "x" is no number' -s x
refused 2 '^portsock-sniff: -z: no such option' -z
refused 2 '^portsock-sniff: -i: this needs a value' -i
refused 2 '^portsock-sniff: --bogus: no such option' --bogus
refused 1 '^portsock-sniff: near: no such device$' -i near
refused 1 '^portsock-sniff: no-such-file: no such file' -r no-such-file
refused 1 '^portsock-sniff: /dev/null: not a capture file' -r /dev/null
refused 1 '^          ^$' -i lo "tcp and prt 80"
refused 1 '^portsock-sniff: /no/such/file: no such file' -i lo -w /no/such/file
refused 0 '^usage: portsock-sniff' --help
refused 0 '^portsock-sniff [0-9]*\.[0-9]*\.[0-9]*$' --version
refused 0 ' lo .*loopback.* 127.0.0.1/8' -D

echo "$count packets are the same"
