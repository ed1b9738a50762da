/* IP in IP: RFC 2003, RFC 2473. The packet inside is payload to ps_dissect; the line shows it. */
#include "config.h"

#include "capture/protocol/decoder.h"
#include "capture/protocol/packet_text.h"
#include "capture/protocol/registry.h"

enum { DEPTH_MAX = 3 };

bool ps__ipv4_in_ip_decode(ps__decoder *decoder)
{
    (void)decoder;
    return true;
}

bool ps__ipv6_in_ip_decode(ps__decoder *decoder)
{
    (void)decoder;
    return true;
}

static bool text_inside(ps__text *text, int link_type)
{
    ps_packet packet = *text->packet;
    ps_dissection d;
    ps__text inside = {.packet = &packet, .d = &d, .line = text->line, .depth = text->depth + 1};

    if (text->depth == DEPTH_MAX || ps__text_need(text, text->at, 0) == NULL) {
        PS__PUT(text->line, "...");
        return false;
    }
    packet.data += text->at;
    packet.length = text->end - text->at;
    packet.original_length = text->d->transport_length;
    packet.link_type = link_type;
    ps_dissect(&packet, &d);
    inside.end = d.payload_offset + d.payload_length;
    ps__packet_text(&inside);
    return true;
}

bool ps__ipv4_in_ip_text(ps__text *text)
{
    return text_inside(text, PS_LINK_IPV4);
}

bool ps__ipv6_in_ip_text(ps__text *text)
{
    return text_inside(text, PS_LINK_IPV6);
}
