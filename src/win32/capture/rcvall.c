#include "config.h"

#include "capture/backend.h"
#include "win32/system_function.h"
#include "win32/transfer.h"

#include <iphlpapi.h>
#include <netioapi.h>
#include <stdlib.h>
#include <string.h>

#ifndef IPV6_HDRINCL
#define IPV6_HDRINCL 2
#endif

/*
 * A raw socket bound to an interface's address, with SIO_RCVALL: every packet from its IP header
 * on.
 *
 * Promiscuous mode is the socket's. It is switched off before the socket is closed, and the
 * system closes the sockets of a process that ends, also at Ctrl-C and when it is killed.
 */

enum { PACKET_MAX = 65536 }; /* above the longest IP packet without jumbograms */

typedef void(WINAPI system_clock)(LPFILETIME time);

struct ps__sys_capture {
    ps_sock socket;
    system_clock *clock;
    ps_addr address;
    unsigned index;
    size_t snap_length;
    unsigned long mode; /* RCVALL_* */
    bool started;
    bool down;    /* the interface is switched off, which was reported */
    ps_addr *own; /* the interface's addresses */
    size_t own_count;
    uint64_t received;
    uint64_t unreadable; /* IPv6 payloads that came without their header */
    unsigned char data[PACKET_MAX];
};

/* The most exact clock there is: Windows 8 and later have one that counts less than a
 * microsecond. */
static system_clock *find_clock(void)
{
    system_clock *found =
        (system_clock *)ps__find_function(L"kernel32.dll", "GetSystemTimePreciseAsFileTime");

    return found ? found : GetSystemTimeAsFileTime;
}

/* ---- its parts ------------------------------------------------------------------------------- */

static int make_socket(ps__sys_capture *c, int family, int proto)
{
    int code = ps_socket(&c->socket, family, SOCK_RAW, proto);

    return code != 0 ? code : ps_settimeout(&c->socket, 0);
}

static int set_option(ps__sys_capture *c, int level, int name, int value)
{
    return ps_setsockopt(&c->socket, level, name, &value, sizeof value);
}

/* IPv4 packets are received with their header whether IP_HDRINCL is set or not ("TCP/IP raw
 * sockets"), and nothing is sent: the option may be refused. */
static int open_socket(ps__sys_capture *c, size_t buffer_size)
{
    bool inet = c->address.sa.sa_family == AF_INET;
    int code = make_socket(c, c->address.sa.sa_family, inet ? IPPROTO_IP : IPPROTO_IPV6);

    if (code == 0)
        code = ps_bind(&c->socket, &c->address);
    if (code != 0)
        return code;
    if (inet)
        (void)set_option(c, IPPROTO_IP, IP_HDRINCL, 1);
    else
        (void)set_option(c, IPPROTO_IPV6, IPV6_HDRINCL, 1);
    (void)set_option(c, SOL_SOCKET, SO_RCVBUF, (int)buffer_size);
    return 0;
}

static int copy_addresses(ps__sys_capture *c, const ps_interface *i)
{
    if (i->address_count == 0)
        return 0;
    c->own = calloc(i->address_count, sizeof *c->own);
    if (!c->own)
        return PS_ENOMEM;
    memcpy(c->own, i->addresses, i->address_count * sizeof *c->own);
    c->own_count = i->address_count;
    return 0;
}

/* An interface may have more addresses than the one that is captured at. */
static int find_own_addresses(ps__sys_capture *c)
{
    ps_interface *list;
    const ps_interface *i;
    int code = ps_getinterfaces(&list);

    if (code != 0)
        return code;
    for (i = list; i && i->index != c->index; i = i->next)
        continue;
    code = i ? copy_addresses(c, i) : PS_ENODEV;
    ps_freeinterfaces(list);
    return code;
}

/* ---- the interface --------------------------------------------------------------------------- */

enum interface_state { PRESENT, SWITCHED_OFF, GONE };

/* One that was taken out of the machine may stay in the list, as not present. */
static enum interface_state look_up_state(unsigned index)
{
    MIB_IF_ROW2 row;
    DWORD error;

