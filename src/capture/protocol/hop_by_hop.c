/* IPv6's hop-by-hop options: RFC 8200, and the jumbo payload option, RFC 2675. */
#include "config.h"

#include "capture/protocol/extension.h"
#include "capture/protocol/registry.h"

enum { IPV6_LENGTH = 40, OPTION_PAD1 = 0, OPTION_JUMBO = 0xc2, JUMBO_LENGTH = 6 };

/* The length in a jumbo payload option, or 0. Options are `length` bytes at p; one that does not
 * fit ends the search. */
static uint32_t find_jumbo(const unsigned char *p, uint32_t length)
{
    uint32_t at = 0;

    while (at + 1 < length) {
        if (p[at] == OPTION_PAD1) {
            at++;
            continue;
        }
        if (p[at] == OPTION_JUMBO)
            return p[at + 1] == 4 && at + JUMBO_LENGTH <= length ? ps__read32(p + at + 2) : 0;
        at += 2u + p[at + 1];
    }
    return 0;
}

/* The fixed header leaves its length 0 where this header has it. */
static bool take_jumbo(ps__decoder *decoder, const unsigned char *p)
{
    ps_dissection *d = decoder->d;
    uint32_t length;

    if (d->ip.total_length > IPV6_LENGTH)
        return true;
    length = find_jumbo(p + 2, decoder->extension.length - 2);
    if (length <= UINT16_MAX || length > INT32_MAX) {
        ps__decoder_malformed(decoder, PS_LAYER_HOP_BY_HOP);
        return false;
    }
    d->ip.total_length = IPV6_LENGTH + length;
    if (length > decoder->wire_end - decoder->at)
        ps__decoder_malformed(decoder, PS_LAYER_IPV6);
    ps__decoder_limit(decoder, length);
    return true;
}

bool ps__hop_by_hop_decode(ps__decoder *decoder)
{
    const unsigned char *p = ps__extension_need(decoder, PS_LAYER_HOP_BY_HOP);

    if (!p)
        return false;
    if (decoder->d->ip.extension_count > 0) { /* it must be the first */
        ps__decoder_malformed(decoder, PS_LAYER_HOP_BY_HOP);
        return false;
    }
    if (!take_jumbo(decoder, p))
        return false;
    return ps__extension_pass(decoder, PS_LAYER_HOP_BY_HOP);
}

bool ps__hop_by_hop_text(ps__text *text)
{
    if (!ps__extension_text_need(text, "hbhopt"))
        return false;
    PS__PUT(text->line, "HBH ");
    if (text->d->malformed_layer & PS_LAYER_HOP_BY_HOP)
        PS__PUT(text->line, "[bad hop-by-hop header]");
    return true;
}
