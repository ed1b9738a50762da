/* The decoder, the line and the checksums: the first byte chooses a link type, the second how
 * much the capture cut. */
#include "fuzz.h"

#include <portsock-capture.h>

static const int links[] = {PS_LINK_ETHERNET, PS_LINK_RAW,  PS_LINK_COOKED, PS_LINK_COOKED2,
                            PS_LINK_NULL,     PS_LINK_LOOP, PS_LINK_IPV4,   PS_LINK_IPV6};

static void check_dissection(const ps_packet *packet, const ps_dissection *d)
{
    bool truncated = (d->flags & PS_DISSECT_TRUNCATED) != 0;

    fuzz_check(truncated == (d->truncated_layer != 0));
    fuzz_check(((d->flags & PS_DISSECT_MALFORMED) != 0) == (d->malformed_layer != 0));
    fuzz_check(!truncated || packet->length < packet->original_length);
    fuzz_check(d->payload_offset <= packet->length &&
               d->payload_length <= packet->length - d->payload_offset);
    fuzz_check(d->payload_length <= d->payload_wire_length);
    fuzz_check(d->transport_offset <= packet->length && d->network_offset <= packet->length);
}

static void check_text(const char *text, size_t size)
{
    size_t i;

    for (i = 0; text[i] != '\0'; i++) {
        fuzz_check(i < size);
        fuzz_check(text[i] >= ' ' && text[i] <= '~');
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char text[PS_DISSECTION_TEXT_MAX];
    ps_packet packet = {0};
    ps_dissection d;
    uint16_t right;
    uint32_t layer;

    if (size < 2)
        return 0;
    packet.link_type = links[data[0] % (sizeof links / sizeof links[0])];
    packet.data = data + 2;
    packet.length = size - 2;
    packet.original_length = packet.length + data[1];
    fuzz_check(ps_dissect(&packet, &d) == 0);
    check_dissection(&packet, &d);
    fuzz_check(ps_dissection_format(&packet, &d, text, sizeof text) == 0);
    check_text(text, sizeof text);
    fuzz_check(ps_dissection_format(&packet, &d, text, 40) == 0);
    check_text(text, 40);
    for (layer = PS_LAYER_IPV4; layer <= PS_LAYER_IGMP; layer <<= 1)
        fuzz_check(ps_dissection_checksum(&packet, &d, layer, &right) >= 0);
    return 0;
}
