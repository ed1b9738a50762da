# Comments, documents and messages use the field's terms, lines of C have at most 100 characters, and conditions test a
# pointer p as p and !p.
. "$(dirname "$0")/common.sh"

# Words of our own, by what stands for them: "word|replacement".
words='the reference|Python 2.7
look-ups?|lookup
evens? out|normalizes
(the|a) way out|opt-out
told|reported, learns
tells|reports
gives|returns
under way|in progress, pending
beside (a|an|another|the|other|each|calls)|while calls are in progress
rooms?|space, size, capacity
emptied|drained
eaten|drained
folders?|directory
bells?|what it is
doors?|what it is
spoilt|what it is
nobody|no NOUN
somebody|a NOUN
the latter|the noun
the former|the noun
ps__(un)?marks?|ps__flags, ps__set_flags, ps__clear_flags'

# Files whose text is read by users or engineers; without images and data.
texts() {
    find src include docs examples tools README.md CHANGELOG.md CONTRIBUTING.md SECURITY.md -type f \
        \( -name '*.[ch]' -o -name '*.md' -o -name '*.txt' -o -name '*.def' -o -name '*.sh' \) | sort
}

sources() {
    find src include tests examples tools bench -type f \( -name '*.[ch]' -o -name '*.cpp' \) | sort
}

# found WORDS FILE...: the lines of the files that have one of the words, which are a row each.
found() {
    rows=$1
    shift
    for row in $rows; do
        grep -nEiw -e "${row%|*}" "$@" /dev/null | sed "s#\$#    <- ${row##*|}#"
    done
}

# compared FILE...: comparisons with NULL that are more than a bool which is returned or assigned as it is.
compared() {
    grep -nE '[!=]= NULL' "$@" /dev/null | grep -vE ':[^:]*(return|[^=!<>]=) [^&|?]* [!=]= NULL;$' || :
}

long_lines() {
    awk 'length > 100 { print FILENAME ":" FNR ": " length " characters" }' "$@"
}

# A rule that finds nothing anywhere may have ceased to work: each must find what breaks it.
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
printf '%s\n' 'int f(char *p) { if (p == NULL) return 1; }' '/* The door is under way. */' \
    "/* $(printf '%0101d' 0) */" >"$work/broken.c"
printf '%s\n' 'bool f(char *p) {' '    return p != NULL;' '    ok = p == NULL;' '/* An outdoor test. */' >"$work/whole.c"
found_here=$(found "$words" "$work/broken.c" | wc -l),$(compared "$work/broken.c" | wc -l),$(long_lines "$work/broken.c" | wc -l)
[ "$found_here" = 2,1,1 ] || report "what breaks the rules is not found" "$found_here"
report "what is right is refused" "$(found "$words" "$work/whole.c")$(compared "$work/whole.c")$(long_lines "$work/whole.c")"

# shellcheck disable=SC2046
report "words of our own: use the field's terms" "$(found "$words" $(texts))"
# shellcheck disable=SC2046
report "comparisons with NULL in conditions: use p and !p" \
    "$(compared $(find src tools examples bench -name '*.[ch]'))"
# shellcheck disable=SC2046
report "lines of more than 100 characters" "$(long_lines $(sources))"
finish
