/* The Internet Control Message Protocol of IPv4: RFC 792. */
#include "config.h"

#include "capture/protocol/icmp.h"

#include "capture/protocol/registry.h"

enum { UNREACHABLE_PROTOCOL = 2, UNREACHABLE_PORT = 3, UNREACHABLE_TOO_BIG = 4 };

/* An IPv4 header that an error quotes, behind the 8 bytes of ICMP. */
static const unsigned char *quoted(const ps__text *text, uint32_t length)
{
    return ps__text_need(text, text->at, 8 + length);
}

/* The texts before and after the address that was not reached. */
static void text_unreachable_code(ps__text *text, uint8_t code, const unsigned char *p)
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

    PS__PUT(text->line, "ICMP ");
    if (known)
        ps__line_text(text->line, texts[code].before);
    ps__line_inet(text->line, p + 24);
    if (known)
        ps__line_text(text->line, texts[code].behind);
    else
        PS__PUT_NUMBER(text->line, " unreachable - #", code);
    if (code == UNREACHABLE_TOO_BIG && ps__read16(p + 6) != 0) {
        PS__PUT_NUMBER(text->line, " (mtu ", ps__read16(p + 6));
        PS__PUT(text->line, ")");
    }
}

static void text_unreachable_protocol(ps__text *text, const unsigned char *p)
{
    PS__PUT(text->line, "ICMP ");
    ps__line_inet(text->line, p + 24);
    PS__PUT_NUMBER(text->line, " protocol ", p[17]);
    PS__PUT(text->line, " unreachable");
}

static bool text_unreachable_port(ps__text *text, uint32_t header)
{
    const unsigned char *p = quoted(text, header + 4);

    if (!p || header < 20)
        return false;
    PS__PUT(text->line, "ICMP ");
    ps__line_inet(text->line, p + 24);
    if (p[17] == PS__PROTOCOL_TCP)
        PS__PUT(text->line, " tcp port ");
    else if (p[17] == PS__PROTOCOL_UDP)
        PS__PUT(text->line, " udp port ");
    else
        PS__PUT_NUMBER(text->line, " protocol ", p[17]), PS__PUT(text->line, " port ");
    ps__line_number(text->line, ps__read16(p + 8 + header + 2));
    PS__PUT(text->line, " unreachable");
    return true;
}

static bool text_unreachable(ps__text *text)
{
    const unsigned char *p = quoted(text, 20);

    if (!p)
        return false;
    if (text->d->icmp.code == UNREACHABLE_PORT)
        return text_unreachable_port(text, (p[8] & 15u) * 4);
    if (text->d->icmp.code == UNREACHABLE_PROTOCOL)
        text_unreachable_protocol(text, p);
    else
        text_unreachable_code(text, text->d->icmp.code, p);
    return true;
}

static bool text_redirect(ps__text *text)
{
    static const char *const befores[] = {"redirect ", "redirect ", "redirect-tos ",
                                          "redirect-tos "};
    const unsigned char *p = quoted(text, 20);
    uint8_t code = text->d->icmp.code;

    if (!p)
        return false;
    PS__PUT(text->line, "ICMP ");
    if (code < 4)
        ps__line_text(text->line, befores[code]);
    else
        PS__PUT_NUMBER(text->line, "redirect-#", code), PS__PUT(text->line, " ");
    ps__line_inet(text->line, p + 24);
    if (code < 4)
        ps__line_text(text->line, code % 2 == 0 ? " to net " : " to host ");
    else
        PS__PUT(text->line, " to ");
    ps__line_inet(text->line, p + 4);
    return true;
}

static bool text_time_exceeded(ps__text *text)
{
    if (!quoted(text, 20))
        return false;
    if (text->d->icmp.code == 0)
        PS__PUT(text->line, "ICMP time exceeded in-transit");
    else if (text->d->icmp.code == 1)
        PS__PUT(text->line, "ICMP ip reassembly time exceeded");
    else
        PS__PUT_NUMBER(text->line, "ICMP time exceeded-#", text->d->icmp.code);
    return true;
}

