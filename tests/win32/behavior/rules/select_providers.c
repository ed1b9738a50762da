/*
 * select does not take sockets of several providers. Here those of TCP over IPv4 are a provider's
 * of their own, as if a layer were over them; a set that mixes them with others fails with
 * WSAENOTSOCK.
 *
 * Sources: Microsoft, "Multiple Provider Restrictions on Select"; wepoll, README, on what select
 * and its peers cannot do.
 */
#include "../layer.h"
#include "../records.h"

static functions next;

enum { NONE = 0, LAYERED = 1, OTHERS = 2 };

static int providers_of(const fd_set *set)
{
    int found = NONE;

    for (u_int i = 0; set && i < set->fd_count; i++) {
        socket_record *record = hold_record(set->fd_array[i]);

        if (!record)
            continue; /* the system says what it is */
        found |= record->family == AF_INET && record->type == SOCK_STREAM ? LAYERED : OTHERS;
        release_record(record);
    }
    return found;
}

static int WSAAPI rule_select(int unused, fd_set *readable, fd_set *writable, fd_set *failed,
                              const struct timeval *time)
{
    if ((providers_of(readable) | providers_of(writable) | providers_of(failed)) ==
        (LAYERED | OTHERS)) {
        WSASetLastError(WSAENOTSOCK);
        return SOCKET_ERROR;
    }
    return next.select(unused, readable, writable, failed, time);
}

const rule select_providers_rule = {
    .condition = NO_AFD,
    .next = &next,
    .stands_before = {.select = rule_select},
};
