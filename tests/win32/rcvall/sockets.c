/* The rules are those of Microsoft's pages "SIO_RCVALL control code", "Winsock IOCTLs", "TCP/IP
 * raw sockets", "bind" and "WSAIoctl". Calls of Winsock here go to the system: a program's calls
 * are led astray, this DLL's are not. */
#include "sockets.h"

#include "conditions.h"

#include <stdlib.h>
#include <string.h>

enum { SOCKETS = 16, BUFFERS = 16 };

typedef struct emulated {
    SOCKET s;       /* 0: this one is free */
    SOCKET control; /* to the relay */
    int family;
    int protocol;
    bool bound;
    struct sockaddr_in6 local; /* or a sockaddr_in */
    DWORD header_included;
    DWORD packets, bytes; /* taken, and the relay does not know it yet */
} emulated;

static emulated table[SOCKETS];
static SRWLOCK lock = SRWLOCK_INIT;

static int fail(int error)
{
    WSASetLastError(error);
    return SOCKET_ERROR;
}

/* ---- memory ---------------------------------------------------------------------------------- */

static bool is_accessible(const void *p, size_t size, DWORD kinds)
{
    MEMORY_BASIC_INFORMATION page;

    if (p == NULL || VirtualQuery(p, &page, sizeof page) == 0)
        return false;
    return page.State == MEM_COMMIT && (page.Protect & kinds) != 0 &&
           (const char *)p + size <= (const char *)page.BaseAddress + page.RegionSize;
}

bool is_readable(const void *p, size_t size)
{
    return is_accessible(p, size,
                         PAGE_READONLY | PAGE_READWRITE | PAGE_WRITECOPY | PAGE_EXECUTE_READ |
                             PAGE_EXECUTE_READWRITE | PAGE_EXECUTE_WRITECOPY);
}

bool is_writable(void *p, size_t size)
{
    return is_accessible(
        p, size, PAGE_READWRITE | PAGE_WRITECOPY | PAGE_EXECUTE_READWRITE | PAGE_EXECUTE_WRITECOPY);
}

/* ---- the table ------------------------------------------------------------------------------- */

/* Call with the lock held. */
static emulated *find(SOCKET s)
{
    for (emulated *e = table; s != 0 && e < table + SOCKETS; e++) {
        if (e->s == s)
            return e;
    }
    return NULL;
}

/* A copy: another thread may close the socket. */
static bool look_up(SOCKET s, emulated *copy)
{
    AcquireSRWLockShared(&lock);
    emulated *e = find(s);
    if (e != NULL)
        *copy = *e;
    ReleaseSRWLockShared(&lock);
    return e != NULL;
}

static bool keep(const emulated *made)
{
    AcquireSRWLockExclusive(&lock);
    emulated *e = table;
    while (e < table + SOCKETS && e->s != 0)
        e++;
    if (e < table + SOCKETS)
        *e = *made;
    ReleaseSRWLockExclusive(&lock);
    return e < table + SOCKETS;
}

/* ---- the relay ------------------------------------------------------------------------------- */

static struct sockaddr_in relay_address(int port)
{
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons((u_short)port)};

    a.sin_addr.s_addr = htonl(RELAY_ADDRESS);
    return a;
}

static SOCKET connect_to_relay(void)
{
    const char *port = getenv("PORTSOCK_RCVALL_RELAY");
    struct sockaddr_in a = relay_address(port != NULL ? atoi(port) : 0);
    SOCKET s = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP);

    if (s != INVALID_SOCKET && connect(s, (struct sockaddr *)&a, sizeof a) != 0) {
        closesocket(s);
        s = INVALID_SOCKET;
    }
    return s;
}

/* Gives the relay an order, and returns its answer. Orders of one socket are given one at a
 * time. */
