/*
 * The links and addresses of this machine, requested from the kernel over AF_NETLINK, as
 * "ip -o link" and "ip -o addr" print them.
 *
 * usage: netlink_links [--watch COUNT]
 *
 * With --watch it then prints COUNT changes of links as the kernel reports them (the group
 * RTMGRP_LINK).
 */
#include <portsock.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#if defined AF_NETLINK && defined NETLINK_ROUTE

#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <net/if.h>

enum { ANSWER_SIZE = 32768 };

/* Netlink's own macros, as functions: the message or attribute behind this one, or NULL at the
 * end. */
static const struct nlmsghdr *next_message(const struct nlmsghdr *message, const unsigned char *end)
{
    const unsigned char *next = (const unsigned char *)message + NLMSG_ALIGN(message->nlmsg_len);

    return next < end ? (const struct nlmsghdr *)(const void *)next : NULL;
}

static bool is_whole(const struct nlmsghdr *message, const unsigned char *end)
{
    size_t left = (size_t)(end - (const unsigned char *)message);

    return left >= sizeof *message && message->nlmsg_len >= sizeof *message &&
           message->nlmsg_len <= left;
}

/* The attribute of a type in a message whose own header takes `header` bytes, or NULL. */
static const struct rtattr *find_attribute(const struct nlmsghdr *message, size_t header,
                                           unsigned short type)
{
    size_t offset = NLMSG_ALIGN(sizeof *message) + NLMSG_ALIGN(header);

    while (offset + sizeof(struct rtattr) <= message->nlmsg_len) {
        const struct rtattr *attribute = (const void *)((const unsigned char *)message + offset);
        if (attribute->rta_len < sizeof *attribute ||
            offset + attribute->rta_len > message->nlmsg_len)
            return NULL;
        if (attribute->rta_type == type)
            return attribute;
        offset += RTA_ALIGN(attribute->rta_len);
    }
    return NULL;
}

static size_t size_of(const struct rtattr *attribute)
{
    return attribute->rta_len - RTA_LENGTH(0);
}

static const unsigned char *data_of(const struct rtattr *attribute)
{
    return (const unsigned char *)attribute + RTA_LENGTH(0);
}

/* Prints the name of an interface. It may be of any bytes but white space, '/' and ':': one that
 * a terminal could act on is shown as \xHH, as is all that is not ASCII. */
static void print_name(const char *name, size_t size)
{
    size_t i;

    for (i = 0; i < size && name[i] != '\0'; i++) {
        unsigned char byte = (unsigned char)name[i];

        if (byte > ' ' && byte < 0x7f)
            putchar(byte);
        else
            printf("\\x%02x", byte);
    }
}

static void print_link(const struct nlmsghdr *message)
{
    const struct ifinfomsg *link = (const void *)((const unsigned char *)message + NLMSG_HDRLEN);
    const struct rtattr *name = find_attribute(message, sizeof *link, IFLA_IFNAME);
    const struct rtattr *mtu = find_attribute(message, sizeof *link, IFLA_MTU);
    const struct rtattr *hardware = find_attribute(message, sizeof *link, IFLA_ADDRESS);
    unsigned value = 0;
    size_t i;

    if (mtu && size_of(mtu) >= sizeof value)
        memcpy(&value, data_of(mtu), sizeof value);
    printf("link %d: ", link->ifi_index);
    print_name(name ? (const char *)data_of(name) : "?", name ? size_of(name) : 1);
    printf(" %s mtu %u", link->ifi_flags & IFF_UP ? "up" : "down", value);
    for (i = 0; hardware && i < size_of(hardware); i++)
        printf("%s%02x", i == 0 ? " address " : ":", data_of(hardware)[i]);
    printf("\n");
}

static void print_address(const struct nlmsghdr *message)
{
    const struct ifaddrmsg *address = (const void *)((const unsigned char *)message + NLMSG_HDRLEN);
    const struct rtattr *local = find_attribute(message, sizeof *address, IFA_LOCAL);
    char text[PS_HOST_MAX], name[IF_NAMESIZE];

    if (!local)
        local = find_attribute(message, sizeof *address, IFA_ADDRESS);
    if (!local ||
        ps_inet_ntop(address->ifa_family, data_of(local), size_of(local), text, sizeof text) != 0)
        return;
    if (ps_if_indextoname(address->ifa_index, name, sizeof name) != 0)
        strcpy(name, "?");
    printf("addr %u: ", address->ifa_index);
    print_name(name, sizeof name);
    printf(" %s %s/%u\n", address->ifa_family == AF_INET ? "inet" : "inet6", text,
           (unsigned)address->ifa_prefixlen);
}

