/* Errors: codes, kinds, names, texts, and native numbers (rows R130 to R136; traps ERR-1 to
 * ERR-6). */
#include "test.h"

#include <errno.h>
#include <limits.h>

/* ---- the codes that have a name -------------------------------------------------------------- */

typedef struct named_code {
    int code;
    ps_kind kind;
    const char *name;
} named_code;

static const named_code codes[] = {
#define OS_ROW(name, number, windows, text) {PS_##name, PS_KIND_OS, #name},
    PS_OS_ERRORS(OS_ROW)
#undef OS_ROW
#define ROW(name, number, text) {PS_##name, PS_KIND_GAI, #name},
        PS_GAI_ERRORS(ROW)
#undef ROW
#define ROW(name, number, text) {PS_##name, PS_KIND_HOST, #name},
            PS_HOST_ERRORS(ROW)
#undef ROW
#define ROW(name, number, text) {PS_##name, PS_KIND_ARGUMENT, #name},
                PS_ARGUMENT_ERRORS(ROW)
#undef ROW
                    {PS_TIMED_OUT, PS_KIND_TIMEOUT, "TIMED_OUT"},
};
#define CODES (sizeof codes / sizeof codes[0])

/* What no list names: the reach of int, the gaps between the lists, and the bands of kept native
 * numbers. */
static const int unnamed_codes[] = {
    -8,          -18,         -133,        -150,        -199,        -200,
    -216,        -299,        -300,        -305,        -399,        -400,
    -416,        -499,        -501,        -502,        -599,        -10000,
    -0x18000001, -0x20000001, -9999,       -0x27ffffff, -0x28000000, -0x30000001,
    -0x3fffffff, -0x40000005, -0x50000000, -INT_MAX,    INT_MIN,
};
#define UNNAMED_CODES (sizeof unnamed_codes / sizeof unnamed_codes[0])

/* Not empty, one line, and of the characters that every terminal and log has. */
static void assert_plain(const char *text, int code)
{
    const char *c;

    ck_assert_msg(text != NULL && *text != '\0', "code %d has no text", code);
    for (c = text; *c; c++)
        ck_assert_msg(*c >= ' ' && *c <= '~', "code %d: character %d in \"%s\"", code, *c, text);
    ck_assert_msg(text[0] != ' ' && c[-1] != ' ' && c[-1] != '.', "code %d: \"%s\"", code, text);
}

START_TEST(error_names_are_unique)
{
    for (size_t i = 0; i < CODES; i++) {
        ck_assert_str_eq(ps_error_name(codes[i].code), codes[i].name);
        for (size_t j = 0; j < i; j++) {
            ck_assert_int_ne(codes[i].code, codes[j].code);
            ck_assert_str_ne(codes[i].name, codes[j].name);
        }
    }
}
END_TEST

/* Rows: R134. Traps: RES-2 ERR-2. */
START_TEST(error_texts_are_unique)
{
    for (size_t i = 0; i < CODES; i++) {
        const char *text = ps_strerror(codes[i].code);
        assert_plain(text, codes[i].code);
        for (size_t j = 0; j < i; j++) {
            bool same = strcmp(text, ps_strerror(codes[j].code)) == 0;
            /* The system, the resolver and the host functions have some answers in common. */
            ck_assert_msg(!same || codes[i].kind != codes[j].kind, "%s and %s are both \"%s\"",
                          codes[i].name, codes[j].name, text);
        }
    }
}
END_TEST

/* Rows: R130 R135. */
START_TEST(error_kinds)
{
    for (size_t i = 0; i < CODES; i++) {
        ck_assert_msg(codes[i].code < 0, "%s is %d", codes[i].name, codes[i].code);
        ck_assert_msg(ps_error_kind(codes[i].code) == codes[i].kind, "%s is of kind %d",
                      codes[i].name, (int)ps_error_kind(codes[i].code));
    }
}
END_TEST

/* Numbers are written into logs and files: they stay as they are, on every system and in every
 * version. */
