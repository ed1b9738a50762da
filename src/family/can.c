#include "config.h"

#include "common/address/hash.h"
#include "common/address/number_fields.h"
#include "common/backend.h"
#include "common/interface/text.h"
#include "common/text.h"
#include "family/family.h"
#include "family/interface_name.h"

#include <limits.h>
#include <string.h>

/*
 * AF_CAN, the controller area network: (interface, rx_id, tx_id); the two are CAN_ISOTP's, and 0
 * for CAN_RAW and CAN_BCM.
 *
 * Text: "can:INTERFACE:RX:TX"; an interface that has no name is "#NUMBER", and every interface
 * is "".
 */

#if PS__HAVE_CAN

static const struct sockaddr_can *native(const ps_addr *a)
{
    return (const struct sockaddr_can *)&a->storage;
}

/* The system takes and returns no more than it has a use for: CAN_RAW's has no identifiers. */
enum {
    LENGTH_MIN = offsetof(struct sockaddr_can, can_addr),
    LENGTH_TP = LENGTH_MIN + 2 * sizeof(canid_t)
};

static void make(ps_addr *a, unsigned index, unsigned rx_id, unsigned tx_id)
{
    struct sockaddr_can *can;

    ps__addr_clear(a, AF_CAN, sizeof *can);
    can = (struct sockaddr_can *)&a->storage;
    can->can_ifindex = (int)index;
    can->can_addr.tp.rx_id = rx_id;
    can->can_addr.tp.tx_id = tx_id;
}

int ps_addr_can(ps_addr *a, const char *ifname, unsigned rx_id, unsigned tx_id)
{
    unsigned index;
    int code;

    if (!a)
        return PS_EFAULT;
    a->len = 0;
    code = ps__interface_of_name(ifname, &index);
    if (code != 0)
        return code;
    make(a, index, rx_id, tx_id);
    return 0;
}

/* Both identifiers, 0 where the address is too short to have them. */
static void get_ids(const ps_addr *a, unsigned long ids[2])
{
    bool has_ids = (size_t)a->len >= LENGTH_TP;

    ids[0] = has_ids ? native(a)->can_addr.tp.rx_id : 0;
    ids[1] = has_ids ? native(a)->can_addr.tp.tx_id : 0;
}

static unsigned get_index(const ps_addr *a)
{
    return native(a)->can_ifindex > 0 ? (unsigned)native(a)->can_ifindex : 0;
}

int ps_addr_get_can(const ps_addr *a, char *ifname, size_t n, unsigned *rx_id, unsigned *tx_id)
{
    unsigned long ids[2];

    ps__put_no_name(ifname, n);
    ps__put_unsigned(rx_id, 0);
    ps__put_unsigned(tx_id, 0);
    if (!a)
        return PS_EFAULT;
    if (ps_addr_family(a) != AF_CAN || (size_t)a->len < LENGTH_MIN)
        return PS_BAD_FAMILY;
    if (ifname) {
        int code = ps__name_of_interface(get_index(a), ifname, n);
        if (code != 0)
            return code;
    }
    get_ids(a, ids);
    ps__put_unsigned(rx_id, ids[0]);
    ps__put_unsigned(tx_id, ids[1]);
    return 0;
}

static int parse_can(ps_addr *a, const char *text)
{
    size_t length = strcspn(text, ":");
    char ifname[PS__INTERFACE_TEXT_MAX];
    unsigned long ids[2];
    unsigned index;
    int code;

    if (text[length] == '\0' || ps__text_copy(ifname, sizeof ifname, text, length) != 0)
        return PS_BAD_ADDRESS;
    if (ps__fields_parse(text + length + 1, ids, 2) != 2)
        return PS_BAD_ADDRESS;
    code = ps__interface_parse(ifname, &index);
    if (code == 0)
        make(a, index, (unsigned)ids[0], (unsigned)ids[1]);
    return code;
}

static int format_can(const ps_addr *a, char *text, size_t size)
{
    char whole[PS__INTERFACE_TEXT_MAX + 64] = "can:";
    char *end = ps__interface_format(get_index(a), whole + strlen(whole));
    unsigned long ids[2];

    get_ids(a, ids);
    end = ps__fields_format(end, ids, 2);
    return ps__text_copy(text, size, whole, (size_t)(end - whole));
}

static bool equal_can(const ps_addr *a, const ps_addr *b)
{
    unsigned long one[2], other[2];

    get_ids(a, one);
    get_ids(b, other);
    return native(a)->can_ifindex == native(b)->can_ifindex && memcmp(one, other, sizeof one) == 0;
}

static uint64_t hash_can(const ps_addr *a, uint64_t hash)
{
    unsigned long ids[2];
    int index = native(a)->can_ifindex;

    get_ids(a, ids);
    return ps__hash_bytes(ps__hash_bytes(hash, &index, sizeof index), ids, sizeof ids);
}

const ps__family ps__family_can = {
    .family = AF_CAN,
    .prefix = "can:",
    .length_min = LENGTH_MIN,
    .length_max = sizeof(struct sockaddr_can),
    .parse = parse_can,
    .format = format_can,
    .equal = equal_can,
    .hash = hash_can,
};

#else

int ps_addr_can(ps_addr *a, const char *ifname, unsigned rx_id, unsigned tx_id)
{
    (void)ifname;
    (void)rx_id;
    (void)tx_id;
    return ps__family_absent(a);
}

int ps_addr_get_can(const ps_addr *a, char *ifname, size_t n, unsigned *rx_id, unsigned *tx_id)
{
    ps__put_no_name(ifname, n);
    ps__put_unsigned(rx_id, 0);
    ps__put_unsigned(tx_id, 0);
    return a ? PS_BAD_FAMILY : PS_EFAULT;
}

const ps__family ps__family_can = {
    .family = PS__NO_FAMILY,
    .prefix = "can:",
    .parse = ps__family_parse_absent,
};

#endif
