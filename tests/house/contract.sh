# The tree is the map: each function of the contract is defined by both backends in the file that its heading in backend.h names,
# and a backend defines no function of the contract's kind beside it.
. "$(dirname "$0")/common.sh"

contract=src/common/backend.h

# "FILE FUNCTION" for each that backend.h declares below a heading "/* ---- subject (FILE) ---- */".
declared=$(awk '
    match($0, /^\/\* ---- .*\(([a-z0-9_]+\.c)\) -*/) { file = $0; sub(/.*\(/, "", file); sub(/\).*/, "", file); next }
    /^[a-z]/ && match($0, /ps__(sys_[a-z0-9_]+|from_[a-z]+|to_native[a-z_]*)\(/) {
        print file, substr($0, RSTART, RLENGTH - 1)
    }' "$contract" | sort -u)
[ -n "$declared" ] || report "$contract" "(no function found)"

# The same of a backend's definitions, an inline one in a header included.
defined() {
    for source in "src/$1"/*.[ch]; do
        sed -nE 's/^(static inline )?[a-z][A-Za-z0-9_ ]*[ *](ps__(sys_[a-z0-9_]+|from_[a-z]+|to_native[a-z_]*))\(.*[^;]$/\2/p' "$source" |
            sed "s|^|$(basename "$source" | sed 's/h$/c/') |"
    done | sort -u
}

for backend in posix win32; do
    report "of $contract, but not in that file of src/$backend" \
        "$(defined "$backend" | sort - | comm -23 /dev/fd/3 - 3<<EOF
$declared
EOF
)"
    report "in src/$backend, but not of $contract" \
        "$(defined "$backend" | comm -13 /dev/fd/3 - 3<<EOF
$declared
EOF
)"
done

report "headings of $contract that name no file of both backends" \
    "$(printf '%s\n' "$declared" | cut -d ' ' -f 1 | sort -u | while read -r file; do
        for backend in posix win32; do
            [ -e "src/$backend/$file" ] || echo "src/$backend/$file"
        done
    done)"

finish
