#include "config.h"

#include "capture/protocol/ip.h"

bool ps__ip_carried_text(ps__text *text, const ps__protocol *protocol)
{
    const ps_dissection *d = text->d;

    text->at = d->transport_offset;
    if (protocol)
        return protocol->text(text);
    PS__PUT_NUMBER(text->line, " ip-proto-", d->protocol);
    PS__PUT_NUMBER(text->line, " ", d->transport_length);
    return true;
}

void ps__ip_address_text(ps__text *text, const unsigned char *address)
{
    if (text->d->ip.version == 4)
        ps__line_inet(text->line, address);
    else
        ps__line_inet6(text->line, address);
}

void ps__ip_addresses_text(ps__text *text)
{
    ps__ip_address_text(text, text->d->ip.source);
    PS__PUT(text->line, " > ");
    ps__ip_address_text(text, text->d->ip.destination);
    PS__PUT(text->line, ":");
}

bool ps__ip_ports_text(ps__text *text)
{
    const unsigned char *p = ps__text_need(text, text->at, 4);
    bool addresses = text->d->ip.extension_count == 0; /* else IP has written them */

    if (!p) {
        if (addresses)
            ps__ip_addresses_text(text);
        return false;
    }
    if (addresses) {
        ps__ip_address_text(text, text->d->ip.source);
        PS__PUT(text->line, ".");
    }
    ps__line_number(text->line, ps__read16(p));
    PS__PUT(text->line, " > ");
    if (addresses) {
        ps__ip_address_text(text, text->d->ip.destination);
        PS__PUT(text->line, ".");
    }
    ps__line_number(text->line, ps__read16(p + 2));
    PS__PUT(text->line, ": ");
    return true;
}
