# What the public headers declare is in their library, and nothing else that is not internal.
. "$(dirname "$0")/common.sh"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# check_library WHAT HEADERS OBJECTS SHARED-LIBRARY
check_library() {
    declared_functions "$2" >"$work/declared"
    if [ "$shared" = 1 ]; then
        exported_symbols "$4"
    else
        defined_symbols "$3" | grep -v '^ps__'
    fi >"$work/given"

    # shellcheck disable=SC2046
    lines=$(grep -hE '^PS_(CAPTURE_)?API ' $(printf '%s' "$2" | tr ' ' '\n') | wc -l)
    functions=$(wc -l <"$work/declared")
    [ "$lines" = "$functions" ] ||
        report "lines of $1's headers that do not declare one function each" "$lines lines, $functions functions"

    report "declared but not in $1" "$(comm -23 "$work/declared" "$work/given")"
    report "in $1 but not declared" "$(comm -13 "$work/declared" "$work/given")"
}

check_library portsock "$core_headers" "$objects" "$library"
[ -z "$capture_objects" ] ||
    check_library portsock-capture "$capture_headers" "$capture_objects" "$capture_library"
finish
