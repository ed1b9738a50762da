# On Windows: the libraries and programs import nothing that the oldest supported version lacks, Windows 7 without service pack:
# tests/house/windows_functions.txt. Programs that import something else do not start there at all.
. "$(dirname "$0")/common.sh"

[ "$platform" = windows ] || exit 0
list=tests/house/windows_functions.txt

# functions: those of the list, "DLL FUNCTION".
functions() {
    awk '!/^#/ && NF > 0 { print $2, $1 }' "$list" | sort
}

# imports FILE: what its import table has, "DLL FUNCTION"; a function without a name is its number.
imports() {
    "$objdump" -p "$1" | tr -d '\r' | awk '
        /DLL Name:/ { dll = tolower($3); sub(/\.dll$/, "", dll); next }
        /^\t[0-9a-f]+\t/ && dll != "" { print dll, $3 }
        NF == 0 { dll = "" }' | sort -u
}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
functions >"$work/functions"

report "a row of $list is not FUNCTION DLL VERSION, once, or of a later Windows" "$(awk '
    /^#/ || NF == 0 { next }
    NF != 3 || $3 !~ /^(2000|XP|XP-SP1|XP-SP2|Vista|7|system)$/ || seen[$1 $2]++' "$list")"
report "$list has a DLL that is not one of the system's six" "$(awk '
    !/^#/ && NF > 0 && $2 !~ /^(kernel32|ws2_32|iphlpapi|advapi32|msvcrt|ntdll)$/' "$list")"

# What the libraries' objects take from a DLL, whether a program uses it or not.
cut -d ' ' -f 2 "$work/functions" | sort -u >"$work/names"
# shellcheck disable=SC2086
"$nm" -u $objects $capture_objects 2>/dev/null | sed -n "s/^ *U __imp_$underscore//p" | sed 's/@[0-9]*$//' | grep -v '^ps_' |
    sort -u >"$work/wanted"
[ -s "$work/wanted" ] || report "the objects" "(they import nothing at all)"
report "the objects import what is not in $list" "$(comm -23 "$work/wanted" "$work/names")"

# files: the programs, and the libraries where they are DLLs.
files() {
    for program in portsock-sniff $(cd examples && ls *.c | sed 's/\.c$//'); do
        echo "$programs/$program.exe"
    done
    [ "$shared" = 0 ] || printf '%s\n' "$library" $capture_library
}

for file in $(files); do
    [ -e "$file" ] || continue
    imports "$file" >"$work/imports"
    [ -s "$work/imports" ] || report "$file" "(its import table was not found)"
    report "$(basename "$file") imports what is not in $list" \
        "$(comm -23 "$work/imports" "$work/functions" | grep -v '^libportsock\(-capture\)\{0,1\} ps_')"
done
finish
