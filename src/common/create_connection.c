#include "deadline.h"
#include "socket.h"
#include "text.h"

static int connect_to(ps_sock *s, const ps_addrinfo *entry, double timeout, const ps__deadline *deadline,
                      const ps_addr *source)
{
    int code = ps_socket(s, entry->family, entry->type, entry->proto);

    if (code == 0)
        code = ps_settimeout(s, timeout);
    if (code == 0 && source)
        code = ps_bind(s, source);
    if (code == 0)
        code = ps__connect(s, &entry->addr, deadline);
    if (code == 0 && ps__is_connected_to_itself(s))
        code = PS_ECONNREFUSED;
    if (code != 0)
        ps_close(s);
    return code;
}

int ps_create_connection(ps_sock *s, const char *host, int port, double timeout, const ps_addr *source)
{
    char service[24];
    ps_addrinfo *list;
    const ps_addrinfo *entry;
    ps__deadline deadline;
    int code;

    if (!s)
        return PS_EFAULT;
    ps__sock_clear(s);
    if (port < 0 || port > 65535)
        return PS_BAD_PORT;
    if (timeout == PS_DEFAULT_TIMEOUT)
        timeout = ps_getdefaulttimeout();
    if (!ps__timeout_valid(timeout))
        return PS_BAD_TIMEOUT;
    if (source && source->len == 0)
        source = NULL;
    deadline = ps__deadline_after(timeout);
    ps__number_to_text((unsigned long)port, service);
    code = ps_getaddrinfo(host, service, AF_UNSPEC, SOCK_STREAM, 0, 0, &list);
    if (code != 0)
        return code;
    code = PS_EAI_ADDRFAMILY;
    for (entry = list; entry && code != 0; entry = entry->next) {
        if (source && source->sa.sa_family != entry->family)
            continue;
        if (timeout > 0 && entry != list && ps__deadline_left(&deadline) == 0) {
            code = PS_TIMED_OUT;
            break;
        }
        code = connect_to(s, entry, timeout, &deadline, source);
    }
    ps_freeaddrinfo(list);
    return code;
}
