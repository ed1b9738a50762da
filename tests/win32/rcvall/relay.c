/*
 * The Linux half of the emulation of SIO_RCVALL for Wine: it has what Wine lacks, the packets of
 * an interface, and gives them to the emulated sockets of rcvall.dll. Test code: no part of the
 * library.
 *
 *   rcvall_relay          needs CAP_NET_RAW; runs until it is killed
 *
 * It prints "ready PORT" once it listens, then a line for each order: the number of the socket,
 * what it was told, and the error that Winsock is to give, 0 for none. A program that ends
 * without having closed a socket shows as "gone".
 */
#include "wire.h"

#include <arpa/inet.h>
#include <errno.h>
#include <ifaddrs.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

enum { TAPS = 16 };

/* An emulated socket. */
typedef struct tap {
    int control; /* -1: this one is free */
    int packets; /* -1: nothing is switched on */
    unsigned number;
    bool closed;
    order socket; /* as it was told */
    order bound;
    uint32_t what; /* the control that is on, and how */
    uint32_t mode;
    bool loopback;
    uint32_t sizes[WINDOW_PACKETS]; /* of what is under way to the program, a ring */
    unsigned first, count;
    uint32_t bytes;
    unsigned long delivered, longer;
} tap;

static tap taps[TAPS];
static int data_socket;

/* ---- the log --------------------------------------------------------------------------------- */

static const char *control_name(uint32_t control)
{
    switch (control) {
    case CONTROL_ALL:
        return "SIO_RCVALL";
    case CONTROL_MULTICAST:
        return "SIO_RCVALL_MCAST";
    default:
        return "SIO_RCVALL_IGMPMCAST";
    }
}

static void log_control(const tap *t, const order *o, uint32_t error)
{
    static const char *const modes[MODE_COUNT] = {"RCVALL_OFF", "RCVALL_ON",
                                                  "RCVALL_SOCKETLEVELONLY", "RCVALL_IPLEVEL"};

    printf("%u %s ", t->number, control_name(o->control));
    if (o->value < MODE_COUNT)
        printf("%s %u\n", modes[o->value], error);
    else
        printf("%u %u\n", o->value, error);
}

static void log_bind(const tap *t, const order *o)
{
    char text[INET6_ADDRSTRLEN] = "?";

    inet_ntop(o->family == 6 ? AF_INET6 : AF_INET, o->address, text, sizeof text);
    printf("%u bind %s\n", t->number, text);
}

static void log_end(const tap *t)
{
    printf("%u %s delivered=%lu\n", t->number, t->closed ? "closed" : "gone", t->delivered);
    if (t->longer > 0)
        printf("%u longer-than-%d=%lu\n", t->number, PACKET_MAX, t->longer);
}

/* ---- interfaces ------------------------------------------------------------------------------ */

static bool is_address(const struct sockaddr *a, const order *o)
{
    if (a == NULL)
        return false;
    if (o->family == 4)
        return a->sa_family == AF_INET &&
               memcmp(&((const struct sockaddr_in *)a)->sin_addr, o->address, 4) == 0;
    if (a->sa_family != AF_INET6)
        return false;
    const struct sockaddr_in6 *six = (const struct sockaddr_in6 *)a;
    return memcmp(&six->sin6_addr, o->address, 16) == 0 &&
           (o->scope == 0 || six->sin6_scope_id == o->scope);
}

/* The interface that has the address; every address of 127.0.0.0/8 is loopback's. 0: none. */
static unsigned find_interface(const order *o, bool *loopback)
{
    struct ifaddrs *all, *i;
    unsigned index = 0;

    if (getifaddrs(&all) != 0)
        return 0;
    for (i = all; i != NULL && index == 0; i = i->ifa_next) {
        bool is_loopback = (i->ifa_flags & IFF_LOOPBACK) != 0;
        if (is_address(i->ifa_addr, o) || (is_loopback && o->family == 4 && o->address[0] == 127)) {
            index = if_nametoindex(i->ifa_name);
            *loopback = is_loopback;
        }
    }
    freeifaddrs(all);
    return index;
}

/* ---- orders ---------------------------------------------------------------------------------- */

static void switch_off(tap *t)
{
    if (t->packets >= 0)
        close(t->packets);
    t->packets = -1;
}

/* Opens the interface of the address that the tap is bound to. */
static answer switch_on(tap *t, uint32_t mode)
{
    struct sockaddr_ll at = {.sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_ALL)};
    int yes = 1, size = 64 << 20;
    unsigned index = find_interface(&t->bound, &t->loopback);

    if (index == 0)
        return ERROR_INVALID;
    t->packets = socket(AF_PACKET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (t->packets < 0)
        return ERROR_NO_BUFFERS;
    setsockopt(t->packets, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof size);
    setsockopt(t->packets, SOL_PACKET, PACKET_AUXDATA, &yes, sizeof yes);
    if (mode == MODE_ON) {
        struct packet_mreq promiscuous = {.mr_ifindex = (int)index, .mr_type = PACKET_MR_PROMISC};
        setsockopt(t->packets, SOL_PACKET, PACKET_ADD_MEMBERSHIP, &promiscuous, sizeof promiscuous);
    }
    at.sll_ifindex = (int)index;
    if (bind(t->packets, (struct sockaddr *)&at, sizeof at) == 0)
        return 0;
    switch_off(t);
    return ERROR_INVALID;
}

