/* What the tests need of the system beside sockets: threads, sleep, a clock, the number of this
 * process. Only this file and native_file.c ask which it is. */
#include "test.h"

static test_thread *new_thread(size_t size)
{
    test_thread *thread = calloc(1, size);
    ck_assert_msg(thread != NULL, "out of memory");
    return thread;
}

#ifdef _WIN32

#include <process.h>
#include <windows.h>

struct test_thread {
    void (*run)(void *argument);
    void *argument;
    HANDLE handle;
};

bool test_on_windows(void)
{
    return true;
}

/* The numbers of processes are multiples of 4. */
unsigned test_process_number(void)
{
    return (unsigned)GetCurrentProcessId() / 4;
}

static unsigned __stdcall thread_main(void *argument)
{
    test_thread *thread = argument;
    thread->run(thread->argument);
    return 0;
}

test_thread *test_thread_start(void (*run)(void *argument), void *argument)
{
    test_thread *thread = new_thread(sizeof *thread);
    thread->run = run;
    thread->argument = argument;
    thread->handle = (HANDLE)_beginthreadex(NULL, 0, thread_main, thread, 0, NULL);
    ck_assert_msg(thread->handle != NULL, "the system gives no thread");
    return thread;
}

void test_thread_join(test_thread *thread)
{
    ck_assert_uint_eq(WaitForSingleObject(thread->handle, INFINITE), WAIT_OBJECT_0);
    CloseHandle(thread->handle);
    free(thread);
}

double test_clock(void)
{
    LARGE_INTEGER count, frequency;
    QueryPerformanceCounter(&count);
    QueryPerformanceFrequency(&frequency);
    return (double)count.QuadPart / (double)frequency.QuadPart;
}

/* Sleep may end a tick of the system too early. */
void test_sleep(double seconds)
{
    double end = test_clock() + seconds;
    double left;

    while ((left = end - test_clock()) > 0)
        Sleep((DWORD)(left * 1e3 + 0.999));
}

#else

#include <errno.h>
#include <pthread.h>
#include <time.h>
#include <unistd.h>

struct test_thread {
    void (*run)(void *argument);
    void *argument;
    pthread_t handle;
};

bool test_on_windows(void)
{
    return false;
}

unsigned test_process_number(void)
{
    return (unsigned)getpid();
}

static void *thread_main(void *argument)
{
    test_thread *thread = argument;
    thread->run(thread->argument);
    return NULL;
}

test_thread *test_thread_start(void (*run)(void *argument), void *argument)
{
    test_thread *thread = new_thread(sizeof *thread);
    thread->run = run;
    thread->argument = argument;
    ck_assert_int_eq(pthread_create(&thread->handle, NULL, thread_main, thread), 0);
    return thread;
}

void test_thread_join(test_thread *thread)
{
    ck_assert_int_eq(pthread_join(thread->handle, NULL), 0);
    free(thread);
}

void test_sleep(double seconds)
{
    struct timespec rest = {(time_t)seconds, (long)((seconds - (double)(time_t)seconds) * 1e9)};
    while (nanosleep(&rest, &rest) != 0)
        ck_assert_int_eq(errno, EINTR);
}

double test_clock(void)
{
    struct timespec now;
    ck_assert_int_eq(clock_gettime(CLOCK_MONOTONIC, &now), 0);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

#endif
