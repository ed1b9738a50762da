# The emulation of SIO_RCVALL keeps Windows' rules: rules.c, each test in a process of its own, in a network namespace.
#   sh rules.sh RELAY LAUNCH.exe RULES.exe
# Test: rcvall.rules on mingw-x86_64
# Rows: R174.
# Skipped: mingw-x86_64 unless namespaces
. "$(dirname "$0")/../../net/common.sh"
own_network "$0" "$@"

relay=$1
launch=$2
rules=$3
ip link set lo up
own_wine
start_relay "$relay"

run() {
    timeout 100 wine "$launch" "$rules" "$@"
}

# last_order: the last control that the relay was told of.
last_order() {
    sed -n 's/^[0-9]* \(SIO_RCVALL[A-Z_]* RCVALL_[A-Z]*\) .*/\1/p' "$work/relay.txt" | tail -n 1
}

run --list | tr -d '\r' >"$work/names.txt"
says "$work/names.txt" '^rules_' || failed "no test is listed"
count=0
while read -r name; do
    case $name in
    rules_six_*) grep -q '^0\{31\}1 ' /proc/net/if_inet6 2>/dev/null || continue ;;
    esac
    case $name in
    rules_without_administrator) PORTSOCK_RCVALL_NO_ADMINISTRATOR=1 run "$name" ;;
    *) run "$name" ;;
    esac >"$work/output.txt" 2>&1 </dev/null || failed "$name"
    count=$((count + 1))
done <"$work/names.txt"

# A program that ended without switching off and closing shows as gone; this one has done both.
run rules_off_ends_it >"$work/output.txt" 2>&1 </dev/null || failed "rules_off_ends_it"
[ "$(last_order)" = "SIO_RCVALL RCVALL_IPLEVEL" ] || failed "the last order is $(last_order)"
await 20 says "$work/relay.txt" 'gone delivered=3$' || failed "the relay has not seen the program end"
run rules_rcvall_values >"$work/output.txt" 2>&1 </dev/null || failed "rules_rcvall_values"
[ "$(last_order)" = "SIO_RCVALL RCVALL_OFF" ] || failed "the last order is $(last_order)"

echo "$count rules are kept"
