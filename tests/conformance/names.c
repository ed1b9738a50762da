/* ps_getnameinfo, the host functions, services, protocols, interfaces (rows R014, R108 to R116).
 * No test needs a network. What only the machine's hosts file decides is not asserted. */
#include "test.h"

#include <stdio.h>

/* A flag that no system has, and a port that no service has. */
#define UNKNOWN_FLAG 0x40000000
#define NO_SERVICE_PORT 65011

/* ---- helpers --------------------------------------------------------------------------------- */

static ps_addr address(const char *host, int port)
{
    ps_addr a;

    if (strchr(host, ':') != NULL)
        ck_assert_ok(ps_addr_inet6(&a, host, port, 0, 0));
    else
        ck_assert_ok(ps_addr_inet(&a, host, port));
    return a;
}

/* The texts of an address are these. */
static void texts(const ps_addr *a, int flags, const char *host, const char *service)
{
    char host_text[PS_HOST_MAX], service_text[PS_SERVICE_MAX];

    ck_assert_ok(
        ps_getnameinfo(a, flags, host_text, sizeof host_text, service_text, sizeof service_text));
    ck_assert_str_eq(host_text, host);
    ck_assert_str_eq(service_text, service);
}

/* The call fails with this code, and leaves both texts empty. */
static void no_texts(const ps_addr *a, int flags, size_t hostlen, size_t servicelen, int code)
{
    char host[PS_HOST_MAX] = "x", service[PS_SERVICE_MAX] = "x";

    ck_assert_code(ps_getnameinfo(a, flags, host, hostlen, service, servicelen), code);
    ck_assert_str_eq(host, hostlen > 0 ? "" : "x");
    ck_assert_str_eq(service, servicelen > 0 ? "" : "x");
}

static bool contains(char *const *list, const char *text)
{
    for (; *list != NULL; list++) {
        if (strcmp(*list, text) == 0)
            return true;
    }
    return false;
}

/* A host entry is whole: a name, and lists that end. */
static void whole(const ps_hostent *h)
{
    ck_assert_ptr_nonnull(h);
    ck_assert_str_ne(h->name, "");
    for (char **alias = h->aliases; *alias != NULL; alias++)
        ck_assert_str_ne(*alias, "");
    ck_assert_ptr_nonnull(h->addresses[0]);
}

/* ---- getnameinfo ----------------------------------------------------------------------------- */

/* Rows: R113. Traps: RES-16. */
START_TEST(getnameinfo_gives_numbers)
{
    ps_addr a = address("192.0.2.1", 80);

    texts(&a, NI_NUMERICHOST | NI_NUMERICSERV, "192.0.2.1", "80");
    a = address("192.0.2.1", 0);
    texts(&a, NI_NUMERICHOST | NI_NUMERICSERV, "192.0.2.1", "0");
    a = address("2001:db8::1", 65535);
    texts(&a, NI_NUMERICHOST | NI_NUMERICSERV, "2001:db8::1", "65535");
    a = address("::ffff:192.0.2.1", 1);
    texts(&a, NI_NUMERICHOST | NI_NUMERICSERV | NI_DGRAM, "::ffff:192.0.2.1", "1");
    ck_assert_ok(ps_addr_inet6(&a, "fe80::1", 80, 0, 2));
    texts(&a, NI_NUMERICHOST | NI_NUMERICSERV, "fe80::1%2", "80");
}
END_TEST

/* Rows: R113. */
START_TEST(getnameinfo_gives_services)
{
    ps_addr a = address("192.0.2.1", 80);

    texts(&a, NI_NUMERICHOST, "192.0.2.1", "http");
    a = address("::1", 53);
    texts(&a, NI_NUMERICHOST, "::1", "domain");
    texts(&a, NI_NUMERICHOST | NI_DGRAM, "::1", "domain");
    a = address("192.0.2.1", 69);
    texts(&a, NI_NUMERICHOST | NI_DGRAM, "192.0.2.1", "tftp");
    texts(&a, NI_NUMERICHOST, "192.0.2.1", "69");
    a = address("192.0.2.1", NO_SERVICE_PORT);
    texts(&a, NI_NUMERICHOST, "192.0.2.1", "65011");
}
END_TEST

