/* The reference's constants by name, for language bindings. C programs use the names themselves. */
#ifndef PORTSOCK_CONSTANTS_H
#define PORTSOCK_CONSTANTS_H

#include "platform.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A constant of this platform. The members are read-only. */
typedef struct ps_constant_entry {
    const char *name;
    long long value;
} ps_constant_entry;

/*
 * Gives the value of a constant by its name: "SO_REUSEADDR".
 *   value    the number; unsigned ones are positive (INADDR_BROADCAST is 4294967295, SIO_RCVALL 2550136833);
 *            0 on failure
 * Returns 0; PS_NO_CONSTANT when this platform has no such constant (the reference's AttributeError).
 * Normalizes: names that a header defines as enumerators, which #ifdef does not find (RCVALL_ON, TIPC_NODE_SCOPE), and
 * names that Windows has but a version of its headers lacks (TCP_KEEPIDLE).
 * Source: the reference, the constants of the module.
 */
PS_API int ps_constant(const char *name, long long *value);

/*
 * Returns every constant of the reference that this platform has, sorted by name: an array in static storage.
 *   count    becomes how many there are; may be NULL
 * Source: the reference, the constants of the module.
 */
PS_API const ps_constant_entry *ps_constants(size_t *count);

#ifdef __cplusplus
}
#endif

#endif
