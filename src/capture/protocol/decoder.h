/* A packet that is being decoded. All bytes are read through ps__decoder_need. */
#ifndef PS_CAPTURE_PROTOCOL_DECODER_H
#define PS_CAPTURE_PROTOCOL_DECODER_H

#include "capture/protocol/bytes.h"
#include "capture/protocol/ipv6_chain.h"
#include "portsock-capture/dissect.h"

#include <string.h>

/* at <= end <= wire_end, always. */
typedef struct ps__decoder {
    const unsigned char *data;
    uint32_t at;             /* where the next header begins */
    uint32_t end;            /* where the bytes end, by the capture and the lengths of headers */
    uint32_t wire_end;       /* where they ended on the wire */
    ps_dissection *d;        /* the result */
    ps__extension extension; /* the extension header at `at`, for the decode functions of those */
} ps__decoder;

/* Flags why `length` bytes are not there: the layer is truncated, or malformed when the wire did
 * not have them either. */
void ps__decoder_missing(ps__decoder *decoder, uint32_t length, uint32_t layer);

/* The next `length` bytes, or NULL once ps__decoder_missing has flagged that they are not all
 * there. Does not move. */
static inline const unsigned char *ps__decoder_need(ps__decoder *decoder, uint32_t length,
                                                    uint32_t layer)
{
    if (length <= decoder->end - decoder->at)
        return decoder->data + decoder->at;
    ps__decoder_missing(decoder, length, layer);
    return NULL;
}

/* Flags the layer as malformed, unless one before it was. */
void ps__decoder_malformed(ps__decoder *decoder, uint32_t layer);

/* What is behind the next `length` bytes does not belong to the packet (padding). */
static inline void ps__decoder_limit(ps__decoder *decoder, uint32_t length)
{
    if (length < decoder->wire_end - decoder->at)
        decoder->wire_end = decoder->at + length;
    if (decoder->end > decoder->wire_end)
        decoder->end = decoder->wire_end;
}

#endif
