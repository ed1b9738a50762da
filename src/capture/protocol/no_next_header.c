/* IP's protocol number 59: nothing follows. RFC 8200 */
#include "config.h"

#include "capture/protocol/packet_text.h"
#include "capture/protocol/registry.h"

bool ps__no_next_header_text(ps__text *text)
{
    PS__PUT(text->line, "no next header");
    return true;
}
