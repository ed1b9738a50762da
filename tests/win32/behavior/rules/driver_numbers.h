/* What tests set of the rule of numbers that drivers let through. */
#ifndef TESTS_WIN32_DRIVER_NUMBERS_H
#define TESTS_WIN32_DRIVER_NUMBERS_H

#include "cancel_interrupts.h"

/* The next call of that kind fails with the number, without having reached the system. */
void let_through(blocking_call call, int number);

/* Whether it has come to that. */
bool has_come_through(blocking_call call);

#endif
