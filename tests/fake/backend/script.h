/* What the fake's files share: the script, the handles, and the comparison of arguments. */
#ifndef TESTS_FAKE_SCRIPT_H
#define TESTS_FAKE_SCRIPT_H

#include "fake.h"

/* The step that is next, which must be this call, on this handle. The clock moves as the step
 * says. */
const fake_step *fake_take(fake_call call, ps_handle h);

/* The same for a call without a handle. */
const fake_step *fake_take_free(fake_call call);

/* Whether this call is next. */
bool fake_is_next(fake_call call);

/* Fails the test unless a handle is the one that is expected, and is open. */
void fake_same_handle(const fake_step *step, const char *what, int expected, ps_handle given);

/* The number of a handle, from 1 on; 0 for one that is not from here. */
int fake_number(ps_handle h);

/* Fails the test unless an argument is as the step expects; each takes 0 or NULL in the step for
 * "anything". */
void fake_same_int(const fake_step *step, const char *what, int expected, int given);
void fake_same_time(const fake_step *step, int64_t given);
void fake_same_size(const fake_step *step, size_t given);
void fake_same_switch(const fake_step *step, bool given);
void fake_same_address(const fake_step *step, const ps_addr *given);
void fake_same_text(const fake_step *step, const char *what, const char *expected,
                    const char *given);

/* Fails the test at a step. */
_Noreturn void fake_fail(const fake_step *step, const char *format, ...);

/* A new handle; takes the step's word for whether the call fails. */
ps_handle fake_open(void);

/* Writes the step's ancillary data, with its handles, into a message that has come. */
void fake_give_controls(const fake_step *step, ps__message *message);

/* Writes the step's address. */
void fake_give_address(const fake_step *step, ps_addr *a);

void fake_move_clock(int64_t nanoseconds);
void fake_reset_clock(void);

/* What is wrong at the end, or NULL. */
const char *fake_memory_held(void);
const char *fake_entries_held(void);
const char *fake_lookups_held(void);

#endif
