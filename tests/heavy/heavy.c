#include "heavy.h"

long heavy_count(long bounded, long whole)
{
    const char *set = getenv("PORTSOCK_HEAVY");

    return set && *set ? whole : bounded;
}

heavy_random heavy_random_from(uint64_t seed)
{
    heavy_random r = {seed * 0x9e3779b97f4a7c15u + 1};

    (void)heavy_random_below(&r, 1);
    return r;
}

/* xorshift64* (Vigna, 2016). */
size_t heavy_random_below(heavy_random *r, size_t below)
{
    r->state ^= r->state >> 12;
    r->state ^= r->state << 25;
    r->state ^= r->state >> 27;
    return (size_t)((r->state * 0x2545f4914f6cdd1du) >> 33) % below;
}

void heavy_reset(ps_sock *s)
{
    struct linger linger = {0};

    linger.l_onoff = 1;
    (void)ps_setsockopt(s, SOL_SOCKET, SO_LINGER, &linger, sizeof linger);
    ps_close(s);
}
