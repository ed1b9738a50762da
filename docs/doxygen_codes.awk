# Doxygen's filter for include/portsock/error.h: writes the enumerators of the codes out, each with
# its text.
{ text = text $0 "\n" }

# A row of a list: X(NAME, number, ..., "text").
function enumerators(    rows, row, parts, text_of_row, out) {
    rows = text
    gsub(/\\\n */, " ", rows)
    while (match(rows, /X\([A-Z][A-Z0-9_]*, [0-9]+, [^\n]*/)) {
        row = substr(rows, RSTART, RLENGTH)
        rows = substr(rows, RSTART + 2)
        match(row, /"[^"]*"/)
        split(substr(row, 3), parts, /, */)
        text_of_row = substr(row, RSTART + 1, RLENGTH - 2)
        out = out "    PS_" parts[1] " = -" parts[2] ", /**< " text_of_row " */\n"
    }
    return out
}

END {
    start = index(text, "typedef enum ps_error {\n") + length("typedef enum ps_error {\n")
    end = index(text, "/** @endcond */")
    print substr(text, 1, start - 1) enumerators() substr(text, end + length("/** @endcond */"))
}
