/**
 * @file
 * Python 2.7's constants by name, for language bindings. C programs use the names themselves.
 */
#ifndef PORTSOCK_CONSTANTS_H
#define PORTSOCK_CONSTANTS_H

#include "platform.h"

#ifdef __cplusplus
extern "C" {
#endif

/** A constant of this platform. Frozen: entries stand in an array. */
typedef struct ps_constant_entry {
    const char *name; /**< "SO_REUSEADDR"; read only */
    long long value;  /**< its number; read only */
} ps_constant_entry;

/**
 * Gets the value of a constant by its name.
 *
 * @param name   "SO_REUSEADDR"
 * @param value  becomes the number; unsigned ones are positive (INADDR_BROADCAST is 4294967295,
 *               SIO_RCVALL 2550136833); 0 on failure
 * @retval 0               *value is set
 * @retval PS_NO_CONSTANT  this platform has no such constant (Python 2.7's AttributeError)
 * @threadsafety Any thread.
 * @normalizes Names that a header defines as enumerators, which "#ifdef" does not find
 * (RCVALL_ON, TIPC_NODE_SCOPE), and names that Windows has but a version of its headers lacks
 * (TCP_KEEPIDLE).
 * @since 0.1
 * @source Python 2.7, the constants of the module.
 */
PS_API int ps_constant(const char *name, long long *value);

/**
 * Returns every constant of Python 2.7 that this platform has, sorted by name.
 *
 * @param count  becomes how many there are; may be NULL
 * @return an array in static storage.
 * @threadsafety Any thread.
 * @since 0.1
 * @source Python 2.7, the constants of the module.
 */
PS_API const ps_constant_entry *ps_constants(size_t *count);

#ifdef __cplusplus
}
#endif

#endif
