#include "deadline.h"
#include "socket.h"

#include <limits.h>

/* macOS counts SO_LINGER in ticks of the clock. */
#ifdef SO_LINGER_SEC
enum { LINGER_OPTION = SO_LINGER_SEC };
#else
enum { LINGER_OPTION = SO_LINGER };
#endif

int ps_setlinger(ps_sock *s, bool on, int seconds)
{
    struct linger linger = {0};

    if (!s)
        return PS_EFAULT;
    if (s->handle == PS_INVALID_HANDLE)
        return PS_EBADF;
    if (!ps__is_stream(s))
        return PS_ENOPROTOOPT;
    if (on && (seconds < 0 || seconds > SHRT_MAX))
        return PS_EINVAL;
    linger.l_onoff = on;
    if (on)
        linger.l_linger = (unsigned short)seconds;
    return ps_setsockopt(s, SOL_SOCKET, LINGER_OPTION, &linger, sizeof linger);
}

int ps_getlinger(ps_sock *s, bool *on, int *seconds)
{
    struct linger linger = {0};
    size_t size = sizeof linger;
    int code;

    if (on)
        *on = false;
    if (seconds)
        *seconds = 0;
    if (!s || !on || !seconds)
        return PS_EFAULT;
    if (s->handle != PS_INVALID_HANDLE && !ps__is_stream(s))
        return PS_ENOPROTOOPT;
    code = ps_getsockopt(s, SOL_SOCKET, LINGER_OPTION, &linger, &size);
    if (code == 0 && linger.l_onoff) {
        *on = true;
        *seconds = linger.l_linger;
    }
    return code;
}

/* Reads until the peer has closed its side. */
static int drain(ps_sock *s, double timeout)
{
    ps__deadline deadline = ps__deadline_after(timeout);
    char room[4096];
    ptrdiff_t count;

    do {
        int64_t left = timeout > 0 ? ps__deadline_left(&deadline) : 0;
        int code;

        if (timeout > 0 && left == 0)
            return PS_TIMED_OUT;
        code = ps_settimeout(s, left == PS__FOREVER ? PS_NO_TIMEOUT : (double)left / 1e9);
        if (code != 0)
            return code;
        count = ps_recv(s, room, sizeof room, 0);
    } while (count > 0);
    return count == PS_EWOULDBLOCK ? PS_TIMED_OUT : (int)count;
}

int ps_close_gracefully(ps_sock *s, double timeout)
{
    int code;

    if (!s)
        return PS_EFAULT;
    if (!ps__timeout_valid(timeout))
        return PS_BAD_TIMEOUT;
    if (s->handle == PS_INVALID_HANDLE || !ps__is_stream(s))
        return ps_close(s);
    code = ps_shutdown(s, SHUT_WR);
    if (code == 0)
        code = drain(s, timeout);
    (void)ps_close(s);
    return code == PS_ENOTCONN ? 0 : code;
}
