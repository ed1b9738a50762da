#include "config.h"

#include "common/address/hash.h"

#include "family/family.h"

#define FNV_START 14695981039346656037ULL
#define FNV_PRIME 1099511628211ULL

/* FNV-1a. */
uint64_t ps__hash_bytes(uint64_t hash, const void *bytes, size_t size)
{
    const unsigned char *next = bytes;

    for (size_t i = 0; i < size; i++)
        hash = (hash ^ next[i]) * FNV_PRIME;
    return hash;
}

/* Every bit of the result depends on every bit before, so that a table may use the lowest ones.
 * (MurmurHash3's last step.) */
static uint64_t mix(uint64_t hash)
{
    hash = (hash ^ hash >> 33) * 0xff51afd7ed558ccdULL;
    hash = (hash ^ hash >> 33) * 0xc4ceb9fe1a85ec53ULL;
    return hash ^ hash >> 33;
}

uint64_t ps_addr_hash(const ps_addr *a)
{
    const ps__family *known;
    ps_addr plain;
    uint64_t hash;
    int family;

    if (!a)
        return mix(FNV_START);
    plain = *a;
    ps_addr_unmap(&plain);
    family = ps_addr_family(&plain);
    known = ps__family_of(&plain);
    hash = ps__hash_bytes(FNV_START, &family, sizeof family);
    if (known && known->hash)
        return mix(known->hash(&plain, hash));
    return mix(ps__hash_bytes(hash, &plain.storage, ps__addr_length(&plain)));
}
