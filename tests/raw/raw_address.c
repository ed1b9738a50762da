/* Addresses and names (traps ADR, RES). */
#include "raw.h"

/* ADR-1, SND-14: the numbers of one name differ. */
/* Shows: ADR-1 SND-14 RAW-7. */
START_TEST(raw_numbers_differ)
{
    ck_assert_int_eq(SOL_SOCKET == 1, RAW(1, 0));
    ck_assert_int_eq(MSG_WAITALL == 8, RAW(0, 1));
    ck_assert_int_eq(AF_INET6 == 23, RAW(0, 1));
    ck_assert_uint_eq(sizeof(struct linger), RAW(8, 4));
}
END_TEST

/* ADR-4: Winsock writes into the buffer of a text that it refuses. */
/* Shows: ADR-4. */
START_TEST(raw_inet_pton_writes_when_it_fails)
{
    unsigned char packed[4] = {9, 9, 9, 9};

    raw_start();
    ck_assert_int_eq(inet_pton(AF_INET, "1.2.3.4 ", packed), 0);
    ck_assert_int_eq(packed[0], RAW(9, 1));
}
END_TEST

/* ADR-6: 255.255.255.255 is what inet_addr says of a mistake, and it takes what follows a blank. */
/* Shows: ADR-6. */
START_TEST(raw_inet_addr_cannot_tell)
{
    raw_start();
    ck_assert_uint_eq(inet_addr("255.255.255.255"), INADDR_NONE);
    ck_assert_uint_eq(inet_addr("no address"), INADDR_NONE);
    ck_assert_uint_eq(inet_addr("1.2.3.4 junk"), htonl(0x01020304));
}
END_TEST

/* ADR-15: the name of a socket that has none yet. */
/* Shows: ADR-15. */
START_TEST(raw_unbound_socket_has_no_name)
{
    struct sockaddr_in a;
    socklen_t length = sizeof a;
    ps_handle h;

    raw_start();
    h = raw_socket(AF_INET, SOCK_STREAM);
#ifdef _WIN32
    raw_fails(getsockname(h, (struct sockaddr *)&a, &length), 0, WSAEINVAL);
#else
    ck_assert_int_eq(getsockname(h, (struct sockaddr *)&a, &length), 0);
    ck_assert_int_eq(a.sin_port, 0);
#endif
    raw_close(h);
}
END_TEST

/* ADR-17: Linux tells that a stream has no sender's address, Windows leaves the caller's bytes
 * as they were. */
/* Shows: ADR-17. */
START_TEST(raw_stream_tells_no_sender)
{
    struct sockaddr_in a;
    socklen_t length = sizeof a;
    ps_handle client, server;
    char byte;

    raw_start();
    raw_pair(&client, &server);
    memset(&a, 0x5a, sizeof a);
    ck_assert_int_eq(raw_send(client, "x", 1, 0), 1);
    ck_assert_int_eq((int)recvfrom(server, &byte, 1, 0, (struct sockaddr *)&a, &length), 1);
#ifdef __linux__
    ck_assert_int_eq((int)length, 0);
#elif defined _WIN32
    ck_assert_int_eq((int)length, (int)sizeof a);
    ck_assert_int_eq(a.sin_port, 0x5a5a);
#endif
    raw_close(client);
    raw_close(server);
}
END_TEST

/* Hints to getaddrinfo: no look-up. */
static struct addrinfo numeric_stream(int family)
{
    struct addrinfo hints;

    memset(&hints, 0, sizeof hints);
    hints.ai_family = family;
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = AI_NUMERICHOST;
    return hints;
}

/* RES-5, ADR-9: a port that is none becomes another one. */
/* Shows: ADR-9 RES-5. */
START_TEST(raw_port_is_cut)
{
    const struct addrinfo hints = numeric_stream(AF_INET);
    struct addrinfo *list = NULL;
    int code;

    raw_start();
    code = getaddrinfo("127.0.0.1", "65536", &hints, &list);
#if defined _WIN32 || defined __GLIBC__
    ck_assert_int_eq(code, 0);
    ck_assert_int_eq(((struct sockaddr_in *)(void *)list->ai_addr)->sin_port, 0);
#endif
    if (code == 0)
        freeaddrinfo(list);
    ck_assert_int_eq(htons((unsigned short)65616), htons(80));
}
END_TEST

static int lookup(const char *host, int type, int flags, int *entries, int *protocol)
{
    struct addrinfo hints, *list = NULL;
    int code;

    memset(&hints, 0, sizeof hints);
    hints.ai_family = AF_INET;
    hints.ai_socktype = type;
    hints.ai_flags = flags;
    code = getaddrinfo(host, "80", &hints, &list);
    *entries = 0;
    if (code != 0)
        return code;
    *protocol = list->ai_protocol;
    for (struct addrinfo *entry = list; entry; entry = entry->ai_next)
        ++*entries;
    freeaddrinfo(list);
    return 0;
}

/* RES-4: three entries for an address or one, with its protocol or without. */
/* Shows: RES-4. */
START_TEST(raw_entries_of_an_address)
{
    int entries, protocol;

    raw_start();
    ck_assert_int_eq(lookup("127.0.0.1", 0, AI_NUMERICHOST, &entries, &protocol), 0);
    ck_assert_int_eq(entries == 1, RAW(0, 1));
    ck_assert_int_eq(lookup("127.0.0.1", SOCK_STREAM, AI_NUMERICHOST, &entries, &protocol), 0);
    ck_assert_int_eq(protocol, RAW(IPPROTO_TCP, 0));
}
END_TEST

/* RES-1: the numbers of one mistake. */
/* Shows: RES-1. */
START_TEST(raw_resolver_numbers_differ)
{
    int entries, protocol;

    raw_start();
    ck_assert_int_eq(lookup("no address", SOCK_STREAM, AI_NUMERICHOST, &entries, &protocol),
                     EAI_NONAME);
    ck_assert_int_eq(EAI_NONAME == 11001, RAW(0, 1));
}
END_TEST

/* RES-6: Windows takes brackets for a part of a host. */
/* Shows: RES-6. */
START_TEST(raw_brackets_around_a_host)
{
    const struct addrinfo hints = numeric_stream(AF_INET6);
    struct addrinfo *list = NULL;
    int code;

    raw_start();
    code = getaddrinfo("[::1]", NULL, &hints, &list);
    ck_assert_int_eq(code == 0, RAW(0, 1));
    if (code == 0)
        freeaddrinfo(list);
}
END_TEST

/* RES-12: names of protocols in capitals. */
/* Shows: RES-12. */
START_TEST(raw_capitals_in_names)
{
    raw_start();
    ck_assert_int_eq(getprotobyname("Tcp") != NULL, RAW(0, 1));
}
END_TEST

void add_raw_address_tests(Suite *suite)
{
    ADD_TEST_CASE(suite, raw_numbers_differ);
    ADD_TEST_CASE(suite, raw_inet_pton_writes_when_it_fails);
    ADD_TEST_CASE(suite, raw_inet_addr_cannot_tell);
    ADD_TEST_CASE(suite, raw_unbound_socket_has_no_name);
    ADD_TEST_CASE(suite, raw_stream_tells_no_sender);
    ADD_TEST_CASE(suite, raw_port_is_cut);
    ADD_TEST_CASE(suite, raw_entries_of_an_address);
    ADD_TEST_CASE(suite, raw_resolver_numbers_differ);
    ADD_TEST_CASE(suite, raw_brackets_around_a_host);
    ADD_TEST_CASE(suite, raw_capitals_in_names);
}
