/* The constants by name: ps_constant and ps_constants (rows R140 to R162). */
#include "test.h"

/* ---- helpers --------------------------------------------------------------------------------- */

/* clang-format off */

#define CONSTANT(name) {#name, (long long)(name)}

/* Those that every system has. */
static const ps_constant_entry everywhere[] = {
    CONSTANT(AF_APPLETALK), CONSTANT(AF_DECnet), CONSTANT(AF_INET), CONSTANT(AF_INET6),
    CONSTANT(AF_IPX), CONSTANT(AF_IRDA), CONSTANT(AF_SNA), CONSTANT(AF_UNIX), CONSTANT(AF_UNSPEC),
    CONSTANT(AI_ADDRCONFIG), CONSTANT(AI_ALL), CONSTANT(AI_CANONNAME), CONSTANT(AI_NUMERICHOST),
    CONSTANT(AI_NUMERICSERV), CONSTANT(AI_PASSIVE), CONSTANT(AI_V4MAPPED), CONSTANT(EAI_AGAIN),
    CONSTANT(EAI_BADFLAGS), CONSTANT(EAI_FAIL), CONSTANT(EAI_FAMILY), CONSTANT(EAI_MEMORY),
    CONSTANT(EAI_NONAME), CONSTANT(EAI_SERVICE), CONSTANT(EAI_SOCKTYPE),
    CONSTANT(INADDR_ALLHOSTS_GROUP), CONSTANT(INADDR_ANY), CONSTANT(INADDR_BROADCAST),
    CONSTANT(INADDR_LOOPBACK), CONSTANT(INADDR_MAX_LOCAL_GROUP), CONSTANT(INADDR_NONE),
    CONSTANT(INADDR_UNSPEC_GROUP), CONSTANT(IPPORT_RESERVED), CONSTANT(IPPORT_USERRESERVED),
    CONSTANT(IPPROTO_AH), CONSTANT(IPPROTO_DSTOPTS), CONSTANT(IPPROTO_EGP), CONSTANT(IPPROTO_ESP),
    CONSTANT(IPPROTO_FRAGMENT), CONSTANT(IPPROTO_HOPOPTS), CONSTANT(IPPROTO_ICMP),
    CONSTANT(IPPROTO_ICMPV6), CONSTANT(IPPROTO_IDP), CONSTANT(IPPROTO_IGMP), CONSTANT(IPPROTO_IP),
    CONSTANT(IPPROTO_IPV6), CONSTANT(IPPROTO_MAX), CONSTANT(IPPROTO_NONE), CONSTANT(IPPROTO_PIM),
    CONSTANT(IPPROTO_PUP), CONSTANT(IPPROTO_RAW), CONSTANT(IPPROTO_ROUTING), CONSTANT(IPPROTO_TCP),
    CONSTANT(IPPROTO_UDP), CONSTANT(IPV6_CHECKSUM), CONSTANT(IPV6_DONTFRAG),
    CONSTANT(IPV6_HOPLIMIT), CONSTANT(IPV6_HOPOPTS), CONSTANT(IPV6_JOIN_GROUP),
    CONSTANT(IPV6_LEAVE_GROUP), CONSTANT(IPV6_MULTICAST_HOPS), CONSTANT(IPV6_MULTICAST_IF),
    CONSTANT(IPV6_MULTICAST_LOOP), CONSTANT(IPV6_PKTINFO), CONSTANT(IPV6_RECVPKTINFO),
    CONSTANT(IPV6_RECVRTHDR), CONSTANT(IPV6_RECVTCLASS), CONSTANT(IPV6_RTHDR),
    CONSTANT(IPV6_TCLASS), CONSTANT(IPV6_UNICAST_HOPS), CONSTANT(IPV6_V6ONLY),
    CONSTANT(IP_ADD_MEMBERSHIP), CONSTANT(IP_DROP_MEMBERSHIP), CONSTANT(IP_HDRINCL),
    CONSTANT(IP_MULTICAST_IF), CONSTANT(IP_MULTICAST_LOOP), CONSTANT(IP_MULTICAST_TTL),
    CONSTANT(IP_OPTIONS), CONSTANT(IP_TOS), CONSTANT(IP_TTL), CONSTANT(MSG_CTRUNC),
    CONSTANT(MSG_DONTROUTE), CONSTANT(MSG_OOB), CONSTANT(MSG_PEEK), CONSTANT(MSG_TRUNC),
    CONSTANT(MSG_WAITALL), CONSTANT(NI_DGRAM), CONSTANT(NI_MAXHOST), CONSTANT(NI_MAXSERV),
    CONSTANT(NI_NAMEREQD), CONSTANT(NI_NOFQDN), CONSTANT(NI_NUMERICHOST), CONSTANT(NI_NUMERICSERV),
    CONSTANT(SHUT_RD), CONSTANT(SHUT_RDWR), CONSTANT(SHUT_WR), CONSTANT(SOCK_DGRAM),
    CONSTANT(SOCK_RAW), CONSTANT(SOCK_RDM), CONSTANT(SOCK_SEQPACKET), CONSTANT(SOCK_STREAM),
    CONSTANT(SOL_IP), CONSTANT(SOL_SOCKET), CONSTANT(SOL_TCP), CONSTANT(SOL_UDP),
    CONSTANT(SOMAXCONN), CONSTANT(SO_ACCEPTCONN), CONSTANT(SO_BROADCAST), CONSTANT(SO_DEBUG),
    CONSTANT(SO_DONTROUTE), CONSTANT(SO_ERROR), CONSTANT(SO_KEEPALIVE), CONSTANT(SO_LINGER),
    CONSTANT(SO_OOBINLINE), CONSTANT(SO_RCVBUF), CONSTANT(SO_RCVLOWAT), CONSTANT(SO_RCVTIMEO),
    CONSTANT(SO_REUSEADDR), CONSTANT(SO_SNDBUF), CONSTANT(SO_SNDLOWAT), CONSTANT(SO_SNDTIMEO),
    CONSTANT(SO_TYPE),
    CONSTANT(TCP_KEEPCNT), CONSTANT(TCP_KEEPIDLE), CONSTANT(TCP_KEEPINTVL), CONSTANT(TCP_MAXSEG),
    CONSTANT(TCP_NODELAY),
};

