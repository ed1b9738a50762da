/* The values of filter expressions: numbers, names and addresses. */
#include "config.h"

#include "capture/filter/expression.h"

#include "portsock/names.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* ---- numbers and names ----------------------------------------------------------------------- */

/* Decimal, octal with a leading 0, hexadecimal with a leading 0x. */
bool ps__filter_number(const char *word, uint32_t limit, uint32_t *number)
{
    char *end;
    unsigned long long value;

    if (!isdigit((unsigned char)*word))
        return false;
    value = strtoull(word, &end, 0);
    *number = (uint32_t)value;
    return *end == '\0' && value <= limit;
}

bool ps__filter_port(const char *word, const char *transport, uint32_t *number)
{
    int port;

    if (ps__filter_number(word, 65535, number))
        return true;
    if (ps_getservbyname(word, transport, &port) != 0)
        return false;
    *number = (uint32_t)port;
    return true;
}

/* "1-1024"; one port is a range, too. */
bool ps__filter_ports(char *word, uint32_t *low, uint32_t *high)
{
    char *dash = strchr(word, '-');

    if (dash)
        *dash = '\0';
    if (!ps__filter_number(word, 65535, low) ||
        !ps__filter_number(dash ? dash + 1 : word, 65535, high))
        return false;
    if (*low > *high) {
        uint32_t swapped = *low;
        *low = *high;
        *high = swapped;
    }
    return true;
}

/* Also behind a backslash, by which tcpdump distinguishes names from its own words. */
bool ps__filter_protocol(const char *word, uint32_t *number)
{
    int found;

    if (ps__filter_number(word, 255, number))
        return true;
    if (*word == '\\')
        word++;
    if (strcmp(word, "icmp6") == 0)
        word = "ipv6-icmp";
    if (ps_getprotobyname(word, &found) != 0)
        return false;
    *number = (uint32_t)found;
    return true;
}

/* Below 0x600 it would be the length of an 802.3 frame. */
bool ps__filter_ether_type(const char *word, uint32_t *number)
{
    static const struct {
        const char *name;
        uint32_t number;
    } names[] = {{"ip", PS__ETHER_IPV4},
                 {"arp", PS__ETHER_ARP},
                 {"rarp", PS__ETHER_RARP},
                 {"ip6", PS__ETHER_IPV6}};
    size_t i;

    if (ps__filter_number(word, 65535, number))
        return *number >= 0x600;
    if (*word == '\\')
        word++;
    for (i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (strcmp(word, names[i].name) == 0) {
            *number = names[i].number;
            return true;
        }
    }
    return false;
}

/* ---- addresses ------------------------------------------------------------------------------- */

void ps__filter_mask(unsigned char *mask, size_t size, uint32_t bits)
{
    size_t i;

    for (i = 0; i < size; i++, bits -= bits < 8 ? bits : 8)
        mask[i] = (unsigned char)(bits >= 8 ? 0xff : 0xff00 >> bits);
}

/* Bits of the address outside the mask are a mistake. */
bool ps__filter_mask_covers(const unsigned char *address, const unsigned char *mask, size_t size)
{
    size_t i;

    for (i = 0; i < size; i++) {
        if ((address[i] & ~mask[i]) != 0)
            return false;
    }
    return true;
}

/* "10", "10.1", "10.1.2" and "10.1.2.3"; the bits that it has parts for. "010" is none: some
 * read it as 8. */
bool ps__filter_partial_address(const char *word, unsigned char address[4], uint32_t *bits)
{
    unsigned value;
    size_t i;

    memset(address, 0, 4);
    for (i = 0; i < 4; i++) {
        if (!isdigit((unsigned char)*word) || (*word == '0' && isdigit((unsigned char)word[1])))
            return false;
        for (value = 0; isdigit((unsigned char)*word) && value < 256; word++)
            value = value * 10 + (unsigned)(*word - '0');
        if (value > 255)
            return false;
        address[i] = (unsigned char)value;
        *bits = (uint32_t)(i + 1) * 8;
        if (*word == '\0')
            return true;
        if (*word++ != '.')
            return false;
    }
    return false;
}

/* Splits "address/bits". */
bool ps__filter_prefix(char *word, uint32_t limit, bool *has_prefix, uint32_t *bits)
{
    char *slash = strchr(word, '/');

    *has_prefix = slash != NULL;
    if (!slash)
        return true;
    *slash = '\0';
    return ps__filter_number(slash + 1, limit, bits);
}

bool ps__filter_hardware(const char *word, unsigned char address[6])
{
    size_t i;

    for (i = 0; i < 6; i++) {
        char *end;
        unsigned long value;
        if (!isxdigit((unsigned char)*word))
            return false;
        value = strtoul(word, &end, 16);
        if (value > 255 || end - word > 2 ||
            (*end != (i < 5 ? ':' : '\0') && *end != (i < 5 ? '-' : '\0')))
            return false;
        address[i] = (unsigned char)value;
        word = end + 1;
    }
    return true;
}
