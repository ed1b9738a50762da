/*
 * getsockopt writes one byte of a switch, and says that this is its length.
 *
 * Sources: rust-lang/socket2 issue 31 and MicrosoftDocs/sdk-api pull request 1080 (TCP_NODELAY);
 * Wine's test_set_getsockopt, which was run on Windows, has SO_KEEPALIVE and SO_DONTROUTE, too. On
 * other versions, and for other switches, the length is 4; a layered provider may do either.
 */
#include "../layer.h"

static functions next;

static bool is_switch(int level, int option)
{
    switch (level) {
    case SOL_SOCKET:
        return option == SO_BROADCAST || option == SO_DEBUG || option == SO_DONTROUTE ||
               option == SO_KEEPALIVE || option == SO_OOBINLINE || option == SO_REUSEADDR ||
               option == SO_EXCLUSIVEADDRUSE || option == SO_DONTLINGER || option == SO_ACCEPTCONN;
    case IPPROTO_TCP:
        return option == TCP_NODELAY;
    case IPPROTO_IP:
        return option == IP_MULTICAST_LOOP || option == IP_DONTFRAGMENT || option == IP_PKTINFO ||
               option == IP_HDRINCL;
    case IPPROTO_IPV6:
        return option == IPV6_V6ONLY || option == IPV6_MULTICAST_LOOP || option == IPV6_PKTINFO ||
               option == IPV6_DONTFRAG;
    default:
        return false;
    }
}

static int WSAAPI rule_getsockopt(SOCKET s, int level, int option, char *value, int *length)
{
    DWORD number = 0;
    int size = sizeof number;
    int result;

    if (!is_switch(level, option) || value == NULL || length == NULL || *length < 1)
        return next.getsockopt(s, level, option, value, length);
    result = next.getsockopt(s, level, option, (char *)&number, &size);
    if (result == 0) {
        *value = number != 0;
        *length = 1;
    }
    return result;
}

const rule one_byte_switches_rule = {
    .next = &next,
    .stands_before = {.getsockopt = rule_getsockopt},
};
