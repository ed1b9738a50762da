/* ps_dissect, and what the decode functions of protocols share. */
#include "config.h"

#include "capture/protocol/decoder.h"
#include "capture/protocol/registry.h"
#include "portsock/error.h"

/* Offsets are 32 bits wide; no capture has longer packets. */
static uint32_t capped(size_t length)
{
    return length < INT32_MAX ? (uint32_t)length : INT32_MAX;
}

/* In pieces, of which compilers make stores; for the whole struct they would call memset. */
static void clear(ps_dissection *d)
{
    enum { PIECE = 64, PIECES = sizeof *d / PIECE };
    unsigned char *p = (unsigned char *)d;
    int i;

    for (i = 0; i < PIECES; i++)
        memset(p + i * PIECE, 0, PIECE);
    memset(p + PIECES * PIECE, 0, sizeof *d % PIECE);
}

void ps__decoder_missing(ps__decoder *decoder, uint32_t length, uint32_t layer)
{
    if (length > decoder->wire_end - decoder->at) {
        ps__decoder_malformed(decoder, layer);
    } else if (decoder->d->truncated_layer == 0) {
        decoder->d->flags |= PS_DISSECT_TRUNCATED;
        decoder->d->truncated_layer = layer;
    }
}

void ps__decoder_malformed(ps__decoder *decoder, uint32_t layer)
{
    decoder->d->flags |= PS_DISSECT_MALFORMED;
    if (decoder->d->malformed_layer == 0)
        decoder->d->malformed_layer = layer;
}

/* Its bytes stay what is left. */
bool ps__payload_decode(ps__decoder *decoder)
{
    (void)decoder;
    return true;
}

/* What is left is payload. */
static void end_decoding(const ps__decoder *decoder)
{
    ps_dissection *d = decoder->d;

    d->payload_offset = decoder->at;
    d->payload_length = decoder->end - decoder->at;
    d->payload_wire_length = decoder->wire_end - decoder->at;
    if (decoder->end < decoder->wire_end && d->truncated_layer == 0) {
        d->flags |= PS_DISSECT_TRUNCATED;
        d->truncated_layer = PS_LAYER_PAYLOAD;
    }
}

int ps_dissect(const ps_packet *packet, ps_dissection *d)
{
    ps__decoder decoder;

    if (!packet || !d || (!packet->data && packet->length > 0))
        return PS_EFAULT;
    clear(d);
    decoder.data = packet->data;
    decoder.at = 0;
    decoder.end = capped(packet->length);
    decoder.wire_end =
        capped(packet->original_length > packet->length ? packet->original_length : packet->length);
    decoder.d = d;
    ps__link_type_decode(&decoder, packet->link_type);
    end_decoding(&decoder);
    return 0;
}
