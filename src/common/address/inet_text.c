/* IPv4 and IPv6 addresses as texts: read and written here, so that every system takes and
 * returns the same texts.
 *
 * What is read as inet_pton does and written as inet_ntop does is, to the byte, glibc's.
 * Connections and datagrams pass through here, so the readers go once over the text and the
 * writers copy from tables. */
#include "config.h"

#include "common/text.h"

#include "portsock/address.h"
#include "portsock/error.h"

#include <stdint.h>
#include <string.h>

/* A part of a dotted quad with the dot behind it; `length` counts the digits. */
static const struct {
    char text[5];
    unsigned char length;
} decimal[256] = {
    /* clang-format off */
    {"0.", 1}, {"1.", 1}, {"2.", 1}, {"3.", 1}, {"4.", 1}, {"5.", 1}, {"6.", 1}, {"7.", 1},
    {"8.", 1}, {"9.", 1}, {"10.", 2}, {"11.", 2}, {"12.", 2}, {"13.", 2}, {"14.", 2}, {"15.", 2},
    {"16.", 2}, {"17.", 2}, {"18.", 2}, {"19.", 2}, {"20.", 2}, {"21.", 2}, {"22.", 2}, {"23.", 2},
    {"24.", 2}, {"25.", 2}, {"26.", 2}, {"27.", 2}, {"28.", 2}, {"29.", 2}, {"30.", 2}, {"31.", 2},
    {"32.", 2}, {"33.", 2}, {"34.", 2}, {"35.", 2}, {"36.", 2}, {"37.", 2}, {"38.", 2}, {"39.", 2},
    {"40.", 2}, {"41.", 2}, {"42.", 2}, {"43.", 2}, {"44.", 2}, {"45.", 2}, {"46.", 2}, {"47.", 2},
    {"48.", 2}, {"49.", 2}, {"50.", 2}, {"51.", 2}, {"52.", 2}, {"53.", 2}, {"54.", 2}, {"55.", 2},
    {"56.", 2}, {"57.", 2}, {"58.", 2}, {"59.", 2}, {"60.", 2}, {"61.", 2}, {"62.", 2}, {"63.", 2},
    {"64.", 2}, {"65.", 2}, {"66.", 2}, {"67.", 2}, {"68.", 2}, {"69.", 2}, {"70.", 2}, {"71.", 2},
    {"72.", 2}, {"73.", 2}, {"74.", 2}, {"75.", 2}, {"76.", 2}, {"77.", 2}, {"78.", 2}, {"79.", 2},
    {"80.", 2}, {"81.", 2}, {"82.", 2}, {"83.", 2}, {"84.", 2}, {"85.", 2}, {"86.", 2}, {"87.", 2},
    {"88.", 2}, {"89.", 2}, {"90.", 2}, {"91.", 2}, {"92.", 2}, {"93.", 2}, {"94.", 2}, {"95.", 2},
    {"96.", 2}, {"97.", 2}, {"98.", 2}, {"99.", 2}, {"100.", 3}, {"101.", 3}, {"102.", 3},
    {"103.", 3}, {"104.", 3}, {"105.", 3}, {"106.", 3}, {"107.", 3}, {"108.", 3}, {"109.", 3},
    {"110.", 3}, {"111.", 3}, {"112.", 3}, {"113.", 3}, {"114.", 3}, {"115.", 3}, {"116.", 3},
    {"117.", 3}, {"118.", 3}, {"119.", 3}, {"120.", 3}, {"121.", 3}, {"122.", 3}, {"123.", 3},
    {"124.", 3}, {"125.", 3}, {"126.", 3}, {"127.", 3}, {"128.", 3}, {"129.", 3}, {"130.", 3},
    {"131.", 3}, {"132.", 3}, {"133.", 3}, {"134.", 3}, {"135.", 3}, {"136.", 3}, {"137.", 3},
    {"138.", 3}, {"139.", 3}, {"140.", 3}, {"141.", 3}, {"142.", 3}, {"143.", 3}, {"144.", 3},
    {"145.", 3}, {"146.", 3}, {"147.", 3}, {"148.", 3}, {"149.", 3}, {"150.", 3}, {"151.", 3},
    {"152.", 3}, {"153.", 3}, {"154.", 3}, {"155.", 3}, {"156.", 3}, {"157.", 3}, {"158.", 3},
    {"159.", 3}, {"160.", 3}, {"161.", 3}, {"162.", 3}, {"163.", 3}, {"164.", 3}, {"165.", 3},
    {"166.", 3}, {"167.", 3}, {"168.", 3}, {"169.", 3}, {"170.", 3}, {"171.", 3}, {"172.", 3},
    {"173.", 3}, {"174.", 3}, {"175.", 3}, {"176.", 3}, {"177.", 3}, {"178.", 3}, {"179.", 3},
    {"180.", 3}, {"181.", 3}, {"182.", 3}, {"183.", 3}, {"184.", 3}, {"185.", 3}, {"186.", 3},
    {"187.", 3}, {"188.", 3}, {"189.", 3}, {"190.", 3}, {"191.", 3}, {"192.", 3}, {"193.", 3},
    {"194.", 3}, {"195.", 3}, {"196.", 3}, {"197.", 3}, {"198.", 3}, {"199.", 3}, {"200.", 3},
    {"201.", 3}, {"202.", 3}, {"203.", 3}, {"204.", 3}, {"205.", 3}, {"206.", 3}, {"207.", 3},
    {"208.", 3}, {"209.", 3}, {"210.", 3}, {"211.", 3}, {"212.", 3}, {"213.", 3}, {"214.", 3},
    {"215.", 3}, {"216.", 3}, {"217.", 3}, {"218.", 3}, {"219.", 3}, {"220.", 3}, {"221.", 3},
    {"222.", 3}, {"223.", 3}, {"224.", 3}, {"225.", 3}, {"226.", 3}, {"227.", 3}, {"228.", 3},
    {"229.", 3}, {"230.", 3}, {"231.", 3}, {"232.", 3}, {"233.", 3}, {"234.", 3}, {"235.", 3},
    {"236.", 3}, {"237.", 3}, {"238.", 3}, {"239.", 3}, {"240.", 3}, {"241.", 3}, {"242.", 3},
    {"243.", 3}, {"244.", 3}, {"245.", 3}, {"246.", 3}, {"247.", 3}, {"248.", 3}, {"249.", 3},
    {"250.", 3}, {"251.", 3}, {"252.", 3}, {"253.", 3}, {"254.", 3}, {"255.", 3},
};

