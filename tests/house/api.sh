# What the public headers declare is in the library, and nothing else that is not internal.
. "$(dirname "$0")/common.sh"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
declared_functions >"$work/declared"
if [ "$shared" = 1 ]; then
    exported_symbols
else
    defined_symbols | grep -v '^ps__'
fi >"$work/given"

lines=$(grep -h '^PS_API ' include/portsock.h include/portsock/*.h | wc -l)
functions=$(wc -l <"$work/declared")
[ "$lines" = "$functions" ] ||
    report "PS_API lines that do not declare one function each" "$lines lines, $functions functions"

report "declared but not in the library" "$(comm -23 "$work/declared" "$work/given")"
report "in the library but not declared" "$(comm -13 "$work/declared" "$work/given")"
finish
