/*
 * A group policy has switched the firewall on, and the control panel's setting, which it overrides,
 * is off.
 *
 * Sources: [MS-GPFAS] 2.2.3, the keys of policies; Microsoft, INetFwPolicy2::get_FirewallEnabled:
 * "the effective result may differ due to group policy settings".
 */
#include "../layer.h"

#include <string.h>
#include <wchar.h>

static functions next;

static LSTATUS WINAPI rule_RegGetValueW(HKEY key, const WCHAR *path, const WCHAR *name, DWORD flags,
                                        DWORD *type, void *value, DWORD *size)
{
    bool policy = path != NULL && wcsstr(path, L"\\WindowsFirewall\\") != NULL;
    bool panel = path != NULL && wcsstr(path, L"\\FirewallPolicy\\") != NULL;
    DWORD on = policy;

    if (name == NULL || wcscmp(name, L"EnableFirewall") != 0 || (!policy && !panel))
        return next.RegGetValueW(key, path, name, flags, type, value, size);
    if (*size < sizeof on)
        return ERROR_MORE_DATA;
    memcpy(value, &on, sizeof on);
    *size = sizeof on;
    return ERROR_SUCCESS;
}

const rule firewall_policy_rule = {
    .condition = FIREWALL_POLICY,
    .next = &next,
    .stands_before = {.RegGetValueW = rule_RegGetValueW},
};
