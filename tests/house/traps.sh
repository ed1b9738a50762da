# Every known difference between the systems is in tests/parity/traps.txt once, with tests that exist.
. "$(dirname "$0")/common.sh"

table=tests/parity/traps.txt
rows() { grep -v -e '^#' -e '^$' "$table"; }

# "group count" of the traps that there are.
groups='LIF 13
ADR 17
RES 19
CON 24
SND 22
TMO 14
ERR 8
OPT 17
DSC 10
RAW 11
UNX 11
NTL 10
THR 7'

wanted=$(printf '%s\n' "$groups" | awk '{ for (i = 1; i <= $2; i++) print $1 "-" i }')
found=$(rows | sed 's/ |.*//')
[ "$wanted" = "$found" ] ||
    report "traps that are missing, there twice, out of order, or unknown" \
        "$(printf '%s\n' "$wanted" "$found" | sort | uniq -u; printf '%s\n' "$found" | sort | uniq -d; echo "(see the order)")"

report "rows that lack a field" \
    "$(rows | awk -F ' *[|] *' 'NF < 4 || NF > 5 || $2 == "" || $3 == "" || ($4 == "") != ($5 ~ /^(by-source|elsewhere): ./)')"

# What each file's ADD_TEST_CASE lines add: FILE.TEST.
there=$(for file in tests/*/*.c; do
    sed -n "s/^[[:space:]]*ADD_TEST_CASE(suite, \([A-Za-z0-9_]*\));.*/$(basename "$file" .c).\1/p" "$file"
done | sort)
named=$(rows | awk -F ' *[|] *' '{ print $3; if ($4 != "") print $4 }' | grep -v '^by-source: .' |
    tr ',' '\n' | sed 's/^ *//; s/ *$//' | sort -u)
report "tests that are not there" "$(printf '%s\n' "$there" "$named" "$there" | sort | uniq -u)"
[ -n "$named" ] || report "the tests of the table" "(none named)"

finish