/* The hosts file may name it or not; without a name it is the number. */
START_TEST(getnameinfo_gives_a_host)
{
    ps_addr a = address("127.0.0.1", 80);
    char host[PS_HOST_MAX], named[PS_HOST_MAX];
    int code = ps_getnameinfo(&a, NI_NAMEREQD, named, sizeof named, NULL, 0);

    ck_assert_ok(ps_getnameinfo(&a, 0, host, sizeof host, NULL, 0));
    if (code == 0) {
        ck_assert_str_eq(host, named);
    } else {
        ck_assert_int_eq(ps_error_kind(code), PS_KIND_GAI);
        ck_assert_str_eq(host, "127.0.0.1");
    }
}
END_TEST

/* 192.0.2.1 is reserved for documentation: nobody's host. */
START_TEST(getnameinfo_gives_the_number_of_a_host_without_name)
{
    ps_addr a = address("192.0.2.1", 80);

    texts(&a, 0, "192.0.2.1", "http");
}
END_TEST

/* Rows: R113. */
START_TEST(getnameinfo_name_required)
{
    ps_addr a = address("192.0.2.1", 80);
    char host[PS_HOST_MAX] = "x";
    int code = ps_getnameinfo(&a, NI_NAMEREQD, host, sizeof host, NULL, 0);

    ck_assert_int_eq(ps_error_kind(code), PS_KIND_GAI);
    ck_assert_str_eq(host, "");
    a = address("127.0.0.1", 80);
    no_texts(&a, NI_NAMEREQD | NI_NUMERICHOST, PS_HOST_MAX, PS_SERVICE_MAX, PS_EAI_NONAME);
}
END_TEST

/* Traps: RES-16. */
START_TEST(getnameinfo_fills_exact_buffers)
{
    const int flags = NI_NUMERICHOST;
    ps_addr a = address("127.0.0.1", 80);
    char host[10], service[5];

    ck_assert_ok(ps_getnameinfo(&a, flags, host, 10, service, 5));
    ck_assert_str_eq(host, "127.0.0.1");
    ck_assert_str_eq(service, "http");
    no_texts(&a, flags, 9, 5, PS_EAI_OVERFLOW);
    no_texts(&a, flags, 10, 4, PS_EAI_OVERFLOW);
    no_texts(&a, flags, 0, 5, PS_EAI_OVERFLOW);
    no_texts(&a, flags, 10, 0, PS_EAI_OVERFLOW);
    no_texts(&a, flags | NI_NUMERICSERV, 10, 2, PS_EAI_OVERFLOW);
    no_texts(&a, 0, 1, 5, PS_EAI_OVERFLOW);
}
END_TEST

START_TEST(getnameinfo_gives_one_of_the_two)
{
    ps_addr a = address("127.0.0.1", 80);
    char host[10], service[5];

    ck_assert_ok(ps_getnameinfo(&a, NI_NUMERICHOST, host, sizeof host, NULL, 0));
    ck_assert_str_eq(host, "127.0.0.1");
    ck_assert_ok(ps_getnameinfo(&a, NI_NUMERICHOST, NULL, 0, service, sizeof service));
    ck_assert_str_eq(service, "http");
    ck_assert_code(ps_getnameinfo(&a, NI_NUMERICHOST, NULL, 0, NULL, 0), PS_EAI_NONAME);
}
END_TEST

/* Traps: RES-16. */
START_TEST(getnameinfo_refuses_flags_and_families)
{
    ps_addr a = address("127.0.0.1", 80);

    no_texts(&a, UNKNOWN_FLAG, PS_HOST_MAX, PS_SERVICE_MAX, PS_EAI_BADFLAGS);
    no_texts(NULL, 0, PS_HOST_MAX, PS_SERVICE_MAX, PS_EFAULT);
    memset(&a, 0, sizeof a);
    no_texts(&a, 0, PS_HOST_MAX, PS_SERVICE_MAX, PS_EAI_FAMILY);
    if (ps_addr_unix(&a, "/nowhere", 8) == 0)
        no_texts(&a, 0, PS_HOST_MAX, PS_SERVICE_MAX, PS_EAI_FAMILY);
}
END_TEST

/* ---- gethostname and getfqdn ----------------------------------------------------------------- */

