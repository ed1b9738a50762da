#include "host.h"

#include "family.h"
#include "localhost.h"
#include "text.h"

#include <string.h>

/* RFC 1035: the longest name as text, without the dot that may end it, and the longest label. */
#define NAME_MAX_LENGTH 253
#define LABEL_MAX_LENGTH 63

typedef enum literal { LITERAL_NONE = 0, LITERAL_FOUND = 1 } literal;

static const unsigned char mapped_prefix[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

static void set_inet(ps_addr *a, const unsigned char packed[4])
{
    ps__addr_clear(a, AF_INET, sizeof a->in);
    memcpy(&a->in.sin_addr, packed, 4);
}

static void set_inet6(ps_addr *a, const unsigned char packed[16])
{
    ps__addr_clear(a, AF_INET6, sizeof a->in6);
    memcpy(&a->in6.sin6_addr, packed, 16);
}

/* An IPv4 literal. An IPv6 address is made of it only when AI_V4MAPPED asks for that. */
static int take_inet(const unsigned char packed[4], int family, int flags, ps_addr *a)
{
    unsigned char mapped[16];

    if (family != AF_INET6) {
        set_inet(a, packed);
        return LITERAL_FOUND;
    }
    if (!(flags & AI_V4MAPPED))
        return PS_EAI_ADDRFAMILY;
    memcpy(mapped, mapped_prefix, sizeof mapped_prefix);
    memcpy(mapped + sizeof mapped_prefix, packed, 4);
    set_inet6(a, mapped);
    return LITERAL_FOUND;
}

/* An IPv6 literal. As in the C libraries a mapped IPv4 address serves those who ask for IPv4. */
static int take_inet6(const unsigned char packed[16], int family, ps_addr *a)
{
    if (family != AF_INET) {
        set_inet6(a, packed);
        return LITERAL_FOUND;
    }
    if (memcmp(packed, mapped_prefix, sizeof mapped_prefix) != 0)
        return PS_EAI_ADDRFAMILY;
    set_inet(a, packed + sizeof mapped_prefix);
    return LITERAL_FOUND;
}

/* The scope of a literal: the number or the name of an interface. */
static int read_scope(const char *text, ps_addr *a)
{
    unsigned long number;
    unsigned scope;
    int code;

    if (ps__text_to_number(text, UINT32_MAX, &number)) {
        scope = (unsigned)number;
    } else {
        code = ps__sys_interface_index(text, &scope);
        if (code != 0)
            return code;
    }
    if (a->sa.sa_family == AF_INET6)
        a->in6.sin6_scope_id = scope;
    return LITERAL_FOUND;
}

/* Returns a `literal`, or a code when the text is a literal that cannot be used. */
static int read_literal(const char *host, int family, int flags, ps_addr *a)
{
    const char *percent = strchr(host, '%');
    size_t length = percent != NULL ? (size_t)(percent - host) : strlen(host);
    char text[INET6_ADDRSTRLEN];
    unsigned char packed[16];
    int code;

    if (ps__text_to_inet_any(host, packed))
        return take_inet(packed, family, flags, a);
    if (ps__text_copy(text, sizeof text, host, length) != 0 || !ps__text_to_inet6(text, packed))
        return LITERAL_NONE;
    code = take_inet6(packed, family, a);
    return code == LITERAL_FOUND && percent != NULL ? read_scope(percent + 1, a) : code;
}

/* Whether a text can be a host's name. What cannot never reaches the system: some read "[::1]" or "127.0.0.1 " as an
 * address, and their errors differ. The length of labels counts for ASCII names; the system's IDNA makes the others. */
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

        if (c <= ' ' || c == 0x7f || strchr(":%[]", c) != NULL)
            return false;
        label = c == '.' ? 0 : label + 1;
        if (label == 0 && (i == 0 || host[i - 1] == '.'))
            return false;
        if (ascii && label > LABEL_MAX_LENGTH)
            return false;
    }
    return label > 0;
}

/* IDNA 2008 has four characters that IDNA 2003 encodes as others: here every system looks up the same name, that of IDNA 2003. */
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

    while (i < DEVIATIONS && strncmp(text, deviations[i].character, strlen(deviations[i].character)) != 0)
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

static int read_host(const char *host, int family, int flags, char name[PS_HOST_MAX], ps__address_sink sink,
                     void *context)
{
    ps_addr a;
    int found = read_literal(host, family, flags, &a);

    if (found < 0)
        return found;
    if (found == LITERAL_FOUND)
        return sink(context, &a, host);
    if ((flags & AI_NUMERICHOST) || !is_possible_name(host))
        return PS_EAI_NONAME;
    if (ps__is_below_localhost(host))
        return ps__give_localhost(host, family, sink, context);
    (void)ps__text_copy(name, PS_HOST_MAX, host, strlen(host));
    return PS__HOST_IS_NAME;
}

int ps__host_read(const char *host, int family, int flags, char name[PS_HOST_MAX], ps__address_sink sink, void *context)
{
    char plain[PS_HOST_MAX];

    if (host == NULL || !ps__text_is_utf8(host))
        return PS_BAD_ADDRESS;
    /* The name of an interface may have any character. */
    if (ps__text_is_ascii(host) || strlen(host) >= sizeof plain || strchr(host, '%') != NULL)
        return read_host(host, family, flags, name, sink, context);
    copy_without_deviations(plain, host);
    return read_host(plain, family, flags, name, sink, context);
}

int ps__host_addresses(const char *host, int family, int flags, ps__limit *limit, ps__address_sink sink, void *context)
{
    char name[PS_HOST_MAX];
    int code = ps__host_read(host, family, flags, name, sink, context);

    if (code != PS__HOST_IS_NAME)
        return code;
    return ps__look_up(name, family, flags & ~(AI_PASSIVE | AI_NUMERICHOST | AI_NUMERICSERV), limit, sink, context);
}
