#include "script.h"

/* One new handle, unless the step's answer is a failure. */
static int give_handle(const fake_step *step, ps_handle *h)
{
    if (step->result == 0)
        *h = fake_open();
    return (int)step->result;
}

static void same_kind(const fake_step *step, int family, int type, int proto)
{
    fake_same_int(step, "family", step->family, family);
    fake_same_int(step, "type", step->type, type);
    fake_same_int(step, "proto", step->proto, proto);
}

int ps__sys_socket(int family, int type, int proto, bool nonblocking, ps_handle *h)
{
    const fake_step *step = fake_take_free(SYS_SOCKET);

    same_kind(step, family, type, proto);
    fake_same_switch(step, nonblocking);
    return give_handle(step, h);
}

int ps__sys_socketpair(int family, int type, int proto, bool nonblocking, ps_handle h[2])
{
    const fake_step *step = fake_take_free(SYS_SOCKETPAIR);

    same_kind(step, family, type, proto);
    fake_same_switch(step, nonblocking);
    (void)give_handle(step, &h[0]);
    return give_handle(step, &h[1]);
}

int ps__sys_duplicate(ps_handle h, ps_handle *copy)
{
    return give_handle(fake_take(SYS_DUPLICATE, h), copy);
}

int ps__sys_describe(ps_handle h, int *family, int *type, int *proto)
{
    const fake_step *step = fake_take(SYS_DESCRIBE, h);

    if (step->result != 0)
        return (int)step->result;
    *family = step->family;
    *type = step->type;
    *proto = step->proto;
    return 0;
}

int ps__sys_set_nonblocking(ps_handle h, bool on)
{
    const fake_step *step = fake_take(SYS_SET_NONBLOCKING, h);

    fake_same_switch(step, on);
    return (int)step->result;
}

int ps__sys_set_inheritable(ps_handle h, bool on)
{
    const fake_step *step = fake_take(SYS_SET_INHERITABLE, h);

    fake_same_switch(step, on);
    return (int)step->result;
}

int ps__sys_get_inheritable(ps_handle h, bool *on)
{
    const fake_step *step = fake_take(SYS_GET_INHERITABLE, h);

    if (step->result == 0)
        *on = step->on_now;
    return (int)step->result;
}

static bool can_steal;

void fake_set_stealing(bool on)
{
    can_steal = on;
}

int ps__sys_set_exclusive(ps_handle h, bool on)
{
    const fake_step *step;

    if (!can_steal)
        return PS_EOPNOTSUPP;
    step = fake_take(SYS_SET_EXCLUSIVE, h);
    fake_same_switch(step, on);
    return (int)step->result;
}

int ps__sys_has_listener(const ps_addr *a, bool dual)
{
    const fake_step *step = fake_take_free(SYS_HAS_LISTENER);

    fake_same_address(step, a);
    fake_same_switch(step, dual);
    return (int)step->result;
}

void ps__sys_report_refusals(ps_handle h, bool on)
{
    if (fake_is_next(SYS_REPORT_REFUSALS))
        fake_same_switch(fake_take(SYS_REPORT_REFUSALS, h), on);
}

int ps__sys_bind(ps_handle h, const ps_addr *a)
{
    const fake_step *step = fake_take(SYS_BIND, h);

    fake_same_address(step, a);
    return (int)step->result;
}

int ps__sys_listen(ps_handle h, int backlog)
{
    const fake_step *step = fake_take(SYS_LISTEN, h);

    fake_same_int(step, "backlog", step->value, backlog);
    return (int)step->result;
}

int ps__sys_accept(ps_handle h, bool nonblocking, ps_handle *connection, ps_addr *peer)
{
    const fake_step *step = fake_take(SYS_ACCEPT, h);

    fake_same_switch(step, nonblocking);
    if (step->result == 0 && peer)
        fake_give_address(step, peer);
    return give_handle(step, connection);
}

int ps__sys_connect(ps_handle h, const ps_addr *a)
{
    const fake_step *step = fake_take(SYS_CONNECT, h);

    fake_same_address(step, a);
    return (int)step->result;
}

bool ps__sys_is_connected_at_once(ps_handle h)
{
    return fake_is_next(SYS_CONNECTED_AT_ONCE) && fake_take(SYS_CONNECTED_AT_ONCE, h)->result != 0;
}

bool ps__sys_has_reached_another(ps_handle h)
{
    return fake_is_next(SYS_REACHED_ANOTHER) && fake_take(SYS_REACHED_ANOTHER, h)->result != 0;
}

int ps__sys_connect_result(ps_handle h)
{
    return (int)fake_take(SYS_CONNECT_RESULT, h)->result;
}

int ps__sys_shutdown(ps_handle h, int how)
{
    const fake_step *step = fake_take(SYS_SHUTDOWN, h);

    fake_same_int(step, "how", step->value, how);
    return (int)step->result;
}

static bool cannot_shut_receiving;

void fake_set_shut_receiving(bool on)
{
    cannot_shut_receiving = !on;
}

