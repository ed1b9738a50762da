#include "config.h"

#include "common/resolve/in_thread.h"

#include <stdlib.h>

static void resolve(void *argument)
{
    ps__resolve_request r = *(ps__resolve_request *)argument;

    free(argument);
    r.end(r.context, ps__sys_resolve(r.host, r.family, r.flags, r.sink, r.context));
}

int ps__resolve_in_thread(const ps__resolve_request *request)
{
    ps__resolve_request *copy = malloc(sizeof *copy);
    int code;

    if (!copy)
        return PS_ENOMEM;
    *copy = *request;
    code = ps__sys_start_thread(resolve, copy);
    if (code != 0)
        free(copy);
    return code;
}
