#include "config.h"

#include "capture/file/pcapng.h"
#include "capture/file/writer.h"

#include <stdlib.h>
#include <string.h>

enum { BLOCK_MAX = 256, NANOSECONDS = 9 };

#define TEXT_OF(number) #number
#define VERSION_TEXT(major, minor, patch) \
    "portsock " TEXT_OF(major) "." TEXT_OF(minor) "." TEXT_OF(patch)

/* A short block that is being put together. */
typedef struct block {
    size_t size;
    unsigned char bytes[BLOCK_MAX];
} block;

static void put(block *b, const void *data, size_t size)
{
    memcpy(b->bytes + b->size, data, size);
    b->size += size;
}

static void put16(block *b, unsigned number)
{
    uint16_t value = (uint16_t)number;

    put(b, &value, sizeof value);
}

static void put32(block *b, uint32_t number)
{
    put(b, &number, sizeof number);
}

/* A time is its high half, then its low one. */
static void put_time(block *b, int64_t time)
{
    put32(b, (uint32_t)((uint64_t)time >> 32));
    put32(b, (uint32_t)time);
}

static size_t padding(size_t size)
{
    return (4 - size % 4) % 4;
}

static void put_option(block *b, unsigned code, const void *value, size_t size)
{
    put16(b, code);
    put16(b, (unsigned)size);
    put(b, value, size);
    put(b, "\0\0\0", padding(size));
}

static void begin_block(block *b, uint32_t type)
{
    b->size = 0;
    put32(b, type);
    put32(b, 0); /* the length, which end_block knows */
}

static void end_block(block *b)
{
    uint32_t size = (uint32_t)b->size + 4;

    memcpy(b->bytes + 4, &size, sizeof size);
    put32(b, size);
}

static int write_block(ps_capture_writer *w, const block *b)
{
    ps__piece piece = {b->bytes, b->size};

    return ps__writer_record(w, &piece, 1);
}

/* Written at once, so that what is wrong with the file shows when it is opened. */
int ps__pcapng_head(ps_capture_writer *w)
{
    static const char application[] =
        VERSION_TEXT(PS_VERSION_MAJOR, PS_VERSION_MINOR, PS_VERSION_PATCH);
    uint64_t unknown_length = UINT64_MAX;
    block b;
    int code;

    begin_block(&b, PS__BLOCK_SECTION);
    put32(&b, PS__SECTION_MAGIC);
    put16(&b, 1);
    put16(&b, 0);
    put(&b, &unknown_length, sizeof unknown_length);
    put_option(&b, PS__OPTION_SECTION_APPLICATION, application, sizeof application - 1);
    put32(&b, PS__OPTION_END);
    end_block(&b);
    code = write_block(w, &b);
    return code != 0 ? code : ps__writer_flush(w);
}

/* ---- interfaces ------------------------------------------------------------------------------ */

static ps__written_interface *find_interface(ps_capture_writer *w, int link_type,
                                             unsigned interface_index)
{
    size_t i;

    for (i = 0; i < w->interface_count; i++) {
        if (w->interfaces[i].link_type == link_type &&
            w->interfaces[i].interface_index == interface_index)
            return &w->interfaces[i];
    }
    return NULL;
}

/* The one with this link type and number, made when there is none; NULL without memory. */
static ps__written_interface *need_interface(ps_capture_writer *w, int link_type,
                                             unsigned interface_index)
{
    ps__written_interface *found = find_interface(w, link_type, interface_index);

    if (found)
        return found;
    if (w->interface_count == w->interface_capacity) {
        size_t capacity = w->interface_capacity == 0 ? 4 : 2 * w->interface_capacity;
        ps__written_interface *more = realloc(w->interfaces, capacity * sizeof *more);

        if (!more)
            return NULL;
        w->interfaces = more;
        w->interface_capacity = capacity;
    }
    found = &w->interfaces[w->interface_count++];
    memset(found, 0, sizeof *found);
    found->link_type = link_type;
    found->interface_index = interface_index;
    return found;
}