/* Rows: R136. Traps: ERR-1. */
START_TEST(error_numbers_are_fixed)
{
    ck_assert_int_eq(PS_EPERM, -1);
    ck_assert_int_eq(PS_EINTR, -4);
    ck_assert_int_eq(PS_EBADF, -9);
    ck_assert_int_eq(PS_EWOULDBLOCK, -11);
    ck_assert_int_eq(PS_EACCES, -13);
    ck_assert_int_eq(PS_EFAULT, -14);
    ck_assert_int_eq(PS_EINVAL, -22);
    ck_assert_int_eq(PS_EMFILE, -24);
    ck_assert_int_eq(PS_EPIPE, -32);
    ck_assert_int_eq(PS_ENOTSOCK, -88);
    ck_assert_int_eq(PS_EDESTADDRREQ, -89);
    ck_assert_int_eq(PS_EMSGSIZE, -90);
    ck_assert_int_eq(PS_ENOPROTOOPT, -92);
    ck_assert_int_eq(PS_EPROTONOSUPPORT, -93);
    ck_assert_int_eq(PS_ESOCKTNOSUPPORT, -94);
    ck_assert_int_eq(PS_EOPNOTSUPP, -95);
    ck_assert_int_eq(PS_EAFNOSUPPORT, -97);
    ck_assert_int_eq(PS_EADDRINUSE, -98);
    ck_assert_int_eq(PS_EADDRNOTAVAIL, -99);
    ck_assert_int_eq(PS_ECONNABORTED, -103);
    ck_assert_int_eq(PS_ECONNRESET, -104);
    ck_assert_int_eq(PS_EISCONN, -106);
    ck_assert_int_eq(PS_ENOTCONN, -107);
    ck_assert_int_eq(PS_ETIMEDOUT, -110);
    ck_assert_int_eq(PS_ECONNREFUSED, -111);
    ck_assert_int_eq(PS_EHOSTUNREACH, -113);
    ck_assert_int_eq(PS_EALREADY, -114);
    ck_assert_int_eq(PS_EINPROGRESS, -115);
    ck_assert_int_eq(PS_EDISCON, -155);
    ck_assert_int_eq(PS_EAI_BADFLAGS, -201);
    ck_assert_int_eq(PS_EAI_NONAME, -202);
    ck_assert_int_eq(PS_EAI_AGAIN, -203);
    ck_assert_int_eq(PS_EAI_IDN_ENCODE, -215);
    ck_assert_int_eq(PS_HOST_NOT_FOUND, -301);
    ck_assert_int_eq(PS_NO_DATA, -304);
    ck_assert_int_eq(PS_BAD_PORT, -401);
    ck_assert_int_eq(PS_BAD_LENGTH, -405);
    ck_assert_int_eq(PS_BAD_TIMEOUT, -409);
    ck_assert_int_eq(PS_NO_CONSTANT, -413);
    ck_assert_int_eq(PS_TIMED_OUT, -500);
}
END_TEST

/* Traps: ERR-6. */
START_TEST(error_two_names_of_one_code)
{
    ck_assert_int_eq(PS_EAGAIN, PS_EWOULDBLOCK);
    ck_assert_int_eq(PS_ENOTSUP, PS_EOPNOTSUPP);
    ck_assert_str_eq(ps_error_name(PS_EAGAIN), "EWOULDBLOCK");
    ck_assert_str_eq(ps_error_name(PS_ENOTSUP), "EOPNOTSUPP");
}
END_TEST

/* The reference's socket.timeout has no errno and says 'timed out'; the kernel's ETIMEDOUT is a
 * socket.error. */
/* Rows: R081 R133. Traps: TMO-13. */
START_TEST(error_two_timeouts)
{
    ck_assert_int_ne(PS_TIMED_OUT, PS_ETIMEDOUT);
    ck_assert_int_eq(ps_error_kind(PS_TIMED_OUT), PS_KIND_TIMEOUT);
    ck_assert_int_eq(ps_error_kind(PS_ETIMEDOUT), PS_KIND_OS);
    ck_assert_str_eq(ps_strerror(PS_TIMED_OUT), "timed out");
    ck_assert_str_ne(ps_strerror(PS_ETIMEDOUT), "timed out");
    ck_assert_int_eq(ps_error_native(PS_TIMED_OUT), 0);
    ck_assert_int_gt(ps_error_native(PS_ETIMEDOUT), 0);
}
END_TEST

START_TEST(error_success_is_no_error)
{
    static const int results[] = {0, 1, 98, 65536, INT_MAX};

    for (size_t i = 0; i < sizeof results / sizeof results[0]; i++) {
        ck_assert_int_eq(ps_error_kind(results[i]), PS_KIND_NONE);
        ck_assert_str_eq(ps_error_name(results[i]), "OK");
        ck_assert_int_eq(ps_error_native(results[i]), 0);
        assert_plain(ps_strerror(results[i]), results[i]);
    }
}
END_TEST

/* ---- codes without a name -------------------------------------------------------------------- */

