/* Threads that are not joined. */
#include "config.h"

#include "common/backend.h"

#include <process.h>
#include <stdlib.h>

typedef struct thread_work {
    void (*work)(void *context);
    void *context;
} thread_work;

static unsigned __stdcall run(void *argument)
{
    thread_work work = *(thread_work *)argument;

    free(argument);
    work.work(work.context);
    return 0;
}

/* By the C library, whose own storage of the thread would not be freed else. */
int ps__sys_start_thread(void (*work)(void *context), void *context)
{
    thread_work *copy = malloc(sizeof *copy);
    uintptr_t thread;

    if (!copy)
        return PS_ENOMEM;
    *copy = (thread_work){work, context};
    thread = _beginthreadex(NULL, 0, run, copy, 0, NULL);
    if (thread == 0) {
        free(copy);
        return PS_EAGAIN;
    }
    CloseHandle((HANDLE)thread);
    return 0;
}

/* ---- the thread that is idle ----------------------------------------------------------------- */

static SRWLOCK lock = SRWLOCK_INIT;
static CONDITION_VARIABLE given = CONDITION_VARIABLE_INIT;
static bool offered;
static void *work_given;

bool ps__sys_offer_thread(void)
{
    bool offers;

    AcquireSRWLockExclusive(&lock);
    offers = !offered;
    offered = true;
    ReleaseSRWLockExclusive(&lock);
    return offers;
}

void *ps__sys_await_work(int64_t nanoseconds)
{
    DWORD milliseconds = (DWORD)(nanoseconds / 1000000);
    bool waits = true;
    void *work;

    AcquireSRWLockExclusive(&lock);
    while (!work_given && waits)
        waits = SleepConditionVariableSRW(&given, &lock, milliseconds, 0);
    work = work_given;
    work_given = NULL;
    offered = false;
    ReleaseSRWLockExclusive(&lock);
    return work;
}

bool ps__sys_give_work(void *work)
{
    bool is_idle;

    AcquireSRWLockExclusive(&lock);
    is_idle = offered && !work_given;
    if (is_idle) {
        work_given = work;
        WakeConditionVariable(&given);
    }
    ReleaseSRWLockExclusive(&lock);
    return is_idle;
}

/* ---- the library's code ---------------------------------------------------------------------- */

void ps__sys_stay_mapped(void)
{
    static const char here;
    HMODULE module;

    (void)GetModuleHandleExW(GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS | GET_MODULE_HANDLE_EX_FLAG_PIN,
                             (const wchar_t *)(uintptr_t)&here, &module);
}
