#include "config.h"

#include "common/resolve/address_list.h"

#include <stdbool.h>
#include <stdlib.h>

static bool make_room(ps__address_list *list)
{
    size_t room = list->room == 0 ? 8 : list->room * 2;
    ps_addr *addresses;

    if (list->count < list->room)
        return true;
    addresses = realloc(list->addresses, room * sizeof *addresses);
    if (!addresses)
        return false;
    list->addresses = addresses;
    list->room = room;
    return true;
}

ps_addr *ps__address_list_add(ps__address_list *list, const ps_addr *a)
{
    ps_addr *place;

    if (!make_room(list))
        return NULL;
    place = &list->addresses[list->count++];
    *place = *a;
    return place;
}

void ps__address_list_free(ps__address_list *list)
{
    free(list->addresses);
}
