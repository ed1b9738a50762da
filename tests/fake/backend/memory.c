/* The heap of the library under test: seams.h puts these functions in the place of the C
 * library's. */
#include "script.h"

static int held;
static unsigned until_failure;
static bool failed;
static void (*meanwhile)(void *context);
static void *meanwhile_context;

const char *fake_memory_held(void)
{
    return held > 0 ? "memory has not been given back" : NULL;
}

void fake_fail_allocation(unsigned n)
{
    until_failure = n;
    failed = false;
}

bool fake_allocation_failed(void)
{
    return failed;
}

void fake_during_allocation(void (*during)(void *context), void *context)
{
    meanwhile = during;
    meanwhile_context = context;
}

void fake_keep_memory(void)
{
    held = 0;
}

/* Whether this allocation is the one to fail. */
static bool fails(void)
{
    void (*during)(void *context) = meanwhile;

    meanwhile = NULL;
    if (during)
        during(meanwhile_context);
    if (until_failure == 0 || --until_failure > 0)
        return false;
    failed = true;
    return true;
}

static void *counted(void *memory)
{
    held += memory != NULL;
    return memory;
}

void *fake_malloc(size_t size);
void *fake_calloc(size_t count, size_t size);
void *fake_realloc(void *memory, size_t size);
void fake_free(void *memory);

void *fake_malloc(size_t size)
{
    return fails() ? NULL : counted(malloc(size));
}

void *fake_calloc(size_t count, size_t size)
{
    return fails() ? NULL : counted(calloc(count, size));
}

void *fake_realloc(void *memory, size_t size)
{
    if (!memory)
        return fake_malloc(size);
    return fails() ? NULL : realloc(memory, size);
}

void fake_free(void *memory)
{
    held -= memory != NULL;
    free(memory);
}
