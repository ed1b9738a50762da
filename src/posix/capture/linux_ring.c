#include "config.h"

#if PS__HAVE_PACKET

#include "posix/capture/error.h"
#include "posix/capture/linux.h"

#include <sys/mman.h>
#include <unistd.h>

/* ---- its size -------------------------------------------------------------------------------- */

static size_t power_of_two_from(size_t size)
{
    size_t power = 1;

    while (power < size)
        power *= 2;
    return power;
}

/*
 * A block is a number of pages, and has space for at least one packet of the greatest length
 * (headers taken off where that is the longest of all). Many small blocks are better than a few
 * large ones: where packets come seldom, each that came within the block's time takes a block, so
 * that the number of blocks is how long this side may be away.
 */
static size_t block_size_for(size_t snap_length, size_t buffer_size)
{
    enum { BLOCKS = 64, HEADERS = 256 };
    long page = sysconf(_SC_PAGESIZE);
    size_t least = snap_length < PS_SNAP_LENGTH_MAX ? power_of_two_from(snap_length + HEADERS)
                                                    : PS_SNAP_LENGTH_MAX;
    size_t size = page > 0 ? (size_t)page : 4096;

    while (size < least || size < buffer_size / BLOCKS)
        size *= 2;
    return size;
}

/* ---- opening and closing --------------------------------------------------------------------- */

static int request_ring(const ps__sys_capture *c, const ps__ring *r)
{
    struct tpacket_req3 request = {
        .tp_block_size = (unsigned)r->block_size,
        .tp_block_nr = r->block_count,
        .tp_frame_size = 2048, /* no meaning in this version, but must divide a block */
        .tp_frame_nr = (unsigned)(r->block_size / 2048) * r->block_count,
        .tp_retire_blk_tov = PS__BLOCK_TIMEOUT,
    };

    return ps__set_option(c, SOL_PACKET, PACKET_RX_RING, &request, sizeof request);
}

/* Gets the ring, a smaller one when there is no memory for the size that was asked for. */
static int request_some_ring(const ps__sys_capture *c, ps__ring *r)
{
    enum { LEAST = 2 };
    int code = request_ring(c, r);

    while (code == PS_ENOMEM && r->block_count > LEAST) {
        r->block_count = r->block_count / 2 > LEAST ? r->block_count / 2 : LEAST;
        code = request_ring(c, r);
    }
    return code;
}

static int map(const ps__sys_capture *c, ps__ring *r)
{
    size_t size = r->block_size * r->block_count;
    void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, ps_fileno(&c->socket), 0);

    if (memory == MAP_FAILED)
        return ps__last_native_error();
    r->memory = memory;
    return 0;
}

/* A ring that cannot be mapped must be released, or the socket would go on filling it. */
static void release(const ps__sys_capture *c)
{
    struct tpacket_req3 none = {0};

    (void)ps__set_option(c, SOL_PACKET, PACKET_RX_RING, &none, sizeof none);
}

/* No space in front of packets is asked for: the kernel leaves 28 bytes behind its own headers,
 * of which an Ethernet header takes 14 and a VLAN tag 4, or a cooked header 20. */
int ps__ring_open(ps__sys_capture *c, size_t buffer_size)
{
    int version = TPACKET_V3, code;
    ps__ring r = {.block_size = block_size_for(c->snap_length, buffer_size)};

    r.block_count = (unsigned)(buffer_size / r.block_size);
    if (r.block_count < 2)
        r.block_count = 2;
    code = ps__set_option(c, SOL_PACKET, PACKET_VERSION, &version, sizeof version);
    if (code == 0)
        code = request_some_ring(c, &r);
    if (code != 0)
        return code;
    code = map(c, &r);
    if (code == 0)
        c->ring = r;
    else
        release(c);
    return code;
}

void ps__ring_close(ps__ring *r)
{
    if (r->memory)
        munmap(r->memory, r->block_size * r->block_count);
    r->memory = NULL;
}

/* ---- reading --------------------------------------------------------------------------------- */

static struct tpacket_hdr_v1 *block_header(const ps__ring *r)
{
    return &((struct tpacket_block_desc *)(void *)(r->memory + r->current * r->block_size))
                ->hdr.bh1;
}

static void release_block(ps__ring *r)
{
    __atomic_store_n(&block_header(r)->block_status, TP_STATUS_KERNEL, __ATOMIC_RELEASE);
    r->owned = false;
    r->current = r->current + 1 < r->block_count ? r->current + 1 : 0;
}

static bool take_block(ps__ring *r)
{
    struct tpacket_hdr_v1 *header = block_header(r);

    if (!(__atomic_load_n(&header->block_status, __ATOMIC_ACQUIRE) & TP_STATUS_USER))
        return false;
    r->owned = true;
    r->left = header->num_pkts;
    r->next = (unsigned char *)header - offsetof(struct tpacket_block_desc, hdr) +
              header->offset_to_first_pkt;
    return true;
}

/* What is done once a block: the counts of the kernel have 32 bits, and overflow after hours
 * unless they are read. */
static void begin_block(ps__sys_capture *c)
{
    enum { BLOCKS = 4096 };

    if (c->stale_blocks > 0)
        c->stale_blocks--;
    if (c->until_sum-- == 0) {
        c->until_sum = BLOCKS;
        (void)ps__sum_statistics(c);
    }
}

/* Goes on to a block with packets. */
static bool turn_to_packets(ps__sys_capture *c)
{
    ps__ring *r = &c->ring;

    while (r->left == 0) {
        if (r->owned)
            release_block(r);
        if (!take_block(r))
            return false;
        begin_block(c);
    }
    return true;
}

static ps__arrival take_packet(ps__ring *r)
{
    enum {
        SENDER = (sizeof(struct tpacket3_hdr) + TPACKET_ALIGNMENT - 1) / TPACKET_ALIGNMENT *
                 TPACKET_ALIGNMENT
    };
    struct tpacket3_hdr *header = (void *)r->next;
    ps__arrival a = {
        .data = r->next + header->tp_mac,
        .length = header->tp_snaplen,
        .original_length = header->tp_len,
        .from = (const void *)(r->next + SENDER),
        .time_ns = (int64_t)header->tp_sec * 1000000000 + header->tp_nsec,
        .tagged = (header->tp_status & TP_STATUS_VLAN_VALID) != 0,
        .tag = (uint16_t)header->hv1.tp_vlan_tci,
        .tag_protocol =
            header->tp_status & TP_STATUS_VLAN_TPID_VALID ? header->hv1.tp_vlan_tpid : 0x8100,
    };

    r->left--;
    r->next += header->tp_next_offset;
    /* Another processor wrote it: it is on its way here while the program looks at this packet. */
    if (r->left > 0) {
        __builtin_prefetch(r->next);
        __builtin_prefetch(r->next + 64);
    }
    return a;
}

int ps__ring_next(ps__sys_capture *c, ps_packet *packet)
{
    ps__arrival a;

    do {
        if (!turn_to_packets(c))
            return PS_EWOULDBLOCK;
        a = take_packet(&c->ring);
    } while (!ps__arrival_to_packet(c, &a, packet));
    return 0;
}

#endif
