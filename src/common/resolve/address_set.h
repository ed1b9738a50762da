/* The addresses of a host, each once: whether one was there before takes the same time however
 * many there are. */
#ifndef PS_ADDRESS_SET_H
#define PS_ADDRESS_SET_H

#include "portsock/address.h"

/* What distinguishes two addresses; their ports do not. Family 0: an empty slot. */
typedef struct ps__address_key {
    unsigned char packed[16];
    uint32_t scope;
    int family;
} ps__address_key;

/* Most hosts have so few addresses that the heap is not used. */
enum { PS__ADDRESS_SET_SMALL = 16 };

typedef struct ps__address_set {
    ps__address_key *slots;
    size_t capacity; /* a power of two, more than half of it empty */
    size_t count;
    ps__address_key small[PS__ADDRESS_SET_SMALL];
} ps__address_set;

/* Makes an empty set, which must not be moved. ps__address_set_free ends it. */
void ps__address_set_init(ps__address_set *set);
void ps__address_set_free(ps__address_set *set);

/* Adds an inet or inet6 address. Returns 1; 0 when it was there; PS_ENOMEM. */
int ps__address_set_add(ps__address_set *set, const ps_addr *a);

#endif
