#include "config.h"

#if PS__HAVE_PACKET

#include "capture/backend.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Whether the process could get CAP_NET_RAW at all: the line "CapBnd:" of its status, a mask in
 * hexadecimal. */
static bool is_in_bounding_set(void)
{
    enum { CAPABILITY = 13 };
    static const char key[] = "CapBnd:";
    char line[256];
    bool found = true;
    FILE *status = fopen("/proc/self/status", "re");

    if (!status)
        return true;
    while (fgets(line, sizeof line, status)) {
        if (strncmp(line, key, strlen(key)) == 0)
            found = (strtoull(line + strlen(key), NULL, 16) >> CAPABILITY & 1) != 0;
    }
    fclose(status);
    return found;
}

unsigned ps__sys_capture_preflight(const ps_interface *i, bool any, bool promiscuous)
{
    ps_sock s;
    int code = ps_socket(&s, AF_PACKET, SOCK_RAW, 0);

    (void)i;
    (void)any;
    (void)promiscuous;
    if (code == 0) {
        ps_close(&s);
        return 0;
    }
    if (code == PS_EPERM || code == PS_EACCES)
        return is_in_bounding_set() ? PS__NEEDS_RAW_CAPABILITY : PS__CONTAINER_WITHOUT_RAW;
    return code == PS_EAFNOSUPPORT ? PS__NO_CAPTURES : 0;
}

#endif