/* Rows: R111. Traps: LIF-1 RES-17. */
START_TEST(gethostname_fills_exact_buffers)
{
    char name[PS_HOST_MAX], same[PS_HOST_MAX];
    size_t length;

    ck_assert_ok(ps_gethostname(name, sizeof name));
    length = strlen(name);
    ck_assert_uint_gt(length, 0);
    ck_assert_ok(ps_gethostname(same, length + 1));
    ck_assert_str_eq(same, name);
    ck_assert_code(ps_gethostname(same, length), PS_BAD_LENGTH);
    ck_assert_str_eq(same, "");
    ck_assert_code(ps_gethostname(same, 0), PS_BAD_LENGTH);
    ck_assert_code(ps_gethostname(NULL, 0), PS_EFAULT);
}
END_TEST

/* Rows: R108. */
START_TEST(getfqdn_of_this_machine)
{
    static const char *const names[] = {"", "0.0.0.0", " \t\r\n", " 0.0.0.0 "};
    char own[PS_HOST_MAX], same[PS_HOST_MAX];

    ck_assert_ok(ps_getfqdn(NULL, own, sizeof own));
    ck_assert_str_ne(own, "");
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        ck_assert_ok(ps_getfqdn(names[i], same, sizeof same));
        ck_assert_str_eq(same, own);
    }
}
END_TEST

/* As the reference does it: the first of name and aliases that has a dot, else the name. */
/* Rows: R108. */
START_TEST(getfqdn_is_the_first_name_with_a_dot)
{
    char name[PS_HOST_MAX];
    const char *expected = "127.0.0.1";
    ps_hostent *h;
    int code = ps_gethostbyaddr("127.0.0.1", &h);

    if (code == 0) {
        char **alias = h->aliases;

        expected = h->name;
        while (strchr(expected, '.') == NULL && *alias != NULL)
            expected = *alias++;
        if (strchr(expected, '.') == NULL)
            expected = h->name;
    }
    ck_assert_ok(ps_getfqdn("127.0.0.1", name, sizeof name));
    ck_assert_str_eq(name, expected);
    ps_freehostent(h);
}
END_TEST

/* Rows: R108. */
START_TEST(getfqdn_gives_back_what_it_cannot_look_up)
{
    static char long_name[3000], name[3000];

    ck_assert_ok(ps_getfqdn("[no host]", name, sizeof name));
    ck_assert_str_eq(name, "[no host]");
    ck_assert_ok(ps_getfqdn("\t [no host]\n ", name, sizeof name));
    ck_assert_str_eq(name, "[no host]");
    ck_assert_ok(ps_getfqdn("\xff", name, sizeof name));
    ck_assert_str_eq(name, "\xff");
    memset(long_name, 'a', sizeof long_name - 1);
    ck_assert_ok(ps_getfqdn(long_name, name, sizeof name));
    ck_assert_str_eq(name, long_name);
    ck_assert_code(ps_getfqdn(long_name, name, sizeof name - 1), PS_BAD_LENGTH);
    ck_assert_str_eq(name, "");
    ck_assert_ok(ps_getfqdn("[no host]", name, 10));
    ck_assert_code(ps_getfqdn("[no host]", name, 9), PS_BAD_LENGTH);
    ck_assert_str_eq(name, "");
    ck_assert_code(ps_getfqdn("[no host]", name, 0), PS_BAD_LENGTH);
    ck_assert_code(ps_getfqdn("[no host]", NULL, 0), PS_EFAULT);
}
END_TEST

/* ---- gethostbyname, gethostbyname_ex, gethostbyaddr ------------------------------------------ */

/* Rows: R109. Traps: ADR-8 RES-13. */
START_TEST(gethostbyname_reads_special_hosts)
{
    static const char *const rows[][2] = {
        {"127.0.0.1", "127.0.0.1"},         {"127.1", "127.0.0.1"},     {"", "0.0.0.0"},
        {"<broadcast>", "255.255.255.255"}, {"localhost", "127.0.0.1"},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char text[16];

        ck_assert_ok(ps_gethostbyname(rows[i][0], text));
        ck_assert_str_eq(text, rows[i][1]);
    }
}
END_TEST

/* Rows: R109. */
START_TEST(gethostbyname_refuses)
{
    char text[16] = "x";

    ck_assert_code(ps_gethostbyname("::1", text), PS_EAI_ADDRFAMILY);
    ck_assert_str_eq(text, "");
    ck_assert_code(ps_gethostbyname("[127.0.0.1]", text), PS_EAI_NONAME);
    ck_assert_code(ps_gethostbyname("\xff", text), PS_BAD_ADDRESS);
    ck_assert_code(ps_gethostbyname(NULL, text), PS_BAD_ADDRESS);
    ck_assert_code(ps_gethostbyname("127.0.0.1", NULL), PS_EFAULT);
}
END_TEST

