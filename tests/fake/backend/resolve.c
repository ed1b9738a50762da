#include "script.h"

/* Writes the step's text, as every function of the contract that gives a name. */
static int give_text(const fake_step *step, char *text, size_t size)
{
    if (step->result != 0)
        return (int)step->result;
    if (strlen(step->output) >= size)
        return PS_BAD_LENGTH;
    strcpy(text, step->output);
    return 0;
}

static void same_question(const fake_step *step, const char *host, int family, int flags)
{
    fake_same_text(step, "host", step->text, host);
    fake_same_int(step, "family", step->family, family);
    fake_same_int(step, "flags", step->flags, flags);
}

static int report_addresses(const fake_step *step, ps__address_sink sink, void *context)
{
    const char *canonname = step->canonname;

    for (const char *const *text = step->addresses; text && *text; text++) {
        ps_addr a = fake_address(*text);
        int code = sink(context, &a, canonname);

        if (code != 0)
            return code;
        canonname = NULL;
    }
    return 0;
}

int ps__sys_resolve(const char *host, int family, int flags, ps__address_sink sink, void *context)
{
    const fake_step *step = fake_take_free(SYS_RESOLVE);
    int code;

    same_question(step, host, family, flags);
    code = report_addresses(step, sink, context);
    return code != 0 ? code : (int)step->result;
}

/* ---- look-ups apart -------------------------------------------------------------------------- */

enum { LOOKUPS_MAX = 128 };

typedef struct lookup {
    fake_step step;
    void (*work)(void *context); /* of a thread */
    ps__address_sink sink;
    ps__resolve_end end;
    void *context;
    bool ended;
    bool left;
} lookup;

static lookup lookups[LOOKUPS_MAX];
static int lookup_count;

static void end_lookup(lookup *l)
{
    int code;

    l->ended = true;
    if (l->work) {
        l->work(l->context);
        return;
    }
    code = report_addresses(&l->step, l->sink, l->context);
    l->end(l->context, code != 0 ? code : l->step.code);
}

void fake_end_lookup(void *nothing)
{
    (void)nothing;
    for (int i = 0; i < lookup_count; i++) {
        if (!lookups[i].ended) {
            end_lookup(&lookups[i]);
            return;
        }
    }
    ck_abort_msg("no look-up is under way");
}

void fake_end_lookup_number(int n)
{
    ck_assert_int_le(n, lookup_count);
    ck_assert(!lookups[n - 1].ended);
    end_lookup(&lookups[n - 1]);
}

const char *fake_lookups_held(void)
{
    for (int i = 0; i < lookup_count; i++) {
        if (!lookups[i].ended)
            return "a look-up has not ended";
        if (!lookups[i].left)
            return "a look-up has not been left";
    }
    lookup_count = 0;
    return NULL;
}

int ps__sys_resolve_start(const char *host, int family, int flags, ps__address_sink sink,
                          ps__resolve_end end, void *context, void **resolving)
{
    const fake_step *step = fake_take_free(SYS_RESOLVE_START);
    lookup *l = &lookups[lookup_count];

    same_question(step, host, family, flags);
    if (step->result != 0)
        return (int)step->result;
    ck_assert_int_lt(lookup_count++, LOOKUPS_MAX);
    *l = (lookup){.step = *step, .sink = sink, .end = end, .context = context};
    *resolving = l;
    if (!step->later)
        end_lookup(l);
    return 0;
}

/* A thread runs at once, unless it is to run later. */
int ps__sys_start_thread(void (*work)(void *context), void *context)
{
    const fake_step *step = fake_take_free(SYS_START_THREAD);
    lookup *l = &lookups[lookup_count];

    if (step->result != 0)
        return (int)step->result;
    ck_assert_int_lt(lookup_count++, LOOKUPS_MAX);
    *l = (lookup){.step = *step, .work = work, .context = context, .left = true};
    if (!step->later)
        end_lookup(l);
    return 0;
}

static bool is_offered;
static void *given;

bool ps__sys_offer_thread(void)
{
    is_offered = fake_is_next(SYS_OFFER_THREAD) && fake_take_free(SYS_OFFER_THREAD)->result != 0;
    return is_offered;
}

