#include "config.h"

#include "common/backend.h"
#include "common/text.h"

#include <errno.h>
#include <net/if.h>
#include <string.h>

/* Systems say that there is no such interface with one of these, or with nothing. */
static int from_interface(int error)
{
    return error == 0 || error == ENODEV || error == ENXIO || error == EINVAL ? PS_BAD_SCOPE
                                                                              : ps__from_os(error);
}

int ps__sys_interface_index(const char *name, unsigned *index)
{
    unsigned found;

    errno = 0;
    found = if_nametoindex(name);
    if (found == 0)
        return from_interface(errno);
    *index = found;
    return 0;
}

int ps__sys_interface_name(unsigned index, char *name, size_t size)
{
    char found[IF_NAMESIZE];

    errno = 0;
    if (!if_indextoname(index, found))
        return from_interface(errno);
    return ps__text_copy(name, size, found, strlen(found));
}
