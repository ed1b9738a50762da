#include "config.h"

#include "capture/protocol/line_writer.h"

/* The two digits of n, below 100, are at 2 * n. */
static const char digit_pairs[] =
    "00010203040506070809101112131415161718192021222324252627282930313233343536373839"
    "40414243444546474849505152535455565758596061626364656667686970717273747576777879"
    "8081828384858687888990919293949596979899";

/* Writes both digits. Returns their end. */
static inline char *put_pair(uint32_t number, char *at)
{
    memcpy(at, digit_pairs + 2 * number, 2);
    return at + 2;
}

void ps__line_put_part(ps__line *line, const char *text)
{
    memcpy(line->at, text, (size_t)(line->end - line->at));
    line->at = line->end;
    line->cut = true;
}

void ps__line_text(ps__line *line, const char *text)
{
    ps__line_put(line, text, strlen(text));
}

/* ---- numbers */

enum { NUMBER_MAX = 10 };

/* Four digits. Each of these returns the end of what it wrote. */
static inline char *put_four(uint32_t number, char *at)
{
    return put_pair(number % 100, put_pair(number / 100, at));
}

/* A number below 10000 without zeros in front. */
static inline char *put_first(uint32_t number, char *at)
{
    uint32_t first = number < 100 ? number : number / 100;

    if (first >= 10)
        at = put_pair(first, at);
    else
        *at++ = (char)('0' + first);
    return number < 100 ? at : put_pair(number % 100, at);
}

static inline char *put_number(uint32_t number, char *at)
{
    if (number < 10) {
        *at = (char)('0' + number);
        return at + 1;
    }
    if (number < 10000)
        return put_first(number, at);
    if (number < 100000000)
        return put_four(number % 10000, put_first(number / 10000, at));
    at = put_first(number / 100000000, at);
    number %= 100000000;
    return put_four(number % 10000, put_four(number / 10000, at));
}

/* Where there may be too little space for it. */
static void number_near_end(ps__line *line, uint32_t number)
{
    char text[NUMBER_MAX];
    char *first = text + sizeof text;

    do {
        *--first = (char)('0' + number % 10);
        number /= 10;
    } while (number > 0);
    ps__line_put(line, first, (size_t)(text + sizeof text - first));
}

void ps__line_number(ps__line *line, uint32_t number)
{
    if (line->end - line->at >= NUMBER_MAX)
        line->at = put_number(number, line->at);
    else
        number_near_end(line, number);
}

/* ---- hexadecimal digits */

void ps__line_hex(ps__line *line, uint32_t number, unsigned digits)
{
    char text[8];
    unsigned i;

    for (i = digits; i > 0; i--) {
        text[i - 1] = "0123456789abcdef"[number & 15];
        number >>= 4;
    }
    ps__line_put(line, text, digits);
}

void ps__line_hex_number(ps__line *line, uint32_t number)
{
    unsigned digits = 1;

    while (digits < 8 && number >> (4 * digits) != 0)
        digits++;
    ps__line_hex(line, number, digits);
}

void ps__line_bytes(ps__line *line, const unsigned char *bytes, size_t length)
{
    size_t i;

    for (i = 0; i < length; i++)
        ps__line_hex(line, bytes[i], 2);
}
