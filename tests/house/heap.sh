# Only the objects that make lists and streams use the heap; a socket, an address and a transfer never do.
. "$(dirname "$0")/common.sh"

heap='malloc|calloc|realloc|reallocarray|free|aligned_alloc|posix_memalign|_aligned_malloc|_aligned_free'
heap="$heap|strdup|_strdup|strndup|wcsdup|_wcsdup|asprintf|vasprintf|getline|open_memstream"
heap="$heap|HeapAlloc|HeapReAlloc|HeapFree|LocalAlloc|LocalFree|GlobalAlloc|GlobalFree|VirtualAlloc|CoTaskMemAlloc"

# "subject symbol" for each symbol that an object takes from elsewhere.
symbols_wanted() {
    "$nm" -A -u $objects | sed -n 's|^.*/\([a-z0-9_]*\)\.c\.[^:]*:.* \([^ ]*\)$|\1 \2|p' | sed 's/ __imp_/ /; s/@.*//'
}

report "objects that use the heap; only stream, cancel, getaddrinfo, hostent, lookup, poll, resolve, wait_many and netdb may" \
    "$(symbols_wanted | grep -E " ${underscore}($heap)\$" |
        grep -vE '^(stream|cancel|getaddrinfo|hostent|lookup|poll|resolve|wait_many|netdb) ')"
[ -n "$(symbols_wanted)" ] || report "the objects of the library" "(no symbol found at all)"

finish
