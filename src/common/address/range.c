/* Which ranges the host of an inet or inet6 address is in. A mapped IPv4 address is that IPv4
 * address. */
#include "config.h"

#include "common/text.h"
#include "family/family.h"
#include "family/inet.h"
#include "portsock/error.h"

#include <string.h>

/* The host of an address: 4 or 16 bytes; 0 for an address of another family. */
typedef struct host {
    size_t size;
    unsigned char bytes[16];
    unsigned scope;
} host;

/* The hosts of 4 or 16 bytes that begin with these bits. */
typedef struct range {
    size_t size;
    unsigned bits;
    unsigned char bytes[16];
} range;

void ps_addr_unmap(ps_addr *a)
{
    unsigned char packed[16];
    uint16_t port;

    if (!ps__addr_is(a, AF_INET6))
        return;
    memcpy(packed, &a->in6.sin6_addr, 16);
    if (memcmp(packed, ps__inet6_mapped, sizeof ps__inet6_mapped) != 0)
        return;
    port = a->in6.sin6_port;
    ps__addr_clear(a, AF_INET, sizeof a->in);
    a->in.sin_port = port;
    memcpy(&a->in.sin_addr, packed + sizeof ps__inet6_mapped, 4);
}

static host host_of(const ps_addr *a)
{
    host h = {0};
    ps_addr plain;

    if (!a)
        return h;
    plain = *a;
    ps_addr_unmap(&plain);
    if (ps__addr_is(&plain, AF_INET)) {
        h.size = 4;
        memcpy(h.bytes, &plain.in.sin_addr, 4);
    } else if (ps__addr_is(&plain, AF_INET6)) {
        h.size = 16;
        memcpy(h.bytes, &plain.in6.sin6_addr, 16);
        h.scope = plain.in6.sin6_scope_id;
    }
    return h;
}

bool ps_addr_same_host(const ps_addr *a, const ps_addr *b)
{
    host one = host_of(a), other = host_of(b);

    return one.size != 0 && one.size == other.size && one.scope == other.scope &&
           memcmp(one.bytes, other.bytes, one.size) == 0;
}

/* ---- ranges ---------------------------------------------------------------------------------- */

static bool begins_with(const unsigned char *bytes, const unsigned char *start, unsigned bits)
{
    unsigned whole = bits / 8, rest = bits % 8;

    return memcmp(bytes, start, whole) == 0 &&
           (rest == 0 || (bytes[whole] ^ start[whole]) >> (8 - rest) == 0);
}

static bool is_in_one(const ps_addr *a, const range *ranges, size_t count)
{
    host h = host_of(a);

    for (size_t i = 0; i < count; i++) {
        if (h.size == ranges[i].size && begins_with(h.bytes, ranges[i].bytes, ranges[i].bits))
            return true;
    }
    return false;
}

bool ps_addr_is_loopback(const ps_addr *a)
{
    static const range ranges[] = {{4, 8, {127}}, {16, 128, {[15] = 1}}};

    return is_in_one(a, ranges, sizeof ranges / sizeof ranges[0]);
}

bool ps_addr_is_multicast(const ps_addr *a)
{
    static const range ranges[] = {{4, 4, {224}}, {16, 8, {0xff}}};

    return is_in_one(a, ranges, sizeof ranges / sizeof ranges[0]);
}

bool ps_addr_is_link_local(const ps_addr *a)
{
    static const range ranges[] = {{4, 16, {169, 254}}, {16, 10, {0xfe, 0x80}}};

    return is_in_one(a, ranges, sizeof ranges / sizeof ranges[0]);
}

bool ps_addr_is_private(const ps_addr *a)
{
    static const range ranges[] = {
        {4, 8, {10}}, {4, 12, {172, 16}}, {4, 16, {192, 168}}, {16, 7, {0xfc}}};

    return is_in_one(a, ranges, sizeof ranges / sizeof ranges[0]);
}

bool ps_addr_is_wildcard(const ps_addr *a)
{
    static const range ranges[] = {{4, 32, {0}}, {16, 128, {0}}};

    return is_in_one(a, ranges, sizeof ranges / sizeof ranges[0]);
}

/* ---- networks -------------------------------------------------------------------------------- */

/* Decimal without leading zeros, as in an address. */
static bool read_bits(const char *text, unsigned most, unsigned *bits)
{
    unsigned long number;

    if ((text[0] == '0' && text[1] != '\0') || !ps__text_to_number(text, most, &number))
        return false;
    *bits = (unsigned)number;
    return true;
}

/* A prefix of a mapped network is the IPv4 network. */
static void unmap_range(range *r)
{
    if (r->size != 16 || r->bits < 96 ||
        memcmp(r->bytes, ps__inet6_mapped, sizeof ps__inet6_mapped) != 0)
        return;
    memmove(r->bytes, r->bytes + sizeof ps__inet6_mapped, 4);
    r->size = 4;
    r->bits -= 96;
}

/* Whether nothing is set behind the bits of the prefix. */
static bool is_network(const range *r)
{
    unsigned char rest = r->bits % 8 == 0 ? 0 : r->bytes[r->bits / 8] & (0xff >> r->bits % 8);

    for (size_t i = (r->bits + 7) / 8; i < r->size; i++)
        rest |= r->bytes[i];
    return rest == 0;
}

static bool read_range(const char *text, range *r)
{
    size_t length = strcspn(text, "/");
    char address[46];

    if (ps__text_copy(address, sizeof address, text, length) != 0)
        return false;
    if (ps__text_to_inet(address, r->bytes))
        r->size = 4;
    else if (ps__text_to_inet6(address, r->bytes))
        r->size = 16;
    else
        return false;
    r->bits = (unsigned)r->size * 8;
    if (text[length] == '/' && !read_bits(text + length + 1, r->bits, &r->bits))
        return false;
    unmap_range(r);
    return is_network(r);
}

int ps_addr_in(const ps_addr *a, const char *prefix)
{
    range r;

    if (!a)
        return PS_EFAULT;
    if (!prefix || !read_range(prefix, &r))
        return PS_BAD_ADDRESS;
    return is_in_one(a, &r, 1);
}
