#include "config.h"

#include "capture/file/pcapng.h"
#include "capture/file/reader.h"

#include <string.h>

enum { BLOCK_HEAD = 8, BLOCK_AROUND = 12, SECTION_MIN = 28 };

/* A block that is there as a whole: what is between its head and the length that is repeated
 * behind it. */
typedef struct block {
    uint32_t type;
    const unsigned char *body;
    size_t size;
} block;

static size_t padded(size_t size)
{
    return (size + 3) & ~(size_t)3;
}

/* ---- options --------------------------------------------------------------------------------- */

typedef struct option {
    unsigned code;
    size_t size;
    const unsigned char *value;
} option;

/* The option at *at, behind which *at is then. Returns 1; 0 behind the last;
 * PS_BAD_CAPTURE_FILE. */
static int next_option(const ps_capture_reader *r, const block *b, size_t *at, option *o)
{
    if (*at == b->size)
        return 0;
    if (b->size - *at < 4)
        return PS_BAD_CAPTURE_FILE;
    o->code = ps__reader16(r, b->body + *at);
    o->size = ps__reader16(r, b->body + *at + 2);
    o->value = b->body + *at + 4;
    if (o->code == PS__OPTION_END)
        return 0;
    if (padded(o->size) > b->size - *at - 4)
        return PS_BAD_CAPTURE_FILE;
    *at += 4 + padded(o->size);
    return 1;
}

/* ---- sections and interfaces ----------------------------------------------------------------- */

/* The magic number behind the block's head shows the byte order, which the length before it is
 * in. */
static int read_section(ps_capture_reader *r)
{
    const unsigned char *p;
    uint32_t size;
    int code = ps__reader_need(r, SECTION_MIN);

    if (code <= 0)
        return code == 0 ? PS_BAD_CAPTURE_FILE : code;
    p = ps__reader_at(r);
    r->big = false;
    if (ps__reader32(r, p + 8) != PS__SECTION_MAGIC) {
        r->big = true;
        if (ps__reader32(r, p + 8) != PS__SECTION_MAGIC)
            return PS_BAD_CAPTURE_FILE;
    }
    size = ps__reader32(r, p + 4);
    if (size < SECTION_MIN || size % 4 != 0 || ps__reader16(r, p + 12) != 1)
        return PS_BAD_CAPTURE_FILE;
    code = ps__reader_need(r, size);
    if (code <= 0)
        return code;
    if (ps__reader32(r, ps__reader_at(r) + size - 4) != size)
        return PS_BAD_CAPTURE_FILE;
    ps__reader_pass(r, size);
    r->section_first = r->interface_count;
    return 0;
}

int ps__pcapng_read_head(ps_capture_reader *r)
{
    return read_section(r);
}

/* Eight bytes, as the two halves that they are. */
static int64_t read64(const ps_capture_reader *r, const unsigned char *p)
{
    uint64_t first = ps__reader32(r, p);
    uint64_t second = ps__reader32(r, p + 4);

    return (int64_t)(r->big ? first << 32 | second : second << 32 | first);
}

static void take_interface_option(const ps_capture_reader *r, ps__read_interface *entry,
                                  const option *o)
{
    size_t capacity = sizeof entry->facts.name - 1;

    if (o->code == PS__OPTION_INTERFACE_NAME) {
        memcpy(entry->facts.name, o->value, o->size < capacity ? o->size : capacity);
        entry->facts.name[o->size < capacity ? o->size : capacity] = '\0';
    } else if (o->code == PS__OPTION_INTERFACE_RESOLUTION && o->size == 1) {
        entry->resolution = o->value[0];
    } else if (o->code == PS__OPTION_INTERFACE_OFFSET && o->size == 8) {
        entry->offset = read64(r, o->value);
    }
}

static int read_interface(ps_capture_reader *r, const block *b)
{
    ps__read_interface *entry;
    size_t at = 8;
    option o;
    int code;

    if (b->size < 8 || r->interface_count == PS__INTERFACES_MAX)
        return PS_BAD_CAPTURE_FILE;
    entry = ps__reader_add_interface(r);
    if (!entry)
        return PS_ENOMEM;
    entry->facts.link_type = ps__reader16(r, b->body);
    entry->facts.snap_length = ps__reader32(r, b->body + 4);
    while ((code = next_option(r, b, &at, &o)) > 0)
        take_interface_option(r, entry, &o);
    return code;
}

/* ---- packets --------------------------------------------------------------------------------- */

/* What the kinds of packet blocks have in common: `length` bytes from `at` on, of an interface
 * of this section. */
static int take_packet(const ps_capture_reader *r, const block *b, size_t number, size_t at,
                       uint32_t length, ps_packet *packet)
{
    size_t index = r->section_first + number;

    if (number >= r->interface_count - r->section_first || at > b->size || length > b->size - at)
        return PS_BAD_CAPTURE_FILE;
    packet->data = b->body + at;
    packet->length = length;
    if (packet->original_length < length)
        packet->original_length = length;
    packet->link_type = r->interfaces[index].facts.link_type;
    packet->interface_index = (unsigned)index + 1;
    return 1;
}

