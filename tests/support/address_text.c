#include "address_text.h"

static void assert_parses_to(const ps_addr *a, int family, const char *text)
{
    ps_addr again;

    ck_assert_ok(ps_addr_parse(&again, family, text));
    ck_assert(ps_addr_equal(a, &again));
    ck_assert_uint_eq(ps_addr_hash(a), ps_addr_hash(&again));
    /* The length of a path is a part of the address; other families have shorter forms of the
     * same. */
    if (ps_addr_family(a) == AF_UNIX)
        ck_assert_int_eq(again.len, a->len);
}

void assert_address_text(const ps_addr *a, const char *expected)
{
    char text[PS_ADDR_TEXT_MAX];

    ck_assert_ok(ps_addr_format(a, text, sizeof text));
    if (expected)
        ck_assert_str_eq(text, expected);
    assert_parses_to(a, ps_addr_family(a), text);
    assert_parses_to(a, AF_UNSPEC, text);
    ck_assert_code(ps_addr_format(a, text, strlen(text)), PS_BAD_LENGTH);
    ck_assert_str_eq(text, "");
}

void assert_no_address(int code, int expected, const ps_addr *a)
{
    ck_assert_code(code, expected);
    ck_assert_int_eq(a->len, 0);
}
