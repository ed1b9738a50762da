/* The packed and text forms of IPv4 and IPv6 addresses: ps_inet_aton, ps_inet_ntoa,
 * ps_inet_pton, ps_inet_ntop (rows R121 to R125). */
#include "test.h"

#include <stdio.h>

/* ---- helpers --------------------------------------------------------------------------------- */

#define CANARY 0xa5

enum { ROUNDS = 200000, GUARD = 8 };

typedef struct packed_text {
    const char *text;
    unsigned char packed[16];
} packed_text;

/* The same numbers in every run. */
static uint32_t next_random(void)
{
    static uint64_t state = 0x9e3779b97f4a7c15u;

    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (uint32_t)(state >> 24);
}

/* A random address with runs of zeros, as real ones have; some hold an IPv4 address. */
static void random_address(unsigned char packed[16])
{
    uint32_t zeros = next_random();

    for (int i = 0; i < 16; i++)
        packed[i] = zeros >> i & 1 ? 0 : (unsigned char)(next_random() >> (next_random() % 8));
    if (next_random() % 8 == 0) {
        memset(packed, 0, 12);
        if (next_random() % 2 == 0)
            packed[10] = packed[11] = 0xff;
    }
}

/* A copy of a text on the heap, not a byte longer, so that a checker sees a read beyond its end. */
static char *exact_copy(const char *text)
{
    size_t size = strlen(text) + 1;
    char *copy = malloc(size);

    ck_assert_ptr_nonnull(copy);
    memcpy(copy, text, size);
    return copy;
}

/* Calls ps_inet_pton, or ps_inet_aton for the family 0, and checks that nothing else than the
 * result was written. */
static int read_packed(int family, const char *text, unsigned char *packed)
{
    unsigned char buffer[16 + GUARD];
    size_t size = family == AF_INET6 ? 16 : 4;
    char *copy = exact_copy(text);
    int code;

    memset(buffer, CANARY, sizeof buffer);
    code = family == 0 ? ps_inet_aton(copy, buffer) : ps_inet_pton(family, copy, buffer);
    for (size_t i = code == 0 ? size : 0; i < sizeof buffer; i++) {
        if (buffer[i] != CANARY)
            ck_abort_msg("'%s' wrote byte %d", text, (int)i);
    }
    if (code == 0)
        memcpy(packed, buffer, size);
    free(copy);
    return code;
}

static void check_good(int family, const packed_text *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        unsigned char packed[16];
        int code = read_packed(family, rows[i].text, packed);

        ck_assert_msg(code == 0, "'%s' gives %s", rows[i].text, ps_error_name(code));
        ck_assert_msg(memcmp(packed, rows[i].packed, family == AF_INET6 ? 16 : 4) == 0,
                      "'%s' is wrong", rows[i].text);
    }
}

static void check_bad(int family, const char *const *texts, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        unsigned char packed[16];
        int code = read_packed(family, texts[i], packed);

        ck_assert_msg(code == PS_BAD_ADDRESS, "'%s' gives %s", texts[i], ps_error_name(code));
    }
}

#define CHECK_GOOD(family, rows) check_good(family, rows, sizeof(rows) / sizeof *(rows))
#define CHECK_BAD(family, texts) check_bad(family, texts, sizeof(texts) / sizeof *(texts))

/* The address is written, read, and the same again. */
static bool comes_back(int family, const unsigned char *packed)
{
    size_t size = family == AF_INET ? 4 : 16;
    unsigned char again[16];
    char text[46];

    return ps_inet_ntop(family, packed, size, text, sizeof text) == 0 &&
           ps_inet_pton(family, text, again) == 0 && memcmp(packed, again, size) == 0;
}

/* ---- ps_inet_pton ---------------------------------------------------------------------------- */

/* Rows: R123. */
START_TEST(inet_pton_reads_dotted_quads)
{
    static const packed_text rows[] = {
        {"0.0.0.0", {0}},
        {"1.2.3.4", {1, 2, 3, 4}},
        {"9.10.99.100", {9, 10, 99, 100}},
        {"127.0.0.1", {127, 0, 0, 1}},
        {"192.0.2.1", {192, 0, 2, 1}},
        {"199.200.249.250", {199, 200, 249, 250}},
        {"255.255.255.255", {255, 255, 255, 255}},
    };

    CHECK_GOOD(AF_INET, rows);
}
END_TEST

