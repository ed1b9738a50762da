# Every promise (docs/promises.md, docs/traps.md) has tests that say so in a tag, or says why it has
# none; every tag is on a test and names a promise.
. "$(dirname "$0")/common.sh"

command -v python3 >/dev/null || {
    echo "skipped: there is no python3"
    exit 77
}
report "promises and tags" "$(python3 tests/parity/parity.py --check 2>&1 || echo "(it failed)")"
finish
