#include "config.h"

#if PS__HAVE_PACKET

#include "posix/capture/linux.h"

#include "posix/capture/error.h"
#include "posix/capture/linux_filter.h"

#include <fcntl.h>
#include <linux/filter.h>
#include <linux/if_ether.h>
#include <net/if_arp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#ifndef PACKET_IGNORE_OUTGOING
#define PACKET_IGNORE_OUTGOING 23
#endif

/* ---- what the interface's own counts say ----------------------------------------------------- */

static uint64_t read_count(const char *interface, const char *which)
{
    char path[128] = "/sys/class/net/", digits[24];
    ssize_t length;
    int file;

    strcat(path, interface);
    strcat(path, "/statistics/");
    strcat(path, which);
    file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0)
        return 0;
    length = read(file, digits, sizeof digits - 1);
    close(file);
    digits[length > 0 ? length : 0] = '\0';
    return strtoull(digits, NULL, 10);
}

static uint64_t interface_dropped(const ps__sys_capture *c)
{
    return c->index == 0
               ? 0
               : read_count(c->name, "rx_missed_errors") + read_count(c->name, "rx_fifo_errors");
}

/* ---- opening --------------------------------------------------------------------------------- */

/* What packets of a kind of hardware begin with; cooked where the kernel's headers are not those
 * of capture files. */
static void choose_link_type(ps__sys_capture *c, int hardware)
{
    c->cooked = false;
    switch (hardware) {
    case ARPHRD_ETHER:
    case ARPHRD_LOOPBACK:
        c->link_type = PS_LINK_ETHERNET;
        break;
    case ARPHRD_NONE:
    case ARPHRD_TUNNEL:
    case ARPHRD_TUNNEL6:
    case ARPHRD_SIT:
    case 519: /* ARPHRD_RAWIP, newer than some headers */
        c->link_type = PS_LINK_RAW;
        break;
    default:
        c->link_type = PS_LINK_COOKED2;
        c->cooked = true;
        break;
    }
}

static int find_link_type(ps__sys_capture *c)
{
    struct ifreq request;
    int hardware = ARPHRD_VOID;

    memset(&request, 0, sizeof request);
    memcpy(request.ifr_name, c->name, sizeof request.ifr_name);
    if (c->index != 0) {
        if (ioctl(ps_fileno(&c->socket), SIOCGIFHWADDR, &request) != 0)
            return ps__last_native_error();
        hardware = request.ifr_hwaddr.sa_family;
    }
    choose_link_type(c, hardware);
    return 0;
}

static int make_socket(ps__sys_capture *c, int type)
{
    int code = ps_socket(&c->socket, AF_PACKET, type, 0);

    return code != 0 ? code : ps_settimeout(&c->socket, 0);
}

/* Without a protocol it receives nothing, until it is bound. The kind of hardware is asked of
 * the socket, and says which kind of socket it must be. */
static int open_socket(ps__sys_capture *c)
{
    int code = make_socket(c, SOCK_RAW);

    if (code == 0)
        code = find_link_type(c);
    if (code != 0 || !c->cooked)
        return code;
    ps_close(&c->socket);
    return make_socket(c, SOCK_DGRAM);
}

int ps__set_option(const ps__sys_capture *c, int level, int name, const void *value, socklen_t size)
{
    return setsockopt(ps_fileno(&c->socket), level, name, value, size) != 0
               ? ps__last_native_error()
               : 0;
}

/* The kernel takes it off again when the socket is closed, in whatever way the process ends. */
static int set_promiscuous(ps__sys_capture *c)
{
    struct packet_mreq membership = {.mr_ifindex = (int)c->index, .mr_type = PACKET_MR_PROMISC};

    return ps__set_option(c, SOL_PACKET, PACKET_ADD_MEMBERSHIP, &membership, sizeof membership);
}

