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
 * AF_PACKET: (ifname, proto, pkttype, hatype, haddr).
 *
 * Text: "packet:IFNAME:PROTO:PKTTYPE:HATYPE:HADDR", the hardware address in hexadecimal and
 * perhaps empty; an interface that has no name is "#NUMBER", and none is "".
 */

#if PS__HAVE_PACKET

#include <linux/if_packet.h>

static const struct sockaddr_ll *native(const ps_addr *a)
{
    return (const struct sockaddr_ll *)&a->storage;
}

enum { HARDWARE_MAX = sizeof(((struct sockaddr_ll *)0)->sll_addr) };

static int make(ps_addr *a, unsigned index, int proto, int pkttype, int hatype, const void *hw,
                size_t hwlen)
{
    struct sockaddr_ll *ll;

    if (proto < 0 || proto > 65535)
        return PS_BAD_PORT;
    if (hwlen > HARDWARE_MAX)
        return PS_BAD_LENGTH;
    if (!hw && hwlen > 0)
        return PS_EFAULT;
    if (pkttype < 0 || pkttype > UCHAR_MAX || hatype < 0 || hatype > USHRT_MAX)
        return PS_BAD_LENGTH;
    ps__addr_clear(a, AF_PACKET, sizeof *ll);
    ll = (struct sockaddr_ll *)&a->storage;
    ll->sll_protocol = ps_htons((uint16_t)proto);
    ll->sll_ifindex = (int)index;
    ll->sll_hatype = (unsigned short)hatype;
    ll->sll_pkttype = (unsigned char)pkttype;
    ll->sll_halen = (unsigned char)hwlen;
    if (hwlen > 0)
        memcpy(ll->sll_addr, hw, hwlen);
    return 0;
}

int ps_addr_packet(ps_addr *a, const char *ifname, int proto, int pkttype, int hatype,
                   const void *hw, size_t hwlen)
{
    unsigned index;
    int code;

    if (!a)
        return PS_EFAULT;
    a->len = 0;
    code = ps__interface_of_name(ifname, &index);
    if (code != 0)
        return code;
    return make(a, index, proto, pkttype, hatype, hw, hwlen);
}

/* What the address says, but no more than came with it. */
static size_t hardware_length(const ps_addr *a)
{
    size_t there = (size_t)a->len - offsetof(struct sockaddr_ll, sll_addr);
    size_t length = native(a)->sll_halen < HARDWARE_MAX ? native(a)->sll_halen : HARDWARE_MAX;

    return length < there ? length : there;
}

int ps_addr_get_packet(const ps_addr *a, char *ifname, size_t n, int *proto, int *pkttype,
                       int *hatype, void *hw, size_t *hwlen)
{
    const struct sockaddr_ll *ll;
    size_t capacity = hwlen ? *hwlen : 0;
    int code;

    ps__put_no_name(ifname, n);
    ps__put_int(proto, 0);
    ps__put_int(pkttype, 0);
    ps__put_int(hatype, 0);
    if (hwlen)
        *hwlen = 0;
    if (!a)
        return PS_EFAULT;
    if (ps_addr_family(a) != AF_PACKET || (size_t)a->len < offsetof(struct sockaddr_ll, sll_addr))
        return PS_BAD_FAMILY;
    ll = native(a);
    if (hw && capacity < hardware_length(a))
        return PS_BAD_LENGTH;
    if (ifname) {
        code = ps__name_of_interface((unsigned)ll->sll_ifindex, ifname, n);
        if (code != 0)
            return code;
    }
    ps__put_int(proto, ps_ntohs(ll->sll_protocol));
    ps__put_int(pkttype, ll->sll_pkttype);
    ps__put_int(hatype, ll->sll_hatype);
    if (hw)
        memcpy(hw, ll->sll_addr, hardware_length(a));
    if (hwlen)
        *hwlen = hardware_length(a);
    return 0;
}

static int hex_digit(char digit)
{
    static const char digits[] = "0123456789abcdef";
    const char *found = digit ? strchr(digits, digit) : NULL;

    return found ? (int)(found - digits) : -1;
}

static int parse_hardware(const char *text, unsigned char *hw, size_t *hwlen)
{
    for (*hwlen = 0; *text; text += 2) {
        int high = hex_digit(text[0]);
        int low = high < 0 ? -1 : hex_digit(text[1]);
        if (low < 0)
            return PS_BAD_ADDRESS;
        if (*hwlen == HARDWARE_MAX)
            return PS_BAD_LENGTH;
        hw[(*hwlen)++] = (unsigned char)(high * 16 + low);
    }
    return 0;
}

