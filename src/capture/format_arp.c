#include "config.h"

#include "capture/format.h"

enum { ARP_REQUEST = 1, ARP_REPLY = 2, REVERSE_REQUEST = 3, REVERSE_REPLY = 4, INVERSE_REQUEST = 8, INVERSE_REPLY = 9 };

static void text_operation(ps__text *t, uint16_t operation)
{
    static const char *const names[] = {[ARP_REQUEST] = "Request",
                                        [ARP_REPLY] = "Reply",
                                        [REVERSE_REQUEST] = "Reverse Request",
                                        [REVERSE_REPLY] = "Reverse Reply",
                                        [INVERSE_REQUEST] = "Inverse Request",
                                        [INVERSE_REPLY] = "Inverse Reply"};

    if (operation < sizeof names / sizeof names[0] && names[operation] != NULL) {
        ps__line_text(t->line, names[operation]);
        return;
    }
    PS__PUT_NUMBER(t->line, "Unknown (", operation);
    PS__PUT(t->line, ")");
}

/* Address lengths or protocols other than IPv4's. */
static void text_foreign(ps__text *t)
{
    if (t->d->arp.hardware_type == 1) {
        PS__PUT(t->line, "Ethernet");
    } else {
        PS__PUT_NUMBER(t->line, "Unknown Hardware (", t->d->arp.hardware_type);
        PS__PUT(t->line, ")");
    }
    PS__PUT_NUMBER(t->line, " (len ", t->d->arp.hardware_length);
    PS__PUT(t->line, "), ");
    if (strcmp(ps__text_ether_name(t->d->arp.protocol_type), "Unknown") != 0) {
        ps__line_text(t->line, ps__text_ether_name(t->d->arp.protocol_type));
    } else {
        PS__PUT(t->line, "Unknown Protocol (0x");
        ps__line_hex(t->line, t->d->arp.protocol_type, 4);
        PS__PUT(t->line, ")");
    }
    PS__PUT_NUMBER(t->line, " (len ", t->d->arp.protocol_length);
    PS__PUT(t->line, ")");
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
static void text_who_is(ps__text *t, const unsigned char *target, const unsigned char *sender, size_t length)
{
    PS__PUT(t->line, " who-is ");
    ps__line_hardware(t->line, target, length);
    PS__PUT(t->line, " tell ");
    ps__line_hardware(t->line, sender, length);
}

static void text_question(ps__text *t, const unsigned char *addresses)
{
    size_t hardware = t->d->arp.hardware_length;
    const unsigned char *sender = addresses + hardware;
    const unsigned char *target_hardware = sender + 4;
    const unsigned char *target = target_hardware + hardware;

    switch (t->d->arp.operation) {
    case ARP_REQUEST:
        PS__PUT(t->line, " who-has ");
        ps__line_inet(t->line, target);
        if (any(target_hardware, hardware)) {
            PS__PUT(t->line, " (");
            ps__line_hardware(t->line, target_hardware, hardware);
            PS__PUT(t->line, ")");
        }
        PS__PUT(t->line, " tell ");
        ps__line_inet(t->line, sender);
        break;
    case ARP_REPLY:
        PS__PUT(t->line, " ");
        ps__line_inet(t->line, sender);
        PS__PUT(t->line, " is-at ");
        ps__line_hardware(t->line, addresses, hardware);
        break;
    case REVERSE_REQUEST:
    case INVERSE_REQUEST:
        text_who_is(t, target_hardware, addresses, hardware);
        break;
    case REVERSE_REPLY:
    case INVERSE_REPLY:
        PS__PUT(t->line, " ");
        ps__line_hardware(t->line, t->d->arp.operation == REVERSE_REPLY ? target_hardware : addresses, hardware);
        PS__PUT(t->line, " at ");
        ps__line_inet(t->line, t->d->arp.operation == REVERSE_REPLY ? target : sender);
        break;
    default:
        break;
    }
}

void ps__text_arp(ps__text *t)
{
    uint32_t length = 2u * (t->d->arp.hardware_length + (uint32_t)t->d->arp.protocol_length);
    const unsigned char *addresses = ps__text_need(t, t->d->network_offset + 8, length);

    if ((t->d->layers & PS_LAYER_ARP) == 0 || addresses == NULL) {
        ps__text_ends(t, "arp");
        return;
    }
    PS__PUT(t->line, "ARP, ");
    if (t->d->arp.protocol_type != PS__ETHER_IPV4 || t->d->arp.protocol_length != 4 || t->d->arp.hardware_length == 0) {
        text_foreign(t);
    } else {
        text_operation(t, t->d->arp.operation);
        text_question(t, addresses);
    }
    PS__PUT_NUMBER(t->line, ", length ", ps__text_wire_length(t, t->d->network_offset));
}
