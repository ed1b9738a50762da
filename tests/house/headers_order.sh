# The public headers get along with the system's other headers of the same subjects, before them and after them, in C and C++.
. "$(dirname "$0")/common.sh"

# What stands alone and before <netinet/in.h>; the tests of an order that the C library itself does not allow are below.
kernel='linux/can.h linux/can/raw.h linux/errqueue.h linux/ethtool.h linux/filter.h linux/genetlink.h linux/if_addr.h linux/if_ether.h
linux/if_link.h linux/if_packet.h linux/in6.h linux/netlink.h linux/rtnetlink.h linux/sockios.h linux/tcp.h linux/tipc.h linux/un.h
linux/vm_sockets.h'
kernels_interface='linux/if.h linux/if_arp.h linux/if_tun.h linux/route.h linux/wireless.h'
c_library='ifaddrs.h net/ethernet.h net/if.h net/if_arp.h netinet/if_ether.h netinet/in.h netinet/ip.h netinet/tcp.h netinet/udp.h
netpacket/packet.h poll.h sys/ioctl.h sys/socket.h sys/un.h'
windows='windows.h winsock2.h ws2tcpip.h iphlpapi.h afunix.h mstcpip.h mswsock.h'

# compile LANGUAGE OPTION...: what the compiler says of standard input.
compile() {
    language=$1
    shift
    case $language in
    c) "$cc" -std=gnu11 "$@" -Iinclude -Wall -Wextra -Werror -fsyntax-only -x c - 2>&1 ;;
    c++) "$cxx" -std=gnu++17 "$@" -Iinclude -Wall -Wextra -Werror -fsyntax-only -x c++ - 2>&1 ;;
    esac || echo "(the compiler failed)"
}

# A program of these headers that uses some of what portsock.h promises.
program() {
    printf '#include <%s>\n' "$@"
    printf '%s\n' '#if !defined TCP_NODELAY || !defined SOL_TCP || !defined IPPROTO_TCP || !defined POLLIN' \
        '#error "a constant is missing"' '#endif' \
        'static ps_sock s = PS_SOCK_INIT;' 'int use(ps_addr *a);' \
        'int use(ps_addr *a) { return ps_connect(&s, a) + (int)sizeof(struct sockaddr_in6); }'
}

is_there() {
    [ -z "$(printf '#if !__has_include(<%s>)\n#error\n#endif\n' "$1" | compile c)" ]
}

# those_there HEADER...
those_there() {
    for header in "$@"; do
        is_there "$header" && echo "$header"
    done
}

# after LANGUAGE HEADER...: each of them, and then portsock.h.
after() {
    language=$1
    shift
    for header in "$@"; do
        report "$language: portsock.h after $header" "$(program time.h "$header" portsock.h | compile "$language")"
    done
}

# before LANGUAGE HEADER...: portsock.h, and then all of them.
before() {
    language=$1
    shift
    report "$language: portsock.h before $*" "$(program portsock.h "$@" | compile "$language")"
}

languages=c
if command -v "$cxx" >/dev/null; then
    languages='c
c++'
fi

if [ "$platform" = windows ]; then
    for language in $languages; do
        # Each of these brings in all of <windows.h>, which takes a compiler a second: C++ has the same headers.
        [ "$language" = c ] || windows='windows.h ws2tcpip.h'
        windows=$(printf '%s' "$windows" | tr ' ' '\n') # lists are split at line ends
        # shellcheck disable=SC2086
        before "$language" $windows
        for header in $windows; do
            report "$language: portsock.h after $header" \
                "$(program winsock2.h "$header" portsock.h | compile "$language")"
        done
        report "$language: after a lean windows.h" \
            "$(program windows.h portsock.h | compile "$language" -DWIN32_LEAN_AND_MEAN -DNOMINMAX)"
        printf '#include <%s>\n' windows.h portsock.h | compile "$language" | grep -q 'define WIN32_LEAN_AND_MEAN' ||
            report "$language: after a windows.h with winsock.h" "the compiler does not say what to do"
        # The words that docs/manual.md promises to give back.
        report "$language: near, far, interface, min, max" "$({
            program portsock.h
            printf '%s\n' '#undef near' '#undef far' 'int words(int near, int far, int interface, int min, int max);' \
                'int words(int near, int far, int interface, int min, int max) { return near + far + interface + min + max; }'
        } | compile "$language" -DWIN32_LEAN_AND_MEAN -DNOMINMAX)"
    done
    finish
fi

kernel=$(those_there $(printf '%s' "$kernel" | tr ' ' '\n'))
kernels_interface=$(those_there $(printf '%s' "$kernels_interface" | tr ' ' '\n'))
c_library=$(those_there $(printf '%s' "$c_library" | tr ' ' '\n'))
for language in $languages; do
    # shellcheck disable=SC2086
    {
        after "$language" $kernel $kernels_interface $c_library
        # The C library does not allow its own headers and the kernel's of the same names together.
        before "$language" $kernel $kernels_interface
        before "$language" $c_library
    }
    # With GNU's C library <netinet/in.h> cannot follow <linux/in.h>, and the kernel's headers bring that in.
    if printf '#include <features.h>\n#ifndef __GLIBC__\n#error\n#endif\n' | compile c | grep -q .; then
        continue
    fi
    for header in linux/in.h linux/mroute.h; do
        is_there "$header" || continue
        report "$language: portsock.h before $header" "$(program portsock.h "$header" | compile "$language")"
        report "$language: $header after netinet/in.h" "$(program netinet/in.h "$header" portsock.h | compile "$language")"
        program "$header" portsock.h | compile "$language" | grep -q 'include <portsock.h> first' ||
            report "$language: portsock.h after $header" "the compiler does not say what to do"
    done
done
finish
