#include "conditions.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const names[CONDITION_COUNT] = {
    [SEND_OFFLOAD] = "send-offload",
    [IPV6_HEADERS] = "ipv6-headers",
    [NO_HEADER_OPTION] = "no-header-option",
    [INTERFACE_REMOVED] = "interface-removed",
    [INTERFACE_NOT_PRESENT] = "interface-not-present",
    [INTERFACE_OFF] = "interface-off",
    [RECEIVE_FAILS] = "receive-fails",
};

bool is_condition(condition asked)
{
    const char *path = getenv("PORTSOCK_RCVALL_CONDITIONS");
    FILE *file = path != NULL ? fopen(path, "r") : NULL;
    char line[64];
    bool found = false;

    if (file == NULL)
        return false;
    while (!found && fgets(line, sizeof line, file) != NULL) {
        line[strcspn(line, "\r\n")] = '\0';
        found = strcmp(line, names[asked]) == 0;
    }
    fclose(file);
    return found;
}

/* ---- segmentation offload -------------------------------------------------------------------- */

enum { TCP = 6, UDP = 17, LONGEST_ON_ETHERNET = 1500 };

static void put16(unsigned char *at, unsigned value)
{
    at[0] = (unsigned char)(value >> 8);
    at[1] = (unsigned char)value;
}

/* The sum of the addresses and the protocol: the pseudo header without its length. */
static unsigned pseudo_sum(const unsigned char *addresses, size_t length, unsigned protocol)
{
    unsigned long sum = protocol;

    for (size_t i = 0; i < length; i += 2)
        sum += (unsigned long)addresses[i] << 8 | addresses[i + 1];
    while (sum > 0xffff)
        sum = (sum & 0xffff) + (sum >> 16);
    return (unsigned)sum;
}

void change_to_offloaded(const packet_head *head, unsigned char *packet, size_t length)
{
    bool four = head->family == 4;
    size_t header = four ? (packet[0] & 15u) * 4u : 40;
    bool fragment = four && ((packet[6] & 0x3f) != 0 || packet[7] != 0);
    size_t checksum = header + (head->protocol == TCP ? 16 : 6);

    if (!head->outgoing || length < header + 20 || fragment)
        return;
    if (four)
        put16(packet + 10, 0);
    if (length > LONGEST_ON_ETHERNET && head->protocol == TCP)
        put16(packet + (four ? 2 : 4), 0);
    if (head->protocol == TCP || head->protocol == UDP)
        put16(packet + checksum, four ? pseudo_sum(packet + 12, 8, head->protocol)
                                      : pseudo_sum(packet + 8, 32, head->protocol));
}
