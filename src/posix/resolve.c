/* Names, by the C library: getaddrinfo and getnameinfo, the older host functions, the databases, the interfaces. */
#include "backend.h"
#include "text.h"

#include <errno.h>
#include <net/if.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#ifdef PS__HAVE_USELOCALE
#include <locale.h>
#endif
#if !defined PS__HAVE_GETHOSTBYNAME_R || !defined PS__HAVE_GETSERVBYNAME_R
/* The functions without _r share one static result; whoever reads it holds this. */
static pthread_mutex_t database_lock = PTHREAD_MUTEX_INITIALIZER;
#endif

/* ---- getaddrinfo and getnameinfo ---- */

static int from_resolver(int status)
{
    return status == EAI_SYSTEM ? ps__from_os(errno) : ps__from_resolver(status);
}

/* Looks up in UTF-8, whatever the program's locale is: IDNA reads names in the encoding of the thread's locale. */
static int look_up_as_utf8(const char *host, const struct addrinfo *hints, struct addrinfo **list)
{
#ifdef PS__HAVE_USELOCALE
    static const char *const names[] = {"C.UTF-8", "en_US.UTF-8", "UTF-8"};
    locale_t utf8 = (locale_t)0;
    locale_t before = (locale_t)0;
    int code;

    for (size_t i = 0; utf8 == (locale_t)0 && i < sizeof names / sizeof names[0]; i++)
        utf8 = newlocale(LC_CTYPE_MASK, names[i], (locale_t)0);
    if (utf8 != (locale_t)0)
        before = uselocale(utf8);
    code = getaddrinfo(host, NULL, hints, list);
    code = code == 0 ? 0 : from_resolver(code);
    if (utf8 != (locale_t)0) {
        uselocale(before);
        freelocale(utf8);
    }
    return code;
#else
    int status = getaddrinfo(host, NULL, hints, list);

    return status == 0 ? 0 : from_resolver(status);
#endif
}

static int look_up(const char *host, const struct addrinfo *hints, struct addrinfo **list)
{
    int status;

    if (!ps__text_is_ascii(host))
        return look_up_as_utf8(host, hints, list);
    status = getaddrinfo(host, NULL, hints, list);
    return status == 0 ? 0 : from_resolver(status);
}

static bool is_inet(const struct addrinfo *one)
{
    return one->ai_family == AF_INET || one->ai_family == AF_INET6;
}

static int give_list(const struct addrinfo *list, ps__address_sink sink, void *context)
{
    int code = 0;

    for (const struct addrinfo *one = list; code == 0 && one != NULL; one = one->ai_next) {
        ps_addr a = {.len = one->ai_addrlen};

        if (!is_inet(one) || one->ai_addrlen > sizeof a.storage)
            continue;
        memcpy(&a.storage, one->ai_addr, one->ai_addrlen);
        code = sink(context, &a, one->ai_canonname);
    }
    return code;
}

int ps__sys_resolve(const char *host, int family, int flags, ps__address_sink sink, void *context)
{
    /* With one type each address comes once. */
    struct addrinfo hints = {.ai_family = family, .ai_flags = flags, .ai_socktype = SOCK_STREAM};
    struct addrinfo *list;
    int code;

#ifdef AI_IDN
    if (!ps__text_is_ascii(host))
        hints.ai_flags |= AI_IDN;
#endif
    code = look_up(host, &hints, &list);
    if (code != 0)
        return code;
    code = give_list(list, sink, context);
    freeaddrinfo(list);
    return code;
}

/* ---- the same, in a thread of its own ---- */

typedef struct thread_work {
    const char *host;
    int family;
    int flags;
    ps__address_sink sink;
    ps__resolve_end end;
    void *context;
} thread_work;

static void resolve_in_thread(void *argument)
{
    thread_work work = *(thread_work *)argument;

    free(argument);
    work.end(work.context, ps__sys_resolve(work.host, work.family, work.flags, work.sink, work.context));
}

int ps__sys_resolve_start(const char *host, int family, int flags, ps__address_sink sink, ps__resolve_end end,
                          void *context, void **resolving)
{
    thread_work *work = malloc(sizeof *work);
    int code;

    if (work == NULL)
        return PS_ENOMEM;
    *work = (thread_work){host, family, flags, sink, end, context};
    *resolving = NULL;
    code = ps__sys_start_thread(resolve_in_thread, work);
    if (code != 0)
        free(work);
    return code;
}

