# A look-up in a program whose C library takes more from the stack of each thread than the program's thread-local storage: of some
# amounts nothing would be left to run on, and yet the thread would start. C libraries without that setting take no notice.
#   sh thread_storage.sh COMMAND...
amount=200000
while [ "$amount" -le 400000 ]; do
    GLIBC_TUNABLES=glibc.rtld.optional_static_tls=$amount "$@" lookup_beside_much_thread_storage >/dev/null || {
        echo "the look-up fails when glibc takes $amount bytes more of each stack"
        exit 1
    }
    amount=$((amount + 4000))
done
