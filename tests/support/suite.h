/* What main.c needs from the file that the build makes for each suite (tests/suite_list.c.in). */
#ifndef TESTS_SUPPORT_SUITE_H
#define TESTS_SUPPORT_SUITE_H

#include <check.h>

extern const char suite_name[];

/* Calls the add_..._tests function of every file of the suite. */
void suite_add_all(Suite *suite);

/* Called after each test that passed: NULL, or what is wrong with what it leaves behind. */
const char *suite_after_test(void);

#endif