/* Loopback shows a packet twice, going out and coming in: the kernel need not make the first
 * copy. Kernels before 4.20 do, and ps__arrival_to_packet passes it over. */
static void leave_outgoing_out(ps__sys_capture *c, const ps__capture_setup *setup)
{
    int on = 1;

    if (setup->loopback || setup->directions == PS_DIRECTION_IN)
        (void)ps__set_option(c, SOL_PACKET, PACKET_IGNORE_OUTGOING, &on, sizeof on);
}

static int set_up(ps__sys_capture *c, const ps__capture_setup *setup)
{
    int code = open_socket(c);

    if (code == 0 && setup->promiscuous && !setup->loopback && c->index != 0)
        code = set_promiscuous(c);
    if (code != 0)
        return code;
    leave_outgoing_out(c, setup);
    c->interface_dropped_before = interface_dropped(c);
    if (!setup->immediate && ps__ring_open(c, setup->buffer_size) == 0)
        return 0;
    return ps__plain_open(c, setup->buffer_size);
}

/* The names of interfaces that the kernel lists fit. */
static int take_name(ps__sys_capture *c, const char *name)
{
    size_t length = strlen(name);

    if (length >= sizeof c->name)
        return PS_BAD_LENGTH;
    memcpy(c->name, name, length);
    return 0;
}

int ps__sys_capture_open(ps__sys_capture **c, const ps__capture_setup *setup, int *link_type)
{
    static const ps_sock closed = PS_SOCK_INIT;
    ps__sys_capture *made = calloc(1, sizeof *made);
    int code;

    if (!made)
        return PS_ENOMEM;
    made->socket = closed;
    made->index = setup->index;
    made->snap_length = setup->snap_length;
    code = take_name(made, setup->name);
    if (code == 0)
        code = set_up(made, setup);
    if (code != 0) {
        ps__sys_capture_close(made);
        return code;
    }
    *link_type = made->link_type;
    *c = made;
    return 0;
}

void ps__sys_capture_close(ps__sys_capture *c)
{
    ps__ring_close(&c->ring);
    ps__plain_close(&c->plain);
    ps_close(&c->socket);
    free(c->program);
    free(c);
}

static bool is_gone(const ps__sys_capture *c)
{
    char name[IF_NAMESIZE];

    return c->index != 0 && !if_indextoname(c->index, name);
}

/* What has become of the interface; 0: nothing. */
static int take_error(ps__sys_capture *c)
{
    int error = 0;
    socklen_t size = sizeof error;

    if (getsockopt(ps_fileno(&c->socket), SOL_SOCKET, SO_ERROR, &error, &size) != 0)
        return ps__last_native_error();
    return error != 0 && is_gone(c) ? PS_ENODEV : ps__native_error(error);
}

int ps__sys_capture_start(ps__sys_capture *c)
{
    struct sockaddr_ll from = {
        .sll_family = AF_PACKET,
        .sll_protocol = htons(ETH_P_ALL),
        .sll_ifindex = (int)c->index,
    };

    if (bind(ps_fileno(&c->socket), (struct sockaddr *)&from, sizeof from) != 0)
        return ps__last_native_error();
    c->bound = true;
    return take_error(c);
}

/* ---- the filter ------------------------------------------------------------------------------ */

_Static_assert(sizeof(ps_filter_instruction) == sizeof(struct sock_filter),
               "the layouts are the same");

static int attach(ps__sys_capture *c, ps_filter_instruction *program, size_t count)
{
    struct sock_fprog native = {.len = (unsigned short)count, .filter = (void *)program};
    int code = ps__set_option(c, SOL_SOCKET, SO_ATTACH_FILTER, &native, sizeof native);

    /* Only a special load that this kernel does not know gets past the check. */
    return code == PS_EINVAL ? PS_BAD_FILTER : code;
}

