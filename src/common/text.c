/* Small texts: numbers, copies with a limit, and what characters a text has. */
#include "config.h"

#include "common/text.h"

#include "portsock/error.h"

#include <string.h>

char *ps__number_to_text(unsigned long number, char *text)
{
    char digits[20];
    size_t count = 0;

    do {
        digits[count++] = (char)('0' + number % 10);
        number /= 10;
    } while (number != 0);
    while (count > 0)
        *text++ = digits[--count];
    *text = '\0';
    return text;
}

bool ps__text_to_number(const char *text, uint32_t most, unsigned long *number)
{
    uint64_t value = 0;

    if (*text == '\0')
        return false;
    for (; *text != '\0'; text++) {
        unsigned digit = (unsigned)(unsigned char)*text - '0';

        if (digit > 9)
            return false;
        value = value * 10 + digit;
        if (value > most)
            return false;
    }
    *number = (unsigned long)value;
    return true;
}

int ps__text_copy(char *to, size_t size, const char *text, size_t length)
{
    if (length >= size) {
        if (size > 0)
            *to = '\0';
        return PS_BAD_LENGTH;
    }
    memcpy(to, text, length);
    to[length] = '\0';
    return 0;
}

bool ps__text_is_ascii(const char *text)
{
    for (; *text != '\0'; text++) {
        if ((unsigned char)*text > 0x7f)
            return false;
    }
    return true;
}

/* The number of bytes of the well-formed UTF-8 character at `text`, 0 when it is none. Stops at
 * a NUL. */
static size_t utf8_length(const unsigned char *text)
{
    /* Of the second byte: keeps out forms that are longer than need be. */
    unsigned char least = 0x80;
    /* Of the second byte: keeps out surrogates and what is above 10FFFF. */
    unsigned char most = 0xbf;
    size_t length;

    if (text[0] <= 0x7f)
        return 1;
    if (text[0] < 0xc2 || text[0] > 0xf4)
        return 0;
    if (text[0] <= 0xdf) {
        length = 2;
    } else if (text[0] <= 0xef) {
        length = 3;
        if (text[0] == 0xe0)
            least = 0xa0;
        if (text[0] == 0xed)
            most = 0x9f;
    } else {
        length = 4;
        if (text[0] == 0xf0)
            least = 0x90;
        if (text[0] == 0xf4)
            most = 0x8f;
    }
    if (text[1] < least || text[1] > most)
        return 0;
    for (size_t i = 2; i < length; i++) {
        if (text[i] < 0x80 || text[i] > 0xbf)
            return 0;
    }
    return length;
}

bool ps__text_is_utf8(const char *text)
{
    const unsigned char *bytes = (const unsigned char *)text;

    while (*bytes != '\0') {
        size_t length = utf8_length(bytes);

        if (length == 0)
            return false;
        bytes += length;
    }
    return true;
}

/* U+0080 to U+009F; U+2028 to U+202E, the separators of lines, and controls that turn the
 * direction of what follows; and the other controls and isolates of direction: U+061C, U+200E
 * and U+200F, U+2066 to U+2069. */
static bool is_control(const unsigned char *text)
{
    if (text[0] < 0x20 || text[0] == 0x7f)
        return true;
    if (text[0] == 0xc2)
        return text[1] < 0xa0;
    if (text[0] == 0xd8)
        return text[1] == 0x9c;
    if (text[0] == 0xe2 && text[1] == 0x80)
        return text[2] == 0x8e || text[2] == 0x8f || (text[2] >= 0xa8 && text[2] <= 0xae);
    return text[0] == 0xe2 && text[1] == 0x81 && text[2] >= 0xa6 && text[2] <= 0xa9;
}

size_t ps__text_printable(const char *text)
{
    const unsigned char *bytes = (const unsigned char *)text;
    size_t length = utf8_length(bytes);

    return length == 0 || is_control(bytes) ? 0 : length;
}

char *ps__text_escape(unsigned char byte, char *to)
{
    static const char digits[] = "0123456789abcdef";

    *to++ = '\\';
    *to++ = 'x';
    *to++ = digits[byte >> 4];
    *to++ = digits[byte & 15];
    return to;
}
