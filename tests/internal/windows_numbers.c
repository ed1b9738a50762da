/* What the numbers of Windows mean that drivers and providers let through. The numbers stand here
 * as Microsoft lists them, not by the names that the library uses. */
#include "common/backend.h"
#include "test.h"

#include <limits.h>

typedef struct row {
    int number;
    int code;
} row;

static const row system_rows[] = {
    {1, PS_EOPNOTSUPP},
    {2, PS_ENOENT},
    {3, PS_ENOENT},
    {4, PS_EMFILE},
    {5, PS_EPERM},
    {6, PS_EBADF},
    {8, PS_ENOMEM},
    {13, PS_EINVAL},
    {14, PS_ENOMEM},
    {15, PS_ENOENT},
    {19, PS_EROFS},
    {23, PS_EIO},
    {31, PS_EIO},
    {32, PS_EBUSY},
    {33, PS_EBUSY},
    {39, PS_ENOSPC},
    {50, PS_EOPNOTSUPP},
    {51, PS_ECONNREFUSED},
    {52, PS_EADDRINUSE},
    {53, PS_ENETUNREACH},
    {54, PS_ENETDOWN},
    {55, PS_ENODEV},
    {58, PS_ENETDOWN},
    {59, PS_ENETDOWN},
    {64, PS_ECONNRESET},
    {65, PS_EACCES},
    {68, PS_EADDRINUSE},
    {80, PS_EEXIST},
    {87, PS_EINVAL},
    {109, PS_EPIPE},
    {110, PS_EIO},
    {111, PS_EFAULT},
    {112, PS_ENOSPC},
    {121, PS_ETIMEDOUT},
    {122, PS_EFAULT},
    {123, PS_ENOENT},
    {126, PS_ENOENT},
    {145, PS_ENOTEMPTY},
    {161, PS_ENOENT},
    {183, PS_EEXIST},
    {206, PS_ENAMETOOLONG},
    {230, PS_EPIPE},
    {231, PS_EBUSY},
    {232, PS_EPIPE},
    {233, PS_EPIPE},
    {234, PS_EMSGSIZE},
    {258, PS_ETIMEDOUT},
    {267, PS_ENOTDIR},
    {740, PS_EACCES},
    {995, PS_EINTR},
    {998, PS_EFAULT},
    {1004, PS_EINVAL},
    {1117, PS_EIO},
    {1168, PS_ENOENT},
    {1214, PS_EADDRNOTAVAIL},
    {1222, PS_ENETDOWN},
    {1223, PS_ECANCELED},
    {1225, PS_ECONNREFUSED},
    {1226, PS_EDISCON},
    {1227, PS_EADDRINUSE},
    {1228, PS_EADDRNOTAVAIL},
    {1229, PS_ENOTCONN},
    {1230, PS_EISCONN},
    {1231, PS_ENETUNREACH},
    {1232, PS_EHOSTUNREACH},
    {1233, PS_ENETUNREACH},
    {1234, PS_ECONNREFUSED},
    {1235, PS_EINTR},
    {1236, PS_ECONNABORTED},
    {1241, PS_EADDRNOTAVAIL},
    {1256, PS_EHOSTDOWN},
    {1314, PS_EPERM},
    {1450, PS_ENOBUFS},
    {1451, PS_ENOBUFS},
    {1452, PS_ENOBUFS},
    {1453, PS_ENOBUFS},
    {1454, PS_ENOBUFS},
    {1455, PS_ENOMEM},
    {1460, PS_ETIMEDOUT},
    {1784, PS_EMSGSIZE},
    {1816, PS_ENOBUFS},
    {1920, PS_EACCES},
    {1921, PS_ELOOP},
    {2250, PS_ENOTCONN},
    {10052, PS_ENETRESET},
    {10103, PS_ECANCELED},
    {10104, PS_ESYSNOTREADY},
    {10105, PS_ESYSNOTREADY},
    {10106, PS_ESYSNOTREADY},
    {10107, PS_EIO},
    {10111, PS_ECANCELED},
};

