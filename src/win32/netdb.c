#include "config.h"

#include "common/backend.h"
#include "common/text.h"
#include "win32/startup.h"
#include "win32/utf16.h"

#include <stdlib.h>
#include <string.h>

/* ---- host entries: in the thread's own memory, in the ANSI code page ------------------------- */

static bool is_ascii(const struct hostent *entry)
{
    char **alias;

    for (alias = entry->h_aliases; *alias; alias++) {
        if (!ps__text_is_ascii(*alias))
            return false;
    }
    return ps__text_is_ascii(entry->h_name);
}

/* What one byte of the code page may need in UTF-8. */
enum { GROWTH = 3 };

/* The text in UTF-8 at *memory, which moves behind it. */
static char *convert(const char *text, char **memory)
{
    size_t length = strlen(text) + 1;
    wchar_t wide[PS_HOST_MAX];
    char *converted = *memory;

    *memory += length * GROWTH;
    if (MultiByteToWideChar(CP_ACP, 0, text, -1, wide, PS_HOST_MAX) == 0 ||
        !ps__utf8_from_utf16(converted, length * GROWTH, wide))
        *converted = '\0';
    return converted;
}

/* A copy with its names in UTF-8, one block; the addresses stay where they are. */
static struct hostent *copy_as_utf8(const struct hostent *entry)
{
    size_t text = strlen(entry->h_name) + 1;
    size_t count = 0;
    struct hostent *copy;
    char *memory;
    size_t i;

    for (; entry->h_aliases[count]; count++)
        text += strlen(entry->h_aliases[count]) + 1;
    copy = malloc(sizeof *copy + (count + 1) * sizeof *copy->h_aliases + text * GROWTH);
    if (!copy)
        return NULL;
    *copy = *entry;
    copy->h_aliases = (char **)(copy + 1);
    memory = (char *)(copy->h_aliases + count + 1);
    copy->h_name = convert(entry->h_name, &memory);
    for (i = 0; i < count; i++)
        copy->h_aliases[i] = convert(entry->h_aliases[i], &memory);
    copy->h_aliases[count] = NULL;
    return copy;
}

static int report_entry(const struct hostent *entry, ps__host_entry *e)
{
    struct hostent *copy = NULL;

    if (!is_ascii(entry)) {
        copy = copy_as_utf8(entry);
        if (!copy)
            return PS_ENOMEM;
    }
    e->entry = copy ? copy : entry;
    e->memory = copy;
    return 0;
}

/* Winsock has no h_errno: the number alone shows whether it is one of its four. */
static int host_error(void)
{
    int native = WSAGetLastError();

    return native >= WSAHOST_NOT_FOUND && native <= WSANO_DATA ? ps__from_host(native)
                                                               : ps__from_os(native);
}

int ps__sys_host_by_name(const char *name, int family, ps__host_entry *e)
{
    const struct hostent *entry;
    int code = ps__winsock_start();

    if (code != 0)
        return code;
    if (family != AF_INET) /* gethostbyname knows no other */
        return PS_EAFNOSUPPORT;
    entry = gethostbyname(name);
    return entry ? report_entry(entry, e) : host_error();
}

int ps__sys_host_by_address(const ps_addr *a, ps__host_entry *e)
{
    bool is_inet6 = a->sa.sa_family == AF_INET6;
    const void *packed = is_inet6 ? (const void *)&a->in6.sin6_addr : (const void *)&a->in.sin_addr;
    const struct hostent *entry;
    int code = ps__winsock_start();

    if (code != 0)
        return code;
    entry = gethostbyaddr(packed, is_inet6 ? sizeof a->in6.sin6_addr : sizeof a->in.sin_addr,
                          a->sa.sa_family);
    return entry ? report_entry(entry, e) : host_error();
}

void ps__sys_host_release(ps__host_entry *e)
{
    free(e->memory);
    e->entry = NULL;
    e->memory = NULL;
}

/* ---- services and protocols ------------------------------------------------------------------ */

int ps__sys_service_port(const char *name, const char *proto, int *port)
{
    const struct servent *entry;
    int code = ps__winsock_start();

    if (code != 0)
        return code;
    entry = getservbyname(name, proto);
    if (!entry)
        return PS_NO_SERVICE;
    *port = ntohs((u_short)entry->s_port);
    return 0;
}

int ps__sys_service_name(int port, const char *proto, char *name, size_t size)
{
    const struct servent *entry;
    int code = ps__winsock_start();

    if (code != 0)
        return code;
    entry = getservbyport(htons((u_short)port), proto);
    if (!entry)
        return PS_NO_SERVICE;
    return ps__text_copy(name, size, entry->s_name, strlen(entry->s_name));
}

int ps__sys_protocol(const char *name, int *proto)
{
    const struct protoent *entry;
    int code = ps__winsock_start();

    if (code != 0)
        return code;
    entry = getprotobyname(name);
    if (!entry)
        return PS_NO_PROTOCOL;
    *proto = entry->p_proto;
    return 0;
}
