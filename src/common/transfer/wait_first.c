#include "config.h"

#include "common/transfer/wait_first.h"

enum { ASKS_FIRST_ONE_IN = 11 };

/* Of all sockets together: that threads may count one at the same time does no harm. */
atomic_uint ps__first_waits;

static bool asks_first_all_the_same(void)
{
    unsigned count = atomic_load_explicit(&ps__first_waits, memory_order_relaxed) + 1;

    atomic_store_explicit(&ps__first_waits, count, memory_order_relaxed);
    return count % ASKS_FIRST_ONE_IN == 0;
}

static bool waits_in_turn(const ps_sock *s)
{
    return (__atomic_load_n(&s->ending, __ATOMIC_RELAXED) & PS__WAITS_IN_TURN) != 0;
}

/* Not where the handle's own call waits, or where datagrams are in a buffer. */
static bool waits_first(const ps__call *call)
{
    const ps_sock *s = call->sock;

    return (ps__flags(s) & (PS__WAITED | PS__COALESCES)) == PS__WAITED && waits_in_turn(s) &&
           call->limit.waits && ps__nonblocking(s) && !asks_first_all_the_same();
}

void ps__note_received(ps_sock *s, bool waited)
{
    bool before = (ps__flags(s) & PS__WAITED) != 0;

    if (waited && before && !waits_in_turn(s)) {
        (void)__atomic_fetch_or(&s->ending, PS__WAITS_IN_TURN, __ATOMIC_RELAXED);
    } else if (waited && !before) {
        ps__set_flags(s, PS__WAITED);
    } else if (!waited && before) {
        (void)__atomic_fetch_and(&s->ending, (unsigned char)~PS__WAITS_IN_TURN, __ATOMIC_RELAXED);
        ps__clear_flags(s, PS__WAITED);
    }
}

ptrdiff_t ps__receive_to_the_end(ps__call *call)
{
    bool first = waits_first(call);
    ptrdiff_t result = ps__call_finish(call, first ? PS_EWOULDBLOCK : call->step(call));

    if (result > 0 && !first)
        ps__note_received(call->sock, call->ready != 0);
    return result;
}
