#include "port_table.h"

#include <string.h>

enum { WILDCARD, SPECIFIC };

#define FREE PORT_FREE
#define INUSE PORT_IN_USE
#define DENIED PORT_DENIED

/* [first][second], as the page has them: default, SO_REUSEADDR, SO_EXCLUSIVEADDRUSE, and of each
 * the wildcard before a specific address. Two specific addresses are the same one here. */
static const port_answer table[3][2][3][2] = {
    [PORT_DEFAULT] = {[WILDCARD] = {{INUSE, FREE}, {DENIED, FREE}, {INUSE, FREE}},
                      [SPECIFIC] = {{FREE, INUSE}, {FREE, DENIED}, {INUSE, INUSE}}},
    [PORT_REUSE] = {[WILDCARD] = {{INUSE, FREE}, {FREE, FREE}, {INUSE, FREE}},
                    [SPECIFIC] = {{FREE, INUSE}, {FREE, FREE}, {INUSE, INUSE}}},
    [PORT_EXCLUSIVE] = {[WILDCARD] = {{INUSE, DENIED}, {DENIED, DENIED}, {INUSE, DENIED}},
                        [SPECIFIC] = {{FREE, INUSE}, {FREE, DENIED}, {INUSE, INUSE}}},
};

/* ---- stacks ---------------------------------------------------------------------------------- */

static bool is_zero(const unsigned char *bytes, int count)
{
    while (count > 0 && bytes[count - 1] == 0)
        count--;
    return count == 0;
}

static bool is_mapped(const port_claim *c)
{
    return is_zero(c->host, 10) && c->host[10] == 0xff && c->host[11] == 0xff;
}

static bool in_inet(const port_claim *c)
{
    return c->dual || is_mapped(c);
}

static bool in_inet6(const port_claim *c)
{
    return !is_mapped(c);
}

static bool is_wildcard(const port_claim *c)
{
    return is_zero(c->host, 16) || (is_mapped(c) && is_zero(c->host + 12, 4));
}

/* ---- answers --------------------------------------------------------------------------------- */

static bool are_apart(const port_claim *first, const port_claim *second)
{
    return !is_wildcard(first) && !is_wildcard(second) &&
           memcmp(first->host, second->host, sizeof first->host) != 0;
}

/* Within a stack that both are in. */
static port_answer in_one_stack(const port_claim *first, const port_claim *second)
{
    if (are_apart(first, second))
        return PORT_FREE;
    if (first->connection)
        return first->mode == PORT_EXCLUSIVE && second->mode == PORT_EXCLUSIVE ? PORT_IN_USE
                                                                               : PORT_FREE;
    return table[first->mode][is_wildcard(first) ? WILDCARD : SPECIFIC][second->mode]
                [is_wildcard(second) ? WILDCARD : SPECIFIC];
}

port_answer port_second_bind(const port_claim *first, const port_claim *second)
{
    port_answer answer = PORT_FREE;

    if (first->stream != second->stream || first->port != second->port)
        return PORT_FREE;
    if (in_inet6(first) && in_inet6(second))
        answer = in_one_stack(first, second);
    if (answer == PORT_FREE && in_inet(first) && in_inet(second))
        answer = in_one_stack(first, second);
    /* The page's example: a dual-stack socket, and one of IPv4 at the loopback address. */
    if (answer != PORT_FREE && second->dual && !in_inet6(first))
        answer = PORT_DENIED;
    return answer;
}
