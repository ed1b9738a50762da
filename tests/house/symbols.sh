# Every name that a library gives to the linker starts with ps_; a shared library exports no internal one (ps__). The
# capture library stands on the public functions of the other, which knows nothing of captures.
. "$(dirname "$0")/common.sh"

# check_names WHAT OBJECTS SHARED-LIBRARY
check_names() {
    defined=$(defined_symbols "$2")
    [ -n "$defined" ] || report "the objects of $1" "(no symbol found at all)"
    report "global symbols of $1 that do not start with ps_" "$(echo "$defined" | grep -v '^ps_')"
    [ "$shared" = 1 ] || return 0
    report "exported symbols of $1 that are not ps_ or are internal" "$(exported_symbols "$3" | grep -v '^ps_[a-z0-9]')"
}

check_names portsock "$objects" "$library"
if [ -n "$capture_objects" ]; then
    check_names portsock-capture "$capture_objects" "$capture_library"

    work=$(mktemp -d)
    trap 'rm -rf "$work"' EXIT
    defined_symbols "$objects" >"$work/core"
    defined_symbols "$capture_objects" >"$work/capture"
    wanted_symbols "$objects" | grep '^ps_' >"$work/core-wants"
    wanted_symbols "$capture_objects" | grep '^ps_' | comm -23 - "$work/capture" >"$work/capture-wants"
    declared_functions "$core_headers" >"$work/public"

    [ -s "$work/capture-wants" ] || report "what portsock-capture takes from portsock" "(nothing found at all)"
    report "portsock-capture uses what is not public" "$(comm -23 "$work/capture-wants" "$work/public")"
    report "portsock uses what it does not define" "$(comm -23 "$work/core-wants" "$work/core")"
    report "names in both libraries" "$(comm -12 "$work/core" "$work/capture")"
    report "captures in portsock" "$(grep -E '^ps_(capture|filter|dissect|packet)' "$work/core")"
fi

finish
