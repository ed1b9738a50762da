#include "full_listener.h"

/* Long enough for what loopback does, on a busy machine, too. */
#define PATIENCE 15.0

/* One client more, unless there is no room. An AF_UNIX attempt is never under way: it waits for
 * room, or would block. */
static int queue_client(full_listener *f)
{
    int family = ps_addr_family(&f->address);
    ps_sock s = test_socket(family, SOCK_STREAM);
    int code;

    ck_assert_ok(ps_settimeout(&s, family == AF_UNIX ? 0 : 0.2));
    code = ps_connect(&s, &f->address);
    if (code == 0)
        f->queued[f->count++] = s;
    else
        ck_assert_ok(ps_close(&s));
    return code;
}

bool full_listener_open_at(full_listener *f, const ps_addr *address)
{
    int code;

    f->count = 0;
    f->socket = test_socket(ps_addr_family(address), SOCK_STREAM);
    ck_assert_ok(ps_settimeout(&f->socket, PATIENCE));
    ck_assert_ok(ps_bind(&f->socket, address));
    ck_assert_ok(ps_getsockname(&f->socket, &f->address));
    ck_assert_ok(ps_listen(&f->socket, 0));
    do {
        ck_assert_int_lt(f->count, QUEUED_MAX);
        code = queue_client(f);
    } while (code == 0);
    if (code != PS_ECONNREFUSED)
        ck_assert_code(code, ps_addr_family(address) == AF_UNIX ? PS_EWOULDBLOCK : PS_TIMED_OUT);
    return code != PS_ECONNREFUSED;
}

full_listener full_listener_open(void)
{
    full_listener f;
    ps_addr address;

    ck_assert_ok(ps_addr_inet(&address, "127.0.0.1", 0));
    if (!full_listener_open_at(&f, &address))
        test_skip("this system refuses a connection when the queue is full");
    return f;
}

void full_listener_accept(full_listener *f)
{
    ps_sock accepted;

    ck_assert_ok(ps_accept(&f->socket, &accepted, NULL));
    ck_assert_ok(ps_close(&accepted));
}

void full_listener_accept_all(full_listener *f)
{
    for (int i = 0; i < f->count; i++)
        full_listener_accept(f);
}

void full_listener_close(full_listener *f)
{
    while (f->count > 0)
        ck_assert_ok(ps_close(&f->queued[--f->count]));
    ck_assert_ok(ps_close(&f->socket));
}
