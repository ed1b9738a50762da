/* A network to capture on: a network namespace, which goes with the process, and in it two
 * interfaces that are connected to each other. */
#ifndef TESTS_POSIX_CAPTURE_NETWORK_H
#define TESTS_POSIX_CAPTURE_NETWORK_H

#include "namespace.h"

#include <portsock-capture.h>

#include <errno.h>
#include <fcntl.h>
#include <linux/if_ether.h>
#include <sched.h>
#include <stdio.h>
#include <unistd.h>

/* Long enough for what the kernel does, on a busy machine, too. */
#define PATIENCE 15.0

/* The Ethernet type of the tests' own frames: for experiments, so that no system sends it by
 * itself. */
#define OWN_TYPE 0x88b5

/* No IPv6: it would send by itself. */
static inline void quiet_namespace_enter(void)
{
    int file;

    namespace_enter();
    file = open("/proc/sys/net/ipv6/conf/default/disable_ipv6", O_WRONLY);
    if (file >= 0) {
        ck_assert_int_eq(write(file, "1", 1), 1);
        close(file);
    }
    namespace_run("ip link set lo up");
}

/* The kernel takes note of a link a moment later, and drops what is sent before. */
static inline void await_pair(void)
{
    namespace_run("until ip link show one | grep -q 'state UP' && ip link show other | grep -q "
                  "'state UP'; do sleep 0.02; done");
}

/* Two interfaces, one and other, up. */
static inline void namespace_with_pair(void)
{
    test_skip_under_qemu("it knows no packet sockets for captures");
    quiet_namespace_enter();
    namespace_run("ip link add one type veth peer name other");
    namespace_run("ip link set one up && ip link set other up");
    await_pair();
}

/* A socket that sends frames out of an interface. */
static inline ps_sock frames_from(const char *interface)
{
    ps_addr a;
    ps_sock s;

    ck_assert_ok(ps_addr_packet(&a, interface, 0, 0, 0, NULL, 0));
    ck_assert_ok(ps_socket(&s, AF_PACKET, SOCK_RAW, 0));
    ck_assert_ok(ps_bind(&s, &a));
    return s;
}

/* Makes a frame of that many bytes: to nobody, a number, and a pattern. */
static inline void frame_make(unsigned char *frame, size_t size, unsigned number)
{
    static const unsigned char addresses[12] = {0x02, 0, 0, 0, 0, 9, 0x02, 0, 0, 0, 0, 8};

    for (size_t i = 0; i < size; i++)
        frame[i] = (unsigned char)(i * 7 + number);
    memcpy(frame, addresses, sizeof addresses);
    frame[12] = OWN_TYPE >> 8;
    frame[13] = OWN_TYPE & 255;
    if (size > 14)
        frame[14] = (unsigned char)number;
}

static inline void frame_send(ps_sock *s, size_t size, unsigned number)
{
    unsigned char frame[2048];

    frame_make(frame, size, number);
    ck_assert_int_eq(ps_send(s, frame, size, 0), (ptrdiff_t)size);
}

static inline bool is_own(const ps_packet *p)
{
    return p->length >= 14 && p->data[12] == OWN_TYPE >> 8 && p->data[13] == (OWN_TYPE & 255);
}

/* The next of the tests' own frames. */
static inline int next_own(ps_capture *c, ps_packet *p)
{
    int code;

    do
        code = ps_capture_next(c, p);
    while (code == 1 && !is_own(p));
    return code;
}

static inline void assert_next_own(ps_capture *c, unsigned number)
{
    ps_packet p;

    ck_assert_int_eq(next_own(c, &p), 1);
    ck_assert_uint_eq(p.data[14], number);
}

static inline ps_capture_options options_for(const char *interface, bool immediate)
{
    ps_capture_options o = PS_CAPTURE_OPTIONS_INIT;

    o.interface_name = interface;
    o.immediate = immediate;
    o.timeout = PATIENCE;
    return o;
}

static inline ps_capture *open_capture(const ps_capture_options *o)
{
    ps_capture *c;

    test_skip_under_qemu("it knows no packet sockets for captures");
    ck_assert_ok(ps_capture_open(&c, o));
    return c;
}

/* Nothing of the tests' own comes: what was on the way has come when a further packet has. */
static inline void assert_nothing_more(ps_capture *c)
{
    ps_packet p;

    ck_assert_code(ps_capture_settimeout(c, 0.1), 0);
    ck_assert_code(next_own(c, &p), PS_TIMED_OUT);
    ck_assert_code(ps_capture_settimeout(c, PATIENCE), 0);
}

#endif
