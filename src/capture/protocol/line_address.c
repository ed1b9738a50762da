/*
 * Addresses in a line. They are the texts that ps_inet_ntop writes: here is a writer of its own
 * because lines are full of addresses, and it takes half the time where the space is known to be
 * there, and the end is wanted. A test compares the two.
 */
#include "config.h"

#include "capture/protocol/bytes.h"
#include "capture/protocol/digits.h"
#include "capture/protocol/line_writer.h"

enum { INET_MAX = 16, INET6_MAX = 46 };

/* ---- IPv4 */

/* A part of a dotted quad, with a dot behind it. */
static inline char *put_part(unsigned part, char *at)
{
    if (part < 10) {
        *at++ = (char)('0' + part);
    } else if (part < 100) {
        at = ps__put_pair(part, at);
    } else {
        unsigned hundreds = part < 200 ? 1 : 2;

        *at++ = (char)('0' + hundreds);
        at = ps__put_pair(part - 100 * hundreds, at);
    }
    *at++ = '.';
    return at;
}

/* The last dot is not wanted. */
static inline char *put_inet(const unsigned char address[4], char *at)
{
    at = put_part(address[0], at);
    at = put_part(address[1], at);
    at = put_part(address[2], at);
    return put_part(address[3], at) - 1;
}

/* Where there may be too little space for it. */
static void inet_near_end(ps__line *line, const unsigned char address[4])
{
    int i;

    for (i = 0; i < 4; i++) {
        if (i > 0)
            PS__PUT(line, ".");
        ps__line_number(line, address[i]);
    }
}

void ps__line_inet(ps__line *line, const unsigned char address[4])
{
    if (line->end - line->at >= INET_MAX)
        line->at = put_inet(address, line->at);
    else
        inet_near_end(line, address);
}

/* ---- IPv6 */

enum { GROUPS = 8 };

/* Up to four hexadecimal digits, without zeros in front. */
static inline char *put_group(unsigned group, char *at)
{
    static const char digits[] = "0123456789abcdef";

    if (group >= 0x1000)
        *at++ = digits[group >> 12];
    if (group >= 0x100)
        *at++ = digits[group >> 8 & 15];
    if (group >= 0x10)
        *at++ = digits[group >> 4 & 15];
    *at++ = digits[group & 15];
    return at;
}

static inline bool is_zero(const unsigned char *group)
{
    return (group[0] | group[1]) == 0;
}

/* Finds the first of the longest runs of at least two groups of zero. GROUPS: there is none. */
static int find_zeros(const unsigned char address[16], int *length)
{
    int found = GROUPS;
    int i;

    *length = 1;
    for (i = 0; i < GROUPS; i++) {
        int begin = i;

        while (i < GROUPS && is_zero(address + 2 * i))
            i++;
        if (i - begin > *length) {
            *length = i - begin;
            found = begin;
        }
    }
    return found;
}

static char *put_inet6(const unsigned char address[16], char *at)
{
    int zeros_length;
    int zeros = find_zeros(address, &zeros_length);
    int i;

    /* The two kinds of addresses that have an IPv4 address in them end in its text. */
    if (zeros == 0 && zeros_length == 6) {
        memcpy(at, "::", 2);
        return put_inet(address + 12, at + 2);
    }
    if (zeros == 0 && zeros_length == 5 && ps__read16(address + 10) == 0xffff) {
        memcpy(at, "::ffff:", 7);
        return put_inet(address + 12, at + 7);
    }
    for (i = 0; i < zeros; i++) {
        at = put_group(ps__read16(address + 2 * i), at);
        *at++ = ':';
    }
    if (zeros == GROUPS)
        return at - 1;
    if (zeros == 0)
        *at++ = ':';
    i = zeros + zeros_length;
    if (i == GROUPS)
        *at++ = ':';
    for (; i < GROUPS; i++) {
        *at++ = ':';
        at = put_group(ps__read16(address + 2 * i), at);
    }
    return at;
}

void ps__line_inet6(ps__line *line, const unsigned char address[16])
{
    char text[INET6_MAX];

    if (line->end - line->at >= INET6_MAX)
        line->at = put_inet6(address, line->at);
    else
        ps__line_put(line, text, (size_t)(put_inet6(address, text) - text));
}

/* ---- hardware addresses */

void ps__line_hardware(ps__line *line, const unsigned char *address, size_t length)
{
    size_t i;

    if (length == 0)
        PS__PUT(line, "<empty>");
    for (i = 0; i < length; i++) {
        if (i > 0)
            PS__PUT(line, ":");
        ps__line_hex(line, address[i], 2);
    }
}
