/* Captures on Linux, in a network of the test's own: each packet comes once, whole, and from
 * where it was. Every test runs with the ring and without it ("immediate"). */
/* All skipped: linux-s390x: it knows no packet sockets for captures */
/* All skipped: linux unless sys_admin */
#include "capture_network.h"

#include <linux/if_tun.h>
#include <net/if.h>
#include <sys/ioctl.h>
#include <time.h>

static const bool ways[] = {false, true};
enum { WAYS = 2, FRAMES = 100 };

static int64_t wall_clock(void)
{
    struct timespec now;

    ck_assert_int_eq(clock_gettime(CLOCK_REALTIME, &now), 0);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static size_t size_of(unsigned number)
{
    return 15 + number * 13;
}

static void assert_frame(const ps_packet *p, unsigned number)
{
    unsigned char frame[2048];

    frame_make(frame, size_of(number), number);
    ck_assert_uint_eq(p->length, size_of(number));
    ck_assert_uint_eq(p->original_length, size_of(number));
    ck_assert_mem_eq(p->data, frame, p->length);
}

/* Traps: RAW-1. */
START_TEST(capture_gives_every_frame_with_its_facts)
{
    unsigned index;

    namespace_with_pair();
    ck_assert_ok(ps_if_nametoindex("one", &index));
    ps_sock s = frames_from("other");
    for (int way = 0; way < WAYS; way++) {
        ps_capture_options o = options_for("one", ways[way]);
        ps_capture *c = open_capture(&o);
        int64_t begin = wall_clock(), before = begin - 1000000000;

        ck_assert_str_eq(ps_capture_getinterface(c), "one");
        ck_assert_int_eq(ps_capture_getlinktype(c), PS_LINK_ETHERNET);
        for (unsigned n = 0; n < FRAMES; n++)
            frame_send(&s, size_of(n), n);
        for (unsigned n = 0; n < FRAMES; n++) {
            ps_packet p;
            ck_assert_int_eq(next_own(c, &p), 1);
            assert_frame(&p, n);
            ck_assert_int_eq(p.link_type, PS_LINK_ETHERNET);
            ck_assert_int_eq(p.direction, PS_DIRECTION_IN);
            ck_assert_uint_eq(p.interface_index, index);
            ck_assert_int_ge(p.time_ns, before);
            ck_assert_int_le(p.time_ns, begin + (int64_t)(PATIENCE * 1e9));
            before = p.time_ns - 1000000000; /* the wall clock may be set back a little */
        }
        assert_nothing_more(c);
        ck_assert_code(ps_capture_close(c), 0);
    }
    ck_assert_ok(ps_close(&s));
}
END_TEST

/* Two captures of the same interface, one each way, say the same. */
START_TEST(capture_ring_and_plain_agree)
{
    namespace_with_pair();
    ps_capture_options options[WAYS] = {options_for("one", false), options_for("one", true)};
    ps_capture *captures[WAYS] = {open_capture(&options[0]), open_capture(&options[1])};
    ps_sock in = frames_from("other"), out = frames_from("one");

    for (unsigned n = 0; n < FRAMES; n++)
        frame_send(n % 3 ? &in : &out, size_of(n), n);
    for (unsigned n = 0; n < FRAMES; n++) {
        ps_packet p[WAYS];
        for (int way = 0; way < WAYS; way++)
            ck_assert_int_eq(next_own(captures[way], &p[way]), 1);
        assert_frame(&p[0], n);
        assert_frame(&p[1], n);
        ck_assert_int_eq(p[0].direction, n % 3 ? PS_DIRECTION_IN : PS_DIRECTION_OUT);
        ck_assert_int_eq(p[1].direction, p[0].direction);
        ck_assert_uint_eq(p[1].interface_index, p[0].interface_index);
    }
    for (int way = 0; way < WAYS; way++)
        ps_capture_close(captures[way]);
    ps_close(&in);
    ps_close(&out);
}
END_TEST

/* Traps: RAW-5. */
START_TEST(capture_of_one_direction)
{
    static const unsigned directions[] = {PS_DIRECTION_IN, PS_DIRECTION_OUT,
                                          PS_DIRECTION_IN | PS_DIRECTION_OUT};

    namespace_with_pair();
    ps_sock in = frames_from("other"), out = frames_from("one");
    for (int round = 0; round < 3 * WAYS; round++) {
        ps_capture_options o = options_for("one", ways[round % WAYS]);
        ps_capture *c;
        o.directions = directions[round / WAYS];
        c = open_capture(&o);
        frame_send(&in, size_of(1), 1);
        frame_send(&out, size_of(2), 2);
        for (unsigned n = 1; n <= 2; n++) {
            ps_packet p;
            if (!(o.directions & (n == 1 ? PS_DIRECTION_IN : PS_DIRECTION_OUT)))
                continue;
            ck_assert_int_eq(next_own(c, &p), 1);
            assert_frame(&p, n);
        }
        assert_nothing_more(c);
        ps_capture_close(c);
    }
    ps_close(&in);
    ps_close(&out);
}
END_TEST

/* A UDP socket pair in this namespace, and a datagram from one to the other. */
static void send_datagram(size_t size)
{
    static char data[65507];
    ps_sock one, two;
    ps_addr a, b;

    test_udp_pair(&one, &a, &two, &b);
    ck_assert_int_eq(ps_sendto(&one, data, size, 0, &b), (ptrdiff_t)size);
    ps_close(&one);
    ps_close(&two);
}

/* From the datagram of nothing to the longest that there is. */
/* Traps: RAW-5. */
START_TEST(capture_of_loopback_gives_each_packet_once)
{
    static const size_t sizes[] = {0, 1, 1472, 65507};

    quiet_namespace_enter();
    for (int way = 0; way < WAYS; way++) {
        ps_capture_options o = options_for("lo", ways[way]);
        ps_capture *c = open_capture(&o);
        ps_packet p;

        for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
            send_datagram(sizes[i]);
            ck_assert_int_eq(ps_capture_next(c, &p), 1);
            ck_assert_uint_eq(p.length, 14 + 20 + 8 + sizes[i]);
            ck_assert_uint_eq(p.original_length, p.length);
            ck_assert_int_eq(p.direction, PS_DIRECTION_IN);
            ck_assert_uint_eq(p.data[12], 0x08);
            ck_assert_uint_eq(p.data[14], 0x45);
            assert_nothing_more(c);
        }
        ps_capture_close(c);

        o.directions = PS_DIRECTION_OUT;
        o.timeout = 0.1;
        c = open_capture(&o);
        send_datagram(1);
        ck_assert_code(ps_capture_next(c, &p), PS_TIMED_OUT);
        ps_capture_close(c);
    }
}
END_TEST

