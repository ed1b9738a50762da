# Every function that takes a socket is run beside every other one by tests/conformance/beside.c, or is named there with the
# reason why it is not.
. "$(dirname "$0")/common.sh"

source=tests/conformance/beside.c
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# The functions of the public headers with a socket among their parameters, alone or in a list for a poll.
functions_of_sockets() {
    awk '/^PS_API / { text = ""; inside = 1 }
        inside { text = text " " $0 }
        inside && /;/ {
            inside = 0
            if (text ~ /[(,] *(const )?(ps_sock|ps_pollfd) [*a-z]/ && match(text, /ps_[a-z0-9_]*\(/))
                print substr(text, RSTART, RLENGTH - 1)
        }' include/portsock.h include/portsock/*.h | sort -u
}

# The functions that the rows of the table stand for.
rows() {
    sed -n 's/^ *{OPERATION(\(ps_[a-z0-9_]*\), .*/\1/p' "$source" | sort -u
}

# The names in the list of exceptions that have a reason.
exceptions() {
    sed -n '/^ \* Not in the table:/,/^ \*\//s/^ \*   \(ps_[a-z0-9_]*\)  *[a-z].*/\1/p' "$source" | sort -u
}

# What the operations call.
calls() {
    sed -n '/^\/\* ---- operations/,/^\/\* ---- the table/p' "$source" | grep -o '[^a-z0-9_]ps_[a-z0-9_]*(' | tr -d -c 'a-z0-9_\n' | sort -u
}

functions_of_sockets >"$work/wanted"
rows >"$work/rows"
exceptions >"$work/exceptions"
calls >"$work/calls"
sort -u "$work/rows" "$work/exceptions" >"$work/named"
declared_functions >"$work/declared"

[ -s "$work/wanted" ] || report "functions that take a socket" "(none found)"
[ -s "$work/rows" ] || report "the table of $source" "(no row found)"
report "run beside no other function, and not named as an exception" "$(comm -23 "$work/wanted" "$work/named")"
report "in the table and named as an exception" "$(comm -12 "$work/rows" "$work/exceptions")"
report "no function of the public headers" "$(comm -23 "$work/named" "$work/declared")"
report "in the table and never called" "$(comm -23 "$work/rows" "$work/calls")"
finish