/* Rows: R110. */
START_TEST(gethostbyname_ex_of_a_literal)
{
    static const char *const rows[][2] = {
        {"192.0.2.1", "192.0.2.1"},
        {"127.1", "127.0.0.1"},
        {"::ffff:192.0.2.1", "192.0.2.1"},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        ps_hostent *h;

        ck_assert_ok(ps_gethostbyname_ex(rows[i][0], &h));
        ck_assert_str_eq(h->name, rows[i][1]);
        ck_assert_ptr_null(h->aliases[0]);
        ck_assert_str_eq(h->addresses[0], rows[i][1]);
        ck_assert_ptr_null(h->addresses[1]);
        ps_freehostent(h);
    }
}
END_TEST

/* Rows: R110. Traps: RES-13. */
START_TEST(gethostbyname_ex_of_localhost)
{
    ps_hostent *h;

    ck_assert_ok(ps_gethostbyname_ex("localhost", &h));
    whole(h);
    ck_assert(contains(h->addresses, "127.0.0.1"));
    ps_freehostent(h);
}
END_TEST

/* Rows: R110. Traps: RES-11. */
START_TEST(gethostbyname_ex_refuses)
{
    static const struct {
        const char *name;
        int code;
    } rows[] = {
        {"", PS_HOST_NOT_FOUND},  {"<broadcast>", PS_HOST_NOT_FOUND}, {"::1", PS_EAI_ADDRFAMILY},
        {"[::1]", PS_EAI_NONAME}, {"\xff", PS_BAD_ADDRESS},           {NULL, PS_BAD_ADDRESS},
    };
    ps_hostent rest;

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        ps_hostent *h = &rest;

        ck_assert_code(ps_gethostbyname_ex(rows[i].name, &h), rows[i].code);
        ck_assert_ptr_null(h);
    }
    ck_assert_code(ps_gethostbyname_ex("127.0.0.1", NULL), PS_EFAULT);
    ps_freehostent(NULL);
}
END_TEST

/* The hosts file may know the address or not; IPv6 may be missing. */
/* Rows: R112. Traps: RES-15. */
START_TEST(gethostbyaddr_of_loopback)
{
    static const char *const hosts[] = {"127.0.0.1", "::1", "localhost", "127.1"};

    for (size_t i = 0; i < sizeof hosts / sizeof hosts[0]; i++) {
        ps_hostent *h;
        int code = ps_gethostbyaddr(hosts[i], &h);

        if (code != 0) {
            ck_assert_msg(ps_error_kind(code) == PS_KIND_HOST, "%s is %s", hosts[i],
                          ps_error_name(code));
            ck_assert_ptr_null(h);
            continue;
        }
        whole(h);
        if (strcmp(hosts[i], "::1") == 0)
            ck_assert(contains(h->addresses, "::1"));
        else if (strcmp(hosts[i], "127.0.0.1") == 0)
            ck_assert(contains(h->addresses, "127.0.0.1"));
        ps_freehostent(h);
    }
}
END_TEST

/* Rows: R112 R131. Traps: RES-11. */
START_TEST(gethostbyaddr_refuses)
{
    static const struct {
        const char *host;
        int code;
    } rows[] = {
        {NULL, PS_BAD_ADDRESS},   {"", PS_BAD_ADDRESS},
        {"\xff", PS_BAD_ADDRESS}, {"[::1]", PS_EAI_NONAME},
        {"::1%", PS_EAI_NONAME},  {"fe80::1%no-such-interface", PS_EAI_NONAME},
    };
    ps_hostent rest;

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        ps_hostent *h = &rest;

        ck_assert_code(ps_gethostbyaddr(rows[i].host, &h), rows[i].code);
        ck_assert_ptr_null(h);
    }
    ck_assert_code(ps_gethostbyaddr("127.0.0.1", NULL), PS_EFAULT);
}
END_TEST

/* ---- services and protocols ------------------------------------------------------------------ */

