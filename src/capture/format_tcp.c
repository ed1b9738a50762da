#include "config.h"

#include "capture/format.h"

enum { TCP_LENGTH = 20 };

static void text_flags(ps__text *t)
{
    static const char letters[] = "FSRP.UEW";
    unsigned flags = t->d->tcp.flags & 0xffu;
    unsigned i;

    PS__PUT(t->line, "Flags [");
    if (flags == 0)
        PS__PUT(t->line, "none");
    for (i = 0; i < 8; i++) {
        if (flags >> i & 1)
            ps__line_put(t->line, &letters[i], 1);
    }
    PS__PUT(t->line, "]");
}

static void text_numbers(ps__text *t, uint32_t length)
{
    const ps_dissection *d = t->d;

    if (length > 0 || (d->tcp.flags & (PS_TCP_SYN | PS_TCP_FIN | PS_TCP_RST)) != 0) {
        PS__PUT_NUMBER(t->line, ", seq ", d->tcp.sequence);
        if (length > 0)
            PS__PUT_NUMBER(t->line, ":", d->tcp.sequence + length);
    }
    if (d->tcp.flags & PS_TCP_ACK)
        PS__PUT_NUMBER(t->line, ", ack ", d->tcp.acknowledgement);
    PS__PUT_NUMBER(t->line, ", win ", d->tcp.window);
    if (d->tcp.flags & PS_TCP_URG)
        PS__PUT_NUMBER(t->line, ", urg ", d->tcp.urgent);
}

/* Behind the ports. */
void ps__text_tcp(ps__text *t)
{
    const ps_dissection *d = t->d;
    uint32_t header = d->tcp.header_length;
    ps__line *line = t->line;

    if ((d->layers & PS_LAYER_TCP) == 0) {
        ps__text_ends(t, "tcp");
        return;
    }
    if (header < TCP_LENGTH) {
        PS__PUT_NUMBER(line, " tcp ", d->transport_length - header);
        PS__PUT_NUMBER(line, " [bad hdr length ", header);
        PS__PUT(line, " - too short, < 20]");
        return;
    }
    text_flags(t);
    if (header > d->transport_length) {
        PS__PUT_NUMBER(line, " [bad hdr length ", header);
        PS__PUT_NUMBER(line, " - too long, > ", d->transport_length);
        PS__PUT(line, "]");
        return;
    }
    text_numbers(t, d->transport_length - header);
    if (header == TCP_LENGTH || ps__text_tcp_options(t, d->transport_offset + TCP_LENGTH, header - TCP_LENGTH))
        PS__PUT_NUMBER(line, ", length ", d->transport_length - header);
}
