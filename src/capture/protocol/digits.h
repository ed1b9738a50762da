/* Decimal digits, two at a time. */
#ifndef PS_CAPTURE_PROTOCOL_DIGITS_H
#define PS_CAPTURE_PROTOCOL_DIGITS_H

#include <stdint.h>
#include <string.h>

/* The two digits of n, below 100, are at 2 * n. */
static const char ps__digit_pairs[] =
    "00010203040506070809101112131415161718192021222324252627282930313233343536373839"
    "40414243444546474849505152535455565758596061626364656667686970717273747576777879"
    "8081828384858687888990919293949596979899";

/* Writes both digits. Returns their end. */
static inline char *ps__put_pair(uint32_t number, char *at)
{
    memcpy(at, ps__digit_pairs + 2 * number, 2);
    return at + 2;
}

#endif