/* clang-format on */

static void check_constant(const char *name, long long expected)
{
    long long value = -7;
    int code = ps_constant(name, &value);

    ck_assert_msg(code == 0, "%s gives %s", name, ps_error_name(code));
    ck_assert_msg(value == expected, "%s is %lld, not %lld", name, value, expected);
}

static void check_absent(const char *name)
{
    long long value = -7;

    ck_assert_msg(ps_constant(name, &value) == PS_NO_CONSTANT, "%s is there", name);
    ck_assert_int_eq(value, 0);
}

/* ---- tests ----------------------------------------------------------------------------------- */

/* Rows: R140 R141 R142 R143 R144 R145 R146 R149 R150 R151 R152 R153 R154. */
/* Traps: ADR-1 RAW-7 NTL-8. */
START_TEST(constants_have_their_values)
{
    for (size_t i = 0; i < sizeof everywhere / sizeof *everywhere; i++)
        check_constant(everywhere[i].name, everywhere[i].value);
}
END_TEST

/* What the reference gives a value of its own, and what no system may differ in. */
/* Rows: R145 R146 R147 R155. Traps: ADR-1. */
START_TEST(constants_of_the_reference_are_fixed)
{
    check_constant("AF_UNSPEC", 0);
    check_constant("SHUT_RD", 0);
    check_constant("SHUT_WR", 1);
    check_constant("SHUT_RDWR", 2);
    check_constant("SOCK_STREAM", 1);
    check_constant("SOCK_DGRAM", 2);
    check_constant("SOL_IP", 0);
    check_constant("SOL_TCP", 6);
    check_constant("SOL_UDP", 17);
    check_constant("IPPROTO_IP", 0);
    check_constant("IPPROTO_ICMP", 1);
    check_constant("IPPROTO_TCP", 6);
    check_constant("IPPROTO_UDP", 17);
    check_constant("IPPROTO_IPV6", 41);
    check_constant("IPPROTO_RAW", 255);
    check_constant("IPPORT_RESERVED", 1024);
    check_constant("IPPORT_USERRESERVED", 5000);
}
END_TEST

