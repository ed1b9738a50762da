/* Python 2.7's functions for the names of hosts: gethostbyname, gethostbyname_ex, gethostbyaddr,
 * getfqdn. */
#include "config.h"

#include "common/address/literal.h"
#include "common/resolve/host.h"
#include "common/resolve/hostent.h"
#include "common/resolve/localhost.h"
#include "common/text.h"
#include "family/inet.h"

#include <stdlib.h>
#include <string.h>

/* ---- by name --------------------------------------------------------------------------------- */

/* The triple of a name that has one address: (name, [], [address]). */
static int make_single(const char *name, const void *packed, ps_hostent **h)
{
    char *addresses[] = {(char *)(uintptr_t)packed, NULL};
    struct hostent entry = {.h_name = (char *)(uintptr_t)name,
                            .h_addrtype = AF_INET,
                            .h_length = 4,
                            .h_addr_list = addresses};

    return ps__make_hostent(&entry, h);
}

/* A literal's name is its text. */
static int make_of_literal(const ps_addr *a, ps_hostent **h)
{
    char name[INET_ADDRSTRLEN];

    ps__inet_to_text((const unsigned char *)&a->in.sin_addr, name);
    return make_single(name, &a->in.sin_addr, h);
}

static int make_of_localhost(const char *name, ps_hostent **h)
{
    static const unsigned char loopback[4] = {127, 0, 0, 1};

    return make_single(name, loopback, h);
}

static bool is_broadcast(const char *host)
{
    return strcmp(host, "<broadcast>") == 0;
}

static int keep_canonname(void *context, const ps_addr *a, const char *canonname)
{
    char *name = context;

    (void)a;
    if (*name == '\0' && canonname)
        return ps__text_copy(name, PS_HOST_MAX, canonname, strlen(canonname));
    return 0;
}

/* What the system says of localhost, or else loopback. */
static int find_localhost(const char *name, ps__limit *limit, ps_hostent **h)
{
    ps__limit brief;
    int code;

    if (!ps__limit_never(limit)) {
        brief = ps__localhost_limit(limit);
        limit = &brief;
    }
    code = ps__host_entry_by_name(name, limit, h);
    return ps_error_kind(code) == PS_KIND_HOST || code == PS_TIMED_OUT ? make_of_localhost(name, h)
                                                                       : code;
}

/* The older host functions know no IDNA: a name beyond ASCII is looked up under its canonical
 * name. */
static int find_by_name(const char *name, ps__limit *limit, ps_hostent **h)
{
    char canonname[PS_HOST_MAX] = "";
    int code;

    if (!ps__text_is_ascii(name)) {
        code = ps__host_addresses(name, AF_INET, AI_CANONNAME, limit, keep_canonname, canonname);
        if (code != 0)
            return code;
        if (*canonname != '\0')
            name = canonname;
    }
    if (ps__is_below_localhost(name))
        return make_of_localhost(name, h);
    return ps__is_localhost(name) ? find_localhost(name, limit, h)
                                  : ps__host_entry_by_name(name, limit, h);
}

static int by_name(const char *name, ps__limit *limit, char text[16])
{
    ps_addr a;
    int code = ps__addr_inet_until(&a, name, 0, limit);

    return code == 0 ? ps_addr_get_host(&a, text, 16) : code;
}

int ps_gethostbyname(const char *name, char text[16])
{
    if (!text)
        return PS_EFAULT;
    *text = '\0';
    return by_name(name, NULL, text);
}

int ps_gethostbyname_within(const char *name, double timeout, ps_cancel *token, char text[16])
{
    ps__limit limit;
    int code;

    if (!text)
        return PS_EFAULT;
    *text = '\0';
    code = ps__limit_begin(&limit, timeout, token);
    return code != 0 ? code : by_name(name, &limit, text);
}

typedef int find_entry(const char *host, ps__limit *limit, ps_hostent **h);

static int get_entry(find_entry *find, const char *host, ps_hostent **h)
{
    if (!h)
        return PS_EFAULT;
    *h = NULL;
    return find(host, NULL, h);
}

static int get_entry_within(find_entry *find, const char *host, double timeout, ps_cancel *token,
                            ps_hostent **h)
{
    ps__limit limit;
    int code;

    if (!h)
        return PS_EFAULT;
    *h = NULL;
    code = ps__limit_begin(&limit, timeout, token);
    return code != 0 ? code : find(host, &limit, h);
}

