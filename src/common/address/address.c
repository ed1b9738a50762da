/* Addresses of any family: from the system, text forms, parts, comparison. */
#include "config.h"

#include "portsock/address.h"

#include "common/backend.h"
#include "common/text.h"
#include "family/family.h"
#include "family/inet.h"
#include "portsock/error.h"

#include <string.h>

/* Every sockaddr begins with its family; what comes then is the family's own. */
#define FAMILY_SIZE offsetof(struct sockaddr, sa_data)

#define UNKNOWN_PREFIX "family:"

/* ---- families -------------------------------------------------------------------------------- */

const ps__family *ps__family_find(int family)
{
    for (const ps__family *const *f = ps__families(); *f; f++) {
        if ((*f)->family == family && family != PS__NO_FAMILY)
            return *f;
    }
    return NULL;
}

int ps__family_absent(ps_addr *a)
{
    if (!a)
        return PS_EFAULT;
    a->len = 0;
    return PS_BAD_FAMILY;
}

int ps__family_parse_absent(ps_addr *a, const char *text)
{
    (void)text;
    return ps__family_absent(a);
}

void ps__addr_clear(ps_addr *a, int family, size_t length)
{
    enum { HALF = sizeof a->storage / 2 };

    /* In halves, which compile to plain stores; the whole is a slow string instruction with
     * gcc. */
    memset(&a->storage, 0, HALF);
    memset((unsigned char *)&a->storage + HALF, 0, sizeof a->storage - HALF);
    a->sa.sa_family = (unsigned short)family;
#if PS__HAVE_SA_LEN
    a->sa.sa_len = (unsigned char)length;
#endif
    a->len = (socklen_t)length;
}

void ps__addr_wildcard(ps_addr *a, int family)
{
    ps__addr_clear(a, family, family == AF_INET6 ? sizeof a->in6 : sizeof a->in);
}

void ps__addr_loopback(ps_addr *a, int family)
{
    ps__addr_wildcard(a, family);
    if (family == AF_INET6)
        a->in6.sin6_addr.s6_addr[15] = 1;
    else
        a->in.sin_addr.s_addr = ps_htonl(INADDR_LOOPBACK);
}

size_t ps__addr_length(const ps_addr *a)
{
    size_t length = a ? (size_t)a->len : 0;

    return length < sizeof a->storage ? length : sizeof a->storage;
}

const ps__family *ps__family_of(const ps_addr *a)
{
    const ps__family *family = ps__family_find(ps_addr_family(a));
    size_t length = ps__addr_length(a);

    return family && length >= family->length_min && length <= family->length_max ? family : NULL;
}

bool ps__addr_is(const ps_addr *a, int family)
{
    size_t length = family == AF_INET ? sizeof a->in : sizeof a->in6;

    return ps_addr_family(a) == family && ps__addr_length(a) == length;
}

/* AF_INET or AF_INET6, or AF_UNSPEC for everything else. */
static int inet_family(const ps_addr *a)
{
    return ps__addr_is(a, AF_INET) ? AF_INET : ps__addr_is(a, AF_INET6) ? AF_INET6 : AF_UNSPEC;
}

void ps_addr_none(ps_addr *a)
{
    /* As long as an address of inet: Windows takes nothing shorter. */
    if (a)
        ps__addr_clear(a, AF_UNSPEC, sizeof a->in);
}

/* ---- from the system ------------------------------------------------------------------------- */

/* Whether a family's addresses may have this length; a family that is not known may have any. */
static bool length_is_possible(int family, size_t length)
{
    const ps__family *known = ps__family_find(family);

    return !known || (length >= known->length_min && length <= known->length_max);
}