/* Rows: R115. Traps: RES-12. */
START_TEST(getservbyname_knows_the_usual_services)
{
    static const struct {
        const char *name;
        const char *proto;
        int port;
    } rows[] = {
        {"http", "tcp", 80}, {"http", NULL, 80},    {"www", "tcp", 80},    {"ssh", "tcp", 22},
        {"ssh", NULL, 22},   {"domain", "tcp", 53}, {"domain", "udp", 53}, {"domain", NULL, 53},
        {"tftp", "udp", 69}, {"https", "tcp", 443}, {"smtp", "tcp", 25},   {"ftp", "tcp", 21},
        {"ntp", "udp", 123}, {"imaps", "tcp", 993},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        int port = -1;

        ck_assert_msg(ps_getservbyname(rows[i].name, rows[i].proto, &port) == 0, "no %s",
                      rows[i].name);
        ck_assert_int_eq(port, rows[i].port);
    }
}
END_TEST

/* Upper and lower case count, also where the system takes no notice of them. */
/* Rows: R115. */
START_TEST(getservbyname_refuses)
{
    static const char *const rows[][2] = {
        {"HTTP", "tcp"},
        {"http", "TCP"},
        {"Http", NULL},
        {"tftp", "tcp"},
        {"no-such-service", "tcp"},
        {"", NULL},
        {"http", "proto"},
        {"http", ""},
        {"80", "tcp"},
        {" http", "tcp"},
    };
    char name[5000];
    int port;

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        port = -1;
        ck_assert_msg(ps_getservbyname(rows[i][0], rows[i][1], &port) == PS_NO_SERVICE, "row %u",
                      (unsigned)i);
        ck_assert_int_eq(port, 0);
    }
    memset(name, 'a', sizeof name);
    name[sizeof name - 1] = '\0';
    ck_assert_code(ps_getservbyname(name, "tcp", &port), PS_NO_SERVICE);
    ck_assert_code(ps_getservbyname("http", name, &port), PS_NO_SERVICE);
    ck_assert_code(ps_getservbyname(NULL, "tcp", &port), PS_EFAULT);
    ck_assert_code(ps_getservbyname("http", "tcp", NULL), PS_EFAULT);
}
END_TEST

/* Rows: R116. */
START_TEST(getservbyport_knows_the_usual_services)
{
    static const struct {
        int port;
        const char *proto;
        const char *name;
    } rows[] = {
        {80, "tcp", "http"},   {80, NULL, "http"},    {22, "tcp", "ssh"},  {53, "tcp", "domain"},
        {53, "udp", "domain"}, {69, "udp", "tftp"},   {25, "tcp", "smtp"}, {21, NULL, "ftp"},
        {123, "udp", "ntp"},   {443, "tcp", "https"},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char name[PS_SERVICE_MAX];

        ck_assert_ok(ps_getservbyport(rows[i].port, rows[i].proto, name, sizeof name));
        ck_assert_str_eq(name, rows[i].name);
    }
}
END_TEST

/* Rows: R116. */
START_TEST(getservbyport_refuses)
{
    char name[PS_SERVICE_MAX] = "x";

    ck_assert_code(ps_getservbyport(-1, "tcp", name, sizeof name), PS_BAD_PORT);
    ck_assert_str_eq(name, "");
    ck_assert_code(ps_getservbyport(65536, "tcp", name, sizeof name), PS_BAD_PORT);
    ck_assert_code(ps_getservbyport(65536 + 80, "tcp", name, sizeof name), PS_BAD_PORT);
    ck_assert_code(ps_getservbyport(NO_SERVICE_PORT, "tcp", name, sizeof name), PS_NO_SERVICE);
    ck_assert_code(ps_getservbyport(NO_SERVICE_PORT, NULL, name, sizeof name), PS_NO_SERVICE);
    ck_assert_code(ps_getservbyport(69, "tcp", name, sizeof name), PS_NO_SERVICE);
    ck_assert_code(ps_getservbyport(80, "TCP", name, sizeof name), PS_NO_SERVICE);
    ck_assert_code(ps_getservbyport(80, "tcp", NULL, 0), PS_EFAULT);
}
END_TEST

