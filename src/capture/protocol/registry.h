/*
 * The table of protocols, made of protocols.def. A protocol is a file with two functions:
 *
 *   decode  decoder->at is where its header begins: checks that the bytes are there, sets its
 *           members and its layer's bit in ps_dissection, moves decoder->at behind the header, and
 *           decodes what the header carries. Returns false when nothing can follow: the header is
 *           not all there, or contradicts itself.
 *   text    text->at is where its header begins: writes its part of the line. Returns false when
 *           the line ends there because the header does. It may be called with the dissection of
 *           another packet, so it reads bytes through ps__text_need only.
 */
#ifndef PS_CAPTURE_PROTOCOL_REGISTRY_H
#define PS_CAPTURE_PROTOCOL_REGISTRY_H

#include "capture/protocol/numbers.h"
#include "portsock-capture/dissect.h"

struct ps__decoder;
struct ps__text;

/* What a protocol's number is. */
typedef enum ps__found_by {
    PS__BY_LINK_TYPE,
    PS__BY_LINK_HEADER, /* none */
    PS__BY_ETHER_TYPE,
    PS__BY_IP_PROTOCOL
} ps__found_by;

enum { PS__IPV4_ONLY = 1, PS__IPV6_ONLY = 2, PS__HAS_PORTS = 4 };

typedef struct ps__protocol {
    const char *name;
    uint32_t layer;
    ps__found_by found_by;
    uint16_t number;
    uint16_t flags;
    bool (*decode)(struct ps__decoder *decoder);
    bool (*text)(struct ps__text *text);
} ps__protocol;

extern const ps__protocol ps__protocols[];
extern const size_t ps__protocol_count;

/* NULL: the table does not have the number. */
const ps__protocol *ps__protocol_of_link_type(int number);
const ps__protocol *ps__protocol_of_ether_type(uint16_t number);
const ps__protocol *ps__protocol_of_ip(unsigned version, uint8_t number);

/* Decode what begins at decoder->at, by its number. One that is not in the table is payload. */
bool ps__link_type_decode(struct ps__decoder *decoder, int number);
bool ps__ether_type_decode(struct ps__decoder *decoder, uint16_t number);
bool ps__ip_protocol_decode(struct ps__decoder *decoder, unsigned version, uint8_t number);

#define PROTOCOL(found_by, number, decode_id, text_id, name, layer, flags) \
    bool ps__##decode_id##_decode(struct ps__decoder *decoder);            \
    bool ps__##text_id##_text(struct ps__text *text);
#include "capture/protocol/protocols.def"

#endif