static int tell(const emulated *e, order *o)
{
    static SRWLOCK turn = SRWLOCK_INIT;
    answer error = WSAENETDOWN;

    o->family = e->family == AF_INET6 ? 6 : 4;
    o->protocol = (uint32_t)e->protocol;
    AcquireSRWLockExclusive(&turn);
    if (send(e->control, (const char *)o, sizeof *o, 0) == (int)sizeof *o &&
        o->kind != ORDER_TAKEN) {
        int got = recv(e->control, (char *)&error, sizeof error, MSG_WAITALL);
        if (got != (int)sizeof error)
            error = WSAENETDOWN;
    }
    ReleaseSRWLockExclusive(&turn);
    return (int)error;
}

/* ---- making and closing ---------------------------------------------------------------------- */

bool emulated_kind(int family, int type, int protocol)
{
    if (type != SOCK_RAW)
        return false;
    if (family == AF_INET6)
        return protocol == IPPROTO_IPV6;
    return family == AF_INET &&
           (protocol == IPPROTO_IP || protocol == IPPROTO_UDP || protocol == IPPROTO_IGMP);
}

/* "Only members of the Administrators group can create sockets of type SOCK_RAW." */
static bool is_administrator(void)
{
    return getenv("PORTSOCK_RCVALL_NO_ADMINISTRATOR") == NULL;
}

/* The UDP socket, and its port. */
static SOCKET make_data_socket(DWORD flags, uint32_t *port)
{
    struct sockaddr_in a = relay_address(0);
    int length = sizeof a, room = 4 << 20;
    SOCKET s = WSASocketW(AF_INET, SOCK_DGRAM, IPPROTO_UDP, NULL, 0, flags);

    if (s == INVALID_SOCKET)
        return s;
    setsockopt(s, SOL_SOCKET, SO_RCVBUF, (const char *)&room, sizeof room);
    if (bind(s, (struct sockaddr *)&a, sizeof a) != 0 ||
        getsockname(s, (struct sockaddr *)&a, &length) != 0) {
        closesocket(s);
        return INVALID_SOCKET;
    }
    *port = ntohs(a.sin_port);
    return s;
}

static void let_go(const emulated *e, int error)
{
    if (e->s != INVALID_SOCKET)
        closesocket(e->s);
    if (e->control != INVALID_SOCKET)
        closesocket(e->control);
    WSASetLastError(error);
}

SOCKET emulated_socket(int family, int protocol, DWORD flags)
{
    emulated e = {.family = family, .protocol = protocol};
    order o = {.kind = ORDER_SOCKET, .value = is_condition(IPV6_HEADERS)};

    if (!is_administrator()) {
        WSASetLastError(WSAEACCES);
        return INVALID_SOCKET;
    }
    e.s = make_data_socket(flags, &o.port);
    e.control = connect_to_relay();
    if (e.s == INVALID_SOCKET || e.control == INVALID_SOCKET || tell(&e, &o) != 0) {
        let_go(&e, WSAENETDOWN);
        return INVALID_SOCKET;
    }
    if (!keep(&e)) {
        let_go(&e, WSAEMFILE);
        return INVALID_SOCKET;
    }
    return e.s;
}

/* What the system has of it the caller closes. */
void emulated_close(SOCKET s)
{
    emulated e;
    order o = {.kind = ORDER_CLOSE};

    if (!look_up(s, &e))
        return;
    tell(&e, &o);
    closesocket(e.control);
    AcquireSRWLockExclusive(&lock);
    find(s)->s = 0;
    ReleaseSRWLockExclusive(&lock);
}

/* ---- addresses ------------------------------------------------------------------------------- */

static int address_size(int family)
{
    return family == AF_INET6 ? (int)sizeof(struct sockaddr_in6) : (int)sizeof(struct sockaddr_in);
}

static void address_bytes(const struct sockaddr *name, uint8_t bytes[16])
{
    if (name->sa_family == AF_INET6)
        memcpy(bytes, &((const struct sockaddr_in6 *)name)->sin6_addr, 16);
    else
        memcpy(bytes, &((const struct sockaddr_in *)name)->sin_addr, 4);
}

