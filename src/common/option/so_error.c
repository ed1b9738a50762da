#include "config.h"

#include "common/option/so_error.h"

#include "common/connect/judge.h"
#include "common/socket/gate.h"
#include "common/socket/normalize.h"

#include <string.h>

int ps__so_error_get(ps_sock *s, const ps__option *option, void *value, socklen_t *size)
{
    int error;
    int code = ps__sys_getsockopt(s->handle, option->level, option->name, value, size);

    if (code != 0 || *size != (socklen_t)sizeof error)
        return code;
    memcpy(&error, value, sizeof error);
    error = ps__judge_error(s, error);
    memcpy(value, &error, sizeof error);
    return 0;
}

static ptrdiff_t read_error(ps_sock *s, void *result)
{
    ps__option option = ps__option_find(SOL_SOCKET, SO_ERROR);
    int error = 0;
    socklen_t size = sizeof error;
    int code = ps__option_get(s, &option, &error, &size);

    *(int *)result = error != 0 ? ps__judge_silent_peer(s, ps__from_os(error)) : 0;
    return code;
}

/* The error that it reports is no failure of this call. */
int ps_geterror(ps_sock *s)
{
    int error = 0;
    int code = (int)ps__gate(s, PS_OPERATION_GETSOCKOPT, NULL, read_error, &error);

    return code != 0 ? code : error;
}
