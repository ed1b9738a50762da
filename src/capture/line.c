#include "config.h"

#include "capture/line.h"

#include "capture/protocol/address_text.h"

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

/* Two digits at a time, from the last ones on; ends before `end`. Returns the first. */
static char *put_digits(uint32_t number, char *end)
{
    static const char pairs[] =
        "00010203040506070809101112131415161718192021222324252627282930313233343536373839404142434445464748"
        "49505152535455565758596061626364656667686970717273747576777879808182838485868788899091929394959697"
        "9899";

    while (number >= 100) {
        end -= 2;
        memcpy(end, pairs + 2 * (number % 100), 2);
        number /= 100;
    }
    if (number >= 10) {
        end -= 2;
        memcpy(end, pairs + 2 * number, 2);
        return end;
    }
    *--end = (char)('0' + number);
    return end;
}

void ps__line_number(ps__line *line, uint32_t number)
{
    char digits[10];
    char *end = digits + sizeof digits;
    char *first = put_digits(number, end);

    ps__line_put(line, first, (size_t)(end - first));
}

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

void ps__line_inet(ps__line *line, const unsigned char address[4])
{
    char text[PS__INET_TEXT];

    if (line->end - line->at >= (ptrdiff_t)sizeof text)
        line->at = ps__write_inet(address, line->at);
    else
        ps__line_put(line, text, (size_t)(ps__write_inet(address, text) - text));
}

void ps__line_inet6(ps__line *line, const unsigned char address[16])
{
    char text[PS__INET6_TEXT];

    if (line->end - line->at >= (ptrdiff_t)sizeof text)
        line->at = ps__write_inet6(address, line->at);
    else
        ps__line_put(line, text, (size_t)(ps__write_inet6(address, text) - text));
}

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
