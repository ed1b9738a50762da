/* ICMP of IPv6: RFC 4443; neighbor discovery: RFC 4861; multicast listeners: RFC 2710, 3810. */
#include "config.h"

#include "capture/protocol/icmp.h"
#include "capture/protocol/registry.h"

enum { IPV6_LENGTH = 40, NEIGHBOUR_LENGTH = 24 };

/* ---- decoding */

/* Solicitation, advertisement and redirect have their target in the same place. */
static bool has_target(uint8_t type)
{
    return type == 135 || type == 136 || type == 137;
}

bool ps__icmpv6_decode(ps__decoder *decoder)
{
    const unsigned char *p = ps__icmp_take_header(decoder, PS_LAYER_ICMPV6);
    uint32_t length = PS__ICMP_LENGTH;

    if (!p)
        return false;
    if (has_target(p[0])) {
        length = NEIGHBOUR_LENGTH;
        if (!ps__decoder_need(decoder, length, PS_LAYER_ICMPV6))
            return false;
        memcpy(decoder->d->icmp.target, p + 8, 16);
    }
    decoder->at += length;
    return true;
}

/* ---- the line */

static const char *type_name(uint8_t type)
{
    static const struct {
        uint8_t type;
        const char *name;
    } names[] = {{1, "destination unreachable"},
                 {2, "packet too big"},
                 {3, "time exceeded in-transit"},
                 {4, "parameter problem"},
                 {128, "echo request"},
                 {129, "echo reply"},
                 {130, "multicast listener query"},
                 {131, "multicast listener report"},
                 {132, "multicast listener done"},
                 {133, "router solicitation"},
                 {134, "router advertisement"},
                 {135, "neighbor solicitation"},
                 {136, "neighbor advertisement"},
                 {137, "redirect"},
                 {138, "router renumbering"},
                 {141, "inverse neighbor solicitation"},
                 {142, "inverse neighbor advertisement"},
                 {143, "multicast listener report v2"},
                 {155, "RPL"}};
    size_t i;

    for (i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (names[i].type == type)
            return names[i].name;
    }
    return NULL;
}

/* The ports of the datagram that an error quotes, behind its extension headers, or NULL. */
static const unsigned char *quoted_ports(const ps__text *text, uint8_t *protocol)
{
    const unsigned char *p = ps__text_need(text, text->at + PS__ICMP_LENGTH, IPV6_LENGTH);
    ps__chain chain = {text->packet->data, text->at + PS__ICMP_LENGTH + IPV6_LENGTH, text->end, 0};
    ps__extension extension;

    if (!p)
        return NULL;
    chain.protocol = p[6];
    while (ps__chain_next(&chain, &extension)) {
        p = extension.bytes;
        if (!p ||
            (extension.protocol == PS__PROTOCOL_FRAGMENT && (ps__read16(p + 2) & 0xfff8) != 0))
            return NULL;
    }
    *protocol = chain.protocol;
    if (chain.protocol != PS__PROTOCOL_TCP && chain.protocol != PS__PROTOCOL_UDP)
        return NULL;
    return ps__text_need(text, chain.at, 4);
}

static bool text_port(ps__text *text)
{
    uint8_t protocol = 0;
    const unsigned char *ports = quoted_ports(text, &protocol);

    if (!ports)
        return false;
    PS__PUT(text->line, ", ");
    ps__line_inet6(text->line, text->packet->data + text->at + 32);
    if (protocol == PS__PROTOCOL_TCP)
        PS__PUT(text->line, " tcp port ");
    else
        PS__PUT(text->line, " udp port ");
    ps__line_number(text->line, ps__read16(ports + 2));
    return true;
}

static bool text_quoted_destination(ps__text *text, const char *before)
{
    const unsigned char *p = ps__text_need(text, text->at, 48);

    if (!p)
        return false;
    ps__line_text(text->line, before);
    ps__line_inet6(text->line, p + 32);
    return true;
}

static bool text_unreachable(ps__text *text)
{
    static const char *const codes[] = {"unreachable route", " unreachable prohibited",
                                        "beyond scope", "unreachable address", "unreachable port"};
    uint8_t code = text->d->icmp.code;

    PS__PUT(text->line, ", ");
    if (code >= sizeof codes / sizeof codes[0]) {
        PS__PUT_NUMBER(text->line, "unknown unreach code (", code);
        PS__PUT(text->line, ")");
        return true;
    }
    ps__line_text(text->line, codes[code]);
    if (code == 4)
        return text_port(text);
    if (!text_quoted_destination(text, " "))
        return false;
    if (code == 2) {
        PS__PUT(text->line, ", source address ");
        ps__line_inet6(text->line, text->packet->data + text->at + 16);
    }
    return true;
}

