/* Hashes of addresses. They are not keyed: a program whose peers can choose the addresses must
 * bound its tables in another way. */
#ifndef PS_HASH_H
#define PS_HASH_H

#include <stddef.h>
#include <stdint.h>

/* Goes on with a hash over `size` bytes. */
uint64_t ps__hash_bytes(uint64_t hash, const void *bytes, size_t size);

#endif
