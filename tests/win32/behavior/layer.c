#include "layer.h"

#include <string.h>

typedef void (*any_function)(void);

enum { FUNCTION_COUNT = sizeof(functions) / sizeof(any_function) };

/* What the program calls; Windows' own; and that with the answers that have to be changed. */
static functions first, system_own, last;

/* ---- functions by number --------------------------------------------------------------------- */

static any_function function_at(const functions *of, size_t index)
{
    any_function function;

    memcpy(&function, (const char *)of + index * sizeof function, sizeof function);
    return function;
}

static void set_function_at(functions *of, size_t index, any_function function)
{
    memcpy((char *)of + index * sizeof function, &function, sizeof function);
}

/* Each name, and the DLL that has the function. */
static const struct {
    const char *module, *name;
} names[] = {
#define FUNCTION(module, name, bytes, type, convention, parameters, arguments) {#module, #name},
#define PROCEDURE(module, name, bytes, convention, parameters, arguments) {#module, #name},
#define EXTENSION(id, name, bytes, type, failure, parameters, arguments) {"mswsock", #name},
#include "functions.def"
};

/* FUNCTION_COUNT: it is none of them. An ordinal is no name. */
static size_t index_of(const char *name)
{
    size_t i = 0;

    if ((ULONG_PTR)name <= 0xffff)
        return FUNCTION_COUNT;
    while (i < FUNCTION_COUNT && strcmp(names[i].name, name) != 0)
        i++;
    return i;
}

/* ---- what Windows has ------------------------------------------------------------------------ */

/* GetProcAddress would be the layer's. */
NTSTATUS NTAPI LdrGetProcedureAddress(HMODULE module, ANSI_STRING *name, ULONG ordinal,
                                      any_function *function);

static any_function find(const char *module, const char *name)
{
    ANSI_STRING text = {.Buffer = (char *)(uintptr_t)name,
                        .Length = (USHORT)strlen(name),
                        .MaximumLength = (USHORT)(strlen(name) + 1)};
    any_function found = NULL;

    return LdrGetProcedureAddress(LoadLibraryA(module), &text, 0, &found) == 0 ? found : NULL;
}

/* An extension belongs to the socket's provider, which is asked each time. */
static any_function find_extension(SOCKET s, GUID id)
{
    any_function found = NULL;
    DWORD size;

    if (system_own.WSAIoctl(s, SIO_GET_EXTENSION_FUNCTION_POINTER, &id, sizeof id, &found,
                            sizeof found, &size, NULL, NULL) != 0)
        return NULL;
    return found;
}

#define EXTENSION(id, name, bytes, type, failure, parameters, arguments)              \
    static type WSAAPI own_##name parameters                                          \
    {                                                                                 \
        any_function found = find_extension(s, (GUID)id);                             \
                                                                                      \
        return found != NULL ? ((type(WSAAPI *) parameters)found)arguments : failure; \
    }
#include "functions.def"

static void find_all(void)
{
    for (size_t i = 0; i < FUNCTION_COUNT; i++)
        set_function_at(&system_own, i, find(names[i].module, names[i].name));
#define EXTENSION(id, name, bytes, type, failure, parameters, arguments) \
    system_own.name = own_##name;
#include "functions.def"
}

/* ---- what stands in its place ---------------------------------------------------------------- */

static const functions *ready(void);

/* What the linker takes for a function of a DLL, and for the pointer to it by which most headers
 * have it called. On 32 bits their names end with the number of bytes of the arguments. */
#ifdef _WIN64
#define FUNCTION_NAME(name, bytes) __asm__(#name)
#define POINTER_NAME(name, bytes) __asm__("__imp_" #name)
#else
#define FUNCTION_NAME(name, bytes) __asm__("_" #name "@" #bytes)
#define POINTER_NAME(name, bytes) __asm__("__imp__" #name "@" #bytes)
#endif

