#include "config.h"

#include "capture/protocol/address_text.h"

#include <stdbool.h>
#include <string.h>

/* Tables, since a line has two addresses and most of its time goes into them. */
/* clang-format off */
#define TEN(tens) \
    tens "0.", tens "1.", tens "2.", tens "3.", tens "4.", tens "5.", tens "6.", tens "7.", tens "8.", tens "9."
#define SIXTEEN(high) \
    high "0" high "1" high "2" high "3" high "4" high "5" high "6" high "7" \
    high "8" high "9" high "a" high "b" high "c" high "d" high "e" high "f"

/* A part of an IPv4 address with the dot behind it. */
static const char decimal[256][5] = {
    TEN(""), TEN("1"), TEN("2"), TEN("3"), TEN("4"), TEN("5"), TEN("6"), TEN("7"), TEN("8"), TEN("9"),
    TEN("10"), TEN("11"), TEN("12"), TEN("13"), TEN("14"), TEN("15"), TEN("16"), TEN("17"), TEN("18"), TEN("19"),
    TEN("20"), TEN("21"), TEN("22"), TEN("23"), TEN("24"), "250.", "251.", "252.", "253.", "254.", "255.",
};

/* The two digits of byte b are at 2 * b. */
static const char hexadecimal[] =
    SIXTEEN("0") SIXTEEN("1") SIXTEEN("2") SIXTEEN("3") SIXTEEN("4") SIXTEEN("5") SIXTEEN("6") SIXTEEN("7")
    SIXTEEN("8") SIXTEEN("9") SIXTEEN("a") SIXTEEN("b") SIXTEEN("c") SIXTEEN("d") SIXTEEN("e") SIXTEEN("f");
/* clang-format on */

/* With the dot. All four characters are copied, whatever the length: the next part writes over what is too many. */
static inline char *put_part(unsigned char part, char *to)
{
    memcpy(to, decimal[part], 4);
    return to + 2 + (part >= 10) + (part >= 100);
}

char *ps__write_inet(const unsigned char address[4], char *to)
{
    to = put_part(address[0], to);
    to = put_part(address[1], to);
    to = put_part(address[2], to);
    return put_part(address[3], to) - 1;
}

/* ---- IPv6, as RFC 5952 has it ------------------------------------------------------------------- */

static unsigned group(const unsigned char *address, int i)
{
    return (unsigned)address[2 * i] << 8 | address[2 * i + 1];
}

static char *put_byte(unsigned byte, char *to)
{
    memcpy(to, hexadecimal + 2 * byte, 2);
    return to + 2;
}

/* Without a leading zero. */
static char *put_short_byte(unsigned byte, char *to)
{
    if (byte >= 16)
        return put_byte(byte, to);
    *to = hexadecimal[2 * byte + 1];
    return to + 1;
}

static char *put_group(unsigned value, char *to)
{
    return value > 255 ? put_byte(value & 255, put_short_byte(value >> 8, to)) : put_short_byte(value, to);
}

/* The first of the longest runs of two or more groups that are zero, from *begin to *end; both 8 where there is none. */
static void find_zeros(const unsigned char *address, int *begin, int *end)
{
    int longest = 1;

    *begin = *end = 8;
    for (int i = 0; i < 8; i++) {
        int first = i;

        while (i < 8 && group(address, i) == 0)
            i++;
        if (i - first > longest) {
            longest = i - first;
            *begin = first;
            *end = i;
        }
    }
}

/* Groups with colons between them. */
static char *put_groups(const unsigned char *address, int begin, int end, char *to)
{
    for (int i = begin; i < end; i++) {
        if (i > begin)
            *to++ = ':';
        to = put_group(group(address, i), to);
    }
    return to;
}

/* Addresses that hold one of IPv4 end in its text: ::a.b.c.d and ::ffff:a.b.c.d. */
static bool holds_inet(const unsigned char *address, int begin, int end)
{
    return begin == 0 && (end == 6 || (end == 5 && group(address, 5) == 0xffff));
}

char *ps__write_inet6(const unsigned char address[16], char *to)
{
    int begin, end;

    find_zeros(address, &begin, &end);
    to = put_groups(address, 0, begin, to);
    if (begin == 8)
        return to;
    memcpy(to, "::", 2);
    to += 2;
    if (!holds_inet(address, begin, end))
        return put_groups(address, end, 8, to);
    if (end == 5) {
        memcpy(to, "ffff:", 5);
        to += 5;
    }
    return ps__write_inet(address + 12, to);
}
