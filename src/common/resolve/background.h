/* Work that the system may take long for, done in the background, so that the call which wants
 * it need not wait for its end. */
#ifndef PS_BACKGROUND_H
#define PS_BACKGROUND_H

#include "common/wait/wait.h"

#include <stdatomic.h>

/* The first member of what the work needs and returns, on the heap. It has two owners, the call
 * and the thread that does the work; the last to release it frees it. */
typedef struct ps__task ps__task;
struct ps__task {
    int (*work)(ps__task *task);     /* for ps__task_start */
    void (*discard)(ps__task *task); /* frees it */
    atomic_int owners;
    /* set before the notification; what the work returns is the call's from then on */
    atomic_bool ended;
    int code;         /* with which it has ended */
    bool seen;        /* the call has seen the end */
    bool superfluous; /* the call has left without it, since it had its answer from elsewhere */
    /* notified at the end; the call that has seen that closes it, else its last owner */
    ps__notifier notifier;
};

/* Starts `task->work` in a thread of its own; its result is the code with which the task ends.
 * On failure the task is gone: PS_EAI_AGAIN while 64 abandoned tasks have not ended (16
 * superfluous ones count as one), and when there is no thread; PS_EMFILE, PS_ENFILE. */
int ps__task_start(ps__task *task);

/* The same in the task's own way: `start` begins the work, which calls ps__task_end, or has done
 * so when it returns. */
int ps__task_start_by(ps__task *task, int (*start)(ps__task *task));

/* The last step of the work. */
void ps__task_end(ps__task *task, int code);

/* Waits for the end. Returns the task's code; PS_TIMED_OUT, PS_ECANCELED, PS_EINTR, and the work
 * goes on. */
int ps__task_wait(ps__task *task, ps__limit *limit);

/* The notifier of the task is readable: whether the task has ended. */
bool ps__task_notified(ps__task *task);

/* The last step of the call. A task whose end it has not seen goes on alone: abandoned, or
 * superfluous. */
void ps__task_leave(ps__task *task, bool is_superfluous);

/* In a process that fork has made: none is abandoned. Does only what a signal handler may. */
void ps__task_forget(void);

#endif
