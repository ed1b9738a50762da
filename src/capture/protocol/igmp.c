/* The Internet Group Management Protocol, of IPv4: RFC 2236, RFC 3376. */
#include "config.h"

#include "capture/protocol/decoder.h"
#include "capture/protocol/packet_text.h"
#include "capture/protocol/registry.h"

enum { IGMP_LENGTH = 8 };

enum {
    QUERY = 0x11,
    REPORT_1 = 0x12,
    REPORT_2 = 0x16,
    LEAVE = 0x17,
    REPORT_3 = 0x22,
    USUAL_TIME = 100
};

static void text_group(ps__text *text, const char *name)
{
    ps__line_text(text->line, name);
    ps__line_inet(text->line, text->packet->data + text->at + 4);
}

static void text_query_3(ps__text *text, const unsigned char *p)
{
    PS__PUT(text->line, " v3");
    if (text->d->icmp.value == 0)
        return;
    text_group(text, " [gaddr ");
    if (ps__read16(p + 10) > 0) {
        PS__PUT_NUMBER(text->line, ", ", ps__read16(p + 10));
        PS__PUT(text->line, " source(s)");
    }
    PS__PUT(text->line, "]");
}

static void text_query(ps__text *text)
{
    const unsigned char *p = ps__text_need(text, text->at, 12);

    PS__PUT(text->line, "igmp query");
    if (text->d->transport_length >= 12) {
        if (p)
            text_query_3(text, p);
        else
            ps__text_ends(text, "igmp");
        return;
    }
    ps__line_text(text->line, text->d->icmp.code != 0 ? " v2" : " v1");
    if (text->d->icmp.code != 0 && text->d->icmp.code != USUAL_TIME) {
        PS__PUT_NUMBER(text->line, " [max resp time ", text->d->icmp.code);
        PS__PUT(text->line, "]");
    }
    if (text->d->icmp.value != 0) {
        text_group(text, " [gaddr ");
        PS__PUT(text->line, "]");
    }
}

bool ps__igmp_decode(ps__decoder *decoder)
{
    const unsigned char *p = ps__decoder_need(decoder, IGMP_LENGTH, PS_LAYER_IGMP);
    ps_dissection *d = decoder->d;

    if (!p)
        return false;
    d->layers |= PS_LAYER_IGMP;
    d->icmp.type = p[0];
    d->icmp.code = p[1];
    d->icmp.checksum = ps__read16(p + 2);
    d->icmp.value = ps__read32(p + 4);
    decoder->at += IGMP_LENGTH;
    return true;
}

bool ps__igmp_text(ps__text *text)
{
    if ((text->d->layers & PS_LAYER_IGMP) == 0 || !ps__text_need(text, text->at, IGMP_LENGTH))
        return ps__text_ends(text, "igmp");
    switch (text->d->icmp.type) {
    case QUERY:
        text_query(text);
        break;
    case REPORT_1:
        text_group(text, "igmp v1 report ");
        break;
    case REPORT_2:
        text_group(text, "igmp v2 report ");
        break;
    case LEAVE:
        text_group(text, "igmp leave ");
        break;
    case REPORT_3:
        PS__PUT_NUMBER(text->line, "igmp v3 report, ", text->d->icmp.value & 0xffff);
        PS__PUT(text->line, " group record(s)");
        break;
    default:
        PS__PUT_NUMBER(text->line, "igmp-", text->d->icmp.type);
        break;
    }
    return true;
}