bool ps__sys_cannot_shut_receiving(void)
{
    return cannot_shut_receiving;
}

static int reach = PS__WAKES_CALLS | PS__WAKES_CONNECT | PS__WAKES_WAITS;

void fake_set_reach(int now)
{
    reach = now;
}

int ps__sys_wake_reach(int family, int type)
{
    (void)family;
    (void)type;
    return reach;
}

void ps__sys_wake_waits(ps_handle h)
{
    fake_take(SYS_WAKE_WAITS, h);
}

void ps__sys_wake(ps_handle h)
{
    fake_take(SYS_WAKE, h);
}

/* ---- transfers ------------------------------------------------------------------------------- */

static void check_transfer(const fake_step *step, size_t size, int flags)
{
    fake_same_size(step, size);
    fake_same_int(step, "flags", step->flags, flags);
    if (size > PS__TRANSFER_MAX)
        fake_fail(step, "asks for more than PS__TRANSFER_MAX");
    if (step->result > 0 && (size_t)step->result > size && !(flags & ~step->flags))
        fake_fail(step, "the script's result is more than the %llu bytes asked for",
                  (unsigned long long)size);
}

/* The bytes of the script, or as many of any. */
static ptrdiff_t receive(const fake_step *step, void *buffer, size_t size)
{
    size_t count = step->result > 0 ? (size_t)step->result : 0;

    if (count > size)
        count = size;
    if (count > 0 && step->data)
        memcpy(buffer, step->data, count);
    else if (count > 0 && count <= 65536)
        memset(buffer, 'x', count);
    return step->result;
}

ptrdiff_t ps__sys_recv(ps_handle h, void *buffer, size_t size, int flags)
{
    const fake_step *step = fake_take(SYS_RECV, h);

    check_transfer(step, size, flags);
    return receive(step, buffer, size);
}

static bool end_is_uncertain;

void fake_set_certain_end(bool on)
{
    end_is_uncertain = !on;
}

bool ps__sys_end_is_certain(void)
{
    return !end_is_uncertain;
}

ptrdiff_t ps__sys_recvfrom(ps_handle h, void *buffer, size_t size, int flags, ps_addr *from)
{
    const fake_step *step = fake_take(SYS_RECVFROM, h);

    check_transfer(step, size, flags);
    if (step->result >= 0)
        fake_give_address(step, from);
    return receive(step, buffer, size);
}

static void same_bytes(const fake_step *step, const void *buffer, size_t size)
{
    size_t length = step->data ? strlen(step->data) : 0;

    if (length > size || (length > 0 && memcmp(buffer, step->data, length) != 0))
        fake_fail(step, "sends \"%.*s\", expected \"%s\"", (int)size, (const char *)buffer,
                  step->data);
}

ptrdiff_t ps__sys_send(ps_handle h, const void *buffer, size_t size, int flags)
{
    const fake_step *step = fake_take(SYS_SEND, h);

    check_transfer(step, size, flags);
    same_bytes(step, buffer, size);
    return step->result;
}

ptrdiff_t ps__sys_sendto(ps_handle h, const void *buffer, size_t size, int flags, const ps_addr *to)
{
    const fake_step *step = fake_take(SYS_SENDTO, h);

    check_transfer(step, size, flags);
    same_bytes(step, buffer, size);
    fake_same_address(step, to);
    return step->result;
}

/* ---- files ----------------------------------------------------------------------------------- */

const ps_native_file fake_file = (ps_native_file)(intptr_t)77;

static void check_file(const fake_step *step, ps_native_file file, uint64_t offset)
{
    if (file != fake_file)
        fake_fail(step, "the file is another one");
    if (step->offset != 0 && step->offset != offset)
        fake_fail(step, "the offset is %llu, expected %llu", (unsigned long long)offset,
                  (unsigned long long)step->offset);
}

ptrdiff_t ps__sys_sendfile(ps_handle h, ps_native_file file, uint64_t offset, size_t size,
                           bool may_block)
{
    const fake_step *step = fake_take(SYS_SENDFILE, h);

    check_file(step, file, offset);
    check_transfer(step, size, 0);
    fake_same_switch(step, may_block);
    return step->result;
}

ptrdiff_t ps__sys_read_file(ps_native_file file, uint64_t offset, void *buffer, size_t size)
{
    const fake_step *step = fake_take_free(SYS_READ_FILE);

    check_file(step, file, offset);
    check_transfer(step, size, 0);
    return receive(step, buffer, size);
}

/* ---- names ----------------------------------------------------------------------------------- */

static int give_name(const fake_step *step, ps_addr *a)
{
    if (step->result == 0)
        fake_give_address(step, a);
    return (int)step->result;
}

int ps__sys_getsockname(ps_handle h, ps_addr *a)
{
    return give_name(fake_take(SYS_GETSOCKNAME, h), a);
}

int ps__sys_getpeername(ps_handle h, ps_addr *a)
{
    return give_name(fake_take(SYS_GETPEERNAME, h), a);
}
