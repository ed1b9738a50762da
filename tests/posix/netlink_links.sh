#!/bin/sh
# What the example netlink_links tells of links and addresses is what ip(8) tells, in a network namespace made here; and it
# tells of a link that goes up, down, and away.
#   netlink_links.sh PROGRAM [EMULATOR...]
# Test: netlink_links.as_ip_shows on linux-gcc, linux-musl, linux-s390x
# Skipped: linux unless sys_admin
set -eu

if [ "${1:-}" != --inside ]; then
    unshare -n true 2>/dev/null || {
        echo "skipped: this process may make no network namespace"
        exit 77
    }
    exec unshare -n sh "$0" --inside "$@"
fi
program=$2
shift 2

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
trap 'exit 1' HUP INT TERM
cd "$folder"

fail() {
    echo "$*"
    exit 1
}

# The lines of ip, as the example writes them.
links() {
    ip -o link | sed 's/\\//g' | awk '{
        name = $2; sub(/:$/, "", name); sub(/@.*/, "", name)
        index_ = $1; sub(/:/, "", index_)
        line = "link " index_ ": " name ($3 ~ /[<,]UP[,>]/ ? " up" : " down")
        for (i = 4; i < NF; i++) {
            if ($i == "mtu") line = line " mtu " $(i + 1)
            if ($i ~ /^link\//) hardware = " address " $(i + 1)
        }
        print line hardware
    }'
}
addresses() {
    ip -o addr | awk '{ sub(/:/, "", $1); print "addr " $1 ": " $2 " " $3 " " $4 }'
}

ip link set lo up
ip link add left mtu 1400 address 02:00:00:00:00:0a type veth peer name right
ip link set left up
ip addr add 192.0.2.5/24 dev left
ip addr add 192.0.2.6/32 dev lo
[ ! -e /proc/net/if_inet6 ] || ip addr add 2001:db8::5/64 dev left nodad
{ links; addresses; } | sort >expected
"$@" "$program" | sort >told
diff expected told || fail "ip shows the first, netlink_links the second"
[ "$(grep -c . told)" -ge 6 ] || fail "too little to compare"

# The changes come in this order.
"$@" "$program" --watch 4 >watched &
watcher=$!
tries=100
until grep -q '^addr' watched; do
    tries=$((tries - 1))
    [ "$tries" -gt 0 ] || fail "no list before the changes"
    sleep 0.1
done
ip link set right down mtu 1300
ip link set right mtu 1299
ip link set right mtu 1298
ip link del right
wait "$watcher" || fail "netlink_links --watch ended with $?"
grep -E '^(changed|removed) ' watched >changes || true
[ "$(grep -c . changes)" = 4 ] || fail "expected 4 changes: $(cat watched)"
grep -qE '^changed link [0-9]+: right (up|down) mtu 1300 ' changes || fail "the first change: $(cat changes)"
