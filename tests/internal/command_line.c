/* How a Windows program takes its command line apart, which runs on every system. */
#include "test.h"

#include "utf8.h"

/* Splits a copy, and compares the arguments behind the program's name. */
static void expect(const char *line, const char *const *wanted)
{
    char copy[256], *arguments[1 + sizeof copy / 2];
    int count;

    ck_assert_uint_lt(strlen(line), sizeof copy);
    strcpy(copy, line);
    count = utf8_split(copy, arguments);
    for (int i = 1; i < count; i++) {
        ck_assert_msg(wanted[i - 1] != NULL, "%s: one more argument: %s", line, arguments[i]);
        ck_assert_str_eq(arguments[i], wanted[i - 1]);
    }
    ck_assert_msg(wanted[count - 1] == NULL, "%s: there is no argument %d", line, count);
    ck_assert_ptr_null(arguments[count]);
}

#define EXPECT(line, ...) expect(line, (const char *const[]){__VA_ARGS__, NULL})

/* The table of Microsoft's "Parsing C command-line arguments". */
START_TEST(command_line_documented)
{
    EXPECT("p \"abc\" d e", "abc", "d", "e");
    EXPECT("p a\\\\b d\"e f\"g h", "a\\\\b", "de fg", "h");
    EXPECT("p a\\\\\\\"b c d", "a\\\"b", "c", "d");
    EXPECT("p a\\\\\\\\\"b c\" d e", "a\\\\b c", "d", "e");
    EXPECT("p a\"b\"\" c d", "ab\" c d");
}
END_TEST

START_TEST(command_line_programs)
{
    char quoted[] = "\"C:\\a b\\\" x", plain[] = "C:\\a\\p.exe\t x", alone[] = "p";
    char *arguments[16];

    ck_assert_int_eq(utf8_split(quoted, arguments), 2);
    ck_assert_str_eq(arguments[0], "C:\\a b\\");
    ck_assert_str_eq(arguments[1], "x");
    ck_assert_int_eq(utf8_split(plain, arguments), 2);
    ck_assert_str_eq(arguments[0], "C:\\a\\p.exe");
    ck_assert_str_eq(arguments[1], "x");
    ck_assert_int_eq(utf8_split(alone, arguments), 1);
    ck_assert_str_eq(arguments[0], "p");
    ck_assert_ptr_null(arguments[1]);
}
END_TEST

START_TEST(command_line_edges)
{
    EXPECT("p \"\" a", "", "a");
    EXPECT("p  \t a \t ", "a");
    EXPECT("p a\\ \\", "a\\", "\\");
    EXPECT("p \"a\\\\\" b", "a\\", "b");
    EXPECT("p \"open a", "open a");
    EXPECT("p * \xd0\x96\xe6\x97\xa5", "*", "\xd0\x96\xe6\x97\xa5");
}
END_TEST

void add_command_line_tests(Suite *suite);

void add_command_line_tests(Suite *suite)
{
    ADD_TEST_CASE(suite, command_line_documented);
    ADD_TEST_CASE(suite, command_line_programs);
    ADD_TEST_CASE(suite, command_line_edges);
}
