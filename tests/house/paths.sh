# Every link in the Markdown files, and every file or directory that they name, exists.
. "$(dirname "$0")/common.sh"

command -v python3 >/dev/null || {
    echo "skipped: there is no python3"
    exit 77
}
report "does not exist" "$(python3 tests/house/paths.py 2>&1 || echo "(it failed)")"
finish
