/* The Address Resolution Protocol: RFC 826, with its reverse (RFC 903) and inverse (RFC 2390). */
#include "config.h"

#include "capture/protocol/link_layer.h"

enum { ARP_LENGTH = 8 };

enum {
    ARP_REQUEST = 1,
    ARP_REPLY = 2,
    REVERSE_REQUEST = 3,
    REVERSE_REPLY = 4,
    INVERSE_REQUEST = 8,
    INVERSE_REPLY = 9
};

bool ps__arp_decode(ps__decoder *decoder)
{
    const unsigned char *p = ps__decoder_need(decoder, ARP_LENGTH, PS_LAYER_ARP);
    ps_dissection *d = decoder->d;
    uint32_t length;

    if (!p)
        return false;
    length = ARP_LENGTH + 2u * (p[4] + (uint32_t)p[5]);
    if (!ps__decoder_need(decoder, length, PS_LAYER_ARP))
        return false;
    d->layers |= PS_LAYER_ARP;
    d->arp.hardware_type = ps__read16(p);
    d->arp.protocol_type = ps__read16(p + 2);
    d->arp.hardware_length = p[4];
    d->arp.protocol_length = p[5];
    d->arp.operation = ps__read16(p + 6);
    if (p[4] == 6 && p[5] == 4) {
        memcpy(d->arp.sender_hardware, p + 8, 6);
        memcpy(d->arp.sender, p + 14, 4);
        memcpy(d->arp.target_hardware, p + 18, 6);
        memcpy(d->arp.target, p + 24, 4);
    }
    decoder->at += length;
    ps__decoder_limit(decoder, 0); /* the rest is padding */
    return true;
}

/* ---- the line */

static void text_operation(ps__text *text, uint16_t operation)
{
    static const char *const names[] = {[ARP_REQUEST] = "Request",
                                        [ARP_REPLY] = "Reply",
                                        [REVERSE_REQUEST] = "Reverse Request",
                                        [REVERSE_REPLY] = "Reverse Reply",
                                        [INVERSE_REQUEST] = "Inverse Request",
                                        [INVERSE_REPLY] = "Inverse Reply"};

    if (operation < sizeof names / sizeof names[0] && names[operation]) {
        ps__line_text(text->line, names[operation]);
        return;
    }
    PS__PUT_NUMBER(text->line, "Unknown (", operation);
    PS__PUT(text->line, ")");
}

/* Address lengths or protocols other than IPv4's. */
static void text_foreign(ps__text *text)
{
    const char *name = ps__ether_type_name(text->d->arp.protocol_type);

    if (text->d->arp.hardware_type == 1) {
        PS__PUT(text->line, "Ethernet");
    } else {
        PS__PUT_NUMBER(text->line, "Unknown Hardware (", text->d->arp.hardware_type);
        PS__PUT(text->line, ")");
    }
    PS__PUT_NUMBER(text->line, " (len ", text->d->arp.hardware_length);
    PS__PUT(text->line, "), ");
    if (name) {
        ps__line_text(text->line, name);
    } else {
        PS__PUT(text->line, "Unknown Protocol (0x");
        ps__line_hex(text->line, text->d->arp.protocol_type, 4);
        PS__PUT(text->line, ")");
    }
    PS__PUT_NUMBER(text->line, " (len ", text->d->arp.protocol_length);
    PS__PUT(text->line, ")");
}

static bool any(const unsigned char *bytes, size_t length)
{
    size_t i;

    for (i = 0; i < length; i++) {
        if (bytes[i] != 0)
            return true;
    }
    return false;
}

/* "A tell B" of requests by hardware address. */
static void text_who_is(ps__text *text, const unsigned char *target, const unsigned char *sender,
                        size_t length)
{
    PS__PUT(text->line, " who-is ");
    ps__line_hardware(text->line, target, length);
    PS__PUT(text->line, " tell ");
    ps__line_hardware(text->line, sender, length);
}

static void text_question(ps__text *text, const unsigned char *addresses)
{
    size_t hardware = text->d->arp.hardware_length;
    const unsigned char *sender = addresses + hardware;
    const unsigned char *target_hardware = sender + 4;
    const unsigned char *target = target_hardware + hardware;

    switch (text->d->arp.operation) {
    case ARP_REQUEST:
        PS__PUT(text->line, " who-has ");
        ps__line_inet(text->line, target);
        if (any(target_hardware, hardware)) {
            PS__PUT(text->line, " (");
            ps__line_hardware(text->line, target_hardware, hardware);
            PS__PUT(text->line, ")");
        }
        PS__PUT(text->line, " tell ");
        ps__line_inet(text->line, sender);
        break;
    case ARP_REPLY:
        PS__PUT(text->line, " ");
        ps__line_inet(text->line, sender);
        PS__PUT(text->line, " is-at ");
        ps__line_hardware(text->line, addresses, hardware);
        break;
    case REVERSE_REQUEST:
    case INVERSE_REQUEST:
        text_who_is(text, target_hardware, addresses, hardware);
        break;
    case REVERSE_REPLY:
    case INVERSE_REPLY:
        PS__PUT(text->line, " ");
        ps__line_hardware(text->line,
                          text->d->arp.operation == REVERSE_REPLY ? target_hardware : addresses,
                          hardware);
        PS__PUT(text->line, " at ");
        ps__line_inet(text->line, text->d->arp.operation == REVERSE_REPLY ? target : sender);
        break;
    default:
        break;
    }
}

bool ps__arp_text(ps__text *text)
{
    const ps_dissection *d = text->d;
    uint32_t length = 2u * (d->arp.hardware_length + (uint32_t)d->arp.protocol_length);
    const unsigned char *addresses = ps__text_need(text, text->at + ARP_LENGTH, length);

    if ((d->layers & PS_LAYER_ARP) == 0 || !addresses)
        return ps__text_ends(text, "arp");
    PS__PUT(text->line, "ARP, ");
    if (d->arp.protocol_type != PS__ETHER_IPV4 || d->arp.protocol_length != 4 ||
        d->arp.hardware_length == 0) {
        text_foreign(text);
    } else {
        text_operation(text, d->arp.operation);
        text_question(text, addresses);
    }
    PS__PUT_NUMBER(text->line, ", length ", ps__text_wire_length(text, text->at));
    return true;
}
