/* The functions of ws2_32.dll that a program is led away from. */
#ifndef RCVALL_HOOKS_H
#define RCVALL_HOOKS_H

#include <winsock2.h>

typedef void (*any_function)(void);

typedef struct hook {
    const char *name;
    int ordinal; /* 0: has no fixed one */
    any_function replacement;
} hook;

extern const hook hooks[];
extern const size_t hook_count;

#endif
