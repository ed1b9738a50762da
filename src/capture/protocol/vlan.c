/* VLAN tags, IEEE 802.1Q: any number of them in front of an ether type. */
#include "config.h"

#include "capture/protocol/link_layer.h"

enum { VLAN_LENGTH = 4 };

bool ps__vlan_decode(ps__decoder *decoder)
{
    ps_dissection *d = decoder->d;
    uint16_t type;

    do {
        const unsigned char *p = ps__decoder_need(decoder, VLAN_LENGTH, PS_LAYER_VLAN);

        if (!p)
            return false;
        d->layers |= PS_LAYER_VLAN;
        if (d->link.vlan_count < PS_DISSECT_VLANS)
            d->link.vlans[d->link.vlan_count] = ps__read16(p);
        if (d->link.vlan_count < UINT8_MAX)
            d->link.vlan_count++;
        type = ps__read16(p + 2);
        decoder->at += VLAN_LENGTH;
    } while (ps__is_vlan(type));
    return ps__type_or_length_decode(decoder, type);
}
