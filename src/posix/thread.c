/* The library's own threads. */
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
#include <time.h>

#if PS__HAVE_TLS_SIZE && !PS__HAVE_GLIBC
#include <link.h>
#endif

/* ---- the library's threads ------------------------------------------------------------------- */

/* One that runs, on its stack. */
typedef struct running {
    pthread_t thread;
    bool is_detached;
    struct running *next, **link;
} running;

static struct {
    pthread_mutex_t lock;
    running *first;
    pthread_t offered_thread;
    bool offered;
    void *work;
    pthread_cond_t given; /* by IDLE_CLOCK */
    bool forks_are_watched;
    bool exits;
} threads = {.lock = PTHREAD_MUTEX_INITIALIZER};

#if PS__HAVE_CONDATTR_SETCLOCK
#define IDLE_CLOCK CLOCK_MONOTONIC
#else
#define IDLE_CLOCK CLOCK_REALTIME
#endif

static void make_condition(void)
{
    pthread_condattr_t attributes;

    (void)pthread_condattr_init(&attributes);
#if PS__HAVE_CONDATTR_SETCLOCK
    (void)pthread_condattr_setclock(&attributes, IDLE_CLOCK);
#endif
    (void)pthread_cond_init(&threads.given, &attributes);
    (void)pthread_condattr_destroy(&attributes);
}

static void before_fork(void)
{
    pthread_mutex_lock(&threads.lock);
}

static void after_fork_in_parent(void)
{
    pthread_mutex_unlock(&threads.lock);
}

/* The threads are the parent's, and so is what one was given. The condition still counts it. */
static void after_fork_in_child(void)
{
    make_condition();
    threads.first = NULL;
    threads.offered = threads.exits = false;
    threads.work = NULL;
    pthread_mutex_unlock(&threads.lock);
}

/* When the program ends, the idle thread has ended, so that it leaves no memory behind, and runs
 * beside no other function that is called then. Those that work are left alone. */
static void end_idle_thread(void)
{
    pthread_t idle;
    bool is_idle;

    pthread_mutex_lock(&threads.lock);
    threads.exits = true;
    is_idle = threads.offered && !threads.work;
    idle = threads.offered_thread;
    for (running *one = threads.first; one; one = one->next) {
        if (is_idle && pthread_equal(one->thread, idle))
            one->is_detached = true; /* joined instead */
        else if (!one->is_detached)
            one->is_detached = pthread_detach(one->thread) == 0;
    }
    pthread_cond_signal(&threads.given);
    pthread_mutex_unlock(&threads.lock);
    if (is_idle)
        pthread_join(idle, NULL);
}

static void prepare(void)
{
    make_condition();
    threads.forks_are_watched =
        pthread_atfork(before_fork, after_fork_in_parent, after_fork_in_child) == 0;
    (void)atexit(end_idle_thread);
}

static void begin_running(running *self)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;

    (void)pthread_once(&once, prepare);
    *self = (running){.thread = pthread_self(), .link = &threads.first};
    pthread_mutex_lock(&threads.lock);
    self->next = threads.first;
    if (self->next)
        self->next->link = &self->next;
    threads.first = self;
    pthread_mutex_unlock(&threads.lock);
}

static void end_running(running *self)
{
    pthread_mutex_lock(&threads.lock);
    *self->link = self->next;
    if (self->next)
        self->next->link = self->link;
    if (!self->is_detached)
        pthread_detach(self->thread);
    pthread_mutex_unlock(&threads.lock);
}

/* ---- the one that is idle -------------------------------------------------------------------- */

bool ps__sys_offer_thread(void)
{
    bool offers;

    pthread_mutex_lock(&threads.lock);
    offers = threads.forks_are_watched && !threads.offered && !threads.exits;
    if (offers) {
        threads.offered = true;
        threads.offered_thread = pthread_self();
    }
    pthread_mutex_unlock(&threads.lock);
    return offers;
}

static struct timespec time_after(int64_t nanoseconds)
{
    struct timespec time;

    (void)clock_gettime(IDLE_CLOCK, &time);
    nanoseconds += time.tv_nsec;
    time.tv_sec += (time_t)(nanoseconds / 1000000000);
    time.tv_nsec = (long)(nanoseconds % 1000000000);
    return time;
}

void *ps__sys_await_work(int64_t nanoseconds)
{
    struct timespec end = time_after(nanoseconds);
    void *work;
    int status = 0;

    pthread_mutex_lock(&threads.lock);
    while (!threads.work && !threads.exits && status == 0)
        status = pthread_cond_timedwait(&threads.given, &threads.lock, &end);
    work = threads.work;
    threads.work = NULL;
    threads.offered = false;
    pthread_mutex_unlock(&threads.lock);
    return work;
}

bool ps__sys_give_work(void *work)
{
    bool is_idle;

    pthread_mutex_lock(&threads.lock);
    is_idle = threads.offered && !threads.work && !threads.exits;
    if (is_idle) {
        threads.work = work;
        pthread_cond_signal(&threads.given);
    }
    pthread_mutex_unlock(&threads.lock);
    return is_idle;
}

/* ---- a new thread ---------------------------------------------------------------------------- */

/* The C libraries need less for a lookup; what they load for it (NSS) may need some. */
enum { THREAD_STACK = 256 * 1024 };

typedef struct thread_work {
    void (*work)(void *context);
    void *context;
} thread_work;

static void *run(void *argument)
{
    thread_work work = *(thread_work *)argument;
    running self;

    free(argument);
    begin_running(&self);
    work.work(work.context);
    end_running(&self);
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
static int start(bool small, thread_work *work)
{
    pthread_attr_t attributes;
    int status = pthread_attr_init(&attributes);
    size_t size;

    if (status != 0)
        return status;
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
    status = start(true, copy);
    if (status == EINVAL) /* this C library does not report all that it needs of a stack */
        status = start(false, copy);
    if (status == 0)
        return 0;
    free(copy);
    return PS_EAGAIN;
}

/* ---- the library's code ---------------------------------------------------------------------- */

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
