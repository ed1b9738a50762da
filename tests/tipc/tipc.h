/* What the tests of AF_TIPC share. They run where the kernel has it: in the guest
 * (tests/guest/run.sh). */
#ifndef TESTS_TIPC_H
#define TESTS_TIPC_H

#include "test.h"

/* A service type of this test's own, so that no test hears of another's. */
enum { SERVICE = 18888 };

/* Long enough for a slow guest, short enough for a test. */
#define PATIENCE 10.0

/* A socket of a type with that patience. */
void tipc_socket(ps_sock *s, int type);

/* A socket that is bound to the instances lower to upper of SERVICE. */
void tipc_bound(ps_sock *s, int type, unsigned lower, unsigned upper, int scope);

/* The address of one instance of SERVICE. */
ps_addr tipc_name(unsigned instance);

/* The address is a socket's own: an identity, as the system gives them. */
void tipc_check_identity(const ps_addr *a);

#endif
