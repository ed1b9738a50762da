#include "config.h"

#include "capture/backend.h"

/* Whether the firewall is on in any of its profiles: what its control panel writes. */
static bool firewall_is_on(void)
{
    static const wchar_t *const profiles[] = {
        L"SYSTEM\\CurrentControlSet\\Services\\SharedAccess\\Parameters\\FirewallPolicy\\DomainProf"
        L"ile",
        L"SYSTEM\\CurrentControlSet\\Services\\SharedAccess\\Parameters\\FirewallPolicy\\StandardPr"
        L"ofile",
        L"SYSTEM\\CurrentControlSet\\Services\\SharedAccess\\Parameters\\FirewallPolicy\\PublicProf"
        L"ile",
    };
    size_t i;

    for (i = 0; i < sizeof profiles / sizeof profiles[0]; i++) {
        DWORD on = 0, size = sizeof on;

        if (RegGetValueW(HKEY_LOCAL_MACHINE, profiles[i], L"EnableFirewall", RRF_RT_REG_DWORD, NULL,
                         &on, &size) == ERROR_SUCCESS &&
            on != 0)
            return true;
    }
    return false;
}

static unsigned obstacles_of_system(void)
{
    ps_sock s;
    int code = ps_socket(&s, AF_INET, SOCK_RAW, IPPROTO_IP);

    if (code == 0)
        ps_close(&s);
    if (code == PS_EACCES || code == PS_EPERM)
        return PS__NEEDS_ADMINISTRATOR;
    return code == PS_EPROTONOSUPPORT || code == PS_ESOCKTNOSUPPORT ? PS__NO_CAPTURES : 0;
}

static unsigned obstacles_of_interface(const ps_interface *i, bool promiscuous)
{
    unsigned found = PS__NEEDS_ADDRESS;
    size_t n;

    for (n = 0; n < i->address_count; n++) {
        if (ps_addr_family(&i->addresses[n]) == AF_INET)
            found = 0;
    }
    if (i->loopback)
        found |= PS__LOOPBACK_IS_PARTIAL;
    if (i->wireless && promiscuous)
        found |= PS__WIRELESS_MAY_REFUSE;
    return found;
}

unsigned ps__sys_capture_preflight(const ps_interface *i, bool any, bool promiscuous)
{
    unsigned found = obstacles_of_system();

    if (any)
        found |= PS__NO_CAPTURE_OF_ALL;
    if (i)
        found |= obstacles_of_interface(i, promiscuous);
    if (firewall_is_on())
        found |= PS__FIREWALL_IS_ON;
    return found;
}