/* Rows: R123. Traps: ADR-4. */
START_TEST(inet_pton_refuses_other_than_strict_quads)
{
    static const char *const texts[] = {
        "",
        " ",
        ".",
        "...",
        "1",
        "1.2",
        "1.2.3",
        "1.2.3.",
        "1.2.3.4.",
        "1.2.3.4.5",
        ".1.2.3.4",
        "1..2.3",
        "1.2..3.4",
        "256.1.1.1",
        "1.256.1.1",
        "1.1.1.256",
        "1.1.1.999",
        "1.1.1.1000",
        "01.2.3.4",
        "1.2.3.04",
        "00.0.0.0",
        "0.0.0.00",
        "1.1.1.010",
        "0x7f.0.0.1",
        "1.2.3.0x4",
        "+1.2.3.4",
        "1.2.3.-4",
        " 1.2.3.4",
        "1.2.3.4 ",
        "1.2.3.4\n",
        "1.2. 3.4",
        "1.2.3.4a",
        "a.b.c.d",
        "1.2.3.4/24",
        "1.2.3.4:80",
        "1,2,3,4",
        "1.2.3.:",
        "1.2.3./",
        "::1",
        "::ffff:1.2.3.4",
        "2130706433",
        "127.1",
        "localhost",
        "1.2.3.4%lo",
        "1.2.3.\xd9\xa4",
        "1.2.3.\xb2",
        "300.300.300.300",
        "1.2.3.4294967300",
    };

    CHECK_BAD(AF_INET, texts);
}
END_TEST

/* Rows: R123 R125. */
START_TEST(inet_pton_reads_inet6)
{
    static const packed_text rows[] = {
        {"::", {0}},
        {"::1", {[15] = 1}},
        {"1::", {0, 1}},
        {"::0", {0}},
        {"0::", {0}},
        {"0:0:0:0:0:0:0:0", {0}},
        {"0000:0000:0000:0000:0000:0000:0000:0000", {0}},
        {"fe80::1", {0xfe, 0x80, [15] = 1}},
        {"1:2:3:4:5:6:7:8", {0, 1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6, 0, 7, 0, 8}},
        {"::2:3:4:5:6:7:8", {0, 0, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6, 0, 7, 0, 8}},
        {"1:2:3:4:5:6:7::", {0, 1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6, 0, 7, 0, 0}},
        {"1:2:3::5:6:7:8", {0, 1, 0, 2, 0, 3, 0, 0, 0, 5, 0, 6, 0, 7, 0, 8}},
        {"1::8", {0, 1, [15] = 8}},
        {"2001:DB8::ABCD:ef01", {0x20, 0x01, 0x0d, 0xb8, [12] = 0xab, 0xcd, 0xef, 0x01}},
        {"2001:0db8:85a3:0000:0000:8a2e:0370:7334",
         {0x20, 0x01, 0x0d, 0xb8, 0x85, 0xa3, 0, 0, 0, 0, 0x8a, 0x2e, 0x03, 0x70, 0x73, 0x34}},
        {"ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
         {255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255}},
        {"::192.0.2.1", {[12] = 192, 0, 2, 1}},
        {"::ffff:192.0.2.1", {[10] = 255, 255, 192, 0, 2, 1}},
        {"::FFFF:c000:0201", {[10] = 255, 255, 192, 0, 2, 1}},
        {"64:ff9b::255.255.255.255", {0, 0x64, 0xff, 0x9b, [12] = 255, 255, 255, 255}},
        {"1:2:3:4:5:6:1.2.3.4", {0, 1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6, 1, 2, 3, 4}},
        {"1:2:3:4:5::1.2.3.4", {0, 1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 0, 1, 2, 3, 4}},
        {"0000:0000:0000:0000:0000:ffff:255.255.255.255", {[10] = 255, 255, 255, 255, 255, 255}},
    };

    CHECK_GOOD(AF_INET6, rows);
}
END_TEST

