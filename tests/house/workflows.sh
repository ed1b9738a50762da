# The workflows of GitHub Actions, which cannot be run here, are well formed and name what is there.
. "$(dirname "$0")/common.sh"

# A python3 that has PyYAML: Debian's python3-yaml is for Debian's own.
python=
for candidate in python3 /usr/bin/python3; do
    ! "$candidate" -c 'import yaml' 2>/dev/null || python=$candidate
done
[ -n "$python" ] || {
    echo "skipped: there is no python3 with PyYAML"
    exit 77
}

# check FILE...: what is wrong with them.
check() {
    "$python" tests/house/workflows.py "$@" 2>&1 || echo "(it failed)"
}

# shellcheck disable=SC2046
report "workflows" "$(check $(find .github/workflows -name '*.yml'))"

# A rule that finds nothing anywhere may have ceased to work: each must find what breaks it.
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
breaks='s/ubuntu-latest$//
/timeout-minutes/d
s/contents: read/contents: write/
s/@3d3c[0-9a-f]*/@v7/
s/ # v7.0.1$//
s/needs: debian/needs: ubuntu/
s/name: tests/name: ${{ secrets.TOKEN }}/
s#sh tests/run.sh#sh tests/run_all.sh#
s/--preset mingw-x86_64/--preset mingw/
s/--target windows-check/--target windows-zip/
s/PORTSOCK_HOUSE_TESTS/PORTSOCK_HOUSE/
s/conformance|/conformances|/
s/brew install/port install/
s/^jobs:/  jobs:/'
number=0
for break in $breaks; do
    number=$((number + 1))
    sed "$break" .github/workflows/tests.yml >"$work/$number.yml"
done
check "$work"/*.yml >"$work/found"
number=0
for break in $breaks; do
    number=$((number + 1))
    grep -qF "$work/$number.yml: " "$work/found" ||
        report "what breaks the rules is not found" "$break"
done
finish
