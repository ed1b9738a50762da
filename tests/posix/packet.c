/* AF_PACKET sockets: addresses that the kernel tells, and that it takes, on a pair of Ethernet
 * interfaces. */
/* All skipped: linux unless sys_admin */
#include "address_text.h"
#include "namespace.h"

#include <linux/if_packet.h>
#include <net/if.h>
#include <net/if_arp.h>

/* Long enough for what one machine does, on a busy machine, too. */
#define PATIENCE 10.0

enum {
    EVERY_PROTOCOL = 0x0003, /* ETH_P_ALL */
    OUR_PROTOCOL = 0x88b5,   /* for experiments: nobody else sends it */
    OTHER_PROTOCOL = 0x88b6, /* the same */
    HARDWARE_SIZE = 6
};

typedef unsigned char hardware[HARDWARE_SIZE];

static const hardware left_hardware = {2, 0, 0, 0, 0, 0x0a}, right_hardware = {2, 0, 0, 0, 0, 0x0b};

/* ---- helpers --------------------------------------------------------------------------------- */

static ps_sock packet_socket(int type, const char *interface, int proto)
{
    ps_addr address;
    ps_sock s;

    ck_assert_ok(ps_socket(&s, AF_PACKET, type, 0));
    ck_assert_ok(ps_settimeout(&s, PATIENCE));
    ck_assert_ok(ps_addr_packet(&address, interface, proto, 0, 0, NULL, 0));
    ck_assert_ok(ps_bind(&s, &address));
    return s;
}

/* The kernel drops what is sent in the first moments of an interface, so something is sent until
 * it comes. */
static void warm_up(const char *out, const char *in)
{
    static const hardware everybody = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff};
    ps_sock sender = packet_socket(SOCK_DGRAM, out, OTHER_PROTOCOL);
    ps_sock receiver = packet_socket(SOCK_DGRAM, in, OTHER_PROTOCOL);
    ps_addr to;
    char byte;
    ptrdiff_t count;

    ck_assert_ok(ps_addr_packet(&to, out, OTHER_PROTOCOL, 0, 0, everybody, HARDWARE_SIZE));
    ck_assert_ok(ps_settimeout(&receiver, 0.02));
    do {
        ck_assert_int_eq(ps_sendto(&sender, "x", 1, 0, &to), 1);
        count = ps_recv(&receiver, &byte, 1, 0);
    } while (count == PS_TIMED_OUT);
    ck_assert_int_eq(count, 1);
    test_close(&sender, &receiver);
}

/* Two interfaces, whose ends are joined: what goes out of one comes in at the other. */
static void wire_open(void)
{
    namespace_enter();
    namespace_run("ip link add left address 02:00:00:00:00:0a type veth peer name right address "
                  "02:00:00:00:00:0b");
    namespace_run("ip link set left up && ip link set right up");
    warm_up("left", "right");
    warm_up("right", "left");
}

typedef struct parts {
    char interface[IF_NAMESIZE];
    int proto, packet_type, hardware_type;
    unsigned char hardware[8];
    size_t hardware_length;
} parts;

static parts parts_of(const ps_addr *a)
{
    parts p = {.hardware_length = sizeof p.hardware};

    ck_assert_ok(ps_addr_get_packet(a, p.interface, sizeof p.interface, &p.proto, &p.packet_type,
                                    &p.hardware_type, p.hardware, &p.hardware_length));
    return p;
}

static void assert_parts(const ps_addr *a, const char *interface, int packet_type,
                         const hardware sender)
{
    parts p = parts_of(a);

    ck_assert_str_eq(p.interface, interface);
    ck_assert_int_eq(p.proto, OUR_PROTOCOL);
    ck_assert_int_eq(p.packet_type, packet_type);
    ck_assert_int_eq(p.hardware_type, ARPHRD_ETHER);
    ck_assert_uint_eq(p.hardware_length, HARDWARE_SIZE);
    ck_assert_mem_eq(p.hardware, sender, HARDWARE_SIZE);
}