/* Traps: ERR-5. */
START_TEST(error_unknown_codes)
{
    for (size_t i = 0; i < UNNAMED_CODES; i++) {
        int code = unnamed_codes[i];
        const char *name = ps_error_name(code);
        ps_kind kind = ps_error_kind(code);

        assert_plain(ps_strerror(code), code);
        ck_assert_msg(kind == PS_KIND_OS || kind == PS_KIND_GAI || kind == PS_KIND_HOST ||
                          kind == PS_KIND_ARGUMENT,
                      "code %d is of kind %d", code, (int)kind);
        ck_assert_str_eq(name, kind == PS_KIND_GAI    ? "EAI_ERROR"
                               : kind == PS_KIND_HOST ? "HOST_ERROR"
                                                      : "OS_ERROR");
    }
}
END_TEST

/* Names and texts are of one place, so that a log line can keep the pointer. */
/* Rows: R134. Traps: RES-2 ERR-3. */
START_TEST(error_texts_are_static)
{
    for (size_t i = 0; i < CODES; i++) {
        ck_assert_ptr_eq(ps_strerror(codes[i].code), ps_strerror(codes[i].code));
        ck_assert_ptr_eq(ps_error_name(codes[i].code), ps_error_name(codes[i].code));
    }
    ck_assert_ptr_eq(ps_strerror(-133), ps_strerror(-133));
}
END_TEST

/* ---- native numbers -------------------------------------------------------------------------- */

/* The system's own name for an error. */
#ifdef WSABASEERR
#define NATIVE(name) WSA##name
#else
#define NATIVE(name) name
#endif

/* Rows: R130. Traps: ERR-1. */
START_TEST(error_native_numbers)
{
    ck_assert_int_eq(ps_error_native(PS_EBADF), NATIVE(EBADF));
    ck_assert_int_eq(ps_error_native(PS_EINTR), NATIVE(EINTR));
    ck_assert_int_eq(ps_error_native(PS_EACCES), NATIVE(EACCES));
    ck_assert_int_eq(ps_error_native(PS_EINVAL), NATIVE(EINVAL));
    ck_assert_int_eq(ps_error_native(PS_EWOULDBLOCK), NATIVE(EWOULDBLOCK));
    ck_assert_int_eq(ps_error_native(PS_EINPROGRESS), NATIVE(EINPROGRESS));
    ck_assert_int_eq(ps_error_native(PS_ENOTSOCK), NATIVE(ENOTSOCK));
    ck_assert_int_eq(ps_error_native(PS_EMSGSIZE), NATIVE(EMSGSIZE));
    ck_assert_int_eq(ps_error_native(PS_EAFNOSUPPORT), NATIVE(EAFNOSUPPORT));
    ck_assert_int_eq(ps_error_native(PS_EADDRINUSE), NATIVE(EADDRINUSE));
    ck_assert_int_eq(ps_error_native(PS_ECONNRESET), NATIVE(ECONNRESET));
    ck_assert_int_eq(ps_error_native(PS_ENOTCONN), NATIVE(ENOTCONN));
    ck_assert_int_eq(ps_error_native(PS_ETIMEDOUT), NATIVE(ETIMEDOUT));
    ck_assert_int_eq(ps_error_native(PS_ECONNREFUSED), NATIVE(ECONNREFUSED));
    ck_assert_int_eq(ps_error_native(PS_EAI_NONAME), EAI_NONAME);
    ck_assert_int_eq(ps_error_native(PS_EAI_AGAIN), EAI_AGAIN);
    ck_assert_int_eq(ps_error_native(PS_EAI_FAMILY), EAI_FAMILY);
    ck_assert_int_eq(ps_error_native(PS_HOST_NOT_FOUND), HOST_NOT_FOUND);
    ck_assert_int_eq(ps_error_native(PS_TRY_AGAIN), TRY_AGAIN);
    ck_assert_int_eq(ps_error_native(PS_NO_RECOVERY), NO_RECOVERY);
    ck_assert_int_eq(ps_error_native(PS_NO_DATA), NO_DATA);
}
END_TEST

/* Two errors of one kind never share a number, and what is not the system's has none. */
/* Traps: ERR-1. */
START_TEST(error_native_numbers_are_unique)
{
    for (size_t i = 0; i < CODES; i++) {
        int native = ps_error_native(codes[i].code);

        if (codes[i].kind == PS_KIND_ARGUMENT || codes[i].kind == PS_KIND_TIMEOUT)
            ck_assert_int_eq(native, 0);
        if (codes[i].kind == PS_KIND_OS || codes[i].kind == PS_KIND_HOST)
            ck_assert_int_ge(native, 0);
        for (size_t j = 0; native != 0 && j < i; j++) {
            bool same = codes[i].kind == codes[j].kind && native == ps_error_native(codes[j].code);
            ck_assert_msg(!same, "%s and %s are both %d", codes[i].name, codes[j].name, native);
        }
    }
}
END_TEST

