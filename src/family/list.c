#include "config.h"

#include "family/family.h"

/* A new family is its own file and a row here. */
static const ps__family *const families[] = {
    &ps__family_inet,    &ps__family_inet6, &ps__family_unix,
    &ps__family_netlink, &ps__family_tipc,  &ps__family_packet,
    &ps__family_vsock,   &ps__family_can,   NULL,
};

const ps__family *const *ps__families(void)
{
    return families;
}
