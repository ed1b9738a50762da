#include "config.h"

#include "common/backend.h"

#include <pthread.h>
#include <stdlib.h>

struct ps__lock {
    pthread_mutex_t mutex;
    struct ps__lock *next, **link;
};

/* The one that is always there, and protects the list of the others: a fork takes all of them in
 * this order, as every thread does that takes two. */
static struct ps__lock everyones = {.mutex = PTHREAD_MUTEX_INITIALIZER};
static bool forks_are_watched;

static void before_fork(void)
{
    for (struct ps__lock *lock = &everyones; lock; lock = lock->next)
        pthread_mutex_lock(&lock->mutex);
}

static void after_fork(void)
{
    for (struct ps__lock *lock = &everyones; lock; lock = lock->next)
        pthread_mutex_unlock(&lock->mutex);
}

static int watch_forks(void)
{
    if (!forks_are_watched && pthread_atfork(before_fork, after_fork, after_fork) != 0)
        return PS_ENOMEM;
    forks_are_watched = true;
    return 0;
}

static int add(struct ps__lock *lock)
{
    int code;

    pthread_mutex_lock(&everyones.mutex);
    code = watch_forks();
    if (code == 0) {
        lock->next = everyones.next;
        lock->link = &everyones.next;
        if (lock->next)
            lock->next->link = &lock->next;
        everyones.next = lock;
    }
    pthread_mutex_unlock(&everyones.mutex);
    return code;
}

int ps__sys_lock_open(ps__lock **lock)
{
    ps__lock *made = malloc(sizeof *made);
    int code;

    if (!made)
        return PS_ENOMEM;
    pthread_mutex_init(&made->mutex, NULL);
    code = add(made);
    if (code == 0)
        *lock = made;
    else
        free(made);
    return code;
}

void ps__sys_lock_close(ps__lock *lock)
{
    pthread_mutex_lock(&everyones.mutex);
    *lock->link = lock->next;
    if (lock->next)
        lock->next->link = lock->link;
    pthread_mutex_unlock(&everyones.mutex);
    pthread_mutex_destroy(&lock->mutex);
    free(lock);
}

void ps__sys_lock(ps__lock *lock)
{
    pthread_mutex_lock(lock ? &lock->mutex : &everyones.mutex);
}

void ps__sys_unlock(ps__lock *lock)
{
    pthread_mutex_unlock(lock ? &lock->mutex : &everyones.mutex);
}
