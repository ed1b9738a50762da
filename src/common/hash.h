/* Hashes of addresses: not keyed, so a program that strangers may choose the addresses of limits its tables otherwise. */
#ifndef PS_HASH_H
#define PS_HASH_H

#include <stddef.h>
#include <stdint.h>

/* Goes on with a hash over `size` bytes. */
uint64_t ps__hash_bytes(uint64_t hash, const void *bytes, size_t size);

#endif
