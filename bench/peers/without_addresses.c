/* Of a peer that makes no text of an address, nor an address of text. */
#include "peer.h"

bool peer_parse(const char *text)
{
    (void)text;
    return false;
}

bool peer_format(const unsigned char packed[4], char *text, size_t size)
{
    (void)packed;
    (void)text;
    (void)size;
    return false;
}