START_TEST(getservbyport_fills_exact_buffers)
{
    char name[5];

    ck_assert_ok(ps_getservbyport(80, "tcp", name, 5));
    ck_assert_str_eq(name, "http");
    ck_assert_code(ps_getservbyport(80, "tcp", name, 4), PS_BAD_LENGTH);
    ck_assert_str_eq(name, "");
    ck_assert_code(ps_getservbyport(80, "tcp", name, 0), PS_BAD_LENGTH);
}
END_TEST

/* Rows: R114. Traps: RES-12. */
START_TEST(getprotobyname_knows_the_usual_protocols)
{
    static const struct {
        const char *name;
        int number;
    } rows[] = {
        {"ip", 0},    {"icmp", IPPROTO_ICMP}, {"tcp", IPPROTO_TCP}, {"udp", IPPROTO_UDP},
        {"ipv6", 41}, {"ipv6-icmp", 58},      {"TCP", IPPROTO_TCP}, {"ICMP", IPPROTO_ICMP},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        int number = -1;

        ck_assert_msg(ps_getprotobyname(rows[i].name, &number) == 0, "no %s", rows[i].name);
        ck_assert_int_eq(number, rows[i].number);
    }
}
END_TEST

/* Rows: R114. */
START_TEST(getprotobyname_refuses)
{
    static const char *const names[] = {"no-such-protocol", "", "Tcp", "6", " tcp"};
    char name[5000];
    int number;

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        number = -1;
        ck_assert_msg(ps_getprotobyname(names[i], &number) == PS_NO_PROTOCOL, "'%s'", names[i]);
        ck_assert_int_eq(number, 0);
    }
    memset(name, 'a', sizeof name);
    name[sizeof name - 1] = '\0';
    ck_assert_code(ps_getprotobyname(name, &number), PS_NO_PROTOCOL);
    ck_assert_code(ps_getprotobyname(NULL, &number), PS_EFAULT);
    ck_assert_code(ps_getprotobyname("tcp", NULL), PS_EFAULT);
}
END_TEST

/* ---- IPv6 and interfaces --------------------------------------------------------------------- */

/* Rows: R014. */
START_TEST(has_ipv6_agrees_with_making_a_socket)
{
    ps_sock s;
    int code = ps_socket(&s, AF_INET6, SOCK_STREAM, 0);

    ck_assert_int_eq(ps_has_ipv6(), code == 0);
    ck_assert_ok(ps_close(&s));
}
END_TEST

/* Traps: ADR-10 RES-18. */
START_TEST(interfaces_go_from_number_to_name_and_back)
{
    unsigned found = 0;

    for (unsigned index = 1; index < 200; index++) {
        char name[257], same[257];
        unsigned back = 0;
        int code = ps_if_indextoname(index, name, sizeof name);

        if (code != 0) {
            ck_assert_int_eq(code, PS_BAD_SCOPE);
            ck_assert_str_eq(name, "");
            continue;
        }
        found++;
        ck_assert_ok(ps_if_nametoindex(name, &back));
        ck_assert_uint_eq(back, index);
        ck_assert_ok(ps_if_indextoname(index, same, strlen(name) + 1));
        ck_assert_str_eq(same, name);
        ck_assert_code(ps_if_indextoname(index, same, strlen(name)), PS_BAD_LENGTH);
        ck_assert_str_eq(same, "");
        ck_assert_code(ps_if_indextoname(index, same, 0), PS_BAD_LENGTH);
    }
    ck_assert_uint_gt(found, 0);
}
END_TEST

/* Traps: RES-18. */
START_TEST(interfaces_that_are_not_there)
{
    static const char *const names[] = {"", "no-such-interface", "\xff", "1"};
    char name[257] = "x", long_name[5000];
    unsigned index;

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        index = 99;
        ck_assert_code(ps_if_nametoindex(names[i], &index), PS_BAD_SCOPE);
        ck_assert_uint_eq(index, 0);
    }
    memset(long_name, 'a', sizeof long_name);
    long_name[sizeof long_name - 1] = '\0';
    ck_assert_code(ps_if_nametoindex(long_name, &index), PS_BAD_SCOPE);
    ck_assert_code(ps_if_indextoname(0, name, sizeof name), PS_BAD_SCOPE);
    ck_assert_str_eq(name, "");
    ck_assert_code(ps_if_indextoname(0x7ffffff0, name, sizeof name), PS_BAD_SCOPE);
    ck_assert_code(ps_if_nametoindex(NULL, &index), PS_EFAULT);
    ck_assert_code(ps_if_nametoindex("lo", NULL), PS_EFAULT);
    ck_assert_code(ps_if_indextoname(1, NULL, 0), PS_EFAULT);
}
END_TEST

