/* IPv4 and IPv6 addresses as texts: read and written here, so that every system takes and
 * returns the same texts.
 *
 * What is read as inet_pton does and written as inet_ntop does is, to the byte, glibc's.
 * Connections and datagrams pass through here, so the readers go once over the text and the
 * writers copy from tables. */
#include "config.h"

#include "address_text.h"
#include "common/text.h"

#include "portsock/address.h"
#include "portsock/error.h"

#include <stdint.h>
#include <string.h>

/* The value of a hexadecimal digit, plus one; 0 for every other character. */
static const unsigned char digit_values[256] = {
    ['0'] = 1,  ['1'] = 2,  ['2'] = 3,  ['3'] = 4,  ['4'] = 5,  ['5'] = 6,  ['6'] = 7,  ['7'] = 8,
    ['8'] = 9,  ['9'] = 10, ['a'] = 11, ['b'] = 12, ['c'] = 13, ['d'] = 14, ['e'] = 15, ['f'] = 16,
    ['A'] = 11, ['B'] = 12, ['C'] = 13, ['D'] = 14, ['E'] = 15, ['F'] = 16,
};

/* 0 to 9, or more for what is no decimal digit. */
static unsigned decimal_value(char character)
{
    return (unsigned)(unsigned char)character - '0';
}

/* ---- reading IPv4 ---------------------------------------------------------------------------- */

/* Reads a part of a strict quad and the character behind it. Returns the end, or NULL. */
static inline const char *read_part(const char *text, char behind, unsigned char *part)
{
    unsigned value = decimal_value(*text++);
    unsigned second, third, third_mask;

    if (value > 9)
        return NULL;
    second = decimal_value(*text);
    if (second <= 9) {
        if (value == 0)
            return NULL;
        /* A mask, no branch: whether there is a third digit is what a processor cannot guess. */
        third = decimal_value(text[1]);
        third_mask = 0U - (third < 10);
        value = value * 10 + second;
        value += (value * 9 + third) & third_mask;
        if (value > 255)
            return NULL;
        text += 1 + (third_mask & 1);
    }
    *part = (unsigned char)value;
    return *text == behind ? text + 1 : NULL;
}

static int read_inet(const char *text, unsigned char packed[4])
{
    unsigned char parts[4];

    if (!(text = read_part(text, '.', &parts[0])) || !(text = read_part(text, '.', &parts[1])) ||
        !(text = read_part(text, '.', &parts[2])) || !read_part(text, '\0', &parts[3]))
        return PS_BAD_ADDRESS;
    memcpy(packed, parts, sizeof parts);
    return 0;
}

bool ps__text_to_inet(const char *text, unsigned char packed[4])
{
    return read_inet(text, packed) == 0;
}

/* Reads a number as C writes it: decimal, octal behind 0, hexadecimal behind 0x. Returns its
 * end, or NULL. */
static const char *read_c_number(const char *text, uint32_t *number)
{
    const char *digits = text;
    uint64_t value = 0;
    unsigned base = 10;
    unsigned digit;

    if (text[0] == '0' && (text[1] == 'x' || text[1] == 'X')) {
        base = 16;
        text += 2;
        digits = text;
    } else if (text[0] == '0') {
        base = 8;
    }
    while ((digit = digit_values[(unsigned char)*text]) != 0 && digit <= base) {
        value = value * base + digit - 1;
        if (value > UINT32_MAX)
            return NULL;
        text++;
    }
    *number = (uint32_t)value;
    return text == digits ? NULL : text;
}

bool ps__text_to_inet_any(const char *text, unsigned char packed[4])
{
    uint32_t address = 0;

    for (int bits_left = 32;; bits_left -= 8) {
        uint32_t number;

        text = read_c_number(text, &number);
        if (!text)
            return false;
        if (*text == '\0') {
            /* The last part fills what the parts before it have left. */
            if (bits_left < 32 && number >> bits_left != 0)
                return false;
            address |= number;
            break;
        }
        if (*text++ != '.' || number > 255 || bits_left == 8)
            return false;
        address |= number << (bits_left - 8);
    }
    for (int i = 0; i < 4; i++)
        packed[i] = (unsigned char)(address >> (24 - 8 * i));
    return true;
}

/* ---- reading IPv6 ---------------------------------------------------------------------------- */

/* 0 to 15, or more for what is no hexadecimal digit. */
static unsigned hexadecimal_value(char character)
{
    return digit_values[(unsigned char)character] - 1U;
}

/* Reads a group of one to four digits. Returns its end, or `text` when there is none. Written
 * out, since a loop takes half as long again. */