static void print_change(const struct nlmsghdr *message)
{
    printf("%s ", message->nlmsg_type == RTM_NEWLINK ? "changed" : "removed");
    print_link(message);
    fflush(stdout);
}

static int fail(const char *what, int code)
{
    fprintf(stderr, "netlink_links: %s: %s, %s\n", what, ps_error_name(code), ps_strerror(code));
    return code;
}

/* What the kernel sends. */
typedef union answer {
    struct nlmsghdr first;
    unsigned char bytes[ANSWER_SIZE];
} answer;

/* Receives the kernel's next messages. Any program can send some, so only pid 0 is trusted;
 * with MSG_TRUNC the count is the whole length, above the buffer's size after a truncation. */
static ptrdiff_t receive(ps_sock *s, answer *a)
{
    for (;;) {
        ps_addr from;
        unsigned pid = 1;
        ptrdiff_t count = ps_recvfrom(s, a->bytes, sizeof a->bytes, MSG_TRUNC, &from);

        if (count < 0)
            return fail("recvfrom", (int)count);
        if (ps_addr_get_netlink(&from, &pid, NULL) != 0 || pid != 0)
            continue;
        return (size_t)count <= sizeof a->bytes ? count : fail("the kernel's answer", PS_EMSGSIZE);
    }
}

/* Requests a table and prints each of its messages. */
static int print_table(ps_sock *s, unsigned short type, unsigned short wanted,
                       void (*print)(const struct nlmsghdr *))
{
    struct {
        struct nlmsghdr header;
        struct rtgenmsg family;
    } request = {.header = {.nlmsg_len = NLMSG_LENGTH(sizeof(struct rtgenmsg)),
                            .nlmsg_type = type,
                            .nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP}};
    static answer buffer;
    ps_addr kernel;
    ptrdiff_t count;

    ps_addr_netlink(&kernel, 0, 0);
    count = ps_sendto(s, &request, sizeof request, 0, &kernel);
    if (count < 0)
        return fail("sendto", (int)count);
    while ((count = receive(s, &buffer)) >= 0) {
        const struct nlmsghdr *message = &buffer.first;

        while (message && is_whole(message, buffer.bytes + count)) {
            if (message->nlmsg_type == NLMSG_DONE)
                return 0;
            if (message->nlmsg_type == NLMSG_ERROR)
                return fail("the kernel's answer", PS_EIO);
            if (message->nlmsg_type == wanted)
                print(message);
            message = next_message(message, buffer.bytes + count);
        }
    }
    return (int)count;
}

static int watch(ps_sock *s, long changes)
{
    static answer buffer;

    while (changes > 0) {
        ptrdiff_t count = receive(s, &buffer);
        const struct nlmsghdr *message = &buffer.first;

        if (count < 0)
            return (int)count;
        while (message && changes > 0 && is_whole(message, buffer.bytes + count)) {
            if (message->nlmsg_type == RTM_NEWLINK || message->nlmsg_type == RTM_DELLINK) {
                print_change(message);
                changes--;
            }
            message = next_message(message, buffer.bytes + count);
        }
    }
    return 0;
}

static int open_route(ps_sock *s, unsigned groups)
{
    ps_addr own;
    int code = ps_socket(s, AF_NETLINK, SOCK_RAW, NETLINK_ROUTE);

    if (code == 0)
        code = ps_addr_netlink(&own, 0, groups);
    if (code == 0)
        code = ps_bind(s, &own);
    if (code == 0)
        code = ps_settimeout(s, 30);
    return code == 0 ? 0 : fail("socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE)", code);
}

int main(int argc, char **argv)
{
    ps_sock asking = PS_SOCK_INIT, watching = PS_SOCK_INIT;
    long changes = argc == 3 && strcmp(argv[1], "--watch") == 0 ? strtol(argv[2], NULL, 10) : 0;
    int code = 0;

    if (argc != 1 && changes <= 0) {
        fprintf(stderr, "usage: netlink_links [--watch COUNT]\n");
        return 2;
    }
    /* The watcher first, so that no change is missed. */
    if (changes > 0)
        code = open_route(&watching, RTMGRP_LINK);
    if (code == 0)
        code = open_route(&asking, 0);
    if (code == 0)
        code = print_table(&asking, RTM_GETLINK, RTM_NEWLINK, print_link);
    if (code == 0)
        code = print_table(&asking, RTM_GETADDR, RTM_NEWADDR, print_address);
    fflush(stdout);
    if (code == 0 && changes > 0)
        code = watch(&watching, changes);
    ps_close(&asking);
    ps_close(&watching);
    return code == 0 ? 0 : 1;
}

#else

int main(void)
{
    fprintf(stderr, "netlink_links: this system has no AF_NETLINK\n");
    return 1;
}

#endif
