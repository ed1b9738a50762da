#include "config.h"

#include "common/resolve/in_thread.h"
#include "common/text.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#if PS__HAVE_USELOCALE
#include <locale.h>
#endif

/* ---- getaddrinfo and getnameinfo ------------------------------------------------------------- */

static int from_resolver(int status)
{
    return status == EAI_SYSTEM ? ps__from_os(errno) : ps__from_resolver(status);
}

/* Looks up in UTF-8, whatever the program's locale is: IDNA reads names in the encoding of the
 * thread's locale. */
static int look_up_as_utf8(const char *host, const struct addrinfo *hints, struct addrinfo **list)
{
#if PS__HAVE_USELOCALE
    static const char *const names[] = {"C.UTF-8", "en_US.UTF-8", "UTF-8"};
    locale_t utf8 = (locale_t)0;
    locale_t before = (locale_t)0;
    int code;

    for (size_t i = 0; utf8 == (locale_t)0 && i < sizeof names / sizeof names[0]; i++)
        utf8 = newlocale(LC_CTYPE_MASK, names[i], (locale_t)0);
    if (utf8 != (locale_t)0)
        before = uselocale(utf8);
    code = getaddrinfo(host, NULL, hints, list);
    code = code == 0 ? 0 : from_resolver(code);
    if (utf8 != (locale_t)0) {
        uselocale(before);
        freelocale(utf8);
    }
    return code;
#else
    int status = getaddrinfo(host, NULL, hints, list);

    return status == 0 ? 0 : from_resolver(status);
#endif
}

static int look_up(const char *host, const struct addrinfo *hints, struct addrinfo **list)
{
    int status;

    if (!ps__text_is_ascii(host))
        return look_up_as_utf8(host, hints, list);
    status = getaddrinfo(host, NULL, hints, list);
    return status == 0 ? 0 : from_resolver(status);
}

static int report_list(const struct addrinfo *list, ps__address_sink sink, void *context)
{
    int code = 0;

    for (const struct addrinfo *one = list; code == 0 && one; one = one->ai_next) {
        ps_addr a = {.len = one->ai_addrlen};

        if ((one->ai_family != AF_INET && one->ai_family != AF_INET6) ||
            one->ai_addrlen > sizeof a.storage)
            continue;
        memcpy(&a.storage, one->ai_addr, one->ai_addrlen);
        code = sink(context, &a, one->ai_canonname);
    }
    return code;
}

int ps__sys_resolve(const char *host, int family, int flags, ps__address_sink sink, void *context)
{
    /* With one type each address comes once. */
    struct addrinfo hints = {.ai_family = family, .ai_flags = flags, .ai_socktype = SOCK_STREAM};
    struct addrinfo *list;
    int code;

#ifdef AI_IDN
    if (!ps__text_is_ascii(host))
        hints.ai_flags |= AI_IDN;
#endif
    code = look_up(host, &hints, &list);
    if (code != 0)
        return code;
    code = report_list(list, sink, context);
    freeaddrinfo(list);
    return code;
}

/* ---- the same in a thread of its own, and names ---------------------------------------------- */

int ps__sys_resolve_start(const char *host, int family, int flags, ps__address_sink sink,
                          ps__resolve_end end, void *context, void **resolving)
{
    const ps__resolve_request request = {host, family, flags, sink, end, context};

    *resolving = NULL;
    return ps__resolve_in_thread(&request);
}

/* Nothing ends getaddrinfo. */
void ps__sys_resolve_leave(void *resolving)
{
    (void)resolving;
}

int ps__sys_host_name(const ps_addr *a, int flags, char *host, size_t size)
{
    int status = getnameinfo(&a->sa, a->len, host, (socklen_t)size, NULL, 0, flags | NI_NAMEREQD);

    return status == 0 ? 0 : from_resolver(status);
}

int ps__sys_host_self(char *name, size_t size)
{
    char own[PS_HOST_MAX + 1];

    /* A name that is cut has no NUL everywhere. */
    own[sizeof own - 1] = '\0';
    if (gethostname(own, sizeof own - 1) != 0)
        return errno == ENAMETOOLONG ? PS_BAD_LENGTH : ps__from_os(errno);
    return ps__text_copy(name, size, own, strlen(own));
}
