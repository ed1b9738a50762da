#include "walk.h"

enum { TCP_LENGTH = 20 };

static void take_sacks(ps_dissection *d, const unsigned char *p, unsigned length)
{
    unsigned i;

    for (i = 0; i < length / 8 && i < PS_DISSECT_SACKS; i++) {
        d->tcp.sacks[i][0] = ps__read32(p + 8 * i);
        d->tcp.sacks[i][1] = ps__read32(p + 8 * i + 4);
    }
    d->tcp.sack_count = (uint8_t)i;
    d->tcp.options |= PS_TCP_OPTION_SACK;
}

/* An option of `length` bytes, kind and length included. Returns false when that cannot be its length. */
static bool take_option(ps_dissection *d, const unsigned char *p, unsigned length)
{
    static const uint8_t lengths[] = {
        [PS__TCP_MSS] = 4, [PS__TCP_SCALE] = 3, [PS__TCP_SACK_PERMITTED] = 2, [PS__TCP_TIMESTAMP] = 10};
    uint8_t kind = p[0];

    if (kind < sizeof lengths && lengths[kind] != 0 && lengths[kind] != length)
        return false;
    if (kind == PS__TCP_SACK && length % 8 != 2)
        return false;
    switch (kind) {
    case PS__TCP_MSS:
        d->tcp.mss = ps__read16(p + 2);
        d->tcp.options |= PS_TCP_OPTION_MSS;
        break;
    case PS__TCP_SCALE:
        d->tcp.window_scale = p[2];
        d->tcp.options |= PS_TCP_OPTION_WINDOW_SCALE;
        break;
    case PS__TCP_SACK_PERMITTED:
        d->tcp.options |= PS_TCP_OPTION_SACK_PERMITTED;
        break;
    case PS__TCP_SACK:
        take_sacks(d, p + 2, length - 2);
        break;
    case PS__TCP_TIMESTAMP:
        d->tcp.timestamp = ps__read32(p + 2);
        d->tcp.timestamp_echo = ps__read32(p + 6);
        d->tcp.options |= PS_TCP_OPTION_TIMESTAMP;
        break;
    default:
        d->tcp.options |= PS_TCP_OPTION_OTHER;
        break;
    }
    return true;
}

/* The `length` bytes at p, of which only `there` are in the packet. */
static void take_options(ps__walk *w, const unsigned char *p, uint32_t length, uint32_t there)
{
    uint32_t at = 0;

    while (at < there && p[at] != PS__TCP_END) {
        if (p[at] == PS__TCP_NOP) {
            at++;
            continue;
        }
        if (at + 1 >= length || (at + 1 < there && (p[at + 1] < 2 || p[at + 1] > length - at))) {
            ps__walk_malformed(w, PS_LAYER_TCP);
            return;
        }
        if (at + 1 >= there || p[at + 1] > there - at)
            return; /* cut */
        if (!take_option(w->d, p + at, p[at + 1]))
            ps__walk_malformed(w, PS_LAYER_TCP);
        at += p[at + 1];
    }
}

void ps__walk_tcp(ps__walk *w)
{
    const unsigned char *p = ps__walk_need(w, TCP_LENGTH, PS_LAYER_TCP);
    uint32_t header, there;

    if (p == NULL)
        return;
    header = (p[12] >> 4) * 4u;
    w->d->layers |= PS_LAYER_TCP;
    w->d->source_port = ps__read16(p);
    w->d->destination_port = ps__read16(p + 2);
    w->d->tcp.sequence = ps__read32(p + 4);
    w->d->tcp.acknowledgement = ps__read32(p + 8);
    w->d->tcp.header_length = (uint8_t)header;
    w->d->tcp.flags = (uint16_t)((p[12] & 1) << 8 | p[13]);
    w->d->tcp.window = ps__read16(p + 14);
    w->d->tcp.checksum = ps__read16(p + 16);
    w->d->tcp.urgent = ps__read16(p + 18);
    if (header < TCP_LENGTH || header > w->wire_end - w->at) {
        ps__walk_malformed(w, PS_LAYER_TCP);
        return;
    }
    there = header < w->end - w->at ? header : w->end - w->at;
    if (header > TCP_LENGTH)
        take_options(w, p + TCP_LENGTH, header - TCP_LENGTH, there - TCP_LENGTH);
    if (ps__walk_need(w, header, PS_LAYER_TCP) != NULL)
        w->at += header;
}
