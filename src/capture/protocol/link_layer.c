#include "config.h"

#include "capture/protocol/link_layer.h"

enum { LENGTH_MAX = 1500 }; /* up to here the number of an Ethernet header is a length */

bool ps__type_or_length_decode(ps__decoder *decoder, uint16_t type)
{
    if (type > LENGTH_MAX)
        return ps__network_decode(decoder, type);
    decoder->d->network_offset = decoder->at;
    if (type > decoder->wire_end - decoder->at)
        ps__decoder_malformed(decoder, PS_LAYER_ETHERNET);
    ps__decoder_limit(decoder, type);
    return ps__llc_decode(decoder);
}

const char *ps__ether_type_name(uint16_t type)
{
    static const struct {
        uint16_t type;
        const char *name;
    } names[] = {{PS__ETHER_IPV4, "IPv4"},
                 {PS__ETHER_IPV6, "IPv6"},
                 {PS__ETHER_ARP, "ARP"},
                 {PS__ETHER_VLAN, "802.1Q"},
                 {PS__ETHER_VLAN_SERVICE, "802.1Q-QinQ"},
                 {0x8035, "Reverse ARP"},
                 {0x8847, "MPLS unicast"},
                 {0x8863, "PPPoE D"},
                 {0x8864, "PPPoE S"},
                 {0x888e, "EAPOL"},
                 {0x88cc, "LLDP"},
                 {0x88e5, "MACsec"}};
    size_t i;

    for (i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (names[i].type == type)
            return names[i].name;
    }
    return NULL;
}

bool ps__ether_type_text(ps__text *text)
{
    uint16_t type = text->d->ether_type;
    const char *name = ps__ether_type_name(type);

    if (type == 0)
        return false;
    PS__PUT(text->line, "ethertype ");
    ps__line_text(text->line, name ? name : "Unknown");
    PS__PUT(text->line, " (0x");
    ps__line_hex(text->line, type, 4);
    PS__PUT(text->line, ")");
    return true;
}

/* Which of the headers before the network's ended too soon, or NULL. */
static const char *ended_header(const ps_dissection *d)
{
    const uint32_t link =
        PS_LAYER_ETHERNET | PS_LAYER_COOKED | PS_LAYER_LOOPBACK | PS_LAYER_VLAN | PS_LAYER_LLC;
    uint32_t truncated = d->truncated_layer & link;
    uint32_t malformed = d->malformed_layer & link;

    if (truncated != 0)
        return ps_layer_name(truncated);
    /* A header that is there may contradict itself, too; of tags the last may be missing. */
    if (malformed == PS_LAYER_VLAN || (malformed & ~d->layers) != 0)
        return ps_layer_name(malformed);
    return NULL;
}

bool ps__link_end_text(ps__text *text)
{
    const char *ended = ended_header(text->d);

    if (ended)
        return ps__text_ends(text, ended);
    PS__PUT_NUMBER(text->line, ", length ", ps__text_wire_length(text, 0));
    return true;
}

bool ps__link_carried_text(ps__text *text)
{
    bool written = text->d->layers & PS_LAYER_LLC ? ps__llc_text(text) : ps__ether_type_text(text);

    if (!written && !ended_header(text->d))
        PS__PUT_NUMBER(text->line, "link-type ", (uint32_t)text->packet->link_type);
    return ps__link_end_text(text);
}
