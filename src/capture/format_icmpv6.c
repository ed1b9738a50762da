#include "config.h"

#include "capture/format.h"

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
static const unsigned char *quoted_ports(const ps__text *t, uint8_t *protocol)
{
    uint32_t at = t->d->transport_offset + 8;
    const unsigned char *p = ps__text_need(t, at, 40);

    if (p == NULL)
        return NULL;
    *protocol = p[6];
    at += 40;
    while (*protocol != PS__PROTOCOL_TCP && *protocol != PS__PROTOCOL_UDP) {
        bool fragment = *protocol == PS__PROTOCOL_FRAGMENT;

        p = ps__text_need(t, at, 8);
        if (p == NULL || (fragment && (ps__read16(p + 2) & 0xfff8) != 0))
            return NULL;
        if (fragment)
            at += 8;
        else if (*protocol == PS__PROTOCOL_AH)
            at += (p[1] + 2u) * 4;
        else if (*protocol == PS__PROTOCOL_HOP_BY_HOP || *protocol == PS__PROTOCOL_ROUTING ||
                 *protocol == PS__PROTOCOL_DESTINATION)
            at += (p[1] + 1u) * 8;
        else
            return NULL;
        *protocol = p[0];
    }
    return ps__text_need(t, at, 4);
}

static bool text_port(ps__text *t)
{
    uint8_t protocol = 0;
    const unsigned char *ports = quoted_ports(t, &protocol);

    if (ports == NULL)
        return false;
    PS__PUT(t->line, ", ");
    ps__line_inet6(t->line, t->packet->data + t->d->transport_offset + 32);
    if (protocol == PS__PROTOCOL_TCP)
        PS__PUT(t->line, " tcp port ");
    else
        PS__PUT(t->line, " udp port ");
    ps__line_number(t->line, ps__read16(ports + 2));
    return true;
}

static bool text_quoted_destination(ps__text *t, const char *before)
{
    const unsigned char *p = ps__text_need(t, t->d->transport_offset, 48);

    if (p == NULL)
        return false;
    ps__line_text(t->line, before);
    ps__line_inet6(t->line, p + 32);
    return true;
}

static bool text_unreachable(ps__text *t)
{
    static const char *const codes[] = {"unreachable route", " unreachable prohibited", "beyond scope",
                                        "unreachable address", "unreachable port"};
    uint8_t code = t->d->icmp.code;

    PS__PUT(t->line, ", ");
    if (code >= sizeof codes / sizeof codes[0]) {
        PS__PUT_NUMBER(t->line, "unknown unreach code (", code);
        PS__PUT(t->line, ")");
        return true;
    }
    ps__line_text(t->line, codes[code]);
    if (code == 4)
        return text_port(t);
    if (!text_quoted_destination(t, " "))
        return false;
    if (code == 2) {
        PS__PUT(t->line, ", source address ");
        ps__line_inet6(t->line, t->packet->data + t->d->transport_offset + 16);
    }
    return true;
}

static bool text_time_exceeded(ps__text *t)
{
    if (t->d->icmp.code == 0)
        return text_quoted_destination(t, " for ");
    if (t->d->icmp.code == 1) {
        PS__PUT(t->line, " (reassembly)");
    } else {
        PS__PUT_NUMBER(t->line, ", unknown code (", t->d->icmp.code);
        PS__PUT(t->line, ")");
    }
    return true;
}

static bool text_parameter_problem(ps__text *t)
{
    static const char *const codes[] = {", erroneous - octet ", ", next header - octet ", ", option - octet ",
                                        ", incomplete header chain - octet "};
    uint8_t code = t->d->icmp.code;

    if (ps__text_need(t, t->d->transport_offset, 48) == NULL)
        return false;
    if (code < sizeof codes / sizeof codes[0]) {
        ps__line_text(t->line, codes[code]);
        ps__line_number(t->line, t->d->icmp.value);
    } else {
        PS__PUT_NUMBER(t->line, ", code-#", code);
    }
    return true;
}