static inline const char *read_group(const char *text, unsigned *group)
{
    unsigned digit = hexadecimal_value(text[0]);

    if (digit > 15)
        return text;
    *group = digit;
    if ((digit = hexadecimal_value(text[1])) > 15)
        return text + 1;
    *group = *group << 4 | digit;
    if ((digit = hexadecimal_value(text[2])) > 15)
        return text + 2;
    *group = *group << 4 | digit;
    if ((digit = hexadecimal_value(text[3])) > 15)
        return text + 3;
    *group = *group << 4 | digit;
    return text + 4;
}

static int read_inet6(const char *text, unsigned char packed[16])
{
    unsigned char head[16] = {0}; /* what precedes "::" */
    unsigned char tail[32] = {0}; /* what follows it, from the middle on */
    unsigned char *next = head;
    uint64_t words[2], tail_words[2];
    int left = 16;
    bool gap = false;

    if (text[0] == ':') {
        if (text[1] != ':')
            return PS_BAD_ADDRESS;
        text += 2;
        gap = true;
        next = tail + 16;
    }
    while (*text != '\0') {
        const char *start = text;
        unsigned group;

        text = read_group(text, &group);
        if (text == start || left == 0)
            return PS_BAD_ADDRESS;
        if (*text == '.') {
            if (left < 4 || read_inet(start, next) != 0)
                return PS_BAD_ADDRESS;
            next += 4;
            left -= 4;
            break;
        }
        next[0] = (unsigned char)(group >> 8);
        next[1] = (unsigned char)group;
        next += 2;
        left -= 2;
        if (*text == '\0')
            break;
        if (*text++ != ':' || *text == '\0')
            return PS_BAD_ADDRESS;
        if (*text == ':') {
            if (gap)
                return PS_BAD_ADDRESS;
            text++;
            gap = true;
            next = tail + 16;
        }
    }
    /* "::" stands for one group of zeros at least. */
    if (gap == (left == 0))
        return PS_BAD_ADDRESS;
    memcpy(words, head, sizeof words);
    if (gap) {
        /* The 16 bytes up to where the tail ends are zeros, then the tail. */
        memcpy(tail_words, next - 16, sizeof tail_words);
        words[0] |= tail_words[0];
        words[1] |= tail_words[1];
    }
    memcpy(packed, words, sizeof words);
    return 0;
}

bool ps__text_to_inet6(const char *text, unsigned char packed[16])
{
    return read_inet6(text, packed) == 0;
}

/* ---- writing --------------------------------------------------------------------------------- */

char *ps__inet_to_text(const unsigned char packed[4], char *text)
{
    return ps__write_inet(packed, text);
}

char *ps__inet6_to_text(const unsigned char packed[16], char *text)
{
    return ps__write_inet6(packed, text);
}

/* ---- the public functions -------------------------------------------------------------------- */

int ps_inet_aton(const char *text, unsigned char packed[4])
{
    if (!packed)
        return PS_EFAULT;
    return text && ps__text_to_inet_any(text, packed) ? 0 : PS_BAD_ADDRESS;
}

int ps_inet_ntoa(const void *packed, size_t len, char text[16])
{
    if (!text)
        return PS_EFAULT;
    return ps_inet_ntop(AF_INET, packed, len, text, 16);
}

int ps_inet_pton(int family, const char *text, void *packed)
{
    if (packed && text) {
        if (family == AF_INET)
            return read_inet(text, packed);
        if (family == AF_INET6)
            return read_inet6(text, packed);
    }
    if (family != AF_INET && family != AF_INET6)
        return PS_EAFNOSUPPORT;
    return packed ? PS_BAD_ADDRESS : PS_EFAULT;
}

int ps_inet_ntop(int family, const void *packed, size_t len, char *text, size_t n)
{
    char *(*write)(const unsigned char *, char *) =
        family == AF_INET ? ps__inet_to_text : ps__inet6_to_text;
    size_t longest = family == AF_INET ? PS__INET_TEXT_MAX : PS__INET6_TEXT_MAX;
    char whole[PS__INET6_TEXT_MAX];

    if (!text)
        return PS_EFAULT;
    if (n > 0)
        *text = '\0';
    if (family != AF_INET && family != AF_INET6)
        return PS_BAD_FAMILY;
    if (len != (family == AF_INET ? 4 : 16))
        return PS_BAD_LENGTH;
    if (!packed)
        return PS_EFAULT;
    if (n >= longest) {
        write(packed, text);
        return 0;
    }
    return ps__text_copy(text, n, whole, (size_t)(write(packed, whole) - whole));
}