static int write_interface(ps_capture_writer *w, ps__written_interface *entry)
{
    static const unsigned char resolution = NANOSECONDS;
    block b;
    int code;

    if (entry->written)
        return 0;
    begin_block(&b, PS__BLOCK_INTERFACE);
    put16(&b, (unsigned)entry->link_type);
    put16(&b, 0);
    put32(&b, (uint32_t)w->snap_length);
    if (entry->name[0] != '\0')
        put_option(&b, PS__OPTION_INTERFACE_NAME, entry->name, strlen(entry->name));
    put_option(&b, PS__OPTION_INTERFACE_RESOLUTION, &resolution, 1);
    put32(&b, PS__OPTION_END);
    end_block(&b);
    code = write_block(w, &b);
    if (code != 0)
        return code;
    entry->written = true;
    entry->id = w->interfaces_written++;
    return 0;
}

/* A UTF-8 character is not cut in two. */
static void copy_name(char to[PS__NAME_MAX], const char *name)
{
    size_t length = strlen(name);

    if (length >= PS__NAME_MAX) {
        length = PS__NAME_MAX - 1;
        while (length > 0 && ((unsigned char)name[length] & 0xc0) == 0x80)
            length--;
    }
    memcpy(to, name, length);
    to[length] = '\0';
}

int ps__pcapng_declare(ps_capture_writer *w, int link_type, unsigned interface_index,
                       const char *name)
{
    ps__written_interface *entry = need_interface(w, link_type, interface_index);

    if (!entry)
        return PS_ENOMEM;
    if (entry->written)
        return PS_EEXIST;
    copy_name(entry->name, name);
    return 0;
}

int ps__pcapng_any_interface(ps_capture_writer *w)
{
    ps__written_interface *entry;

    if (w->error != 0 || w->interfaces_written > 0)
        return w->error;
    entry = w->interface_count > 0 ? &w->interfaces[0] : need_interface(w, w->link_type, 0);
    return entry ? write_interface(w, entry) : PS_ENOMEM;
}

/* ---- packets --------------------------------------------------------------------------------- */

int ps__pcapng_packet(ps_capture_writer *w, const ps_packet *packet, size_t length)
{
    ps__written_interface *entry = need_interface(w, packet->link_type, packet->interface_index);
    size_t wire = ps__packet_wire_length(packet);
    uint32_t flags = packet->direction == PS_DIRECTION_IN    ? 1
                     : packet->direction == PS_DIRECTION_OUT ? 2
                                                             : 0;
    block head, tail;
    uint32_t size;
    int code = entry ? write_interface(w, entry) : PS_ENOMEM;

    if (code != 0)
        return code;
    begin_block(&head, PS__BLOCK_PACKET);
    put32(&head, entry->id);
    put_time(&head, packet->time_ns);
    put32(&head, (uint32_t)length);
    put32(&head, (uint32_t)(wire < UINT32_MAX ? wire : UINT32_MAX));
    tail.size = 0;
    put(&tail, "\0\0\0", padding(length));
    if (flags != 0) {
        put_option(&tail, PS__OPTION_PACKET_FLAGS, &flags, sizeof flags);
        put32(&tail, PS__OPTION_END);
    }
    size = (uint32_t)(head.size + length + tail.size) + 4;
    memcpy(head.bytes + 4, &size, sizeof size);
    put32(&tail, size);
    w->last_time = packet->time_ns;
    return ps__writer_record(
        w, (ps__piece[]){{head.bytes, head.size}, {packet->data, length}, {tail.bytes, tail.size}},
        3);
}

int ps__pcapng_statistics(ps_capture_writer *w, const ps_capture_statistics *statistics)
{
    block b;
    int code = ps__pcapng_any_interface(w);

    if (code != 0)
        return code;
    begin_block(&b, PS__BLOCK_STATISTICS);
    put32(&b, 0);
    put_time(&b, w->last_time);
    put_option(&b, PS__OPTION_RECEIVED, &statistics->received, 8);
    put_option(&b, PS__OPTION_INTERFACE_DROPPED, &statistics->interface_dropped, 8);
    if (statistics->dropped_known)
        put_option(&b, PS__OPTION_SYSTEM_DROPPED, &statistics->dropped, 8);
    put32(&b, PS__OPTION_END);
    end_block(&b);
    return write_block(w, &b);
}
