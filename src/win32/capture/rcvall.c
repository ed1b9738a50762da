#include "config.h"

#include "capture/backend.h"

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
    bool down_reported;
    uint64_t received;
    uint64_t unreadable; /* IPv6 payloads that came without their header */
    unsigned char data[PACKET_MAX];
};

/* The most exact clock there is: Windows 8 and later have one that counts less than a
 * microsecond. */
static system_clock *find_clock(void)
{
    FARPROC found =
        GetProcAddress(GetModuleHandleW(L"kernel32.dll"), "GetSystemTimePreciseAsFileTime");

    return found ? (system_clock *)(void (*)(void))found : GetSystemTimeAsFileTime;
}

/* ---- opening --------------------------------------------------------------------------------- */

static int make_socket(ps__sys_capture *c, int family, int proto)
{
    int code = ps_socket(&c->socket, family, SOCK_RAW, proto);

    return code != 0 ? code : ps_settimeout(&c->socket, 0);
}

static int set_option(ps__sys_capture *c, int level, int name, int value)
{
    return ps_setsockopt(&c->socket, level, name, &value, sizeof value);
}

/* IP_HDRINCL is what Microsoft's page asks for; received IPv4 packets have their header in any
 * case. */
static int open_socket(ps__sys_capture *c, size_t buffer_size)
{
    bool inet = c->address.sa.sa_family == AF_INET;
    int code = make_socket(c, c->address.sa.sa_family, inet ? IPPROTO_IP : IPPROTO_IPV6);

    if (code == 0)
        code = ps_bind(&c->socket, &c->address);
    if (code == 0 && inet)
        code = set_option(c, IPPROTO_IP, IP_HDRINCL, 1);
    if (code != 0)
        return code;
    if (!inet)
        (void)set_option(c, IPPROTO_IPV6, IPV6_HDRINCL, 1);
    (void)set_option(c, SOL_SOCKET, SO_RCVBUF, (int)buffer_size);
    return 0;
}

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
    code = open_socket(made, setup->buffer_size);
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
    free(c);
}

int ps__sys_capture_start(ps__sys_capture *c)
{
    int code = ps_ioctl(&c->socket, SIO_RCVALL, c->mode);

    c->started = code == 0;
    return code;
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

/* The length that an IP header states, 0 for none: large packets that the interface is to cut
 * have none. */
static size_t stated_length(const unsigned char *data, size_t length)
{
    enum { INET6_HEADER = 40 };

    if (length >= 20 && data[0] >> 4 == 4)
        return read16(data + 2);
    if (length >= INET6_HEADER && data[0] >> 4 == 6)
        return INET6_HEADER + read16(data + 4);
    return 0;
}

/* Microsoft's page says that IPv6 payloads come without their header; with SIO_RCVALL they may
 * have it. */
static bool has_header(const ps__sys_capture *c, size_t length)
{
    return c->address.sa.sa_family == AF_INET ||
           (length > 0 && c->data[0] >> 4 == 6 && stated_length(c->data, length) == length);
}

/* Out if it is from the address that is captured at, and not to it. */
static int direction_of(const ps__sys_capture *c, size_t length)
{
    bool inet = c->address.sa.sa_family == AF_INET;
    size_t source = inet ? 12 : 8, size = inet ? 4 : 16;
    const void *own =
        inet ? (const void *)&c->address.in.sin_addr : (const void *)&c->address.in6.sin6_addr;

    if (length < source + 2 * size)
        return PS_DIRECTION_UNKNOWN;
    if (memcmp(c->data + source, own, size) != 0 || memcmp(c->data + source + size, own, size) == 0)
        return PS_DIRECTION_IN;
    return PS_DIRECTION_OUT;
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

/* A longer packet has filled the buffer, and the rest is gone. */
static int receive(ps__sys_capture *c)
{
    int length = recvfrom(ps_fileno(&c->socket), (char *)c->data, sizeof c->data, 0, NULL, NULL);

    if (length >= 0)
        return length;
    if (WSAGetLastError() == WSAEMSGSIZE)
        return sizeof c->data;
    return ps_error_from_native(PS_KIND_OS, WSAGetLastError());
}

int ps__sys_capture_next(ps__sys_capture *c, ps_packet *packet)
{
    for (;;) {
        int length = receive(c);

        if (length < 0)
            return length;
        if (has_header(c, (size_t)length)) {
            c->received++;
            fill(c, (size_t)length, packet);
            return 0;
        }
        c->unreadable++;
    }
}

/* ---- its end --------------------------------------------------------------------------------- */

/* A raw socket does not learn of its interface's end. What was switched off is reported once. */
static int look_at_interface(ps__sys_capture *c)
{
    MIB_IF_ROW2 row;
    DWORD error;
    bool down;

    memset(&row, 0, sizeof row);
    row.InterfaceIndex = c->index;
    error = GetIfEntry2(&row);
    if (error == ERROR_FILE_NOT_FOUND)
        return PS_ENODEV;
    if (error != NO_ERROR)
        return 0;
    down = row.AdminStatus == NET_IF_ADMIN_STATUS_DOWN;
    if (!down || c->down_reported) {
        c->down_reported = down;
        return 0;
    }
    c->down_reported = true;
    return PS_ENETDOWN;
}

ps_sock *ps__sys_capture_socket(ps__sys_capture *c)
{
    return &c->socket;
}

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
