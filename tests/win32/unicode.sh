# Windows programs take arguments, paths and filters in Unicode, and print them, whatever the code pages are: letters that no
# code page has together.
#   sh unicode.sh EMULATOR SCREEN.exe PORTSOCK-SNIFF.exe ECHO_SERVER.exe ECHO_CLIENT.exe HAND_OVER.exe
# Test: unicode.programs on mingw-x86_64, mingw-i686
set -u
. "$(dirname "$0")/common.sh"

wine=$1
screen=$2
sniff=$3
echo_server=$4
echo_client=$5
hand_over=$6
name='Ж日é'

# lines COMMAND...: its output, with POSIX's ends of lines.
lines() {
    "$@" 2>&1 | tr -d '\r'
}

sniff() {
    lines "$wine" "$sniff" "$@"
}

# same WANTED GOT WHAT
same() {
    [ "$1" = "$2" ] || failed "$3: '$2', not '$1'"
}

# A capture file of one UDP datagram, raw IP.
printf '\324\303\262\241\002\000\004\000\000\000\000\000\000\000\000\000\377\377\000\000\145\000\000\000' >"$name.pcap"
printf '\001\000\000\000\000\000\000\000\034\000\000\000\034\000\000\000' >>"$name.pcap"
printf '\105\000\000\034\000\001\000\000\100\021\000\000\300\000\002\001\300\000\002\002' >>"$name.pcap"
printf '\003\350\007\320\000\010\000\000' >>"$name.pcap"
line='IP 192.0.2.1.1000 > 192.0.2.2.2000: UDP, length 0'

# ---- paths -----------------------------------------------------------------------------------------------------------

same "$line" "$(sniff -t -r "$name.pcap")" "-r"
same "" "$(sniff -r "$name.pcap" -w "$name out.pcapng")" "-w"
[ -s "$name out.pcapng" ] || failed "-w made no file of that name"
same "$line" "$(sniff -t -r "$name out.pcapng")" "-r of what -w made"
echo 'udp port 1000' >"$name.filter"
same "$line" "$(sniff -t -r "$name.pcap" -F "$name.filter")" "-F"
echo 'tcp' >"$name.filter"
same "" "$(sniff -t -r "$name.pcap" -F "$name.filter")" "-F with another filter"
same "$line" "$(echo 'udp' | sniff -t -r "$name.pcap" -F -)" "-F -"

# ---- what is printed, to a pipe and to a console ---------------------------------------------------------------------

no_file="portsock-sniff: $name no.pcap: no such file or directory"
no_filter="portsock-sniff: $name no.filter: the filter cannot be read"
wrong='portsock-sniff: the filter is not understood here:
  udp or Ж日é 7
         ^'
same "$no_file" "$(sniff -r "$name no.pcap")" "a missing file"
same "$no_filter" "$(sniff -r "$name.pcap" -F "$name no.filter")" "a missing filter"
same "$wrong" "$(sniff -r "$name.pcap" "udp or $name 7")" "a wrong filter"

on_screen() {
    lines "$wine" "$screen" "$sniff" "$@"
}
same "$no_file" "$(on_screen -r "$name no.pcap")" "a missing file, on the screen"
same "$no_filter" "$(on_screen -r "$name.pcap" -F "$name no.filter")" "a missing filter, on the screen"
same "$wrong" "$(on_screen -r "$name.pcap" "udp or $name 7")" "a wrong filter, on the screen"

# ---- the examples ----------------------------------------------------------------------------------------------------

start_server "$echo_server" 127.0.0.1 0
same "Received '\\xd0\\x96\\xe6\\x97\\xa5\\xc3\\xa9'" "$(lines "$wine" "$echo_client" 127.0.0.1 "$port" "$name")" "echo_client"
wait "$server"

# It starts itself again, from a directory with such a name.
mkdir "$name"
cp "$hand_over" "$name/"
start_server "$name/$(basename "$hand_over")" 127.0.0.1:0
same "Received 'x'" "$(lines "$wine" "$echo_client" 127.0.0.1 "$port" x)" "hand_over"
wait "$server"
echo "every program reads and writes Unicode"
