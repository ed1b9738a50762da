# The line of each packet of the tests is the one of tcpdump; cut after each byte, too, unless ours says that a header ends
# too soon, where tcpdump may show what is left of it.
. "$(dirname "$0")/common.sh"
need tcpdump

for link in 0 1 101 108 113 276; do
    tool write whole.pcap pcap "$link"
    theirs whole.pcap >whole.theirs
    ours whole.pcap >whole.ours
    [ -s whole.ours ] || fail "no packets of link type $link"
    diff whole.theirs whole.ours || fail "link type $link: tcpdump's lines (<) are not ours (>)"

    tool cuts cuts.pcap "$link"
    theirs cuts.pcap >cuts.theirs
    ours cuts.pcap >cuts.ours
    [ "$(wc -l <cuts.theirs)" = "$(wc -l <cuts.ours)" ] || fail "link type $link: not as many lines of cut packets"
    paste -d '\t' cuts.theirs cuts.ours | awk -F '\t' '$1 != $2 && $2 !~ /\[\|/' >differ
    # An encryption header with nothing behind it is one that is cut for tcpdump.
    grep -v 'ESP(' differ >differ.really || true
    [ ! -s differ.really ] || fail "link type $link, cut packets: $(cat differ.really)"
done