/* Traps: ADR-4. */
START_TEST(inet_pton_refuses_bad_inet6)
{
    static const char *const texts[] = {
        "",
        " ",
        ":",
        ":::",
        "::::",
        "1",
        "1:",
        ":1",
        "1:2",
        "1:2:3:4:5:6:7",
        "1:2:3:4:5:6:7:",
        ":1:2:3:4:5:6:7",
        "1:2:3:4:5:6:7:8:",
        "1:2:3:4:5:6:7:8:9",
        "::1:2:3:4:5:6:7:8",
        "1:2:3:4:5:6:7:8::",
        "1:2:3:4::5:6:7:8",
        "1::2::3",
        "::1::",
        "1:::2",
        "::1:",
        "12345::",
        "::12345",
        "::00001",
        "g::",
        "::g",
        "::-1",
        "::+1",
        "::0x1",
        " ::1",
        "::1 ",
        "::1\n",
        "::1%1",
        "fe80::1%lo",
        "::1/128",
        "[::1]",
        "[::1]:80",
        "1.2.3.4",
        "::1.2.3",
        "::1.2.3.",
        "::1.2.3.4.",
        "::1.2.3.4.5",
        "::1.2.3.256",
        "::01.2.3.4",
        "::1.2.3.04",
        "::a.2.3.4",
        "::.1.2.3",
        "1::001.2.3.4",
        "1.2.3.4::",
        "::1.2.3.4:5",
        "1:2:3:4:5:6:7:1.2.3.4",
        "1:2:3:4:5:1.2.3.4",
        "1:2:3:4:5:6::1.2.3.4",
        "1:2:3:4:5:6:7::1.2.3.4",
        "::ffff:1.2.3.4 ",
        "::\xef\xbc\x91",
        "0000:0000:0000:0000:0000:0000:0000:00000",
        "1111111111111111111111111111111111111111111111111111111111111111111111111111",
        "::::::::::::::::::::::::::::::::::::::::::::::::::::::::::::::::::::::::::::",
    };

    CHECK_BAD(AF_INET6, texts);
}
END_TEST

/* Every beginning of an address is read to its end and not beyond, whatever it means. */
START_TEST(inet_pton_stops_at_the_end_of_the_text)
{
    static const char *const texts[] = {"255.255.255.255",
                                        "2001:0db8:85a3:0000:0000:8a2e:255.255.255.255",
                                        "1:22:333:4444::6:7:8", "::ffff:192.0.2.128"};

    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        for (size_t length = 0; length < strlen(texts[i]); length++) {
            char text[64] = "";
            unsigned char packed[16];

            memcpy(text, texts[i], length);
            (void)read_packed(AF_INET, text, packed);
            (void)read_packed(AF_INET6, text, packed);
            (void)read_packed(0, text, packed);
        }
    }
}
END_TEST

/* Rows: R123. */
START_TEST(inet_pton_knows_two_families)
{
    unsigned char packed[16];

    memset(packed, CANARY, sizeof packed);
    ck_assert_code(ps_inet_pton(AF_UNSPEC, "1.2.3.4", packed), PS_EAFNOSUPPORT);
    ck_assert_code(ps_inet_pton(AF_UNIX, "1.2.3.4", packed), PS_EAFNOSUPPORT);
    ck_assert_code(ps_inet_pton(999, "::1", packed), PS_EAFNOSUPPORT);
    ck_assert_code(ps_inet_pton(-1, "::1", packed), PS_EAFNOSUPPORT);
    ck_assert_code(ps_inet_pton(999, "nonsense", packed), PS_EAFNOSUPPORT);
    for (size_t i = 0; i < sizeof packed; i++)
        ck_assert_uint_eq(packed[i], CANARY);
}
END_TEST

START_TEST(inet_pton_refuses_null)
{
    unsigned char packed[16];

    ck_assert_code(ps_inet_pton(AF_INET, NULL, packed), PS_BAD_ADDRESS);
    ck_assert_code(ps_inet_pton(AF_INET6, NULL, packed), PS_BAD_ADDRESS);
    ck_assert_code(ps_inet_pton(AF_INET, "1.2.3.4", NULL), PS_EFAULT);
    ck_assert_code(ps_inet_pton(AF_INET6, "::1", NULL), PS_EFAULT);
}
END_TEST

/* ---- ps_inet_ntop ---------------------------------------------------------------------------- */

