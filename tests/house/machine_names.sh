# No file names a folder of the machine that it was written on, or the server that its packages come from.
. "$(dirname "$0")/common.sh"

# This machine's own: the folder of these sources, if its name is a telling one, and the servers that apt uses.
own_names() {
    case $root in
    /*/*) echo "$root" ;;
    esac
    if command -v apt-get >/dev/null; then
        # shellcheck disable=SC2016
        apt-get indextargets --format '$(REPO_URI)' 2>/dev/null |
            sed -nE 's|^[a-z+]+://([^/@]*@)?([^/:]*[a-z][^/:]*\.[a-z]+)[/:].*|\2|p' | sort -u
    fi
}

# Anybody's: home folders and package servers. The brackets keep this file from matching itself.
any_names() {
    printf '%s\n' '(^|[^A-Za-z0-9_.$}-])/([h]ome|[U]sers)/[A-Za-z]' '(^|[^A-Za-z0-9_.$}-])/[r]oot/' '[A-Z]:[\\]+[U]sers' \
        '(deb|security|snapshot|ftp|archive|ports)[.](debian|ubuntu)[.]' '[r]egistry[.][a-z]{2,}' '[p]ypi[.]org' \
        '[f]iles[.]pythonhosted' '[c]rates[.]io' '[p]roxy[.]golang' '[r]epo1?[.]maven' '[r]ubygems[.]org'
}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# find_text OPTION: the lines that match one of the patterns on standard input.
find_text() {
    cat >"$work/patterns"
    [ ! -s "$work/patterns" ] ||
        find . \( -name .git -o -path ./build \) -prune -o -type f -exec grep -In "$1" -f "$work/patterns" {} +
}

report "a name of this machine" "$(own_names | find_text -F)"
report "a home folder or a package server" "$(any_names | find_text -E)"
finish
