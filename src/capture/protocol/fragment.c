/* IPv6's fragment header: RFC 8200. */
#include "config.h"

#include "capture/protocol/extension.h"
#include "capture/protocol/registry.h"

static uint32_t offset_of(const unsigned char *p)
{
    return ps__read16(p + 2) & 0xfff8u;
}

bool ps__fragment_decode(ps__decoder *decoder)
{
    const unsigned char *p = ps__extension_need(decoder, PS_LAYER_FRAGMENT);
    ps_dissection *d = decoder->d;

    if (!p)
        return false;
    d->ip.fragment_offset = offset_of(p);
    d->ip.flags = p[3] & 1 ? PS_IP_MORE_FRAGMENTS : 0;
    d->ip.id = ps__read32(p + 4);
    return ps__extension_pass(decoder, PS_LAYER_FRAGMENT);
}

bool ps__fragment_text(ps__text *text)
{
    const unsigned char *p = ps__extension_text_need(text, "frag6");
    const ps_dissection *d = text->d;
    uint32_t end = text->at + text->extension.length;

    if (!p)
        return false;
    PS__PUT_NUMBER(text->line, "frag (", offset_of(p));
    PS__PUT_NUMBER(text->line, "|", d->ip.total_length + d->network_offset - end);
    PS__PUT(text->line, ")");
    if (offset_of(p) == 0)
        PS__PUT(text->line, " ");
    return true;
}
