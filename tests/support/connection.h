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

/* Two connected sockets alike. */
typedef struct tcp_pair {
    ps_sock client;
    ps_sock server;
} tcp_pair;

tcp_pair tcp_pair_open(double timeout);
void tcp_pair_close(tcp_pair *p);

/* One byte, within a time in which it comes also on a busy machine. */
void send_byte(ps_sock *s);
void receive_byte(ps_sock *s);

/* What one sends, the other receives. */
void assert_reaches(ps_sock *from, ps_sock *to);

/* Both talk, and are closed. */
void assert_talk(ps_sock *client, ps_sock *server);

/* What the listener accepts next is the connection of the client. */
ps_sock accept_client(ps_sock *listener, ps_sock *client);

/* The listener accepts the client, and both talk. All are closed. */
void assert_served(ps_sock *listener, ps_sock *client);

/* Closes a connected socket so that its peer is reset. */
void close_with_reset(ps_sock *s);

/* Until something has come that a receive would tell of. */
void await_readable(ps_sock *s);

#endif
