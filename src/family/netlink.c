#include "config.h"

#include "common/address/hash.h"
#include "common/address/number_fields.h"
#include "common/backend.h"
#include "common/text.h"
#include "family/family.h"

#include <string.h>

/* AF_NETLINK: (pid, groups), both unsigned. Text: "netlink:PID:GROUPS". */

#if PS__HAVE_NETLINK

static const struct sockaddr_nl *native(const ps_addr *a)
{
    return (const struct sockaddr_nl *)&a->storage;
}

int ps_addr_netlink(ps_addr *a, unsigned pid, unsigned groups)
{
    struct sockaddr_nl *nl;

    if (!a)
        return PS_EFAULT;
    ps__addr_clear(a, AF_NETLINK, sizeof *nl);
    nl = (struct sockaddr_nl *)&a->storage;
    nl->nl_pid = pid;
    nl->nl_groups = groups;
    return 0;
}

int ps_addr_get_netlink(const ps_addr *a, unsigned *pid, unsigned *groups)
{
    ps__put_unsigned(pid, 0);
    ps__put_unsigned(groups, 0);
    if (!a)
        return PS_EFAULT;
    if (ps_addr_family(a) != AF_NETLINK || (size_t)a->len < sizeof(struct sockaddr_nl))
        return PS_BAD_FAMILY;
    ps__put_unsigned(pid, native(a)->nl_pid);
    ps__put_unsigned(groups, native(a)->nl_groups);
    return 0;
}

static int parse_netlink(ps_addr *a, const char *text)
{
    unsigned long fields[2];

    if (ps__fields_parse(text, fields, 2) != 2)
        return PS_BAD_ADDRESS;
    return ps_addr_netlink(a, (unsigned)fields[0], (unsigned)fields[1]);
}

static int format_netlink(const ps_addr *a, char *text, size_t size)
{
    unsigned long fields[] = {native(a)->nl_pid, native(a)->nl_groups};
    char whole[64] = "netlink";
    char *end = ps__fields_format(whole + strlen(whole), fields, 2);

    return ps__text_copy(text, size, whole, (size_t)(end - whole));
}

static bool equal_netlink(const ps_addr *a, const ps_addr *b)
{
    return native(a)->nl_pid == native(b)->nl_pid && native(a)->nl_groups == native(b)->nl_groups;
}

static uint64_t hash_netlink(const ps_addr *a, uint64_t hash)
{
    const uint32_t parts[] = {native(a)->nl_pid, native(a)->nl_groups};

    return ps__hash_bytes(hash, parts, sizeof parts);
}

const ps__family ps__family_netlink = {
    .family = AF_NETLINK,
    .prefix = "netlink:",
    .length_min = sizeof(struct sockaddr_nl),
    .length_max = sizeof(struct sockaddr_nl),
    .parse = parse_netlink,
    .format = format_netlink,
    .equal = equal_netlink,
    .hash = hash_netlink,
};

#else

int ps_addr_netlink(ps_addr *a, unsigned pid, unsigned groups)
{
    (void)pid;
    (void)groups;
    return ps__family_absent(a);
}

int ps_addr_get_netlink(const ps_addr *a, unsigned *pid, unsigned *groups)
{
    ps__put_unsigned(pid, 0);
    ps__put_unsigned(groups, 0);
    return a ? PS_BAD_FAMILY : PS_EFAULT;
}

const ps__family ps__family_netlink = {
    .family = PS__NO_FAMILY,
    .prefix = "netlink:",
    .parse = ps__family_parse_absent,
};

#endif