/* An Ethernet header and nothing behind it; and less than a header cannot be sent. */
START_TEST(capture_of_an_empty_frame)
{
    namespace_with_pair();
    ps_sock s = frames_from("other");
    for (int way = 0; way < WAYS; way++) {
        ps_capture_options o = options_for("one", ways[way]);
        ps_capture *c = open_capture(&o);
        ps_packet p;
        frame_send(&s, 14, 3);
        ck_assert_int_eq(next_own(c, &p), 1);
        ck_assert_uint_eq(p.length, 14);
        ck_assert_uint_eq(p.original_length, 14);
        ps_capture_close(c);
    }
    ps_close(&s);
}
END_TEST

START_TEST(capture_cuts_packets)
{
    static const size_t snaps[] = {1, 14, 64, 65536, PS_SNAP_LENGTH_MAX};

    quiet_namespace_enter();
    for (size_t i = 0; i < WAYS * sizeof snaps / sizeof snaps[0]; i++) {
        ps_capture_options o = options_for("lo", ways[i % WAYS]);
        ps_capture *c;
        ps_packet p;
        o.snap_length = snaps[i / WAYS];
        c = open_capture(&o);
        send_datagram(65507);
        ck_assert_int_eq(ps_capture_next(c, &p), 1);
        ck_assert_uint_eq(p.length, o.snap_length < 65549 ? o.snap_length : 65549);
        ck_assert_uint_eq(p.original_length, 65549);
        ps_capture_close(c);
    }
}
END_TEST

/* The kernel takes the tag off what comes in, and leaves it in what goes out. */
START_TEST(capture_puts_vlan_tags_back)
{
    static const unsigned char protocols[][2] = {{0x81, 0x00}, {0x88, 0xa8}};
    unsigned char frame[64];

    namespace_with_pair();
    ps_sock in = frames_from("other"), out = frames_from("one");
    for (int round = 0; round < 2 * WAYS; round++) {
        ps_capture_options o = options_for("one", ways[round % WAYS]);
        ps_capture *c = open_capture(&o);

        frame_make(frame, sizeof frame, 5);
        memcpy(frame + 12, protocols[round / WAYS], 2);
        frame[14] = 0x20;
        frame[15] = 0x05;
        frame[16] = OWN_TYPE >> 8;
        frame[17] = OWN_TYPE & 255;
        for (int way_out = 0; way_out < 2; way_out++) {
            ps_packet p;
            ck_assert_int_eq(ps_send(way_out ? &out : &in, frame, sizeof frame, 0), sizeof frame);
            do
                ck_assert_int_eq(ps_capture_next(c, &p), 1);
            while (p.length < 14 || memcmp(p.data + 12, protocols[round / WAYS], 2) != 0);
            ck_assert_uint_eq(p.length, sizeof frame);
            ck_assert_uint_eq(p.original_length, sizeof frame);
            ck_assert_mem_eq(p.data, frame, sizeof frame);
            ck_assert_int_eq(p.direction, way_out ? PS_DIRECTION_OUT : PS_DIRECTION_IN);
        }
        ps_capture_close(c);
    }
    ps_close(&in);
    ps_close(&out);
}
END_TEST

