# Every exported function is in tests/conformance/endings_calls.h once: in the table of what ends
# it, or in a list of those that have no row. The table is that of docs/threads.md, cell for cell.
. "$(dirname "$0")/common.sh"

calls=tests/conformance/endings_calls.h
document=docs/threads.md

# The table in C as "call|cell|cell...", in the document's words and without what the call waits
# for.
rows_in_c() {
    { tr -d '\\\n' <"$calls"; echo; } | sed 's/  */ /g; s/ X(/\n X(/g' |
        sed -n 's/^ X(\(ps_[a-z0-9_]*\), [a-z_]*, \([^)]*\)).*/\1, \2/p' |
        sed 's/, /|/g; s/GOES_ON/goes on/g; s/EITHER/either/g; s/NO_WAY/-/g'
}

section() {
    awk '/^## / { inside = $0 == "## What ends a call" } inside' "$document"
}

rows_in_document() {
    section | grep '^| `ps_' | sed 's/`//g; s/^| *//; s/ *|$//; s/ *| */|/g'
}

# The words of the lists, which are strings.
listed() {
    grep -o '"[^"]*"' "$calls" | tr -d '"' | tr ' ' '\n' | grep '^ps_'
}

there=$({
    rows_in_c | sed 's/|.*//'
    listed
} | sort)
report "exported, and not in $calls" "$(printf '%s\n' "$there" "$there" "$(declared_functions)" | sort | uniq -u)"
report "in $calls, and not exported" \
    "$({
        printf '%s\n' "$there" | sort -u
        declared_functions
        declared_functions
    } | sort | uniq -u)"
report "in $calls twice" "$(printf '%s\n' "$there" | uniq -d)"

in_c=$(rows_in_c)
in_document=$(rows_in_document)
[ "$in_c" = "$in_document" ] ||
    report "rows that only one of $calls and $document has, or in another order" \
        "$(printf '%s\n' "$in_c" "$in_document" | sort | uniq -u; echo "(see the order)")"

# Loopback has no silent name server: tests elsewhere show what ends a lookup, and say so in a tag
# (tests/parity/tags.py).
for way in deadline token hook; do
    grep -qrE "^/\\* .*Ends: .*lookup-$way[ .]" tests --include='*.c' ||
        report "no test has the tag" "Ends: lookup-$way."
done

finish
