#include "config.h"

#include "capture/protocol/registry.h"

/* A row's place in the table. */
enum {
#define PROTOCOL(found_by, number, decode_id, text_id, name, layer, flags) \
    ROW_##decode_id##_##text_id,
#include "capture/protocol/protocols.def"
    ROWS
};

const ps__protocol ps__protocols[ROWS] = {
#define PROTOCOL(found_by, number, decode_id, text_id, name, layer, flags) \
    {name, layer, found_by, number, flags, ps__##decode_id##_decode, ps__##text_id##_text},
#include "capture/protocol/protocols.def"
};

const size_t ps__protocol_count = ROWS;

const char *ps_layer_name(uint32_t layer)
{
    size_t i;

    for (i = 0; i < ROWS && layer != 0; i++) {
        if (ps__protocols[i].layer == layer)
            return ps__protocols[i].name;
    }
    return layer == PS_LAYER_PAYLOAD ? "payload" : "unknown";
}

/* ---- searches: the compiler makes the fastest one of a switch */

const ps__protocol *ps__protocol_of_link_type(int number)
{
    switch (number) {
#define LINK_TYPE(number, decode_id, text_id, name, layer) \
    case number:                                           \
        return &ps__protocols[ROW_##decode_id##_##text_id];
#include "capture/protocol/protocols.def"
    default:
        return NULL;
    }
}

const ps__protocol *ps__protocol_of_ether_type(uint16_t number)
{
    switch (number) {
#define ETHER_TYPE(number, decode_id, text_id, name, layer) \
    case number:                                            \
        return &ps__protocols[ROW_##decode_id##_##text_id];
#include "capture/protocol/protocols.def"
    default:
        return NULL;
    }
}

static inline const ps__protocol *of_ip(uint8_t number)
{
    switch (number) {
#define IP_PROTOCOL(number, decode_id, text_id, name, layer, flags) \
    case number:                                                    \
        return &ps__protocols[ROW_##decode_id##_##text_id];
#include "capture/protocol/protocols.def"
    default:
        return NULL;
    }
}

static inline bool is_of_version(const ps__protocol *protocol, unsigned version)
{
    return (protocol->flags & (version == 4 ? PS__IPV6_ONLY : PS__IPV4_ONLY)) == 0;
}

const ps__protocol *ps__protocol_of_ip(unsigned version, uint8_t number)
{
    const ps__protocol *protocol = of_ip(number);

    return protocol && is_of_version(protocol, version) ? protocol : NULL;
}

/* ---- decoding by number */

bool ps__link_type_decode(struct ps__decoder *decoder, int number)
{
    const ps__protocol *protocol = ps__protocol_of_link_type(number);

    return !protocol || protocol->decode(decoder);
}

bool ps__ether_type_decode(struct ps__decoder *decoder, uint16_t number)
{
    const ps__protocol *protocol = ps__protocol_of_ether_type(number);

    return !protocol || protocol->decode(decoder);
}

bool ps__ip_protocol_decode(struct ps__decoder *decoder, unsigned version, uint8_t number)
{
    const ps__protocol *protocol = of_ip(number);

    return !protocol || !is_of_version(protocol, version) || protocol->decode(decoder);
}
