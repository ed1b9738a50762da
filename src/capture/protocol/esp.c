/* The IP Encapsulating Security Payload: RFC 4303. What follows the header is encrypted. */
#include "config.h"

#include "capture/protocol/decoder.h"
#include "capture/protocol/packet_text.h"
#include "capture/protocol/registry.h"

enum { ESP_LENGTH = 8 };

bool ps__esp_decode(ps__decoder *decoder)
{
    if (!ps__decoder_need(decoder, ESP_LENGTH, PS_LAYER_ESP))
        return false;
    decoder->d->layers |= PS_LAYER_ESP;
    decoder->at += ESP_LENGTH;
    return true;
}

bool ps__esp_text(ps__text *text)
{
    const unsigned char *p = ps__text_need(text, text->at, ESP_LENGTH);

    if (!p)
        return ps__text_ends(text, "esp");
    PS__PUT(text->line, "ESP(spi=0x");
    ps__line_hex(text->line, ps__read32(p), 8);
    PS__PUT(text->line, ",seq=0x");
    ps__line_hex_number(text->line, ps__read32(p + 4));
    PS__PUT_NUMBER(text->line, "), length ", text->d->transport_length);
    return true;
}
