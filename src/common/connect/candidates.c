#include "config.h"

#include "common/connect/candidates.h"

#include "common/resolve/host.h"
#include "common/resolve/localhost.h"

#include <string.h>

/* RFC 8305, section 3: how long IPv4 waits for IPv6. Answers that come so soon need no further
 * question either. */
#define RESOLUTION_DELAY 0.05

static const int families[PS__LOOKUPS] = {AF_UNSPEC, AF_INET6, AF_INET};

/* ---- the addresses --------------------------------------------------------------------------- */

static int add(void *context, const ps_addr *a, const char *canonname)
{
    ps__candidates *c = context;
    int added = ps__address_set_add(&c->known, a);
    ps_addr *place;

    (void)canonname;
    if (added <= 0)
        return added;
    place = ps__address_list_add(&c->list, a);
    if (!place)
        return PS_ENOMEM;
    place->in.sin_port = ps_htons((uint16_t)c->port); /* at the same place in both families */
    return 0;
}

static bool suits(const ps__candidates *c, const ps_addr *a, int which)
{
    int family = a->sa.sa_family;

    return (c->only == AF_UNSPEC || family == c->only) &&
           (family == c->first_family) == (which == 0);
}

static bool find(ps__candidates *c, int which)
{
    while (c->next[which] < c->list.count && !suits(c, &c->list.addresses[c->next[which]], which))
        c->next[which]++;
    return c->next[which] < c->list.count;
}

/* The system orders the addresses of a lookup of both families. Of separate lookups IPv6 is first,
 * since IPv4 has waited for it. */
static int first_family(const ps__candidates *c)
{
    if (c->only != AF_UNSPEC)
        return c->only;
    for (size_t i = 0; i < c->list.count && !c->ordered; i++) {
        if (c->list.addresses[i].sa.sa_family == AF_INET6)
            return AF_INET6;
    }
    return c->list.addresses[0].sa.sa_family;
}

bool ps__candidates_available(ps__candidates *c)
{
    if (!c->ready || c->list.count == 0)
        return false;
    if (c->first_family == AF_UNSPEC)
        c->first_family = first_family(c);
    return find(c, 0) || find(c, 1);
}

const ps_addr *ps__candidates_take(ps__candidates *c)
{
    int which = find(c, c->turn) ? c->turn : !c->turn;

    c->turn = !which;
    return &c->list.addresses[c->next[which]++];
}

/* ---- the lookups ----------------------------------------------------------------------------- */

static void leave(ps__candidates *c, int which)
{
    if (c->lookups[which])
        ps__lookup_leave(c->lookups[which], c->list.count > 0);
    c->lookups[which] = NULL;
}

static void leave_all(ps__candidates *c)
{
    for (int which = 0; which < PS__LOOKUPS; which++)
        leave(c, which);
}

/* No other lookup is pending without this one. */
bool ps__candidates_pending(const ps__candidates *c)
{
    return c->lookups[PS__LOOKUP_BOTH] != NULL;
}

/* Those that cannot be started are left out: they only add to the lookup of both, which is
 * pending. */
static void start_separate_lookups(ps__candidates *c)
{
    for (int which = PS__LOOKUP_INET6; which < PS__LOOKUPS; which++) {
        if (c->only == AF_UNSPEC || c->only == families[which])
            (void)ps__lookup_start(c->name, families[which], 0, &c->lookups[which]);
    }
    c->separate = true;
    c->pause = ps__deadline_at(PS__FOREVER);
}

/* The lookup of both families has ended: separate lookups can add nothing. */
static void both_have_ended(ps__candidates *c, int code)
{
    leave_all(c);
    c->ready = c->ordered = true;
    if (c->list.count == 0)
        c->failure = code != 0 ? code : PS_EAI_NONAME;
}

