/* Numbers in network byte order. */
#ifndef PS_CAPTURE_PROTOCOL_BYTES_H
#define PS_CAPTURE_PROTOCOL_BYTES_H

#include <stdint.h>

static inline uint16_t ps__read16(const unsigned char *p)
{
    return (uint16_t)(p[0] << 8 | p[1]);
}

static inline uint32_t ps__read32(const unsigned char *p)
{
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

#endif
