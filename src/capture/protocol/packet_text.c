/* ps_dissection_format, and what the texts of protocols share. */
#include "config.h"

#include "capture/protocol/packet_text.h"

#include "capture/protocol/link_layer.h"
#include "portsock/error.h"

enum { DEPTH_MAX = 3 }; /* how deep the line goes into packets inside packets */

bool ps__text_ends(ps__text *text, const char *name)
{
    PS__PUT(text->line, " [|");
    ps__line_text(text->line, name);
    PS__PUT(text->line, "]");
    return false;
}

uint32_t ps__text_wire_length(const ps__text *text, uint32_t offset)
{
    const ps_packet *packet = text->packet;
    size_t length =
        packet->original_length > packet->length ? packet->original_length : packet->length;

    if (length > INT32_MAX)
        length = INT32_MAX;
    return offset < length ? (uint32_t)length - offset : 0;
}

/* The line begins with the network header where there is one that the table has. */
static void write_line(ps__text *text)
{
    const ps__protocol *protocol = ps__protocol_of_ether_type(text->d->ether_type);

    if (protocol) {
        text->at = text->d->network_offset;
        protocol->text(text);
        return;
    }
    protocol = ps__protocol_of_link_type(text->packet->link_type);
    text->at = 0;
    if (protocol)
        protocol->text(text);
    else
        ps__link_carried_text(text);
}

bool ps__text_inside(ps__text *text, uint32_t wire_length, int link_type)
{
    ps_packet packet = *text->packet;
    ps_dissection d;
    ps__text inside = {.packet = &packet, .d = &d, .line = text->line, .depth = text->depth + 1};

    if (text->depth == DEPTH_MAX || !ps__text_need(text, text->at, 0)) {
        PS__PUT(text->line, "...");
        return true;
    }
    packet.data += text->at;
    packet.length = text->end - text->at;
    packet.original_length = wire_length;
    packet.link_type = link_type;
    ps_dissect(&packet, &d);
    inside.end = d.payload_offset + d.payload_length;
    write_line(&inside);
    return true;
}

int ps_dissection_format(const ps_packet *packet, const ps_dissection *d, char *buf, size_t n)
{
    ps__line line;
    ps__text t = {.packet = packet, .d = d, .line = &line};
    size_t length;

    if (!packet || !d || !buf || (!packet->data && packet->length > 0))
        return PS_EFAULT;
    if (n == 0)
        return PS_BAD_LENGTH;
    length = packet->length < INT32_MAX ? packet->length : INT32_MAX;
    t.end = d->payload_offset + d->payload_length;
    if (t.end > length) /* only of a dissection of another packet */
        t.end = (uint32_t)length;
    line.at = buf;
    line.end = buf + n - 1;
    line.cut = false;
    write_line(&t);
    *line.at = '\0';
    if (line.cut && n > 3)
        memcpy(line.end - 3, "...", 3);
    return 0;
}
