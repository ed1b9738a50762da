#include "config.h"

#include "common/resolve/background.h"
#include "common/resolve/lookup.h"
#include "common/text.h"

#include <stdlib.h>
#include <string.h>

/* Every flag that this system has. Others are refused here, since some systems ignore them. */
static const int known_flags = NI_NUMERICHOST | NI_NUMERICSERV | NI_NAMEREQD | NI_DGRAM
#ifdef NI_IDN
                               | NI_IDN
#endif
                               | NI_NOFQDN;

/* The name of an address, looked up in the background. */
typedef struct naming {
    ps__task task;
    ps_addr address;
    int flags;
    char name[PS_HOST_MAX];
} naming;

static int find_name_in_background(ps__task *task)
{
    naming *n = (naming *)task;

    return ps__sys_host_name(&n->address, n->flags, n->name, sizeof n->name);
}

static void discard_naming(ps__task *task)
{
    free(task);
}

static int name_in_background(const ps_addr *a, int flags, ps__limit *limit, char text[PS_HOST_MAX])
{
    naming *n = calloc(1, sizeof *n);
    int code;

    if (!n)
        return PS_ENOMEM;
    n->task.work = find_name_in_background;
    n->task.discard = discard_naming;
    n->address = *a;
    n->flags = flags;
    code = ps__task_start(&n->task);
    if (code != 0)
        return code;
    code = ps__task_wait(&n->task, limit);
    if (code == 0)
        memcpy(text, n->name, sizeof n->name);
    ps__task_leave(&n->task, false);
    return code;
}

static int find_name(const ps_addr *a, int flags, ps__limit *limit, char text[PS_HOST_MAX])
{
    int code = ps__limit_over(limit);

    if (code != 0)
        return code;
    return ps__limit_never(limit) ? ps__sys_host_name(a, flags, text, PS_HOST_MAX)
                                  : name_in_background(a, flags, limit, text);
}

/* Writes the host's name, or its numeric text when it has none. */
static int find_host(const ps_addr *a, int flags, ps__limit *limit, char text[PS_HOST_MAX])
{
    int code = PS_EAI_NONAME;

    if (!(flags & NI_NUMERICHOST))
        code = find_name(a, flags & ~(NI_NUMERICSERV | NI_NAMEREQD | NI_DGRAM), limit, text);
    /* A resolver that cannot answer leaves the host without a name, as one that does not know
     * it. */
    if (code != 0 && ps_error_kind(code) == PS_KIND_GAI && code != PS_EAI_MEMORY &&
        !(flags & NI_NAMEREQD))
        code = ps_addr_get_host(a, text, PS_HOST_MAX);
    return code;
}

/* Writes the service's name, or the port's digits when it has none. */
static void find_service(const ps_addr *a, int flags, char *text, size_t size)
{
    int port = ps_addr_port(a);

    if ((flags & NI_NUMERICSERV) ||
        ps_getservbyport(port, (flags & NI_DGRAM) ? "udp" : "tcp", text, size) != 0)
        ps__number_to_text((unsigned long)port, text);
}

static int copy_out(char *to, size_t size, const char *text)
{
    return ps__text_copy(to, size, text, strlen(text)) == 0 ? 0 : PS_EAI_OVERFLOW;
}

static int find_names(const ps_addr *a, int flags, ps__limit *limit, char *host, size_t hostlen,
                      char *service, size_t servicelen)
{
    char text[PS_HOST_MAX];
    int code = 0;

    if (!a)
        return PS_EFAULT;
    if (!host && !service)
        return PS_EAI_NONAME;
    if (flags & ~known_flags)
        return PS_EAI_BADFLAGS;
    if (ps_addr_port(a) < 0)
        return PS_EAI_FAMILY;
    if (host) {
        code = find_host(a, flags, limit, text);
        if (code == 0)
            code = copy_out(host, hostlen, text);
    }
    if (code == 0 && service) {
        find_service(a, flags, text, sizeof text);
        code = copy_out(service, servicelen, text);
    }
    return code;
}

/* On failure there are no texts. */
static int end_texts(int code, char *host, size_t hostlen, char *service, size_t servicelen)
{
    if (code != 0 && host && hostlen > 0)
        *host = '\0';
    if (code != 0 && service && servicelen > 0)
        *service = '\0';
    return code;
}

int ps_getnameinfo(const ps_addr *a, int flags, char *host, size_t hostlen, char *service,
                   size_t servicelen)
{
    int code = find_names(a, flags, NULL, host, hostlen, service, servicelen);

    return end_texts(code, host, hostlen, service, servicelen);
}

int ps_getnameinfo_within(const ps_addr *a, int flags, double timeout, ps_cancel *token, char *host,
                          size_t hostlen, char *service, size_t servicelen)
{
    ps__limit limit;
    int code = ps__limit_begin(&limit, timeout, token);

    if (code == 0)
        code = find_names(a, flags, &limit, host, hostlen, service, servicelen);
    return end_texts(code, host, hostlen, service, servicelen);
}
