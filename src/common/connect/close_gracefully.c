#include "config.h"

#include "common/connect/judge.h"
#include "common/socket/call.h"
#include "common/socket/gate.h"
#include "common/socket/shutdown.h"
#include "common/socket/socket.h"
#include "common/transfer/transfer.h"

/* Reads until the peer has closed its side. */
static ptrdiff_t drain(ps_sock *s)
{
    char buffer[4096];
    ps__limit limit;
    ptrdiff_t count;

    ps__sock_limit(s, PS__READABLE, ps__flags(s), &limit);
    ps__deadline_start(&limit.deadline);
    do {
        count = ps__receive_within(s, buffer, sizeof buffer, &limit);
        if (count > 0) {
            int end = ps__check_before_more(s, &limit);
            if (end != 0)
                return end;
        }
    } while (count > 0);
    /* What ps_close does to end this call looks like the peer's end. */
    return count == 0 && ps__closing(s) ? PS_EBADF : count;
}

/* A connection that is over cannot be shut down, but what has come can be read, and then how it
 * ended. After SHUT_RD a receive does not report that. */
static ptrdiff_t end_gracefully(ps_sock *s, double timeout)
{
    ptrdiff_t code;

    if (!ps__is_connection_type(s))
        return 0;
    code = ps__shut_down(s, SHUT_WR);
    if (code == 0 || (code == PS_ENOTCONN && !ps__has_no_peer(s)))
        code = ps__sock_set_timeout(s, timeout);
    if (code == 0)
        code = drain(s);
    if (code == 0)
        code = ps__connection_failure(s);
    if (code == PS_ENOTCONN)
        return 0;
    return code == PS_EWOULDBLOCK ? PS_TIMED_OUT : code;
}

/* Leaves by closing: after ps__leave another thread could close *s, and make it another socket. */
static int end_and_close(ps_sock *s, double timeout)
{
    int code = s->handle != PS_INVALID_HANDLE ? (int)end_gracefully(s, timeout) : 0;
    int closed;

    ps__record_result(s, PS_OPERATION_CLOSE, NULL, code);
    closed = ps__leave_and_close(s);
    return closed == 0 || (closed == PS_EBADF && code == 0) ? code : closed;
}

int ps_close_gracefully(ps_sock *s, double timeout)
{
    if (!s)
        return PS_EFAULT;
    if (!ps__enter(s)) /* a child of fork goes on with a close */
        return ps__is_inherited(s) ? ps_close(s) : PS_EBADF;
    if (!ps__timeout_valid(timeout))
        return (int)ps__leave_with(s, PS_OPERATION_CLOSE, NULL, PS_BAD_TIMEOUT);
    return end_and_close(s, timeout);
}
