/* What ps_create_connection_with writes down of its attempts. */
#ifndef TESTS_SUPPORT_CONNECT_RECORD_H
#define TESTS_SUPPORT_CONNECT_RECORD_H

#include "test.h"

enum { ATTEMPTS_MAX = 16 };

typedef struct record {
    ps_connect_attempt attempts[ATTEMPTS_MAX];
    size_t count;
    ps_connect_options options;
} record;

/* Options with a place for every attempt, which has nothing in it yet that could be right. */
void record_init(record *r, double timeout);

#endif
