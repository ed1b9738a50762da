/* Names: what the resolver gives and how it fails, host entries of every shape, and no memory
 * for them. */
#include "fake.h"

static const char *const two_hosts[] = {"[2001:db8::1]:0", "192.0.2.1:0", NULL};

/* ---- ps_getaddrinfo -------------------------------------------------------------------------- */

static size_t list_length(const ps_addrinfo *list)
{
    size_t length = 0;

    for (; list; list = list->next)
        length++;
    return length;
}

/* The system is not asked for it. */
START_TEST(addresses_of_an_address_and_a_number)
{
    static const int types[] = {SOCK_STREAM, SOCK_DGRAM};
    static const int protos[] = {IPPROTO_TCP, IPPROTO_UDP};
    ps_addrinfo *list;

    for (int i = 0; i < 2; i++) {
        ck_assert_ok(ps_getaddrinfo("192.0.2.1", "80", AF_UNSPEC, types[i], 0, 0, &list));
        ck_assert_uint_eq(list_length(list), 1);
        ck_assert_int_eq(list->type, types[i]);
        ck_assert_int_eq(list->proto, protos[i]);
        ck_assert_int_eq(ps_addr_port(&list->addr), 80);
        ck_assert_str_eq(list->canonname, "");
        ps_freeaddrinfo(list);
    }
    fake_fail_allocation(1);
    ck_assert_code(ps_getaddrinfo("192.0.2.1", "80", AF_INET, SOCK_STREAM, 0, 0, &list), PS_ENOMEM);
    ck_assert(fake_allocation_failed());
    ck_assert_ptr_null(list);
    fake_fail_allocation(1);
    ck_assert_code(ps_getaddrinfo("192.0.2.1", NULL, AF_INET, SOCK_STREAM, 0, 0, &list), PS_ENOMEM);
    ck_assert_code(ps_getaddrinfo("2001:db8::1", "80", AF_INET, SOCK_STREAM, 0, 0, &list),
                   PS_EAI_ADDRFAMILY);
    fake_done();
}
END_TEST

/* RES-4: the same list on every system, for each kind of socket. */
/* Traps: RES-4. */
START_TEST(addresses_for_each_kind_of_socket)
{
    ps_addrinfo *list;

    expect(SYS_RESOLVE, .text = "a.example", .family = FAKE_ZERO, .flags = AI_CANONNAME,
           .addresses = two_hosts, .canonname = "b.example");
    ck_assert_ok(ps_getaddrinfo("a.example", "80", AF_UNSPEC, 0, 0,
                                AI_CANONNAME | AI_PASSIVE | AI_NUMERICSERV, &list));
    ck_assert_uint_eq(list_length(list), 6);
    ck_assert_str_eq(list->canonname, "b.example");
    ck_assert_str_eq(list->next->canonname, "");
    ck_assert_int_eq(ps_addr_port(&list->addr), 80);
    ps_freeaddrinfo(list);

    /* Asked for a canonical name, the system gives none. */
    expect(SYS_RESOLVE, .addresses = two_hosts);
    ck_assert_ok(ps_getaddrinfo("a.example", NULL, AF_UNSPEC, SOCK_STREAM, 0, AI_CANONNAME, &list));
    ck_assert_uint_eq(list_length(list), 2);
    ck_assert_str_eq(list->canonname, "");
    ps_freeaddrinfo(list);
    fake_done();
}
END_TEST

/* RES-1: every failure of the resolver is told, and so is a system that finds nothing and calls
 * it success. */
/* Traps: RES-1. */
START_TEST(addresses_that_the_resolver_does_not_give)
{
    static const int codes[] = {PS_EAI_AGAIN, PS_EAI_FAIL, PS_EAI_NONAME, PS_EAI_MEMORY, PS_EMFILE};
    ps_addrinfo *list;

    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++) {
        expect(SYS_RESOLVE, .result = codes[i]);
        ck_assert_code(ps_getaddrinfo("a.example", NULL, AF_UNSPEC, 0, 0, 0, &list), codes[i]);
        ck_assert_ptr_null(list);
        /* Some came before the failure. */
        expect(SYS_RESOLVE, .addresses = two_hosts, .result = codes[i]);
        ck_assert_code(ps_getaddrinfo("a.example", NULL, AF_UNSPEC, 0, 0, 0, &list), codes[i]);
        ck_assert_ptr_null(list);
    }
    expect(SYS_RESOLVE, .result = 0);
    ck_assert_code(ps_getaddrinfo("a.example", NULL, AF_UNSPEC, 0, 0, 0, &list), PS_EAI_NONAME);
    fake_done();
}
END_TEST

