#include "file_sending.h"

enum { BUFFER_SIZE = 64 * 1024 };

connection small_connection(double timeout)
{
    connection c = connected(timeout);

    ck_assert_ok(ps_setsockopt_int(&c.here, SOL_SOCKET, SO_SNDBUF, BUFFER_SIZE));
    ck_assert_ok(ps_setsockopt_int(&c.peer, SOL_SOCKET, SO_RCVBUF, BUFFER_SIZE));
    return c;
}

void send_file(void *argument)
{
    sending *s = argument;

    s->code = ps_sendfile(&s->c->here, s->f->file, 0, LARGE, &s->sent);
}
