/*
 * Sends a datagram, and receives it with ancillary data: the address that it was sent to, the
 * interface that it came in by, and its TTL. Level, type and contents of each item are the
 * system's own.
 *
 *   $ udp_ancillary
 *   Received 'Hello, world' from 127.0.0.1:...
 *   sent to 127.0.0.1, interface ...
 *   TTL 9
 */
#include "example.h"

/* Asks for an option that not every system has. */
static void ask_for(ps_sock *s, const char *what, int option)
{
    int code = ps_setsockopt_int(s, IPPROTO_IP, option, 1);

    if (code != 0)
        printf("This system does not report the %s: %s\n", what, ps_error_name(code));
}

/* The contents may not be aligned, so they are copied. */
static void print_control(const ps_control *control)
{
    if (control->level != IPPROTO_IP)
        return;
#ifdef IP_PKTINFO /* BSD has another option for the destination */
    if (control->type == IP_PKTINFO && control->size == sizeof(struct in_pktinfo)) {
        struct in_pktinfo info;
        char host[16];

        memcpy(&info, control->data, sizeof info);
        check("inet_ntoa", ps_inet_ntoa(&info.ipi_addr, sizeof info.ipi_addr, host));
        printf("sent to %s, interface %d\n", host, (int)info.ipi_ifindex);
    }
#endif
    if (control->type == IP_TTL && control->size == sizeof(int)) {
        int ttl;

        memcpy(&ttl, control->data, sizeof ttl);
        printf("TTL %d\n", ttl);
    }
}

static void receive(ps_sock *s)
{
    char data[1024], text[PS_ADDR_TEXT_MAX];
    unsigned char memory[256]; /* for the ancillary data, with its headers */
    ps_buffer buffer = {data, sizeof data};
    ps_control controls[8];
    size_t count = sizeof controls / sizeof controls[0];
    int flags = 0;
    ps_addr from;
    ptrdiff_t n = ps_recvmsg(s, &buffer, 1, controls, &count, memory, sizeof memory, &flags, &from);

    check("recvmsg", n);
    check("address", ps_addr_format(&from, text, sizeof text));
    printf("Received ");
    print_repr(data, (size_t)n);
    printf(" from %s\n", text);
    for (size_t i = 0; i < count; i++)
        print_control(&controls[i]);
    if (flags & MSG_CTRUNC)
        printf("There was more ancillary data than memory for it\n");
}

int main(void)
{
    char hello[] = "Hello, ", world[] = "world";
    ps_buffer pieces[] = {{hello, strlen(hello)}, {world, strlen(world)}};
    ps_sock sender, receiver;
    ps_addr address;

    check("address", ps_addr_inet(&address, "127.0.0.1", 0));
    check("socket", ps_socket(&receiver, AF_INET, SOCK_DGRAM, 0));
    check("bind", ps_bind(&receiver, &address));
    check("getsockname", ps_getsockname(&receiver, &address));
    check("settimeout", ps_settimeout(&receiver, 30)); /* a datagram may be lost */
#ifdef IP_PKTINFO
    ask_for(&receiver, "destination", IP_PKTINFO);
#endif
    ask_for(&receiver, "TTL", IP_RECVTTL);

    check("socket", ps_socket(&sender, AF_INET, SOCK_DGRAM, 0));
    check("setsockopt", ps_setsockopt_int(&sender, IPPROTO_IP, IP_TTL, 9));
    check("sendmsg", ps_sendmsg(&sender, pieces, 2, NULL, 0, 0, &address));
    receive(&receiver);
    ps_close(&sender);
    ps_close(&receiver);
    return 0;
}