    memset(&row, 0, sizeof row);
    row.InterfaceIndex = index;
    error = GetIfEntry2(&row);
    if (error == ERROR_FILE_NOT_FOUND)
        return GONE;
    if (error != NO_ERROR)
        return PRESENT;
    if (row.AdminStatus == NET_IF_ADMIN_STATUS_DOWN)
        return SWITCHED_OFF;
    return row.OperStatus == IfOperStatusNotPresent ? GONE : PRESENT;
}

/* "WSAEINVAL ... can also be returned if the network interface associated with the socket cannot be
 * found" (SIO_RCVALL); bind does not know its address any more. */
static int blame_interface(const ps__sys_capture *c, int code)
{
    if (code != PS_EINVAL && code != PS_EADDRNOTAVAIL)
        return code;
    switch (look_up_state(c->index)) {
    case GONE:
        return PS_ENODEV;
    case SWITCHED_OFF:
        return PS_ENETDOWN;
    default:
        return code;
    }
}

/* The mode may have ended with the interface, and setting it again changes nothing. */
static int look_at_interface(ps__sys_capture *c)
{
    switch (look_up_state(c->index)) {
    case GONE:
        return PS_ENODEV;
    case SWITCHED_OFF:
        if (c->down)
            return 0;
        c->down = true;
        return PS_ENETDOWN;
    default:
        if (c->down && ps_ioctl(&c->socket, SIO_RCVALL, c->mode) == 0)
            c->down = false;
        return 0;
    }
}

/* ---- opening and closing --------------------------------------------------------------------- */

int ps__sys_capture_open(ps__sys_capture **c, const ps__capture_setup *setup, int *link_type)
{
    static const ps_sock closed = PS_SOCK_INIT;
    ps__sys_capture *made;
    int code;

    if (setup->index == 0)
        return PS_EOPNOTSUPP;
    if (!setup->address)
        return PS_EADDRNOTAVAIL;
    made = calloc(1, sizeof *made);
    if (!made)
        return PS_ENOMEM;
    made->socket = closed;
    made->clock = find_clock();
    made->address = *setup->address;
    made->index = setup->index;
    made->snap_length = setup->snap_length;
    made->mode = setup->promiscuous ? RCVALL_ON : RCVALL_IPLEVEL;
    code = find_own_addresses(made);
    if (code == 0)
        code = blame_interface(made, open_socket(made, setup->buffer_size));
    if (code != 0) {
        ps__sys_capture_close(made);
        return code;
    }
    *link_type = PS_LINK_RAW;
    *c = made;
    return 0;
}

void ps__sys_capture_close(ps__sys_capture *c)
{
    if (c->started)
        (void)ps_ioctl(&c->socket, SIO_RCVALL, RCVALL_OFF);
    ps_close(&c->socket);
    free(c->own);
    free(c);
}

int ps__sys_capture_start(ps__sys_capture *c)
{
    int code = ps_ioctl(&c->socket, SIO_RCVALL, c->mode);

    c->started = code == 0;
    return blame_interface(c, code);
}

int ps__sys_capture_filter(ps__sys_capture *c, const ps_filter_instruction *program, size_t count)
{
    (void)c;
    (void)program;
    return count > 0 ? PS_EOPNOTSUPP : 0;
}

/* ---- packets --------------------------------------------------------------------------------- */

static int64_t now(const ps__sys_capture *c)
{
    const int64_t epoch = INT64_C(116444736000000000); /* 1970 in units of 100 ns since 1601 */
    FILETIME time;

    c->clock(&time);
    return (((int64_t)time.dwHighDateTime << 32 | time.dwLowDateTime) - epoch) * 100;
}

static size_t read16(const unsigned char *at)
{
    return (size_t)at[0] << 8 | at[1];
}

enum { INET_HEADER = 20, INET6_HEADER = 40 };

/* The length that an IP header states; 0 for none: a large packet that the interface is to cut
 * ("Offloading the Segmentation of Large TCP Packets") has the length of its buffer. */
static size_t stated_length(const unsigned char *data, size_t length)
{
    if (length >= INET_HEADER && data[0] >> 4 == 4)
        return read16(data + 2);
    if (length >= INET6_HEADER && data[0] >> 4 == 6 && read16(data + 4) > 0)
        return INET6_HEADER + read16(data + 4);
    return 0;
}

