#include "transfers.h"

enum { ROOM = 64 };

ptrdiff_t by_recv(ps_sock *s)
{
    char room[ROOM];

    return ps_recv(s, room, sizeof room, 0);
}

ptrdiff_t by_recvfrom(ps_sock *s)
{
    char room[ROOM];
    ps_addr from;

    return ps_recvfrom(s, room, sizeof room, 0, &from);
}

ptrdiff_t by_recvmsg(ps_sock *s)
{
    char room[ROOM];
    ps_buffer buffers[] = {{.data = room, .size = 1}, {.data = room + 1, .size = sizeof room - 1}};

    return ps_recvmsg(s, buffers, 2, NULL, NULL, NULL, 0, NULL, NULL);
}

ptrdiff_t by_waitall(ps_sock *s)
{
    char room[ROOM];

    return ps_recv(s, room, sizeof room, MSG_WAITALL);
}

ptrdiff_t by_peek(ps_sock *s)
{
    char room[ROOM];

    return ps_recv(s, room, sizeof room, MSG_PEEK);
}

ptrdiff_t by_send(ps_sock *s)
{
    return ps_send(s, "x", 1, 0);
}

ptrdiff_t by_sendall(ps_sock *s)
{
    size_t sent = 99;
    int code = ps_sendall(s, "x", 1, 0, &sent);

    if (code == 0)
        return (ptrdiff_t)sent;
    return sent == 0 ? code : PS_BAD_LENGTH;
}

ptrdiff_t by_sendmsg(ps_sock *s)
{
    char byte = 'x';
    ps_buffer buffer = {.data = &byte, .size = 1};

    return ps_sendmsg(s, &buffer, 1, NULL, 0, 0, NULL);
}

const transfer receivers[RECEIVERS] = {by_recv, by_recvfrom, by_recvmsg, by_waitall, by_peek};
const transfer senders[SENDERS] = {by_send, by_sendall, by_sendmsg};

void assert_receives(ps_sock *s, int code)
{
    for (int i = 0; i < RECEIVERS * 2; i++)
        ck_assert_code(receivers[i % RECEIVERS](s), code);
}

void assert_sends(ps_sock *s, int code)
{
    for (int i = 0; i < SENDERS * 2; i++)
        ck_assert_code(senders[i % SENDERS](s), code);
}

void run_transfer(void *argument)
{
    runner *w = argument;

    w->result = w->run(w->socket);
    w->end = ps_monotonic();
    w->over = true;
}
