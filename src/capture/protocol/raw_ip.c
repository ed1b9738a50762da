/* Links without a header of their own, that carry IP of either version, or of one. */
#include "config.h"

#include "capture/protocol/link_layer.h"

bool ps__raw_ip_decode(ps__decoder *decoder)
{
    const unsigned char *p = ps__decoder_need(decoder, 1, PS_LAYER_IPV4);

    if (!p)
        return false;
    if (p[0] >> 4 == 4)
        return ps__network_decode(decoder, PS__ETHER_IPV4);
    if (p[0] >> 4 == 6)
        return ps__network_decode(decoder, PS__ETHER_IPV6);
    ps__decoder_malformed(decoder, PS_LAYER_IPV4);
    return false;
}

bool ps__raw_ipv4_decode(ps__decoder *decoder)
{
    return ps__network_decode(decoder, PS__ETHER_IPV4);
}

bool ps__raw_ipv6_decode(ps__decoder *decoder)
{
    return ps__network_decode(decoder, PS__ETHER_IPV6);
}

/* What is neither version. */
bool ps__raw_ip_text(ps__text *text)
{
    const unsigned char *p = ps__text_need(text, 0, 1);

    if (!p)
        return ps__text_ends(text, "ip");
    PS__PUT_NUMBER(text->line, "unknown ip ", p[0] >> 4);
    return true;
}