/* Each allocation fails once; nothing is lost. */
START_TEST(addresses_without_memory)
{
    ps_addrinfo *list;
    unsigned n = 0;

    do {
        int code;

        expect(SYS_RESOLVE, .addresses = two_hosts);
        fake_fail_allocation(++n);
        code = ps_getaddrinfo("a.example", NULL, AF_UNSPEC, SOCK_STREAM, 0, 0, &list);
        ck_assert_code(code, fake_allocation_failed() ? PS_ENOMEM : 0);
        ps_freeaddrinfo(list);
        fake_done();
    } while (fake_allocation_failed());
    ck_assert_uint_ge(n, 3);

    for (int flags = 0; flags != 2 * AI_PASSIVE; flags += AI_PASSIVE) {
        n = 0;
        do {
            int code;

            fake_fail_allocation(++n);
            code = ps_getaddrinfo(NULL, "80", AF_UNSPEC, SOCK_STREAM, 0, flags, &list);
            ck_assert_code(code, fake_allocation_failed() ? PS_ENOMEM : 0);
            ps_freeaddrinfo(list);
            fake_done();
        } while (fake_allocation_failed());
        ck_assert_uint_ge(n, 3);
    }
}
END_TEST

/* ADR-10: the scope of a literal is a number or an interface's name, which only the system
 * knows. */
/* Traps: ADR-10. */
START_TEST(scope_of_a_literal)
{
    ps_addrinfo *list;
    unsigned scope;
    ps_addr a;

    expect(SYS_INTERFACE_INDEX, .text = "eth9", .number = 9);
    ck_assert_ok(ps_getaddrinfo("fe80::1%eth9", NULL, AF_UNSPEC, SOCK_STREAM, 0, 0, &list));
    ck_assert_ok(ps_addr_get_inet6(&list->addr, NULL, &scope));
    ck_assert_uint_eq(scope, 9);
    ps_freeaddrinfo(list);
    expect(SYS_INTERFACE_INDEX, .text = "nothing", .result = PS_BAD_SCOPE);
    ck_assert_code(ps_getaddrinfo("fe80::1%nothing", NULL, AF_UNSPEC, SOCK_STREAM, 0, 0, &list),
                   PS_EAI_NONAME);
    /* A mapped address is given to those who ask for inet, which has no scopes. */
    expect(SYS_INTERFACE_INDEX, .text = "eth9", .number = 9);
    ck_assert_ok(ps_getaddrinfo("::ffff:192.0.2.1%eth9", NULL, AF_INET, SOCK_STREAM, 0, 0, &list));
    ck_assert_int_eq(list->family, AF_INET);
    ps_freeaddrinfo(list);

    expect(SYS_INTERFACE_INDEX, .text = "eth9", .number = 9);
    ck_assert_ok(ps_addr_inet6(&a, "fe80::1%eth9", 80, 0, 0));
    ck_assert_uint_eq(a.in6.sin6_scope_id, 9);
    expect(SYS_INTERFACE_INDEX, .result = PS_BAD_SCOPE);
    ck_assert_code(ps_addr_inet6(&a, "fe80::1%eth9", 80, 0, 0), PS_BAD_SCOPE);
    expect(SYS_INTERFACE_INDEX, .result = PS_BAD_SCOPE);
    ck_assert_code(ps_addr_inet(&a, "fe80::1%eth9", 80), PS_EAI_NONAME);
    expect(SYS_INTERFACE_INDEX, .result = PS_EMFILE);
    ck_assert_code(ps_addr_inet(&a, "fe80::1%eth9", 80), PS_EMFILE);
    fake_done();
}
END_TEST

/* ---- the first address of a name ------------------------------------------------------------- */

