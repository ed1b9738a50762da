# A program is no larger than LIMIT bytes, and runs.
#
# usage: size.sh PROGRAM LIMIT
size=$(wc -c <"$1")
echo "$(basename "$1"): $size bytes, at most $2"
"$1" && [ "$size" -le "$2" ]
