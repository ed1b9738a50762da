# Doxygen finds a comment at every function, parameter, result, type, member, enumerator and macro
# of the public headers. Each function also says what a thread may do, since when it is there, and
# where its behaviour is described; each struct, whether a later version may add members.
. "$(dirname "$0")/common.sh"

command -v doxygen >/dev/null || report "doxygen" "(it is not there)"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
report "what Doxygen says" "$({
    cat docs/Doxyfile
    echo "OUTPUT_DIRECTORY = $work"
} | doxygen - 2>&1 || echo "(it failed)")"

# Each function with the words that its comment lacks.
report "functions that lack a paragraph" "$(awk '
    /^\/\*\*/ { comment = "" }
    /^( \*|\/\*\*)/ { comment = comment $0 "\n" }
    /^PS_(CAPTURE_)?API / {
        name = $0
        sub(/\(.*/, "", name)
        sub(/.*[ *]/, "", name)
        wanted = "@threadsafety @since @source"
        if ($0 !~ /^PS_(CAPTURE_)?API void ps_/)
            wanted = wanted " @ret"
        count = split(wanted, words, " ")
        for (i = 1; i <= count; i++)
            if (!index(comment, words[i]))
                print FILENAME ": " name ": " words[i]
        comment = ""
    }' $public_header_files)"

# A struct with public members begins with its size, or it is frozen, or the library makes it.
# ps_sock has private members.
report "structs that do not say whether they may grow" "$(awk '
    /^\/\*\*/ { comment = "" }
    /^( \*|\/\*\*)/ { comment = comment $0 "\n" }
    /^typedef struct ps_[a-z_]* {$/ {
        name = $3
        first = ""
        while (first !~ /;/ && (getline first) > 0)
            ;
        if (first !~ /^    size_t size;/ && comment !~ /Frozen|The library makes it/ &&
            name != "ps_sock")
            print FILENAME ": " name
        comment = ""
    }' $public_header_files)"
finish
