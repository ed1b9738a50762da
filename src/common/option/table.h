/*
 * The options that are not passed on to the system as they are: one row each, the only place
 * that says what the library makes of an option. What a number means to one system is its
 * backend's.
 */
#ifndef PS_OPTION_TABLE_H
#define PS_OPTION_TABLE_H

#include "common/backend.h"

/* What ps_getsockopt_int and ps_setsockopt_int make of an option. */
enum {
    PS__OPTION_SWITCH = 1, /* only "on" and "off" have a meaning: 1 and 0 */
    PS__OPTION_STRUCT = 2, /* no number, also where it is as long as one: PS_EINVAL */
    PS__OPTION_SIZE = 4,   /* never below 0: Linux takes a negative size for the largest one */
    PS__OPTION_MILLISECONDS = 8, /* a time: PS_BAD_TIMEOUT below 0, and INT_MAX for a longer one */
    PS__OPTION_BYTE = 16         /* some systems want one byte: the second try, after PS_EINVAL */
};

typedef struct ps__option ps__option;
struct ps__option {
    int level;
    int name;
    int kind;
    /* In place of the system's, as ps__sys_getsockopt and ps__sys_setsockopt; NULL: the
     * system's. */
    int (*get)(ps_sock *s, const ps__option *option, void *value, socklen_t *size);
    int (*set)(ps_sock *s, const ps__option *option, const void *value, socklen_t size);
};

/* The row of an option; for an option without one a row of that level and name that changes
 * nothing. */
ps__option ps__option_find(int level, int name);

/* The two ways to an option, through its row. */
int ps__option_get(ps_sock *s, const ps__option *option, void *value, socklen_t *size);
int ps__option_set(ps_sock *s, const ps__option *option, const void *value, socklen_t size);

#endif
