#include "config.h"

#include "common/backend.h"

#include <stdlib.h>
#include <string.h>

/* A list in the making. */
typedef struct listing {
    ps_interface *first;
    ps_interface *current; /* to which addresses are added */
} listing;

/* The interface and its two texts, in one piece. */
static ps_interface *make_entry(const ps_interface *from)
{
    size_t name_size = strlen(from->name) + 1, description_size = strlen(from->description) + 1;
    ps_interface *made = malloc(sizeof *made + name_size + description_size);
    char *texts;

    if (!made)
        return NULL;
    *made = *from;
    texts = (char *)(made + 1);
    made->name = memcpy(texts, from->name, name_size);
    made->description = memcpy(texts + name_size, from->description, description_size);
    made->addresses = NULL;
    made->prefix_lengths = NULL;
    made->address_count = 0;
    return made;
}

static int add_interface(void *context, const ps_interface *from)
{
    listing *list = context;
    ps_interface **place = &list->first;
    ps_interface *made = make_entry(from);

    if (!made)
        return PS_ENOMEM;
    while (*place && (*place)->index <= made->index)
        place = &(*place)->next;
    made->next = *place;
    *place = made;
    list->current = made;
    return 0;
}

static int add_address(void *context, const ps_addr *a, unsigned prefix_length)
{
    ps_interface *to = ((listing *)context)->current;
    size_t count = to->address_count;
    ps_addr *addresses = realloc((void *)(uintptr_t)to->addresses, (count + 1) * sizeof *addresses);
    unsigned char *prefix_lengths;

    if (!addresses)
        return PS_ENOMEM;
    to->addresses = addresses;
    prefix_lengths = realloc((void *)(uintptr_t)to->prefix_lengths, count + 1);
    if (!prefix_lengths)
        return PS_ENOMEM;
    to->prefix_lengths = prefix_lengths;
    addresses[count] = *a;
    prefix_lengths[count] = (unsigned char)prefix_length;
    to->address_count = count + 1;
    return 0;
}

int ps_getinterfaces(ps_interface **list)
{
    listing made = {NULL, NULL};
    ps__interface_sink sink = {add_interface, add_address, &made};
    int code;

    if (!list)
        return PS_EFAULT;
    *list = NULL;
    code = ps__sys_interfaces(&sink);
    if (code == 0)
        *list = made.first;
    else
        ps_freeinterfaces(made.first);
    return code;
}

void ps_freeinterfaces(ps_interface *list)
{
    while (list) {
        ps_interface *next = list->next;

        free((void *)(uintptr_t)list->addresses);
        free((void *)(uintptr_t)list->prefix_lengths);
        free(list);
        list = next;
    }
}