/* Rows: R148. */
START_TEST(constants_without_sign_are_positive)
{
    size_t count;
    const ps_constant_entry *entries = ps_constants(&count);

    check_constant("INADDR_ANY", 0);
    check_constant("INADDR_BROADCAST", 4294967295);
    check_constant("INADDR_LOOPBACK", 2130706433);
    check_constant("INADDR_UNSPEC_GROUP", 3758096384);
    check_constant("INADDR_ALLHOSTS_GROUP", 3758096385);
    check_constant("INADDR_MAX_LOCAL_GROUP", 3758096639);
    check_constant("INADDR_NONE", 4294967295);
    if (test_on_windows()) {
        check_constant("SIO_RCVALL", 2550136833);
        check_constant("SIO_KEEPALIVE_VALS", 2550136836);
    }
    for (size_t i = 0; i < count; i++) {
        bool error_code = strncmp(entries[i].name, "EAI_", 4) == 0;
        bool may_be_negative = error_code || strcmp(entries[i].name, "TIPC_WAIT_FOREVER") == 0 ||
                               strcmp(entries[i].name, "SO_EXCLUSIVEADDRUSE") == 0;

        ck_assert_msg(entries[i].value >= 0 || may_be_negative, "%s", entries[i].name);
    }
}
END_TEST

/* Rows: R161. */
START_TEST(constants_are_each_in_order_once)
{
    size_t count = 0;
    const ps_constant_entry *entries = ps_constants(&count);

    ck_assert_uint_gt(count, sizeof everywhere / sizeof *everywhere);
    for (size_t i = 1; i < count; i++)
        ck_assert_str_lt(entries[i - 1].name, entries[i].name);
    ck_assert_ptr_eq(ps_constants(NULL), entries);
}
END_TEST

/* Rows: R161. Traps: OPT-16. */
START_TEST(constants_are_all_found_by_name)
{
    size_t count;
    const ps_constant_entry *entries = ps_constants(&count);

    for (size_t i = 0; i < count; i++)
        check_constant(entries[i].name, entries[i].value);
}
END_TEST

/* Rows: R156 R157 R162 R163 R164. */
START_TEST(constants_that_are_no_macros_are_there)
{
    if (test_on_windows()) {
        check_constant("RCVALL_OFF", 0);
        check_constant("RCVALL_ON", 1);
        check_constant("RCVALL_SOCKETLEVELONLY", 2);
        check_constant("RCVALL_IPLEVEL", 3);
        check_constant("RCVALL_MAX", 3);
        check_constant("TCP_KEEPIDLE", 3);
        check_constant("MSG_TRUNC", 0x100);
    }
#ifdef TIPC_ZONE_SCOPE
    check_constant("TIPC_ZONE_SCOPE", 1);
    check_constant("TIPC_CLUSTER_SCOPE", 2);
    check_constant("TIPC_NODE_SCOPE", 3);
#endif
    check_constant("IPPROTO_MAX", IPPROTO_MAX);
}
END_TEST

/* Rows: R156 R157 R158 R159. Traps: OPT-16 NTL-9. */
START_TEST(constants_of_another_system_are_absent)
{
    if (test_on_windows()) {
        check_absent("AF_NETLINK");
        check_absent("AF_PACKET");
        check_absent("MSG_DONTWAIT");
        check_absent("SO_REUSEPORT");
        check_absent("TIPC_ADDR_NAME");
    } else {
        check_absent("SIO_RCVALL");
        check_absent("RCVALL_ON");
        check_absent("SO_EXCLUSIVEADDRUSE");
    }
}
END_TEST

START_TEST(constants_have_exact_names)
{
    check_absent("");
    check_absent("AF_");
    check_absent("AF_INET5");
    check_absent("AF_INET ");
    check_absent(" AF_INET");
    check_absent("af_inet");
    check_absent("AF_INET66");
    check_absent("PS_AF_INET");
    check_absent("A");
    check_absent("ZZZ");
    check_absent("\xff");
}
END_TEST

START_TEST(constants_refuse_null)
{
    long long value = -7;

    ck_assert_code(ps_constant(NULL, &value), PS_EFAULT);
    ck_assert_int_eq(value, 0);
    ck_assert_code(ps_constant("AF_INET", NULL), PS_EFAULT);
}
END_TEST

void add_constants_tests(Suite *suite)
{
    ADD_TEST_CASE(suite, constants_have_their_values);
    ADD_TEST_CASE(suite, constants_of_the_reference_are_fixed);
    ADD_TEST_CASE(suite, constants_without_sign_are_positive);
    ADD_TEST_CASE(suite, constants_are_each_in_order_once);
    ADD_TEST_CASE(suite, constants_are_all_found_by_name);
    ADD_TEST_CASE(suite, constants_that_are_no_macros_are_there);
    ADD_TEST_CASE(suite, constants_of_another_system_are_absent);
    ADD_TEST_CASE(suite, constants_have_exact_names);
    ADD_TEST_CASE(suite, constants_refuse_null);
}