/* 0, or why no socket can be bound to it. Wine lets UDP sockets bind to any address, but not TCP
 * sockets. */
static int try_address(const struct sockaddr_in6 *name, int family)
{
    SOCKET s = socket(family, SOCK_STREAM, IPPROTO_TCP);
    int error = 0;

    if (s == INVALID_SOCKET || bind(s, (const struct sockaddr *)name, address_size(family)) != 0)
        error = WSAGetLastError();
    if (s != INVALID_SOCKET)
        closesocket(s);
    return error;
}

int emulated_bind(SOCKET s, const struct sockaddr *name, int size, bool *found)
{
    emulated e;
    order o = {.kind = ORDER_BIND};
    struct sockaddr_in6 local = {0};
    int error;

    *found = look_up(s, &e);
    if (!*found)
        return 0;
    if (size < address_size(e.family) || !is_readable(name, (size_t)size) ||
        name->sa_family != e.family)
        return fail(WSAEFAULT);
    if (e.bound)
        return fail(WSAEINVAL);
    memcpy(&local, name, (size_t)address_size(e.family));
    local.sin6_port = 0; /* at the same place in a sockaddr_in */
    error = try_address(&local, e.family);
    if (error != 0)
        return fail(error);

    address_bytes((struct sockaddr *)&local, o.address);
    o.scope = e.family == AF_INET6 ? local.sin6_scope_id : 0;
    error = tell(&e, &o);
    AcquireSRWLockExclusive(&lock);
    find(s)->bound = true;
    find(s)->local = local;
    ReleaseSRWLockExclusive(&lock);
    return error != 0 ? fail(error) : 0;
}

int emulated_getsockname(SOCKET s, struct sockaddr *name, int *size, bool *found)
{
    emulated e;

    *found = look_up(s, &e);
    if (!*found)
        return 0;
    if (!is_writable(size, sizeof *size) || *size < address_size(e.family) ||
        !is_writable(name, (size_t)*size))
        return fail(WSAEFAULT);
    if (!e.bound)
        return fail(WSAEINVAL);
    *size = address_size(e.family);
    memcpy(name, &e.local, (size_t)*size);
    return 0;
}

/* ---- controls -------------------------------------------------------------------------------- */

bool is_rcvall(DWORD control)
{
    return control == CONTROL_ALL || control == CONTROL_MULTICAST || control == CONTROL_IGMP;
}

/* "The socket handle passed must be one of the following." */
static bool is_for(DWORD control, const emulated *e)
{
    switch (control) {
    case CONTROL_ALL:
        return e->protocol == (e->family == AF_INET ? IPPROTO_IP : IPPROTO_IPV6);
    case CONTROL_MULTICAST:
        return e->family == AF_INET && e->protocol == IPPROTO_UDP;
    default:
        return e->family == AF_INET && e->protocol == IPPROTO_IGMP;
    }
}

/* "The socket also must be bound to an explicit local IPv4 or IPv6 interface." */
static bool is_bound_to_interface(const emulated *e)
{
    static const uint8_t any[16];
    uint8_t address[16] = {0};

    if (!e->bound)
        return false;
    address_bytes((const struct sockaddr *)&e->local, address);
    return memcmp(address, any, sizeof any) != 0;
}

static int judge(const emulated *e, DWORD control, const void *input, DWORD size,
                 const DWORD *value)
{
    if (!is_for(control, e))
        return WSAEINVAL;
    if (size < sizeof(UCHAR))
        return WSAEINVAL;
    if (!is_readable(input, size < sizeof(DWORD) ? size : sizeof(DWORD)))
        return WSAEFAULT;
    if (is_condition(INTERFACE_REMOVED) || is_condition(INTERFACE_NOT_PRESENT))
        return WSAEINVAL;
    return *value < MODE_COUNT && is_bound_to_interface(e) ? 0 : WSAEINVAL;
}

