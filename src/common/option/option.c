#include "config.h"

#include "common/connect/judge.h"
#include "common/option/multicast.h"
#include "common/option/own_timeout.h"
#include "common/socket/gate.h"
#include "common/socket/port_sharing.h"
#include "common/socket/socket.h"

#include <limits.h>
#include <string.h>

/* ---- what is the library's, not the system's ----------------------------------------------------------- */

static void judge_error_option(ps_sock *s, void *value)
{
    int error;

    memcpy(&error, value, sizeof error);
    error = ps__judge_error(s, error);
    memcpy(value, &error, sizeof error);
}

static int get_option(ps_sock *s, int level, int name, void *value, socklen_t *size)
{
    int code, port;

    if (ps__is_own_timeout(level, name))
        return ps__own_timeout_get(s, name, value, size);
    if (level == SOL_SOCKET && *size >= (socklen_t)sizeof port && ps__port_get(s, name, &port, &code)) {
        memcpy(value, &port, sizeof port);
        *size = sizeof port;
        return code;
    }
    code = ps__sys_getsockopt(s->handle, level, name, value, size);
    if (code == 0 && level == SOL_SOCKET && name == SO_ERROR && *size == (socklen_t)sizeof(int))
        judge_error_option(s, value);
    return code;
}

/* BSD and Solaris take these as one byte. */
static bool may_be_a_byte(int level, int name, socklen_t size)
{
    return level == IPPROTO_IP && (name == IP_MULTICAST_TTL || name == IP_MULTICAST_LOOP) && size == sizeof(int);
}

static int set_option(ps_sock *s, int level, int name, const void *value, socklen_t size)
{
    int code, number;

    if (ps__is_own_timeout(level, name))
        return ps__own_timeout_set(s, name, value, size);
    if (ps__multicast_set(s, level, name, value, size, &code))
        return code;
    if (size == (socklen_t)sizeof number) {
        memcpy(&number, value, sizeof number);
        if (level == SOL_SOCKET && ps__port_set(s, name, number, &code))
            return code;
    }
    code = ps__sys_setsockopt(s->handle, level, name, value, size);
    if (code == PS_EINVAL && may_be_a_byte(level, name, size) && number >= 0 && number <= UCHAR_MAX) {
        unsigned char byte = (unsigned char)number;
        code = ps__sys_setsockopt(s->handle, level, name, &byte, sizeof byte);
    }
    return code;
}

/* ---- the calls ----------------------------------------------------------------------------------------- */

typedef struct option_arguments {
    int level;
    int name;
    const void *value;
    size_t size;
    void *room;
    size_t *length;
} option_arguments;

static ptrdiff_t read_option(ps_sock *s, void *arguments)
{
    const option_arguments *a = arguments;
    socklen_t size = (socklen_t)a->size;
    int code;

    if (!a->room || !a->length)
        return PS_EFAULT;
    if (a->size == 0 || a->size > INT_MAX)
        return PS_BAD_LENGTH;
    code = get_option(s, a->level, a->name, a->room, &size);
    *a->length = code == 0 ? (size_t)size : 0;
    return code;
}

int ps_getsockopt(ps_sock *s, int level, int name, void *buf, size_t *len)
{
    option_arguments arguments = {.level = level, .name = name, .size = len ? *len : 0, .room = buf, .length = len};

    if (len)
        *len = 0;
    return (int)ps__gate(s, PS_OPERATION_GETSOCKOPT, NULL, read_option, &arguments);
}

static ptrdiff_t write_option(ps_sock *s, void *arguments)
{
    const option_arguments *a = arguments;

    if (!a->value && a->size > 0)
        return PS_EFAULT;
    if (a->size > INT_MAX)
        return PS_BAD_LENGTH;
    return set_option(s, a->level, a->name, a->value, (socklen_t)a->size);
}

int ps_setsockopt(ps_sock *s, int level, int name, const void *buf, size_t len)
{
    option_arguments arguments = {.level = level, .name = name, .value = buf, .size = len};

    return (int)ps__gate(s, PS_OPERATION_SETSOCKOPT, NULL, write_option, &arguments);
}

/* The switches: options of which only "on" and "off" have a meaning. */
static bool is_switch(int level, int name)
{
    static const struct {
        int level;
        int name;
    } switches[] = {
        {SOL_SOCKET, SO_ACCEPTCONN},       {SOL_SOCKET, SO_BROADCAST},  {SOL_SOCKET, SO_DEBUG},
        {SOL_SOCKET, SO_DONTROUTE},        {SOL_SOCKET, SO_KEEPALIVE},  {SOL_SOCKET, SO_OOBINLINE},
        {SOL_SOCKET, SO_REUSEADDR},
#ifdef SO_REUSEPORT
        {SOL_SOCKET, SO_REUSEPORT},
#endif
#ifdef SO_EXCLUSIVEADDRUSE
        {SOL_SOCKET, SO_EXCLUSIVEADDRUSE},
#endif
        {IPPROTO_TCP, TCP_NODELAY},        {IPPROTO_IPV6, IPV6_V6ONLY},
    };
    size_t i;

    for (i = 0; i < sizeof switches / sizeof switches[0]; i++) {
        if (switches[i].level == level && switches[i].name == name)
            return true;
    }
    return false;
}

typedef struct int_arguments {
    int level;
    int name;
    int value;
    int *result;
} int_arguments;

