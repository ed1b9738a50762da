/* TCP sockets, and connections over loopback. */
#ifndef TESTS_SUPPORT_CONNECTION_H
#define TESTS_SUPPORT_CONNECTION_H

#include "test.h"

ps_sock tcp_socket(double timeout);

/* The end that is tested, and its peer, which does not wait for ever. */
typedef struct connection {
    ps_sock here;
    ps_sock peer;
} connection;

connection connected(double timeout);
void disconnect(connection *c);

/* Closes a connected socket so that its peer is reset. */
void close_with_reset(ps_sock *s);

/* Until something has come that a receive would tell of. */
void await_readable(ps_sock *s);

#endif
