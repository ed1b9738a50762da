/* This library's interpreter of packet filters beside the kernel's: the same programs are
 * accepted, and say the same of the same data. A pair of datagram sockets is enough for that,
 * and needs no rights. */
#include "test.h"

#include <portsock-capture.h>

#include <errno.h>
#include <linux/filter.h>
#include <unistd.h>

static uint32_t seed = 20240229;

/* A linear congruential generator: its upper bits are the good ones. */
static uint32_t random_number(uint32_t below)
{
    seed = seed * 1664525 + 1013904223;
    return (uint32_t)((uint64_t)seed * below >> 32);
}

/* Every code that there is. */
static const uint16_t codes[] = {0x20, 0x28, 0x30, 0x40, 0x48, 0x50, 0x80, 0x00, 0x60, 0x81,
                                 0x01, 0x61, 0xb1, 0x02, 0x03, 0x04, 0x0c, 0x14, 0x1c, 0x24,
                                 0x2c, 0x34, 0x3c, 0x94, 0x9c, 0x44, 0x4c, 0x54, 0x5c, 0xa4,
                                 0xac, 0x64, 0x6c, 0x74, 0x7c, 0x84, 0x05, 0x15, 0x1d, 0x25,
                                 0x2d, 0x35, 0x3d, 0x45, 0x4d, 0x06, 0x16, 0x07, 0x87};

/* Mostly what makes sense, and sometimes not. */
static uint32_t random_operand(void)
{
    switch (random_number(8)) {
    case 0:
        return random_number(UINT32_MAX) & 0x7fffffff;
    case 1:
        return random_number(256);
    default:
        return random_number(20);
    }
}

static size_t random_program(ps_filter_instruction *program, size_t most)
{
    size_t count = 2 + random_number((uint32_t)most - 2);

    for (size_t i = 0; i < count; i++) {
        uint32_t left = (uint32_t)(count - i - 1);
        ps_filter_instruction *now = &program[i];
        now->code = random_number(40) ? codes[random_number(sizeof codes / sizeof codes[0])]
                                      : (uint16_t)random_number(65536);
        /* Few returns before the end. */
        if ((now->code & 7) == 6 && random_number(4))
            now->code = 0x28;
        now->jump_true = (uint8_t)random_number(left > 0 ? left : 1);
        now->jump_false = (uint8_t)random_number(left > 0 ? left : 1);
        now->operand = now->code == 0x05 ? random_number(left > 0 ? left : 1) : random_operand();
    }
    if (random_number(50))
        program[count - 1].code = random_number(2) ? 0x06 : 0x16;
    return count;
}

/* Sends data through the filter on `to`; how much of it came, -1 for none at all. */
static int verdict_of_kernel(const int pair[2], const unsigned char *data, size_t length)
{
    unsigned char room[256];
    ssize_t came;

    ck_assert_int_eq(write(pair[0], data, length), (ssize_t)length);
    came = recv(pair[1], room, sizeof room, MSG_DONTWAIT);
    if (came < 0)
        ck_assert_int_eq(errno, EAGAIN);
    return (int)came;
}

static int verdict_here(const ps_filter_instruction *program, size_t count,
                        const unsigned char *data, size_t length)
{
    uint32_t kept = ps_filter_run(program, count, data, length, length);

    return kept == 0 ? -1 : kept < length ? (int)kept : (int)length;
}

static bool kernel_takes(int s, ps_filter_instruction *program, size_t count)
{
    struct sock_fprog native = {(unsigned short)count, (void *)program};

    if (setsockopt(s, SOL_SOCKET, SO_ATTACH_FILTER, &native, sizeof native) == 0)
        return true;
    ck_assert_int_eq(errno, EINVAL);
    return false;
}

START_TEST(filter_says_what_the_kernel_says)
{
    enum { ROUNDS = 4000, PACKETS = 4, LENGTH_MAX = 64, MOST = 24 };
    int pair[2], accepted = 0, kept = 0, dropped = 0;

    ck_assert_int_eq(socketpair(AF_UNIX, SOCK_DGRAM, 0, pair), 0);
    for (int round = 0; round < ROUNDS; round++) {
        ps_filter_instruction program[MOST];
        size_t count = random_program(program, MOST);
        bool here = ps_filter_check(program, count) == 0;

        ck_assert_msg(kernel_takes(pair[1], program, count) == here,
                      "round %d: the kernel and the check do not agree", round);
        if (!here)
            continue;
        accepted++;
        for (int n = 0; n < PACKETS; n++) {
            unsigned char data[LENGTH_MAX];
            size_t length = 1 + random_number(LENGTH_MAX);
            for (size_t i = 0; i < length; i++)
                data[i] = (unsigned char)random_number(random_number(2) ? 256 : 4);
            int there = verdict_of_kernel(pair, data, length);
            ck_assert_msg(verdict_here(program, count, data, length) == there,
                          "round %d, packet %d: %d here, %d in the kernel", round, n,
                          verdict_here(program, count, data, length), there);
            kept += there >= 0;
            dropped += there < 0;
        }
    }
    /* The programs are not all of one kind. */
    ck_assert_int_gt(accepted, ROUNDS / 10);
    ck_assert_int_gt(kept, ROUNDS / 20);
    ck_assert_int_gt(dropped, ROUNDS / 20);
    close(pair[0]);
    close(pair[1]);
}
END_TEST

void add_filter_kernel_tests(Suite *suite)
{
    ADD_TEST_CASE(suite, filter_says_what_the_kernel_says);
}
