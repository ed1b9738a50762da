/* ps_explain: one sentence on what usually helps, the same on every system. */
#include "test.h"

/* Every code has a number in this range, and every operation one in that. */
enum { LAST_CODE = -600, OPERATIONS = PS_OPERATION_REVERSE_LOOKUP + 1 };

static bool is_one_sentence(const char *text)
{
    size_t length = strlen(text);
    size_t i;

    if (length < 10 || !strchr(".?", text[length - 1]) || text[0] < 'A' || text[0] > 'Z')
        return false;
    for (i = 0; i < length; i++) {
        if (text[i] < ' ' || text[i] > '~')
            return false;
        /* No second sentence. */
        if (i + 2 < length && strchr(".?", text[i]) && text[i + 1] == ' ' && text[i + 2] >= 'A' &&
            text[i + 2] <= 'Z')
            return false;
    }
    return true;
}

START_TEST(explain_says_one_sentence)
{
    int code, operation, count = 0;

    for (code = -1; code > LAST_CODE; code--) {
        for (operation = 0; operation < OPERATIONS; operation++) {
            const char *text = ps_explain(code, operation);
            ck_assert_ptr_nonnull(text);
            if (*text == '\0')
                continue;
            ck_assert_msg(is_one_sentence(text), "%s: \"%s\"", ps_error_name(code), text);
            count++;
        }
    }
    ck_assert_int_gt(count, 80);
}
END_TEST

START_TEST(explain_says_what_helps)
{
    ck_assert_ptr_nonnull(strstr(ps_explain(PS_EACCES, PS_OPERATION_SOCKET), "CAP_NET_RAW"));
    ck_assert_ptr_nonnull(strstr(ps_explain(PS_EADDRINUSE, PS_OPERATION_BIND), "SO_REUSEADDR"));
    ck_assert_ptr_nonnull(
        strstr(ps_explain(PS_ECONNREFUSED, PS_OPERATION_CONNECT), "Nothing listens"));
    ck_assert_ptr_nonnull(strstr(ps_explain(PS_EACCES, PS_OPERATION_IOCTL), "administrator"));
    /* What does not help is not advised. */
    ck_assert_ptr_nonnull(strstr(ps_explain(PS_EADDRINUSE, PS_OPERATION_BIND), "AF_UNIX path"));
    for (int operation = 0; operation < OPERATIONS; operation++) {
        ck_assert_ptr_null(strstr(ps_explain(PS_EADDRNOTAVAIL, operation), "SO_REUSEADDR"));
        ck_assert_str_ne(ps_explain(PS_ETIMEDOUT, operation), "");
    }
    ck_assert_ptr_nonnull(strstr(ps_explain(PS_EADDRNOTAVAIL, PS_OPERATION_SEND), "port"));
    ck_assert_ptr_null(strstr(ps_explain(PS_ENOBUFS, PS_OPERATION_RECEIVE), "close sockets"));
    ck_assert_ptr_nonnull(strstr(ps_explain(PS_TIMED_OUT, PS_OPERATION_SEND), "cannot be reached"));
    /* The same code has another reason in another operation, and a general one where there is no
     * better. */
    ck_assert_str_ne(ps_explain(PS_EACCES, PS_OPERATION_BIND),
                     ps_explain(PS_EACCES, PS_OPERATION_SEND));
    ck_assert_str_eq(ps_explain(PS_EBADF, PS_OPERATION_BIND),
                     ps_explain(PS_EBADF, PS_OPERATION_NONE));
    ck_assert_str_eq(ps_explain(PS_EBADF, 12345), ps_explain(PS_EBADF, PS_OPERATION_NONE));
}
END_TEST

START_TEST(explain_says_nothing_without_need)
{
    ck_assert_str_eq(ps_explain(0, PS_OPERATION_CONNECT), "");
    ck_assert_str_eq(ps_explain(7, PS_OPERATION_NONE), "");
    ck_assert_str_eq(ps_explain(-123456789, PS_OPERATION_BIND), "");
    ck_assert_str_eq(ps_explain(PS_EDOM, -1), "");
}
END_TEST

void add_explain_tests(Suite *suite);
void add_explain_tests(Suite *suite)
{
    ADD_TEST_CASE(suite, explain_says_one_sentence);
    ADD_TEST_CASE(suite, explain_says_what_helps);
    ADD_TEST_CASE(suite, explain_says_nothing_without_need);
}