static int take_native(ps_addr *a, const struct sockaddr *sa, size_t len)
{
    const ps__family *family;

    if (!sa)
        return PS_EFAULT;
    if (len < FAMILY_SIZE || len > sizeof a->storage)
        return PS_BAD_LENGTH;
    /* sa may point into *a: after a system call that wrote there. */
    memmove(&a->storage, sa, len);
    memset((unsigned char *)&a->storage + len, 0, sizeof a->storage - len);
#if PS__HAVE_SA_LEN
    a->sa.sa_len = (unsigned char)len;
#endif
    a->len = (socklen_t)len;
    if (!length_is_possible(a->sa.sa_family, len))
        return PS_BAD_LENGTH;
    family = ps__family_find(a->sa.sa_family);
    if (family && family->from_system)
        family->from_system(a);
    return 0;
}

int ps_addr_from_native(ps_addr *a, const struct sockaddr *sa, size_t len)
{
    int code;

    if (!a)
        return PS_EFAULT;
    code = len == 0 ? 0 : take_native(a, sa, len);
    if (code < 0 || len == 0)
        ps__addr_clear(a, AF_UNSPEC, 0);
    return code;
}

/* ---- text forms ------------------------------------------------------------------------------ */

static const char hexadecimal[] = "0123456789abcdef";

/* Reads pairs of digits up to the end of the text. Returns the number of bytes, or -1 for
 * anything else. */
static int read_bytes(const char *text, unsigned char *bytes, size_t size)
{
    size_t count = 0;

    for (; *text != '\0'; text += 2) {
        const char *high = strchr(hexadecimal, text[0]);
        const char *low = text[1] == '\0' ? NULL : strchr(hexadecimal, text[1]);

        if (!high || !low || count == size)
            return -1;
        bytes[count++] = (unsigned char)((high - hexadecimal) << 4 | (low - hexadecimal));
    }
    return (int)count;
}

/* Reads what follows "family:", the number and the bytes of a family that this system has no table
 * of. */
static int parse_unknown(ps_addr *a, int family, const char *text)
{
    const char *colon = strchr(text, ':');
    char digits[8];
    unsigned long number;
    int count;

    if (!colon || ps__text_copy(digits, sizeof digits, text, (size_t)(colon - text)) < 0 ||
        !ps__text_to_number(digits, (uint32_t)((1UL << 8 * sizeof a->sa.sa_family) - 1), &number))
        return PS_BAD_ADDRESS;
    if ((family != AF_UNSPEC && family != (int)number) || ps__family_find((int)number))
        return PS_BAD_ADDRESS;
    ps__addr_clear(a, (int)number, 0);
    count = read_bytes(colon + 1, (unsigned char *)&a->storage + FAMILY_SIZE,
                       sizeof a->storage - FAMILY_SIZE);
    if (count < 0)
        return PS_BAD_ADDRESS;
#if PS__HAVE_SA_LEN
    a->sa.sa_len = (unsigned char)(FAMILY_SIZE + (size_t)count);
#endif
    a->len = (socklen_t)(FAMILY_SIZE + (size_t)count);
    return 0;
}

static bool starts_with(const char *text, const char *start)
{
    return strncmp(text, start, strlen(start)) == 0;
}

static int parse_as(const ps__family *family, ps_addr *a, const char *text)
{
    const char *prefix = family->prefix ? family->prefix : "";

    if (!starts_with(text, prefix))
        return PS_BAD_ADDRESS;
    ps__addr_clear(a, AF_UNSPEC, 0);
    return family->parse(a, text + strlen(prefix));
}

static int parse_any(ps_addr *a, const char *text)
{
    for (const ps__family *const *f = ps__families(); *f; f++) {
        int code = parse_as(*f, a, text);

        if (code != PS_BAD_ADDRESS)
            return code;
    }
    return PS_BAD_ADDRESS;
}

static int parse(ps_addr *a, int family, const char *text)
{
    const ps__family *wanted;

    if (!text)
        return PS_BAD_ADDRESS;
    if (starts_with(text, UNKNOWN_PREFIX))
        return parse_unknown(a, family, text + strlen(UNKNOWN_PREFIX));
    if (family == AF_UNSPEC)
        return parse_any(a, text);
    wanted = ps__family_find(family);
    return wanted ? parse_as(wanted, a, text) : PS_BAD_FAMILY;
}