/* With the tag it is longer than the length to keep. */
START_TEST(capture_cuts_behind_a_vlan_tag)
{
    unsigned char frame[64];

    namespace_with_pair();
    ps_sock in = frames_from("other");
    frame_make(frame, sizeof frame, 5);
    memcpy(frame + 12, "\x81\x00\x20\x05\x88\xb5", 6);
    for (int way = 0; way < WAYS; way++) {
        ps_capture_options o = options_for("one", ways[way]);
        ps_capture *c;
        ps_packet p;
        o.snap_length = 20;
        c = open_capture(&o);
        ck_assert_int_eq(ps_send(&in, frame, sizeof frame, 0), sizeof frame);
        ck_assert_int_eq(ps_capture_next(c, &p), 1);
        ck_assert_uint_eq(p.length, 20);
        ck_assert_uint_eq(p.original_length, sizeof frame);
        ck_assert_mem_eq(p.data, frame, 20);
        ps_capture_close(c);
    }
    ps_close(&in);
}
END_TEST

/* ---- all interfaces -------------------------------------------------------------------------- */

/* The header of PS_LINK_COOKED2 of a test's own frame that came in. */
static void assert_cooked(const ps_packet *p, unsigned type)
{
    static const unsigned char sender[] = {0x02, 0, 0, 0, 0, 8, 0, 0};

    ck_assert_int_eq(p->link_type, PS_LINK_COOKED2);
    ck_assert_uint_gt(p->length, 20);
    ck_assert_uint_eq((unsigned)(p->data[0] << 8 | p->data[1]), OWN_TYPE);
    ck_assert_uint_eq((unsigned)(p->data[6] << 8 | p->data[7]), p->interface_index);
    ck_assert_uint_eq((unsigned)(p->data[8] << 8 | p->data[9]), 1);
    ck_assert_uint_eq(p->data[10], type);
    ck_assert_uint_eq(p->data[11], 6);
    ck_assert_mem_eq(p->data + 12, sender, sizeof sender);
}

/* Filters on the cooked header: the kernel can do the first; the second looks at the length, and
 * is done here. */
static const ps_filter_instruction own_type[] = {
    {0x28, 0, 0, 0}, {0x15, 0, 1, OWN_TYPE}, {0x06, 0, 0, 262144}, {0x06, 0, 0, 0}};
static const ps_filter_instruction own_type_and_length[] = {
    {0x28, 0, 0, 0},       {0x15, 0, 3, OWN_TYPE}, {0x80, 0, 0, 0},
    {0x15, 0, 1, 20 + 27}, {0x06, 0, 0, 262144},   {0x06, 0, 0, 0}};

START_TEST(capture_of_any_interface)
{
    namespace_with_pair();
    ps_sock s = frames_from("other");
    for (int round = 0; round < 2 * WAYS; round++) {
        ps_capture_options o = options_for("any", ways[round % WAYS]);
        unsigned char frame[64];
        unsigned indexes[2];
        ps_capture *c;
        ps_packet p;

        o.filter = round / WAYS ? own_type_and_length : own_type;
        o.filter_count = round / WAYS ? 6 : 4;
        o.promiscuous = true;
        c = open_capture(&o);
        ck_assert_str_eq(ps_capture_getinterface(c), "any");
        ck_assert_int_eq(ps_capture_getlinktype(c), PS_LINK_COOKED2);
        ck_assert_ok(ps_if_nametoindex("one", &indexes[0]));
        ck_assert_ok(ps_if_nametoindex("other", &indexes[1]));
        send_datagram(10); /* the filter takes it out */
        frame_send(&s, 14 + 27, 1);

        frame_make(frame, 14 + 27, 1);
        for (int seen = 0; seen < 2; seen++) {
            ck_assert_int_eq(ps_capture_next(c, &p), 1);
            bool out = p.direction == PS_DIRECTION_OUT;
            ck_assert_uint_eq(p.interface_index, indexes[out]);
            assert_cooked(&p, out ? 4 : 3);
            ck_assert_uint_eq(p.length, 20 + 27);
            ck_assert_mem_eq(p.data + 20, frame + 14, 27);
        }
        ck_assert_code(ps_capture_settimeout(c, 0.1), 0);
        ck_assert_code(ps_capture_next(c, &p), PS_TIMED_OUT);
        ps_capture_close(c);
    }
    ps_close(&s);
}
END_TEST

