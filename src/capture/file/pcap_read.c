#include "config.h"

#include "capture/file/reader.h"

enum { FILE_HEAD = 24, PACKET_HEAD = 16 };

static bool takes_magic(ps_capture_reader *r, uint32_t magic)
{
    if (magic != 0xa1b2c3d4 && magic != 0xa1b23c4d)
        return false;
    r->nanoseconds = magic == 0xa1b23c4d;
    r->format = r->nanoseconds ? PS_CAPTURE_FILE_PCAP : PS_CAPTURE_FILE_PCAP_MICROSECONDS;
    return true;
}

bool ps__pcap_is(ps_capture_reader *r, const unsigned char *first)
{
    r->big = false;
    if (takes_magic(r, ps__reader32(r, first)))
        return true;
    r->big = true;
    return takes_magic(r, ps__reader32(r, first));
}

int ps__pcap_read_head(ps_capture_reader *r)
{
    ps__read_interface *entry;
    const unsigned char *p;
    int code = ps__reader_need(r, FILE_HEAD);

    if (code <= 0)
        return code == 0 ? PS_BAD_CAPTURE_FILE : code;
    p = ps__reader_at(r);
    if (ps__reader16(r, p + 4) != 2)
        return PS_BAD_CAPTURE_FILE;
    entry = ps__reader_add_interface(r);
    if (!entry)
        return PS_ENOMEM;
    entry->facts.snap_length = ps__reader32(r, p + 16);
    /* Above: how long a frame check sequence is. */
    entry->facts.link_type = (int)(ps__reader32(r, p + 20) & 0xffff);
    ps__reader_pass(r, FILE_HEAD);
    return 0;
}

int ps__pcap_next(ps_capture_reader *r, ps_packet *packet)
{
    const unsigned char *p;
    uint32_t length, wire;
    int code = ps__reader_need(r, PACKET_HEAD);

    if (code <= 0)
        return code;
    length = ps__reader32(r, ps__reader_at(r) + 8);
    if (length > PS__RECORD_MAX - PACKET_HEAD)
        return PS_BAD_CAPTURE_FILE;
    code = ps__reader_need(r, PACKET_HEAD + (size_t)length);
    if (code <= 0)
        return code;
    p = ps__reader_at(r);
    wire = ps__reader32(r, p + 12);
    packet->data = p + PACKET_HEAD;
    packet->length = length;
    packet->original_length = wire > length ? wire : length;
    packet->time_ns = (int64_t)ps__reader32(r, p) * 1000000000 +
                      (int64_t)ps__reader32(r, p + 4) * (r->nanoseconds ? 1 : 1000);
    packet->link_type = r->interfaces[0].facts.link_type;
    packet->interface_index = 1;
    ps__reader_pass(r, PACKET_HEAD + (size_t)length);
    return 1;
}
