#include "line.h"

#include "text.h"

#include <string.h>

void ps__line_put(ps__line *line, const char *text, size_t length)
{
    size_t room = (size_t)(line->end - line->at);

    if (length > room) {
        length = room;
        line->cut = true;
    }
    memcpy(line->at, text, length);
    line->at += length;
}

void ps__line_text(ps__line *line, const char *text)
{
    ps__line_put(line, text, strlen(text));
}

void ps__line_number(ps__line *line, uint32_t number)
{
    char digits[10];
    char *first = digits + sizeof digits;

    do {
        *--first = (char)('0' + number % 10);
        number /= 10;
    } while (number != 0);
    ps__line_put(line, first, (size_t)(digits + sizeof digits - first));
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
    char text[16];

    ps__line_put(line, text, (size_t)(ps__inet_to_text(address, text) - text));
}

void ps__line_inet6(ps__line *line, const unsigned char address[16])
{
    char text[46];

    ps__line_put(line, text, (size_t)(ps__inet6_to_text(address, text) - text));
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
