/* Threads and a lock, the same on POSIX and on Windows. */
#ifndef THREAD_H
#define THREAD_H

#ifdef _WIN32

#include <process.h>
#include <windows.h>

typedef HANDLE thread;
typedef CRITICAL_SECTION thread_lock;

#define THREAD_MAIN(name, argument) unsigned __stdcall name(void *argument)
#define THREAD_RETURN 0

static inline int thread_start(thread *t, unsigned(__stdcall *run)(void *), void *argument)
{
    *t = (HANDLE)_beginthreadex(NULL, 0, run, argument, 0, NULL);
    return *t ? 0 : -1;
}

static inline void thread_join(thread t)
{
    WaitForSingleObject(t, INFINITE);
    CloseHandle(t);
}

static inline void thread_lock_init(thread_lock *lock)
{
    InitializeCriticalSection(lock);
}

static inline void thread_acquire(thread_lock *lock)
{
    EnterCriticalSection(lock);
}

static inline void thread_release(thread_lock *lock)
{
    LeaveCriticalSection(lock);
}

#else

#include <pthread.h>

typedef pthread_t thread;
typedef pthread_mutex_t thread_lock;

#define THREAD_MAIN(name, argument) void *name(void *argument)
#define THREAD_RETURN NULL

static inline int thread_start(thread *t, void *(*run)(void *), void *argument)
{
    return pthread_create(t, NULL, run, argument) == 0 ? 0 : -1;
}

static inline void thread_join(thread t)
{
    pthread_join(t, NULL);
}

static inline void thread_lock_init(thread_lock *lock)
{
    pthread_mutex_init(lock, NULL);
}

static inline void thread_acquire(thread_lock *lock)
{
    pthread_mutex_lock(lock);
}

static inline void thread_release(thread_lock *lock)
{
    pthread_mutex_unlock(lock);
}

#endif

#endif