typedef struct frame {
    unsigned char to[HARDWARE_SIZE], from[HARDWARE_SIZE], proto[2], data[46];
} frame;

/* Sends a whole frame from the left to the right. */
static void send_frame(ps_sock *s, const hardware to)
{
    frame f = {.proto = {OUR_PROTOCOL >> 8, OUR_PROTOCOL & 255}, .data = "hello"};

    memcpy(f.to, to, HARDWARE_SIZE);
    memcpy(f.from, left_hardware, HARDWARE_SIZE);
    ck_assert_int_eq(ps_send(s, &f, sizeof f, 0), (ptrdiff_t)sizeof f);
}

/* ---- what the kernel tells ------------------------------------------------------------------- */

/* Rows: R039. */
START_TEST(packet_name_of_a_socket)
{
    ps_sock s;
    ps_addr name;
    parts p;

    wire_open();
    s = packet_socket(SOCK_DGRAM, "left", OUR_PROTOCOL);
    ck_assert_ok(ps_getsockname(&s, &name));
    assert_parts(&name, "left", 0, left_hardware);
    assert_address_text(&name, "packet:left:34997:0:1:02000000000a");
    ck_assert_ok(ps_close(&s));
    /* Every interface. */
    s = packet_socket(SOCK_DGRAM, "", OUR_PROTOCOL);
    ck_assert_ok(ps_getsockname(&s, &name));
    p = parts_of(&name);
    ck_assert_str_eq(p.interface, "");
    ck_assert_int_eq(p.proto, OUR_PROTOCOL);
    ck_assert_uint_eq(p.hardware_length, 0);
    ck_assert_ok(ps_close(&s));
}
END_TEST

/* Rows: R039. */
START_TEST(packet_sender_and_kind_are_told)
{
    static const struct {
        hardware to;
        int packet_type;
    } cases[] = {
        {{2, 0, 0, 0, 0, 0x0b}, PACKET_HOST},
        {{0xff, 0xff, 0xff, 0xff, 0xff, 0xff}, PACKET_BROADCAST},
        {{1, 0, 0x5e, 0, 0, 1}, PACKET_MULTICAST},
        {{2, 0, 0, 0, 0, 0x0c}, PACKET_OTHERHOST},
    };
    ps_sock left, right;

    wire_open();
    left = packet_socket(SOCK_RAW, "left", OUR_PROTOCOL);
    right = packet_socket(SOCK_RAW, "right", OUR_PROTOCOL);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        unsigned char room[128];
        ps_addr from;

        send_frame(&left, cases[i].to);
        ck_assert_int_eq(ps_recvfrom(&right, room, sizeof room, 0, &from),
                         (ptrdiff_t)sizeof(frame));
        ck_assert_mem_eq(room, cases[i].to, HARDWARE_SIZE);
        assert_parts(&from, "right", cases[i].packet_type, left_hardware);
    }
    test_close(&left, &right);
}
END_TEST

/* A socket for every protocol sees what goes out, too. */
/* Rows: R039. */
START_TEST(packet_outgoing_is_told)
{
    ps_sock left, watcher;
    unsigned char room[2048];
    ps_addr from;

    wire_open();
    left = packet_socket(SOCK_RAW, "left", OUR_PROTOCOL);
    watcher = packet_socket(SOCK_DGRAM, "left", EVERY_PROTOCOL);
    send_frame(&left, right_hardware);
    do { /* the kernel says hello to the wire on its own */
        ck_assert_ok(ps_recvfrom(&watcher, room, sizeof room, 0, &from));
    } while (parts_of(&from).proto != OUR_PROTOCOL);
    assert_parts(&from, "left", PACKET_OUTGOING, left_hardware);
    test_close(&left, &watcher);
}
END_TEST

