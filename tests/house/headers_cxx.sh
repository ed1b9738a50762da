# Every public header compiles alone, as strict C++17.
. "$(dirname "$0")/common.sh"
. "$root/tests/house/headers.sh"

command -v "$cxx" >/dev/null || {
    echo "skipped: there is no $cxx"
    exit 77
}
compile_headers c++ "$cxx" -std=c++17
finish
