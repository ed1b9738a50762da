/* A list of addresses that grows. */
#ifndef PS_ADDRESS_LIST_H
#define PS_ADDRESS_LIST_H

#include "portsock/address.h"

#include <stddef.h>

/* An empty one is all zeros. */
typedef struct ps__address_list {
    ps_addr *addresses;
    size_t count;
    size_t capacity;
} ps__address_list;

/* Returns the new entry, valid until the next is added; NULL: no memory. */
ps_addr *ps__address_list_add(ps__address_list *list, const ps_addr *a);

void ps__address_list_free(ps__address_list *list);

#endif