START_TEST(first_address_of_a_name)
{
    char text[16];
    ps_addr a;

    expect(SYS_RESOLVE, .text = "a.example", .family = AF_INET,
           .addresses = (const char *const[]){"192.0.2.1:0", "192.0.2.2:0", NULL});
    ck_assert_ok(ps_gethostbyname("a.example", text));
    ck_assert_str_eq(text, "192.0.2.1");
    /* Success, and nothing in it. */
    expect(SYS_RESOLVE, .result = 0);
    ck_assert_code(ps_gethostbyname("a.example", text), PS_EAI_NONAME);
    ck_assert_str_eq(text, "");
    expect(SYS_RESOLVE, .addresses = two_hosts, .result = PS_EAI_AGAIN);
    ck_assert_code(ps_addr_inet6(&a, "a.example", 80, 0, 0), PS_EAI_AGAIN);
    ck_assert(a.len == 0);
    fake_done();
}
END_TEST

/* ---- host entries ---------------------------------------------------------------------------- */

static char packed[] = {(char)192, 0, 2, 1};
static char *addresses[] = {packed, NULL};
static char name[] = "host";
static char alias_one[] = "alias";
static char alias_two[] = "host.example";
static char *aliases[] = {alias_one, alias_two, NULL};

START_TEST(entries_of_every_shape)
{
    static char packed6[16] = {0x20, 0x01};
    static char *addresses6[] = {packed6, NULL};
    struct hostent full = {.h_name = name,
                           .h_aliases = aliases,
                           .h_addrtype = AF_INET,
                           .h_length = 4,
                           .h_addr_list = addresses};
    struct hostent bare = {.h_addrtype = AF_INET, .h_length = 4};
    struct hostent six = {
        .h_name = name, .h_addrtype = AF_INET6, .h_length = 16, .h_addr_list = addresses6};
    ps_hostent *h;

    expect(SYS_RESOLVE, .addresses = (const char *const[]){"192.0.2.1:0", NULL});
    expect(SYS_HOST_BY_NAME, .text = "host", .family = AF_INET, .entry = &full);
    ck_assert_ok(ps_gethostbyname_ex("host", &h));
    ck_assert_str_eq(h->name, "host");
    ck_assert_str_eq(h->aliases[1], "host.example");
    ck_assert_ptr_null(h->aliases[2]);
    ck_assert_str_eq(h->addresses[0], "192.0.2.1");
    ps_freehostent(h);

    expect(SYS_HOST_BY_ADDRESS, .to = "192.0.2.1:0", .entry = &bare);
    ck_assert_ok(ps_gethostbyaddr("192.0.2.1", &h));
    ck_assert_str_eq(h->name, "");
    ck_assert_ptr_null(h->aliases[0]);
    ck_assert_ptr_null(h->addresses[0]);
    ps_freehostent(h);

    expect(SYS_HOST_BY_ADDRESS, .to = "[2001::]:0", .entry = &six);
    ck_assert_ok(ps_gethostbyaddr("2001::", &h));
    ck_assert_str_eq(h->addresses[0], "2001::");
    ps_freehostent(h);

    /* Another family than was asked for, and one that no text is known of. */
    expect(SYS_HOST_BY_ADDRESS, .entry = &six);
    ck_assert_code(ps_gethostbyaddr("192.0.2.1", &h), PS_EAFNOSUPPORT);
    ck_assert_ptr_null(h);
    fake_done();
}
END_TEST

/* An address that the system's entry has twice is given once, in the order of the first; and
 * there is no memory to see that. */
START_TEST(entry_with_addresses_that_repeat)
{
    enum { DIFFERENT = 20 };
    static char bytes[DIFFERENT][4];
    static char *repeated[2 * DIFFERENT + 1];
    struct hostent entry = {
        .h_name = name, .h_addrtype = AF_INET, .h_length = 4, .h_addr_list = repeated};
    ps_hostent *h;

    for (int i = 0; i < DIFFERENT; i++) {
        bytes[i][0] = 10;
        bytes[i][3] = (char)i;
        repeated[i] = repeated[DIFFERENT + i] = bytes[i];
    }
    expect(SYS_HOST_BY_ADDRESS, .entry = &entry);
    ck_assert_ok(ps_gethostbyaddr("192.0.2.1", &h));
    ck_assert_str_eq(h->addresses[0], "10.0.0.0");
    ck_assert_str_eq(h->addresses[DIFFERENT - 1], "10.0.0.19");
    ck_assert_ptr_null(h->addresses[DIFFERENT]);
    ps_freehostent(h);

    for (unsigned n = 1; n <= 3; n++) {
        expect(SYS_HOST_BY_ADDRESS, .entry = &entry);
        fake_fail_allocation(n);
        ck_assert_code(ps_gethostbyaddr("192.0.2.1", &h), PS_ENOMEM);
        ck_assert_ptr_null(h);
    }
    fake_done();
}
END_TEST

