#include "config.h"

#include "common/resolve/hostent.h"

#include "common/resolve/address_set.h"
#include "common/resolve/background.h"
#include "common/text.h"
#include "family/family.h"

#include <stdlib.h>
#include <string.h>

/* ---- the copy -------------------------------------------------------------------------------- */

static size_t count_list(char *const *list)
{
    size_t count = 0;

    while (list && list[count])
        count++;
    return count;
}

static char *append_text(char *end, const char *text)
{
    size_t size = strlen(text) + 1;

    memcpy(end, text, size);
    return end + size;
}

static ps_addr address_of(const struct hostent *entry, const char *packed)
{
    ps_addr a;

    ps__addr_wildcard(&a, entry->h_addrtype);
    if (entry->h_addrtype == AF_INET)
        memcpy(&a.in.sin_addr, packed, 4);
    else
        memcpy(&a.in6.sin6_addr, packed, 16);
    return a;
}

/* Writes the texts of an entry's addresses, each once, and ends their list. */
static int append_addresses(const struct hostent *entry, char **list, char *end)
{
    size_t count = count_list(entry->h_addr_list);
    ps__address_set known;
    int added = 0;

    ps__address_set_init(&known);
    for (size_t i = 0; i < count && added >= 0; i++) {
        const unsigned char *packed = (const unsigned char *)entry->h_addr_list[i];
        ps_addr a = address_of(entry, entry->h_addr_list[i]);

        added = ps__address_set_add(&known, &a);
        if (added <= 0)
            continue;
        *list++ = end;
        end = 1 + (entry->h_addrtype == AF_INET ? ps__inet_to_text(packed, end)
                                                : ps__inet6_to_text(packed, end));
    }
    ps__address_set_free(&known);
    *list = NULL;
    return added < 0 ? added : 0;
}

/* One piece of memory: the struct, the two lists, the texts. */
int ps__make_hostent(const struct hostent *entry, ps_hostent **h)
{
    const char *name = entry->h_name ? entry->h_name : "";
    size_t aliases = count_list(entry->h_aliases);
    size_t addresses = count_list(entry->h_addr_list);
    size_t size = sizeof(ps_hostent) + (aliases + 1 + addresses + 1) * sizeof(char *) +
                  strlen(name) + 1 + addresses * INET6_ADDRSTRLEN;
    ps_hostent *copy;
    char *end;
    int code;

    for (size_t i = 0; i < aliases; i++)
        size += strlen(entry->h_aliases[i]) + 1;
    copy = malloc(size);
    if (!copy)
        return PS_ENOMEM;
    copy->aliases = (char **)(copy + 1);
    copy->addresses = copy->aliases + aliases + 1;
    end = (char *)(copy->addresses + addresses + 1);
    copy->name = end;
    end = append_text(end, name);
    for (size_t i = 0; i < aliases; i++) {
        copy->aliases[i] = end;
        end = append_text(end, entry->h_aliases[i]);
    }
    copy->aliases[aliases] = NULL;
    code = append_addresses(entry, copy->addresses, end);
    if (code != 0) {
        free(copy);
        return code;
    }
    *h = copy;
    return 0;
}

/* ---- the lookup ------------------------------------------------------------------------------ */

/* What is looked up: a name, or else an address. */
typedef struct key {
    const char *name;
    const ps_addr *address;
} key;

/* The system's entry is released in the thread that got it. */
static int find(const key *k, ps_hostent **h)
{
    int family = k->name ? AF_INET : k->address->sa.sa_family;
    ps__host_entry e;
    int code = k->name ? ps__sys_host_by_name(k->name, family, &e)
                       : ps__sys_host_by_address(k->address, &e);

    if (code != 0)
        return code;
    code = e.entry->h_addrtype == family ? ps__make_hostent(e.entry, h) : PS_EAFNOSUPPORT;
    ps__sys_host_release(&e);
    return code;
}

typedef struct search {
    ps__task task;
    key key;
    ps_addr address;
    ps_hostent *found;
    char name[];
} search;

static int find_in_background(ps__task *task)
{
    search *s = (search *)task;

    return find(&s->key, &s->found);
}

static void discard(ps__task *task)
{
    search *s = (search *)task;

    ps_freehostent(s->found);
    free(s);
}

static search *make_search(const key *k)
{
    size_t size = k->name ? strlen(k->name) + 1 : 0;
    search *s = calloc(1, sizeof *s + size);

    if (!s)
        return NULL;
    s->task.work = find_in_background;
    s->task.discard = discard;
    if (k->name) {
        s->key.name = memcpy(s->name, k->name, size);
    } else {
        s->address = *k->address;
        s->key.address = &s->address;
    }
    return s;
}

static int search_in_background(const key *k, ps__limit *limit, ps_hostent **h)
{
    search *s = make_search(k);
    int code;

    if (!s)
        return PS_ENOMEM;
    code = ps__task_start(&s->task);
    if (code != 0)
        return code;
    code = ps__task_wait(&s->task, limit);
    if (code == 0) {
        *h = s->found;
        s->found = NULL;
    }
    ps__task_leave(&s->task, false);
    return code;
}

static int look_up(const key *k, ps__limit *limit, ps_hostent **h)
{
    int code = ps__limit_over(limit);

    if (code != 0)
        return code;
    return ps__limit_never(limit) ? find(k, h) : search_in_background(k, limit, h);
}

int ps__host_entry_by_name(const char *name, ps__limit *limit, ps_hostent **h)
{
    const key k = {.name = name};

    return look_up(&k, limit, h);
}

int ps__host_entry_by_address(const ps_addr *a, ps__limit *limit, ps_hostent **h)
{
    const key k = {.address = a};

    return look_up(&k, limit, h);
}
