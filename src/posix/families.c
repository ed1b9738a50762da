#include "family.h"

#include "backend.h"

const ps__family *const *ps__sys_families(void)
{
    static const ps__family *const families[] = {
        &ps__family_inet,
        &ps__family_inet6,
        &ps__family_unix,
#ifdef PS__HAVE_NETLINK
        &ps__family_netlink,
#endif
#ifdef PS__HAVE_TIPC
        &ps__family_tipc,
#endif
#ifdef PS__HAVE_PACKET
        &ps__family_packet,
#endif
#ifdef PS__HAVE_VSOCK
        &ps__family_vsock,
#endif
#ifdef PS__HAVE_CAN
        &ps__family_can,
#endif
        NULL,
    };

    return families;
}