void ps__candidates_go_on(ps__candidates *c)
{
    if (!ps__candidates_pending(c) || ps__deadline_left(&c->pause) > 0)
        return;
    if (!c->separate && ps__is_localhost(c->name)) {
        both_have_ended(c, ps__report_localhost(c->name, AF_UNSPEC, add, c));
        return;
    }
    if (!c->separate) {
        start_separate_lookups(c);
        return;
    }
    c->pause = ps__deadline_at(PS__FOREVER);
    c->ready = true;
}

int64_t ps__candidates_due(const ps__candidates *c)
{
    return ps__candidates_pending(c) ? c->pause.at : PS__FOREVER;
}

size_t ps__candidates_wait(const ps__candidates *c, ps__wait_entry *entries)
{
    size_t count = 0;

    for (int which = 0; which < PS__LOOKUPS; which++) {
        if (c->lookups[which])
            entries[count++] = (ps__wait_entry){.handle = ps__lookup_handle(c->lookups[which]),
                                                .events = PS__NOTIFIED};
    }
    return count;
}

/* A separate lookup has ended. After IPv6 nothing more is waited for; IPv4 waits for it a
 * little. */
static void one_has_ended(ps__candidates *c, int which, int code)
{
    bool other_pending = c->lookups[which == PS__LOOKUP_INET ? PS__LOOKUP_INET6 : PS__LOOKUP_INET];

    if (c->list.count > 0 && !other_pending)
        leave_all(c);
    if (c->list.count > 0 && (which == PS__LOOKUP_INET6 || !other_pending)) {
        c->ready = true;
    } else if (code == 0) {
        c->pause = ps__deadline_after(RESOLUTION_DELAY);
        ps__deadline_start(&c->pause);
    }
}

static int take_result(ps__candidates *c, int which)
{
    int code = ps__lookup_result(c->lookups[which], add, c);

    leave(c, which);
    if (which == PS__LOOKUP_BOTH)
        both_have_ended(c, code);
    else
        one_has_ended(c, which, code);
    return code == PS_ENOMEM ? code : 0;
}

int ps__candidates_collect(ps__candidates *c, const ps__wait_entry *entries)
{
    ps__lookup *waited[PS__LOOKUPS];
    int code = 0;

    memcpy(waited, c->lookups, sizeof waited);
    for (int which = 0; which < PS__LOOKUPS && code == 0; which++) {
        if (!waited[which])
            continue;
        if (entries->ready && c->lookups[which] && ps__lookup_notified(c->lookups[which]))
            code = take_result(c, which);
        entries++;
    }
    return code;
}

/* ---- the begin and the end ------------------------------------------------------------------- */

/* Without threads the system is asked in this call, if that may take its time. */
static int start(ps__candidates *c, const ps__limit *limit)
{
    int code = ps__lookup_start(c->name, AF_UNSPEC, 0, &c->lookups[PS__LOOKUP_BOTH]);

    if (code != 0 && ps__limit_never(limit)) {
        code = ps__look_up(c->name, AF_UNSPEC, 0, NULL, add, c);
        both_have_ended(c, code);
    }
    c->pause = ps__deadline_after(RESOLUTION_DELAY);
    ps__deadline_start(&c->pause);
    return code;
}

int ps__candidates_begin(ps__candidates *c, const char *host, int port, int only,
                         const ps__limit *limit)
{
    int code;

    memset(c, 0, sizeof *c);
    ps__address_set_init(&c->known);
    c->port = port;
    c->only = only;
    c->first_family = AF_UNSPEC;
    if (!host || *host == '\0')
        code = ps__report_localhost(NULL, AF_UNSPEC, add, c);
    else
        code = ps__host_read(host, AF_UNSPEC, 0, c->name, add, c);
    if (code == PS__HOST_IS_NAME)
        return start(c, limit);
    c->ready = c->ordered = true;
    return code;
}

void ps__candidates_free(ps__candidates *c)
{
    leave_all(c);
    ps__address_set_free(&c->known);
    ps__address_list_free(&c->list);
}
