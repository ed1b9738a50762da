/*
 * Who may have a port: every bind to a port by its number goes by the table of port_table.h, over
 * all sockets of the program, both families and the connections that an exclusive listener has
 * accepted. SO_REUSEADDR and SO_EXCLUSIVEADDRUSE exclude each other, and the second must be set
 * before the bind.
 *
 * Wine's own rules are Linux's. So Wine gets neither option from the program, and SO_REUSEADDR from
 * here for each such bind; and where Linux does not allow even then what Windows does, the socket
 * is bound to another port, of which the program does not learn: nobody connects to it.
 *
 * Sources: Microsoft, "Using SO_REUSEADDR and SO_EXCLUSIVEADDRUSE", "SO_EXCLUSIVEADDRUSE socket
 * option".
 */
#include "../port_table.h"
#include "../records.h"

#include <string.h>

static functions next;

static bool has_port(const socket_record *r)
{
    return (r->family == AF_INET || r->family == AF_INET6) &&
           (r->type == SOCK_STREAM || r->type == SOCK_DGRAM);
}

static int fail(int error)
{
    WSASetLastError(error);
    return SOCKET_ERROR;
}

/* ---- claims ---------------------------------------------------------------------------------- */

typedef union address {
    struct sockaddr any;
    struct sockaddr_in inet;
    struct sockaddr_in6 inet6;
    SOCKADDR_STORAGE space;
} address;

/* The host as IPv6 writes it. */
static void put_host(unsigned char host[16], const address *a)
{
    memset(host, 0, 16);
    if (a->any.sa_family == AF_INET6) {
        memcpy(host, &a->inet6.sin6_addr, 16);
    } else {
        host[10] = host[11] = 0xff;
        memcpy(host + 12, &a->inet.sin_addr, 4);
    }
}

/* In network order; both families have it at one place. */
static u_short port_of(const address *a)
{
    return a->inet.sin_port;
}

static bool is_dual(SOCKET s, const address *name)
{
    DWORD only = 0;
    int size = sizeof only;

    return name->any.sa_family == AF_INET6 && IN6_IS_ADDR_UNSPECIFIED(&name->inet6.sin6_addr) &&
           next.getsockopt(s, IPPROTO_IPV6, IPV6_V6ONLY, (char *)&only, &size) == 0 && only == 0;
}

static port_claim make_claim(SOCKET s, const socket_record *record, const address *name)
{
    port_claim c = {.stream = record->type == SOCK_STREAM,
                    .port = port_of(name),
                    .mode = record->exclusive ? PORT_EXCLUSIVE
                            : record->reuse   ? PORT_REUSE
                                              : PORT_DEFAULT,
                    .dual = is_dual(s, name),
                    .connection = record->accepted};

    put_host(c.host, name);
    return c;
}

static bool copy_record(SOCKET s, socket_record *copy)
{
    socket_record *record = hold_record(s);

    if (record == NULL)
        return false;
    *copy = *record;
    release_record(record);
    return has_port(copy);
}

static bool find_name(SOCKET s, const socket_record *record, address *name)
{
    int size = sizeof *name;

    if (next.getsockname(s, &name->any, &size) != 0)
        return false;
    if (record->reported_port != 0)
        name->inet.sin_port = record->reported_port;
    return port_of(name) != 0;
}

/* ---- connections that were closed ------------------------------------------------------------ */

/* Of exclusive listeners. */
typedef struct old_connection {
    port_claim claim;
    u_short peer_port;
} old_connection;

enum { OLD_CONNECTIONS = 256 };

static SRWLOCK old_lock = SRWLOCK_INIT;
static old_connection old_connections[OLD_CONNECTIONS];
static size_t old_count;

static bool is_there(DWORD state, DWORD local_port, DWORD remote_port, const old_connection *old)
{
    return state != MIB_TCP_STATE_CLOSED && state != MIB_TCP_STATE_LISTEN &&
           (u_short)local_port == old->claim.port && (u_short)remote_port == old->peer_port;
}

/* The space for the connections of the whole machine; more are not seen. */
static union {
    MIB_TCPTABLE inet;
    MIB_TCP6TABLE_OWNER_PID inet6;
    char bytes[1 << 20];
} connections;

