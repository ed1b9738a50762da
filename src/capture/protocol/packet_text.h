/* A packet whose line is being written. All bytes are read through ps__text_need. */
#ifndef PS_CAPTURE_PROTOCOL_PACKET_TEXT_H
#define PS_CAPTURE_PROTOCOL_PACKET_TEXT_H

#include "capture/protocol/bytes.h"
#include "capture/protocol/ipv6_chain.h"
#include "capture/protocol/line_writer.h"
#include "portsock-capture/dissect.h"

typedef struct ps__text {
    const ps_packet *packet;
    const ps_dissection *d;
    ps__line *line;
    uint32_t at; /* where the header begins whose text is wanted */
    /* where the bytes end that belong to the packet: in it, and within the length by IP */
    uint32_t end;
    unsigned depth;          /* how many packets this one is inside of */
    ps__extension extension; /* the extension header at `at`, for the texts of those */
} ps__text;

/* `length` bytes at an offset, or NULL when they are not all there. */
static inline const unsigned char *ps__text_need(const ps__text *text, uint32_t offset,
                                                 uint32_t length)
{
    return offset <= text->end && length <= text->end - offset ? text->packet->data + offset : NULL;
}

/* " [|tcp]": the header of this name ends too soon. Returns false, like the text functions. */
bool ps__text_ends(ps__text *text, const char *name);

/* The bytes from an offset in the packet to its end on the wire. */
uint32_t ps__text_wire_length(const ps__text *text, uint32_t offset);

/* The line of a packet inside of this one, from text->at on, as if captured by itself: true. */
bool ps__text_inside(ps__text *text, uint32_t wire_length, int link_type);

#endif