/* Every packet, cut. */
static int attach_limit(ps__sys_capture *c)
{
    ps_filter_instruction limit = {PS__BPF_RET | PS__BPF_K, 0, 0, (uint32_t)c->snap_length};

    return attach(c, &limit, 1);
}

static void keep_program(ps__sys_capture *c, ps_filter_instruction *program, size_t count)
{
    free(c->program);
    c->program = program;
    c->program_count = count;
    c->stale_blocks = !program || !c->bound ? 0 : c->ring.memory ? c->ring.block_count + 1 : 1;
}

int ps__sys_capture_filter(ps__sys_capture *c, const ps_filter_instruction *program, size_t count)
{
    ps_filter_instruction *copy = NULL;
    int code;

    if (count > 0) {
        copy = malloc(count * sizeof *copy);
        if (!copy)
            return PS_ENOMEM;
        memcpy(copy, program, count * sizeof *copy);
        ps__filter_limit(copy, count, (uint32_t)c->snap_length);
    }
    if (!copy || (c->cooked && !ps__filter_without_header(copy, count))) {
        free(copy);
        copy = NULL;
        code = attach_limit(c);
    } else {
        code = attach(c, copy, count);
    }
    if (code != 0) {
        free(copy);
        return code;
    }
    keep_program(c, copy, count);
    return count > 0 && !copy ? PS_EOPNOTSUPP : 0;
}

/* ---- packets --------------------------------------------------------------------------------- */

/* What the kernel would have said of a packet that came before the filter. */
static bool passes(const ps__sys_capture *c, ps__arrival *a)
{
    ps__filter_facts facts = {
        .protocol = ntohs(a->from->sll_protocol),
        .packet_type = a->from->sll_pkttype,
        .interface_index = (uint32_t)a->from->sll_ifindex,
        .hardware_type = a->from->sll_hatype,
        .vlan_tag = a->tag,
        .vlan_tag_present = a->tagged,
        .vlan_protocol = a->tag_protocol,
    };
    uint32_t kept = ps__filter_run(c->program, c->program_count, a->data, a->length,
                                   a->original_length, &facts);

    if (kept < a->length)
        a->length = kept;
    return kept > 0;
}

static void put16(unsigned char *to, unsigned number)
{
    to[0] = (unsigned char)(number >> 8);
    to[1] = (unsigned char)number;
}

static void put_vlan_tag_back(ps__arrival *a)
{
    enum { ADDRESSES = 12, TAG = 4 };

    if (a->length < ADDRESSES)
        return;
    a->data -= TAG;
    memmove(a->data, a->data + TAG, ADDRESSES);
    put16(a->data + ADDRESSES, a->tag_protocol);
    put16(a->data + ADDRESSES + 2, a->tag);
    a->length += TAG;
    a->original_length += TAG;
}

/* The header of PS_LINK_COOKED2. */
static void put_cooked_header(ps__arrival *a)
{
    const struct sockaddr_ll *from = a->from;
    unsigned char header[PS__COOKED2_LENGTH] = {0};

    memcpy(header, &from->sll_protocol, 2);
    put16(header + 4, (unsigned)from->sll_ifindex >> 16);
    put16(header + 6, (unsigned)from->sll_ifindex);
    put16(header + 8, from->sll_hatype);
    header[10] = from->sll_pkttype;
    header[11] = from->sll_halen;
    memcpy(header + 12, from->sll_addr, sizeof from->sll_addr);
    a->data -= PS__COOKED2_LENGTH;
    memcpy(a->data, header, PS__COOKED2_LENGTH);
    a->length += PS__COOKED2_LENGTH;
    a->original_length += PS__COOKED2_LENGTH;
}