int ps_addr_parse(ps_addr *a, int family, const char *text)
{
    int code;

    if (!a)
        return PS_EFAULT;
    code = parse(a, family, text);
    if (code < 0)
        ps__addr_clear(a, AF_UNSPEC, 0);
    return code;
}

static int format_unknown(const ps_addr *a, char *buf, size_t n)
{
    const unsigned char *bytes = (const unsigned char *)&a->storage;
    char text[sizeof UNKNOWN_PREFIX + 21 + 2 * sizeof a->storage];
    char *end = text + strlen(UNKNOWN_PREFIX);

    memcpy(text, UNKNOWN_PREFIX, sizeof UNKNOWN_PREFIX);
    end = ps__number_to_text((unsigned long)ps_addr_family(a), end);
    *end++ = ':';
    for (size_t i = FAMILY_SIZE; i < ps__addr_length(a); i++) {
        *end++ = hexadecimal[bytes[i] >> 4];
        *end++ = hexadecimal[bytes[i] & 15];
    }
    return ps__text_copy(buf, n, text, (size_t)(end - text));
}

int ps_addr_format(const ps_addr *a, char *buf, size_t n)
{
    const ps__family *family;

    if (!buf)
        return PS_EFAULT;
    if (!a || ps__addr_length(a) == 0) {
        int code = ps__text_copy(buf, n, "", 0);

        return a ? code : PS_EFAULT;
    }
    family = ps__family_of(a);
    return family ? family->format(a, buf, n) : format_unknown(a, buf, n);
}

/* ---- parts ----------------------------------------------------------------------------------- */

int ps_addr_family(const ps_addr *a)
{
    return ps__addr_length(a) < FAMILY_SIZE ? AF_UNSPEC : a->sa.sa_family;
}

int ps_addr_port(const ps_addr *a)
{
    if (!a)
        return PS_EFAULT;
    switch (inet_family(a)) {
    case AF_INET:
        return ps_ntohs(a->in.sin_port);
    case AF_INET6:
        return ps_ntohs(a->in6.sin6_port);
    default:
        return PS_BAD_FAMILY;
    }
}

int ps_addr_set_port(ps_addr *a, int port)
{
    if (!a)
        return PS_EFAULT;
    if (port < 0 || port > PS__PORT_MAX)
        return PS_BAD_PORT;
    switch (inet_family(a)) {
    case AF_INET:
        a->in.sin_port = ps_htons((uint16_t)port);
        return 0;
    case AF_INET6:
        a->in6.sin6_port = ps_htons((uint16_t)port);
        return 0;
    default:
        return PS_BAD_FAMILY;
    }
}

int ps_addr_get_host(const ps_addr *a, char *host, size_t n)
{
    char text[PS__HOST_TEXT_SIZE];
    char *end;

    if (!host)
        return PS_EFAULT;
    if (n > 0)
        *host = '\0';
    if (!a)
        return PS_EFAULT;
    switch (inet_family(a)) {
    case AF_INET:
        end = ps__inet_to_text((const unsigned char *)&a->in.sin_addr, text);
        break;
    case AF_INET6:
        end = ps__inet6_host_to_text(a, text);
        break;
    default:
        return PS_BAD_FAMILY;
    }
    return ps__text_copy(host, n, text, (size_t)(end - text));
}

bool ps_addr_equal(const ps_addr *a, const ps_addr *b)
{
    const ps__family *family;

    if (ps_addr_family(a) != ps_addr_family(b))
        return false;
    family = ps__family_of(a);
    if (family && family->equal && ps__family_of(b) == family)
        return family->equal(a, b);
    return ps__addr_length(a) == ps__addr_length(b) &&
           (ps__addr_length(a) == 0 || memcmp(&a->storage, &b->storage, ps__addr_length(a)) == 0);
}
