/*
 * AF_UNIX as Windows has it, over loopback TCP, since Wine has none: streams only; a path in UTF-8,
 * no abstract name, no autobind. bind makes a file, in which the port is here, and nothing removes
 * it. The name of a socket without one comes at full length with nothing in the path; a socket that
 * is neither bound nor connected has none to return.
 *
 * Left out: a peer that is bound has no name here; the file is a plain one, not a reparse point;
 * handles of WSADuplicateSocketW are TCP's.
 *
 * Sources: Microsoft, "AF_UNIX comes to Windows" (command line blog, 2017: build 17063, and what
 * is not supported); afunix.h; Azure/mio-uds-windows, which takes a zeroed path for an unnamed
 * address; WSL issue 4240: abstract names are WSAEINVAL.
 */
#include "../layer.h"

#include "../records.h"

#include <afunix.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#ifndef SIO_AF_UNIX_GETPEERPID
#define SIO_AF_UNIX_GETPEERPID _WSAIOR(IOC_VENDOR, 256)
#endif

enum { PATH_SIZE = sizeof(((struct sockaddr_un *)0)->sun_path) };

static functions next;

static int fail(int error)
{
    WSASetLastError(error);
    return SOCKET_ERROR;
}

/* ---- what is known of a socket --------------------------------------------------------------- */

typedef struct unix_names {
    bool is_unix, bound, connected;
    char own[PATH_SIZE], peer[PATH_SIZE];
} unix_names;

static unix_names names_of(SOCKET s)
{
    socket_record *record = hold_record(s);
    unix_names names = {.is_unix = record != NULL && record->is_unix};

    if (names.is_unix) {
        names.bound = record->unix_own[0] != '\0';
        names.connected = record->connected;
        memcpy(names.own, record->unix_own, PATH_SIZE);
        memcpy(names.peer, record->unix_peer, PATH_SIZE);
    }
    release_record(record);
    return names;
}

static void set_names(SOCKET s, const char *own, const char *peer)
{
    socket_record *record = hold_record(s);

    if (record != NULL) {
        record->is_unix = true;
        if (own != NULL)
            memcpy(record->unix_own, own, PATH_SIZE);
        if (peer != NULL)
            memcpy(record->unix_peer, peer, PATH_SIZE);
    }
    release_record(record);
}

static int write_name(const char *path, struct sockaddr *name, int *length)
{
    struct sockaddr_un un = {.sun_family = AF_UNIX};

    if (name == NULL || length == NULL)
        return 0;
    if (*length < (int)sizeof un)
        return fail(WSAEFAULT);
    memcpy(un.sun_path, path, PATH_SIZE);
    memcpy(name, &un, sizeof un);
    *length = sizeof un;
    return 0;
}

/* The path of an address, with NULs behind it; false: it is none that Windows takes. */
static bool read_path(const struct sockaddr *name, int length, char path[PATH_SIZE])
{
    const struct sockaddr_un *un = (const struct sockaddr_un *)name;
    size_t size = length > (int)offsetof(struct sockaddr_un, sun_path)
                      ? (size_t)length - offsetof(struct sockaddr_un, sun_path)
                      : 0;

    memset(path, 0, PATH_SIZE);
    if (name->sa_family != AF_UNIX || size == 0 || size > PATH_SIZE || un->sun_path[0] == '\0' ||
        memchr(un->sun_path, 0, size) == NULL)
        return false;
    memcpy(path, un->sun_path, strlen(un->sun_path));
    return true;
}

/* ---- the file at the path -------------------------------------------------------------------- */

static HANDLE open_file(const char *path, DWORD access, DWORD disposition)
{
    wchar_t wide[PATH_SIZE];

    if (MultiByteToWideChar(CP_UTF8, MB_ERR_INVALID_CHARS, path, -1, wide, PATH_SIZE) == 0)
        return INVALID_HANDLE_VALUE;
    return CreateFileW(wide, access, FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, NULL,
                       disposition, FILE_ATTRIBUTE_NORMAL, NULL);
}

