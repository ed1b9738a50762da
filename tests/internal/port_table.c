/* The table by which the behavior layer of Windows answers binds (tests/win32/behavior). */
#include "test.h"

#include "port_table.h"

static const char *const inet_hosts[] = {"0.0.0.0", "127.0.0.1", "127.0.0.2"};
static const char *const inet6_hosts[] = {"::", "::1", "::2"};

/* A stream at port 80. `text` may begin with "dual ". */
static port_claim claim(port_mode mode, const char *text)
{
    port_claim c = {.stream = true, .port = 80, .mode = mode};
    ps_addr a;

    if (strncmp(text, "dual ", 5) == 0) {
        c.dual = true;
        text += 5;
    }
    ck_assert_ok(ps_addr_literal(&a, text, 80));
    if (a.sa.sa_family == AF_INET6) {
        memcpy(c.host, &a.in6.sin6_addr, 16);
    } else {
        c.host[10] = c.host[11] = 0xff;
        memcpy(c.host + 12, &a.in.sin_addr, 4);
    }
    return c;
}

static port_answer bind_second(port_mode first, const char *first_host, port_mode second,
                               const char *second_host)
{
    port_claim one = claim(first, first_host), other = claim(second, second_host);

    return port_second_bind(&one, &other);
}

/* ---- one stack ------------------------------------------------------------------------------- */

/* The page's table, as text: S success, I in use, A access denied; the rows are the first bind's
 * mode, wildcard before specific, and the columns the second's. */
static const char *const rows[] = {"IS AS IS", "SI SA II", "IS SS IS",
                                   "SI SS II", "IA AA IA", "SI SA II"};

START_TEST(port_table_is_the_pages)
{
    static const char letters[] = {[PORT_FREE] = 'S', [PORT_IN_USE] = 'I', [PORT_DENIED] = 'A'};

    for (int row = 0; row < 6; row++) {
        for (int column = 0; column < 6; column++) {
            char expected = rows[row][column / 2 * 3 + column % 2];
            const char *const *hosts[] = {inet_hosts, inet6_hosts};
            for (int family = 0; family < 2; family++) {
                port_answer answer =
                    bind_second((port_mode)(row / 2), hosts[family][row % 2],
                                (port_mode)(column / 2), hosts[family][column % 2]);
                ck_assert_msg(letters[answer] == expected, "row %d, column %d: %c, expected %c",
                              row, column, letters[answer], expected);
            }
        }
    }
}
END_TEST

START_TEST(port_table_of_addresses_that_differ)
{
    for (int first = PORT_DEFAULT; first <= PORT_EXCLUSIVE; first++) {
        for (int second = PORT_DEFAULT; second <= PORT_EXCLUSIVE; second++) {
            port_mode one = (port_mode)first, other = (port_mode)second;
            ck_assert_int_eq(bind_second(one, "127.0.0.1", other, "127.0.0.2"), PORT_FREE);
            ck_assert_int_eq(bind_second(one, "::1", other, "::2"), PORT_FREE);
            ck_assert_int_eq(bind_second(one, "::1", other, "127.0.0.1"), PORT_FREE);
            ck_assert_int_eq(bind_second(one, "::1", other, "0.0.0.0"), PORT_FREE);
            ck_assert_int_eq(bind_second(one, "0.0.0.0", other, "::"), PORT_FREE);
            ck_assert_int_eq(bind_second(one, "::", other, "127.0.0.1"), PORT_FREE);
        }
    }
}
END_TEST

START_TEST(port_table_of_ports_and_protocols_that_differ)
{
    port_claim first = claim(PORT_EXCLUSIVE, "0.0.0.0"), second = first;

    ck_assert_int_eq(port_second_bind(&first, &second), PORT_IN_USE);
    second.port = 81;
    ck_assert_int_eq(port_second_bind(&first, &second), PORT_FREE);
    second.port = 80;
    second.stream = false;
    ck_assert_int_eq(port_second_bind(&first, &second), PORT_FREE);
    first.stream = false;
    ck_assert_int_eq(port_second_bind(&first, &second), PORT_IN_USE);
}
END_TEST

/* ---- both stacks ----------------------------------------------------------------------------- */

/* The port is reserved in both stacks, and both must agree. */
START_TEST(port_table_of_dual_stack_sockets)
{
    ck_assert_int_eq(bind_second(PORT_DEFAULT, "127.0.0.1", PORT_EXCLUSIVE, "dual ::"),
                     PORT_DENIED);
    ck_assert_int_eq(bind_second(PORT_EXCLUSIVE, "0.0.0.0", PORT_DEFAULT, "dual ::"), PORT_DENIED);
    ck_assert_int_eq(bind_second(PORT_DEFAULT, "127.0.0.1", PORT_DEFAULT, "dual ::"), PORT_FREE);
    ck_assert_int_eq(bind_second(PORT_EXCLUSIVE, "dual ::", PORT_DEFAULT, "127.0.0.1"),
                     PORT_DENIED);
    ck_assert_int_eq(bind_second(PORT_EXCLUSIVE, "dual ::", PORT_EXCLUSIVE, "0.0.0.0"),
                     PORT_IN_USE);
    ck_assert_int_eq(bind_second(PORT_DEFAULT, "dual ::", PORT_EXCLUSIVE, "127.0.0.1"), PORT_FREE);
    ck_assert_int_eq(bind_second(PORT_DEFAULT, "dual ::", PORT_DEFAULT, "dual ::"), PORT_IN_USE);
    ck_assert_int_eq(bind_second(PORT_EXCLUSIVE, "dual ::", PORT_REUSE, "::"), PORT_DENIED);
    ck_assert_int_eq(bind_second(PORT_EXCLUSIVE, "dual ::", PORT_EXCLUSIVE, "::ffff:127.0.0.1"),
                     PORT_DENIED);
    ck_assert_int_eq(bind_second(PORT_EXCLUSIVE, "::ffff:0.0.0.0", PORT_EXCLUSIVE, "0.0.0.0"),
                     PORT_IN_USE);
}
END_TEST

/* ---- old connections ------------------------------------------------------------------------- */

/* They prevent only what is exclusive, where an exclusive listener has accepted them. */
START_TEST(port_table_of_old_connections)
{
    static const char *const hosts[] = {"127.0.0.1", "0.0.0.0", "dual ::"};

    for (int first = PORT_DEFAULT; first <= PORT_EXCLUSIVE; first++) {
        for (int second = PORT_DEFAULT; second <= PORT_EXCLUSIVE; second++) {
            port_claim old = claim((port_mode)first, "127.0.0.1");
            bool free = first != PORT_EXCLUSIVE || second != PORT_EXCLUSIVE;
            old.connection = true;
            for (int i = 0; i < 3; i++) {
                port_claim other = claim((port_mode)second, hosts[i]);
                ck_assert_int_eq(port_second_bind(&old, &other) == PORT_FREE, free);
            }
        }
    }
}
END_TEST

void add_port_table_tests(Suite *suite);
void add_port_table_tests(Suite *suite)
{
    ADD_TEST_CASE(suite, port_table_is_the_pages);
    ADD_TEST_CASE(suite, port_table_of_addresses_that_differ);
    ADD_TEST_CASE(suite, port_table_of_ports_and_protocols_that_differ);
    ADD_TEST_CASE(suite, port_table_of_dual_stack_sockets);
    ADD_TEST_CASE(suite, port_table_of_old_connections);
}
