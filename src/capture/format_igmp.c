#include "config.h"

#include "capture/format.h"

enum { QUERY = 0x11, REPORT_1 = 0x12, REPORT_2 = 0x16, LEAVE = 0x17, REPORT_3 = 0x22, USUAL_TIME = 100 };

static void text_group(ps__text *t, const char *name)
{
    ps__line_text(t->line, name);
    ps__line_inet(t->line, t->packet->data + t->d->transport_offset + 4);
}

static void text_query_3(ps__text *t, const unsigned char *p)
{
    PS__PUT(t->line, " v3");
    if (t->d->icmp.value == 0)
        return;
    text_group(t, " [gaddr ");
    if (ps__read16(p + 10) > 0) {
        PS__PUT_NUMBER(t->line, ", ", ps__read16(p + 10));
        PS__PUT(t->line, " source(s)");
    }
    PS__PUT(t->line, "]");
}

static void text_query(ps__text *t)
{
    const unsigned char *p = ps__text_need(t, t->d->transport_offset, 12);

    PS__PUT(t->line, "igmp query");
    if (t->d->transport_length >= 12) {
        if (p != NULL)
            text_query_3(t, p);
        else
            ps__text_ends(t, "igmp");
        return;
    }
    ps__line_text(t->line, t->d->icmp.code != 0 ? " v2" : " v1");
    if (t->d->icmp.code != 0 && t->d->icmp.code != USUAL_TIME) {
        PS__PUT_NUMBER(t->line, " [max resp time ", t->d->icmp.code);
        PS__PUT(t->line, "]");
    }
    if (t->d->icmp.value != 0) {
        text_group(t, " [gaddr ");
        PS__PUT(t->line, "]");
    }
}

void ps__text_igmp(ps__text *t)
{
    if ((t->d->layers & PS_LAYER_IGMP) == 0 || ps__text_need(t, t->d->transport_offset, 8) == NULL) {
        ps__text_ends(t, "igmp");
        return;
    }
    switch (t->d->icmp.type) {
    case QUERY:
        text_query(t);
        break;
    case REPORT_1:
        text_group(t, "igmp v1 report ");
        break;
    case REPORT_2:
        text_group(t, "igmp v2 report ");
        break;
    case LEAVE:
        text_group(t, "igmp leave ");
        break;
    case REPORT_3:
        PS__PUT_NUMBER(t->line, "igmp v3 report, ", t->d->icmp.value & 0xffff);
        PS__PUT(t->line, " group record(s)");
        break;
    default:
        PS__PUT_NUMBER(t->line, "igmp-", t->d->icmp.type);
        break;
    }
}
