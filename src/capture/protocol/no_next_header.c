/* IP's protocol number 59: nothing follows. RFC 8200 */
#include "config.h"

#include "capture/protocol/decoder.h"
#include "capture/protocol/packet_text.h"
#include "capture/protocol/registry.h"

/* Bytes that are there all the same are payload. */
bool ps__no_next_header_decode(ps__decoder *decoder)
{
    (void)decoder;
    return true;
}

bool ps__no_next_header_text(ps__text *text)
{
    PS__PUT(text->line, "no next header");
    return true;
}