/* On loopback a packet goes out and comes in. */
/* Traps: RAW-5. */
START_TEST(packet_on_loopback)
{
    bool outgoing = false, incoming = false;
    ps_sock watcher, one, two;
    ps_addr one_address, two_address;

    namespace_enter();
    namespace_run("ip link set lo up");
    watcher = packet_socket(SOCK_DGRAM, "lo", EVERY_PROTOCOL);
    test_udp_pair(&one, &one_address, &two, &two_address);
    ck_assert_int_eq(ps_sendto(&one, "hello", 5, 0, &two_address), 5);
    while (!outgoing || !incoming) {
        unsigned char room[256];
        ps_addr from;
        parts p;

        ck_assert_int_eq(ps_recvfrom(&watcher, room, sizeof room, 0, &from), 20 + 8 + 5);
        p = parts_of(&from);
        ck_assert_str_eq(p.interface, "lo");
        ck_assert_int_eq(p.proto, 0x0800);
        ck_assert_int_eq(p.hardware_type, ARPHRD_LOOPBACK);
        outgoing = outgoing || p.packet_type == PACKET_OUTGOING;
        incoming = incoming || p.packet_type == PACKET_HOST;
    }
    test_close(&watcher, &one, &two);
}
END_TEST

/* ---- what the kernel takes ------------------------------------------------------------------- */

/* The kernel makes the frame's header of the destination's address; the answer goes to the
 * address that was told. */
/* Rows: R039. */
START_TEST(packet_sent_to_an_address)
{
    ps_sock left, right;
    ps_addr to, from;
    char room[64];

    wire_open();
    left = packet_socket(SOCK_DGRAM, "left", OUR_PROTOCOL);
    right = packet_socket(SOCK_DGRAM, "right", OUR_PROTOCOL);
    ck_assert_ok(ps_addr_packet(&to, "left", OUR_PROTOCOL, 0, 0, right_hardware, HARDWARE_SIZE));
    ck_assert_int_eq(ps_sendto(&left, "question", 8, 0, &to), 8);
    ck_assert_int_eq(ps_recvfrom(&right, room, sizeof room, 0, &from), 8);
    ck_assert_mem_eq(room, "question", 8);
    assert_parts(&from, "right", PACKET_HOST, left_hardware);
    assert_address_text(&from, "packet:right:34997:0:1:02000000000a");
    ck_assert_int_eq(ps_sendto(&right, "answer", 6, 0, &from), 6);
    ck_assert_int_eq(ps_recvfrom(&left, room, sizeof room, 0, &from), 6);
    ck_assert_mem_eq(room, "answer", 6);
    assert_parts(&from, "left", PACKET_HOST, right_hardware);
    test_close(&left, &right);
}
END_TEST

/* Rows: R039. */
START_TEST(packet_interface_that_is_gone)
{
    ps_sock left;
    ps_addr name, again;
    char text[PS_ADDR_TEXT_MAX];
    char byte;

    wire_open();
    left = packet_socket(SOCK_DGRAM, "left", OUR_PROTOCOL);
    ck_assert_ok(ps_getsockname(&left, &name));
    namespace_run("ip link del left");
    ck_assert_str_eq(parts_of(&name).interface, "");
    ck_assert_ok(ps_addr_format(&name, text, sizeof text));
    ck_assert_int_eq(strncmp(text, "packet:#", 8), 0);
    ck_assert_ok(ps_addr_parse(&again, AF_PACKET, text));
    ck_assert(ps_addr_equal(&name, &again));
    ck_assert_code(ps_addr_packet(&again, "left", OUR_PROTOCOL, 0, 0, NULL, 0), PS_ENODEV);
    ck_assert_code(ps_recv(&left, &byte, 1, 0), PS_ENETDOWN);
    ck_assert_code(ps_sendto(&left, "x", 1, 0, &name), PS_ENXIO);
    ck_assert_ok(ps_close(&left));
}
END_TEST

void add_packet_tests(Suite *suite)
{
    ADD_TEST_CASE(suite, packet_name_of_a_socket);
    ADD_TEST_CASE(suite, packet_sender_and_kind_are_told);
    ADD_TEST_CASE(suite, packet_outgoing_is_told);
    ADD_TEST_CASE(suite, packet_on_loopback);
    ADD_TEST_CASE(suite, packet_sent_to_an_address);
    ADD_TEST_CASE(suite, packet_interface_that_is_gone);
}
