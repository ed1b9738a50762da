# The names that CHANGELOG.md lists as renamed are gone from the tree, and the new ones are in the
# public headers. A line is "old new", or "old -" for what is gone; a member is STRUCT.MEMBER, a
# header portsock/FILE.h or portsock-capture/FILE.h.
. "$(dirname "$0")/common.sh"

renames() {
    sed -n '/^<!-- renames: begin -->$/,/^<!-- renames: end -->$/p' CHANGELOG.md |
        grep -v -e '^<!--' -e '^```' -e '^$'
}

# Whether the headers have a name.
is_there() {
    case $1 in
    */*) [ -e "include/$1" ] ;;
    *.*)
        sed -n "/^typedef struct ${1%.*} {/,/^} ${1%.*};/p" $public_header_files |
            grep -qw "${1#*.}"
        ;;
    *) grep -qw "$1" $public_header_files ;;
    esac
}

report "not a line of two names" "$(renames | grep -vE '^[A-Za-z0-9_./-]+ ([A-Za-z0-9_./-]+|-)$')"
[ -n "$(renames)" ] || report "the list of renames" "(it is empty)"

for line in $(renames); do
    old=${line% *}
    new=${line#* }
    ! is_there "$old" || report "renamed, and there" "$old"
    [ "$new" = - ] || is_there "$new" || report "the new name of $old is not there" "$new"
done

# Old names in any file but the list itself. A member's name alone may be a word of its own.
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
renames | sed 's/ .*//' | grep -v '^[^/]*\.' >"$work/old"
report "an old name in the tree" "$(find . \( -name .git -o -path ./build \) -prune -o \
    -type f ! -path ./CHANGELOG.md -exec grep -InwF -f "$work/old" {} +)"
finish