static struct sockaddr_in loopback(unsigned short port)
{
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = port};

    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return a;
}

/* The port in network byte order; 0: there is no socket. */
static unsigned short read_port(const char *path)
{
    HANDLE file = open_file(path, GENERIC_READ, OPEN_EXISTING);
    unsigned short port = 0;
    DWORD size = 0;

    if (file == INVALID_HANDLE_VALUE)
        return 0;
    if (!ReadFile(file, &port, sizeof port, &size, NULL) || size != sizeof port)
        port = 0;
    CloseHandle(file);
    return port;
}

static int bind_port(SOCKET s, HANDLE file)
{
    struct sockaddr_in a = loopback(0);
    int length = sizeof a;
    DWORD written;

    if (next.bind(s, (struct sockaddr *)&a, sizeof a) != 0 ||
        next.getsockname(s, (struct sockaddr *)&a, &length) != 0)
        return SOCKET_ERROR;
    return WriteFile(file, &a.sin_port, sizeof a.sin_port, &written, NULL) ? 0 : fail(WSAENETDOWN);
}

/* ---- the calls ------------------------------------------------------------------------------- */

static SOCKET WSAAPI rule_WSASocketW(int family, int type, int protocol, WSAPROTOCOL_INFOW *info,
                                     GROUP group, DWORD flags)
{
    SOCKET s;

    if (family != AF_UNIX)
        return next.WSASocketW(family, type, protocol, info, group, flags);
    if (type != SOCK_STREAM || protocol != 0) {
        WSASetLastError(type != SOCK_STREAM ? WSAESOCKTNOSUPPORT : WSAEPROTONOSUPPORT);
        return INVALID_SOCKET;
    }
    s = next.WSASocketW(AF_INET, SOCK_STREAM, 0, info, group, flags);
    if (s != INVALID_SOCKET)
        set_names(s, NULL, NULL);
    return s;
}

static SOCKET WSAAPI rule_socket(int family, int type, int protocol)
{
    return family == AF_UNIX ? rule_WSASocketW(family, type, protocol, NULL, 0, WSA_FLAG_OVERLAPPED)
                             : next.socket(family, type, protocol);
}

static int WSAAPI rule_bind(SOCKET s, const struct sockaddr *name, int length)
{
    unix_names names = names_of(s);
    char path[PATH_SIZE];
    HANDLE file;
    int result;

    if (!names.is_unix)
        return next.bind(s, name, length);
    if (names.bound || !read_path(name, length, path))
        return fail(WSAEINVAL);
    file = open_file(path, GENERIC_WRITE, CREATE_NEW);
    if (file == INVALID_HANDLE_VALUE)
        return fail(GetLastError() == ERROR_FILE_EXISTS ? WSAEADDRINUSE : WSAEINVAL);
    result = bind_port(s, file);
    CloseHandle(file);
    if (result == 0)
        set_names(s, path, NULL);
    return result;
}

static int WSAAPI rule_listen(SOCKET s, int backlog)
{
    unix_names names = names_of(s);

    return names.is_unix && !names.bound ? fail(WSAEINVAL) : next.listen(s, backlog);
}

static int WSAAPI rule_connect(SOCKET s, const struct sockaddr *name, int length)
{
    unix_names names = names_of(s);
    struct sockaddr_in a;
    char path[PATH_SIZE];
    int result;

    if (!names.is_unix)
        return next.connect(s, name, length);
    if (!read_path(name, length, path))
        return fail(WSAEINVAL);
    a = loopback(read_port(path));
    if (a.sin_port == 0)
        return fail(WSAECONNREFUSED);
    result = next.connect(s, (struct sockaddr *)&a, sizeof a);
    if (result == 0 || WSAGetLastError() == WSAEWOULDBLOCK) {
        int error = WSAGetLastError();

        set_names(s, NULL, path);
        WSASetLastError(error);
    }
    return result;
}

