/* Byte order, host to network and back. Written byte by byte, which compiles to one
 * instruction. */
#include "config.h"

#include "portsock/address.h"

#include <string.h>

uint32_t ps_htonl(uint32_t x)
{
    const unsigned char bytes[4] = {(unsigned char)(x >> 24), (unsigned char)(x >> 16),
                                    (unsigned char)(x >> 8), (unsigned char)x};

    memcpy(&x, bytes, sizeof x);
    return x;
}

uint32_t ps_ntohl(uint32_t x)
{
    unsigned char bytes[4];

    memcpy(bytes, &x, sizeof x);
    return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
}

uint16_t ps_htons(uint16_t x)
{
    const unsigned char bytes[2] = {(unsigned char)(x >> 8), (unsigned char)x};

    memcpy(&x, bytes, sizeof x);
    return x;
}

uint16_t ps_ntohs(uint16_t x)
{
    unsigned char bytes[2];

    memcpy(bytes, &x, sizeof x);
    return (uint16_t)(bytes[0] << 8 | bytes[1]);
}
