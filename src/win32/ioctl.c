#include "config.h"

#include "win32/handle.h"

/* The controls whose input is one DWORD. */
static bool is_known(unsigned long control)
{
    switch (control) {
    case SIO_RCVALL:
    case SIO_RCVALL_MCAST:
    case SIO_RCVALL_IGMPMCAST:
    case SIO_LOOPBACK_FAST_PATH:
    case SIO_UDP_CONNRESET:
    case SIO_UDP_NETRESET:
        return true;
    default:
        return false;
    }
}

static int put(ps_handle h, DWORD control, void *input, DWORD size)
{
    DWORD returned; /* Winsock wants the pointer also where nothing is returned */

    return WSAIoctl(h, control, input, size, NULL, 0, &returned, NULL, NULL) != 0
               ? ps__last_error(h)
               : 0;
}

int ps__sys_ioctl(ps_handle h, unsigned long control, unsigned long option)
{
    DWORD value = option;

    return is_known(control) ? put(h, control, &value, sizeof value) : PS_BAD_CONTROL;
}

int ps__sys_keepalive(ps_handle h, bool on, unsigned time_ms, unsigned interval_ms)
{
    struct tcp_keepalive values = {
        .onoff = on, .keepalivetime = time_ms, .keepaliveinterval = interval_ms};

    return put(h, SIO_KEEPALIVE_VALS, &values, sizeof values);
}
