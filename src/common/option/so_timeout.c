#include "config.h"

#include "common/option/so_timeout.h"

#include "common/backend.h"
#include "common/socket/attached.h"

#include <string.h>

enum { SECOND = 1000000000, MILLISECOND = 1000000, MICROSECOND = 1000 };

/* A longer time, which the clock could not count, is none. */
#define SECONDS_MAX INT64_C(9000000000)

static int events_of(int name)
{
    return name == SO_RCVTIMEO ? PS__READABLE : PS__WRITABLE;
}

/* ---- the two forms --------------------------------------------------------------------------- */

static int64_t none_if_zero(int64_t nanoseconds)
{
    return nanoseconds != 0 ? nanoseconds : PS__FOREVER;
}

static int read_timeval(const void *value, int64_t *nanoseconds)
{
    struct timeval time;
    int64_t seconds;

    memcpy(&time, value, sizeof time);
    seconds = time.tv_sec;
    if (seconds < 0 || time.tv_usec < 0 || time.tv_usec >= SECOND / MICROSECOND)
        return PS_BAD_TIMEOUT;
    *nanoseconds = seconds > SECONDS_MAX
                       ? PS__FOREVER
                       : none_if_zero(seconds * SECOND + (int64_t)time.tv_usec * MICROSECOND);
    return 0;
}

static int read_time(const void *value, socklen_t size, int64_t *nanoseconds)
{
    uint32_t milliseconds;

    if (size == (socklen_t)sizeof(struct timeval))
        return read_timeval(value, nanoseconds);
    if (size != (socklen_t)sizeof milliseconds)
        return PS_EINVAL;
    memcpy(&milliseconds, value, sizeof milliseconds);
    *nanoseconds = none_if_zero((int64_t)milliseconds * MILLISECOND);
    return 0;
}

static int64_t rounded_up(int64_t nanoseconds, int64_t unit)
{
    return nanoseconds / unit + (nanoseconds % unit != 0);
}

static void write_timeval(int64_t nanoseconds, void *value, socklen_t *size)
{
    int64_t microseconds = rounded_up(nanoseconds, MICROSECOND);
    struct timeval time = {0};

    time.tv_sec = (__typeof__(time.tv_sec))(microseconds / 1000000);
    time.tv_usec = (__typeof__(time.tv_usec))(microseconds % 1000000);
    memcpy(value, &time, sizeof time);
    *size = sizeof time;
}

static void write_milliseconds(int64_t nanoseconds, void *value, socklen_t *size)
{
    int64_t whole = rounded_up(nanoseconds, MILLISECOND);
    uint32_t milliseconds = whole < UINT32_MAX ? (uint32_t)whole : UINT32_MAX;

    memcpy(value, &milliseconds, sizeof milliseconds);
    *size = sizeof milliseconds;
}

/* ---- the options ----------------------------------------------------------------------------- */

static bool has_any(const ps_sock *s)
{
    return ps__sys_so_timeout(s->handle, PS__READABLE) < PS__FOREVER ||
           ps__sys_so_timeout(s->handle, PS__WRITABLE) < PS__FOREVER;
}

/* Another thread may be setting the other one of the two at this moment. A listener keeps the
 * flag: queued connections may have inherited its time before. */
static void update_flag(ps_sock *s)
{
    if (ps__connection(s) == PS__LISTENING || has_any(s))
        return;
    ps__clear_flags(s, PS__HAS_SO_TIMEOUT);
    if (has_any(s))
        ps__set_flags(s, PS__HAS_SO_TIMEOUT);
}

int ps__so_timeout_set(ps_sock *s, const ps__option *option, const void *value, socklen_t size)
{
    int64_t nanoseconds;
    int code = read_time(value, size, &nanoseconds);

    if (code == 0)
        code = ps__sys_set_so_timeout(s->handle, events_of(option->name), nanoseconds);
    if (code != 0)
        return code;
    if (nanoseconds != PS__FOREVER)
        ps__set_flags(s, PS__HAS_SO_TIMEOUT);
    else
        update_flag(s);
    code = ps__sock_set_mode(s);
    (void)ps__attached_update(s);
    return code;
}

int ps__so_timeout_get(ps_sock *s, const ps__option *option, void *value, socklen_t *size)
{
    int64_t nanoseconds;

    if (*size < (socklen_t)sizeof(uint32_t))
        return PS_EINVAL;
    nanoseconds = ps__sys_so_timeout(s->handle, events_of(option->name));
    if (nanoseconds < 0)
        return (int)nanoseconds;
    if (nanoseconds == PS__FOREVER)
        nanoseconds = 0;
    if (*size < (socklen_t)sizeof(struct timeval))
        write_milliseconds(nanoseconds, value, size);
    else
        write_timeval(nanoseconds, value, size);
    return 0;
}

static void inherit(const ps_sock *listener, const ps_sock *connection, int events)
{
    int64_t nanoseconds = ps__sys_so_timeout(listener->handle, events);

    if (nanoseconds >= 0)
        (void)ps__sys_set_so_timeout(connection->handle, events, nanoseconds);
}

void ps__so_timeout_inherit(const ps_sock *listener, ps_sock *connection)
{
    inherit(listener, connection, PS__READABLE);
    inherit(listener, connection, PS__WRITABLE);
    ps__set_flags(connection, PS__HAS_SO_TIMEOUT);
}