/* RES-11: the kinds of failure stay apart. */
/* Traps: RES-11. */
START_TEST(entries_that_the_system_does_not_give)
{
    ps_hostent *h;

    expect(SYS_RESOLVE, .addresses = two_hosts + 1);
    expect(SYS_HOST_BY_NAME, .result = PS_TRY_AGAIN);
    ck_assert_code(ps_gethostbyname_ex("host", &h), PS_TRY_AGAIN);
    expect(SYS_HOST_BY_ADDRESS, .result = PS_HOST_NOT_FOUND);
    ck_assert_code(ps_gethostbyaddr("192.0.2.1", &h), PS_HOST_NOT_FOUND);
    expect(SYS_RESOLVE, .result = PS_EAI_AGAIN);
    ck_assert_code(ps_gethostbyaddr("host", &h), PS_EAI_AGAIN);
    expect(SYS_INTERFACE_INDEX, .result = PS_BAD_SCOPE);
    ck_assert_code(ps_gethostbyaddr("fe80::1%x", &h), PS_EAI_NONAME);
    expect(SYS_HOST_BY_ADDRESS, .to = "255.255.255.255:0", .result = PS_HOST_NOT_FOUND);
    ck_assert_code(ps_gethostbyaddr("<broadcast>", &h), PS_HOST_NOT_FOUND);
    ck_assert_ptr_null(h);
    fake_done();
}
END_TEST

START_TEST(entries_without_memory)
{
    struct hostent full = {.h_name = name,
                           .h_aliases = aliases,
                           .h_addrtype = AF_INET,
                           .h_length = 4,
                           .h_addr_list = addresses};
    ps_hostent *h;

    expect(SYS_HOST_BY_ADDRESS, .entry = &full);
    fake_fail_allocation(1);
    ck_assert_code(ps_gethostbyaddr("192.0.2.1", &h), PS_ENOMEM);
    ck_assert_ptr_null(h);
    fake_fail_allocation(1);
    ck_assert_code(ps_gethostbyname_ex("127.0.0.1", &h), PS_ENOMEM);
    fake_done();
}
END_TEST

/* RES-9, RES-15: the older functions know no IDNA; a name beyond ASCII is looked up under its
 * canonical name. */
/* Traps: RES-9 RES-15. */
START_TEST(entry_of_a_name_beyond_ascii)
{
    const char *host = "b\xc3\xbc"
                       "cher.example";
    const char *const *found = two_hosts + 1;
    struct hostent full = {.h_name = name,
                           .h_aliases = aliases,
                           .h_addrtype = AF_INET,
                           .h_length = 4,
                           .h_addr_list = addresses};
    ps_hostent *h;

    expect(SYS_RESOLVE, .text = host, .flags = AI_NUMERICHOST, .result = PS_EAI_NONAME);
    expect(SYS_RESOLVE, .text = host, .family = AF_INET, .addresses = found);
    expect(SYS_RESOLVE, .flags = AI_NUMERICHOST, .result = PS_EAI_NONAME);
    expect(SYS_RESOLVE, .text = host, .flags = AI_CANONNAME,
           .addresses = (const char *const[]){"192.0.2.1:0", "192.0.2.2:0", NULL},
           .canonname = "xn--bcher-kva.example");
    expect(SYS_HOST_BY_NAME, .text = "xn--bcher-kva.example", .entry = &full);
    ck_assert_ok(ps_gethostbyname_ex(host, &h));
    ps_freehostent(h);

    /* Without a canonical name it is tried as it is. */
    expect(SYS_RESOLVE, .flags = AI_NUMERICHOST, .result = PS_EAI_NONAME);
    expect(SYS_RESOLVE, .addresses = found);
    expect(SYS_RESOLVE, .flags = AI_NUMERICHOST, .result = PS_EAI_NONAME);
    expect(SYS_RESOLVE, .addresses = found);
    expect(SYS_HOST_BY_NAME, .text = host, .result = PS_HOST_NOT_FOUND);
    ck_assert_code(ps_gethostbyname_ex(host, &h), PS_HOST_NOT_FOUND);

    expect(SYS_RESOLVE, .flags = AI_NUMERICHOST, .result = PS_EAI_NONAME);
    expect(SYS_RESOLVE, .addresses = found);
    expect(SYS_RESOLVE, .flags = AI_NUMERICHOST, .result = PS_EAI_NONAME);
    expect(SYS_RESOLVE, .result = PS_EAI_AGAIN);
    ck_assert_code(ps_gethostbyname_ex(host, &h), PS_EAI_AGAIN);
    fake_done();
}
END_TEST

