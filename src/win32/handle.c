#include "config.h"

#include "win32/handle.h"

#include "win32/startup.h"

int ps__last_error(ps_handle h)
{
    int native = WSAGetLastError();

    return h == PS_INVALID_HANDLE ? PS_EBADF : ps__from_os(native);
}

/* ---- making handles -------------------------------------------------------------------------- */

/* What Windows 7 without its service pack may say of WSA_FLAG_NO_HANDLE_INHERIT, which it does not
 * know. */
static bool may_refuse_flag(int native)
{
    return native == WSAEINVAL || native == WSAEPROTOTYPE;
}

static int make(int family, int type, int proto, WSAPROTOCOL_INFOW *info, ps_handle *h)
{
    ps_handle made =
        WSASocketW(family, type, proto, info, 0, WSA_FLAG_OVERLAPPED | WSA_FLAG_NO_HANDLE_INHERIT);
    int code = 0;

    if (made == PS_INVALID_HANDLE && may_refuse_flag(WSAGetLastError())) {
        made = WSASocketW(family, type, proto, info, 0, WSA_FLAG_OVERLAPPED);
        if (made != PS_INVALID_HANDLE)
            code = ps__sys_set_inheritable(made, false);
    }
    if (made == PS_INVALID_HANDLE)
        return ps__from_os(WSAGetLastError());
    if (code != 0)
        ps__sys_close(made);
    else
        *h = made;
    return code;
}

/* Wine does not know SIO_UDP_NETRESET. */
static void set_report(ps_handle h, DWORD control, bool on)
{
    BOOL value = on;
    DWORD returned;

    (void)WSAIoctl(h, control, &value, sizeof value, NULL, 0, &returned, NULL, NULL);
}

void ps__sys_report_refusals(ps_handle h, bool on)
{
    set_report(h, SIO_UDP_CONNRESET, on);
}

/* Sets what Linux has by default. */
static int set_up(ps_handle h, int family, int type, bool nonblocking)
{
    if (family == AF_INET6) {
        DWORD off = 0;
        if (setsockopt(h, IPPROTO_IPV6, IPV6_V6ONLY, (const char *)&off, sizeof off) != 0 &&
            type != SOCK_RAW)
            return ps__last_error(h);
    }
    if (type == SOCK_DGRAM && (family == AF_INET || family == AF_INET6)) {
        set_report(h, SIO_UDP_CONNRESET, false);
        set_report(h, SIO_UDP_NETRESET, false);
    }
    return nonblocking ? ps__sys_set_nonblocking(h, true) : 0;
}

int ps__sys_socket(int family, int type, int proto, bool nonblocking, ps_handle *h)
{
    ps_handle made;
    int code;

    /* Winsock reads a type or a family of 0 as "any"; POSIX does not know them. */
    if (type <= 0)
        return PS_ESOCKTNOSUPPORT;
    if (family <= 0)
        return PS_EAFNOSUPPORT;
    code = ps__winsock_start();
    if (code == 0)
        code = make(family, type, proto, NULL, &made);
    if (code != 0)
        return code;
    code = set_up(made, family, type, nonblocking);
    if (code != 0)
        ps__sys_close(made);
    else
        *h = made;
    return code;
}

int ps__sys_socketpair(int family, int type, int proto, bool nonblocking, ps_handle h[2])
{
    (void)family;
    (void)type;
    (void)proto;
    (void)nonblocking;
    (void)h;
    return PS_EOPNOTSUPP;
}

int ps__handle_from_info(WSAPROTOCOL_INFOW *info, ps_handle *h)
{
    int code = ps__winsock_start();

    return code != 0 ? code
                     : make(FROM_PROTOCOL_INFO, FROM_PROTOCOL_INFO, FROM_PROTOCOL_INFO, info, h);
}

/* DuplicateHandle does not do: a layered provider would not learn of the copy. */
int ps__sys_duplicate(ps_handle h, ps_handle *copy)
{
    WSAPROTOCOL_INFOW info;
    int code = ps__winsock_start();

    if (code != 0)
        return code;
    if (WSADuplicateSocketW(h, GetCurrentProcessId(), &info) != 0)
        return ps__last_error(h);
    return ps__handle_from_info(&info, copy);
}

int ps__sys_describe(ps_handle h, int *family, int *type, int *proto)
{
    WSAPROTOCOL_INFOW info;
    int size = sizeof info;
    int code = ps__winsock_start();

    if (code != 0)
        return code;
    if (getsockopt(h, SOL_SOCKET, SO_PROTOCOL_INFOW, (char *)&info, &size) != 0)
        return ps__last_error(h);
    *family = info.iAddressFamily;
    *type = info.iSocketType;
    *proto = info.iProtocol;
    return 0;
}

/* ---- their end and their modes --------------------------------------------------------------- */

void ps__sys_close(ps_handle h)
{
    if (closesocket(h) == 0 || WSAGetLastError() != WSAEWOULDBLOCK)
        return;
    /* A non-blocking socket that has to linger stays open: make it a blocking one, which closes. */
    (void)WSAEventSelect(h, NULL, 0);
    (void)ps__sys_set_nonblocking(h, false);
    (void)closesocket(h);
}

int ps__sys_set_nonblocking(ps_handle h, bool on)
{
    u_long value = on;

    return ioctlsocket(h, (long)FIONBIO, &value) != 0 ? ps__last_error(h) : 0;
}

/* PS_INVALID_HANDLE is also what GetCurrentProcess returns: the system would take it. */
int ps__sys_set_inheritable(ps_handle h, bool on)
{
    if (h == PS_INVALID_HANDLE)
        return PS_EBADF;
    return SetHandleInformation((HANDLE)h, HANDLE_FLAG_INHERIT, on ? HANDLE_FLAG_INHERIT : 0)
               ? 0
               : ps__last_error(h);
}

int ps__sys_get_inheritable(ps_handle h, bool *on)
{
    DWORD flags;

    if (h == PS_INVALID_HANDLE)
        return PS_EBADF;
    if (!GetHandleInformation((HANDLE)h, &flags))
        return ps__last_error(h);
    *on = (flags & HANDLE_FLAG_INHERIT) != 0;
    return 0;
}