/* What is given to the thread is given during the step. */
void *ps__sys_await_work(int64_t nanoseconds)
{
    const fake_step *step = fake_take_free(SYS_AWAIT_WORK);
    void *work = given;

    if (nanoseconds != step->nanoseconds)
        fake_fail(step, "waits for %lld nanoseconds", (long long)nanoseconds);
    given = NULL;
    is_offered = false;
    return work;
}

bool ps__sys_give_work(void *work)
{
    if (!is_offered || given)
        return false;
    given = work;
    return true;
}

void ps__sys_resolve_leave(void *resolving)
{
    lookup *l = resolving;

    ck_assert_msg(!l->left, "leaves a look-up twice");
    l->left = true;
}

/* ---- names of addresses ---------------------------------------------------------------------- */

int ps__sys_host_name(const ps_addr *a, int flags, char *host, size_t size)
{
    const fake_step *step = fake_take_free(SYS_HOST_NAME);

    fake_same_address(step, a);
    fake_same_int(step, "flags", step->flags, flags);
    return give_text(step, host, size);
}

/* ---- host entries ---------------------------------------------------------------------------- */

static int entries_held;

const char *fake_entries_held(void)
{
    return entries_held > 0 ? "a host entry has not been released" : NULL;
}

static int report_entry(const fake_step *step, ps__host_entry *e)
{
    if (step->result != 0)
        return (int)step->result;
    e->entry = step->entry;
    e->memory = &entries_held;
    entries_held++;
    return 0;
}

int ps__sys_host_by_name(const char *name, int family, ps__host_entry *e)
{
    const fake_step *step = fake_take_free(SYS_HOST_BY_NAME);

    fake_same_text(step, "name", step->text, name);
    fake_same_int(step, "family", step->family, family);
    return report_entry(step, e);
}

int ps__sys_host_by_address(const ps_addr *a, ps__host_entry *e)
{
    const fake_step *step = fake_take_free(SYS_HOST_BY_ADDRESS);

    fake_same_address(step, a);
    return report_entry(step, e);
}

void ps__sys_host_release(ps__host_entry *e)
{
    ck_assert_msg(e->memory == &entries_held && entries_held > 0,
                  "releases a host entry that is not held");
    entries_held--;
    e->memory = NULL;
}

/* ---- databases ------------------------------------------------------------------------------- */

static int give_number(const fake_step *step, int *number)
{
    if (step->result == 0)
        *number = step->number;
    return (int)step->result;
}

int ps__sys_service_port(const char *name, const char *proto, int *port)
{
    const fake_step *step = fake_take_free(SYS_SERVICE_PORT);

    fake_same_text(step, "service", step->text, name);
    fake_same_text(step, "protocol", step->service_proto, proto);
    return give_number(step, port);
}

int ps__sys_service_name(int port, const char *proto, char *name, size_t size)
{
    const fake_step *step = fake_take_free(SYS_SERVICE_NAME);

    fake_same_int(step, "port", step->value, port);
    fake_same_text(step, "protocol", step->service_proto, proto);
    return give_text(step, name, size);
}

int ps__sys_protocol(const char *name, int *proto)
{
    const fake_step *step = fake_take_free(SYS_PROTOCOL);

    fake_same_text(step, "protocol", step->text, name);
    return give_number(step, proto);
}

int ps__sys_host_self(char *name, size_t size)
{
    return give_text(fake_take_free(SYS_HOST_SELF), name, size);
}

int ps__sys_interface_index(const char *name, unsigned *index)
{
    const fake_step *step = fake_take_free(SYS_INTERFACE_INDEX);

    fake_same_text(step, "interface", step->text, name);
    if (step->result == 0)
        *index = (unsigned)step->number;
    return (int)step->result;
}

int ps__sys_interface_name(unsigned index, char *name, size_t size)
{
    const fake_step *step = fake_take_free(SYS_INTERFACE_NAME);

    fake_same_int(step, "index", step->value, (int)index);
    return give_text(step, name, size);
}