/* Traps: RES-17. */
START_TEST(qualified_name_of_this_machine)
{
    struct hostent entry = {.h_name = name,
                            .h_aliases = aliases,
                            .h_addrtype = AF_INET,
                            .h_length = 4,
                            .h_addr_list = addresses};
    char fqdn[PS_HOST_MAX];

    /* The first name with a dot. */
    expect(SYS_HOST_SELF, .output = "192.0.2.1");
    expect(SYS_HOST_BY_ADDRESS, .to = "192.0.2.1:0", .entry = &entry);
    ck_assert_ok(ps_getfqdn(NULL, fqdn, sizeof fqdn));
    ck_assert_str_eq(fqdn, "host.example");
    entry.h_name = alias_two;
    expect(SYS_HOST_BY_ADDRESS, .entry = &entry);
    ck_assert_ok(ps_getfqdn("192.0.2.1", fqdn, sizeof fqdn));
    ck_assert_str_eq(fqdn, "host.example");
    /* None has a dot. */
    entry.h_name = name;
    aliases[1] = NULL;
    expect(SYS_HOST_BY_ADDRESS, .entry = &entry);
    ck_assert_ok(ps_getfqdn("192.0.2.1", fqdn, sizeof fqdn));
    ck_assert_str_eq(fqdn, "host");
    aliases[1] = alias_two;

    expect(SYS_HOST_SELF, .result = PS_EIO);
    ck_assert_code(ps_getfqdn("", fqdn, sizeof fqdn), PS_EIO);
    expect(SYS_HOST_BY_ADDRESS, .result = PS_HOST_NOT_FOUND);
    ck_assert_ok(ps_getfqdn("192.0.2.1", fqdn, sizeof fqdn));
    ck_assert_str_eq(fqdn, "192.0.2.1");

    /* RES-17: a name that does not fit. */
    expect(SYS_HOST_SELF, .output = "host");
    ck_assert_code(ps_gethostname(fqdn, 4), PS_BAD_LENGTH);
    expect(SYS_HOST_SELF, .result = PS_EIO);
    ck_assert_code(ps_gethostname(fqdn, sizeof fqdn), PS_EIO);
    fake_done();
}
END_TEST

/* ---- services and protocols ------------------------------------------------------------------ */

/* RES-12: some systems take no notice of capitals, and no two have the same aliases. */
/* Traps: RES-12. */
START_TEST(services_where_capitals_do_not_count)
{
    int port;

    expect(SYS_SERVICE_PORT, .text = "HTTP", .service_proto = "tcp", .number = 80);
    expect(SYS_SERVICE_NAME, .value = 80, .output = "http");
    ck_assert_code(ps_getservbyname("HTTP", "tcp", &port), PS_NO_SERVICE);
    ck_assert_int_eq(port, 0);
    expect(SYS_SERVICE_PORT, .text = "X11", .number = 6000);
    expect(SYS_SERVICE_NAME, .value = 6000, .output = "X11");
    ck_assert_ok(ps_getservbyname("X11", NULL, &port));
    ck_assert_int_eq(port, 6000);
    expect(SYS_SERVICE_PORT, .text = "X11", .number = 6000);
    expect(SYS_SERVICE_NAME, .value = 6000, .result = PS_NO_SERVICE);
    ck_assert_code(ps_getservbyname("X11", NULL, &port), PS_NO_SERVICE);
    /* Not asked at all. */
    ck_assert_code(ps_getservbyname("http", "TCP", &port), PS_NO_SERVICE);
    fake_done();
}
END_TEST

