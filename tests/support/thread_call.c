#include "thread_call.h"

void run_call(void *argument)
{
    call *c = argument;

    c->result = c->run(c);
}

ptrdiff_t run_recv(call *c)
{
    return ps_recv(&c->socket, c->text, 1, 0);
}

ptrdiff_t run_waitall(call *c)
{
    return ps_recv(&c->socket, c->text, sizeof c->text, MSG_WAITALL);
}

ptrdiff_t run_recvfrom(call *c)
{
    ps_addr from;

    return ps_recvfrom(&c->socket, c->text, sizeof c->text, 0, &from);
}

ptrdiff_t run_recvmsg(call *c)
{
    ps_buffer buffer = {.data = c->text, .size = sizeof c->text};

    return ps_recvmsg(&c->socket, &buffer, 1, NULL, NULL, NULL, 0, NULL, NULL);
}

ptrdiff_t run_accept(call *c)
{
    ps_sock conn;
    int code = ps_accept(&c->socket, &conn, NULL);

    if (code == 0)
        ps_close(&conn);
    return code;
}

ptrdiff_t run_connect(call *c)
{
    return ps_connect(&c->socket, &c->address);
}

ptrdiff_t run_send(call *c)
{
    ptrdiff_t count;

    do {
        count = ps_send(&c->socket, c->data, PLENTY, 0);
    } while (count >= 0);
    return count;
}

ptrdiff_t run_sendall(call *c)
{
    return ps_sendall(&c->socket, c->data, PLENTY, 0, &c->sent);
}
