/* What another thread does a moment later, so that a call has to wait for it. */
#ifndef TESTS_SUPPORT_LATE_H
#define TESTS_SUPPORT_LATE_H

#include "test.h"

/* For a thread: a sender of one byte. */
typedef struct late_sender {
    ps_sock *socket;
    ptrdiff_t count; /* what ps_send gives */
} late_sender;

void send_late(void *sender);

/* The socket blocks, or has time enough: it receives a byte that its peer sends late. */
void assert_waits_for_what_comes_late(ps_sock *s, ps_sock *peer);

/* For a thread: a client that connects. */
typedef struct late_client {
    ps_addr address;
    ps_sock socket;
    int code;
} late_client;

void connect_late(void *client);

/* For a thread: fires the token. */
void fire_late(void *token);

#endif
