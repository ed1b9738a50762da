#include "config.h"

#include "common/resolve/background.h"

#include "common/fork.h"
#include "common/resolve/worker.h"

/* A name server that does not answer keeps each abandoned task busy for as long as the system
 * asks it again. A call that has its answer from elsewhere leaves more of them, which count for
 * less. */
enum { ABANDONED_MAX = 64, SUPERFLUOUS_FOR_ONE = 16 };

static atomic_int abandoned;
static atomic_int superfluous;

static atomic_int *count_of(const ps__task *task)
{
    return task->superfluous ? &superfluous : &abandoned;
}

static void let_go(ps__task *task)
{
    if (atomic_fetch_sub(&task->owners, 1) > 1)
        return;
    if (!task->seen) {
        atomic_fetch_sub(count_of(task), 1);
        ps__sys_notifier_close(&task->notifier);
    }
    task->discard(task);
}

void ps__task_end(ps__task *task, int code)
{
    task->code = code;
    atomic_store(&task->ended, true);
    ps__sys_notify(&task->notifier); /* not touched after this: the call that sees it closes it */
    let_go(task);
}

/* ---- in the call ----------------------------------------------------------------------------- */

/* A process that fork makes has none of the threads in which they go on. */
void ps__task_forget(void)
{
    atomic_store(&abandoned, 0);
    atomic_store(&superfluous, 0);
}

static int open_notifier(ps__task *task)
{
    (void)ps__generation(); /* which watches for forks from now on */
    if (atomic_load(&abandoned) + atomic_load(&superfluous) / SUPERFLUOUS_FOR_ONE >= ABANDONED_MAX)
        return PS_EAI_AGAIN;
    return ps__sys_notifier_open(&task->notifier, false);
}

int ps__task_start_by(ps__task *task, int (*start)(ps__task *task))
{
    int code = open_notifier(task);

    if (code != 0) {
        task->discard(task);
        return code;
    }
    atomic_init(&task->owners, 2);
    atomic_init(&task->ended, false);
    task->seen = false;
    task->superfluous = false;
    ps__sys_stay_mapped();
    code = start(task);
    if (code != 0) {
        ps__sys_notifier_close(&task->notifier);
        task->discard(task);
    }
    return code == PS_EAGAIN ? PS_EAI_AGAIN : code;
}

static void run(void *context, ps__worker *self)
{
    ps__task *task = context;
    int code = task->work(task);

    ps__worker_is_free(self);
    ps__task_end(task, code);
}

static int start_in_thread(ps__task *task)
{
    return ps__worker_start(run, task);
}

int ps__task_start(ps__task *task)
{
    return ps__task_start_by(task, start_in_thread);
}

/* A notification without an end is cleared, and the wait goes on. */
bool ps__task_notified(ps__task *task)
{
    ps__sys_notifier_clear(&task->notifier);
    task->seen = atomic_load(&task->ended);
    return task->seen;
}

int ps__task_wait(ps__task *task, ps__limit *limit)
{
    for (;;) {
        ps__wait_entry entries[2] = {
            {.handle = task->notifier.wait_handle, .events = PS__NOTIFIED}};
        int ready = ps__wait(entries, 1, limit);

        if (ready <= 0)
            return ready == 0 ? PS_TIMED_OUT : ready;
        if (ps__task_notified(task))
            return task->code;
    }
}

void ps__task_leave(ps__task *task, bool is_superfluous)
{
    task->superfluous = is_superfluous;
    if (task->seen)
        ps__sys_notifier_close(&task->notifier);
    else
        atomic_fetch_add(count_of(task), 1);
    let_go(task);
}
