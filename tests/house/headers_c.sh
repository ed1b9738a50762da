# Every public header compiles alone, as strict C11.
. "$(dirname "$0")/common.sh"
. "$root/tests/house/headers.sh"

compile_headers c "$cc" -std=c11
finish
