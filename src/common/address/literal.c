#include "config.h"

#include "common/address/literal.h"

#include "common/compiler.h"

#include "common/text.h"
#include "family/family.h"
#include "family/inet.h"
#include "portsock/error.h"

#include <string.h>

#define DECIMAL_DIGITS "0123456789"
#define HEXADECIMAL_DIGITS DECIMAL_DIGITS "abcdefABCDEF"

/* Whether a host is nothing but numbers with dots between them: no name of a host is (RFC 1123,
 * 2.1), and resolvers differ in whether they look it up all the same. *decimal: none begins as
 * C's octal or hexadecimal numbers do. Some read "010.0.0.1" as 8.0.0.1 and some as 10.0.0.1:
 * who checks it and who connects to it need not mean the same host. */
static bool is_numbers(const char *host, bool *decimal)
{
    *decimal = true;
    if (strspn(host, DECIMAL_DIGITS) == 0)
        return false;
    for (;;) {
        if (host[0] == '0' && (host[1] == 'x' || host[1] == 'X')) {
            host += 2 + strspn(host + 2, HEXADECIMAL_DIGITS);
            *decimal = false;
        } else {
            size_t length = strspn(host, DECIMAL_DIGITS);

            *decimal = *decimal && (length <= 1 || host[0] != '0');
            host += length;
        }
        if (*host == '\0')
            return true;
        if (*host++ != '.')
            return false;
    }
}

static int read_numbers(const char *host, bool decimal, ps_addr *a)
{
    unsigned char packed[4];

    if (!decimal || !ps__text_to_inet_any(host, packed))
        return PS_BAD_ADDRESS;
    ps__addr_clear(a, AF_INET, sizeof a->in);
    memcpy(&a->in.sin_addr, packed, 4);
    return PS__LITERAL_FOUND;
}

static NOINLINE bool read_inet6(const char *host, ps_addr *a)
{
    unsigned char packed[16];

    if (!ps__text_to_inet6(host, packed))
        return false;
    ps__addr_clear(a, AF_INET6, sizeof a->in6);
    memcpy(&a->in6.sin6_addr, packed, 16);
    return true;
}

bool ps__literal_read_usual(const char *host, ps_addr *a)
{
    unsigned char packed[4];

    if (!ps__text_to_inet(host, packed))
        return read_inet6(host, a);
    ps__addr_clear(a, AF_INET, sizeof a->in);
    memcpy(&a->in.sin_addr, packed, 4);
    return true;
}

int ps__literal_read(const char *host, ps_addr *a)
{
    unsigned char packed[16];
    unsigned scope;
    bool decimal;
    int code;

    if (ps__literal_read_usual(host, a))
        return PS__LITERAL_FOUND;

    if (is_numbers(host, &decimal))
        return read_numbers(host, decimal, a);
    code = ps__text_to_inet6_scoped(host, packed, &scope);
    if (code != 0)
        return code == PS_BAD_ADDRESS ? PS__LITERAL_NONE : code;
    ps__addr_clear(a, AF_INET6, sizeof a->in6);
    memcpy(&a->in6.sin6_addr, packed, 16);
    a->in6.sin6_scope_id = scope;
    return PS__LITERAL_FOUND;
}

int ps_addr_literal(ps_addr *a, const char *host, int port)
{
    int code = PS_BAD_ADDRESS;

    if (!a)
        return PS_EFAULT;
    if (port < 0 || port > PS__PORT_MAX)
        code = PS_BAD_PORT;
    else if (host)
        code = ps__literal_read(host, a);
    if (code == PS__LITERAL_FOUND)
        return ps_addr_set_port(a, port);
    ps__addr_clear(a, AF_UNSPEC, 0);
    return code == PS__LITERAL_NONE ? PS_BAD_ADDRESS : code;
}
