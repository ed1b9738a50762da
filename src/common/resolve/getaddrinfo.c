#include "config.h"

#include "common/address/literal.h"
#include "common/compiler.h"
#include "common/resolve/address_set.h"
#include "common/resolve/host.h"
#include "common/resolve/localhost.h"
#include "common/text.h"
#include "family/family.h"

#include <stdlib.h>
#include <string.h>

/* Every flag that this system has. Others are refused here, since some systems ignore them. */
static const int known_flags = AI_PASSIVE | AI_CANONNAME | AI_NUMERICHOST | AI_NUMERICSERV |
                               AI_V4MAPPED | AI_ALL
#ifdef AI_IDN
                               | AI_IDN
#endif
#ifdef AI_CANONIDN
                               | AI_CANONIDN
#endif
#ifdef AI_V4MAPPED_CFG
                               | AI_V4MAPPED_CFG
#endif
#ifdef AI_NON_AUTHORITATIVE
                               | AI_NON_AUTHORITATIVE
#endif
#ifdef AI_SECURE
                               | AI_SECURE
#endif
#ifdef AI_RETURN_PREFERRED_NAMES
                               | AI_RETURN_PREFERRED_NAMES
#endif
#ifdef AI_FQDN
                               | AI_FQDN
#endif
#ifdef AI_FILESERVER
                               | AI_FILESERVER
#endif
#ifdef AI_DISABLE_IDN_ENCODING
                               | AI_DISABLE_IDN_ENCODING
#endif
                               | AI_ADDRCONFIG;

/* A kind of socket that an address can be used with. */
typedef struct kind {
    int type;
    int proto;
    const char
        *service_proto; /* for the service database; NULL: services of this kind have no names */
    bool usual;         /* listed when neither type nor protocol is asked for */
} kind;

static const kind kinds[] = {
    {SOCK_STREAM, IPPROTO_TCP, "tcp", true},
    {SOCK_DGRAM, IPPROTO_UDP, "udp", true},
#if defined SOCK_DCCP && defined IPPROTO_DCCP
    {SOCK_DCCP, IPPROTO_DCCP, "dccp", false},
#endif
#ifdef IPPROTO_UDPLITE
    {SOCK_DGRAM, IPPROTO_UDPLITE, "udplite", false},
#endif
#ifdef IPPROTO_SCTP
    {SOCK_STREAM, IPPROTO_SCTP, "sctp", false},
    {SOCK_SEQPACKET, IPPROTO_SCTP, "sctp", false},
#endif
    {SOCK_RAW, 0, NULL, true}, /* the last: any protocol */
};

#define KIND_COUNT (sizeof kinds / sizeof kinds[0])

/* What a list is made for: the sockets that are wanted, and the list so far. */
typedef struct request {
    struct {
        int type;
        int proto;
        const char *service_proto;
        uint16_t port;
    } wanted[KIND_COUNT];
    size_t count;
    bool canonname;
    ps_addrinfo *first;
    ps_addrinfo **end;
} request;

/* The same for a host that may have several addresses. */
typedef struct search {
    request *request;
    ps__address_set known; /* a hosts file may have an address in many lines */
} search;

/* An entry of the list and its name, in one piece. */
typedef struct entry {
    ps_addrinfo info;
    char canonname[];
} entry;

static void want(request *r, const kind *k, int proto)
{
    r->wanted[r->count].type = k->type;
    r->wanted[r->count].proto = proto;
    r->wanted[r->count].service_proto = k->service_proto;
    r->wanted[r->count].port = 0;
    r->count++;
}

/* The sockets of a type and protocol: the first kind that fits, or the usual ones when nothing
 * is asked for. */
static int want_kinds(request *r, int type, int proto)
{
    for (size_t i = 0; i < KIND_COUNT; i++) {
        const kind *k = &kinds[i];

        if (type == 0 && proto == 0) {
            if (k->usual)
                want(r, k, k->proto);
        } else if ((type == 0 || type == k->type) &&
                   (proto == 0 || proto == k->proto || k->type == SOCK_RAW)) {
            want(r, k, k->type == SOCK_RAW ? proto : k->proto);
            return 0;
        }
    }
    return r->count > 0 ? 0 : PS_EAI_SOCKTYPE;
}