static void text_parameter_problem(ps__text *text)
{
    if (text->d->icmp.code != 0)
        PS__PUT_NUMBER(text->line, "ICMP parameter problem - code ", text->d->icmp.code);
    else
        PS__PUT_NUMBER(text->line, "ICMP parameter problem - octet ", text->d->icmp.value >> 24);
}

static void text_id(ps__text *text, const char *name, const char *separator)
{
    PS__PUT(text->line, "ICMP ");
    ps__line_text(text->line, name);
    PS__PUT_NUMBER(text->line, " id ", text->d->icmp.id);
    ps__line_text(text->line, separator);
    PS__PUT_NUMBER(text->line, " seq ", text->d->icmp.sequence);
}

static void text_clock(ps__text *text, const char *name, uint32_t milliseconds)
{
    const uint32_t parts[] = {milliseconds / 3600000, milliseconds / 60000 % 60,
                              milliseconds / 1000 % 60};
    size_t i;

    ps__line_text(text->line, name);
    for (i = 0; i < 3; i++) {
        if (parts[i] < 10)
            PS__PUT(text->line, "0");
        ps__line_number(text->line, parts[i]);
        ps__line_text(text->line, i < 2 ? ":" : ".");
    }
    milliseconds %= 1000;
    if (milliseconds < 100)
        PS__PUT(text->line, "0");
    if (milliseconds < 10)
        PS__PUT(text->line, "0");
    ps__line_number(text->line, milliseconds);
}

static bool text_time_stamps(ps__text *text)
{
    const unsigned char *p = ps__text_need(text, text->at, 20);

    if (!p)
        return false;
    text_id(text, "time stamp reply", "");
    text_clock(text, ": org ", ps__read32(p + 8));
    text_clock(text, ", recv ", ps__read32(p + 12));
    text_clock(text, ", xmit ", ps__read32(p + 16));
    return true;
}

static bool text_mask(ps__text *text)
{
    const unsigned char *p = ps__text_need(text, text->at, 12);

    if (!p)
        return false;
    PS__PUT(text->line, "ICMP address mask is 0x");
    ps__line_hex(text->line, ps__read32(p + 8), 8);
    return true;
}

static void text_plain(ps__text *text, uint8_t type)
{
    static const char *const names[] = {
        [4] = "source quench",        [9] = "router advertisement", [10] = "router solicitation",
        [15] = "information request", [16] = "information reply",   [17] = "address mask request"};

    PS__PUT(text->line, "ICMP ");
    if (type < sizeof names / sizeof names[0] && names[type]) {
        ps__line_text(text->line, names[type]);
    } else {
        PS__PUT_NUMBER(text->line, "type-#", type);
    }
}

/* Writes the message without its length. Returns false when it ends too soon. */
static bool text_message(ps__text *text)
{
    uint8_t type = text->d->icmp.type;

    switch (type) {
    case 0:
        text_id(text, "echo reply,", ",");
        return true;
    case 3:
        return text_unreachable(text);
    case 5:
        return text_redirect(text);
    case 8:
        text_id(text, "echo request,", ",");
        return true;
    case 11:
        return text_time_exceeded(text);
    case 12:
        text_parameter_problem(text);
        return true;
    case 13:
        text_id(text, "time stamp query", "");
        return true;
    case 14:
        return text_time_stamps(text);
    case 18:
        return text_mask(text);
    default:
        text_plain(text, type);
        return true;
    }
}

bool ps__icmp_decode(ps__decoder *decoder)
{
    if (!ps__icmp_take_header(decoder, PS_LAYER_ICMP))
        return false;
    decoder->at += PS__ICMP_LENGTH;
    return true;
}

bool ps__icmp_text(ps__text *text)
{
    if ((text->d->layers & PS_LAYER_ICMP) == 0 || !text_message(text))
        return ps__text_ends(text, "icmp");
    PS__PUT_NUMBER(text->line, ", length ", text->d->transport_length);
    return true;
}