static bool has_inet(const old_connection *old)
{
    DWORD size = sizeof connections;

    if (next.GetExtendedTcpTable(&connections, &size, FALSE, AF_INET, TCP_TABLE_BASIC_ALL, 0) !=
        NO_ERROR)
        return false;
    for (DWORD i = 0; i < connections.inet.dwNumEntries; i++) {
        const MIB_TCPROW *row = &connections.inet.table[i];
        if (is_there(row->dwState, row->dwLocalPort, row->dwRemotePort, old))
            return true;
    }
    return false;
}

static bool has_inet6(const old_connection *old)
{
    DWORD size = sizeof connections;

    if (next.GetExtendedTcpTable(&connections, &size, FALSE, AF_INET6, TCP_TABLE_OWNER_PID_ALL,
                                 0) != NO_ERROR)
        return false;
    for (DWORD i = 0; i < connections.inet6.dwNumEntries; i++) {
        const MIB_TCP6ROW_OWNER_PID *row = &connections.inet6.table[i];
        if (is_there(row->dwState, row->dwLocalPort, row->dwRemotePort, old))
            return true;
    }
    return false;
}

static port_answer ask_old_connections(const port_claim *c)
{
    port_answer answer = PORT_FREE;

    AcquireSRWLockExclusive(&old_lock);
    for (size_t i = 0; i < old_count && answer == PORT_FREE; i++) {
        answer = port_second_bind(&old_connections[i].claim, c);
        if (answer != PORT_FREE && !has_inet(&old_connections[i]) &&
            !has_inet6(&old_connections[i]))
            answer = PORT_FREE;
    }
    ReleaseSRWLockExclusive(&old_lock);
    return answer;
}

static void note_old_connection(SOCKET s)
{
    socket_record record;
    address name, peer;
    int size = sizeof peer;
    old_connection old;

    if (!copy_record(s, &record) || !record.accepted || !record.exclusive ||
        !find_name(s, &record, &name) || next.getpeername(s, &peer.any, &size) != 0)
        return;
    old.claim = make_claim(s, &record, &name);
    old.peer_port = port_of(&peer);
    AcquireSRWLockExclusive(&old_lock);
    old_connections[old_count % OLD_CONNECTIONS] = old;
    if (old_count < OLD_CONNECTIONS)
        old_count++;
    ReleaseSRWLockExclusive(&old_lock);
}

static int WSAAPI rule_closesocket(SOCKET s)
{
    int error = WSAGetLastError();

    note_old_connection(s);
    WSASetLastError(error);
    return next.closesocket(s);
}

/* ---- bind ------------------------------------------------------------------------------------ */

static port_answer ask_sockets(SOCKET s, const port_claim *c)
{
    static SOCKET handles[1 << 16];
    static SRWLOCK lock = SRWLOCK_INIT;
    port_answer answer = PORT_FREE;
    size_t count;

    AcquireSRWLockExclusive(&lock);
    count = recorded_handles(handles, sizeof handles / sizeof handles[0]);
    for (size_t i = 0; i < count && answer == PORT_FREE; i++) {
        socket_record record;
        address name;
        if (handles[i] != s && copy_record(handles[i], &record) &&
            find_name(handles[i], &record, &name)) {
            port_claim first = make_claim(handles[i], &record, &name);
            answer = port_second_bind(&first, c);
        }
    }
    ReleaseSRWLockExclusive(&lock);
    return answer;
}

static void share_below(SOCKET s)
{
    DWORD on = 1;

    (void)next.setsockopt(s, SOL_SOCKET, SO_REUSEADDR, (const char *)&on, sizeof on);
}

/* getsockname reports the port that the program asked for. */
static int bind_elsewhere(SOCKET s, const address *name, int length)
{
    address other = *name;
    socket_record *record;

    other.inet.sin_port = 0;
    if (next.bind(s, &other.any, length) != 0)
        return SOCKET_ERROR;
    record = hold_record(s);
    if (record != NULL)
        record->reported_port = port_of(name);
    release_record(record);
    return 0;
}

static int WSAAPI rule_bind(SOCKET s, const struct sockaddr *name, int length)
{
    socket_record record;
    address a;
    port_claim c;
    port_answer answer;

    if (!copy_record(s, &record) || record.bound || name == NULL ||
        length < (int)sizeof(struct sockaddr_in) || length > (int)sizeof a)
        return next.bind(s, name, length);
    memcpy(&a, name, (size_t)length);
    if (a.any.sa_family != record.family || port_of(&a) == 0)
        return next.bind(s, name, length);
    c = make_claim(s, &record, &a);
    answer = ask_sockets(s, &c);
    if (answer == PORT_FREE)
        answer = ask_old_connections(&c);
    if (answer != PORT_FREE)
        return fail(answer == PORT_IN_USE ? WSAEADDRINUSE : WSAEACCES);
    share_below(s);
    if (next.bind(s, name, length) == 0)
        return 0;
    if (WSAGetLastError() != WSAEADDRINUSE && WSAGetLastError() != WSAEACCES)
        return SOCKET_ERROR;
    return bind_elsewhere(s, &a, length);
}