/* Listener query, report and done of the first version hold one group. */
static void text_group(ps__text *t)
{
    const unsigned char *p = ps__text_need(t, t->d->transport_offset, 24);

    if (p == NULL)
        return;
    PS__PUT_NUMBER(t->line, "max resp delay: ", ps__read16(p + 4));
    PS__PUT(t->line, " addr: ");
    ps__line_inet6(t->line, p + 8);
}

static bool text_query(ps__text *t)
{
    const unsigned char *p;

    if (t->d->transport_length == 24) {
        text_group(t);
        return true;
    }
    if (t->d->transport_length < 28) {
        PS__PUT_NUMBER(t->line, " unknown-version (len ", t->d->transport_length);
        PS__PUT(t->line, ") ");
        return true;
    }
    PS__PUT(t->line, " v2");
    p = ps__text_need(t, t->d->transport_offset, 28);
    if (p == NULL)
        return false;
    PS__PUT(t->line, " [gaddr ");
    ps__line_inet6(t->line, p + 8);
    if (ps__read16(p + 26) > 0) {
        PS__PUT_NUMBER(t->line, ", ", ps__read16(p + 26));
        PS__PUT(t->line, " source(s)");
    }
    PS__PUT(t->line, "]");
    return true;
}

static bool text_redirect(ps__text *t)
{
    const unsigned char *p = ps__text_need(t, t->d->transport_offset, 40);

    if (p == NULL)
        return false;
    PS__PUT(t->line, ", ");
    ps__line_inet6(t->line, p + 24);
    PS__PUT(t->line, " to ");
    ps__line_inet6(t->line, p + 8);
    return true;
}

static bool text_target(ps__text *t, const char *before)
{
    if (ps__text_need(t, t->d->transport_offset, 24) == NULL)
        return false;
    ps__line_text(t->line, before);
    ps__line_inet6(t->line, t->d->icmp.target);
    return true;
}

/* Writes what a type has of its own. Returns false when it ends too soon. */
static bool text_message(ps__text *t)
{
    switch (t->d->icmp.type) {
    case 1:
        return text_unreachable(t);
    case 2:
        PS__PUT_NUMBER(t->line, ", mtu ", t->d->icmp.value);
        return true;
    case 3:
        return text_time_exceeded(t);
    case 4:
        return text_parameter_problem(t);
    case 128:
    case 129:
        PS__PUT_NUMBER(t->line, ", id ", t->d->icmp.id);
        PS__PUT_NUMBER(t->line, ", seq ", t->d->icmp.sequence);
        return true;
    case 130:
        return text_query(t);
    case 131:
    case 132:
        text_group(t);
        return true;
    case 135:
        return text_target(t, ", who has ");
    case 136:
        return text_target(t, ", tgt is ");
    case 137:
        return text_redirect(t);
    case 143:
        PS__PUT_NUMBER(t->line, ", ", t->d->icmp.sequence);
        PS__PUT(t->line, " group record(s)");
        return true;
    default:
        return true;
    }
}

void ps__text_icmpv6(ps__text *t)
{
    const unsigned char *type = ps__text_need(t, t->d->transport_offset, 1);

    if (type == NULL) {
        ps__text_ends(t, "icmp6");
        return;
    }
    PS__PUT(t->line, "ICMP6, ");
    if (type_name(type[0]) != NULL) {
        ps__line_text(t->line, type_name(type[0]));
    } else {
        PS__PUT_NUMBER(t->line, "unknown icmp6 type (", type[0]);
        PS__PUT(t->line, ")");
    }
    if ((t->d->layers & PS_LAYER_ICMPV6) != 0 && text_message(t))
        PS__PUT_NUMBER(t->line, ", length ", t->d->transport_length);
    else
        ps__text_ends(t, "icmp6");
}
