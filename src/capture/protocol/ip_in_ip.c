/* IP in IP: RFC 2003, RFC 2473. The packet inside is payload to ps_dissect; the line shows it. */
#include "config.h"

#include "capture/protocol/packet_text.h"
#include "capture/protocol/registry.h"

bool ps__ipv4_in_ip_text(ps__text *text)
{
    return ps__text_inside(text, text->d->transport_length, PS_LINK_IPV4);
}

bool ps__ipv6_in_ip_text(ps__text *text)
{
    return ps__text_inside(text, text->d->transport_length, PS_LINK_IPV6);
}