static bool text_time_exceeded(ps__text *text)
{
    if (text->d->icmp.code == 0)
        return text_quoted_destination(text, " for ");
    if (text->d->icmp.code == 1) {
        PS__PUT(text->line, " (reassembly)");
    } else {
        PS__PUT_NUMBER(text->line, ", unknown code (", text->d->icmp.code);
        PS__PUT(text->line, ")");
    }
    return true;
}

static bool text_parameter_problem(ps__text *text)
{
    static const char *const codes[] = {", erroneous - octet ", ", next header - octet ",
                                        ", option - octet ", ", incomplete header chain - octet "};
    uint8_t code = text->d->icmp.code;

    if (!ps__text_need(text, text->at, 48))
        return false;
    if (code < sizeof codes / sizeof codes[0]) {
        ps__line_text(text->line, codes[code]);
        ps__line_number(text->line, text->d->icmp.value);
    } else {
        PS__PUT_NUMBER(text->line, ", code-#", code);
    }
    return true;
}

/* Listener query, report and done of the first version have one group. */
static void text_group(ps__text *text)
{
    const unsigned char *p = ps__text_need(text, text->at, 24);

    if (!p)
        return;
    PS__PUT_NUMBER(text->line, "max resp delay: ", ps__read16(p + 4));
    PS__PUT(text->line, " addr: ");
    ps__line_inet6(text->line, p + 8);
}

static bool text_query(ps__text *text)
{
    const unsigned char *p;

    if (text->d->transport_length == 24) {
        text_group(text);
        return true;
    }
    if (text->d->transport_length < 28) {
        PS__PUT_NUMBER(text->line, " unknown-version (len ", text->d->transport_length);
        PS__PUT(text->line, ") ");
        return true;
    }
    PS__PUT(text->line, " v2");
    p = ps__text_need(text, text->at, 28);
    if (!p)
        return false;
    PS__PUT(text->line, " [gaddr ");
    ps__line_inet6(text->line, p + 8);
    if (ps__read16(p + 26) > 0) {
        PS__PUT_NUMBER(text->line, ", ", ps__read16(p + 26));
        PS__PUT(text->line, " source(s)");
    }
    PS__PUT(text->line, "]");
    return true;
}

static bool text_redirect(ps__text *text)
{
    const unsigned char *p = ps__text_need(text, text->at, 40);

    if (!p)
        return false;
    PS__PUT(text->line, ", ");
    ps__line_inet6(text->line, p + 24);
    PS__PUT(text->line, " to ");
    ps__line_inet6(text->line, p + 8);
    return true;
}

static bool text_target(ps__text *text, const char *before)
{
    if (!ps__text_need(text, text->at, 24))
        return false;
    ps__line_text(text->line, before);
    ps__line_inet6(text->line, text->d->icmp.target);
    return true;
}

/* Writes what a type has of its own. Returns false when it ends too soon. */
static bool text_message(ps__text *text)
{
    switch (text->d->icmp.type) {
    case 1:
        return text_unreachable(text);
    case 2:
        PS__PUT_NUMBER(text->line, ", mtu ", text->d->icmp.value);
        return true;
    case 3:
        return text_time_exceeded(text);
    case 4:
        return text_parameter_problem(text);
    case 128:
    case 129:
        PS__PUT_NUMBER(text->line, ", id ", text->d->icmp.id);
        PS__PUT_NUMBER(text->line, ", seq ", text->d->icmp.sequence);
        return true;
    case 130:
        return text_query(text);
    case 131:
    case 132:
        text_group(text);
        return true;
    case 135:
        return text_target(text, ", who has ");
    case 136:
        return text_target(text, ", tgt is ");
    case 137:
        return text_redirect(text);
    case 143:
        PS__PUT_NUMBER(text->line, ", ", text->d->icmp.sequence);
        PS__PUT(text->line, " group record(s)");
        return true;
    default:
        return true;
    }
}

bool ps__icmpv6_text(ps__text *text)
{
    const unsigned char *type = ps__text_need(text, text->at, 1);

    if (!type)
        return ps__text_ends(text, "icmp6");
    PS__PUT(text->line, "ICMP6, ");
    if (type_name(type[0])) {
        ps__line_text(text->line, type_name(type[0]));
    } else {
        PS__PUT_NUMBER(text->line, "unknown icmp6 type (", type[0]);
        PS__PUT(text->line, ")");
    }
    if ((text->d->layers & PS_LAYER_ICMPV6) == 0 || !text_message(text))
        return ps__text_ends(text, "icmp6");
    PS__PUT_NUMBER(text->line, ", length ", text->d->transport_length);
    return true;
}
