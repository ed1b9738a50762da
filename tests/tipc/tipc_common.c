#include "tipc.h"

void tipc_socket(ps_sock *s, int type)
{
    ck_assert_ok(ps_socket(s, AF_TIPC, type, 0));
    ck_assert_ok(ps_settimeout(s, PATIENCE));
}

void tipc_bound(ps_sock *s, int type, unsigned lower, unsigned upper, int scope)
{
    ps_addr a;

    tipc_socket(s, type);
    ck_assert_ok(ps_addr_tipc(&a, TIPC_ADDR_NAMESEQ, SERVICE, lower, upper, scope));
    ck_assert_ok(ps_bind(s, &a));
}

ps_addr tipc_name(unsigned instance)
{
    ps_addr a;

    ck_assert_ok(ps_addr_tipc(&a, TIPC_ADDR_NAME, SERVICE, instance, 0, TIPC_CLUSTER_SCOPE));
    return a;
}

void tipc_check_identity(const ps_addr *a)
{
    unsigned node, reference, rest = 1;
    int addr_type;

    ck_assert_int_eq(ps_addr_family(a), AF_TIPC);
    ck_assert_ok(ps_addr_get_tipc(a, &addr_type, &node, &reference, &rest, NULL));
    ck_assert_int_eq(addr_type, TIPC_ADDR_ID);
    ck_assert_uint_ne(reference, 0);
    ck_assert_uint_eq(rest, 0);
}
