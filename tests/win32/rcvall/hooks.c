#include "hooks.h"

#include "sockets.h"

#include <mswsock.h>
#include <string.h>

/* Each does the emulation's when the socket is an emulated one, and Winsock's own when not. */

static SOCKET WINAPI hook_socket(int family, int type, int protocol)
{
    if (emulated_kind(family, type, protocol))
        return emulated_socket(family, protocol, WSA_FLAG_OVERLAPPED);
    return socket(family, type, protocol);
}

static SOCKET WINAPI hook_WSASocketW(int family, int type, int protocol, WSAPROTOCOL_INFOW *info,
                                     GROUP group, DWORD flags)
{
    if (info == NULL && emulated_kind(family, type, protocol))
        return emulated_socket(family, protocol, flags);
    return WSASocketW(family, type, protocol, info, group, flags);
}

static SOCKET WINAPI hook_WSASocketA(int family, int type, int protocol, WSAPROTOCOL_INFOA *info,
                                     GROUP group, DWORD flags)
{
    if (info == NULL && emulated_kind(family, type, protocol))
        return emulated_socket(family, protocol, flags);
    return WSASocketA(family, type, protocol, info, group, flags);
}

static int WINAPI hook_bind(SOCKET s, const struct sockaddr *name, int size)
{
    bool found;
    int result = emulated_bind(s, name, size, &found);

    return found ? result : bind(s, name, size);
}

static int WINAPI hook_getsockname(SOCKET s, struct sockaddr *name, int *size)
{
    bool found;
    int result = emulated_getsockname(s, name, size, &found);

    return found ? result : getsockname(s, name, size);
}

static int WINAPI hook_setsockopt(SOCKET s, int level, int name, const char *value, int size)
{
    bool found;
    int result = emulated_setsockopt(s, level, name, value, size, &found);

    return found ? result : setsockopt(s, level, name, value, size);
}

static int WINAPI hook_getsockopt(SOCKET s, int level, int name, char *value, int *size)
{
    bool found;
    int result = emulated_getsockopt(s, level, name, value, size, &found);

    return found ? result : getsockopt(s, level, name, value, size);
}

static int WINAPI hook_closesocket(SOCKET s)
{
    emulated_close(s);
    return closesocket(s);
}

static int WINAPI hook_connect(SOCKET s, const struct sockaddr *name, int size)
{
    bool found;
    int result = emulated_refusal(s, &found);

    return found ? result : connect(s, name, size);
}

/* ---- controls -------------------------------------------------------------------------------- */

static int WINAPI hook_ioctlsocket(SOCKET s, long control, u_long *value)
{
    DWORD returned;
    bool found = false;
    int result = 0;

    if (is_rcvall((DWORD)control))
        return emulated_control(s, (DWORD)control, value, sizeof *value, &returned);
    if (control == (long)FIONREAD)
        result = emulated_unread(s, value, &found);
    return found ? result : ioctlsocket(s, control, value);
}

static LPFN_WSARECVMSG system_recvmsg;

static int WINAPI hook_WSARecvMsg(SOCKET s, WSAMSG *message, DWORD *received,
                                  WSAOVERLAPPED *overlapped,
                                  LPWSAOVERLAPPED_COMPLETION_ROUTINE routine)
{
    bool found;
    DWORD got = 0, flags = message->dwFlags;
    int result;

    if (overlapped != NULL)
        result = emulated_refusal(s, &found);
    else
        result = emulated_receive(s, message->lpBuffers, message->dwBufferCount, &got, &flags,
                                  message->name, &message->namelen, &found);
    if (!found)
        return system_recvmsg(s, message, received, overlapped, routine);
    if (result == 0 || WSAGetLastError() == WSAEMSGSIZE) {
        int error = WSAGetLastError();
        message->dwFlags = result == 0 ? 0 : MSG_TRUNC;
        message->Control.len = 0;
        if (received != NULL)
            *received = got;
        WSASetLastError(error);
    }
    return result;
}

/* A program asks for WSARecvMsg's address here, and gets the hook's. */
static void replace_recvmsg(const void *input, DWORD input_size, void *output, DWORD output_size)
{
    static const GUID wanted = WSAID_WSARECVMSG;
    LPFN_WSARECVMSG replacement = hook_WSARecvMsg;

    if (input_size < sizeof wanted || output_size < sizeof replacement ||
        memcmp(input, &wanted, sizeof wanted) != 0)
        return;
    memcpy(&system_recvmsg, output, sizeof system_recvmsg);
    memcpy(output, &replacement, sizeof replacement);
}

