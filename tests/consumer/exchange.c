/* Sends a datagram to itself over loopback: the smallest program that uses portsock. */
#include <portsock.h>

#include <stdio.h>
#include <string.h>

static int fail(const char *what, int code)
{
    fprintf(stderr, "%s: %s\n", what, ps_strerror(code));
    return 1;
}

static int exchange(ps_sock *s)
{
    ps_addr address, from;
    char buffer[16];
    int code;
    ptrdiff_t received;

    if ((code = ps_addr_inet(&address, "127.0.0.1", 0)) < 0 || (code = ps_bind(s, &address)) < 0 ||
        (code = ps_getsockname(s, &address)) < 0 || (code = ps_settimeout(s, 10)) < 0)
        return fail("set up", code);
    if ((code = (int)ps_sendto(s, "hello", 5, 0, &address)) < 0)
        return fail("send", code);
    if ((received = ps_recvfrom(s, buffer, sizeof buffer, 0, &from)) < 0)
        return fail("receive", (int)received);
    if (received != 5 || memcmp(buffer, "hello", 5) != 0 || !ps_addr_equal(&from, &address))
        return fail("compare", 0);
    puts("ok");
    return 0;
}

int main(void)
{
    ps_sock s;
    int code = ps_socket(&s, AF_INET, SOCK_DGRAM, 0);
    if (code < 0)
        return fail("socket", code);
    int status = exchange(&s);
    ps_close(&s);
    return status;
}
