/* The family inet. */
#include "config.h"

#include "family/inet.h"

#include "common/address/hash.h"
#include "common/resolve/host.h"
#include "common/text.h"
#include "family/family.h"
#include "portsock/error.h"
#include "portsock/names.h"

#include <string.h>

/* ":65535" and a NUL behind a host. */
enum { TEXT_SIZE = 16 + 6 };

static void set(ps_addr *a, const unsigned char packed[4], uint16_t port)
{
    ps__addr_clear(a, AF_INET, sizeof a->in);
    memcpy(&a->in.sin_addr, packed, 4);
    a->in.sin_port = ps_htons(port);
}

/* Makes *a the address of a host, port 0. */
static int set_host(ps_addr *a, const char *host, ps__limit *limit)
{
    unsigned char packed[4] = {0, 0, 0, 0};

    if (host[0] != '\0') {
        if (strcmp(host, "<broadcast>") != 0)
            return ps__host_first_address(host, AF_INET, limit, a);
        memset(packed, 255, sizeof packed);
    }
    set(a, packed, 0);
    return 0;
}

int ps__addr_inet_until(ps_addr *a, const char *host, int port, ps__limit *limit)
{
    int code;

    if (port < 0 || port > PS__PORT_MAX)
        code = PS_BAD_PORT;
    else
        code = host ? set_host(a, host, limit) : PS_BAD_ADDRESS;
    if (code < 0) {
        ps__addr_clear(a, AF_UNSPEC, 0);
        return code;
    }
    a->in.sin_port = ps_htons((uint16_t)port);
    return 0;
}

int ps_addr_inet(ps_addr *a, const char *host, int port)
{
    return a ? ps__addr_inet_until(a, host, port, NULL) : PS_EFAULT;
}

int ps_addr_inet_within(ps_addr *a, const char *host, int port, double timeout, ps_cancel *token)
{
    ps__limit limit;
    int code;

    if (!a)
        return PS_EFAULT;
    code = ps__limit_begin(&limit, timeout, token);
    if (code == 0)
        return ps__addr_inet_until(a, host, port, &limit);
    ps__addr_clear(a, AF_UNSPEC, 0);
    return code;
}

int ps__text_to_port(const char *text, uint16_t *port)
{
    unsigned long number;

    if (ps__text_to_number(text, PS__PORT_MAX, &number)) {
        *port = (uint16_t)number;
        return 0;
    }
    if (*text == '-')
        text++;
    return *text != '\0' && text[strspn(text, "0123456789")] == '\0' ? PS_BAD_PORT : PS_BAD_ADDRESS;
}

static int parse(ps_addr *a, const char *text)
{
    const char *colon = strchr(text, ':');
    char host[16];
    unsigned char packed[4];
    uint16_t port;
    int code;

    if (!colon || ps__text_copy(host, sizeof host, text, (size_t)(colon - text)) < 0 ||
        !ps__text_to_inet(host, packed))
        return PS_BAD_ADDRESS;
    code = ps__text_to_port(colon + 1, &port);
    if (code < 0)
        return code;
    set(a, packed, port);
    return 0;
}

static int format(const ps_addr *a, char *text, size_t size)
{
    char whole[TEXT_SIZE];
    char *end = ps__inet_to_text((const unsigned char *)&a->in.sin_addr, whole);

    *end++ = ':';
    end = ps__number_to_text(ps_ntohs(a->in.sin_port), end);
    return ps__text_copy(text, size, whole, (size_t)(end - whole));
}

static bool equal(const ps_addr *a, const ps_addr *b)
{
    return a->in.sin_port == b->in.sin_port && memcmp(&a->in.sin_addr, &b->in.sin_addr, 4) == 0;
}

static uint64_t hash(const ps_addr *a, uint64_t hash_before)
{
    hash_before = ps__hash_bytes(hash_before, &a->in.sin_port, sizeof a->in.sin_port);
    return ps__hash_bytes(hash_before, &a->in.sin_addr, 4);
}

const ps__family ps__family_inet = {
    .family = AF_INET,
    .prefix = NULL,
    .length_min = sizeof(struct sockaddr_in),
    .length_max = sizeof(struct sockaddr_in),
    .parse = parse,
    .format = format,
    .equal = equal,
    .hash = hash,
};