/* Nothing ends getaddrinfo. */
void ps__sys_resolve_leave(void *resolving)
{
    (void)resolving;
}

int ps__sys_host_name(const ps_addr *a, int flags, char *host, size_t size)
{
    int status = getnameinfo(&a->sa, a->len, host, (socklen_t)size, NULL, 0, flags | NI_NAMEREQD);

    return status == 0 ? 0 : from_resolver(status);
}

/* ---- host entries ---- */

/* What is looked up: a name, or the packed bytes of an address. */
typedef struct host_key {
    const char *name;
    const void *packed;
    socklen_t length;
    int family;
} host_key;

/* musl has no such number, and never says it. */
#ifndef NETDB_INTERNAL
#define NETDB_INTERNAL (-1)
#endif

#ifdef PS__HAVE_GETHOSTBYNAME_R

/* An entry of no more memory than this has hundreds of thousands of names. */
#define HOST_MEMORY_MAX ((size_t)1 << 24)

/* One try with as much memory as there is. Returns 0; ERANGE when it needs more; -1, and the code. */
static int try_host(const host_key *key, struct hostent *entry, size_t size, int *code)
{
    char *memory = (char *)(entry + 1);
    struct hostent *result = NULL;
    int host_error = 0;
    int status;

    if (key->name != NULL)
        status = gethostbyname2_r(key->name, key->family, entry, memory, size, &result, &host_error);
    else
        status = gethostbyaddr_r(key->packed, key->length, key->family, entry, memory, size, &result, &host_error);
    if (result != NULL)
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

        if (entry == NULL)
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
    e->entry = key->name != NULL ? gethostbyname2(key->name, key->family)
                                 : gethostbyaddr(key->packed, key->length, key->family);
    if (e->entry != NULL)
        return 0; /* still locked, until the entry is given back */
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

/* ---- the databases of services and protocols ---- */

#ifdef PS__HAVE_GETSERVBYNAME_R

/* Room for an entry with hundreds of aliases. */
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

    if (result == NULL)
        return from_database(status, PS_NO_SERVICE);
    *port = ntohs((uint16_t)result->s_port);
    return 0;
}

int ps__sys_service_name(int port, const char *proto, char *name, size_t size)
{
    char memory[ENTRY_MEMORY];
    struct servent entry, *result = NULL;
    int status = getservbyport_r(htons((uint16_t)port), proto, &entry, memory, sizeof memory, &result);

    if (result == NULL)
        return from_database(status, PS_NO_SERVICE);
    return ps__text_copy(name, size, result->s_name, strlen(result->s_name));
}

int ps__sys_protocol(const char *name, int *proto)
{
    char memory[ENTRY_MEMORY];
    struct protoent entry, *result = NULL;
    int status = getprotobyname_r(name, &entry, memory, sizeof memory, &result);

    if (result == NULL)
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
    if (entry != NULL) {
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
    if (entry != NULL)
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
    if (entry != NULL) {
        *proto = entry->p_proto;
        code = 0;
    }
    pthread_mutex_unlock(&database_lock);
    return code;
}

#endif

/* ---- this machine and its interfaces ---- */

int ps__sys_host_self(char *name, size_t size)
{
    char own[PS_HOST_MAX + 1];

    /* A name that is cut has no NUL everywhere. */
    own[sizeof own - 1] = '\0';
    if (gethostname(own, sizeof own - 1) != 0)
        return errno == ENAMETOOLONG ? PS_BAD_LENGTH : ps__from_os(errno);
    return ps__text_copy(name, size, own, strlen(own));
}

/* Systems say that there is no such interface with one of these, or with nothing. */
static int from_interface(int error)
{
    return error == 0 || error == ENODEV || error == ENXIO || error == EINVAL ? PS_BAD_SCOPE : ps__from_os(error);
}

int ps__sys_interface_index(const char *name, unsigned *index)
{
    unsigned found;

    errno = 0;
    found = if_nametoindex(name);
    if (found == 0)
        return from_interface(errno);
    *index = found;
    return 0;
}

int ps__sys_interface_name(unsigned index, char *name, size_t size)
{
    char found[IF_NAMESIZE];

    errno = 0;
    if (if_indextoname(index, found) == NULL)
        return from_interface(errno);
    return ps__text_copy(name, size, found, strlen(found));
}
