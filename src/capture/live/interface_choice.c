#include "config.h"

#include "capture/live/interface_choice.h"

#include "portsock.h"

#include <limits.h>
#include <string.h>

bool ps__is_any(const char *text)
{
    return text && strcmp(text, "any") == 0;
}

/* An address of the text, port 0. */
static bool read_address(const char *text, ps_addr *a)
{
    unsigned char packed[16];

    if (ps_inet_pton(AF_INET, text, packed) == 0)
        return ps_addr_inet(a, text, 0) == 0;
    return strchr(text, ':') && ps_addr_inet6(a, text, 0, 0, 0) == 0;
}

bool ps__is_wildcard(const char *text)
{
    ps_addr a;

    return text && read_address(text, &a) && ps_addr_is_wildcard(&a);
}

/* A link-local address may be passed without its scope. */
static bool same_host(const ps_addr *wanted, const ps_addr *own)
{
    ps_addr copy = *own;

    if (copy.sa.sa_family != wanted->sa.sa_family)
        return false;
    if (copy.sa.sa_family == AF_INET6 && wanted->in6.sin6_scope_id == 0)
        copy.in6.sin6_scope_id = 0;
    return ps_addr_equal(wanted, &copy);
}

static const ps_addr *find_address(const ps_interface *i, const ps_addr *wanted)
{
    size_t n;

    for (n = 0; n < i->address_count; n++) {
        if (same_host(wanted, &i->addresses[n]))
            return &i->addresses[n];
    }
    return NULL;
}

static const ps_interface *with_address(const ps_interface *list, const ps_addr *wanted,
                                        ps_addr *found)
{
    for (; list; list = list->next) {
        const ps_addr *own = find_address(list, wanted);

        if (own) {
            *found = *own;
            return list;
        }
    }
    return NULL;
}

static const ps_interface *with_index(const ps_interface *list, unsigned index)
{
    while (list && list->index != index)
        list = list->next;
    return list;
}

static const ps_interface *with_name(const ps_interface *list, const char *name)
{
    const ps_interface *i;
    unsigned index;

    for (i = list; i; i = i->next) {
        if (strcmp(i->name, name) == 0)
            return i;
    }
    return ps_if_nametoindex(name, &index) == 0 ? with_index(list, index) : NULL;
}

/* ---- the default one ------------------------------------------------------------------------- */

/* The own address that packets to elsewhere would have: connecting a datagram socket asks the
 * routes, and sends nothing. */
static bool address_towards(const ps_addr *elsewhere, ps_addr *own)
{
    ps_sock s;
    bool found;

    if (ps_socket(&s, ps_addr_family(elsewhere), SOCK_DGRAM, 0) != 0)
        return false;
    found = ps_connect(&s, elsewhere) == 0 && ps_getsockname(&s, own) == 0;
    ps_close(&s);
    if (found && own->sa.sa_family == AF_INET)
        own->in.sin_port = 0;
    else if (found)
        own->in6.sin6_port = 0;
    return found;
}

static const ps_interface *on_default_route(const ps_interface *list)
{
    const ps_interface *found = NULL;
    ps_addr elsewhere, own, unused;

    /* Addresses for documentation, which no host has. */
    if (ps_addr_inet(&elsewhere, "192.0.2.1", 9) == 0 && address_towards(&elsewhere, &own))
        found = with_address(list, &own, &unused);
    if (!found && ps_addr_inet6(&elsewhere, "2001:db8::1", 9, 0, 0) == 0 &&
        address_towards(&elsewhere, &own))
        found = with_address(list, &own, &unused);
    return found;
}

/* How good an interface is as the default. */
static int rank(const ps_interface *i)
{
    return (i->up ? 8 : 0) + (i->running ? 4 : 0) + (i->loopback ? 0 : 2) +
           (i->address_count > 0 ? 1 : 0);
}

static const ps_interface *default_interface(const ps_interface *list)
{
    const ps_interface *best = on_default_route(list);

    if (best)
        return best;
    for (best = list; list; list = list->next) {
        if (rank(list) > rank(best))
            best = list;
    }
    return best;
}

/* Decimal digits up to the end of the text; false for anything else, 0, and what is no number of
 * an interface. */
static bool read_index(const char *text, unsigned *index)
{
    unsigned long long number = 0;

    for (; *text >= '0' && *text <= '9' && number <= UINT_MAX; text++)
        number = 10 * number + (unsigned)(*text - '0');
    *index = (unsigned)number;
    return *text == '\0' && number > 0 && number <= UINT_MAX;
}

/* ---- choosing -------------------------------------------------------------------------------- */

/* A link-local address is the last choice, and IPv6 only when it is asked for. */
static void usual_address(const ps_interface *i, ps_addr *address)
{
    size_t n;

    for (n = 0; n < i->address_count; n++) {
        const ps_addr *a = &i->addresses[n];
        bool own_link = ps_addr_is_link_local(a);

        if (a->sa.sa_family != AF_INET || (own_link && address->len > 0))
            continue;
        *address = *a;
        if (!own_link)
            return;
    }
}

const ps_interface *ps__choose_interface(const ps_interface *list, const char *text,
                                         ps_addr *address)
{
    const ps_interface *found;
    unsigned index;
    ps_addr wanted;

    address->len = 0;
    if (!text)
        found = default_interface(list);
    else
        found = with_name(list, text);
    if (!found && text && read_index(text, &index))
        found = with_index(list, index);
    if (!found && text && read_address(text, &wanted))
        found = with_address(list, &wanted, address);
    if (found && address->len == 0)
        usual_address(found, address);
    return found;
}
