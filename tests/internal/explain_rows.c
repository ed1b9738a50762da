/* The table behind ps_explain: each row is somebody's answer, and no two say the same. */
#include "test.h"

#include "common/error/explain.h"

START_TEST(explain_rows_are_all_reachable)
{
    const ps__explanation *rows;
    size_t count, i;

    rows = ps__explanations(&count);
    ck_assert_uint_gt(count, 80);
    for (i = 0; i < count; i++)
        ck_assert_msg(ps_explain(rows[i].code, rows[i].operation) == rows[i].text, "row %s: \"%s\"",
                      ps_error_name(rows[i].code), rows[i].text);
}
END_TEST

START_TEST(explain_rows_say_different_things)
{
    const ps__explanation *rows;
    size_t count, i, j;

    rows = ps__explanations(&count);
    for (i = 0; i < count; i++) {
        for (j = i + 1; j < count; j++) {
            ck_assert_str_ne(rows[i].text, rows[j].text);
            ck_assert(rows[i].code != rows[j].code || rows[i].operation != rows[j].operation);
        }
    }
}
END_TEST

START_TEST(explain_rows_of_any_operation_come_last)
{
    const ps__explanation *rows;
    size_t count, i;
    bool any = false;

    rows = ps__explanations(&count);
    for (i = 0; i < count; i++) {
        ck_assert(!any || rows[i].operation == PS_OPERATION_NONE);
        any = rows[i].operation == PS_OPERATION_NONE;
    }
}
END_TEST

void add_explain_rows_tests(Suite *suite);
void add_explain_rows_tests(Suite *suite)
{
    ADD_TEST_CASE(suite, explain_rows_are_all_reachable);
    ADD_TEST_CASE(suite, explain_rows_say_different_things);
    ADD_TEST_CASE(suite, explain_rows_of_any_operation_come_last);
}