/* The two hexadecimal digits of byte b are at 2 * b. */
static const char hexadecimal[] =
    /* clang-format off */
    "000102030405060708090a0b0c0d0e0f"
    "101112131415161718191a1b1c1d1e1f"
    "202122232425262728292a2b2c2d2e2f"
    "303132333435363738393a3b3c3d3e3f"
    "404142434445464748494a4b4c4d4e4f"
    "505152535455565758595a5b5c5d5e5f"
    "606162636465666768696a6b6c6d6e6f"
    "707172737475767778797a7b7c7d7e7f"
    "808182838485868788898a8b8c8d8e8f"
    "909192939495969798999a9b9c9d9e9f"
    "a0a1a2a3a4a5a6a7a8a9aaabacadaeaf"
    "b0b1b2b3b4b5b6b7b8b9babbbcbdbebf"
    "c0c1c2c3c4c5c6c7c8c9cacbcccdcecf"
    "d0d1d2d3d4d5d6d7d8d9dadbdcdddedf"
    "e0e1e2e3e4e5e6e7e8e9eaebecedeeef"
    "f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff";
/* clang-format on */

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

/* All four characters are copied, whatever the length: the next part writes over what is too
 * many. */
static inline char *put_part(unsigned char part, char *text)
{
    memcpy(text, decimal[part].text, 4);
    return text + decimal[part].length + 1;
}

char *ps__inet_to_text(const unsigned char packed[4], char *text)
{
    text = put_part(packed[0], text);
    text = put_part(packed[1], text);
    text = put_part(packed[2], text);
    text = put_part(packed[3], text);
    *--text = '\0';
    return text;
}

static char *put_byte(unsigned byte, char *text)
{
    memcpy(text, hexadecimal + 2 * byte, 2);
    return text + 2;
}

/* Without a leading zero. */
static char *put_short_byte(unsigned byte, char *text)
{
    if (byte > 15)
        return put_byte(byte, text);
    *text = hexadecimal[2 * byte + 1];
    return text + 1;
}

/* The first of the longest runs of at least two groups that are zero; none has the length 0. */
static void find_zeros(const unsigned char packed[16], int *start, int *length)
{
    int run = 0;

    *start = -1;
    *length = 0;
    for (int i = 0; i < 8; i++) {
        run = (packed[2 * i] | packed[2 * i + 1]) == 0 ? run + 1 : 0;
        if (run > *length && run > 1) {
            *length = run;
            *start = i + 1 - run;
        }
    }
}

char *ps__inet6_to_text(const unsigned char packed[16], char *text)
{
    int zeros, length;

    find_zeros(packed, &zeros, &length);
    /* The two kinds of addresses that contain an IPv4 address end in its text. */
    if (zeros == 0 && length == 6) {
        memcpy(text, "::", 2);
        return ps__inet_to_text(packed + 12, text + 2);
    }
    if (zeros == 0 && length == 5 && packed[10] == 0xff && packed[11] == 0xff) {
        memcpy(text, "::ffff:", 7);
        return ps__inet_to_text(packed + 12, text + 7);
    }
    for (int i = 0; i < 8; i++) {
        if (i != 0)
            *text++ = ':';
        if (i == zeros) {
            i += length - 1;
            if (zeros == 0)
                *text++ = ':';
            if (i == 7)
                *text++ = ':';
        } else if (packed[2 * i] != 0) {
            text = put_short_byte(packed[2 * i], text);
            text = put_byte(packed[2 * i + 1], text);
        } else {
            text = put_short_byte(packed[2 * i + 1], text);
        }
    }
    *text = '\0';
    return text;
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
    size_t longest = family == AF_INET ? 16 : 46;
    char whole[46];

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
