#include "config.h"

#include "capture/walk.h"

enum { TCP_LENGTH = 20 };

static void take_sacks(ps_dissection *d, const unsigned char *p, unsigned length)
{
    unsigned i;

    for (i = 0; i < length / 8 && i < PS_DISSECT_SACKS; i++) {
        d->tcp.sacks[i][0] = ps__read32(p + 8 * i);
        d->tcp.sacks[i][1] = ps__read32(p + 8 * i + 4);
    }
    d->tcp.sack_count = (uint8_t)i;
}

/* An option of `length` bytes, kind and length included. Returns its bit, or 0 when that cannot be its length. */
static inline unsigned take_option(ps_dissection *d, const unsigned char *p, unsigned length)
{
    switch (p[0]) {
    case PS__TCP_MSS:
        if (length != 4)
            return 0;
        d->tcp.mss = ps__read16(p + 2);
        return PS_TCP_OPTION_MSS;
    case PS__TCP_SCALE:
        if (length != 3)
            return 0;
        d->tcp.window_scale = p[2];
        return PS_TCP_OPTION_WINDOW_SCALE;
    case PS__TCP_SACK_PERMITTED:
        return length == 2 ? PS_TCP_OPTION_SACK_PERMITTED : 0;
    case PS__TCP_SACK:
        if (length % 8 != 2)
            return 0;
        take_sacks(d, p + 2, length - 2);
        return PS_TCP_OPTION_SACK;
    case PS__TCP_TIMESTAMP:
        if (length != 10)
            return 0;
        d->tcp.timestamp = ps__read32(p + 2);
        d->tcp.timestamp_echo = ps__read32(p + 6);
        return PS_TCP_OPTION_TIMESTAMP;
    default:
        return PS_TCP_OPTION_OTHER;
    }
}

/* The bytes from p to `end`, of which the packet has those before `there`. Returns false when they contradict themselves. */
static bool take_options(ps_dissection *d, const unsigned char *p, const unsigned char *there, const unsigned char *end)
{
    unsigned options = 0;
    bool good = true;

    while (p < there && *p != PS__TCP_END) {
        unsigned bit;

        if (*p == PS__TCP_NOP) {
            p++;
            continue;
        }
        good = good && end - p >= 2;
        if (there - p < 2)
            break;
        if (p[1] < 2 || p[1] > end - p) {
            good = false;
            break;
        }
        if (p[1] > there - p)
            break; /* cut */
        bit = take_option(d, p, p[1]);
        good = good && bit != 0;
        options |= bit;
        p += p[1];
    }
    d->tcp.options = (uint8_t)options;
    return good;
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
    if (header > TCP_LENGTH && !take_options(w->d, p + TCP_LENGTH, p + there, p + header))
        ps__walk_malformed(w, PS_LAYER_TCP);
    if (ps__walk_need(w, header, PS_LAYER_TCP) != NULL)
        w->at += header;
}
