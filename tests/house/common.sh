# Sourced by the scripts here: reads the settings that the build wrote (house.cmake), and collects what breaks a rule.
# shellcheck shell=sh disable=SC2034,SC2154,SC1090
set -eu
LC_ALL=C
export LC_ALL
. "${1:?usage: sh RULE.sh SETTINGS, which ctest does}"
cd "$root"

# Lists are split at line ends only, since a path may have spaces.
IFS='
'
for object in $objects; do
    [ -e "$object" ] || {
        echo "there is no $object: build first"
        exit 1
    }
done

broken=0

# report HEADING LINES: any line at all is a broken rule.
report() {
    [ -n "$2" ] || return 0
    printf '%s:\n%s\n' "$1" "$2"
    broken=1
}

finish() {
    exit "$broken"
}

# 32-bit Windows puts this in front of each C name.
underscore=
if "$cc" -dumpmachine | grep -q '^i[3-6]86-.*mingw'; then
    underscore=_
fi

# The global symbols that the library's objects define, without what a compiler adds by itself: references of 64-bit
# MinGW, and the address sanitizer's marks.
defined_symbols() {
    "$nm" -g --defined-only $objects | awk 'NF == 3 { print $3 }' | sed "s/^$underscore//" |
        grep -v -e '^\.refptr\.' -e '^__odr_asan' | sort -u
}

# The symbols of a shared library that programs can link with.
exported_symbols() {
    if [ "$platform" = windows ]; then
        "$objdump" -p "$library" |
            awk '/^\[Ordinal\/Name Pointer\] Table/ { table = 1; next } table && NF == 0 { exit } table { print $NF }'
    else
        "$nm" -D -g --defined-only "$library" | awk '{ print $NF }'
    fi | sort -u
}

# The functions that the public headers declare.
declared_functions() {
    sed -n 's/^PS_API [^(]*[ *]\(ps_[a-z0-9_]*\)(.*/\1/p' include/portsock.h include/portsock/*.h | sort -u
}
