/* The IP Authentication Header: RFC 4302. An extension header of IPv6, which IPv4 has, too. */
#include "config.h"

#include "capture/protocol/extension.h"
#include "capture/protocol/registry.h"

enum { AH_LENGTH = 12 };

bool ps__ah_decode(ps__decoder *decoder)
{
    const unsigned char *p = ps__decoder_need(decoder, AH_LENGTH, PS_LAYER_AH);

    if (!p)
        return false;
    if (decoder->extension.length < AH_LENGTH) {
        ps__decoder_malformed(decoder, PS_LAYER_AH);
        return false;
    }
    return ps__extension_need(decoder, PS_LAYER_AH) && ps__extension_pass(decoder, PS_LAYER_AH);
}

/* "AH(spi=...,seq=...,icv=0x...): " */
bool ps__ah_text(ps__text *text)
{
    const ps__extension *extension = &text->extension;
    const unsigned char *p;

    if (extension->bytes && extension->length < AH_LENGTH)
        return ps__text_ends(text, "ah");
    p = ps__extension_text_need(text, "ah");
    if (!p)
        return false;
    PS__PUT(text->line, "AH(spi=0x");
    ps__line_hex(text->line, ps__read32(p + 4), 8);
    PS__PUT(text->line, ",seq=0x");
    ps__line_hex_number(text->line, ps__read32(p + 8));
    PS__PUT(text->line, ",icv=0x");
    ps__line_bytes(text->line, p + AH_LENGTH, extension->length - AH_LENGTH);
    PS__PUT(text->line, "): ");
    return true;
}
