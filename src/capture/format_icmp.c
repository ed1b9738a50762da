#include "config.h"

#include "capture/format.h"

enum { UNREACHABLE_PROTOCOL = 2, UNREACHABLE_PORT = 3, UNREACHABLE_TOO_BIG = 4 };

/* An IPv4 header that an error quotes, behind the 8 bytes of ICMP. */
static const unsigned char *quoted(const ps__text *t, uint32_t length)
{
    return ps__text_need(t, t->d->transport_offset, 8 + length);
}

/* Which texts stand around the address that was not reached. */
static void text_unreachable_code(ps__text *t, uint8_t code, const unsigned char *p)
{
    static const struct {
        const char *before, *behind;
    } texts[] = {{"net ", " unreachable"},
                 {"host ", " unreachable"},
                 {"", ""},
                 {"", ""},
                 {"", " unreachable - need to frag"},
                 {"", " unreachable - source route failed"},
                 {"net ", " unreachable - unknown"},
                 {"host ", " unreachable - unknown"},
                 {"", " unreachable - source host isolated"},
                 {"net ", " unreachable - admin prohibited"},
                 {"host ", " unreachable - admin prohibited"},
                 {"net ", " unreachable - tos prohibited"},
                 {"host ", " unreachable - tos prohibited"},
                 {"host ", " unreachable - admin prohibited filter"},
                 {"host ", " unreachable - host precedence violation"},
                 {"host ", " unreachable - precedence cutoff"}};
    bool known = code < sizeof texts / sizeof texts[0];

    PS__PUT(t->line, "ICMP ");
    if (known)
        ps__line_text(t->line, texts[code].before);
    ps__line_inet(t->line, p + 24);
    if (known)
        ps__line_text(t->line, texts[code].behind);
    else
        PS__PUT_NUMBER(t->line, " unreachable - #", code);
    if (code == UNREACHABLE_TOO_BIG && ps__read16(p + 6) != 0) {
        PS__PUT_NUMBER(t->line, " (mtu ", ps__read16(p + 6));
        PS__PUT(t->line, ")");
    }
}

static void text_unreachable_protocol(ps__text *t, const unsigned char *p)
{
    PS__PUT(t->line, "ICMP ");
    ps__line_inet(t->line, p + 24);
    PS__PUT_NUMBER(t->line, " protocol ", p[17]);
    PS__PUT(t->line, " unreachable");
}

static bool text_unreachable_port(ps__text *t, uint32_t header)
{
    const unsigned char *p = quoted(t, header + 4);

    if (p == NULL || header < 20)
        return false;
    PS__PUT(t->line, "ICMP ");
    ps__line_inet(t->line, p + 24);
    if (p[17] == PS__PROTOCOL_TCP)
        PS__PUT(t->line, " tcp port ");
    else if (p[17] == PS__PROTOCOL_UDP)
        PS__PUT(t->line, " udp port ");
    else
        PS__PUT_NUMBER(t->line, " protocol ", p[17]), PS__PUT(t->line, " port ");
    ps__line_number(t->line, ps__read16(p + 8 + header + 2));
    PS__PUT(t->line, " unreachable");
    return true;
}

static bool text_unreachable(ps__text *t)
{
    const unsigned char *p = quoted(t, 20);

    if (p == NULL)
        return false;
    if (t->d->icmp.code == UNREACHABLE_PORT)
        return text_unreachable_port(t, (p[8] & 15u) * 4);
    if (t->d->icmp.code == UNREACHABLE_PROTOCOL)
        text_unreachable_protocol(t, p);
    else
        text_unreachable_code(t, t->d->icmp.code, p);
    return true;
}

static bool text_redirect(ps__text *t)
{
    static const char *const befores[] = {"redirect ", "redirect ", "redirect-tos ", "redirect-tos "};
    const unsigned char *p = quoted(t, 20);
    uint8_t code = t->d->icmp.code;

    if (p == NULL)
        return false;
    PS__PUT(t->line, "ICMP ");
    if (code < 4)
        ps__line_text(t->line, befores[code]);
    else
        PS__PUT_NUMBER(t->line, "redirect-#", code), PS__PUT(t->line, " ");
    ps__line_inet(t->line, p + 24);
    if (code < 4)
        ps__line_text(t->line, code % 2 == 0 ? " to net " : " to host ");
    else
        PS__PUT(t->line, " to ");
    ps__line_inet(t->line, p + 4);
    return true;
}

