/*
 * WSASocketW refuses WSA_FLAG_NO_HANDLE_INHERIT.
 *
 * Sources: Microsoft, WSASocketW: the flag is supported from Windows 7 with SP1 on. The refusal is
 * WSAEINVAL (rust-lang/rust pull request 66835, socket2 issue 498) or, for a TCP socket,
 * WSAEPROTOTYPE (rust-lang/rust issue 26543). Here it is that for IPv6.
 */
#include "../layer.h"

static functions next;

static SOCKET WSAAPI rule_WSASocketW(int family, int type, int protocol, WSAPROTOCOL_INFOW *info,
                                     GROUP group, DWORD flags)
{
    if (flags & WSA_FLAG_NO_HANDLE_INHERIT) {
        WSASetLastError(family == AF_INET6 ? WSAEPROTOTYPE : WSAEINVAL);
        return INVALID_SOCKET;
    }
    return next.WSASocketW(family, type, protocol, info, group, flags);
}

const rule no_inherit_flag_rule = {
    .before = WINDOWS_7_SP1,
    .next = &next,
    .stands_before = {.WSASocketW = rule_WSASocketW},
};