static void take_time(const ps_capture_reader *r, const unsigned char *p, ps_packet *packet)
{
    const ps__read_interface *entry = &r->interfaces[packet->interface_index - 1];
    uint64_t units = (uint64_t)ps__reader32(r, p) << 32 | ps__reader32(r, p + 4);

    packet->time_ns = ps__pcapng_time(units, entry->resolution, entry->offset);
}

/* The direction is in the options behind the packet. */
static int take_direction(const ps_capture_reader *r, const block *b, size_t at, ps_packet *packet)
{
    option o;
    int code;

    while ((code = next_option(r, b, &at, &o)) > 0) {
        if (o.code == PS__OPTION_PACKET_FLAGS && o.size == 4) {
            uint32_t direction = ps__reader32(r, o.value) & 3;

            packet->direction = direction == 1   ? PS_DIRECTION_IN
                                : direction == 2 ? PS_DIRECTION_OUT
                                                 : PS_DIRECTION_UNKNOWN;
        }
    }
    return code < 0 ? code : 1;
}

/* Enhanced packet blocks, and the obsolete ones, which differ in the width of the interface's
 * number. */
static int read_packet(const ps_capture_reader *r, const block *b, ps_packet *packet)
{
    size_t number, behind;
    uint32_t length;
    int code;

    if (b->size < 20)
        return PS_BAD_CAPTURE_FILE;
    number = b->type == PS__BLOCK_PACKET ? ps__reader32(r, b->body) : ps__reader16(r, b->body);
    length = ps__reader32(r, b->body + 12);
    packet->original_length = ps__reader32(r, b->body + 16);
    code = take_packet(r, b, number, 20, length, packet);
    if (code < 0)
        return code;
    take_time(r, b->body + 4, packet);
    behind = 20 + padded(length);
    return behind > b->size ? PS_BAD_CAPTURE_FILE : take_direction(r, b, behind, packet);
}

/* Simple packets are of the first interface, and as long as its snap length says at most. */
static int read_simple_packet(const ps_capture_reader *r, const block *b, ps_packet *packet)
{
    uint32_t length;
    size_t snap_length;

    if (b->size < 4 || r->interface_count == r->section_first)
        return PS_BAD_CAPTURE_FILE;
    length = ps__reader32(r, b->body);
    packet->original_length = length;
    snap_length = r->interfaces[r->section_first].facts.snap_length;
    if (snap_length != 0 && length > snap_length)
        length = (uint32_t)snap_length;
    return take_packet(r, b, 0, 4, length, packet);
}

/* ---- blocks ---------------------------------------------------------------------------------- */

static bool is_known(uint32_t type)
{
    return type == PS__BLOCK_INTERFACE || type == PS__BLOCK_PACKET ||
           type == PS__BLOCK_OLD_PACKET || type == PS__BLOCK_SIMPLE_PACKET;
}

/* Whatever an unknown block contains, its length is behind it again. */
static int skip_block(ps_capture_reader *r, uint32_t size)
{
    int code = ps__reader_skip(r, size - 4);

    if (code == 0)
        code = ps__reader_need(r, 4);
    if (code <= 0)
        return code == 0 ? PS_BAD_CAPTURE_FILE : code;
    if (ps__reader32(r, ps__reader_at(r)) != size)
        return PS_BAD_CAPTURE_FILE;
    ps__reader_pass(r, 4);
    return 0;
}

/* Makes the block of `size` bytes here available. */
static int take_block(ps_capture_reader *r, uint32_t size, block *b)
{
    int code = ps__reader_need(r, size);
    const unsigned char *p;

    if (code <= 0)
        return code == 0 ? PS_BAD_CAPTURE_FILE : code;
    p = ps__reader_at(r);
    if (ps__reader32(r, p + size - 4) != size)
        return PS_BAD_CAPTURE_FILE;
    b->body = p + BLOCK_HEAD;
    b->size = size - BLOCK_AROUND;
    ps__reader_pass(r, size);
    return 1;
}

static int read_known(ps_capture_reader *r, const block *b, ps_packet *packet)
{
    switch (b->type) {
    case PS__BLOCK_INTERFACE:
        return read_interface(r, b);
    case PS__BLOCK_SIMPLE_PACKET:
        return read_simple_packet(r, b, packet);
    default:
        return read_packet(r, b, packet);
    }
}

/* One block. Returns 1 for a packet, 0 for anything else, or an error. */
static int read_block(ps_capture_reader *r, ps_packet *packet)
{
    block b = {ps__reader32(r, ps__reader_at(r)), NULL, 0};
    uint32_t size = ps__reader32(r, ps__reader_at(r) + 4);
    int code;

    if (b.type == PS__BLOCK_SECTION)
        return read_section(r);
    if (size < BLOCK_AROUND || size % 4 != 0)
        return PS_BAD_CAPTURE_FILE;
    if (!is_known(b.type))
        return skip_block(r, size);
    code = take_block(r, size, &b);
    return code < 0 ? code : read_known(r, &b, packet);
}

int ps__pcapng_next(ps_capture_reader *r, ps_packet *packet)
{
    int code;

    do {
        code = ps__reader_need(r, BLOCK_HEAD);
        if (code <= 0)
            return code;
        code = read_block(r, packet);
    } while (code == 0);
    if (code < 0)
        memset(packet, 0, sizeof *packet);
    return code;
}