/* On a socket that is not emulated: what it is, else not for this kind of socket. */
static int refuse_other(SOCKET s)
{
    int type, size = sizeof type;

    if (getsockopt(s, SOL_SOCKET, SO_TYPE, (char *)&type, &size) != 0)
        return SOCKET_ERROR;
    return fail(WSAEINVAL);
}

int emulated_control(SOCKET s, DWORD control, const void *input, DWORD size, DWORD *returned)
{
    emulated e;
    DWORD value = 0;
    order o = {.kind = ORDER_SET, .control = control};

    if (!look_up(s, &e))
        return refuse_other(s);
    if (size > sizeof value)
        size = sizeof value;
    if (is_readable(input, size))
        memcpy(&value, input, size);
    o.error = (uint32_t)judge(&e, control, input, size, &value);
    if (o.error == 0 && !is_writable(returned, sizeof *returned))
        o.error = WSAEFAULT;
    o.value = value;
    if (o.error != 0) {
        o.kind = ORDER_REFUSED;
        tell(&e, &o);
        return fail((int)o.error);
    }
    *returned = 0;
    o.error = (uint32_t)tell(&e, &o);
    return o.error != 0 ? fail((int)o.error) : 0;
}

/* ---- options --------------------------------------------------------------------------------- */

/* The one that every raw socket has: IP_HDRINCL, IPV6_HDRINCL. */
static bool is_header_option(const emulated *e, int level, int name)
{
    return e->family == AF_INET ? level == IPPROTO_IP && name == IP_HDRINCL
                                : level == IPPROTO_IPV6 && name == IPV6_HDRINCL;
}

int emulated_setsockopt(SOCKET s, int level, int name, const char *value, int size, bool *found)
{
    emulated e;
    DWORD flag = 0;

    *found = look_up(s, &e);
    if (!*found)
        return 0;
    if (level == IPPROTO_IPV6 && name == IPV6_V6ONLY && e.family == AF_INET6)
        return 0; /* the UDP socket is none of IPv6 */
    if (!is_header_option(&e, level, name) || is_condition(NO_HEADER_OPTION)) {
        *found = level != SOL_SOCKET;
        return *found ? fail(WSAENOPROTOOPT) : 0;
    }
    if (size < 1 || !is_readable(value, (size_t)size))
        return fail(WSAEFAULT);
    memcpy(&flag, value, (size_t)size < sizeof flag ? (size_t)size : sizeof flag);
    AcquireSRWLockExclusive(&lock);
    find(s)->header_included = flag != 0;
    ReleaseSRWLockExclusive(&lock);
    return 0;
}

static int get_number(DWORD number, char *value, int *size)
{
    if (!is_writable(size, sizeof *size) || *size < (int)sizeof number ||
        !is_writable(value, sizeof number))
        return fail(WSAEFAULT);
    memcpy(value, &number, sizeof number);
    *size = sizeof number;
    return 0;
}

static int get_info(const emulated *e, char *value, int *size)
{
    WSAPROTOCOL_INFOW info;

    if (getsockopt(e->s, SOL_SOCKET, SO_PROTOCOL_INFOW, value, size) != 0)
        return SOCKET_ERROR;
    memcpy(&info, value, sizeof info);
    info.iAddressFamily = e->family;
    info.iSocketType = SOCK_RAW;
    info.iProtocol = e->protocol;
    memcpy(value, &info, sizeof info);
    return 0;
}

int emulated_getsockopt(SOCKET s, int level, int name, char *value, int *size, bool *found)
{
    emulated e;

    *found = look_up(s, &e);
    if (!*found)
        return 0;
    if (is_header_option(&e, level, name))
        return get_number(e.header_included, value, size);
    if (level != SOL_SOCKET)
        return fail(WSAENOPROTOOPT);
    if (name == SO_TYPE)
        return get_number(SOCK_RAW, value, size);
    if (name == SO_PROTOCOL_INFOW)
        return get_info(&e, value, size);
    *found = false;
    return 0;
}

