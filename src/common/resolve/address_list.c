#include "config.h"

#include "common/resolve/address_list.h"

#include <stdbool.h>
#include <stdlib.h>

static bool grow(ps__address_list *list)
{
    size_t capacity = list->capacity == 0 ? 8 : list->capacity * 2;
    ps_addr *addresses;

    if (list->count < list->capacity)
        return true;
    addresses = realloc(list->addresses, capacity * sizeof *addresses);
    if (!addresses)
        return false;
    list->addresses = addresses;
    list->capacity = capacity;
    return true;
}

ps_addr *ps__address_list_add(ps__address_list *list, const ps_addr *a)
{
    ps_addr *place;

    if (!grow(list))
        return NULL;
    place = &list->addresses[list->count++];
    *place = *a;
    return place;
}

void ps__address_list_free(ps__address_list *list)
{
    free(list->addresses);
}