/* Rows: R124. Traps: ADR-5. */
START_TEST(inet_ntop_writes_rfc_5952)
{
    static const packed_text rows[] = {
        {"::", {0}},
        {"::1", {[15] = 1}},
        {"1::", {0, 1}},
        {"fe80::1", {0xfe, 0x80, [15] = 1}},
        {"2001:db8::ff00:42:8329", {0x20, 1, 0x0d, 0xb8, [10] = 0xff, 0, 0, 0x42, 0x83, 0x29}},
        /* A lone group of zeros is not shortened. */
        {"2001:db8:0:1:1:1:1:1", {0x20, 1, 0x0d, 0xb8, 0, 0, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1}},
        {"0:1:2:3:4:5:6:7", {0, 0, 0, 1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6, 0, 7}},
        {"1:2:3:4:5:6:7:0", {0, 1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6, 0, 7, 0, 0}},
        /* The longest run is, and of two the first. */
        {"2001:0:0:1::1", {0x20, 1, [7] = 1, [15] = 1}},
        {"2001:db8::1:0:0:1", {0x20, 1, 0x0d, 0xb8, [9] = 1, [15] = 1}},
        {"1::1:0:0:1:1", {0, 1, [7] = 1, [13] = 1, [15] = 1}},
        {"::1:1:0:0:1:0", {[5] = 1, [7] = 1, [13] = 1}},
        {"1:2:3:4:5:6::", {0, 1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6}},
        {"::3:4:5:6:7:8", {[5] = 3, [7] = 4, [9] = 5, [11] = 6, [13] = 7, [15] = 8}},
        {"a:b:c:d:e:f:10:100", {0, 10, 0, 11, 0, 12, 0, 13, 0, 14, 0, 15, 0, 16, 1, 0}},
        {"f:ff:fff:ffff:1000:f00:f0:1",
         {0, 15, 0, 255, 15, 255, 255, 255, 16, 0, 15, 0, 0, 240, 0, 1}},
        {"ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
         {255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255}},
        /* What holds an IPv4 address shows it. */
        {"::ffff:192.0.2.1", {[10] = 255, 255, 192, 0, 2, 1}},
        {"::ffff:0.0.0.0", {[10] = 255, 255}},
        {"::ffff:255.255.255.255", {[10] = 255, 255, 255, 255, 255, 255}},
        {"::192.0.2.1", {[12] = 192, 0, 2, 1}},
        {"::0.1.0.0", {[13] = 1}},
        {"::ffff", {[14] = 255, 255}},
        {"::ffff:0:102:304", {[8] = 255, 255, 0, 0, 1, 2, 3, 4}},
        {"::fffe:102:304", {[10] = 255, 254, 1, 2, 3, 4}},
        {"64:ff9b::102:304", {0, 0x64, 0xff, 0x9b, [12] = 1, 2, 3, 4}},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char text[46];

        ck_assert_ok(ps_inet_ntop(AF_INET6, rows[i].packed, 16, text, sizeof text));
        ck_assert_str_eq(text, rows[i].text);
    }
}
END_TEST

/* Rows: R125. */
START_TEST(inet_ntop_writes_every_part)
{
    for (int part = 0; part < 256; part++) {
        unsigned char packed[4] = {(unsigned char)part, (unsigned char)(255 - part), 7,
                                   (unsigned char)part};
        char expected[32], text[16];

        snprintf(expected, sizeof expected, "%d.%d.7.%d", part, 255 - part, part);
        ck_assert_ok(ps_inet_ntop(AF_INET, packed, 4, text, sizeof text));
        ck_assert_str_eq(text, expected);
    }
}
END_TEST

/* Into a buffer of every size: the text and nothing behind it, or "" and PS_BAD_LENGTH. */
static void check_sizes(int family, const void *packed, size_t len, const char *expected)
{
    for (size_t n = 0; n <= 64; n++) {
        char text[64 + GUARD];
        int code;

        memset(text, CANARY, sizeof text);
        code = ps_inet_ntop(family, packed, len, text, n);
        if (n > strlen(expected)) {
            ck_assert_code(code, 0);
            ck_assert_str_eq(text, expected);
        } else {
            ck_assert_code(code, PS_BAD_LENGTH);
            if (n > 0)
                ck_assert_str_eq(text, "");
        }
        for (size_t i = n; i < sizeof text; i++) {
            if ((unsigned char)text[i] != CANARY)
                ck_abort_msg("%s: byte %d written of %d", expected, (int)i, (int)n);
        }
    }
}