static bool text_time_exceeded(ps__text *t)
{
    if (quoted(t, 20) == NULL)
        return false;
    if (t->d->icmp.code == 0)
        PS__PUT(t->line, "ICMP time exceeded in-transit");
    else if (t->d->icmp.code == 1)
        PS__PUT(t->line, "ICMP ip reassembly time exceeded");
    else
        PS__PUT_NUMBER(t->line, "ICMP time exceeded-#", t->d->icmp.code);
    return true;
}

static void text_parameter_problem(ps__text *t)
{
    if (t->d->icmp.code != 0)
        PS__PUT_NUMBER(t->line, "ICMP parameter problem - code ", t->d->icmp.code);
    else
        PS__PUT_NUMBER(t->line, "ICMP parameter problem - octet ", t->d->icmp.value >> 24);
}

static void text_id(ps__text *t, const char *name, const char *separator)
{
    PS__PUT(t->line, "ICMP ");
    ps__line_text(t->line, name);
    PS__PUT_NUMBER(t->line, " id ", t->d->icmp.id);
    ps__line_text(t->line, separator);
    PS__PUT_NUMBER(t->line, " seq ", t->d->icmp.sequence);
}

static void text_clock(ps__text *t, const char *name, uint32_t milliseconds)
{
    const uint32_t parts[] = {milliseconds / 3600000, milliseconds / 60000 % 60, milliseconds / 1000 % 60};
    size_t i;

    ps__line_text(t->line, name);
    for (i = 0; i < 3; i++) {
        if (parts[i] < 10)
            PS__PUT(t->line, "0");
        ps__line_number(t->line, parts[i]);
        ps__line_text(t->line, i < 2 ? ":" : ".");
    }
    milliseconds %= 1000;
    if (milliseconds < 100)
        PS__PUT(t->line, "0");
    if (milliseconds < 10)
        PS__PUT(t->line, "0");
    ps__line_number(t->line, milliseconds);
}

static bool text_time_stamps(ps__text *t)
{
    const unsigned char *p = ps__text_need(t, t->d->transport_offset, 20);

    if (p == NULL)
        return false;
    text_id(t, "time stamp reply", "");
    text_clock(t, ": org ", ps__read32(p + 8));
    text_clock(t, ", recv ", ps__read32(p + 12));
    text_clock(t, ", xmit ", ps__read32(p + 16));
    return true;
}

static bool text_mask(ps__text *t)
{
    const unsigned char *p = ps__text_need(t, t->d->transport_offset, 12);

    if (p == NULL)
        return false;
    PS__PUT(t->line, "ICMP address mask is 0x");
    ps__line_hex(t->line, ps__read32(p + 8), 8);
    return true;
}

static void text_plain(ps__text *t, uint8_t type)
{
    static const char *const names[] = {
        [4] = "source quench",        [9] = "router advertisement", [10] = "router solicitation",
        [15] = "information request", [16] = "information reply",   [17] = "address mask request"};

    PS__PUT(t->line, "ICMP ");
    if (type < sizeof names / sizeof names[0] && names[type] != NULL) {
        ps__line_text(t->line, names[type]);
    } else {
        PS__PUT_NUMBER(t->line, "type-#", type);
    }
}

/* Writes the message without its length. Returns false when it ends too soon. */
static bool text_message(ps__text *t)
{
    uint8_t type = t->d->icmp.type;

    switch (type) {
    case 0:
        text_id(t, "echo reply,", ",");
        return true;
    case 3:
        return text_unreachable(t);
    case 5:
        return text_redirect(t);
    case 8:
        text_id(t, "echo request,", ",");
        return true;
    case 11:
        return text_time_exceeded(t);
    case 12:
        text_parameter_problem(t);
        return true;
    case 13:
        text_id(t, "time stamp query", "");
        return true;
    case 14:
        return text_time_stamps(t);
    case 18:
        return text_mask(t);
    default:
        text_plain(t, type);
        return true;
    }
}

void ps__text_icmp(ps__text *t)
{
    if ((t->d->layers & PS_LAYER_ICMP) != 0 && text_message(t))
        PS__PUT_NUMBER(t->line, ", length ", t->d->transport_length);
    else
        ps__text_ends(t, "icmp");
}
