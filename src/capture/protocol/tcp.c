/* The Transmission Control Protocol: RFC 9293. Texts of its options are in tcp_options_text.c. */
#include "config.h"

#include "capture/protocol/tcp.h"

#include "capture/protocol/ip.h"
#include "capture/protocol/tcp_options.h"

enum { TCP_LENGTH = 20 };

/* ---- decoding */

static void take_sacks(ps_dissection *d, const unsigned char *p, unsigned length)
{
    unsigned i;

    for (i = 0; i < length / 8 && i < PS_DISSECT_SACKS; i++) {
        d->tcp.sacks[i][0] = ps__read32(p + 8 * i);
        d->tcp.sacks[i][1] = ps__read32(p + 8 * i + 4);
    }
    d->tcp.sack_count = (uint8_t)i;
}

/* An option other than END and NOP. Returns its bit, or 0 when that cannot be its length. */
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

/* Takes the options of a header that ends at `end`. Returns false when they are malformed. */
static bool take_options(ps__decoder *decoder, uint32_t end)
{
    ps__tcp_options options = {decoder->data, decoder->at + TCP_LENGTH, end, decoder->end, NULL, 0};
    ps__tcp_option_state state;
    unsigned bits = 0;
    bool good = true;

    while ((state = ps__tcp_options_next(&options)) == PS__TCP_OPTION_FOUND) {
        if (options.option[0] > PS__TCP_NOP) {
            unsigned bit = take_option(decoder->d, options.option, options.length);

            good = good && bit != 0;
            bits |= bit;
        }
    }
    decoder->d->tcp.options = (uint8_t)bits;
    return good && state != PS__TCP_OPTION_BAD;
}

bool ps__tcp_decode(ps__decoder *decoder)
{
    const unsigned char *p = ps__decoder_need(decoder, TCP_LENGTH, PS_LAYER_TCP);
    ps_dissection *d = decoder->d;
    uint32_t header;

    if (!p)
        return false;
    header = (p[12] >> 4) * 4u;
    d->layers |= PS_LAYER_TCP;
    d->source_port = ps__read16(p);
    d->destination_port = ps__read16(p + 2);
    d->tcp.sequence = ps__read32(p + 4);
    d->tcp.acknowledgement = ps__read32(p + 8);
    d->tcp.header_length = (uint8_t)header;
    d->tcp.flags = (uint16_t)((p[12] & 1) << 8 | p[13]);
    d->tcp.window = ps__read16(p + 14);
    d->tcp.checksum = ps__read16(p + 16);
    d->tcp.urgent = ps__read16(p + 18);
    if (header < TCP_LENGTH || header > decoder->wire_end - decoder->at) {
        ps__decoder_malformed(decoder, PS_LAYER_TCP);
        return false;
    }
    if (header > TCP_LENGTH && !take_options(decoder, decoder->at + header))
        ps__decoder_malformed(decoder, PS_LAYER_TCP);
    if (!ps__decoder_need(decoder, header, PS_LAYER_TCP))
        return false;
    decoder->at += header;
    return true;
}

/* ---- the line */

static void text_flags(ps__text *text)
{
    static const char letters[] = "FSRP.UEW";
    unsigned flags = text->d->tcp.flags & 0xffu;
    const char *letter;

    PS__PUT(text->line, "Flags [");
    if (flags == 0)
        PS__PUT(text->line, "none");
    for (letter = letters; flags != 0; letter++, flags >>= 1) {
        if (flags & 1)
            ps__line_put(text->line, letter, 1);
    }
    PS__PUT(text->line, "]");
}

static void text_numbers(ps__text *text, uint32_t length)
{
    const ps_dissection *d = text->d;

    if (length > 0 || (d->tcp.flags & (PS_TCP_SYN | PS_TCP_FIN | PS_TCP_RST)) != 0) {
        PS__PUT_NUMBER(text->line, ", seq ", d->tcp.sequence);
        if (length > 0)
            PS__PUT_NUMBER(text->line, ":", d->tcp.sequence + length);
    }
    if (d->tcp.flags & PS_TCP_ACK)
        PS__PUT_NUMBER(text->line, ", ack ", d->tcp.acknowledgement);
    PS__PUT_NUMBER(text->line, ", win ", d->tcp.window);
    if (d->tcp.flags & PS_TCP_URG)
        PS__PUT_NUMBER(text->line, ", urg ", d->tcp.urgent);
}

/* A header whose length cannot be, below 20 or beyond the packet. */
static bool text_bad_length(ps__text *text, uint32_t header)
{
    if (header < TCP_LENGTH) {
        PS__PUT_NUMBER(text->line, " tcp ", text->d->transport_length - header);
        PS__PUT_NUMBER(text->line, " [bad hdr length ", header);
        PS__PUT(text->line, " - too short, < 20]");
    } else {
        text_flags(text);
        PS__PUT_NUMBER(text->line, " [bad hdr length ", header);
        PS__PUT_NUMBER(text->line, " - too long, > ", text->d->transport_length);
        PS__PUT(text->line, "]");
    }
    return false;
}

bool ps__tcp_text(ps__text *text)
{
    const ps_dissection *d = text->d;
    uint32_t header = d->tcp.header_length;

    if (!ps__ip_ports_text(text) || (d->layers & PS_LAYER_TCP) == 0)
        return ps__text_ends(text, "tcp");
    if (header < TCP_LENGTH || header > d->transport_length)
        return text_bad_length(text, header);
    text_flags(text);
    text_numbers(text, d->transport_length - header);
    if (header > TCP_LENGTH &&
        !ps__tcp_options_text(text, text->at + TCP_LENGTH, text->at + header))
        return false;
    PS__PUT_NUMBER(text->line, ", length ", d->transport_length - header);
    return true;
}
