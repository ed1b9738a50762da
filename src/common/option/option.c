#include "config.h"

#include "common/option/table.h"
#include "common/socket/gate.h"

#include <limits.h>
#include <string.h>

typedef struct option_arguments {
    int level;
    int name;
    const void *value;
    size_t size;
    void *buffer;
    size_t *length;
} option_arguments;

static ptrdiff_t read_option(ps_sock *s, void *arguments)
{
    const option_arguments *a = arguments;
    ps__option option = ps__option_find(a->level, a->name);
    socklen_t size = (socklen_t)a->size;
    int code;

    if (!a->buffer || !a->length)
        return PS_EFAULT;
    if (a->size == 0 || a->size > INT_MAX)
        return PS_BAD_LENGTH;
    code = ps__option_get(s, &option, a->buffer, &size);
    *a->length = code == 0 ? (size_t)size : 0;
    return code;
}

int ps_getsockopt(ps_sock *s, int level, int name, void *buf, size_t *len)
{
    option_arguments arguments = {
        .level = level, .name = name, .size = len ? *len : 0, .buffer = buf, .length = len};

    if (len)
        *len = 0;
    return (int)ps__gate(s, PS_OPERATION_GETSOCKOPT, NULL, read_option, &arguments);
}

static ptrdiff_t write_option(ps_sock *s, void *arguments)
{
    const option_arguments *a = arguments;
    ps__option option = ps__option_find(a->level, a->name);

    if (!a->value && a->size > 0)
        return PS_EFAULT;
    if (a->size > INT_MAX)
        return PS_BAD_LENGTH;
    return ps__option_set(s, &option, a->value, (socklen_t)a->size);
}

int ps_setsockopt(ps_sock *s, int level, int name, const void *buf, size_t len)
{
    option_arguments arguments = {.level = level, .name = name, .value = buf, .size = len};

    return (int)ps__gate(s, PS_OPERATION_SETSOCKOPT, NULL, write_option, &arguments);
}

typedef struct int_arguments {
    int level;
    int name;
    int value;
    int *result;
} int_arguments;

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

/* The buffer is larger than a number, to detect a longer option; systems write no more than the
 * option has. */
static int get_number(ps_sock *s, const ps__option *option, int *number)
{
    unsigned char bytes[1024] = {0};
    socklen_t size = option->kind & PS__OPTION_SWITCH ? sizeof *number : sizeof bytes;
    int code = ps__option_get(s, option, bytes, &size);

    if (size == (socklen_t)sizeof bytes) /* Wine does not say how long some are */
        size = sizeof *number;
    return code != 0 ? code : to_number(bytes, size, number);
}

static int get_milliseconds(ps_sock *s, const ps__option *option, int *milliseconds)
{
    uint32_t word = 0;
    socklen_t size = sizeof word;
    int code = ps__option_get(s, option, &word, &size);

    *milliseconds = word < INT_MAX ? (int)word : INT_MAX;
    return code;
}

static ptrdiff_t read_int(ps_sock *s, void *arguments)
{
    const int_arguments *a = arguments;
    ps__option option = ps__option_find(a->level, a->name);
    int code;

    if (!a->result)
        return PS_EFAULT;
    if (option.kind & PS__OPTION_STRUCT)
        return PS_EINVAL;
    if (option.kind & PS__OPTION_MILLISECONDS)
        return get_milliseconds(s, &option, a->result);
    code = get_number(s, &option, a->result);
    if (option.kind & PS__OPTION_SWITCH)
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

static int check_number(const ps__option *option, int value)
{
    if (option->kind & PS__OPTION_STRUCT || (option->kind & PS__OPTION_SIZE && value < 0))
        return PS_EINVAL;
    return option->kind & PS__OPTION_MILLISECONDS && value < 0 ? PS_BAD_TIMEOUT : 0;
}

static ptrdiff_t write_int(ps_sock *s, void *arguments)
{
    const int_arguments *a = arguments;
    ps__option option = ps__option_find(a->level, a->name);
    int value = option.kind & PS__OPTION_SWITCH ? a->value != 0 : a->value;
    int code = check_number(&option, value);

    return code != 0 ? code : ps__option_set(s, &option, &value, sizeof value);
}

int ps_setsockopt_int(ps_sock *s, int level, int name, int value)
{
    int_arguments arguments = {.level = level, .name = name, .value = value};

    return (int)ps__gate(s, PS_OPERATION_SETSOCKOPT, NULL, write_int, &arguments);
}
