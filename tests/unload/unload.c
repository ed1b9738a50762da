/* usage: unload PLUGIN Loads and unloads a module that has the library in it: it is gone then,
 * but after a look-up in a thread of the library's, which may still run, its code stays. Prints
 * what is wrong; the exit status is 0 if nothing is. */
#include <stdio.h>
#include <stdlib.h>

typedef int (*function)(void);

#ifdef _WIN32
#include <windows.h>

#include <malloc.h>

static void *load(const char *path)
{
    return (void *)LoadLibraryA(path);
}

static function find(void *module, const char *name)
{
    return (function)(uintptr_t)GetProcAddress((HMODULE)module, name);
}

static void unload(void *module)
{
    FreeLibrary((HMODULE)module);
}

static int is_loaded(const char *path)
{
    return GetModuleHandleA(path) != NULL;
}
#else
#include <dlfcn.h>
#include <stdint.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif

static void *load(const char *path)
{
    return dlopen(path, RTLD_NOW);
}

static function find(void *module, const char *name)
{
    return (function)(uintptr_t)dlsym(module, name);
}

static void unload(void *module)
{
    dlclose(module);
}

static int is_loaded(const char *path)
{
    return dlopen(path, RTLD_NOW | RTLD_NOLOAD) != NULL;
}
#endif

static void fail(const char *what)
{
    printf("%s\n", what);
    exit(1);
}

/* Whether the module is still loaded after the function was called in it. */
static int stays_after(const char *path, const char *name)
{
    void *module = load(path);
    function call;

    if (!module)
        fail("the module cannot be loaded");
    call = find(module, name);
    if (!call)
        fail("the module lacks a function");
    if (call() != 0)
        fail("the function of the module failed");
    unload(module);
    return is_loaded(path);
}

#ifdef _WIN32
/* Wine forgets its handles when ws2_32.dll is unloaded, and takes new ones with their numbers for
 * them. */
static void keep_winsock(void)
{
    (void)LoadLibraryA("ws2_32.dll");
}

/* The number of the last of many handles: the system gives the lowest one that is free, and what
 * was left is between them. */
static uintptr_t last_of_many_handles(void)
{
    enum { MANY = 200 };
    HANDLE events[MANY];
    uintptr_t last;

    for (int i = 0; i < MANY; i++)
        events[i] = CreateEventW(NULL, TRUE, FALSE, NULL);
    last = (uintptr_t)events[MANY - 1];
    for (int i = 0; i < MANY; i++)
        CloseHandle(events[i]);
    return last;
}

static int leaves_handles(const char *path)
{
    enum { ROUNDS = 20 };
    uintptr_t before = last_of_many_handles();

    for (int i = 0; i < ROUNDS; i++)
        stays_after(path, "plugin_use_sockets");
    return last_of_many_handles() - before >= 4 * ROUNDS;
}

/* Bytes of the heap that are in use: the module and this program have one C library. */
static size_t heap_in_use(void)
{
    _HEAPINFO entry = {._pentry = NULL};
    size_t used = 0;

    while (_heapwalk(&entry) == _HEAPOK)
        used += entry._useflag == _USEDENTRY ? entry._size : 0;
    return used;
}
#else
static void keep_winsock(void)
{
}

static int leaves_handles(const char *path)
{
    (void)path;
    return 0;
}

/* 0 where no function says it. */
static size_t heap_in_use(void)
{
#if defined __GLIBC__ && (__GLIBC__ > 2 || __GLIBC_MINOR__ >= 33)
    return mallinfo2().uordblks;
#else
    return 0;
#endif
}
#endif

static int leaves_memory(const char *path)
{
    enum { ROUNDS = 20, LIST = 1000 * 32 }; /* less than one of the lists takes */
    size_t before;

    stays_after(path, "plugin_poll_many");
    before = heap_in_use();
    for (int i = 0; i < ROUNDS; i++)
        stays_after(path, "plugin_poll_many");
    return heap_in_use() >= before + (size_t)ROUNDS * LIST;
}

int main(int argc, char **argv)
{
    if (argc != 2)
        return 2;
    keep_winsock();
    if (stays_after(argv[1], "plugin_use_sockets"))
        fail("the module was not unloaded after the use of sockets");
    if (leaves_handles(argv[1]))
        fail("the module left handles when it was unloaded");
    if (leaves_memory(argv[1]))
        fail("the module left memory when it was unloaded");
    if (!stays_after(argv[1], "plugin_look_up"))
        fail("the module was unloaded while a thread of it may run");
    return 0;
}