static answer set_mode(tap *t, const order *o)
{
    answer error = 0;

    if (o->value == MODE_SOCKET_LEVEL_ONLY) /* "not currently implemented" */
        return 0;
    switch_off(t);
    if (o->value != MODE_OFF)
        error = switch_on(t, o->value);
    t->what = o->control;
    t->mode = o->value;
    return error;
}

static void take(tap *t, uint32_t packets)
{
    for (; packets > 0 && t->count > 0; packets--, t->count--) {
        t->bytes -= t->sizes[t->first];
        t->first = (t->first + 1) % WINDOW_PACKETS;
    }
}

static answer obey(tap *t, const order *o)
{
    answer error = 0;

    switch (o->kind) {
    case ORDER_SOCKET:
        t->socket = *o;
        printf("%u socket family=%u protocol=%u\n", t->number, o->family, o->protocol);
        break;
    case ORDER_BIND:
        t->bound = *o;
        log_bind(t, o);
        break;
    case ORDER_SET:
        error = set_mode(t, o);
        log_control(t, o, error);
        break;
    case ORDER_REFUSED:
        log_control(t, o, o->error);
        break;
    default:
        t->closed = true;
        break;
    }
    return error;
}

static void end(tap *t)
{
    switch_off(t);
    close(t->control);
    t->control = -1;
    log_end(t);
}

/* An order is read whole: it was written at once, to the same machine. */
static void serve(tap *t)
{
    order o;
    answer error;

    if (recv(t->control, &o, sizeof o, MSG_WAITALL) != (ssize_t)sizeof o) {
        end(t);
        return;
    }
    if (o.kind == ORDER_TAKEN) {
        take(t, o.value);
        printf("%u taken\n", t->number);
        return;
    }
    error = obey(t, &o);
    (void)send(t->control, &error, sizeof error, MSG_NOSIGNAL);
}

static void admit(int listener)
{
    static unsigned number;
    int control = accept4(listener, NULL, NULL, SOCK_CLOEXEC);

    for (tap *t = taps; control >= 0 && t < taps + TAPS; t++) {
        if (t->control < 0) {
            *t = (tap){.control = control, .packets = -1, .number = ++number};
            return;
        }
    }
    if (control >= 0)
        close(control);
}

/* ---- packets --------------------------------------------------------------------------------- */

static bool is_own(const unsigned char *packet, size_t size)
{
    uint32_t own = htonl(RELAY_ADDRESS);

    return size >= 20 && packet[0] >> 4 == 4 &&
           (memcmp(packet + 12, &own, 4) == 0 || memcmp(packet + 16, &own, 4) == 0);
}

static bool is_vlan(struct msghdr *message)
{
    for (struct cmsghdr *c = CMSG_FIRSTHDR(message); c != NULL; c = CMSG_NXTHDR(message, c)) {
        if (c->cmsg_level == SOL_PACKET && c->cmsg_type == PACKET_AUXDATA) {
            struct tpacket_auxdata extra;
            memcpy(&extra, CMSG_DATA(c), sizeof extra);
            return (extra.tp_status & TP_STATUS_VLAN_VALID) != 0;
        }
    }
    return false;
}

/* Whether an IP packet is one that the tap asked for. */
static bool is_wanted(const tap *t, const unsigned char *packet)
{
    switch (t->what) {
    case CONTROL_MULTICAST:
        return packet[16] >> 4 == 14;
    case CONTROL_IGMP:
        return packet[9] == IPPROTO_IGMP;
    default:
        return true;
    }
}

static bool is_seen(const tap *t, const struct sockaddr_ll *from, const unsigned char *packet,
                    size_t size)
{
    unsigned family = t->socket.family;

    if (ntohs(from->sll_protocol) != (family == 4 ? ETH_P_IP : ETH_P_IPV6))
        return false; /* nothing but IP */
    if (size < (family == 4 ? 20u : 40u) || packet[0] >> 4 != family || is_own(packet, size))
        return false;
    if (t->loopback && from->sll_pkttype == PACKET_OUTGOING)
        return false; /* comes in again */
    if (from->sll_pkttype == PACKET_OTHERHOST && t->mode != MODE_ON)
        return false;
    return is_wanted(t, packet);
}

/* The bytes of the IPv6 headers, which a program does not see; `protocol` is what follows them. */
static size_t headers_of_6(const unsigned char *packet, size_t size, uint8_t *protocol)
{
    size_t at = 40;

    *protocol = packet[6];
    while (size - at >= 8) {
        bool options = *protocol == IPPROTO_HOPOPTS || *protocol == IPPROTO_ROUTING ||
                       *protocol == IPPROTO_DSTOPTS;
        bool fragment = *protocol == IPPROTO_FRAGMENT;
        bool later = fragment && ((packet[at + 2] << 8 | packet[at + 3]) & 0xfff8) != 0;
        size_t length = options ? (packet[at + 1] + 1u) * 8 : 8;
        if ((!options && !fragment) || size - at < length)
            break;
        *protocol = packet[at];
        at += length;
        if (later)
            break; /* the middle of what was cut up */
    }
    return at;
}

