/* What the IPv6 extension headers share, each of which ipv6.c finds by ps__chain_next. */
#ifndef PS_CAPTURE_PROTOCOL_EXTENSION_H
#define PS_CAPTURE_PROTOCOL_EXTENSION_H

#include "capture/protocol/decoder.h"
#include "capture/protocol/packet_text.h"

/* All bytes of decoder->extension, or NULL. Does not move. */
static inline const unsigned char *ps__extension_need(ps__decoder *decoder, uint32_t layer)
{
    if (decoder->extension.bytes)
        return ps__decoder_need(decoder, decoder->extension.length, layer);
    ps__decoder_missing(decoder, PS__EXTENSION_LENGTH_MIN, layer);
    return NULL;
}

/* Goes behind decoder->extension, which is all there. Returns true. */
static inline bool ps__extension_pass(ps__decoder *decoder, uint32_t layer)
{
    decoder->d->layers |= layer;
    if (decoder->d->ip.extension_count < UINT8_MAX)
        decoder->d->ip.extension_count++;
    decoder->at += decoder->extension.length;
    return true;
}

/* All bytes of text->extension, which begins at text->at, or NULL once the line says that the
 * header of this name ends too soon. */
static inline const unsigned char *ps__extension_text_need(ps__text *text, const char *name)
{
    const ps__extension *extension = &text->extension;

    if (extension->bytes && ps__text_need(text, text->at, extension->length))
        return extension->bytes;
    ps__text_ends(text, name);
    return NULL;
}

#endif
