/* IPv6's destination options: RFC 8200. */
#include "config.h"

#include "capture/protocol/extension.h"
#include "capture/protocol/registry.h"

bool ps__destination_decode(ps__decoder *decoder)
{
    return ps__extension_need(decoder, PS_LAYER_DESTINATION) &&
           ps__extension_pass(decoder, PS_LAYER_DESTINATION);
}

bool ps__destination_text(ps__text *text)
{
    if (!ps__extension_text_need(text, "dstopt"))
        return false;
    PS__PUT(text->line, "DSTOPT ");
    return true;
}
