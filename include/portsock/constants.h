/* The reference's constants by name, for language bindings. C programs use the names themselves. */
#ifndef PORTSOCK_CONSTANTS_H
#define PORTSOCK_CONSTANTS_H

#include "platform.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A constant of this platform. Both members are for reading. */
typedef struct ps_constant_entry {
    const char *name;
    long long value;
} ps_constant_entry;

/*
 * The value of a constant by its name: "SO_REUSEADDR".
 *   value    the number; unsigned ones are positive (INADDR_BROADCAST is 4294967295, SIO_RCVALL 2550136833);
 *            0 on failure
 * Returns 0; PS_NO_CONSTANT when this platform has no such constant (the reference's AttributeError).
 * Normalizes: names that a header makes an enumerator, so that #ifdef does not find them (RCVALL_ON,
 * TIPC_NODE_SCOPE), and names that Windows has but a version of its headers lacks (TCP_KEEPIDLE).
 */
PS_API int ps_constant(const char *name, long long *value);

/*
 * Every constant of the reference that this platform has, in the order of their names.
 *   count    how many; may be NULL
 * Returns static storage.
 */
PS_API const ps_constant_entry *ps_constants(size_t *count);

#ifdef __cplusplus
}
#endif

#endif
