# Wireshark's own tools read the files without a word, find in them what was written, and what they write is read here.
. "$(dirname "$0")/common.sh"
need capinfos tshark editcap
HOME=$work
export HOME

# silent COMMAND...: says nothing on standard error but that it runs as root.
silent() {
    "$@" 2>errors || fail "$*: $(cat errors)"
    grep -v -e 'Running as user "root"' -e '^$' errors >complaints || true
    [ ! -s complaints ] || fail "$*: $(cat complaints)"
}

# expect FILE FIELD VALUE: what capinfos says.
expect() {
    silent capinfos -M "$1" >infos
    grep -Eq "^$2: *$3\$" infos || fail "$1: not '$2: $3' in: $(cat infos)"
}

for format in pcap pcapng microseconds; do
    tool write "$format" "$format" 1
    count=$(tool lines "$format" | wc -l)
    expect "$format" "Number of packets" "$count"
    silent tshark -n -r "$format" >lines
    [ "$(wc -l <lines)" -ge "$count" ] || fail "$format: tshark shows $(wc -l <lines) of $count packets"
done
expect pcap "File type" nsecpcap
expect microseconds "File type" pcap
expect pcapng "File type" pcapng
expect pcapng "File timestamp precision" "nanoseconds \(9\)"

# Times, to the nanosecond.
silent tshark -n -r pcapng -c 2 -T fields -e frame.time_epoch >times
[ "$(cat times)" = "1700000000.001000001
1700000000.002000002" ] || fail "times: $(cat times)"

# Several interfaces, empty and long packets, lengths on the wire, directions, counts.
tool mixed mixed
expect mixed "Number of packets" 16
expect mixed "Number of interfaces in file" 4
silent capinfos mixed >infos
grep -q "Name = first" infos || fail "the name of an interface: $(cat infos)"
silent tshark -n -r mixed -T fields -e frame.len -e frame.cap_len -e frame.interface_id -e frame.packet_flags_direction >fields
awk 'BEGIN { split("0 1 1500 65535", length_of, " ") }
    {
        i = NR - 1; captured = length_of[int(i / 4) + 1]; direction = i % 3
        expected = captured + i % 2 * 100 "\t" captured "\t" i % 4 "\t" (direction ? "0x0000000" direction : "")
        if ($0 != expected) print "packet " NR ": " $0 " instead of " expected
    }' fields >wrong
[ "$(wc -l <fields)" = 16 ] && [ ! -s wrong ] || fail "the mixed file: $(cat wrong fields)"

# There and back: what editcap writes reads the same.
ours pcapng >before
for format in pcap nsecpcap pcapng; do
    silent editcap -F "$format" pcapng "edited.$format" >/dev/null
    ours "edited.$format" >after
    diff before after || fail "what editcap made of the file as $format reads otherwise"
done
silent editcap mixed edited.mixed >/dev/null
tool copy edited.mixed copied pcapng
expect copied "Number of packets" 16
silent tshark -n -r copied -T fields -e frame.len -e frame.cap_len -e frame.interface_id -e frame.packet_flags_direction >again
diff fields again || fail "the mixed file, by editcap and copied"