/* RES-12: a system without a database knows the usual services. */
/* Traps: RES-12. */
START_TEST(services_without_a_database)
{
    char text[16];
    int port;

    expect(SYS_SERVICE_PORT, .result = PS_NO_SERVICE);
    ck_assert_ok(ps_getservbyname("www", "tcp", &port));
    ck_assert_int_eq(port, 80);
    expect(SYS_SERVICE_PORT, .result = PS_NO_SERVICE);
    ck_assert_ok(ps_getservbyname("domain", "udp", &port));
    ck_assert_int_eq(port, 53);
    expect(SYS_SERVICE_PORT, .result = PS_NO_SERVICE);
    ck_assert_code(ps_getservbyname("http", "udp", &port), PS_NO_SERVICE);
    expect(SYS_SERVICE_PORT, .result = PS_NO_SERVICE);
    ck_assert_code(ps_getservbyname("bootps", "tcp", &port), PS_NO_SERVICE);
    expect(SYS_SERVICE_PORT, .result = PS_NO_SERVICE);
    ck_assert_code(ps_getservbyname("http", "sctp", &port), PS_NO_SERVICE);
    expect(SYS_SERVICE_PORT, .result = PS_EMFILE);
    ck_assert_code(ps_getservbyname("no-such-service", NULL, &port), PS_EMFILE);

    expect(SYS_SERVICE_NAME, .value = 25, .result = PS_NO_SERVICE);
    ck_assert_ok(ps_getservbyport(25, NULL, text, sizeof text));
    ck_assert_str_eq(text, "smtp");
    expect(SYS_SERVICE_NAME, .result = PS_NO_SERVICE);
    ck_assert_code(ps_getservbyport(25, "udp", text, sizeof text), PS_NO_SERVICE);
    expect(SYS_SERVICE_NAME, .output = "smtp");
    ck_assert_code(ps_getservbyport(25, NULL, text, 4), PS_BAD_LENGTH);
    expect(SYS_SERVICE_NAME, .result = PS_NO_SERVICE);
    ck_assert_code(ps_getservbyport(25, NULL, text, 4), PS_BAD_LENGTH);
    ck_assert_code(ps_getservbyport(25, "TCP", text, sizeof text), PS_NO_SERVICE);
    fake_done();
}
END_TEST

/* Traps: RES-12. */
START_TEST(protocols_without_a_database)
{
    int proto;

    expect(SYS_PROTOCOL, .text = "tcp", .result = PS_NO_PROTOCOL);
    ck_assert_ok(ps_getprotobyname("tcp", &proto));
    ck_assert_int_eq(proto, 6);
    ck_assert_ok(ps_getprotobyname("UDP", &proto));
    ck_assert_int_eq(proto, 17);
    ck_assert_code(ps_getprotobyname("Udp", &proto), PS_NO_PROTOCOL);
    expect(SYS_PROTOCOL, .text = "st", .number = 5);
    ck_assert_ok(ps_getprotobyname("st", &proto));
    ck_assert_int_eq(proto, 5);
    expect(SYS_PROTOCOL, .result = PS_NO_PROTOCOL);
    ck_assert_code(ps_getprotobyname("st", &proto), PS_NO_PROTOCOL);
    fake_done();
}
END_TEST

/* RES-4: a service that has no name with a protocol leaves that kind of socket out. */
/* Traps: RES-4. */
START_TEST(services_of_some_kinds_of_sockets)
{
    ps_addrinfo *list;

    expect(SYS_SERVICE_PORT, .text = "x", .service_proto = "tcp", .result = PS_NO_SERVICE);
    expect(SYS_SERVICE_PORT, .text = "x", .service_proto = "udp", .number = 99);
    ck_assert_ok(ps_getaddrinfo("127.0.0.1", "x", AF_UNSPEC, 0, 0, 0, &list));
    ck_assert_uint_eq(list_length(list), 1);
    ck_assert_int_eq(list->type, SOCK_DGRAM);
    ck_assert_int_eq(ps_addr_port(&list->addr), 99);
    ps_freeaddrinfo(list);
    expect(SYS_SERVICE_PORT, .times = 2, .result = PS_NO_SERVICE);
    ck_assert_code(ps_getaddrinfo("127.0.0.1", "x", AF_UNSPEC, 0, 0, 0, &list), PS_EAI_SERVICE);
    fake_done();
}
END_TEST

/* ---- ps_getnameinfo and interfaces ----------------------------------------------------------- */

