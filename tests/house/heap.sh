# Only the objects that make lists, streams, tokens, pollers, captures and capture files use the heap, the block for what only few
# sockets have, and hooks beyond the first few; a plain socket, an address and a transfer never do.
. "$(dirname "$0")/common.sh"

heap='malloc|calloc|realloc|reallocarray|free|aligned_alloc|posix_memalign|_aligned_malloc|_aligned_free'
heap="$heap|strdup|_strdup|strndup|wcsdup|_wcsdup|asprintf|vasprintf|getline|open_memstream"
heap="$heap|HeapAlloc|HeapReAlloc|HeapFree|LocalAlloc|LocalFree|GlobalAlloc|GlobalFree|VirtualAlloc|CoTaskMemAlloc"

# "subject symbol" for each symbol that an object takes from elsewhere.
symbols_wanted() {
    "$nm" -A -u $objects $capture_objects | sed -n 's|^.*/\([a-z0-9_]*\)\.c\.[^:]*:.* \([^ ]*\)$|\1 \2|p' | sed 's/ __imp_/ /; s/@.*//'
}

heap_users='spare|stream|cancel|getaddrinfo|hostent|lookup|in_thread|worker|overlapped_lookup|attached|interrupt|netdb|interfaces?|capture|linux|linux_plain'
heap_users="$heap_users|bpf|coalescing|rcvall|reader|writer|pcapng_write|file|address_list|poller|registrations|timer_heap|watched_tokens|fallback|lock|address_set|candidates|getnameinfo|gethostbyname|thread|port"
report "objects that use the heap; only lists, streams, tokens, pollers, look-ups, captures and capture files may" \
    "$(symbols_wanted | grep -E " ${underscore}($heap)\$" | grep -vE "^($heap_users) ")"
[ -n "$(symbols_wanted)" ] || report "the objects of the library" "(no symbol found at all)"

finish