static SOCKET WSAAPI rule_accept(SOCKET s, struct sockaddr *name, int *length)
{
    static const char none[PATH_SIZE];
    unix_names names = names_of(s);
    SOCKET connection;

    if (!names.is_unix)
        return next.accept(s, name, length);
    if (name != NULL && length != NULL && *length < (int)sizeof(struct sockaddr_un)) {
        WSASetLastError(WSAEFAULT);
        return INVALID_SOCKET;
    }
    connection = next.accept(s, NULL, NULL);
    if (connection != INVALID_SOCKET) {
        set_names(connection, names.own, none);
        (void)write_name(none, name, length);
    }
    return connection;
}

static int WSAAPI rule_getsockname(SOCKET s, struct sockaddr *name, int *length)
{
    unix_names names = names_of(s);

    if (!names.is_unix)
        return next.getsockname(s, name, length);
    return names.bound || names.connected ? write_name(names.own, name, length) : fail(WSAEINVAL);
}

static int WSAAPI rule_getpeername(SOCKET s, struct sockaddr *name, int *length)
{
    unix_names names = names_of(s);
    struct sockaddr_in a;
    int size = sizeof a;

    if (!names.is_unix)
        return next.getpeername(s, name, length);
    if (next.getpeername(s, (struct sockaddr *)&a, &size) != 0)
        return SOCKET_ERROR;
    return write_name(names.peer, name, length);
}

static bool is_of_tcp_or_ip(int level)
{
    return level == IPPROTO_TCP || level == IPPROTO_IP || level == IPPROTO_IPV6;
}

static int WSAAPI rule_getsockopt(SOCKET s, int level, int option, char *value, int *length)
{
    unix_names names = names_of(s);
    int result;

    if (names.is_unix && is_of_tcp_or_ip(level))
        return fail(WSAENOPROTOOPT);
    result = next.getsockopt(s, level, option, value, length);
    if (result == 0 && names.is_unix && level == SOL_SOCKET && option == SO_PROTOCOL_INFOW) {
        ((WSAPROTOCOL_INFOW *)value)->iAddressFamily = AF_UNIX;
        ((WSAPROTOCOL_INFOW *)value)->iProtocol = 0;
    }
    return result;
}

static int WSAAPI rule_setsockopt(SOCKET s, int level, int option, const char *value, int length)
{
    return names_of(s).is_unix && is_of_tcp_or_ip(level)
               ? fail(WSAENOPROTOOPT)
               : next.setsockopt(s, level, option, value, length);
}

static int WSAAPI rule_WSAIoctl(SOCKET s, DWORD control, void *input, DWORD input_size,
                                void *output, DWORD output_size, DWORD *returned,
                                WSAOVERLAPPED *overlapped, completion_routine done)
{
    unix_names names;

    if (control != SIO_AF_UNIX_GETPEERPID)
        return next.WSAIoctl(s, control, input, input_size, output, output_size, returned,
                             overlapped, done);
    names = names_of(s);
    if (!names.is_unix)
        return fail(WSAEOPNOTSUPP);
    if (!names.connected)
        return fail(WSAENOTCONN);
    if (output_size < sizeof(ULONG))
        return fail(WSAEFAULT);
    *(ULONG *)output = GetCurrentProcessId();
    *returned = sizeof(ULONG);
    return 0;
}

const rule af_unix_rule = {
    .from = WINDOWS_10_1803,
    .next = &next,
    .stands_before = {.WSASocketW = rule_WSASocketW,
                      .socket = rule_socket,
                      .bind = rule_bind,
                      .listen = rule_listen,
                      .connect = rule_connect,
                      .accept = rule_accept,
                      .getsockname = rule_getsockname,
                      .getpeername = rule_getpeername,
                      .getsockopt = rule_getsockopt,
                      .setsockopt = rule_setsockopt,
                      .WSAIoctl = rule_WSAIoctl},
};
