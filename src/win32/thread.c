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

void ps__sys_stay_mapped(void)
{
    static const char here;
    HMODULE module;

    (void)GetModuleHandleExW(GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS | GET_MODULE_HANDLE_EX_FLAG_PIN,
                             (const wchar_t *)(uintptr_t)&here, &module);
}