/* Traps: ADR-5. */
START_TEST(inet_ntop_fits_every_buffer)
{
    check_sizes(AF_INET, "\0\0\0\0", 4, "0.0.0.0");
    check_sizes(AF_INET, "\300\0\2\1", 4, "192.0.2.1");
    check_sizes(AF_INET, "\377\377\377\377", 4, "255.255.255.255");
    check_sizes(AF_INET6, "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 16, "::");
    check_sizes(AF_INET6, "\0\0\0\0\0\0\0\0\0\0\377\377\377\377\377\377", 16,
                "::ffff:255.255.255.255");
    check_sizes(AF_INET6, "\377\377\377\377\377\377\377\377\377\377\377\377\377\377\377\377", 16,
                "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff");
}
END_TEST

/* Rows: R124. */
START_TEST(inet_ntop_refuses_wrong_lengths_and_families)
{
    static const unsigned char packed[32] = {1, 2, 3, 4};

    for (size_t len = 0; len <= sizeof packed; len++) {
        char text[46] = "x", text6[46] = "x", none[46] = "x";

        ck_assert_code(ps_inet_ntop(AF_INET, packed, len, text, sizeof text),
                       len == 4 ? 0 : PS_BAD_LENGTH);
        ck_assert_str_eq(text, len == 4 ? "1.2.3.4" : "");
        ck_assert_code(ps_inet_ntop(AF_INET6, packed, len, text6, sizeof text6),
                       len == 16 ? 0 : PS_BAD_LENGTH);
        ck_assert_str_eq(text6, len == 16 ? "102:304::" : "");
        ck_assert_code(ps_inet_ntop(AF_UNSPEC, packed, len, none, sizeof none), PS_BAD_FAMILY);
        ck_assert_str_eq(none, "");
        ck_assert_code(ps_inet_ntop(999, packed, len, none, sizeof none), PS_BAD_FAMILY);
    }
}
END_TEST

START_TEST(inet_ntop_refuses_null)
{
    unsigned char packed[4] = {1, 2, 3, 4};
    char text[16] = "x";

    ck_assert_code(ps_inet_ntop(AF_INET, packed, 4, NULL, 16), PS_EFAULT);
    ck_assert_code(ps_inet_ntop(AF_INET, NULL, 4, text, sizeof text), PS_EFAULT);
    ck_assert_str_eq(text, "");
}
END_TEST

/* ---- both ------------------------------------------------------------------------------------ */

/* Rows: R180. */
START_TEST(inet_text_comes_back_equal)
{
    for (int round = 0; round < ROUNDS; round++) {
        unsigned char packed[16], again[4];
        char text[46], quad[16];

        random_address(packed);
        if (!comes_back(AF_INET6, packed) || !comes_back(AF_INET, packed + 12)) {
            (void)ps_inet_ntop(AF_INET6, packed, 16, text, sizeof text);
            ck_abort_msg("'%s'", text);
        }
        if (ps_inet_ntoa(packed + 12, 4, quad) != 0 || ps_inet_aton(quad, again) != 0 ||
            memcmp(packed + 12, again, 4) != 0)
            ck_abort_msg("'%s'", quad);
    }
}
END_TEST

/* A good text, or one that a few changes have made almost one. */
static void random_text(int family, char text[64])
{
    static const char characters[] = "0123456789abcdefABCDEFg.: x";
    unsigned char packed[16];
    size_t length;

    random_address(packed);
    (void)ps_inet_ntop(family, packed, family == AF_INET ? 4 : 16, text, 46);
    length = strlen(text);
    for (uint32_t changes = next_random() % 3; changes > 0; changes--) {
        size_t at = next_random() % length;

        if (next_random() % 2 == 0) {
            memmove(text + at + 1, text + at, length - at + 1);
            length++;
        }
        text[at] = characters[next_random() % (sizeof characters - 1)];
    }
}

/* glibc's inet_pton takes the same texts. Windows' does not ("1::001.2.3.4"), and writes when it
 * refuses. */
static bool system_agrees(int family, const char *text, bool good, const unsigned char *packed)
{
#ifdef __GLIBC__
    unsigned char theirs[16];

    if ((inet_pton(family, text, theirs) == 1) != good)
        return false;
    return !good || memcmp(theirs, packed, family == AF_INET ? 4 : 16) == 0;
#else
    (void)family, (void)text, (void)good, (void)packed;
    return true;
#endif
}

/* Traps: ADR-4. */
START_TEST(inet_pton_judges_texts_that_are_almost_good)
{
    int accepted = 0;

    for (int round = 0; round < ROUNDS; round++) {
        int family = round % 2 == 0 ? AF_INET : AF_INET6;
        unsigned char packed[16];
        char text[64];
        bool good;

        random_text(family, text);
        good = read_packed(family, text, packed) == 0;
        if (!system_agrees(family, text, good, packed) || (good && !comes_back(family, packed)))
            ck_abort_msg("'%s'", text);
        accepted += good;
    }
    ck_assert_int_gt(accepted, ROUNDS / 4);
    ck_assert_int_lt(accepted, ROUNDS * 3 / 4);
}
END_TEST

/* ---- ps_inet_aton ---------------------------------------------------------------------------- */

/* Rows: R121. Traps: ADR-6. */
START_TEST(inet_aton_reads_one_to_four_parts)
{
    static const packed_text rows[] = {
        {"1.2.3.4", {1, 2, 3, 4}},
        {"255.255.255.255", {255, 255, 255, 255}},
        {"0", {0, 0, 0, 0}},
        {"1", {0, 0, 0, 1}},
        {"2130706433", {127, 0, 0, 1}},
        {"4294967295", {255, 255, 255, 255}},
        {"127.1", {127, 0, 0, 1}},
        {"127.16777215", {127, 255, 255, 255}},
        {"127.1.1", {127, 1, 0, 1}},
        {"10.1.65535", {10, 1, 255, 255}},
        {"0x7f000001", {127, 0, 0, 1}},
        {"0X7F.1", {127, 0, 0, 1}},
        {"0xff.0xFf.0xFF.0xfF", {255, 255, 255, 255}},
        {"0x0000000001", {0, 0, 0, 1}},
        {"0177.1", {127, 0, 0, 1}},
        {"017700000001", {127, 0, 0, 1}},
        {"010.2.3.4", {8, 2, 3, 4}},
        {"00.00.00.00", {0, 0, 0, 0}},
        {"0000000000000000000000001", {0, 0, 0, 1}},
        {"1.02.0x3.4", {1, 2, 3, 4}},
    };

    CHECK_GOOD(0, rows);
}
END_TEST

/* Rows: R121. Traps: ADR-6. */
START_TEST(inet_aton_refuses_everything_else)
{
    static const char *const texts[] = {
        "",
        " ",
        "\n",
        ".",
        "..",
        "1.",
        "1.2.",
        "1.2.3.",
        "1.2.3.4.",
        ".1",
        "1..2",
        "1.2.3.4.5",
        "256.1.1.1",
        "1.256.1.1",
        "1.2.3.256",
        "1.2.65536",
        "1.16777216",
        "4294967296",
        "0x100000000",
        "040000000000",
        "99999999999999999999999",
        "0xffffffffffffffffff",
        "08",
        "09.1",
        "018",
        "1.2.3.08",
        "0x",
        "0x.1",
        "1.0x",
        "0xg",
        "0x1g",
        "x1",
        "1a",
        "a",
        "-1",
        "+1",
        "1.-2",
        " 1.2.3.4",
        "1.2.3.4 ",
        "1.2.3.4\n",
        "1.2.3.4 x",
        "1.2.3.4x",
        "1 2 3 4",
        "1. 2.3.4",
        "1.2.3.4/8",
        "::1",
        "localhost",
        "1,2",
        "1.2.3.4:80",
        "0b1",
        "1e1",
        "\xd9\xa1",
    };

    CHECK_BAD(0, texts);
}
END_TEST

/* Rows: R179. Traps: ADR-6. */
START_TEST(inet_aton_reads_every_base_and_count)
{
    static const char *const bases[] = {"%u", "0%o", "0x%x", "0X%X"};

    for (int round = 0; round < ROUNDS; round++) {
        int parts = 1 + (int)(next_random() % 4);
        unsigned char expected[4], packed[4];
        uint32_t address = next_random();
        char text[64];
        int length = 0;

        for (int i = 0; i < 4; i++)
            expected[i] = (unsigned char)(address >> (24 - 8 * i));
        for (int i = 0; i < parts; i++) {
            uint32_t left = i == 0 ? address : address & (0xffffffffu >> 8 * i);
            uint32_t part = i == parts - 1 ? left : left >> (24 - 8 * i);

            if (i > 0)
                text[length++] = '.';
            length += snprintf(text + length, sizeof text - (size_t)length,
                               bases[next_random() % 4], (unsigned)part);
        }
        if (ps_inet_aton(text, packed) != 0 || memcmp(packed, expected, 4) != 0)
            ck_abort_msg("'%s'", text);
    }
}
END_TEST

START_TEST(inet_aton_refuses_null)
{
    unsigned char packed[4] = {CANARY, CANARY, CANARY, CANARY};

    ck_assert_code(ps_inet_aton(NULL, packed), PS_BAD_ADDRESS);
    ck_assert_uint_eq(packed[0], CANARY);
    ck_assert_code(ps_inet_aton("1.2.3.4", NULL), PS_EFAULT);
}
END_TEST

/* ---- ps_inet_ntoa ---------------------------------------------------------------------------- */

/* Rows: R122. */
START_TEST(inet_ntoa_writes_four_bytes)
{
    char text[16];

    ck_assert_ok(ps_inet_ntoa("\0\0\0\0", 4, text));
    ck_assert_str_eq(text, "0.0.0.0");
    ck_assert_ok(ps_inet_ntoa("\377\377\377\377", 4, text));
    ck_assert_str_eq(text, "255.255.255.255");
    ck_assert_ok(ps_inet_ntoa("\1\2\3\4", 4, text));
    ck_assert_str_eq(text, "1.2.3.4");
}
END_TEST

/* Rows: R122. */
START_TEST(inet_ntoa_refuses_other_lengths)
{
    static const unsigned char packed[16] = {1, 2, 3, 4};

    for (size_t len = 0; len <= sizeof packed; len++) {
        char text[16] = "x";

        ck_assert_code(ps_inet_ntoa(packed, len, text), len == 4 ? 0 : PS_BAD_LENGTH);
        ck_assert_str_eq(text, len == 4 ? "1.2.3.4" : "");
    }
}
END_TEST

START_TEST(inet_ntoa_refuses_null)
{
    char text[16] = "x";

    ck_assert_code(ps_inet_ntoa(NULL, 4, text), PS_EFAULT);
    ck_assert_str_eq(text, "");
    ck_assert_code(ps_inet_ntoa("\1\2\3\4", 4, NULL), PS_EFAULT);
}
END_TEST

void add_inet_text_tests(Suite *suite)
{
    ADD_TEST_CASE(suite, inet_pton_reads_dotted_quads);
    ADD_TEST_CASE(suite, inet_pton_refuses_other_than_strict_quads);
    ADD_TEST_CASE(suite, inet_pton_reads_inet6);
    ADD_TEST_CASE(suite, inet_pton_refuses_bad_inet6);
    ADD_TEST_CASE(suite, inet_pton_stops_at_the_end_of_the_text);
    ADD_TEST_CASE(suite, inet_pton_knows_two_families);
    ADD_TEST_CASE(suite, inet_pton_refuses_null);
    ADD_TEST_CASE(suite, inet_pton_judges_texts_that_are_almost_good);
    ADD_TEST_CASE(suite, inet_ntop_writes_rfc_5952);
    ADD_TEST_CASE(suite, inet_ntop_writes_every_part);
    ADD_TEST_CASE(suite, inet_ntop_fits_every_buffer);
    ADD_TEST_CASE(suite, inet_ntop_refuses_wrong_lengths_and_families);
    ADD_TEST_CASE(suite, inet_ntop_refuses_null);
    ADD_TEST_CASE(suite, inet_text_comes_back_equal);
    ADD_TEST_CASE(suite, inet_aton_reads_one_to_four_parts);
    ADD_TEST_CASE(suite, inet_aton_refuses_everything_else);
    ADD_TEST_CASE(suite, inet_aton_reads_every_base_and_count);
    ADD_TEST_CASE(suite, inet_aton_refuses_null);
    ADD_TEST_CASE(suite, inet_ntoa_writes_four_bytes);
    ADD_TEST_CASE(suite, inet_ntoa_refuses_other_lengths);
    ADD_TEST_CASE(suite, inet_ntoa_refuses_null);
}
