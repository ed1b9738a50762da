#include "config.h"

#include "common/resolve/lookup.h"

#include "common/resolve/address_list.h"
#include "common/resolve/background.h"
#include "common/resolve/localhost.h"
#include "common/wait/cancel.h"

#include <stdlib.h>
#include <string.h>

struct ps__lookup {
    ps__task task;
    int family;
    int flags;
    void *resolving;
    ps__address_list found;
    char *canonname;
    char host[];
};

static void discard(ps__task *task)
{
    ps__lookup *l = (ps__lookup *)task;

    ps__address_list_free(&l->found);
    free(l->canonname);
    free(l);
}

static ps__lookup *make(const char *host, int family, int flags)
{
    size_t length = strlen(host);
    ps__lookup *l = calloc(1, sizeof *l + length + 1);

    if (!l)
        return NULL;
    memcpy(l->host, host, length + 1);
    l->family = family;
    l->flags = flags;
    l->task.discard = discard;
    return l;
}

/* ---- in whatever thread looks up ------------------------------------------------------------- */

static char *copy(const char *text)
{
    size_t size = strlen(text) + 1;
    char *made = malloc(size);

    return made ? memcpy(made, text, size) : NULL;
}

static int keep(void *context, const ps_addr *a, const char *canonname)
{
    ps__lookup *l = context;

    if (l->found.count == 0 && canonname) {
        l->canonname = copy(canonname);
        if (!l->canonname)
            return PS_ENOMEM;
    }
    return ps__address_list_add(&l->found, a) ? 0 : PS_ENOMEM;
}

static void end(void *context, int code)
{
    ps__task_end(context, code);
}

/* ---- in the call ----------------------------------------------------------------------------- */

/* What a failure of the system's resolver means. Not every system distinguishes a name without
 * addresses from one that does not exist. */
static int settle(const char *host, int family, int code, ps__address_sink sink, void *context)
{
    if (ps_error_kind(code) == PS_KIND_GAI && code != PS_EAI_MEMORY && ps__is_localhost(host))
        return ps__report_localhost(host, family, sink, context);
    return code == PS_EAI_NODATA || code == PS_EAI_ADDRFAMILY ? PS_EAI_NONAME : code;
}

static int start(ps__task *task)
{
    ps__lookup *l = (ps__lookup *)task;

    return ps__sys_resolve_start(l->host, l->family, l->flags, keep, end, l, &l->resolving);
}

int ps__lookup_start(const char *host, int family, int flags, ps__lookup **lookup)
{
    ps__lookup *l = make(host, family, flags);
    int code;

    if (!l)
        return PS_ENOMEM;
    code = ps__task_start_by(&l->task, start);
    if (code == 0)
        *lookup = l;
    return code;
}

ps_handle ps__lookup_handle(const ps__lookup *l)
{
    return l->task.notifier.wait_handle;
}

bool ps__lookup_notified(ps__lookup *l)
{
    return ps__task_notified(&l->task);
}

int ps__lookup_result(const ps__lookup *l, ps__address_sink sink, void *context)
{
    int code = settle(l->host, l->family, l->task.code, sink, context);

    for (size_t i = 0; l->task.code == 0 && code == 0 && i < l->found.count; i++)
        code = sink(context, &l->found.addresses[i], i == 0 ? l->canonname : NULL);
    return code;
}

void ps__lookup_leave(ps__lookup *l, bool is_superfluous)
{
    ps__sys_resolve_leave(l->resolving);
    ps__task_leave(&l->task, is_superfluous);
}

static int wait_for_localhost(ps__lookup *l, const ps__limit *limit, ps__address_sink sink,
                              void *context)
{
    ps__limit brief = ps__localhost_limit(limit);
    int code = ps__task_wait(&l->task, &brief);

    return code == PS_TIMED_OUT ? ps__report_localhost(l->host, l->family, sink, context) : code;
}

static int look_up_in_background(const char *host, int family, int flags, ps__limit *limit,
                                 ps__address_sink sink, void *context)
{
    ps__lookup *l;
    int code = ps__lookup_start(host, family, flags, &l);

    if (code != 0)
        return code;
    if (ps__is_localhost(host))
        code = wait_for_localhost(l, limit, sink, context);
    else
        code = ps__task_wait(&l->task, limit);
    if (l->task.seen)
        code = ps__lookup_result(l, sink, context);
    ps__lookup_leave(l, false);
    return code;
}

int ps__limit_begin(ps__limit *limit, double timeout, ps_cancel *token)
{
    if (timeout == PS_DEFAULT_TIMEOUT)
        timeout = ps_getdefaulttimeout();
    if (!ps__timeout_valid(timeout))
        return PS_BAD_TIMEOUT;
    *limit = ps__limit_after(timeout, token);
    limit->look_up = look_up_in_background;
    ps__deadline_start(&limit->deadline);
    return ps__is_fired(token) ? PS_ECANCELED : 0;
}

int ps__look_up(const char *host, int family, int flags, ps__limit *limit, ps__address_sink sink,
                void *context)
{
    int code = ps__limit_over(limit);

    if (code != 0)
        return code;
    if (ps__limit_never(limit))
        return settle(host, family, ps__sys_resolve(host, family, flags, sink, context), sink,
                      context);
    return limit->look_up(host, family, flags, limit, sink, context);
}
