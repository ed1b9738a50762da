#include "records.h"

#include <stdlib.h>

static functions next;

enum { PLACES = 1024, HANDLE_STEP = 4 };

static SRWLOCK lock = SRWLOCK_INIT;
static socket_record *table[PLACES];

static socket_record **place_of(SOCKET s)
{
    socket_record **at = &table[s / HANDLE_STEP % PLACES];

    while (*at != NULL && (*at)->handle != s)
        at = &(*at)->rest;
    return at;
}

/* By what Windows itself knows about the socket. */
static socket_record *make_record(SOCKET s)
{
    WSAPROTOCOL_INFOW info;
    int size = sizeof info;
    socket_record *made;

    if (system_functions()->getsockopt(s, SOL_SOCKET, SO_PROTOCOL_INFOW, (char *)&info, &size) != 0)
        return NULL;
    made = calloc(1, sizeof *made);
    if (made == NULL)
        abort();
    made->handle = s;
    made->family = info.iAddressFamily;
    made->type = info.iSocketType;
    made->protocol = info.iProtocol;
    return made;
}

socket_record *hold_record(SOCKET s)
{
    int error = WSAGetLastError();
    socket_record **at;

    AcquireSRWLockExclusive(&lock);
    at = place_of(s);
    if (*at == NULL)
        *at = make_record(s);
    if (*at == NULL)
        ReleaseSRWLockExclusive(&lock);
    WSASetLastError(error);
    return *at;
}

void release_record(socket_record *record)
{
    if (record != NULL)
        ReleaseSRWLockExclusive(&lock);
}

size_t recorded_handles(SOCKET *handles, size_t capacity)
{
    size_t count = 0;

    AcquireSRWLockExclusive(&lock);
    for (size_t i = 0; i < PLACES; i++) {
        for (socket_record *r = table[i]; r != NULL && count < capacity; r = r->rest)
            handles[count++] = r->handle;
    }
    ReleaseSRWLockExclusive(&lock);
    return count;
}

static void forget(SOCKET s)
{
    socket_record **at;

    AcquireSRWLockExclusive(&lock);
    at = place_of(s);
    if (*at != NULL) {
        socket_record *gone = *at;
        *at = gone->rest;
        free(gone);
    }
    ReleaseSRWLockExclusive(&lock);
}

static bool has_port(const socket_record *record, u_short port)
{
    union {
        struct sockaddr any;
        struct sockaddr_in inet;
        struct sockaddr_storage storage;
    } name = {.storage = {0}};
    int size = sizeof name;

    /* Both families have the port in one place. */
    return record->type == SOCK_DGRAM &&
           (record->family == AF_INET || record->family == AF_INET6) &&
           system_functions()->getsockname(record->handle, &name.any, &size) == 0 &&
           name.inet.sin_port == port;
}

bool datagrams_have_port(u_short port)
{
    int error = WSAGetLastError();
    bool found = false;

    AcquireSRWLockShared(&lock);
    for (size_t i = 0; i < PLACES && !found; i++) {
        for (const socket_record *r = table[i]; r != NULL && !found; r = r->rest)
            found = has_port(r, port);
    }
    ReleaseSRWLockShared(&lock);
    WSASetLastError(error);
    return found;
}

/* ---- what keeps them up to date -------------------------------------------------------------- */

/* A handle that was closed in another way may have left a record. */
static SOCKET made(SOCKET s)
{
    if (s != INVALID_SOCKET) {
        forget(s);
        release_record(hold_record(s));
    }
    return s;
}

static SOCKET WSAAPI rule_socket(int family, int type, int protocol)
{
    return made(next.socket(family, type, protocol));
}

static SOCKET WSAAPI rule_WSASocketW(int family, int type, int protocol, WSAPROTOCOL_INFOW *info,
                                     GROUP group, DWORD flags)
{
    return made(next.WSASocketW(family, type, protocol, info, group, flags));
}

static SOCKET WSAAPI rule_accept(SOCKET s, struct sockaddr *name, int *length)
{
    SOCKET connection = made(next.accept(s, name, length));
    socket_record *record = connection != INVALID_SOCKET ? hold_record(connection) : NULL;

    if (record != NULL)
        record->connected = record->bound = true;
    release_record(record);
    return connection;
}

static int WSAAPI rule_bind(SOCKET s, const struct sockaddr *name, int length)
{
    int result = next.bind(s, name, length);
    socket_record *record = result == 0 ? hold_record(s) : NULL;

    if (record != NULL)
        record->bound = true;
    release_record(record);
    return result;
}

static int WSAAPI rule_listen(SOCKET s, int backlog)
{
    int result = next.listen(s, backlog);
    socket_record *record = result == 0 ? hold_record(s) : NULL;

    if (record != NULL)
        record->listening = true;
    release_record(record);
    return result;
}

static int WSAAPI rule_connect(SOCKET s, const struct sockaddr *name, int length)
{
    int result = next.connect(s, name, length);
    bool begun = result == 0 || WSAGetLastError() == WSAEWOULDBLOCK;
    socket_record *record = begun ? hold_record(s) : NULL;

    if (record != NULL)
        record->connected = true;
    release_record(record);
    return result;
}

static int WSAAPI rule_ioctlsocket(SOCKET s, long command, u_long *value)
{
    int result = next.ioctlsocket(s, command, value);
    socket_record *record = result == 0 && command == (long)FIONBIO ? hold_record(s) : NULL;

    if (record != NULL)
        record->nonblocking = *value != 0;
    release_record(record);
    return result;
}

/* It makes the socket a non-blocking one. */
static int WSAAPI rule_WSAEventSelect(SOCKET s, WSAEVENT event, long events)
{
    int result = next.WSAEventSelect(s, event, events);
    socket_record *record = result == 0 ? hold_record(s) : NULL;

    if (record != NULL) {
        record->nonblocking = true;
        record->event = events != 0 ? event : NULL;
        record->events = events;
    }
    release_record(record);
    return result;
}

/* Before the handle can be another socket's. */
static int WSAAPI rule_closesocket(SOCKET s)
{
    forget(s);
    return next.closesocket(s);
}

const rule records_rule = {
    .next = &next,
    .stands_before = {.socket = rule_socket,
                      .WSASocketW = rule_WSASocketW,
                      .accept = rule_accept,
                      .bind = rule_bind,
                      .listen = rule_listen,
                      .connect = rule_connect,
                      .ioctlsocket = rule_ioctlsocket,
                      .WSAEventSelect = rule_WSAEventSelect,
                      .closesocket = rule_closesocket},
};
