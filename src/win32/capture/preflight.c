#include "config.h"

#include "capture/backend.h"

#define CONTROL_PANEL                                                  \
    L"SYSTEM\\CurrentControlSet\\Services\\SharedAccess\\Parameters\\" \
    L"FirewallPolicy\\"
#define GROUP_POLICY L"SOFTWARE\\Policies\\Microsoft\\WindowsFirewall\\"

/* A profile of the firewall: where the control panel writes it, and where a policy does. That for
 * private networks has two names in policies, and [MS-GPFAS] 2.2.3 has them both. */
static const struct {
    const wchar_t *panel;
    const wchar_t *policy;
    const wchar_t *other_policy; /* NULL: none */
} profiles[] = {
    {CONTROL_PANEL L"DomainProfile", GROUP_POLICY L"DomainProfile", NULL},
    {CONTROL_PANEL L"StandardProfile", GROUP_POLICY L"PrivateProfile",
     GROUP_POLICY L"StandardProfile"},
    {CONTROL_PANEL L"PublicProfile", GROUP_POLICY L"PublicProfile", NULL},
};

/* False when nothing is set there. */
static bool read_firewall(const wchar_t *key, bool *on)
{
    DWORD value = 0, size = sizeof value;

    if (!key || RegGetValueW(HKEY_LOCAL_MACHINE, key, L"EnableFirewall", RRF_RT_REG_DWORD, NULL,
                             &value, &size) != ERROR_SUCCESS)
        return false;
    *on = value != 0;
    return true;
}

/* Whether the firewall is on in any of its profiles. What a policy says overrides what the control
 * panel wrote, whether it is on or off. */
static bool firewall_is_on(void)
{
    size_t i;

    for (i = 0; i < sizeof profiles / sizeof profiles[0]; i++) {
        bool on = false;

        if (!read_firewall(profiles[i].policy, &on) &&
            !read_firewall(profiles[i].other_policy, &on))
            (void)read_firewall(profiles[i].panel, &on);
        if (on)
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
