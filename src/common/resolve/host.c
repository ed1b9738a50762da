#include "config.h"

#include "common/resolve/host.h"

#include "common/address/literal.h"
#include "common/resolve/localhost.h"
#include "common/text.h"
#include "family/family.h"
#include "family/inet.h"

#include <string.h>

/* RFC 1035: the longest name as text, without the dot that may end it, and the longest label. */
#define NAME_MAX_LENGTH 253
#define LABEL_MAX_LENGTH 63

static void map(ps_addr *a)
{
    unsigned char packed[4];

    memcpy(packed, &a->in.sin_addr, 4);
    ps__addr_clear(a, AF_INET6, sizeof a->in6);
    memcpy(a->in6.sin6_addr.s6_addr, ps__inet6_mapped, sizeof ps__inet6_mapped);
    memcpy(a->in6.sin6_addr.s6_addr + sizeof ps__inet6_mapped, packed, 4);
}

/* A literal for those who ask for a family. An IPv6 address is made of an IPv4 address only when
 * AI_V4MAPPED asks for that; as in the C libraries a mapped IPv4 address serves those who ask
 * for IPv4. */
static int fit_literal(ps_addr *a, int family, int flags)
{
    if (family == AF_INET6 && a->sa.sa_family == AF_INET && (flags & AI_V4MAPPED))
        map(a);
    if (family == AF_INET)
        ps_addr_unmap(a);
    return family == AF_UNSPEC || family == a->sa.sa_family ? 0 : PS_EAI_ADDRFAMILY;
}

/* Whether a text can be a host's name. What cannot never reaches the system: some read "[::1]"
 * or "127.0.0.1 " as an address, and their errors differ. The length of labels counts for ASCII
 * names; the system's IDNA makes the others. */
static bool is_possible_name(const char *host)
{
    bool ascii = ps__text_is_ascii(host);
    size_t length = strlen(host);
    size_t label = 0;

    if (length > 0 && host[length - 1] == '.')
        length--;
    if (length == 0 || length > (ascii ? NAME_MAX_LENGTH : PS_HOST_MAX - 2))
        return false;
    for (size_t i = 0; i < length; i++) {
        unsigned char c = (unsigned char)host[i];

        if (c <= ' ' || c == 0x7f || strchr(":%[]", c))
            return false;
        label = c == '.' ? 0 : label + 1;
        if (label == 0 && (i == 0 || host[i - 1] == '.'))
            return false;
        if (ascii && label > LABEL_MAX_LENGTH)
            return false;
    }
    return label > 0;
}

static int ignore(void *context, const ps_addr *a, const char *canonname)
{
    (void)context;
    (void)a;
    (void)canonname;
    return 0;
}

/* IDNA makes digits and dots of characters that only look like them: the system would read an
 * address after all, and in octal. */
static bool is_address_in_disguise(const char *host)
{
    return !ps__text_is_ascii(host) &&
           ps__sys_resolve(host, AF_UNSPEC, AI_NUMERICHOST, ignore, NULL) == 0;
}

/* IDNA 2008 has four characters that IDNA 2003 encodes as others: here every system looks up the
 * same name, that of IDNA 2003. */
static const struct {
    const char *character;
    const char *encoded;
} deviations[] = {
    {"\xc3\x9f", "ss"},       /* U+00DF, sharp s */
    {"\xcf\x82", "\xcf\x83"}, /* U+03C2, final sigma */
    {"\xe2\x80\x8c", ""},     /* U+200C, zero-width non-joiner */
    {"\xe2\x80\x8d", ""},     /* U+200D, zero-width joiner */
};

enum { DEVIATIONS = sizeof deviations / sizeof deviations[0] };

static size_t deviation_at(const char *text)
{
    size_t i = 0;

    while (i < DEVIATIONS &&
           strncmp(text, deviations[i].character, strlen(deviations[i].character)) != 0)
        i++;
    return i;
}

/* Copies a name of less than PS_HOST_MAX bytes without such characters; it does not grow. */
static void copy_without_deviations(char *to, const char *host)
{
    while (*host != '\0') {
        size_t i = deviation_at(host);

        if (i == DEVIATIONS) {
            *to++ = *host++;
            continue;
        }
        host += strlen(deviations[i].character);
        for (const char *from = deviations[i].encoded; *from != '\0'; from++)
            *to++ = *from;
    }
    *to = '\0';
}

static int read_host(const char *host, int family, int flags, char name[PS_HOST_MAX],
                     ps__address_sink sink, void *context)
{
    ps_addr a;
    int code = ps__literal_read(host, &a);

    if (code == PS__LITERAL_FOUND) {
        code = fit_literal(&a, family, flags);
        return code == 0 ? sink(context, &a, host) : code;
    }
    if (code != PS__LITERAL_NONE && code != PS_BAD_ADDRESS)
        return code == PS_BAD_SCOPE ? PS_EAI_NONAME : code;
    if (code == PS_BAD_ADDRESS || (flags & AI_NUMERICHOST) || !is_possible_name(host) ||
        is_address_in_disguise(host))
        return PS_EAI_NONAME;
    if (ps__is_below_localhost(host))
        return ps__report_localhost(host, family, sink, context);
    (void)ps__text_copy(name, PS_HOST_MAX, host, strlen(host));
    return PS__HOST_IS_NAME;
}

int ps__host_read(const char *host, int family, int flags, char name[PS_HOST_MAX],
                  ps__address_sink sink, void *context)
{
    char plain[PS_HOST_MAX];
    ps_addr a;

    if (!host || !ps__text_is_utf8(host))
        return PS_BAD_ADDRESS;
    /* The name of an interface may have any character. */
    if (ps__text_is_ascii(host) || strlen(host) >= sizeof plain || strchr(host, '%'))
        return read_host(host, family, flags, name, sink, context);
    copy_without_deviations(plain, host);
    if (strcmp(plain, host) != 0 && ps__literal_read(plain, &a) != PS__LITERAL_NONE)
        return PS_EAI_NONAME; /* to no other function is it an address */
    return read_host(plain, family, flags, name, sink, context);
}

int ps__host_addresses(const char *host, int family, int flags, ps__limit *limit,
                       ps__address_sink sink, void *context)
{
    char name[PS_HOST_MAX];
    int code = ps__host_read(host, family, flags, name, sink, context);

    if (code != PS__HOST_IS_NAME)
        return code;
    return ps__look_up(name, family, flags & ~(AI_PASSIVE | AI_NUMERICHOST | AI_NUMERICSERV), limit,
                       sink, context);
}

static int keep_first(void *context, const ps_addr *address, const char *canonname)
{
    ps_addr *first = context;

    (void)canonname;
    if (first->len == 0)
        *first = *address;
    return 0;
}

int ps__host_first_address(const char *host, int family, ps__limit *limit, ps_addr *a)
{
    int code;

    a->len = 0;
    code = ps__host_addresses(host, family, 0, limit, keep_first, a);
    if (code != 0)
        a->len = 0;
    else if (a->len == 0)
        code = PS_EAI_NONAME;
    return code;
}
