/* Threads that are not joined. */
#include "config.h"

#include "common/backend.h"

#include <dlfcn.h>
#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#if PS__HAVE_TLS_SIZE && !PS__HAVE_GLIBC
#include <link.h>
#endif

/* The C libraries need less for a lookup; what they load for it (NSS) may need some. */
enum { THREAD_STACK = 256 * 1024 };

typedef struct thread_work {
    void (*work)(void *context);
    void *context;
} thread_work;

static void *run(void *argument)
{
    thread_work work = *(thread_work *)argument;

    free(argument);
    work.work(work.context);
    return NULL;
}

#if PS__HAVE_GLIBC
/* glibc takes the program's thread-local storage from each thread's stack, and space for modules
 * loaded later (GLIBC_TUNABLES): only this function, which no header declares, returns how much. A
 * static program does not find it. Returns 0 then. */
static size_t least_stack(const pthread_attr_t *attributes)
{
    void *found = dlsym(RTLD_DEFAULT, "__pthread_get_minstack");
    size_t (*least)(const pthread_attr_t *);

    if (!found)
        return 0;
    memcpy(&least, &found, sizeof least);
    return least(attributes);
}
#else
#if PS__HAVE_TLS_SIZE
static int add_tls(struct dl_phdr_info *object, size_t size, void *context)
{
    size_t *sum = context;

    (void)size;
    for (int i = 0; i < object->dlpi_phnum; i++) {
        if (object->dlpi_phdr[i].p_type == PT_TLS)
            *sum += object->dlpi_phdr[i].p_memsz + object->dlpi_phdr[i].p_align;
    }
    return 0;
}
#endif

/* C libraries take the program's thread-local storage from each thread's stack. */
static size_t least_stack(const pthread_attr_t *attributes)
{
    size_t tls = 0;

    (void)attributes;
#if PS__HAVE_TLS_SIZE
    dl_iterate_phdr(add_tls, &tls);
#endif
    return (size_t)PTHREAD_STACK_MIN + tls;
}
#endif

/* 0: the system's usual size. */
static size_t stack_size(const pthread_attr_t *attributes)
{
    size_t least = least_stack(attributes);

    /* Some systems take whole pages only. */
    return least != 0 ? (least + THREAD_STACK + 0xffff) & ~(size_t)0xffff : 0;
}

/* The program's signals are for its own threads. */
static int start_without_signals(const pthread_attr_t *attributes, thread_work *work)
{
    sigset_t all, before;
    pthread_t thread;
    int status;

    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    status = pthread_create(&thread, attributes, run, work);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return status;
}

/* With a small stack, or with the system's usual one. */
static int start_detached(bool small, thread_work *work)
{
    pthread_attr_t attributes;
    int status = pthread_attr_init(&attributes);
    size_t size;

    if (status != 0)
        return status;
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    size = small ? stack_size(&attributes) : 0;
    if (size != 0)
        status = pthread_attr_setstacksize(&attributes, size);
    if (status == 0)
        status = start_without_signals(&attributes, work);
    pthread_attr_destroy(&attributes);
    return status;
}

int ps__sys_start_thread(void (*work)(void *context), void *context)
{
    thread_work *copy = malloc(sizeof *copy);
    int status;

    if (!copy)
        return PS_ENOMEM;
    *copy = (thread_work){work, context};
    status = start_detached(true, copy);
    if (status == EINVAL) /* this C library does not report all that it needs of a stack */
        status = start_detached(false, copy);
    if (status == 0)
        return 0;
    free(copy);
    return PS_EAGAIN;
}

/* A program file that has the library in it stays mapped anyway; the system finds no module for
 * it, which is no failure. */
void ps__sys_stay_mapped(void)
{
    static atomic_bool stays;
    Dl_info module;

    if (atomic_load(&stays))
        return;
    if (dladdr(&stays, &module) != 0 && module.dli_fname)
        (void)dlopen(module.dli_fname, RTLD_LAZY | RTLD_NOLOAD | RTLD_NODELETE);
    atomic_store(&stays, true);
}