START_TEST(capture_of_any_gives_loopback_once)
{
    quiet_namespace_enter();
    for (int way = 0; way < WAYS; way++) {
        ps_capture_options o = options_for("any", ways[way]);
        ps_capture *c = open_capture(&o);
        ps_packet p;
        send_datagram(10);
        ck_assert_int_eq(ps_capture_next(c, &p), 1);
        ck_assert_uint_eq(p.length, 20 + 38);
        ck_assert_int_eq(p.direction, PS_DIRECTION_IN);
        ck_assert_code(ps_capture_settimeout(c, 0.1), 0);
        ck_assert_code(ps_capture_next(c, &p), PS_TIMED_OUT);
        ps_capture_close(c);
    }
}
END_TEST

/* By number, by address, and the only one with an address by default. */
START_TEST(capture_by_number_and_address)
{
    static const char *const names[] = {"2", "192.0.2.1", "one", NULL};

    quiet_namespace_enter();
    namespace_run("ip link add one index 2 type veth peer name other index 3");
    namespace_run(
        "ip address add 192.0.2.1/24 dev one && ip link set one up && ip link set other up && "
        "ip route add default via 192.0.2.2");
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        ps_capture_options o = options_for(names[i], false);
        ps_capture *c = open_capture(&o);
        ck_assert_str_eq(ps_capture_getinterface(c), "one");
        ps_capture_close(c);
    }
}
END_TEST

/* Packets that begin with their IP header; and a packet of one byte. */
/* Skipped: linux unless tun */
START_TEST(capture_of_a_tunnel)
{
    struct ifreq request = {.ifr_name = "tunnel"};
    int tunnel;

    quiet_namespace_enter();
    tunnel = open("/dev/net/tun", O_RDWR);
    if (tunnel < 0)
        test_skip("there is no /dev/net/tun");
    request.ifr_flags = IFF_TUN | IFF_NO_PI;
    ck_assert_int_eq(ioctl(tunnel, TUNSETIFF, &request), 0);
    namespace_run("ip link set tunnel up");
    for (int way = 0; way < WAYS; way++) {
        ps_capture_options o = options_for("tunnel", ways[way]);
        static const char packet[] = "E, as IPv4 begins";
        ps_capture *c = open_capture(&o);
        ps_packet p;

        ck_assert_int_eq(ps_capture_getlinktype(c), PS_LINK_RAW);
        for (size_t size = 1; size < sizeof packet; size++) {
            ck_assert_int_eq(write(tunnel, packet, size), (ssize_t)size);
            ck_assert_int_eq(ps_capture_next(c, &p), 1);
            ck_assert_uint_eq(p.length, size);
            ck_assert_mem_eq(p.data, packet, size);
            ck_assert_int_eq(p.link_type, PS_LINK_RAW);
            ck_assert_int_eq(p.direction, PS_DIRECTION_IN);
        }
        ps_capture_close(c);
    }
    close(tunnel);
}
END_TEST

void add_capture_packets_tests(Suite *suite)
{
    ADD_TEST_CASE(suite, capture_gives_every_frame_with_its_facts);
    ADD_TEST_CASE(suite, capture_ring_and_plain_agree);
    ADD_TEST_CASE(suite, capture_of_one_direction);
    ADD_TEST_CASE(suite, capture_of_loopback_gives_each_packet_once);
    ADD_TEST_CASE(suite, capture_of_an_empty_frame);
    ADD_TEST_CASE(suite, capture_cuts_packets);
    ADD_TEST_CASE(suite, capture_puts_vlan_tags_back);
    ADD_TEST_CASE(suite, capture_cuts_behind_a_vlan_tag);
    ADD_TEST_CASE(suite, capture_of_any_interface);
    ADD_TEST_CASE(suite, capture_of_any_gives_loopback_once);
    ADD_TEST_CASE(suite, capture_by_number_and_address);
    ADD_TEST_CASE(suite, capture_of_a_tunnel);
}
