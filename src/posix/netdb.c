#include "config.h"

#include "common/backend.h"
#include "common/text.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#if !PS__HAVE_GETHOSTBYNAME_R || !PS__HAVE_GETSERVBYNAME_R
/* The functions without _r share one static result; this is locked while it is read. */
static pthread_mutex_t database_lock = PTHREAD_MUTEX_INITIALIZER;
#endif

/* ---- host entries ---------------------------------------------------------------------------- */

/* What is looked up: a name, or the packed bytes of an address. */
typedef struct host_key {
    const char *name;
    const void *packed;
    socklen_t length;
    int family;
} host_key;

/* musl has no such number, and never returns it. */
#ifndef NETDB_INTERNAL
#define NETDB_INTERNAL (-1)
#endif

#if PS__HAVE_GETHOSTBYNAME_R

/* An entry of no more memory than this has hundreds of thousands of names. */
#define HOST_MEMORY_MAX ((size_t)1 << 24)

/* One try with as much memory as there is. Returns 0; ERANGE when it needs more; -1, and the
 * code. */
static int try_host(const host_key *key, struct hostent *entry, size_t size, int *code)
{
    char *memory = (char *)(entry + 1);
    struct hostent *result = NULL;
    int host_error = 0;
    int status;

    if (key->name)
        status =
            gethostbyname2_r(key->name, key->family, entry, memory, size, &result, &host_error);
    else
        status = gethostbyaddr_r(key->packed, key->length, key->family, entry, memory, size,
                                 &result, &host_error);
    if (result)
        return 0;
    if (status == ERANGE)
        return ERANGE;
    *code = host_error == NETDB_INTERNAL ? ps__from_os(status) : ps__from_host(host_error);
    return -1;
}

static int find_host(const host_key *key, ps__host_entry *e)
{
    for (size_t size = 1024; size <= HOST_MEMORY_MAX; size *= 2) {
        struct hostent *entry = malloc(sizeof *entry + size);
        int code = PS_ENOMEM;
        int status;

        if (!entry)
            return PS_ENOMEM;
        status = try_host(key, entry, size, &code);
        if (status == 0) {
            e->entry = entry;
            e->memory = entry;
            return 0;
        }
        free(entry);
        if (status != ERANGE)
            return code;
    }
    return PS_ENOMEM;
}

void ps__sys_host_release(ps__host_entry *e)
{
    free(e->memory);
}

#else

static int find_host(const host_key *key, ps__host_entry *e)
{
    int code;

    pthread_mutex_lock(&database_lock);
    e->memory = NULL;
    e->entry = key->name ? gethostbyname2(key->name, key->family)
                         : gethostbyaddr(key->packed, key->length, key->family);
    if (e->entry)
        return 0; /* locked until the entry is released */
    code = h_errno == NETDB_INTERNAL ? ps__from_os(errno) : ps__from_host(h_errno);
    pthread_mutex_unlock(&database_lock);
    return code;
}

void ps__sys_host_release(ps__host_entry *e)
{
    (void)e;
    pthread_mutex_unlock(&database_lock);
}

#endif

int ps__sys_host_by_name(const char *name, int family, ps__host_entry *e)
{
    const host_key key = {.name = name, .family = family};

    return find_host(&key, e);
}

int ps__sys_host_by_address(const ps_addr *a, ps__host_entry *e)
{
    host_key key = {.packed = &a->in.sin_addr, .length = sizeof a->in.sin_addr, .family = AF_INET};

    if (a->sa.sa_family == AF_INET6) {
        key.packed = &a->in6.sin6_addr;
        key.length = sizeof a->in6.sin6_addr;
        key.family = AF_INET6;
    }
    return find_host(&key, e);
}

/* ---- the databases of services and protocols ------------------------------------------------- */

#if PS__HAVE_GETSERVBYNAME_R

/* Space for an entry with hundreds of aliases. */
#define ENTRY_MEMORY 8192

/* Why there is no entry: the database has none, is not there at all, or cannot be read. */
static int from_database(int status, int missing)
{
    return status == 0 || status == ENOENT ? missing : ps__from_os(status);
}

int ps__sys_service_port(const char *name, const char *proto, int *port)
{
    char memory[ENTRY_MEMORY];
    struct servent entry, *result = NULL;
    int status = getservbyname_r(name, proto, &entry, memory, sizeof memory, &result);

    if (!result)
        return from_database(status, PS_NO_SERVICE);
    *port = ntohs((uint16_t)result->s_port);
    return 0;
}

int ps__sys_service_name(int port, const char *proto, char *name, size_t size)
{
    char memory[ENTRY_MEMORY];
    struct servent entry, *result = NULL;
    int status =
        getservbyport_r(htons((uint16_t)port), proto, &entry, memory, sizeof memory, &result);

    if (!result)
        return from_database(status, PS_NO_SERVICE);
    return ps__text_copy(name, size, result->s_name, strlen(result->s_name));
}

int ps__sys_protocol(const char *name, int *proto)
{
    char memory[ENTRY_MEMORY];
    struct protoent entry, *result = NULL;
    int status = getprotobyname_r(name, &entry, memory, sizeof memory, &result);

    if (!result)
        return from_database(status, PS_NO_PROTOCOL);
    *proto = result->p_proto;
    return 0;
}

#else

int ps__sys_service_port(const char *name, const char *proto, int *port)
{
    const struct servent *entry;
    int code = PS_NO_SERVICE;

    pthread_mutex_lock(&database_lock);
    entry = getservbyname(name, proto);
    if (entry) {
        *port = ntohs((uint16_t)entry->s_port);
        code = 0;
    }
    pthread_mutex_unlock(&database_lock);
    return code;
}

int ps__sys_service_name(int port, const char *proto, char *name, size_t size)
{
    const struct servent *entry;
    int code = PS_NO_SERVICE;

    pthread_mutex_lock(&database_lock);
    entry = getservbyport(htons((uint16_t)port), proto);
    if (entry)
        code = ps__text_copy(name, size, entry->s_name, strlen(entry->s_name));
    pthread_mutex_unlock(&database_lock);
    return code;
}

int ps__sys_protocol(const char *name, int *proto)
{
    const struct protoent *entry;
    int code = PS_NO_PROTOCOL;

    pthread_mutex_lock(&database_lock);
    entry = getprotobyname(name);
    if (entry) {
        *proto = entry->p_proto;
        code = 0;
    }
    pthread_mutex_unlock(&database_lock);
    return code;
}

#endif
