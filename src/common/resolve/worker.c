#include "config.h"

#include "common/resolve/worker.h"

#include "common/backend.h"

#include <stdlib.h>

#define IDLE_NANOSECONDS INT64_C(2000000000)

typedef struct job {
    void (*work)(void *context, ps__worker *self);
    void *context;
} job;

static void serve(void *argument)
{
    job *given = argument;

    while (given) {
        job now = *given;
        ps__worker self = {.is_offered = false};

        free(given);
        now.work(now.context, &self);
        given = self.is_offered ? ps__sys_await_work(IDLE_NANOSECONDS) : NULL;
    }
}

int ps__worker_start(void (*work)(void *context, ps__worker *self), void *context)
{
    job *made = malloc(sizeof *made);
    int code;

    if (!made)
        return PS_ENOMEM;
    *made = (job){work, context};
    if (ps__sys_give_work(made))
        return 0;
    code = ps__sys_start_thread(serve, made);
    if (code != 0)
        free(made);
    return code;
}

void ps__worker_is_free(ps__worker *self)
{
    self->is_offered = ps__sys_offer_thread();
}
