#include "config.h"

#include "common/resolve/address_set.h"

#include "common/address/hash.h"

#include "portsock/error.h"

#include <stdlib.h>
#include <string.h>

static ps__address_key key_of(const ps_addr *a)
{
    ps__address_key key = {.family = a->sa.sa_family};

    if (key.family == AF_INET6) {
        memcpy(key.packed, &a->in6.sin6_addr, 16);
        key.scope = (uint32_t)a->in6.sin6_scope_id;
    } else {
        memcpy(key.packed, &a->in.sin_addr, 4);
    }
    return key;
}

static bool same(const ps__address_key *one, const ps__address_key *two)
{
    return memcmp(one, two, sizeof *one) == 0; /* there is no padding */
}

/* The slot that has the key, or the empty one where it belongs. */
static ps__address_key *slot_of(ps__address_key *slots, size_t capacity, const ps__address_key *key)
{
    size_t i = (size_t)ps__hash_bytes(sizeof *key, key, sizeof *key) & (capacity - 1);

    while (slots[i].family != 0 && !same(&slots[i], key))
        i = (i + 1) & (capacity - 1);
    return &slots[i];
}

static bool grow(ps__address_set *set)
{
    size_t capacity = set->capacity * 2;
    ps__address_key *slots = calloc(capacity, sizeof *slots);

    if (!slots)
        return false;
    for (size_t i = 0; i < set->capacity; i++) {
        if (set->slots[i].family != 0)
            *slot_of(slots, capacity, &set->slots[i]) = set->slots[i];
    }
    ps__address_set_free(set);
    set->slots = slots;
    set->capacity = capacity;
    return true;
}

void ps__address_set_init(ps__address_set *set)
{
    memset(set, 0, sizeof *set);
    set->slots = set->small;
    set->capacity = PS__ADDRESS_SET_SMALL;
}

void ps__address_set_free(ps__address_set *set)
{
    if (set->slots != set->small)
        free(set->slots);
}

int ps__address_set_add(ps__address_set *set, const ps_addr *a)
{
    ps__address_key key = key_of(a);
    ps__address_key *slot = slot_of(set->slots, set->capacity, &key);

    if (slot->family != 0)
        return 0;
    if (set->count >= set->capacity / 2) {
        if (!grow(set))
            return PS_ENOMEM;
        slot = slot_of(set->slots, set->capacity, &key);
    }
    *slot = key;
    set->count++;
    return 1;
}
