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

int ps__sys_resolve(const char *host, int family, int flags, ps__address_sink sink, void *context)
{
    const fake_step *step = fake_take_free(SYS_RESOLVE);
    const char *canonname = step->canonname;

    fake_same_text(step, "host", step->text, host);
    fake_same_int(step, "family", step->family, family);
    fake_same_int(step, "flags", step->flags, flags);
    for (const char *const *text = step->addresses; text && *text; text++) {
        ps_addr a = fake_address(*text);
        int code = sink(context, &a, canonname);

        if (code != 0)
            return code;
        canonname = NULL;
    }
    return (int)step->result;
}

int ps__sys_host_name(const ps_addr *a, int flags, char *host, size_t size)
{
    const fake_step *step = fake_take_free(SYS_HOST_NAME);

    fake_same_address(step, a);
    fake_same_int(step, "flags", step->flags, flags);
    return give_text(step, host, size);
}

/* ---- host entries -------------------------------------------------------------------------------------- */

static int entries_held;

const char *fake_entries_held(void)
{
    return entries_held > 0 ? "a host entry has not been released" : NULL;
}

static int give_entry(const fake_step *step, ps__host_entry *e)
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
    return give_entry(step, e);
}

int ps__sys_host_by_address(const ps_addr *a, ps__host_entry *e)
{
    const fake_step *step = fake_take_free(SYS_HOST_BY_ADDRESS);

    fake_same_address(step, a);
    return give_entry(step, e);
}

void ps__sys_host_release(ps__host_entry *e)
{
    ck_assert_msg(e->memory == &entries_held && entries_held > 0, "releases a host entry that is not held");
    entries_held--;
    e->memory = NULL;
}

/* ---- databases ----------------------------------------------------------------------------------------- */

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