/* "The application does not receive any IPv6 headers using a raw socket" ("TCP/IP raw sockets");
 * with SIO_RCVALL it may. A header has the source that the system reports with the packet. */
static bool has_header(const ps__sys_capture *c, size_t length, const ps_addr *from)
{
    if (c->address.sa.sa_family == AF_INET)
        return true;
    return length >= INET6_HEADER && c->data[0] >> 4 == 6 &&
           memcmp(c->data + 8, &from->in6.sin6_addr, 16) == 0;
}

static bool is_own(const ps__sys_capture *c, const unsigned char *host)
{
    size_t i;

    for (i = 0; i < c->own_count; i++) {
        const ps_addr *a = &c->own[i];

        if (a->sa.sa_family != c->address.sa.sa_family)
            continue;
        if (a->sa.sa_family == AF_INET ? memcmp(host, &a->in.sin_addr, 4) == 0
                                       : memcmp(host, &a->in6.sin6_addr, 16) == 0)
            return true;
    }
    return false;
}

/* Out if it is from an address of the interface, and not to one. */
static int direction_of(const ps__sys_capture *c, size_t length)
{
    bool inet = c->address.sa.sa_family == AF_INET;
    const unsigned char *source = c->data + (inet ? 12 : 8);
    const unsigned char *destination = source + (inet ? 4 : 16);

    if (length < (inet ? INET_HEADER : INET6_HEADER))
        return PS_DIRECTION_UNKNOWN;
    return is_own(c, source) && !is_own(c, destination) ? PS_DIRECTION_OUT : PS_DIRECTION_IN;
}

static void fill(const ps__sys_capture *c, size_t length, ps_packet *packet)
{
    size_t stated = stated_length(c->data, length);

    packet->data = c->data;
    packet->length = length < c->snap_length ? length : c->snap_length;
    packet->original_length = stated > length ? stated : length;
    packet->time_ns = now(c);
    packet->link_type = PS_LINK_RAW;
    packet->direction = direction_of(c, length);
    packet->interface_index = c->index;
}

/* The length, or a failure. A longer packet has filled the buffer, and the rest is gone. */
static int receive(ps__sys_capture *c, ps_addr *from)
{
    int size = sizeof from->storage;
    int length =
        recvfrom(ps_fileno(&c->socket), (char *)c->data, sizeof c->data, 0, &from->sa, &size);

    if (length >= 0)
        return length;
    if (ps__is_cut(WSAGetLastError()))
        return sizeof c->data;
    return ps_error_from_native(PS_KIND_OS, WSAGetLastError());
}

/* The failure may be the end of the interface, which is reported as such. */
static int explain_failure(ps__sys_capture *c, int code)
{
    int end = code == PS_EWOULDBLOCK ? 0 : look_at_interface(c);

    if (end != 0)
        return end;
    return c->down ? PS_EWOULDBLOCK : code;
}

int ps__sys_capture_next(ps__sys_capture *c, ps_packet *packet)
{
    for (;;) {
        ps_addr from = {0};
        int length = receive(c, &from);

        if (length < 0)
            return explain_failure(c, length);
        if (has_header(c, (size_t)length, &from)) {
            c->received++;
            fill(c, (size_t)length, packet);
            return 0;
        }
        c->unreadable++;
    }
}

/* ---- waiting for it -------------------------------------------------------------------------- */

ps_sock *ps__sys_capture_socket(ps__sys_capture *c)
{
    return &c->socket;
}

/* A raw socket does not learn of its interface's end. */
double ps__sys_capture_pause(const ps__sys_capture *c)
{
    (void)c;
    return 1;
}

int ps__sys_capture_look(ps__sys_capture *c, int revents)
{
    return revents != 0 ? 0 : look_at_interface(c);
}

int ps__sys_capture_statistics(ps__sys_capture *c, ps_capture_statistics *statistics)
{
    statistics->received = c->received;
    statistics->interface_dropped = c->unreadable;
    statistics->dropped_known = false;
    return 0;
}