enum { SYSTEM_ROWS = sizeof system_rows / sizeof system_rows[0] };

START_TEST(windows_numbers_have_meanings)
{
    for (int i = 0; i < SYSTEM_ROWS; i++)
        ck_assert_msg(ps__from_os(system_rows[i].number) == system_rows[i].code, "%d is %s, not %s",
                      system_rows[i].number, ps_error_name(ps__from_os(system_rows[i].number)),
                      ps_error_name(system_rows[i].code));
}
END_TEST

/* A code's own number is Winsock's where there is one: what a program compares with. */
START_TEST(windows_numbers_of_codes_are_winsocks)
{
    for (int i = 0; i < SYSTEM_ROWS; i++) {
        int native = ps_error_native(system_rows[i].code);

        ck_assert_int_ne(native, 0);
        ck_assert_code(ps__from_os(native), system_rows[i].code);
    }
    ck_assert_int_eq(ps_error_native(ps__from_os(121)), 10060);
    ck_assert_int_eq(ps_error_native(ps__from_os(1225)), 10061);
    ck_assert_int_eq(ps_error_native(ps__from_os(64)), 10054);
    ck_assert_int_eq(ps_error_native(ps__from_os(995)), 10004);
    ck_assert_int_eq(ps_error_native(ps__from_os(6)), 10009);
}
END_TEST

/* No number loses itself in a code that does not stand above. */
START_TEST(windows_numbers_without_a_meaning_stay)
{
    static const int unknown[] = {21, 38, 317, 996, 997, 1237, 10102, 10108, 10110, 10112, 11001};

    for (size_t i = 0; i < sizeof unknown / sizeof unknown[0]; i++) {
        ck_assert_str_eq(ps_error_name(ps__from_os(unknown[i])), "OS_ERROR");
        ck_assert_int_eq(ps_error_native(ps__from_os(unknown[i])), unknown[i]);
    }
    for (int n = 1; n < 10000; n++) {
        int i = 0;

        while (i < SYSTEM_ROWS && system_rows[i].number != n)
            i++;
        if (i == SYSTEM_ROWS && ps_error_native(ps__from_os(n)) != n)
            ck_abort_msg("%d is %s", n, ps_error_name(ps__from_os(n)));
    }
}
END_TEST