/* Every error that the network can give has a number on every system. */
/* Traps: ERR-8. */
START_TEST(error_socket_errors_have_a_native_number)
{
    static const int everywhere[] = {
        PS_EINTR,           PS_EBADF,           PS_EWOULDBLOCK, PS_EACCES,       PS_EFAULT,
        PS_EINVAL,          PS_EMFILE,          PS_EPIPE,       PS_ENAMETOOLONG, PS_ELOOP,
        PS_ENOTSOCK,        PS_EDESTADDRREQ,    PS_EMSGSIZE,    PS_EPROTOTYPE,   PS_ENOPROTOOPT,
        PS_EPROTONOSUPPORT, PS_ESOCKTNOSUPPORT, PS_EOPNOTSUPP,  PS_EPFNOSUPPORT, PS_EADDRINUSE,
        PS_EADDRNOTAVAIL,   PS_ENETDOWN,        PS_ENETUNREACH, PS_ENETRESET,    PS_ECONNABORTED,
        PS_ECONNRESET,      PS_ENOBUFS,         PS_EISCONN,     PS_ENOTCONN,     PS_ESHUTDOWN,
        PS_ETIMEDOUT,       PS_EALREADY,        PS_EINPROGRESS, PS_ECONNREFUSED, PS_EHOSTUNREACH,
        PS_EHOSTDOWN,       PS_EAFNOSUPPORT,    PS_ENOMEM,      PS_EPERM,        PS_ENOENT,
        PS_ECANCELED,
    };

    for (size_t i = 0; i < sizeof everywhere / sizeof everywhere[0]; i++)
        ck_assert_msg(ps_error_native(everywhere[i]) > 0, "%s", ps_error_name(everywhere[i]));
}
END_TEST

/* An error as a call gives it: connection refused has one code, one text, and the system's
 * number. */
/* Rows: R130 R180. Traps: ERR-4 THR-4. */
START_TEST(error_from_a_call)
{
    ps_sock holder, s;
    ps_addr address;
    int code;

    test_refusing_address(&holder, AF_INET, &address);
    ck_assert_ok(ps_socket(&s, AF_INET, SOCK_STREAM, 0));
    code = ps_connect(&s, &address);
    ck_assert_code(code, PS_ECONNREFUSED);
    ck_assert_str_eq(ps_error_name(code), "ECONNREFUSED");
    ck_assert_str_eq(ps_strerror(code), "connection refused");
    ck_assert_int_eq(ps_error_native(code), NATIVE(ECONNREFUSED));
    test_close(&s, &holder);
}
END_TEST

/* The kinds are the reference's exceptions, and a caller's mistake is never the network's word. */
/* Rows: R131 R132. Traps: RES-11. */
START_TEST(error_kinds_of_calls)
{
    ps_addr address;
    ps_hostent *entry;
    ps_addrinfo *list;
    ps_sock s;
    int proto;

    ck_assert_int_eq(ps_error_kind(ps_socket(&s, -1, SOCK_STREAM, 0)), PS_KIND_OS);
    ck_assert_int_eq(ps_error_kind(ps_addr_inet(&address, "127.0.0.1", 65536)), PS_KIND_ARGUMENT);
    ck_assert_int_eq(ps_error_kind(ps_getaddrinfo("not a literal", NULL, AF_UNSPEC, 0, 0,
                                                  AI_NUMERICHOST, &list)),
                     PS_KIND_GAI);
    ck_assert_int_eq(ps_error_kind(ps_gethostbyname_ex("", &entry)), PS_KIND_HOST);
    ck_assert_int_eq(ps_error_kind(ps_getprotobyname("no such protocol", &proto)),
                     PS_KIND_ARGUMENT);
}
END_TEST

void add_error_tests(Suite *suite);
void add_error_tests(Suite *suite)
{
    ADD_TEST_CASE(suite, error_names_are_unique);
    ADD_TEST_CASE(suite, error_texts_are_unique);
    ADD_TEST_CASE(suite, error_kinds);
    ADD_TEST_CASE(suite, error_numbers_are_fixed);
    ADD_TEST_CASE(suite, error_two_names_of_one_code);
    ADD_TEST_CASE(suite, error_two_timeouts);
    ADD_TEST_CASE(suite, error_success_is_no_error);
    ADD_TEST_CASE(suite, error_unknown_codes);
    ADD_TEST_CASE(suite, error_texts_are_static);
    ADD_TEST_CASE(suite, error_native_numbers);
    ADD_TEST_CASE(suite, error_native_numbers_are_unique);
    ADD_TEST_CASE(suite, error_socket_errors_have_a_native_number);
    ADD_TEST_CASE(suite, error_from_a_call);
    ADD_TEST_CASE(suite, error_kinds_of_calls);
}
