#include "literal.h"

#include "family.h"
#include "inet.h"
#include "portsock/error.h"
#include "text.h"

#include <string.h>

#define DECIMAL_DIGITS "0123456789"
#define HEXADECIMAL_DIGITS DECIMAL_DIGITS "abcdefABCDEF"

/* Whether a host is numbers with dots between them, one of which begins as C's octal or hexadecimal numbers do. Some read
 * "010.0.0.1" as 8.0.0.1 and some as 10.0.0.1: who checks it and who connects to it need not mean the same host. */
static bool is_in_another_base(const char *host)
{
    bool found = false;

    for (;;) {
        if (host[0] == '0' && (host[1] == 'x' || host[1] == 'X')) {
            host += 2 + strspn(host + 2, HEXADECIMAL_DIGITS);
            found = true;
        } else {
            size_t length = strspn(host, DECIMAL_DIGITS);

            found = found || (length > 1 && host[0] == '0');
            host += length;
        }
        if (*host == '\0')
            return found;
        if (*host++ != '.')
            return false;
    }
}

int ps__literal_read(const char *host, ps_addr *a)
{
    unsigned char packed[16];
    unsigned scope;
    int code;

    if (is_in_another_base(host))
        return PS_BAD_ADDRESS;
    if (ps__text_to_inet_any(host, packed)) {
        ps__addr_clear(a, AF_INET, sizeof a->in);
        memcpy(&a->in.sin_addr, packed, 4);
        return PS__LITERAL_FOUND;
    }
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

    if (a == NULL)
        return PS_EFAULT;
    if (port < 0 || port > PS__PORT_MAX)
        code = PS_BAD_PORT;
    else if (host != NULL)
        code = ps__literal_read(host, a);
    if (code == PS__LITERAL_FOUND)
        return ps_addr_set_port(a, port);
    ps__addr_clear(a, AF_UNSPEC, 0);
    return code == PS__LITERAL_NONE ? PS_BAD_ADDRESS : code;
}
