#include "deadlines.h"

const double modes[MODES] = {PS_NO_TIMEOUT, PATIENCE * 4, 0};

double after(double seconds)
{
    return ps_monotonic() + seconds;
}

void assert_reached(double deadline)
{
    double now = ps_monotonic();

    ck_assert_msg(now >= deadline - ROUNDING, "%.9f s before the deadline", deadline - now);
    ck_assert_msg(now < deadline + PATIENCE, "%.3f s after the deadline", now - deadline);
}

void no_deadline(ps_sock *s)
{
    ck_assert_ok(ps_setdeadline(s, PS_NO_TIMEOUT, PS_NO_TIMEOUT));
}

bool is_readable(ps_sock *s, double timeout)
{
    ps_pollfd p = {.sock = s, .events = POLLIN};
    int count = ps_poll(&p, 1, timeout);

    ck_assert_ok(count);
    return count != 0;
}

void give(connection *c, const char *text)
{
    ck_assert_ok(ps_sendall(&c->peer, text, strlen(text), 0, NULL));
    await_readable(&c->here);
}

void assert_takes(ps_sock *s, const char *text)
{
    char room[16];

    ck_assert_int_eq(ps_recv(s, room, strlen(text), MSG_WAITALL), (ptrdiff_t)strlen(text));
    ck_assert_mem_eq(room, text, strlen(text));
}

ptrdiff_t fill_by_send(ps_sock *s)
{
    char *data = calloc(1, PLENTY);
    ptrdiff_t count;

    do {
        count = ps_send(s, data, PLENTY, 0);
    } while (count >= 0);
    free(data);
    return count;
}

static ptrdiff_t sendall(ps_sock *s, size_t size)
{
    char *data = calloc(1, size);
    size_t sent = 0;
    int code = ps_sendall(s, data, size, 0, &sent);

    free(data);
    return code == 0 ? (ptrdiff_t)sent : sent > 0 && sent < size ? code : PS_BAD_LENGTH;
}

ptrdiff_t fill_by_sendall(ps_sock *s)
{
    return sendall(s, PLENTY);
}

ptrdiff_t fill_by_sendall_of_more(ps_sock *s)
{
    return sendall(s, (size_t)PLENTY * 4);
}

ptrdiff_t answer(ps_sock *s)
{
    ptrdiff_t count;
    char room[16];

    while ((count = ps_recv(s, room, sizeof room, 0)) > 0) {
        test_sleep(0.01);
        if (ps_sendall(s, room, (size_t)count, 0, NULL) != 0)
            break;
    }
    return count;
}

ptrdiff_t send_in_drips(ps_sock *s)
{
    double end = test_clock() + PATIENCE;
    ptrdiff_t count = 0;

    while (test_clock() < end && ps_send(s, "x", 1, 0) == 1) {
        count++;
        test_sleep(0.02);
    }
    return count;
}
