/* The family inet6. */
#include "config.h"

#include "family/inet.h"

#include "common/address/hash.h"
#include "common/resolve/host.h"
#include "common/text.h"
#include "family/family.h"
#include "portsock/error.h"
#include "portsock/names.h"

#include <string.h>

#define FLOWINFO_MAX 0xfffffU

enum {
    LITERAL_SIZE = 46,     /* with its NUL */
    SCOPE_NAME_SIZE = 257, /* the longest name of an interface, with its NUL: on Windows */
    TEXT_SIZE = PS__HOST_TEXT_SIZE + 8
};

const unsigned char ps__inet6_mapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

static void set(ps_addr *a, const unsigned char packed[16], uint16_t port, unsigned scope)
{
    ps__addr_clear(a, AF_INET6, sizeof a->in6);
    memcpy(&a->in6.sin6_addr, packed, 16);
    a->in6.sin6_port = ps_htons(port);
    a->in6.sin6_scope_id = scope;
}

/* The name of an interface before its number, since a name may be of digits. A number is that
 * scope, whether there is such an interface or not. */
static int read_scope(const char *text, unsigned *scope)
{
    unsigned long number;
    int code = *text == '\0' ? PS_BAD_SCOPE : ps_if_nametoindex(text, scope);

    if (code == 0 || !ps__text_to_number(text, UINT32_MAX, &number))
        return code;
    *scope = (unsigned)number;
    return 0;
}

int ps__text_to_inet6_scoped(const char *text, unsigned char packed[16], unsigned *scope)
{
    const char *percent;
    char literal[LITERAL_SIZE];

    *scope = 0;
    if (ps__text_to_inet6(text, packed))
        return 0;
    percent = strchr(text, '%');
    if (!percent || ps__text_copy(literal, sizeof literal, text, (size_t)(percent - text)) < 0 ||
        !ps__text_to_inet6(literal, packed))
        return PS_BAD_ADDRESS;
    return read_scope(percent + 1, scope);
}

/* Makes *a the address of a host, port 0. */
static int set_host(ps_addr *a, const char *host, ps__limit *limit)
{
    unsigned char packed[16];
    unsigned scope;
    int code;

    if (host[0] == '\0') {
        ps__addr_wildcard(a, AF_INET6);
        return 0;
    }
    code = ps__text_to_inet6_scoped(host, packed, &scope);
    if (code == 0)
        set(a, packed, 0, scope);
    if (code != PS_BAD_ADDRESS || strcmp(host, "<broadcast>") == 0)
        return code;
    return ps__host_first_address(host, AF_INET6, limit, a);
}

static int make(ps_addr *a, const char *host, int port, unsigned flowinfo, unsigned scopeid,
                ps__limit *limit)
{
    int code;

    if (port < 0 || port > PS__PORT_MAX)
        code = PS_BAD_PORT;
    else if (flowinfo > FLOWINFO_MAX)
        code = PS_BAD_FLOWINFO;
    else
        code = host ? set_host(a, host, limit) : PS_BAD_ADDRESS;
    if (code < 0) {
        ps__addr_clear(a, AF_UNSPEC, 0);
        return code;
    }
    a->in6.sin6_port = ps_htons((uint16_t)port);
    a->in6.sin6_flowinfo = ps_htonl(flowinfo);
    if (scopeid != 0)
        a->in6.sin6_scope_id = scopeid;
    return 0;
}

int ps_addr_inet6(ps_addr *a, const char *host, int port, unsigned flowinfo, unsigned scopeid)
{
    return a ? make(a, host, port, flowinfo, scopeid, NULL) : PS_EFAULT;
}

int ps_addr_inet6_within(ps_addr *a, const char *host, int port, unsigned flowinfo,
                         unsigned scopeid, double timeout, ps_cancel *token)
{
    ps__limit limit;
    int code;

    if (!a)
        return PS_EFAULT;
    code = ps__limit_begin(&limit, timeout, token);
    if (code == 0)
        return make(a, host, port, flowinfo, scopeid, &limit);
    ps__addr_clear(a, AF_UNSPEC, 0);
    return code;
}

int ps_addr_get_inet6(const ps_addr *a, unsigned *flowinfo, unsigned *scopeid)
{
    bool is_inet6 = ps__addr_is(a, AF_INET6);

    if (flowinfo)
        *flowinfo = is_inet6 ? ps_ntohl(a->in6.sin6_flowinfo) : 0;
    if (scopeid)
        *scopeid = is_inet6 ? a->in6.sin6_scope_id : 0;
    if (!a)
        return PS_EFAULT;
    return is_inet6 ? 0 : PS_BAD_FAMILY;
}

/* A scope as its number; behind zeros where that is the name of another interface, so that it is
 * read back as the number. */
static char *scope_to_text(unsigned scope, char *text)
{
    char *digits = text;

    for (;;) {
        char *end = ps__number_to_text(scope, digits);
        unsigned named;

        if (ps_if_nametoindex(text, &named) != 0 || named == scope ||
            digits - text == PS__SCOPE_ZEROS_MAX)
            return end;
        *digits++ = '0';
    }
}

char *ps__inet6_host_to_text(const ps_addr *a, char *text)
{
    text = ps__inet6_to_text((const unsigned char *)&a->in6.sin6_addr, text);
    if (a->in6.sin6_scope_id == 0)
        return text;
    *text++ = '%';
    return scope_to_text(a->in6.sin6_scope_id, text);
}

static int parse(ps_addr *a, const char *text)
{
    /* The last one: an interface's name may have a bracket in it, a port may not. */
    const char *bracket = strrchr(text, ']');
    char host[LITERAL_SIZE + SCOPE_NAME_SIZE];
    unsigned char packed[16];
    unsigned scope;
    uint16_t port;
    int code;

    if (text[0] != '[' || !bracket || bracket[1] != ':' ||
        ps__text_copy(host, sizeof host, text + 1, (size_t)(bracket - text - 1)) < 0)
        return PS_BAD_ADDRESS;
    code = ps__text_to_inet6_scoped(host, packed, &scope);
    if (code == 0)
        code = ps__text_to_port(bracket + 2, &port);
    if (code == 0)
        set(a, packed, port, scope);
    return code;
}

static int format(const ps_addr *a, char *text, size_t size)
{
    char whole[TEXT_SIZE];
    char *end = whole;

    *end++ = '[';
    end = ps__inet6_host_to_text(a, end);
    *end++ = ']';
    *end++ = ':';
    end = ps__number_to_text(ps_ntohs(a->in6.sin6_port), end);
    return ps__text_copy(text, size, whole, (size_t)(end - whole));
}

static bool equal(const ps_addr *a, const ps_addr *b)
{
    return a->in6.sin6_port == b->in6.sin6_port && a->in6.sin6_scope_id == b->in6.sin6_scope_id &&
           memcmp(&a->in6.sin6_addr, &b->in6.sin6_addr, 16) == 0;
}

static uint64_t hash(const ps_addr *a, uint64_t hash_before)
{
    hash_before = ps__hash_bytes(hash_before, &a->in6.sin6_port, sizeof a->in6.sin6_port);
    hash_before = ps__hash_bytes(hash_before, &a->in6.sin6_scope_id, sizeof a->in6.sin6_scope_id);
    return ps__hash_bytes(hash_before, &a->in6.sin6_addr, 16);
}

const ps__family ps__family_inet6 = {
    .family = AF_INET6,
    .prefix = NULL,
    .length_min = sizeof(struct sockaddr_in6),
    .length_max = sizeof(struct sockaddr_in6),
    .parse = parse,
    .format = format,
    .equal = equal,
    .hash = hash,
};