static size_t describe(const unsigned char *packet, size_t size, packet_head *head)
{
    if (packet[0] >> 4 == 4) {
        head->family = 4;
        head->hop_limit = packet[8];
        head->protocol = packet[9];
        memcpy(head->source, packet + 12, 4);
        memcpy(head->destination, packet + 16, 4);
        return 0;
    }
    head->family = 6;
    head->hop_limit = packet[7];
    memcpy(head->source, packet + 8, 16);
    memcpy(head->destination, packet + 24, 16);
    return headers_of_6(packet, size, &head->protocol);
}

static void deliver(tap *t, const struct sockaddr_ll *from, unsigned char *packet, size_t size)
{
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(RELAY_ADDRESS)};
    packet_head head = {.outgoing = from->sll_pkttype == PACKET_OUTGOING,
                        .interface_index = (uint32_t)from->sll_ifindex};
    size_t headers = describe(packet, size, &head), hidden = t->socket.value == 1 ? 0 : headers;
    struct iovec parts[2] = {{&head, sizeof head}, {packet + hidden, size - hidden}};
    struct msghdr message = {
        .msg_name = &to, .msg_namelen = sizeof to, .msg_iov = parts, .msg_iovlen = 2};

    to.sin_port = htons((uint16_t)t->socket.port);
    if (parts[1].iov_len > PACKET_MAX) {
        t->longer++;
        return;
    }
    if (sendmsg(data_socket, &message, 0) < 0)
        return;
    t->delivered++;
    t->sizes[(t->first + t->count++) % WINDOW_PACKETS] = (uint32_t)(size - hidden);
    t->bytes += (uint32_t)(size - hidden);
}

static bool has_room(const tap *t)
{
    return t->count < WINDOW_PACKETS && (t->count == 0 || t->bytes < WINDOW_BYTES - PACKET_MAX);
}

static void forward(tap *t)
{
    static unsigned char packet[1 << 18];
    union {
        struct cmsghdr header;
        char room[256];
    } control;
    struct sockaddr_ll from;

    while (has_room(t)) {
        struct iovec part = {packet, sizeof packet};
        struct msghdr message = {.msg_name = &from,
                                 .msg_namelen = sizeof from,
                                 .msg_iov = &part,
                                 .msg_iovlen = 1,
                                 .msg_control = &control,
                                 .msg_controllen = sizeof control};
        ssize_t size = recvmsg(t->packets, &message, 0);
        if (size < 0 && errno == ENETDOWN) {
            printf("%u interface-down\n", t->number);
            switch_off(t); /* the mode ends with the interface: it is to be set again */
        }
        if (size < 0)
            return;
        if (!is_vlan(&message) && is_seen(t, &from, packet, (size_t)size))
            deliver(t, &from, packet, (size_t)size);
    }
}

/* ---- the loop -------------------------------------------------------------------------------- */

static void wait_and_serve(int listener)
{
    struct pollfd polled[1 + 2 * TAPS] = {{.fd = listener, .events = POLLIN}};

    for (int i = 0; i < TAPS; i++) {
        tap *t = &taps[i];
        bool open = t->control >= 0 && t->packets >= 0 && has_room(t);
        polled[1 + i] = (struct pollfd){.fd = t->control, .events = POLLIN};
        polled[1 + TAPS + i] = (struct pollfd){.fd = open ? t->packets : -1, .events = POLLIN};
    }
    if (poll(polled, sizeof polled / sizeof polled[0], -1) < 0)
        return;
    for (int i = 0; i < TAPS; i++) {
        if (polled[1 + TAPS + i].revents != 0)
            forward(&taps[i]);
        if (polled[1 + i].revents != 0)
            serve(&taps[i]);
    }
    if (polled[0].revents != 0)
        admit(listener);
}

static int complain(const char *what)
{
    fprintf(stderr, "rcvall_relay: %s: %s\n", what, strerror(errno));
    return 1;
}

int main(void)
{
    struct sockaddr_in here = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(RELAY_ADDRESS)};
    socklen_t length = sizeof here;
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    setvbuf(stdout, NULL, _IOLBF, 0);
    for (tap *t = taps; t < taps + TAPS; t++)
        *t = (tap){.control = -1, .packets = -1};
    data_socket = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (listener < 0 || data_socket < 0)
        return complain("socket");
    if (bind(data_socket, (struct sockaddr *)&here, sizeof here) != 0 ||
        bind(listener, (struct sockaddr *)&here, sizeof here) != 0 || listen(listener, TAPS) != 0 ||
        getsockname(listener, (struct sockaddr *)&here, &length) != 0)
        return complain("listening on " RELAY_ADDRESS_TEXT);
    printf("ready %u\n", ntohs(here.sin_port));
    for (;;)
        wait_and_serve(listener);
}