/* What Winsock makes of each status of a driver (libuv, src/win/winsock.c). */
START_TEST(windows_numbers_of_drivers)
{
    static const struct {
        unsigned status;
        int code;
    } rows[] = {
        {0x80000005, PS_EMSGSIZE},      {0xc0000005, PS_EFAULT},
        {0xc0000007, PS_ENOBUFS},       {0xc0000008, PS_EBADF},
        {0xc000000d, PS_EINVAL},        {0xc000000e, PS_ENETDOWN},
        {0xc0000010, PS_EOPNOTSUPP},    {0xc0000017, PS_ENOMEM},
        {0xc0000018, PS_EADDRNOTAVAIL}, {0xc0000022, PS_EPERM},
        {0xc0000023, PS_EFAULT},        {0xc0000044, PS_ENOBUFS},
        {0xc000009a, PS_ENOBUFS},       {0xc00000a1, PS_ENOBUFS},
        {0xc00000b0, PS_EPIPE},         {0xc00000b5, PS_ETIMEDOUT},
        {0xc00000bb, PS_EOPNOTSUPP},    {0xc00000bc, PS_ECONNREFUSED},
        {0xc00000be, PS_ENETUNREACH},   {0xc00000bf, PS_ENETDOWN},
        {0xc00000c3, PS_ENETDOWN},      {0xc00000c4, PS_ENETDOWN},
        {0xc000011f, PS_EMFILE},        {0xc0000120, PS_EINTR},
        {0xc000013b, PS_ECONNABORTED},  {0xc000013c, PS_ECONNRESET},
        {0xc000013d, PS_ENOBUFS},       {0xc000013e, PS_ECONNRESET},
        {0xc000013f, PS_ETIMEDOUT},     {0xc0000140, PS_ENOTCONN},
        {0xc0000141, PS_EADDRNOTAVAIL}, {0xc0000206, PS_EMSGSIZE},
        {0xc0000207, PS_EADDRNOTAVAIL}, {0xc0000209, PS_EADDRINUSE},
        {0xc000020a, PS_EADDRINUSE},    {0xc000020c, PS_ECONNRESET},
        {0xc000020d, PS_ECONNRESET},    {0xc000020f, PS_ECONNABORTED},
        {0xc0000236, PS_ECONNREFUSED},  {0xc0000237, PS_EDISCON},
        {0xc000023a, PS_ENOTCONN},      {0xc000023b, PS_EISCONN},
        {0xc000023c, PS_ENETUNREACH},   {0xc000023d, PS_EHOSTUNREACH},
        {0xc000023e, PS_ENETUNREACH},   {0xc000023f, PS_ECONNREFUSED},
        {0xc0000240, PS_EINTR},         {0xc0000241, PS_ECONNABORTED},
        {0xc0000350, PS_EHOSTDOWN},     {0xc000a012, PS_ECONNRESET},
        {0xc0072739, PS_EPROTOTYPE},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        ck_assert_msg(ps__from_os((int)rows[i].status) == rows[i].code, "%#x is %s, not %s",
                      rows[i].status, ps_error_name(ps__from_os((int)rows[i].status)),
                      ps_error_name(rows[i].code));
    /* Unknown, or not of Windows: a failure all the same. */
    ck_assert_code(ps__from_os((int)0xc0000aaa), PS_EIO);
    ck_assert_code(ps__from_os((int)0xe0000236), PS_EIO);
    ck_assert_code(ps__from_os(INT_MIN), PS_EIO);
}
END_TEST

START_TEST(windows_numbers_of_the_resolver)
{
    static const row rows[] = {
        {8, PS_EAI_MEMORY},       {14, PS_EAI_MEMORY},     {1450, PS_EAI_MEMORY},
        {1460, PS_EAI_AGAIN},     {9002, PS_EAI_AGAIN},    {9003, PS_EAI_NONAME},
        {9005, PS_EAI_FAIL},      {9501, PS_EAI_NONAME},   {10022, PS_EAI_BADFLAGS},
        {10044, PS_EAI_SOCKTYPE}, {10047, PS_EAI_FAMILY},  {10050, PS_EAI_AGAIN},
        {10051, PS_EAI_AGAIN},    {10055, PS_EAI_MEMORY},  {10060, PS_EAI_AGAIN},
        {10103, PS_EAI_AGAIN},    {10108, PS_EAI_SERVICE}, {10109, PS_EAI_SERVICE},
        {10111, PS_EAI_AGAIN},    {10112, PS_EAI_FAIL},    {11001, PS_EAI_NONAME},
        {11002, PS_EAI_AGAIN},    {11003, PS_EAI_FAIL},    {11004, PS_EAI_NONAME},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        int code = ps__from_resolver(rows[i].number);

        ck_assert_msg(code == rows[i].code, "%d is %s", rows[i].number, ps_error_name(code));
        ck_assert_code(ps__from_resolver(ps_error_native(code)), code);
    }
}
END_TEST

void add_windows_numbers_tests(Suite *suite);
void add_windows_numbers_tests(Suite *suite)
{
    ADD_TEST_CASE(suite, windows_numbers_have_meanings);
    ADD_TEST_CASE(suite, windows_numbers_of_codes_are_winsocks);
    ADD_TEST_CASE(suite, windows_numbers_without_a_meaning_stay);
    ADD_TEST_CASE(suite, windows_numbers_of_drivers);
    ADD_TEST_CASE(suite, windows_numbers_of_the_resolver);
}