static int WINAPI hook_WSAIoctl(SOCKET s, DWORD control, void *input, DWORD input_size,
                                void *output, DWORD output_size, DWORD *returned,
                                WSAOVERLAPPED *overlapped,
                                LPWSAOVERLAPPED_COMPLETION_ROUTINE routine)
{
    int result;
    bool found;

    if (is_rcvall(control) && overlapped == NULL)
        return emulated_control(s, control, input, input_size, returned);
    if (is_rcvall(control)) {
        result = emulated_refusal(s, &found);
        if (found)
            return result;
    }
    result =
        WSAIoctl(s, control, input, input_size, output, output_size, returned, overlapped, routine);
    if (result == 0 && control == SIO_GET_EXTENSION_FUNCTION_POINTER)
        replace_recvmsg(input, input_size, output, output_size);
    return result;
}

/* ---- data ------------------------------------------------------------------------------------ */

static int WINAPI hook_WSARecvFrom(SOCKET s, WSABUF *buffers, DWORD count, DWORD *received,
                                   DWORD *flags, struct sockaddr *from, int *from_size,
                                   WSAOVERLAPPED *overlapped,
                                   LPWSAOVERLAPPED_COMPLETION_ROUTINE routine)
{
    bool found;
    DWORD got = 0;
    int result;

    if (overlapped != NULL) {
        result = emulated_refusal(s, &found);
    } else {
        result = emulated_receive(s, buffers, count, &got, flags, from, from_size, &found);
        if (found && received != NULL)
            *received = got;
    }
    return found ? result
                 : WSARecvFrom(s, buffers, count, received, flags, from, from_size, overlapped,
                               routine);
}

static int WINAPI hook_WSARecv(SOCKET s, WSABUF *buffers, DWORD count, DWORD *received,
                               DWORD *flags, WSAOVERLAPPED *overlapped,
                               LPWSAOVERLAPPED_COMPLETION_ROUTINE routine)
{
    bool found;
    DWORD got = 0;
    int result;

    if (overlapped != NULL) {
        result = emulated_refusal(s, &found);
    } else {
        result = emulated_receive(s, buffers, count, &got, flags, NULL, NULL, &found);
        if (found && received != NULL)
            *received = got;
    }
    return found ? result : WSARecv(s, buffers, count, received, flags, overlapped, routine);
}

static int WINAPI hook_recvfrom(SOCKET s, char *buffer, int size, int flags, struct sockaddr *from,
                                int *from_size)
{
    WSABUF one = {(u_long)size, buffer};
    DWORD got = 0, asked = (DWORD)flags;
    bool found;
    int result = emulated_receive(s, &one, 1, &got, &asked, from, from_size, &found);

    if (!found)
        return recvfrom(s, buffer, size, flags, from, from_size);
    return result == 0 ? (int)got : result;
}

static int WINAPI hook_recv(SOCKET s, char *buffer, int size, int flags)
{
    WSABUF one = {(u_long)size, buffer};
    DWORD got = 0, asked = (DWORD)flags;
    bool found;
    int result = emulated_receive(s, &one, 1, &got, &asked, NULL, NULL, &found);

    if (!found)
        return recv(s, buffer, size, flags);
    return result == 0 ? (int)got : result;
}

static int WINAPI hook_send(SOCKET s, const char *buffer, int size, int flags)
{
    bool found;
    int result = emulated_refusal(s, &found);

    return found ? result : send(s, buffer, size, flags);
}

static int WINAPI hook_sendto(SOCKET s, const char *buffer, int size, int flags,
                              const struct sockaddr *to, int to_size)
{
    bool found;
    int result = emulated_refusal(s, &found);

    return found ? result : sendto(s, buffer, size, flags, to, to_size);
}

#define HOOK(module, name)                       \
    {                                            \
        module, #name, (any_function)hook_##name \
    }
#define WINSOCK(name) HOOK("ws2_32.dll", name)
#define INTERFACES(name) HOOK("iphlpapi.dll", name)

const hook hooks[] = {
    WINSOCK(WSAIoctl),
    WINSOCK(WSARecv),
    WINSOCK(WSARecvFrom),
    WINSOCK(WSASocketA),
    WINSOCK(WSASocketW),
    WINSOCK(bind),
    WINSOCK(closesocket),
    WINSOCK(connect),
    WINSOCK(getsockname),
    WINSOCK(getsockopt),
    WINSOCK(ioctlsocket),
    WINSOCK(recv),
    WINSOCK(recvfrom),
    WINSOCK(send),
    WINSOCK(sendto),
    WINSOCK(setsockopt),
    WINSOCK(socket),
    INTERFACES(ConvertInterfaceAliasToLuid),
    INTERFACES(GetAdaptersAddresses),
    INTERFACES(GetIfEntry2),
};
const size_t hook_count = sizeof hooks / sizeof hooks[0];