/* Whether a service is a number: digits, and perhaps a minus in front, which only makes the
 * number a wrong one. */
static bool is_number(const char *service)
{
    const char *digits = service[0] == '-' ? service + 1 : service;

    return *digits != '\0' && digits[strspn(digits, "0123456789")] == '\0';
}

/* Sets the port of a named service in each socket, and drops those for which the service does not
 * exist. */
static int look_service_up(request *r, const char *service)
{
    size_t kept = 0;

    for (size_t i = 0; i < r->count; i++) {
        int port;

        if (!r->wanted[i].service_proto)
            continue;
        if (ps_getservbyname(service, r->wanted[i].service_proto, &port) != 0)
            continue;
        r->wanted[kept] = r->wanted[i];
        r->wanted[kept].port = (uint16_t)port;
        kept++;
    }
    r->count = kept;
    return kept > 0 ? 0 : PS_EAI_SERVICE;
}

static int set_ports(request *r, const char *service, int flags)
{
    unsigned long port;

    if (!service || *service == '\0')
        return 0;
    if (!ps__text_to_number(service, 65535, &port)) {
        if (is_number(service))
            return PS_BAD_PORT;
        return (flags & AI_NUMERICSERV) ? PS_EAI_NONAME : look_service_up(r, service);
    }
    for (size_t i = 0; i < r->count; i++)
        r->wanted[i].port = (uint16_t)port;
    return 0;
}

/* An entry with an address and a port, and with a name of `length` bytes; NULL: no memory. */
static ALWAYS_INLINE ps_addrinfo *make_entry(const ps_addr *a, uint16_t port, int type, int proto,
                                             const char *canonname, size_t length)
{
    entry *e = malloc(sizeof *e + length + 1);

    if (!e)
        return NULL;
    if (length > 0)
        memcpy(e->canonname, canonname, length);
    e->canonname[length] = '\0';
    e->info.family = a->sa.sa_family;
    e->info.type = type;
    e->info.proto = proto;
    e->info.canonname = e->canonname;
    e->info.addr = *a;
    e->info.addr.in.sin_port = ps_htons(port); /* at the same place in both families */
    e->info.next = NULL;
    return &e->info;
}

static int append(request *r, size_t wanted, const ps_addr *a, const char *canonname)
{
    ps_addrinfo *made =
        make_entry(a, r->wanted[wanted].port, r->wanted[wanted].type, r->wanted[wanted].proto,
                   canonname, canonname ? strlen(canonname) : 0);

    if (!made)
        return PS_ENOMEM;
    *r->end = made;
    r->end = &made->next;
    return 0;
}

/* Takes an address into the list, once for each socket wanted. */
static int append_each(request *r, const ps_addr *a, const char *canonname)
{
    for (size_t i = 0; i < r->count; i++) {
        int code = append(r, i, a, r->canonname && !r->first ? canonname : NULL);

        if (code != 0)
            return code;
    }
    return 0;
}

static int take_address(void *context, const ps_addr *a, const char *canonname)
{
    search *found = context;
    int added = ps__address_set_add(&found->known, a);

    return added > 0 ? append_each(found->request, a, canonname) : added;
}

/* No host: this machine, over loopback or (AI_PASSIVE) every interface. */
static int take_own(search *r, int family, int flags)
{
    ps_addr a;
    int code = 0;

    if (!(flags & AI_PASSIVE))
        return ps__report_localhost(NULL, family, take_address, r);
    if (family != AF_INET) {
        ps__addr_wildcard(&a, AF_INET6);
        code = take_address(r, &a, NULL);
    }
    if (code == 0 && family != AF_INET6) {
        ps__addr_wildcard(&a, AF_INET);
        code = take_address(r, &a, NULL);
    }
    return code;
}