#define DECLARE(name, bytes, type, convention, parameters)                                \
    type convention our_##name parameters FUNCTION_NAME(name, bytes);                     \
    extern type(convention *const import_of_##name) parameters POINTER_NAME(name, bytes); \
    type(convention *const import_of_##name) parameters = our_##name;

#define FUNCTION(module, name, bytes, type, convention, parameters, arguments) \
    DECLARE(name, bytes, type, convention, parameters)                         \
    type convention our_##name parameters                                      \
    {                                                                          \
        return ready()->name arguments;                                        \
    }
#define PROCEDURE(module, name, bytes, convention, parameters, arguments) \
    DECLARE(name, bytes, void, convention, parameters)                    \
    void convention our_##name parameters                                 \
    {                                                                     \
        ready()->name arguments;                                          \
    }
#define EXTENSION(id, name, bytes, type, failure, parameters, arguments) \
    FUNCTION(mswsock, name, bytes, type, WSAAPI, parameters, arguments)
#include "functions.def"

static const functions stand_ins = {
#define FUNCTION(module, name, bytes, type, convention, parameters, arguments) .name = our_##name,
#define PROCEDURE(module, name, bytes, convention, parameters, arguments) .name = our_##name,
#define EXTENSION(id, name, bytes, type, failure, parameters, arguments) .name = our_##name,
#include "functions.def"
};

/* ---- answers that are functions -------------------------------------------------------------- */

/* A rule may have a function that is missing below it. */
static FARPROC WINAPI last_GetProcAddress(HMODULE module, const char *name)
{
    FARPROC found = system_own.GetProcAddress(module, name);
    size_t index = index_of(name);

    if (index == FUNCTION_COUNT)
        return found;
    if (found == NULL && module != system_own.GetModuleHandleA(names[index].module))
        return NULL;
    return function_at(&first, index) != NULL ? (FARPROC)function_at(&stand_ins, index) : NULL;
}

static void replace_extension(const void *id, any_function *answer)
{
#define EXTENSION(own_id, name, bytes, type, failure, parameters, arguments) \
    if (memcmp(id, &(GUID)own_id, sizeof(GUID)) == 0)                        \
        *answer = (any_function)our_##name;
#include "functions.def"
}

static int WSAAPI last_WSAIoctl(SOCKET s, DWORD control, void *input, DWORD input_size,
                                void *output, DWORD output_size, DWORD *returned,
                                WSAOVERLAPPED *overlapped, completion_routine done)
{
    int result = system_own.WSAIoctl(s, control, input, input_size, output, output_size, returned,
                                     overlapped, done);

    if (result == 0 && control == SIO_GET_EXTENSION_FUNCTION_POINTER)
        replace_extension(input, output);
    return result;
}

void (*stand_in_of(void (*original)(void)))(void)
{
    ready();
    for (size_t i = 0; i < FUNCTION_COUNT; i++) {
        if (original != NULL && function_at(&system_own, i) == original)
            return function_at(&stand_ins, i);
    }
    return NULL;
}

/* ---- profiles -------------------------------------------------------------------------------- */

static const profile profiles[] = {
#define PROFILE(...) {__VA_ARGS__},
#include "profiles.def"
#undef PROFILE
};

static const profile *chosen;

static void refuse(const char *name)
{
    static const char says[] = "PORTSOCK_BEHAVIOR is not in profiles.def: ";
    HANDLE out = GetStdHandle(STD_ERROR_HANDLE);
    DWORD written;

    WriteFile(out, says, sizeof says - 1, &written, NULL);
    WriteFile(out, name, (DWORD)strlen(name), &written, NULL);
    WriteFile(out, "\r\n", 2, &written, NULL);
    ExitProcess(2);
}

static const profile *choose(void)
{
    static const profile none;
    char name[64];
    DWORD length = GetEnvironmentVariableA("PORTSOCK_BEHAVIOR", name, sizeof name);

    if (length == 0)
        return &none;
    for (size_t i = 0; length < sizeof name && i < sizeof profiles / sizeof profiles[0]; i++) {
        if (strcmp(profiles[i].name, name) == 0)
            return &profiles[i];
    }
    refuse(length < sizeof name ? name : "a name that is too long");
    return NULL;
}

const profile *active_profile(void)
{
    ready();
    return chosen;
}

const functions *system_functions(void)
{
    ready();
    return &system_own;
}

/* ---- rules ----------------------------------------------------------------------------------- */

#define RULE(name) extern const rule name##_rule;
#include "rules.def"
#undef RULE

static const rule *const rules[] = {
#define RULE(name) &name##_rule,
#include "rules.def"
#undef RULE
};

static bool is_active(const rule *r)
{
    return chosen->name != NULL && chosen->build >= r->from &&
           (r->before == 0 || chosen->build < r->before) &&
           (r->condition == ALWAYS || r->condition == chosen->condition);
}

/* From the system's end: what has been the first becomes the rule's next. */
static void put_first(const rule *r)
{
    *r->next = first;
    for (size_t i = 0; i < FUNCTION_COUNT; i++) {
        any_function function = function_at(&r->stands_before, i);
        if (function != NULL)
            set_function_at(&first, i, function);
    }
}

static BOOL CALLBACK start(PINIT_ONCE once, PVOID parameter, PVOID *context)
{
    (void)once;
    (void)parameter;
    (void)context;
    chosen = choose();
    find_all();
    last = system_own;
    last.GetProcAddress = last_GetProcAddress;
    last.WSAIoctl = last_WSAIoctl;
    first = last;
    for (size_t i = sizeof rules / sizeof rules[0]; i > 0; i--) {
        if (is_active(rules[i - 1]))
            put_first(rules[i - 1]);
    }
    return TRUE;
}

/* The first call may come from the C library, before main. */
static const functions *ready(void)
{
    static INIT_ONCE once = INIT_ONCE_STATIC_INIT;

    InitOnceExecuteOnce(&once, start, NULL, NULL);
    return &first;
}

/* So that a wrong name ends every program, also one that calls nothing. */
__attribute__((constructor)) static void begin(void)
{
    ready();
}
