/*
 * How IPv4 and IPv6 addresses are written, to the byte as glibc's inet_ntop does: for libportsock,
 * and for libportsock-capture, whose lines are full of addresses. Each function writes a text and
 * its NUL, and returns where that is.
 */
#ifndef PS_ADDRESS_TEXT_H
#define PS_ADDRESS_TEXT_H

#include <string.h>

/* The sizes of the longest texts. */
enum { PS__INET_TEXT_MAX = 16, PS__INET6_TEXT_MAX = 46 };

/* A part of a dotted quad with the dot behind it; `length` counts the digits. */
static const struct {
    char text[5];
    unsigned char length;
} ps__decimal[256] = {
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
static const char ps__hexadecimal[] =
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

/* All four characters are copied, whatever the length: the next part writes over what is too
 * many. */
static inline char *ps__write_part(unsigned char part, char *text)
{
    memcpy(text, ps__decimal[part].text, 4);
    return text + ps__decimal[part].length + 1;
}

static inline char *ps__write_inet(const unsigned char packed[4], char *text)
{
    text = ps__write_part(packed[0], text);
    text = ps__write_part(packed[1], text);
    text = ps__write_part(packed[2], text);
    text = ps__write_part(packed[3], text);
    *--text = '\0';
    return text;
}

static inline char *ps__write_byte(unsigned byte, char *text)
{
    memcpy(text, ps__hexadecimal + 2 * byte, 2);
    return text + 2;
}

/* Without a leading zero. */
static inline char *ps__write_short_byte(unsigned byte, char *text)
{
    if (byte > 15)
        return ps__write_byte(byte, text);
    *text = ps__hexadecimal[2 * byte + 1];
    return text + 1;
}

/* The first of the longest runs of at least two groups that are zero; none has the length 0. */
static inline void ps__find_zeros(const unsigned char packed[16], int *start, int *length)
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

static inline char *ps__write_inet6(const unsigned char packed[16], char *text)
{
    int zeros, length;

    ps__find_zeros(packed, &zeros, &length);
    /* The two kinds of addresses that contain an IPv4 address end in its text. */
    if (zeros == 0 && length == 6) {
        memcpy(text, "::", 2);
        return ps__write_inet(packed + 12, text + 2);
    }
    if (zeros == 0 && length == 5 && packed[10] == 0xff && packed[11] == 0xff) {
        memcpy(text, "::ffff:", 7);
        return ps__write_inet(packed + 12, text + 7);
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
            text = ps__write_short_byte(packed[2 * i], text);
            text = ps__write_byte(packed[2 * i + 1], text);
        } else {
            text = ps__write_short_byte(packed[2 * i + 1], text);
        }
    }
    *text = '\0';
    return text;
}

#endif