static int parse_packet(ps_addr *a, const char *text)
{
    unsigned char hw[HARDWARE_MAX];
    unsigned long fields[3];
    char copy[128];
    char *numbers, *hardware;
    size_t hwlen;
    unsigned index;
    int code;

    if (strlen(text) >= sizeof copy)
        return PS_BAD_ADDRESS;
    memcpy(copy, text, strlen(text) + 1);
    numbers = strchr(copy, ':');
    hardware = strrchr(copy, ':');
    if (!numbers || hardware == numbers)
        return PS_BAD_ADDRESS;
    *numbers++ = '\0';
    *hardware++ = '\0';
    if (ps__fields_parse(numbers, fields, 3) != 3)
        return PS_BAD_ADDRESS;
    if (fields[0] > 65535)
        return PS_BAD_PORT;
    if (fields[1] > UCHAR_MAX || fields[2] > USHRT_MAX)
        return PS_BAD_ADDRESS;
    code = parse_hardware(hardware, hw, &hwlen);
    if (code == 0)
        code = ps__interface_parse(copy, &index);
    return code != 0 ? code
                     : make(a, index, (int)fields[0], (int)fields[1], (int)fields[2], hw, hwlen);
}

static int format_packet(const ps_addr *a, char *text, size_t size)
{
    static const char digits[] = "0123456789abcdef";
    const struct sockaddr_ll *ll = native(a);
    unsigned long fields[] = {ps_ntohs(ll->sll_protocol), ll->sll_pkttype, ll->sll_hatype};
    char whole[192] = "packet:";
    char *end = ps__interface_format(ll->sll_ifindex > 0 ? (unsigned)ll->sll_ifindex : 0,
                                     whole + strlen(whole));
    size_t i;

    end = ps__fields_format(end, fields, 3);
    *end++ = ':';
    for (i = 0; i < hardware_length(a); i++) {
        *end++ = digits[ll->sll_addr[i] >> 4];
        *end++ = digits[ll->sll_addr[i] & 15];
    }
    return ps__text_copy(text, size, whole, (size_t)(end - whole));
}

static bool equal_packet(const ps_addr *a, const ps_addr *b)
{
    const struct sockaddr_ll *one = native(a), *other = native(b);

    return one->sll_protocol == other->sll_protocol && one->sll_ifindex == other->sll_ifindex &&
           one->sll_hatype == other->sll_hatype && one->sll_pkttype == other->sll_pkttype &&
           hardware_length(a) == hardware_length(b) &&
           memcmp(one->sll_addr, other->sll_addr, hardware_length(a)) == 0;
}

static uint64_t hash_packet(const ps_addr *a, uint64_t hash)
{
    const struct sockaddr_ll *ll = native(a);
    const int parts[] = {ll->sll_protocol, ll->sll_ifindex, ll->sll_hatype, ll->sll_pkttype};

    return ps__hash_bytes(ps__hash_bytes(hash, parts, sizeof parts), ll->sll_addr,
                          hardware_length(a));
}

/* The system reports no more of the hardware address than there is, down to none. */
const ps__family ps__family_packet = {
    .family = AF_PACKET,
    .prefix = "packet:",
    .length_min = offsetof(struct sockaddr_ll, sll_addr),
    .length_max = sizeof(struct sockaddr_ll),
    .parse = parse_packet,
    .format = format_packet,
    .equal = equal_packet,
    .hash = hash_packet,
};

#else

int ps_addr_packet(ps_addr *a, const char *ifname, int proto, int pkttype, int hatype,
                   const void *hw, size_t hwlen)
{
    (void)ifname;
    (void)proto;
    (void)pkttype;
    (void)hatype;
    (void)hw;
    (void)hwlen;
    return ps__family_absent(a);
}

int ps_addr_get_packet(const ps_addr *a, char *ifname, size_t n, int *proto, int *pkttype,
                       int *hatype, void *hw, size_t *hwlen)
{
    (void)hw;
    ps__put_no_name(ifname, n);
    ps__put_int(proto, 0);
    ps__put_int(pkttype, 0);
    ps__put_int(hatype, 0);
    if (hwlen)
        *hwlen = 0;
    return a ? PS_BAD_FAMILY : PS_EFAULT;
}

const ps__family ps__family_packet = {
    .family = PS__NO_FAMILY,
    .prefix = "packet:",
    .parse = ps__family_parse_absent,
};

#endif
