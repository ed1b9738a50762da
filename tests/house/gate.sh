# Every public function that uses a socket's handle does it inside the gate (src/common/socket/gate.h), no lock spins, and the frontend
# waits in one place (src/common/wait/wait.c).
. "$(dirname "$0")/common.sh"

command -v python3 >/dev/null || {
    echo "skipped: there is no python3"
    exit 77
}
report "the reader of the sources is wrong" "$(python3 tests/house/gate.py --self-test 2>&1 || echo "(it failed)")"
report "outside the gate" "$(python3 tests/house/gate.py . 2>&1 || echo "(the reader failed)")"
report "waits outside of src/common/wait/wait.c and the pollers" \
    "$(grep -nE 'ps__sys_(poller_)?wait\(' $(find src/common src/family -name '*.c') |
        grep -vE '^src/common/(wait/wait|poller/(fallback|poller_wait))\.c:')"
[ -n "$(grep 'ps__sys_wait(' src/common/wait/wait.c)" ] || report "src/common/wait/wait.c" "(it does not wait)"
# What a thread of the library waits in between two lookups is no wait of a call.
report "waits for work outside of src/common/resolve/worker.c" \
    "$(grep -n 'ps__sys_await_work(' $(find src/common src/family -name '*.c') | grep -v '^src/common/resolve/worker.c:')"
[ -n "$(grep 'ps__sys_await_work(' src/common/resolve/worker.c)" ] || report "src/common/resolve/worker.c" "(it does not wait)"
finish
