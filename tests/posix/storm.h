/* A storm of signals, each of which interrupts whatever waits in the system. */
#ifndef TESTS_POSIX_STORM_H
#define TESTS_POSIX_STORM_H

#include "test.h"

#include <signal.h>
#include <stdatomic.h>
#include <sys/time.h>

/* Signals that have come since the storm began. */
static atomic_int alarms;

static inline void on_alarm(int number)
{
    (void)number;
    alarms++;
}

/* From now on a signal comes every 200 microseconds. */
static inline void storm_begin(void)
{
    struct sigaction action = {.sa_handler = on_alarm};
    struct itimerval often = {{0, 200}, {0, 200}};

    alarms = 0;
    ck_assert_int_eq(sigemptyset(&action.sa_mask), 0);
    ck_assert_int_eq(sigaction(SIGALRM, &action, NULL), 0);
    ck_assert_int_eq(setitimer(ITIMER_REAL, &often, NULL), 0);
}

static inline void storm_end(void)
{
    struct itimerval never = {{0, 0}, {0, 0}};

    ck_assert_int_eq(setitimer(ITIMER_REAL, &never, NULL), 0);
    ck_assert_msg(alarms > 0, "there was no storm");
}

#endif
