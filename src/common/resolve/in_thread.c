#include "config.h"

#include "common/resolve/in_thread.h"

#include "common/resolve/worker.h"

#include <stdlib.h>

static void resolve(void *argument, ps__worker *self)
{
    ps__resolve_request r = *(ps__resolve_request *)argument;
    int code;

    free(argument);
    code = ps__sys_resolve(r.host, r.family, r.flags, r.sink, r.context);
    ps__worker_is_free(self);
    r.end(r.context, code);
}

int ps__resolve_in_thread(const ps__resolve_request *request)
{
    ps__resolve_request *copy = malloc(sizeof *copy);
    int code;

    if (!copy)
        return PS_ENOMEM;
    *copy = *request;
    code = ps__worker_start(resolve, copy);
    if (code != 0)
        free(copy);
    return code;
}