/* ---- threads --------------------------------------------------------------------------------- */

/* Each function that a C library gives one static result for all threads, on some systems. */
static void look_up_often(void *argument)
{
    int *failures = argument;

    for (int i = 0; i < 200; i++) {
        bool even = i % 2 == 0;
        char name[PS_SERVICE_MAX];
        ps_hostent *h;
        int port, number;

        if (ps_getservbyname(even ? "http" : "domain", "tcp", &port) != 0 ||
            port != (even ? 80 : 53))
            (*failures)++;
        if (ps_getservbyport(even ? 22 : 25, "tcp", name, sizeof name) != 0 ||
            strcmp(name, even ? "ssh" : "smtp") != 0)
            (*failures)++;
        if (ps_getprotobyname(even ? "tcp" : "udp", &number) != 0 || number != (even ? 6 : 17))
            (*failures)++;
        if (ps_gethostbyname_ex(even ? "localhost" : "192.0.2.1", &h) != 0 ||
            !contains(h->addresses, even ? "127.0.0.1" : "192.0.2.1"))
            (*failures)++;
        ps_freehostent(h);
    }
}

/* Rows: R012. Traps: RES-14. */
START_TEST(names_are_looked_up_in_eight_threads)
{
    test_thread *threads[8];
    int failures[8] = {0};

    for (size_t i = 0; i < 8; i++)
        threads[i] = test_thread_start(look_up_often, &failures[i]);
    for (size_t i = 0; i < 8; i++)
        test_thread_join(threads[i]);
    for (size_t i = 0; i < 8; i++)
        ck_assert_int_eq(failures[i], 0);
}
END_TEST

void add_names_tests(Suite *suite)
{
    ADD_TEST_CASE(suite, getnameinfo_gives_numbers);
    ADD_TEST_CASE(suite, getnameinfo_gives_services);
    ADD_TEST_CASE(suite, getnameinfo_gives_a_host);
    ADD_TEST_CASE(suite, getnameinfo_gives_the_number_of_a_host_without_name);
    ADD_TEST_CASE(suite, getnameinfo_name_required);
    ADD_TEST_CASE(suite, getnameinfo_fills_exact_buffers);
    ADD_TEST_CASE(suite, getnameinfo_gives_one_of_the_two);
    ADD_TEST_CASE(suite, getnameinfo_refuses_flags_and_families);
    ADD_TEST_CASE(suite, gethostname_fills_exact_buffers);
    ADD_TEST_CASE(suite, getfqdn_of_this_machine);
    ADD_TEST_CASE(suite, getfqdn_is_the_first_name_with_a_dot);
    ADD_TEST_CASE(suite, getfqdn_gives_back_what_it_cannot_look_up);
    ADD_TEST_CASE(suite, gethostbyname_reads_special_hosts);
    ADD_TEST_CASE(suite, gethostbyname_refuses);
    ADD_TEST_CASE(suite, gethostbyname_ex_of_a_literal);
    ADD_TEST_CASE(suite, gethostbyname_ex_of_localhost);
    ADD_TEST_CASE(suite, gethostbyname_ex_refuses);
    ADD_TEST_CASE(suite, gethostbyaddr_of_loopback);
    ADD_TEST_CASE(suite, gethostbyaddr_refuses);
    ADD_TEST_CASE(suite, getservbyname_knows_the_usual_services);
    ADD_TEST_CASE(suite, getservbyname_refuses);
    ADD_TEST_CASE(suite, getservbyport_knows_the_usual_services);
    ADD_TEST_CASE(suite, getservbyport_refuses);
    ADD_TEST_CASE(suite, getservbyport_fills_exact_buffers);
    ADD_TEST_CASE(suite, getprotobyname_knows_the_usual_protocols);
    ADD_TEST_CASE(suite, getprotobyname_refuses);
    ADD_TEST_CASE(suite, has_ipv6_agrees_with_making_a_socket);
    ADD_TEST_CASE(suite, interfaces_go_from_number_to_name_and_back);
    ADD_TEST_CASE(suite, interfaces_that_are_not_there);
    ADD_TEST_CASE(suite, names_are_looked_up_in_eight_threads);
}