/* Traps: RES-16. */
START_TEST(names_of_an_address)
{
    ps_addr a = fake_address("192.0.2.1:80");
    char host[PS_HOST_MAX], service[32];

    expect(SYS_HOST_NAME, .to = "192.0.2.1:80", .output = "a.example");
    expect(SYS_SERVICE_NAME, .value = 80, .service_proto = "udp", .output = "x");
    ck_assert_ok(ps_getnameinfo(&a, NI_DGRAM, host, sizeof host, service, sizeof service));
    ck_assert_str_eq(host, "a.example");
    ck_assert_str_eq(service, "x");

    /* A resolver that cannot answer leaves the host without a name. */
    expect(SYS_HOST_NAME, .result = PS_EAI_AGAIN);
    ck_assert_ok(ps_getnameinfo(&a, NI_NUMERICSERV, host, sizeof host, service, sizeof service));
    ck_assert_str_eq(host, "192.0.2.1");
    expect(SYS_HOST_NAME, .result = PS_EAI_AGAIN);
    ck_assert_code(ps_getnameinfo(&a, NI_NAMEREQD, host, sizeof host, NULL, 0), PS_EAI_AGAIN);
    expect(SYS_HOST_NAME, .result = PS_EAI_MEMORY);
    ck_assert_code(ps_getnameinfo(&a, 0, host, sizeof host, NULL, 0), PS_EAI_MEMORY);
    expect(SYS_HOST_NAME, .result = PS_EMFILE);
    ck_assert_code(ps_getnameinfo(&a, 0, host, sizeof host, service, sizeof service), PS_EMFILE);
    ck_assert_str_eq(host, "");
    /* RES-16. */
    expect(SYS_HOST_NAME, .output = "a.example");
    ck_assert_code(ps_getnameinfo(&a, 0, host, 9, NULL, 0), PS_EAI_OVERFLOW);
    fake_done();
}
END_TEST

/* RES-18. */
/* Traps: RES-18. */
START_TEST(interfaces_of_the_system)
{
    unsigned index;
    char text[16];

    expect(SYS_INTERFACE_INDEX, .text = "eth0", .number = 2);
    ck_assert_ok(ps_if_nametoindex("eth0", &index));
    ck_assert_uint_eq(index, 2);
    expect(SYS_INTERFACE_INDEX, .result = PS_BAD_SCOPE);
    ck_assert_code(ps_if_nametoindex("eth1", &index), PS_BAD_SCOPE);
    ck_assert_uint_eq(index, 0);
    expect(SYS_INTERFACE_NAME, .value = 2, .output = "eth0");
    ck_assert_ok(ps_if_indextoname(2, text, sizeof text));
    ck_assert_str_eq(text, "eth0");
    expect(SYS_INTERFACE_NAME, .result = PS_BAD_SCOPE);
    ck_assert_code(ps_if_indextoname(3, text, sizeof text), PS_BAD_SCOPE);
    ck_assert_str_eq(text, "");
    fake_done();
}
END_TEST

void add_resolve_tests(Suite *suite)
{
    ADD_TEST_CASE(suite, addresses_of_an_address_and_a_number);
    ADD_TEST_CASE(suite, addresses_for_each_kind_of_socket);
    ADD_TEST_CASE(suite, addresses_that_the_resolver_does_not_give);
    ADD_TEST_CASE(suite, addresses_without_memory);
    ADD_TEST_CASE(suite, scope_of_a_literal);
    ADD_TEST_CASE(suite, first_address_of_a_name);
    ADD_TEST_CASE(suite, entries_of_every_shape);
    ADD_TEST_CASE(suite, entry_with_addresses_that_repeat);
    ADD_TEST_CASE(suite, entries_that_the_system_does_not_give);
    ADD_TEST_CASE(suite, entries_without_memory);
    ADD_TEST_CASE(suite, entry_of_a_name_beyond_ascii);
    ADD_TEST_CASE(suite, qualified_name_of_this_machine);
    ADD_TEST_CASE(suite, services_where_capitals_do_not_count);
    ADD_TEST_CASE(suite, services_without_a_database);
    ADD_TEST_CASE(suite, protocols_without_a_database);
    ADD_TEST_CASE(suite, services_of_some_kinds_of_sockets);
    ADD_TEST_CASE(suite, names_of_an_address);
    ADD_TEST_CASE(suite, interfaces_of_the_system);
}