/* Options that are no number, though on some system they are as long as one. */
static bool is_no_number(int level, int name)
{
    if (level != SOL_SOCKET)
        return false;
#ifdef SO_BINDTODEVICE
    if (name == SO_BINDTODEVICE)
        return true;
#endif
    return name == SO_LINGER;
}

/* What an option of `size` bytes is as a number. */
static int to_number(const unsigned char *bytes, socklen_t size, int *number)
{
    if (size != 1 && size != (socklen_t)sizeof *number)
        return PS_EINVAL;
    if (size == 1)
        *number = bytes[0];
    else
        memcpy(number, bytes, sizeof *number);
    return 0;
}

/* The room is larger than a number, so that a longer option is seen to be one; the systems write no more than they have. */
static int get_number(ps_sock *s, int level, int name, int *number)
{
    unsigned char bytes[1024] = {0};
    socklen_t size = is_switch(level, name) ? sizeof *number : sizeof bytes;
    int code;

    if (is_no_number(level, name))
        return PS_EINVAL;
    code = get_option(s, level, name, bytes, &size);
    if (size == (socklen_t)sizeof bytes) /* Wine does not tell how long some are */
        size = sizeof *number;
    return code != 0 ? code : to_number(bytes, size, number);
}

static int get_own_timeout(const ps_sock *s, int name, int *milliseconds)
{
    uint32_t word = 0;
    socklen_t size = sizeof word;
    int code = ps__own_timeout_get(s, name, &word, &size);

    *milliseconds = word < INT_MAX ? (int)word : INT_MAX;
    return code;
}

static ptrdiff_t read_int(ps_sock *s, void *arguments)
{
    const int_arguments *a = arguments;
    int code;

    if (!a->result)
        return PS_EFAULT;
    if (ps__is_own_timeout(a->level, a->name))
        return get_own_timeout(s, a->name, a->result);
    code = get_number(s, a->level, a->name, a->result);
    if (is_switch(a->level, a->name))
        *a->result = *a->result != 0;
    return code;
}

int ps_getsockopt_int(ps_sock *s, int level, int name, int *value)
{
    int_arguments arguments = {.level = level, .name = name, .result = value};

    if (value)
        *value = 0;
    return (int)ps__gate(s, PS_OPERATION_GETSOCKOPT, NULL, read_int, &arguments);
}

static ptrdiff_t write_int(ps_sock *s, void *arguments)
{
    const int_arguments *a = arguments;
    int value = is_switch(a->level, a->name) ? a->value != 0 : a->value;

    /* Linux takes a negative size of a buffer for the largest one. */
    if (a->level == SOL_SOCKET && (a->name == SO_SNDBUF || a->name == SO_RCVBUF) && value < 0)
        return PS_EINVAL;
    if (is_no_number(a->level, a->name))
        return PS_EINVAL;
    if (ps__is_own_timeout(a->level, a->name) && value < 0)
        return PS_BAD_TIMEOUT;
    return set_option(s, a->level, a->name, &value, sizeof value);
}

int ps_setsockopt_int(ps_sock *s, int level, int name, int value)
{
    int_arguments arguments = {.level = level, .name = name, .value = value};

    return (int)ps__gate(s, PS_OPERATION_SETSOCKOPT, NULL, write_int, &arguments);
}

static ptrdiff_t read_error(ps_sock *s, void *result)
{
    int error = 0;
    socklen_t size = sizeof error;
    int code = get_option(s, SOL_SOCKET, SO_ERROR, &error, &size);

    *(int *)result = error != 0 ? ps__from_os(error) : 0;
    return code;
}

/* The error that is told is no failure of this call. */
int ps_geterror(ps_sock *s)
{
    int error = 0;
    int code = (int)ps__gate(s, PS_OPERATION_GETSOCKOPT, NULL, read_error, &error);

    return code != 0 ? code : error;
}

typedef struct control_arguments {
    unsigned long control;
    unsigned long option;
} control_arguments;

static ptrdiff_t control(ps_sock *s, void *arguments)
{
    const control_arguments *a = arguments;
    int code = ps__sys_ioctl(s->handle, a->control, a->option);

#ifdef SIO_UDP_CONNRESET
    if (code == 0 && a->control == SIO_UDP_CONNRESET)
        ps__port_mark(s, PS__PORT_REFUSALS, a->option != 0);
#endif
    return code;
}

int ps_ioctl(ps_sock *s, unsigned long control_code, unsigned long option)
{
    control_arguments arguments = {control_code, option};

    return (int)ps__gate(s, PS_OPERATION_IOCTL, NULL, control, &arguments);
}

typedef struct keepalive_arguments {
    bool on;
    unsigned time_ms;
    unsigned interval_ms;
} keepalive_arguments;

static ptrdiff_t set_keepalive(ps_sock *s, void *arguments)
{
    const keepalive_arguments *a = arguments;

    if (!ps__is_stream(s) || !ps__is_inet(s))
        return PS_ENOPROTOOPT;
    if (a->on && (a->time_ms == 0 || a->interval_ms == 0))
        return PS_EINVAL;
    return ps__sys_keepalive(s->handle, a->on, a->time_ms, a->interval_ms);
}

int ps_ioctl_keepalive(ps_sock *s, bool on, unsigned time_ms, unsigned interval_ms)
{
    keepalive_arguments arguments = {on, time_ms, interval_ms};

    return (int)ps__gate(s, PS_OPERATION_IOCTL, NULL, set_keepalive, &arguments);
}