/* ---- receiving ------------------------------------------------------------------------------- */

static bool has_room_for_address(const emulated *e, struct sockaddr *from, int *size)
{
    if (from == NULL)
        return true;
    return is_writable(size, sizeof *size) && *size >= address_size(e->family) &&
           is_writable(from, (size_t)*size);
}

/* The packet's source, port 0. */
static void give_source(const emulated *e, const packet_head *head, struct sockaddr *from,
                        int *size)
{
    struct sockaddr_in6 six = {.sin6_family = AF_INET6};
    struct sockaddr_in four = {.sin_family = AF_INET};

    memcpy(&six.sin6_addr, head->source, 16);
    memcpy(&four.sin_addr, head->source, 4);
    if (six.sin6_addr.s6_addr[0] == 0xfe && (six.sin6_addr.s6_addr[1] & 0xc0) == 0x80)
        six.sin6_scope_id = head->interface_index;
    *size = address_size(e->family);
    memcpy(from, e->family == AF_INET6 ? (const void *)&six : (const void *)&four, (size_t)*size);
}

/* Tells the relay now and then that there is room for more. */
static void count_taken(SOCKET s, DWORD bytes)
{
    emulated copy;
    order o = {.kind = ORDER_TAKEN};

    AcquireSRWLockExclusive(&lock);
    emulated *e = find(s);
    if (e != NULL) {
        e->packets++;
        e->bytes += bytes;
        copy = *e;
        if (e->packets >= TAKEN_PACKETS || e->bytes >= TAKEN_BYTES) {
            o.value = e->packets;
            e->packets = e->bytes = 0;
        }
    }
    ReleaseSRWLockExclusive(&lock);
    if (o.value > 0)
        tell(&copy, &o);
}

int emulated_receive(SOCKET s, WSABUF *buffers, DWORD count, DWORD *received, DWORD *flags,
                     struct sockaddr *from, int *from_size, bool *found)
{
    emulated e;
    packet_head head = {0};
    WSABUF all[1 + BUFFERS] = {{sizeof head, (char *)&head}};
    DWORD room = 0, got = 0, asked = *flags;
    int result, error;

    *found = look_up(s, &e);
    if (!*found)
        return 0;
    if (!e.bound)
        return fail(WSAEINVAL);
    if (count > BUFFERS || !has_room_for_address(&e, from, from_size))
        return fail(WSAEFAULT);
    if (is_condition(RECEIVE_FAILS))
        return fail(WSAENETDOWN);
    for (DWORD i = 0; i < count; i++) {
        all[1 + i] = buffers[i];
        room += buffers[i].len;
    }
    result = WSARecvFrom(s, all, 1 + count, &got, flags, NULL, NULL, NULL, NULL);
    error = result == 0 ? 0 : WSAGetLastError();
    if (error != 0 && error != WSAEMSGSIZE)
        return fail(error);
    *received = error == 0 ? got - (DWORD)sizeof head : room;
    if (count > 0 && buffers[0].len >= *received && is_condition(SEND_OFFLOAD))
        change_to_offloaded(&head, (unsigned char *)buffers[0].buf, *received);
    if (from != NULL)
        give_source(&e, &head, from, from_size);
    if ((asked & MSG_PEEK) == 0)
        count_taken(s, error == 0 ? *received : PACKET_MAX);
    return error == 0 ? 0 : fail(error);
}

int emulated_unread(SOCKET s, u_long *bytes, bool *found)
{
    emulated e;

    *found = look_up(s, &e);
    if (!*found)
        return 0;
    if (ioctlsocket(s, FIONREAD, bytes) != 0)
        return SOCKET_ERROR;
    if (*bytes >= sizeof(packet_head))
        *bytes -= (u_long)sizeof(packet_head);
    return 0;
}

int emulated_refusal(SOCKET s, bool *found)
{
    emulated e;

    *found = look_up(s, &e);
    return *found ? fail(WSAEOPNOTSUPP) : 0;
}