static int by_name_ex(const char *name, ps__limit *limit, ps_hostent **h)
{
    ps_addr a, literal;
    int code = ps__addr_inet_until(&a, name, 0, limit);

    if (code != 0)
        return code;
    /* These two have an address, but are no host's name. */
    if (*name == '\0' || is_broadcast(name))
        return PS_HOST_NOT_FOUND;
    return ps__literal_read(name, &literal) != PS__LITERAL_NONE ? make_of_literal(&a, h)
                                                                : find_by_name(name, limit, h);
}

int ps_gethostbyname_ex(const char *name, ps_hostent **h)
{
    return get_entry(by_name_ex, name, h);
}

int ps_gethostbyname_ex_within(const char *name, double timeout, ps_cancel *token, ps_hostent **h)
{
    return get_entry_within(by_name_ex, name, timeout, token, h);
}

void ps_freehostent(ps_hostent *h)
{
    free(h);
}

/* ---- by address ------------------------------------------------------------------------------ */

/* The one address of a host of either family. "" is two addresses, so it is none. */
static int find_address(const char *host, ps__limit *limit, ps_addr *a)
{
    if (!host || *host == '\0')
        return PS_BAD_ADDRESS;
    return is_broadcast(host) ? ps_addr_inet(a, host, 0)
                              : ps__host_first_address(host, AF_UNSPEC, limit, a);
}

static int by_address(const char *host, ps__limit *limit, ps_hostent **h)
{
    ps_addr a;
    int code = find_address(host, limit, &a);

    return code == 0 ? ps__host_entry_by_address(&a, limit, h) : code;
}

int ps_gethostbyaddr(const char *host, ps_hostent **h)
{
    return get_entry(by_address, host, h);
}

int ps_gethostbyaddr_within(const char *host, double timeout, ps_cancel *token, ps_hostent **h)
{
    return get_entry_within(by_address, host, timeout, token, h);
}

/* ---- the qualified name ---------------------------------------------------------------------- */

/* The first name with a dot, or the host's name. */
static const char *qualified_name(const ps_hostent *h)
{
    if (strchr(h->name, '.'))
        return h->name;
    for (char **alias = h->aliases; *alias; alias++) {
        if (strchr(*alias, '.'))
            return *alias;
    }
    return h->name;
}

/* A host without the white space around it; *length is what is left. */
static const char *strip(const char *name, size_t *length)
{
    static const char white[] = " \t\n\v\f\r";

    name += strspn(name, white);
    *length = strlen(name);
    while (*length > 0 && strchr(white, name[*length - 1]))
        (*length)--;
    return name;
}

/* Whether a lookup was ended, or could not be made for want of memory or a handle, and so has
 * not failed: the name may be known. */
static bool is_unanswered(int code)
{
    return code == PS_TIMED_OUT || code == PS_ECANCELED || code == PS_EINTR || code == PS_EMFILE ||
           code == PS_ENFILE || code == PS_ENOMEM;
}

static int qualify(const char *name, ps__limit *limit, char *buf, size_t n)
{
    char host[PS_HOST_MAX];
    ps_hostent *h;
    size_t length;
    int code;

    name = strip(name ? name : "", &length);
    /* What is too long for a host cannot be looked up either. */
    if (ps__text_copy(host, sizeof host, name, length) != 0)
        return ps__text_copy(buf, n, name, length);
    if (*host == '\0' || strcmp(host, "0.0.0.0") == 0) {
        code = ps_gethostname(host, sizeof host);
        if (code != 0)
            return code;
    }
    code = by_address(host, limit, &h);
    if (is_unanswered(code))
        return code;
    if (code != 0)
        return ps__text_copy(buf, n, host, strlen(host));
    name = qualified_name(h);
    code = ps__text_copy(buf, n, name, strlen(name));
    ps_freehostent(h);
    return code;
}

int ps_getfqdn(const char *name, char *buf, size_t n)
{
    if (!buf)
        return PS_EFAULT;
    if (n > 0)
        *buf = '\0';
    return qualify(name, NULL, buf, n);
}

int ps_getfqdn_within(const char *name, double timeout, ps_cancel *token, char *buf, size_t n)
{
    ps__limit limit;
    int code;

    if (!buf)
        return PS_EFAULT;
    if (n > 0)
        *buf = '\0';
    code = ps__limit_begin(&limit, timeout, token);
    return code != 0 ? code : qualify(name, &limit, buf, n);
}
