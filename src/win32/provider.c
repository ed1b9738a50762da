#include "config.h"

#include "win32/provider.h"

static bool ask_for_base(ps_handle h, DWORD control, ps_handle *base)
{
    DWORD returned;

    return WSAIoctl(h, control, NULL, 0, base, sizeof *base, &returned, NULL, NULL) == 0 &&
           *base != PS_INVALID_HANDLE;
}

/* Layers must not answer SIO_BASE_HANDLE, but pass it down. Some answer it all the same, with a
 * failure or their own handle; these can be passed by the handle that they use for a poll. */
ps_handle ps__base_handle(ps_handle h)
{
    enum { LAYERS_MAX = 16 }; /* two that return each other's handles would have no end */
    ps_handle base;

    for (int layers = 0; layers < LAYERS_MAX; layers++) {
        if (ask_for_base(h, SIO_BASE_HANDLE, &base))
            return base;
        if (!ask_for_base(h, SIO_BSP_HANDLE_POLL, &base) || base == h)
            break;
        h = base;
    }
    return h;
}

enum { UNKNOWN, LAYERED, NOT_LAYERED };

static LONG probe_for_layer(int family, int type)
{
    LONG found = NOT_LAYERED;
    ps_handle h;

    if (ps__sys_socket(family, type, 0, false, &h) != 0)
        return NOT_LAYERED;
    if (ps__base_handle(h) != h)
        found = LAYERED;
    ps__sys_close(h);
    return found;
}

bool ps__is_layered(int family, int type)
{
    static LONG volatile known[2][2];
    LONG volatile *place = &known[family == AF_INET6][type == SOCK_DGRAM];

    if ((family != AF_INET && family != AF_INET6) || (type != SOCK_STREAM && type != SOCK_DGRAM))
        return false;
    if (*place == UNKNOWN)
        *place = probe_for_layer(family, type);
    return *place == LAYERED;
}
