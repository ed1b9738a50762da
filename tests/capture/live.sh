# Real packets, captured by tcpdump in a network namespace of its own: their lines are tcpdump's.
. "$(dirname "$0")/common.sh"
need tcpdump unshare python3
unshare -n true 2>/dev/null || {
    echo "skipped: no network namespace can be made here"
    exit 77
}
cp "$(dirname "$0")/traffic.py" .
unshare -n python3 traffic.py live.pcap
theirs live.pcap >live.theirs
ours live.pcap >live.ours
[ "$(wc -l <live.ours)" -ge 40 ] || fail "only $(wc -l <live.ours) packets"
for kind in 'Flags \[S\]' 'UDP, length 3000' 'ip-proto-17' 'udp port 7 unreachable' 'frag (' 'IP6 .*Flags \[F\.\]' 'ICMP6.*udp port 7' \
    'ICMP echo request' 'ICMP6, echo reply'; do
    grep -q "$kind" live.ours || fail "no packet like '$kind'"
done
diff live.theirs live.ours || fail "tcpdump's lines (<) are not ours (>)"