bool ps__arrival_to_packet(ps__sys_capture *c, ps__arrival *a, ps_packet *packet)
{
    bool out = a->from->sll_pkttype == PACKET_OUTGOING;

    if (out && a->from->sll_hatype == ARPHRD_LOOPBACK)
        return false;
    if (c->stale_blocks > 0 && !passes(c, a))
        return false;
    if (c->cooked)
        put_cooked_header(a);
    else if (a->tagged && c->link_type == PS_LINK_ETHERNET)
        put_vlan_tag_back(a);
    packet->data = a->data;
    packet->length = a->length < c->snap_length ? a->length : c->snap_length;
    packet->original_length = a->original_length;
    packet->time_ns = a->time_ns;
    packet->link_type = c->link_type;
    packet->direction = out ? PS_DIRECTION_OUT : PS_DIRECTION_IN;
    packet->interface_index = (unsigned)a->from->sll_ifindex;
    return true;
}

/* ---- the interface's end --------------------------------------------------------------------- */

/* A block that the kernel is filling comes within its time. */
static void begin_end(ps__sys_capture *c, int code)
{
    c->failure = code;
    c->failure_at = c->ring.memory ? ps_monotonic() + 3 * PS__BLOCK_TIMEOUT * 1e-3 : 0;
}

/* What was switched off may be switched on again; what is gone stays so. */
static int report_end(ps__sys_capture *c)
{
    int code = c->failure;

    if (code != PS_ENODEV)
        c->failure = 0;
    c->down = code == PS_ENETDOWN;
    return code;
}

static bool is_due(const ps__sys_capture *c)
{
    return c->failure != 0 && (c->failure_at == 0 || ps_monotonic() >= c->failure_at);
}

/* The kernel reports the interface's end before the packets that wait: it is kept until they are
 * read. */
static int plain_next(ps__sys_capture *c, ps_packet *packet)
{
    int code = ps__plain_next(c, packet);

    if (code != PS_ENETDOWN)
        return code;
    begin_end(c, is_gone(c) ? PS_ENODEV : code);
    return ps__plain_next(c, packet);
}

int ps__sys_capture_next(ps__sys_capture *c, ps_packet *packet)
{
    bool last = is_due(c);
    int code = c->ring.memory ? ps__ring_next(c, packet) : plain_next(c, packet);

    return code == PS_EWOULDBLOCK && last ? report_end(c) : code;
}

ps_sock *ps__sys_capture_socket(ps__sys_capture *c)
{
    return &c->socket;
}

/* The kernel wakes no wait when an interface that is down is removed: it is polled now and
 * then. */
double ps__sys_capture_pause(const ps__sys_capture *c)
{
    if (c->failure != 0)
        return PS__BLOCK_TIMEOUT * 1e-3;
    return c->down ? 0.5 : PS_NO_TIMEOUT;
}

int ps__sys_capture_look(ps__sys_capture *c, int revents)
{
    if (c->failure != 0)
        return 0;
    if (revents & (POLLERR | POLLHUP | POLLNVAL))
        begin_end(c, take_error(c));
    else if (revents != 0)
        c->down = false;
    else if (c->down && is_gone(c))
        begin_end(c, PS_ENODEV);
    return 0;
}

/* ---- counts ---------------------------------------------------------------------------------- */

int ps__sum_statistics(ps__sys_capture *c)
{
    struct tpacket_stats_v3 counts = {0};
    socklen_t size = sizeof counts;

    if (getsockopt(ps_fileno(&c->socket), SOL_PACKET, PACKET_STATISTICS, &counts, &size) != 0)
        return ps__last_native_error();
    c->received += counts.tp_packets;
    c->dropped += counts.tp_drops;
    return 0;
}

int ps__sys_capture_statistics(ps__sys_capture *c, ps_capture_statistics *statistics)
{
    int code = ps__sum_statistics(c);
    uint64_t dropped = interface_dropped(c);

    if (code != 0)
        return code;
    statistics->received = c->received;
    statistics->dropped = c->dropped;
    statistics->dropped_known = true;
    if (dropped > c->interface_dropped_before)
        statistics->interface_dropped = dropped - c->interface_dropped_before;
    return 0;
}

#endif
