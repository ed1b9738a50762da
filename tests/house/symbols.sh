# Every name that the library gives to the linker starts with ps_; a shared library exports no internal one (ps__).
. "$(dirname "$0")/common.sh"

defined=$(defined_symbols)
[ -n "$defined" ] || report "the objects of the library" "(no symbol found at all)"
report "global symbols that do not start with ps_" "$(echo "$defined" | grep -v '^ps_')"

if [ "$shared" = 1 ]; then
    report "exported symbols that are not ps_ or are internal" "$(exported_symbols | grep -v '^ps_[a-z0-9]')"
fi

finish
