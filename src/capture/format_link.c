#include "config.h"

#include "capture/format.h"

const char *ps__text_ether_name(uint16_t type)
{
    switch (type) {
    case PS__ETHER_IPV4:
        return "IPv4";
    case PS__ETHER_IPV6:
        return "IPv6";
    case PS__ETHER_ARP:
        return "ARP";
    case PS__ETHER_VLAN:
        return "802.1Q";
    case PS__ETHER_VLAN_SERVICE:
        return "802.1Q-QinQ";
    case 0x8035:
        return "Reverse ARP";
    case 0x8847:
        return "MPLS unicast";
    case 0x8863:
        return "PPPoE D";
    case 0x8864:
        return "PPPoE S";
    case 0x888e:
        return "EAPOL";
    case 0x88cc:
        return "LLDP";
    case 0x88e5:
        return "MACsec";
    default:
        return "Unknown";
    }
}

static void text_ether_type(ps__text *t)
{
    PS__PUT(t->line, "ethertype ");
    ps__line_text(t->line, ps__text_ether_name(t->d->ether_type));
    PS__PUT(t->line, " (0x");
    ps__line_hex(t->line, t->d->ether_type, 4);
    PS__PUT(t->line, ")");
}

static void text_llc(ps__text *t)
{
    PS__PUT(t->line, "LLC dsap 0x");
    ps__line_hex(t->line, t->d->link.dsap, 2);
    PS__PUT(t->line, " ssap 0x");
    ps__line_hex(t->line, t->d->link.ssap, 2);
    PS__PUT(t->line, " ctrl 0x");
    ps__line_hex_number(t->line, t->d->link.control);
    if (t->d->link.snap) {
        PS__PUT(t->line, " oui 0x");
        ps__line_hex(t->line, t->d->link.oui, 6);
    }
}

static void text_ethernet(ps__text *t)
{
    ps__line_hardware(t->line, t->d->link.source, 6);
    PS__PUT(t->line, " > ");
    ps__line_hardware(t->line, t->d->link.destination, 6);
    PS__PUT(t->line, ", ");
}

/* "In ", right-aligned in 3 places. */
static void text_packet_type(ps__text *t)
{
    static const char *const names[] = {" In", "  B", "  M", "  P", "Out"};
    uint16_t type = t->d->link.packet_type;

    ps__line_text(t->line, type < sizeof names / sizeof names[0] ? names[type] : "  ?");
    PS__PUT(t->line, " ");
    if (t->d->link.source_length == 6) {
        ps__line_hardware(t->line, t->d->link.source, 6);
        PS__PUT(t->line, " ");
    }
}

/* Which of the headers before the network's ended too soon, or NULL. */
static const char *link_end(const ps__text *t)
{
    const uint32_t link = PS_LAYER_ETHERNET | PS_LAYER_COOKED | PS_LAYER_LOOPBACK | PS_LAYER_VLAN | PS_LAYER_LLC;
    uint32_t truncated = t->d->truncated_layer & link;
    uint32_t malformed = t->d->malformed_layer & link;

    if (truncated != 0)
        return ps_layer_name(truncated);
    /* A header that is there may contradict itself, too; of tags the last may be missing. */
    if (malformed == PS_LAYER_VLAN || (malformed & ~t->d->layers) != 0)
        return ps_layer_name(malformed);
    return NULL;
}

static void text_raw(ps__text *t)
{
    const unsigned char *p = ps__text_need(t, 0, 1);

    if (p == NULL)
        ps__text_ends(t, "ip");
    else
        PS__PUT_NUMBER(t->line, "unknown ip ", p[0] >> 4);
}

/* What neither IP nor ARP is: the link header, and how long it is. */
void ps__text_link(ps__text *t)
{
    const char *end = link_end(t);

    if (t->packet->link_type == PS_LINK_RAW) {
        text_raw(t);
        return;
    }
    if (t->d->layers & PS_LAYER_ETHERNET)
        text_ethernet(t);
    else if (t->d->layers & PS_LAYER_COOKED)
        text_packet_type(t);
    if (t->d->layers & PS_LAYER_LLC)
        text_llc(t);
    else if (t->d->ether_type != 0)
        text_ether_type(t);
    else if (t->d->layers & PS_LAYER_LOOPBACK)
        PS__PUT_NUMBER(t->line, "AF ", t->d->link.family);
    else if (end == NULL)
        PS__PUT_NUMBER(t->line, "link-type ", (uint32_t)t->packet->link_type);
    if (end != NULL)
        ps__text_ends(t, end);
    else
        PS__PUT_NUMBER(t->line, ", length ", ps__text_wire_length(t, 0));
}
