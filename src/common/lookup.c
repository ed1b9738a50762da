#include "lookup.h"

#include "fork.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

/* A name server that is silent holds each abandoned look-up for as long as the system asks it again. */
enum { LOOKUPS_ABANDONED_MAX = 64 };

static atomic_int abandoned;

/* A look-up apart. Two hold it: the call, and whoever looks up; the last to let go frees it. */
typedef struct lookup {
    atomic_int holders;
    atomic_bool ended; /* set before the notification; what stands below it up to `host` is the call's from then on */
    int code;
    ps_addr *addresses;
    size_t count;
    size_t room;
    char *canonname;
    bool given_up;         /* the call has gone without the end */
    ps__notifier notifier; /* notified at the end; the call that has seen that closes it, else the last to let go */
    char host[];
} lookup;

static lookup *make(const char *host)
{
    size_t length = strlen(host);
    lookup *l = calloc(1, sizeof *l + length + 1);

    if (l == NULL)
        return NULL;
    memcpy(l->host, host, length + 1);
    atomic_init(&l->holders, 2);
    atomic_init(&l->ended, false);
    return l;
}

static void discard(lookup *l)
{
    free(l->addresses);
    free(l->canonname);
    free(l);
}

static void let_go(lookup *l)
{
    if (atomic_fetch_sub(&l->holders, 1) > 1)
        return;
    if (l->given_up) {
        atomic_fetch_sub(&abandoned, 1);
        ps__sys_notifier_close(&l->notifier);
    }
    discard(l);
}

/* ---- in whatever thread looks up ----------------------------------------------------------------------- */

static bool make_room(lookup *l)
{
    size_t room = l->room == 0 ? 8 : l->room * 2;
    ps_addr *addresses;

    if (l->count < l->room)
        return true;
    addresses = realloc(l->addresses, room * sizeof *addresses);
    if (addresses == NULL)
        return false;
    l->addresses = addresses;
    l->room = room;
    return true;
}

static char *copy(const char *text)
{
    size_t size = strlen(text) + 1;
    char *made = malloc(size);

    return made != NULL ? memcpy(made, text, size) : NULL;
}

static int keep(void *context, const ps_addr *a, const char *canonname)
{
    lookup *l = context;

    if (!make_room(l))
        return PS_ENOMEM;
    if (l->count == 0 && canonname != NULL) {
        l->canonname = copy(canonname);
        if (l->canonname == NULL)
            return PS_ENOMEM;
    }
    l->addresses[l->count++] = *a;
    return 0;
}

static void end(void *context, int code)
{
    lookup *l = context;

    l->code = code;
    atomic_store(&l->ended, true);
    ps__sys_notify(&l->notifier); /* not touched after this: the call that sees it closes it */
    let_go(l);
}

/* ---- in the call --------------------------------------------------------------------------------------- */

/* A notification without an end is cleared, and the wait goes on: on Windows the notifier is a socket. */
static int wait_for_end(const lookup *l, ps__limit *limit)
{
    for (;;) {
        ps__wait_entry entries[2] = {{.handle = l->notifier.wait_handle, .events = PS__READABLE}};
        int ready = ps__wait(entries, 1, limit);

        if (ready <= 0)
            return ready == 0 ? PS_TIMED_OUT : ready;
        ps__sys_notifier_clear(&l->notifier);
        if (atomic_load(&l->ended))
            return 0;
    }
}

static int hand_over(const lookup *l, ps__address_sink sink, void *context)
{
    int code = l->code;

    for (size_t i = 0; code == 0 && i < l->count; i++)
        code = sink(context, &l->addresses[i], i == 0 ? l->canonname : NULL);
    return code;
}

/* Starts the look-up; nothing is left of it on failure. */
static int start(lookup *l, int family, int flags, void **resolving)
{
    int code = ps__sys_notifier_open(&l->notifier, false);

    if (code != 0) {
        discard(l);
        return code;
    }
    ps__sys_stay_mapped();
    code = ps__sys_resolve_start(l->host, family, flags, keep, end, l, resolving);
    if (code != 0) {
        ps__sys_notifier_close(&l->notifier);
        discard(l);
    }
    return code == PS_EAGAIN ? PS_EAI_AGAIN : code;
}

/* A process that fork makes has none of the threads in which they go on. */
void ps__forget_lookups(void)
{
    atomic_store(&abandoned, 0);
}

static int look_up_apart(const char *host, int family, int flags, ps__limit *limit, ps__address_sink sink,
                         void *context)
{
    void *resolving;
    lookup *l;
    int code;

    (void)ps__generation(); /* which watches for forks from now on */
    if (atomic_load(&abandoned) >= LOOKUPS_ABANDONED_MAX)
        return PS_EAI_AGAIN;
    l = make(host);
    if (l == NULL)
        return PS_ENOMEM;
    code = start(l, family, flags, &resolving);
    if (code != 0)
        return code;
    code = wait_for_end(l, limit);
    if (code == 0) {
        ps__sys_notifier_close(&l->notifier);
        code = hand_over(l, sink, context);
    } else {
        l->given_up = true;
        atomic_fetch_add(&abandoned, 1);
    }
    ps__sys_resolve_leave(resolving);
    let_go(l);
    return code;
}

int ps__look_up(const char *host, int family, int flags, ps__limit *limit, ps__address_sink sink, void *context)
{
    if (limit == NULL || (ps__deadline_never(&limit->deadline) && limit->token == NULL))
        return ps__sys_resolve(host, family, flags, sink, context);
    if (ps_cancel_fired(limit->token))
        return PS_ECANCELED;
    if (ps__deadline_left(&limit->deadline) == 0)
        return PS_TIMED_OUT;
    return look_up_apart(host, family, flags, limit, sink, context);
}
