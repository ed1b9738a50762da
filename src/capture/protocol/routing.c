/* IPv6's routing headers: types 0 (RFC 5095) and 2 (RFC 6275), and segments (RFC 8754). */
#include "config.h"

#include "capture/protocol/routing.h"

#include "capture/protocol/extension.h"
#include "capture/protocol/registry.h"

enum { TYPE_DEPRECATED = 0, TYPE_HOME = 2, TYPE_SEGMENTS = 4 };

bool ps__routing_decode(ps__decoder *decoder)
{
    return ps__extension_need(decoder, PS_LAYER_ROUTING) &&
           ps__extension_pass(decoder, PS_LAYER_ROUTING);
}

/* The addresses, which reach as far as the header's length says. */
static void text_addresses(ps__text *text, const unsigned char *p)
{
    unsigned count = p[1] / 2u;
    unsigned i;

    for (i = 0; i < count; i++) {
        PS__PUT_NUMBER(text->line, ", [", i);
        PS__PUT(text->line, "]");
        ps__line_inet6(text->line, p + 8 + 16 * i);
    }
}

/* Behind the segments that are left: what the type has of its own in the first 8 bytes. */
static void text_fixed_part(ps__text *text, const unsigned char *p)
{
    if (p[2] == TYPE_SEGMENTS) {
        PS__PUT_NUMBER(text->line, ", last-entry=", p[4]);
        if (p[5] != 0) {
            PS__PUT(text->line, ", flags=0x");
            ps__line_hex_number(text->line, p[5]);
        }
        PS__PUT(text->line, ", tag=");
        ps__line_hex_number(text->line, ps__read16(p + 6));
    } else if (ps__read32(p + 4) != 0) {
        PS__PUT(text->line, ", rsv=0x");
        ps__line_hex_number(text->line, ps__read32(p + 4));
    }
}

bool ps__routing_text(ps__text *text)
{
    const unsigned char *p = ps__extension_text_need(text, "rt6");
    uint8_t type;

    if (!p)
        return false;
    type = p[2];
    PS__PUT_NUMBER(text->line, "RT6 (len=", p[1]);
    PS__PUT_NUMBER(text->line, ", type=", type);
    if (type == TYPE_DEPRECATED)
        PS__PUT(text->line, " [Deprecated]");
    PS__PUT_NUMBER(text->line, ", segleft=", p[3]);
    text_fixed_part(text, p);
    if (type == TYPE_DEPRECATED || type == TYPE_HOME || type == TYPE_SEGMENTS)
        text_addresses(text, p);
    PS__PUT(text->line, ") ");
    return true;
}

const unsigned char *ps__routing_last_hop(const ps__extension *routing)
{
    const unsigned char *p = routing->bytes;

    if (p[3] == 0 || p[1] < 2)
        return NULL;
    if (p[2] == TYPE_DEPRECATED || p[2] == TYPE_HOME)
        return p + routing->length - 16;
    return p[2] == TYPE_SEGMENTS ? p + 8 : NULL;
}
