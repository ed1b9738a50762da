#include "late.h"

/* By then a call waits, also on a busy machine. */
#define A_MOMENT 0.15

void send_late(void *sender)
{
    late_sender *l = sender;

    test_sleep(A_MOMENT);
    l->count = ps_send(l->socket, "x", 1, 0);
}

void assert_waits_for_what_comes_late(ps_sock *s, ps_sock *peer)
{
    late_sender l = {.socket = peer};
    test_thread *thread = test_thread_start(send_late, &l);
    char byte;

    ck_assert_int_eq(ps_recv(s, &byte, 1, 0), 1);
    test_thread_join(thread);
    ck_assert_int_eq(l.count, 1);
}

void connect_late(void *client)
{
    late_client *c = client;

    test_sleep(A_MOMENT);
    c->code = ps_socket(&c->socket, ps_addr_family(&c->address), SOCK_STREAM, 0);
    if (c->code == 0)
        c->code = ps_connect(&c->socket, &c->address);
}

void fire_late(void *token)
{
    test_sleep(A_MOMENT);
    ps_cancel_fire(token);
}
