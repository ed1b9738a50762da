#include "script.h"

#include <stdarg.h>
#include <stdio.h>

enum { STEPS_MAX = 2048, HANDLES_MAX = 4096, HANDLE_FIRST = 1001 };

static fake_step steps[STEPS_MAX];
static int step_count;
static int next_step;
static int times_taken;

static bool is_open[HANDLES_MAX];
static int handle_count;

static const char *const call_names[] = {"nothing",
#define FAKE_ROW(call, function) "ps__sys_" #function,
                                         FAKE_CALLS(FAKE_ROW)
#undef FAKE_ROW
};

/* ---- the script ------------------------------------------------------------------------------ */

_Noreturn void fake_fail(const fake_step *step, const char *format, ...)
{
    char text[512];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    ck_abort_msg("%s:%d: step %d, %s: %s", step->file, step->line, next_step + 1,
                 call_names[step->call], text);
    abort();
}

/* What is left undone, or NULL. */
static const char *undone(void)
{
    static char text[200];

    if (next_step < step_count) {
        snprintf(text, sizeof text, "the script is not finished: %s of %s:%d was not called",
                 call_names[steps[next_step].call], steps[next_step].file, steps[next_step].line);
        return text;
    }
    for (int i = 0; i < handle_count; i++) {
        if (is_open[i]) {
            snprintf(text, sizeof text, "handle %d is still open", i + 1);
            return text;
        }
    }
    if (fake_lookups_held())
        return fake_lookups_held();
    return fake_memory_held() ? fake_memory_held() : fake_entries_held();
}

void fake_check_done(const char *file, int line)
{
    const char *text = undone();

    if (text)
        ck_abort_msg("%s:%d: %s", file, line, text);
    step_count = 0;
    next_step = 0;
    handle_count = 0;
}

/* For a test that forgets fake_done; and the next one finds everything as in a new process. */
const char *fake_after_test(void)
{
    const char *text = undone();

    step_count = 0;
    next_step = 0;
    times_taken = 0;
    handle_count = 0;
    fake_fail_allocation(0);
    fake_during_allocation(NULL, NULL);
    fake_reset_clock();
    fake_contend(0);
    fake_set_stealing(false);
    fake_set_reach(PS__WAKES_CALLS | PS__WAKES_CONNECT | PS__WAKES_WAITS);
    fake_set_certain_end(true);
    fake_set_shut_receiving(true);
    fake_set_rights(true);
    return text;
}

void fake_expect(const fake_step *step)
{
    if (next_step == step_count) {
        next_step = 0;
        step_count = 0;
    }
    ck_assert_int_lt(step_count, STEPS_MAX);
    steps[step_count++] = *step;
}

bool fake_is_next(fake_call call)
{
    return next_step < step_count && steps[next_step].call == call;
}

const fake_step *fake_take_free(fake_call call)
{
    const fake_step *step = &steps[next_step];

    if (next_step == step_count)
        ck_abort_msg("%s was called beyond the end of the script", call_names[call]);
    if (step->call != call)
        fake_fail(step, "%s was called instead", call_names[call]);
    if (++times_taken >= step->times) {
        next_step++;
        times_taken = 0;
    }
    fake_move_clock(step->advance);
    if (step->during)
        step->during(step->context);
    return step;
}

/* ---- handles --------------------------------------------------------------------------------- */

ps_handle fake_handle(int n)
{
    return (ps_handle)(HANDLE_FIRST + n - 1);
}

int fake_handles(void)
{
    return handle_count;
}

ps_handle fake_open(void)
{
    ck_assert_int_lt(handle_count, HANDLES_MAX);
    is_open[handle_count++] = true;
    return fake_handle(handle_count);
}

int fake_number(ps_handle h)
{
    int number = h == PS_INVALID_HANDLE ? 0 : (int)h - HANDLE_FIRST + 1;

    return number > 0 && number <= handle_count ? number : 0;
}

void fake_same_handle(const fake_step *step, const char *what, int expected, ps_handle given)
{
    int number = fake_number(given);

    if (expected == FAKE_NO_HANDLE && given != PS_INVALID_HANDLE)
        fake_fail(step, "%s handle %d, expected without", what, number);
    if (expected > 0 && number != expected)
        fake_fail(step, "%s handle %d, expected handle %d", what, number, expected);
    if (number > 0 && !is_open[number - 1])
        fake_fail(step, "%s handle %d after its close", what, number);
}

const fake_step *fake_take(fake_call call, ps_handle h)
{
    static const fake_step closed = {.result = PS_EBADF};
    const fake_step *step;

    /* As the contract says; a wait without a handle is a sleep, and in the script. */
    if (h == PS_INVALID_HANDLE && call != SYS_WAIT)
        return &closed;
    step = fake_take_free(call);
    fake_same_handle(step, "on", step->on, h);
    return step;
}

void ps__sys_close(ps_handle h)
{
    int number = fake_number(h);

    if (number == 0)
        ck_abort_msg("closes handle %ld, which is not from here", (long)(intptr_t)h);
    if (!is_open[number - 1])
        ck_abort_msg("closes handle %d twice", number);
    if (fake_is_next(SYS_CLOSE))
        fake_take(SYS_CLOSE, h);
    is_open[number - 1] = false;
}

/* ---- arguments ------------------------------------------------------------------------------- */

void fake_same_int(const fake_step *step, const char *what, int expected, int given)
{
    if (expected != 0 && given != (expected == FAKE_ZERO ? 0 : expected))
        fake_fail(step, "%s is %d, expected %d", what, given, expected == FAKE_ZERO ? 0 : expected);
}

void fake_same_size(const fake_step *step, size_t given)
{
    size_t expected = step->size == FAKE_NO_BYTES ? 0 : step->size;

    if (step->size != 0 && given != expected)
        fake_fail(step, "size is %llu, expected %llu", (unsigned long long)given,
                  (unsigned long long)expected);
}

void fake_same_switch(const fake_step *step, bool given)
{
    fake_same_int(step, "mode", step->mode, given ? FAKE_ON : FAKE_OFF);
}

void fake_same_text(const fake_step *step, const char *what, const char *expected,
                    const char *given)
{
    if (expected && (!given || strcmp(expected, given) != 0))
        fake_fail(step, "%s is \"%s\", expected \"%s\"", what, given ? given : "(NULL)", expected);
}

void fake_same_address(const fake_step *step, const ps_addr *given)
{
    char text[PS_ADDR_TEXT_MAX];

    if (!step->to)
        return;
    ck_assert_ok(ps_addr_format(given, text, sizeof text));
    fake_same_text(step, "the address", step->to, text);
}

ps_addr fake_address(const char *text)
{
    ps_addr a;

    ck_assert_ok(ps_addr_parse(&a, AF_UNSPEC, text));
    return a;
}

void fake_give_address(const fake_step *step, ps_addr *a)
{
    if (step->from)
        *a = fake_address(step->from);
    else
        a->len = 0;
}
