/* The reference's triples (name, aliases, addresses), and what is made of them. */
#include "address_set.h"
#include "backend.h"
#include "family.h"
#include "resolve_first.h"
#include "text.h"

#include <stdlib.h>
#include <string.h>

static size_t count_list(char *const *list)
{
    size_t count = 0;

    while (list != NULL && list[count] != NULL)
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
        end = 1 + (entry->h_addrtype == AF_INET ? ps__inet_to_text(packed, end) : ps__inet6_to_text(packed, end));
    }
    ps__address_set_free(&known);
    *list = NULL;
    return added < 0 ? added : 0;
}

/* Copies an inet or inet6 entry into one piece of memory: the struct, the two lists, the texts. */
static int copy_entry(const struct hostent *entry, ps_hostent **h)
{
    const char *name = entry->h_name != NULL ? entry->h_name : "";
    size_t aliases = count_list(entry->h_aliases);
    size_t addresses = count_list(entry->h_addr_list);
    size_t size = sizeof(ps_hostent) + (aliases + 1 + addresses + 1) * sizeof(char *) + strlen(name) + 1 +
                  addresses * INET6_ADDRSTRLEN;
    ps_hostent *copy;
    char *end;
    int code;

    for (size_t i = 0; i < aliases; i++)
        size += strlen(entry->h_aliases[i]) + 1;
    copy = malloc(size);
    if (copy == NULL)
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

/* A literal's triple: (its text, [], [its text]). */
static int copy_literal(ps_addr *a, ps_hostent **h)
{
    char name[INET_ADDRSTRLEN];
    char *addresses[] = {(char *)&a->in.sin_addr, NULL};
    struct hostent entry = {.h_addrtype = AF_INET, .h_length = 4, .h_addr_list = addresses};

    ps__inet_to_text((const unsigned char *)&a->in.sin_addr, name);
    entry.h_name = name;
    return copy_entry(&entry, h);
}

/* Copies the system's entry of a family and gives it back. */
static int take_entry(ps__host_entry *e, int family, ps_hostent **h)
{
    int code = e->entry->h_addrtype == family ? copy_entry(e->entry, h) : PS_EAFNOSUPPORT;

    ps__sys_host_release(e);
    return code;
}

static bool is_broadcast(const char *host)
{
    return strcmp(host, "<broadcast>") == 0;
}

/* Whether a host that has an IPv4 address is a literal: an IPv6 text with a mapped address is one, too. */
static bool is_literal(const char *host)
{
    unsigned char packed[4];

    return ps__text_to_inet_quad(host, packed) || ps__text_to_inet_any(host, packed) || strchr(host, ':') != NULL;
}

static int keep_canonname(void *context, const ps_addr *a, const char *canonname)
{
    char *name = context;

    (void)a;
    if (*name == '\0' && canonname != NULL)
        return ps__text_copy(name, PS_HOST_MAX, canonname, strlen(canonname));
    return 0;
}

/* The older host functions know no IDNA: a name beyond ASCII is looked up under its canonical name. */
static int find_by_name(const char *name, ps_hostent **h)
{
    char canonname[PS_HOST_MAX] = "";
    ps__host_entry e;
    int code = 0;

    if (!ps__text_is_ascii(name)) {
        code = ps__sys_resolve(name, AF_INET, AI_CANONNAME, keep_canonname, canonname);
        if (code != 0)
            return code;
        if (*canonname != '\0')
            name = canonname;
    }
    code = ps__sys_host_by_name(name, AF_INET, &e);
    return code == 0 ? take_entry(&e, AF_INET, h) : code;
}

int ps_gethostbyname(const char *name, char text[16])
{
    ps_addr a;
    int code;

    if (text == NULL)
        return PS_EFAULT;
    *text = '\0';
    code = ps_addr_inet(&a, name, 0);
    return code == 0 ? ps_addr_get_host(&a, text, 16) : code;
}

int ps_gethostbyname_ex(const char *name, ps_hostent **h)
{
    ps_addr a;
    int code;

    if (h == NULL)
        return PS_EFAULT;
    *h = NULL;
    code = ps_addr_inet(&a, name, 0);
    if (code != 0)
        return code;
    /* These two have an address, but are no host's name. */
    if (*name == '\0' || is_broadcast(name))
        return PS_HOST_NOT_FOUND;
    return is_literal(name) ? copy_literal(&a, h) : find_by_name(name, h);
}

/* The one address of a host of either family. "" is two addresses, so it is none. */
static int find_address(const char *host, ps_addr *a)
{
    unsigned char packed[4];
    int code;

    if (host == NULL || *host == '\0')
        return PS_BAD_ADDRESS;
    if (is_broadcast(host) || ps__text_to_inet_quad(host, packed))
        return ps_addr_inet(a, host, 0);
    code = ps__resolve_first(host, AF_UNSPEC, a);
    return code == PS_BAD_SCOPE ? PS_EAI_NONAME : code;
}

int ps_gethostbyaddr(const char *host, ps_hostent **h)
{
    ps__host_entry e;
    ps_addr a;
    int code;

    if (h == NULL)
        return PS_EFAULT;
    *h = NULL;
    code = find_address(host, &a);
    if (code == 0)
        code = ps__sys_host_by_address(&a, &e);
    return code == 0 ? take_entry(&e, a.sa.sa_family, h) : code;
}

void ps_freehostent(ps_hostent *h)
{
    free(h);
}

/* The first name with a dot, or the host's name. */
static const char *qualified_name(const ps_hostent *h)
{
    if (strchr(h->name, '.') != NULL)
        return h->name;
    for (char **alias = h->aliases; *alias != NULL; alias++) {
        if (strchr(*alias, '.') != NULL)
            return *alias;
    }
    return h->name;
}

/* A host without the white space around it; *length is what is left. */
static const char *strip(const char *name, size_t *length)
{
    static const char white[] = " \t\n\v\f\r";

    name += strspn(name, white);
    *length = strlen(name);
    while (*length > 0 && strchr(white, name[*length - 1]) != NULL)
        (*length)--;
    return name;
}

int ps_getfqdn(const char *name, char *buf, size_t n)
{
    char host[PS_HOST_MAX];
    ps_hostent *h;
    size_t length;
    int code;

    if (buf == NULL)
        return PS_EFAULT;
    if (n > 0)
        *buf = '\0';
    name = strip(name != NULL ? name : "", &length);
    /* What is too long for a host cannot be looked up either. */
    if (ps__text_copy(host, sizeof host, name, length) != 0)
        return ps__text_copy(buf, n, name, length);
    if (*host == '\0' || strcmp(host, "0.0.0.0") == 0) {
        code = ps_gethostname(host, sizeof host);
        if (code != 0)
            return code;
    }
    if (ps_gethostbyaddr(host, &h) != 0)
        return ps__text_copy(buf, n, host, strlen(host));
    name = qualified_name(h);
    code = ps__text_copy(buf, n, name, strlen(name));
    ps_freehostent(h);
    return code;
}