static int WSAAPI rule_getsockname(SOCKET s, struct sockaddr *name, int *length)
{
    socket_record record;
    int result = next.getsockname(s, name, length);

    if (result == 0 && copy_record(s, &record) && record.reported_port != 0)
        ((struct sockaddr_in *)name)->sin_port = record.reported_port;
    return result;
}

/* ---- connections and duplicates -------------------------------------------------------------- */

static void take_options_of(SOCKET s, SOCKET origin, bool accepted)
{
    socket_record from, *record;

    if (!copy_record(origin, &from))
        return;
    record = hold_record(s);
    if (record != NULL) {
        record->reuse = from.reuse;
        record->exclusive = from.exclusive;
        record->accepted = accepted || from.accepted;
        record->bound = record->bound || from.bound;
        record->reported_port = from.reported_port;
    }
    release_record(record);
}

static SOCKET WSAAPI rule_accept(SOCKET s, struct sockaddr *name, int *length)
{
    SOCKET connection = next.accept(s, name, length);

    if (connection != INVALID_SOCKET)
        take_options_of(connection, s, true);
    return connection;
}

/* What this thread has made the information of for another handle. */
static _Thread_local SOCKET duplicated = INVALID_SOCKET;

static int WSAAPI rule_WSADuplicateSocketW(SOCKET s, DWORD process, WSAPROTOCOL_INFOW *info)
{
    duplicated = s;
    return next.WSADuplicateSocketW(s, process, info);
}

static SOCKET WSAAPI rule_WSASocketW(int family, int type, int protocol, WSAPROTOCOL_INFOW *info,
                                     GROUP group, DWORD flags)
{
    SOCKET s = next.WSASocketW(family, type, protocol, info, group, flags);

    if (s != INVALID_SOCKET && info != NULL && duplicated != INVALID_SOCKET)
        take_options_of(s, duplicated, false);
    return s;
}

/* ---- options --------------------------------------------------------------------------------- */

static bool is_ours(int level, int option)
{
    return level == SOL_SOCKET && (option == SO_REUSEADDR || option == SO_EXCLUSIVEADDRUSE);
}

static bool is_bound(SOCKET s, const socket_record *record)
{
    address name;

    return record->bound || find_name(s, record, &name);
}

static int set_option(SOCKET s, const socket_record *before, int option, bool on)
{
    socket_record *record;

    if (on && (option == SO_REUSEADDR ? before->exclusive : before->reuse))
        return fail(WSAEINVAL);
    if (option == SO_EXCLUSIVEADDRUSE && is_bound(s, before))
        return fail(WSAEINVAL);
    record = hold_record(s);
    if (record != NULL && option == SO_REUSEADDR)
        record->reuse = on;
    else if (record != NULL)
        record->exclusive = on;
    release_record(record);
    return 0;
}

static int WSAAPI rule_setsockopt(SOCKET s, int level, int option, const char *value, int length)
{
    socket_record record;

    if (!is_ours(level, option) || value == NULL || length < 1 || !copy_record(s, &record))
        return next.setsockopt(s, level, option, value, length);
    return set_option(s, &record, option, value[0] != 0);
}

static int WSAAPI rule_getsockopt(SOCKET s, int level, int option, char *value, int *length)
{
    int result = next.getsockopt(s, level, option, value, length);
    socket_record record;

    if (result != 0 || !is_ours(level, option) || !copy_record(s, &record))
        return result;
    memset(value, 0, (size_t)*length);
    value[0] = option == SO_REUSEADDR ? record.reuse : record.exclusive;
    return 0;
}

const rule port_sharing_rule = {
    .next = &next,
    .stands_before = {.bind = rule_bind,
                      .getsockname = rule_getsockname,
                      .closesocket = rule_closesocket,
                      .accept = rule_accept,
                      .WSADuplicateSocketW = rule_WSADuplicateSocketW,
                      .WSASocketW = rule_WSASocketW,
                      .setsockopt = rule_setsockopt,
                      .getsockopt = rule_getsockopt},
};