static NOINLINE int search_for(request *r, const char *host, int family, int flags,
                               ps__limit *limit)
{
    search found;
    int code;

    found.request = r;
    ps__address_set_init(&found.known);
    code = host ? ps__host_addresses(host, family, flags, limit, take_address, &found)
                : take_own(&found, family, flags);
    ps__address_set_free(&found.known);
    return code;
}

/* Whether a host is an address that serves those who ask for a family as it is. */
static bool is_address_of(const char *host, int family, ps_addr *a)
{
    return ps__literal_read_usual(host, a) && (family == AF_UNSPEC || family == a->sa.sa_family);
}

/* `host` is NULL or not empty. */
static int make_list(request *r, const char *host, const char *service, int family, int type,
                     int proto, int flags, ps__limit *limit)
{
    ps_addr a;
    int code;

    if ((flags & ~known_flags) || (!host && (flags & AI_CANONNAME)))
        return PS_EAI_BADFLAGS;
    if (family != AF_UNSPEC && family != AF_INET && family != AF_INET6)
        return PS_EAI_FAMILY;
    code = want_kinds(r, type, proto);
    if (code == 0)
        code = set_ports(r, service, flags);
    if (code != 0)
        return code;
    if (!host && !service)
        return PS_EAI_NONAME;
    if (host && is_address_of(host, family, &a))
        return append_each(r, &a, host);
    code = search_for(r, host, family, flags, limit);
    return code == 0 && !r->first ? PS_EAI_NONAME : code;
}

static int get_list(const char *host, const char *service, int family, int type, int proto,
                    int flags, ps__limit *limit, ps_addrinfo **list)
{
    request r;
    int code;

    r.count = 0;
    r.canonname = (flags & AI_CANONNAME) != 0;
    r.first = NULL;
    r.end = &r.first;
    code = make_list(&r, host && *host == '\0' ? NULL : host, service, family, type, proto, flags,
                     limit);
    if (code != 0)
        ps_freeaddrinfo(r.first);
    else
        *list = r.first;
    return code;
}

/* What most lists of an address are asked for with: one kind of socket, and a number. */
static bool is_asked_for_one(const char *service, int type, int proto, int flags)
{
    const int usual_flags = AI_PASSIVE | AI_NUMERICHOST | AI_NUMERICSERV | AI_ADDRCONFIG;

    return service && (type == SOCK_STREAM || type == SOCK_DGRAM) && proto == 0 &&
           (flags & ~usual_flags) == 0;
}

/* What is returned for every other list. */
enum { NOT_USUAL = 1 };

/* Makes the list that get_list would make, in fewer steps. */
static ALWAYS_INLINE int get_usual_list(const char *host, const char *service, int family, int type,
                                        ps_addrinfo **list)
{
    unsigned long port;
    ps_addr a;

    if (!ps__text_to_number(service, 65535, &port) || !is_address_of(host, family, &a))
        return NOT_USUAL;
    *list = make_entry(&a, (uint16_t)port, type, type == SOCK_STREAM ? IPPROTO_TCP : IPPROTO_UDP,
                       NULL, 0);
    return *list ? 0 : PS_ENOMEM;
}

int ps_getaddrinfo(const char *host, const char *service, int family, int type, int proto,
                   int flags, ps_addrinfo **list)
{
    int code = NOT_USUAL;

    if (!list)
        return PS_EFAULT;
    *list = NULL;
    if (host && is_asked_for_one(service, type, proto, flags))
        code = get_usual_list(host, service, family, type, list);
    if (code != NOT_USUAL)
        return code;
    return get_list(host, service, family, type, proto, flags, NULL, list);
}

int ps_getaddrinfo_within(const char *host, const char *service, int family, int type, int proto,
                          int flags, double timeout, ps_cancel *token, ps_addrinfo **list)
{
    ps__limit limit;
    int code;

    if (!list)
        return PS_EFAULT;
    *list = NULL;
    code = ps__limit_begin(&limit, timeout, token);
    return code != 0 ? code : get_list(host, service, family, type, proto, flags, &limit, list);
}

void ps_freeaddrinfo(ps_addrinfo *list)
{
    while (list) {
        ps_addrinfo *next = list->next;

        free(list); /* the first member of its entry */
        list = next;
    }
}
