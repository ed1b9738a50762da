/* The three converters of native numbers into codes, and the conversion back, which loses
 * nothing. */
#include "common/backend.h"
#include "common/error/error.h"
#include "test.h"

#include <limits.h>

/* Windows has several numbers with one meaning: their code has one of them. */
static bool keeps(int number, int code)
{
    int native = ps_error_native(code);

#ifdef _WIN32
    return native == number || (native != 0 && ps__from_os(native) == code);
#else
    return native == number;
#endif
}

/* Traps: ERR-5. */
START_TEST(error_map_keeps_every_os_number)
{
    for (int n = 1; n <= 65535; n++) {
        int code = ps__from_os(n);

        ck_assert_msg(code < 0, "%d became %d", n, code);
        ck_assert_msg(keeps(n, code), "%d became %s, which is %d", n, ps_error_name(code),
                      ps_error_native(code));
        ck_assert_msg(ps_error_kind(code) == PS_KIND_OS, "%d is of kind %d", n,
                      (int)ps_error_kind(code));
    }
}
END_TEST

/* Windows' own errors may be an NTSTATUS or an HRESULT: large, and negative as an int. */
/* Traps: ERR-5. */
START_TEST(error_map_keeps_large_and_negative_os_numbers)
{
    static const int numbers[] = {65536, 100000, 0x7ffffff, -1, -2, -65536, -0x7ffffff};

    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        int code = ps__from_os(numbers[i]);
        ck_assert_int_lt(code, 0);
        ck_assert_int_eq(ps_error_native(code), numbers[i]);
        ck_assert_int_eq(ps_error_kind(code), PS_KIND_OS);
        ck_assert_str_eq(ps_error_name(code), "OS_ERROR");
    }
}
END_TEST

/* A failure without a usable number is still a failure. */
START_TEST(error_map_numbers_beyond_its_reach)
{
    static const int numbers[] = {0, 0x8000000, INT_MAX, -0x8000000, INT_MIN};

    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        ck_assert_code(ps__from_os(numbers[i]), PS_EIO);
        ck_assert_code(ps__from_resolver(numbers[i]), PS_EAI_FAIL);
        ck_assert_code(ps__from_host(numbers[i]), PS_NO_RECOVERY);
    }
}
END_TEST

/* A named code comes back from its own native number, by its own converter. */
/* Traps: ERR-1. */
START_TEST(error_map_named_codes_come_back)
{
#define GO_ROUND(code, from)                                                           \
    do {                                                                               \
        int native = ps_error_native(code);                                            \
        if (native != 0)                                                               \
            ck_assert_msg(from(native) == (code), #code " is %d, which is %s", native, \
                          ps_error_name(from(native)));                                \
    } while (0);
#define OS_ROW(name, number, windows, text) GO_ROUND(PS_##name, ps__from_os)
    PS_OS_ERRORS(OS_ROW)
#undef OS_ROW
#define ROW(name, number, text) GO_ROUND(PS_##name, ps__from_resolver)
    PS_GAI_ERRORS(ROW)
#undef ROW
#define ROW(name, number, text) GO_ROUND(PS_##name, ps__from_host)
    PS_HOST_ERRORS(ROW)
#undef ROW
#undef GO_ROUND
}
END_TEST

/* What a converter gives is of its kind, whatever the number: 11001 is two things on Windows, 1
 * is two on Linux. */
/* Rows: R107. */
START_TEST(error_map_the_converter_makes_the_kind)
{
    for (int n = -20000; n <= 20000; n++) {
        if (n == 0)
            continue;
        ck_assert_msg(ps_error_kind(ps__from_os(n)) == PS_KIND_OS, "%d", n);
        ck_assert_msg(ps_error_kind(ps__from_resolver(n)) == PS_KIND_GAI, "%d", n);
        ck_assert_msg(ps_error_kind(ps__from_host(n)) == PS_KIND_HOST, "%d", n);
    }
    ck_assert_int_ne(ps__from_os(HOST_NOT_FOUND), ps__from_host(HOST_NOT_FOUND));
}
END_TEST

/* Traps: RES-1. */
START_TEST(error_map_keeps_unknown_resolver_and_host_numbers)
{
    for (int n = 20000; n <= 21000; n++) {
        int code = ps__from_resolver(n);
        ck_assert_str_eq(ps_error_name(code), "EAI_ERROR");
        ck_assert_int_eq(ps_error_native(code), n);
        code = ps__from_resolver(-n);
        ck_assert_str_eq(ps_error_name(code), "EAI_ERROR");
        ck_assert_int_eq(ps_error_native(code), -n);
        code = ps__from_host(n);
        ck_assert_str_eq(ps_error_name(code), "HOST_ERROR");
        ck_assert_int_eq(ps_error_native(code), n);
    }
}
END_TEST

/* Unknown numbers have texts by kind, and no two kinds mix their numbers. */
/* Traps: ERR-2. */
START_TEST(error_map_unknown_numbers_have_texts)
{
    int os = ps__code_unknown(PS_KIND_OS, 4711);
    int resolver = ps__code_unknown(PS_KIND_GAI, 4711);
    int host = ps__code_unknown(PS_KIND_HOST, 4711);

    ck_assert_int_ne(os, resolver);
    ck_assert_int_ne(os, host);
    ck_assert_int_ne(resolver, host);
    ck_assert_str_ne(ps_strerror(os), "");
    ck_assert_str_ne(ps_strerror(os), ps_strerror(resolver));
    ck_assert_str_ne(ps_strerror(os), ps_strerror(host));
    ck_assert_str_ne(ps_strerror(resolver), ps_strerror(host));
}
END_TEST

void add_error_map_tests(Suite *suite);
void add_error_map_tests(Suite *suite)
{
    ADD_TEST_CASE(suite, error_map_keeps_every_os_number);
    ADD_TEST_CASE(suite, error_map_keeps_large_and_negative_os_numbers);
    ADD_TEST_CASE(suite, error_map_numbers_beyond_its_reach);
    ADD_TEST_CASE(suite, error_map_named_codes_come_back);
    ADD_TEST_CASE(suite, error_map_the_converter_makes_the_kind);
    ADD_TEST_CASE(suite, error_map_keeps_unknown_resolver_and_host_numbers);
    ADD_TEST_CASE(suite, error_map_unknown_numbers_have_texts);
}
