/*
 * A very simple network sniffer with raw sockets on Windows: prints the next packet that the
 * interface sees.
 *
 *   sniffer_windows [HOST]      HOST: the address of the interface, if it is not the one of this
 *   machine's name
 *
 * It needs administrator's rights to modify the interface. Other systems have no SIO_RCVALL;
 * there it says so.
 */
#include "example.h"

static char packet[65565];

/* Ends the program: which step failed, and what it needs. */
static void fail(const char *step, int code)
{
    fprintf(stderr, "%s: %s, %s", step, ps_error_name(code), ps_strerror(code));
    switch (code) {
    case PS_EPERM:
    case PS_EACCES:
        fprintf(stderr, ": this needs administrator's rights");
        break;
    case PS_EPROTONOSUPPORT:
    case PS_ESOCKTNOSUPPORT:
    case PS_EOPNOTSUPP:
        fprintf(
            stderr,
            ": this system has no raw sockets that receive all of IP (SIO_RCVALL), as Windows has");
        break;
    case PS_EADDRNOTAVAIL:
    case PS_EINVAL:
        fprintf(stderr, ": HOST must be the address of an interface of this machine");
        break;
    default:
        break;
    }
    fprintf(stderr, "\n");
    exit(1);
}

static int receive_all(ps_sock *s, bool on)
{
#ifdef SIO_RCVALL
    return ps_ioctl(s, SIO_RCVALL, on ? RCVALL_ON : RCVALL_OFF);
#else
    (void)s;
    (void)on;
    return PS_EOPNOTSUPP;
#endif
}

int main(int argc, char **argv)
{
    char name[PS_HOST_MAX], HOST[PS_HOST_MAX];
    ps_sock s;
    ps_addr address, from;
    ptrdiff_t n;
    int code;

    utf8_arguments(&argc, &argv);
    /* the public network interface */
    if (argc > 1) {
        snprintf(HOST, sizeof HOST, "%s", argv[1]);
    } else {
        check("gethostname", ps_gethostname(name, sizeof name));
        check("gethostbyname", ps_gethostbyname(name, HOST));
    }

    /* create a raw socket and bind it to the public interface */
    check("address", ps_addr_inet(&address, HOST, 0));
    code = ps_socket(&s, AF_INET, SOCK_RAW, IPPROTO_IP);
    if (code != 0)
        fail("socket(AF_INET, SOCK_RAW, IPPROTO_IP)", code);
    code = ps_bind(&s, &address);
    if (code != 0)
        fail("bind", code);

    /* Include IP headers */
    code = ps_setsockopt_int(&s, IPPROTO_IP, IP_HDRINCL, 1);
    if (code != 0)
        fail("setsockopt(IPPROTO_IP, IP_HDRINCL)", code);

    /* receive all packages */
    code = receive_all(&s, true);
    if (code != 0)
        fail("ioctl(SIO_RCVALL, RCVALL_ON)", code);

    /* receive a package */
    n = ps_recvfrom(&s, packet, sizeof packet, 0, &from);

    /* disabled promiscuous mode; also when nothing could be received */
    code = receive_all(&s, false);

    if (n < 0)
        fail("recvfrom", (int)n);
    printf("(");
    print_repr(packet, (size_t)n);
    printf(", ");
    print_address(&from);
    printf(")\n");
    if (code != 0)
        fail("ioctl(SIO_RCVALL, RCVALL_OFF)", code);
    ps_close(&s);
    return 0;
}
