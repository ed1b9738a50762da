/* Packet filters: what is a program, what it says of a packet, and the texts that tcpdump
 * prints. */
#include "test.h"

#include <portsock-capture.h>

/* The codes that these tests write programs with (bpf(4)). */
enum {
    LD_W = 0x20,
    LD_H = 0x28,
    LD_B = 0x30,
    LD_W_IND = 0x40,
    LD_H_IND = 0x48,
    LD_LEN = 0x80,
    LD_IMM = 0x00,
    LD_MEM = 0x60,
    LDX_IMM = 0x01,
    LDX_MEM = 0x61,
    LDX_LEN = 0x81,
    LDX_MSH = 0xb1,
    ST = 0x02,
    STX = 0x03,
    JA = 0x05,
    JEQ = 0x15,
    JGT = 0x25,
    JGE = 0x35,
    JSET = 0x45,
    JEQ_X = 0x1d,
    RET = 0x06,
    RET_A = 0x16,
    TAX = 0x07,
    TXA = 0x87,
    ADD = 0x04,
    SUB = 0x14,
    MUL = 0x24,
    DIV = 0x34,
    DIV_X = 0x3c,
    OR = 0x44,
    AND = 0x54,
    LSH = 0x64,
    RSH = 0x74,
    NEG = 0x84,
    MOD = 0x94,
    MOD_X = 0x9c,
    XOR = 0xa4
};

#define COUNT(program) (sizeof(program) / sizeof((program)[0]))

/* An Ethernet frame: IPv4 with 4 bytes of options, UDP from port 1000 to port 53, 2 bytes. */
static const unsigned char frame[] = {
    0x02, 0,    0,   0,  0, 1,  0x02, 0, 0,   0,   0, 2, 0x08, 0x00, /* Ethernet */
    0x46, 0,    0,   34, 0, 1,  0,    0, 64,  17,  0, 0, 192,  0,
    2,    1,    192, 0,  2, 2,  1,    1, 1,   0,   /* IPv4 */
    0x03, 0xe8, 0,   53, 0, 10, 0,    0, 'h', 'i', /* UDP */
};

/* udp dst port 53, as tcpdump -dd makes it but for IPv6. */
static const ps_filter_instruction port_53[] = {
    {LD_H, 0, 0, 12}, {JEQ, 0, 8, 0x800},   {LD_B, 0, 0, 23},    {JEQ, 0, 6, 17},
    {LD_H, 0, 0, 20}, {JSET, 4, 0, 0x1fff}, {LDX_MSH, 0, 0, 14}, {LD_H_IND, 0, 0, 16},
    {JEQ, 0, 1, 53},  {RET, 0, 0, 262144},  {RET, 0, 0, 0},
};

static uint32_t run(const ps_filter_instruction *program, size_t count)
{
    ck_assert_ok(ps_filter_check(program, count));
    return ps_filter_run(program, count, frame, sizeof frame, sizeof frame);
}

START_TEST(filter_finds_a_port_behind_options)
{
    unsigned char other[sizeof frame];

    ck_assert_uint_eq(run(port_53, COUNT(port_53)), 262144);
    memcpy(other, frame, sizeof frame);
    other[sizeof frame - 7] = 54;
    ck_assert_uint_eq(ps_filter_run(port_53, COUNT(port_53), other, sizeof other, sizeof other), 0);
}
END_TEST

/* Cut at every length, in memory of just that length: a sanitizer sees a read behind the end. */
START_TEST(filter_does_not_read_behind_the_packet)
{
    for (size_t length = 0; length <= sizeof frame; length++) {
        unsigned char *cut = malloc(length > 0 ? length : 1);
        memcpy(cut, frame, length);
        uint32_t kept = ps_filter_run(port_53, COUNT(port_53), cut, length, sizeof frame);
        ck_assert_uint_eq(kept, length >= 42 ? 262144U : 0U);
        free(cut);
    }
}
END_TEST

/* A program that leaves a number in A, and returns it. */
static uint32_t result(ps_filter_instruction one, ps_filter_instruction other)
{
    ps_filter_instruction program[] = {{LDX_IMM, 0, 0, 3}, one, other, {RET_A, 0, 0, 0}};

    return run(program, COUNT(program));
}

#define RESULT(number, code, operand)                     \
    result((ps_filter_instruction){LD_IMM, 0, 0, number}, \
           (ps_filter_instruction){code, 0, 0, operand})

START_TEST(filter_computes)
{
    ck_assert_uint_eq(RESULT(7, ADD, 0xffffffff), 6);
    ck_assert_uint_eq(RESULT(7, SUB, 9), 0xfffffffe);
    ck_assert_uint_eq(RESULT(0x10001, MUL, 0x10001), 0x20001);
    ck_assert_uint_eq(RESULT(100, DIV, 7), 14);
    ck_assert_uint_eq(RESULT(100, DIV_X, 0), 33);
    ck_assert_uint_eq(RESULT(100, MOD, 7), 2);
    ck_assert_uint_eq(RESULT(100, MOD_X, 0), 1);
    ck_assert_uint_eq(RESULT(0xf0, OR, 0x0f), 0xff);
    ck_assert_uint_eq(RESULT(0xf0, AND, 0x3c), 0x30);
    ck_assert_uint_eq(RESULT(0xf0, XOR, 0x3c), 0xcc);
    ck_assert_uint_eq(RESULT(1, LSH, 31), 0x80000000);
    ck_assert_uint_eq(RESULT(0x80000000, RSH, 31), 1);
    ck_assert_uint_eq(RESULT(1, NEG, 0), 0xffffffff);
    ck_assert_uint_eq(RESULT(5, TXA, 0), 3);
}
END_TEST

START_TEST(filter_loads)
{
    ps_filter_instruction memory[] = {{LD_W, 0, 0, 26},   {ST, 0, 0, 15},    {LDX_LEN, 0, 0, 0},
                                      {STX, 0, 0, 0},     {LD_MEM, 0, 0, 0}, {LDX_MEM, 0, 0, 15},
                                      {ADD | 8, 0, 0, 0}, {RET_A, 0, 0, 0}};

    ck_assert_uint_eq(RESULT(0, LD_W, 26), 0xc0000201);
    ck_assert_uint_eq(RESULT(0, LD_H, 12), 0x800);
    ck_assert_uint_eq(RESULT(0, LD_B, 14), 0x46);
    ck_assert_uint_eq(RESULT(0, LD_LEN, 0), sizeof frame);
    ck_assert_uint_eq(RESULT(0, LD_H_IND, 9), 0x800);
    ck_assert_uint_eq(run(memory, COUNT(memory)), 0xc0000201 + sizeof frame);
}
END_TEST

/* What the program asks of the packet's length is the length on the wire. */
START_TEST(filter_length_is_that_on_the_wire)
{
    ps_filter_instruction program[] = {{LD_LEN, 0, 0, 0}, {RET_A, 0, 0, 0}};

    ck_assert_uint_eq(ps_filter_run(program, 2, frame, 10, 1500), 1500);
}
END_TEST

/* Where the kernel drops the packet, it does not pass here. */
START_TEST(filter_refuses_the_packet_where_it_goes_wrong)
{
    static const uint32_t behind[] = {sizeof frame, sizeof frame - 3, 0x7fffffff, 0xffffe000,
                                      0xfffff000,   0xfffff02c,       UINT32_MAX};
    ps_filter_instruction zero[] = {{LDX_IMM, 0, 0, 0}, {DIV_X, 0, 0, 0}, {RET, 0, 0, 1}};

    for (size_t i = 0; i < COUNT(behind); i++) {
        ps_filter_instruction absolute[] = {{LD_W, 0, 0, behind[i]}, {RET, 0, 0, 1}};
        ps_filter_instruction indexed[] = {
            {LDX_IMM, 0, 0, behind[i]}, {LD_W_IND, 0, 0, 0}, {RET, 0, 0, 1}};
        ck_assert_uint_eq(run(absolute, 2), 0);
        ck_assert_uint_eq(run(indexed, 3), 0);
    }
    ck_assert_uint_eq(run(zero, 3), 0);
    zero[1].code = MOD_X;
    ck_assert_uint_eq(run(zero, 3), 0);
}
END_TEST

static void refuse(const ps_filter_instruction *program, size_t count)
{
    ck_assert_code(ps_filter_check(program, count), PS_BAD_FILTER);
    /* Run all the same, it ends, and reads nothing that is not there. */
    (void)ps_filter_run(program, count, frame, sizeof frame, sizeof frame);
}

START_TEST(filter_check_refuses_what_cannot_be_run)
{
    static const ps_filter_instruction wrong[][3] = {
        {{0xffff, 0, 0, 0}, {RET, 0, 0, 0}, {RET, 0, 0, 0}}, /* unknown codes */
        {{0x0120, 0, 0, 0}, {RET, 0, 0, 0}, {RET, 0, 0, 0}},
        {{0x0e, 0, 0, 0}, {RET, 0, 0, 0}, {RET, 0, 0, 0}},
        {{LD_IMM, 0, 0, 0},
         {RET, 0, 0, 0},
         {LD_IMM, 0, 0, 0}},                             /* the end is not reached by a return */
        {{JA, 0, 0, 2}, {RET, 0, 0, 0}, {RET, 0, 0, 0}}, /* jumps out */
        {{JA, 0, 0, UINT32_MAX}, {RET, 0, 0, 0}, {RET, 0, 0, 0}},
        {{JEQ, 2, 0, 0}, {RET, 0, 0, 0}, {RET, 0, 0, 0}},
        {{JEQ_X, 0, 255, 0}, {RET, 0, 0, 0}, {RET, 0, 0, 0}},
        {{DIV, 0, 0, 0}, {RET, 0, 0, 0}, {RET, 0, 0, 0}},
        {{MOD, 0, 0, 0}, {RET, 0, 0, 0}, {RET, 0, 0, 0}},
        {{LSH, 0, 0, 32}, {RET, 0, 0, 0}, {RET, 0, 0, 0}},
        {{ST, 0, 0, 16}, {RET, 0, 0, 0}, {RET, 0, 0, 0}},
        {{STX, 0, 0, UINT32_MAX}, {RET, 0, 0, 0}, {RET, 0, 0, 0}},
        {{LD_MEM, 0, 0, 0}, {RET, 0, 0, 0}, {RET, 0, 0, 0}}, /* never written */
        {{ST, 0, 0, 1}, {LDX_MEM, 0, 0, 2}, {RET, 0, 0, 0}},
    };
    static const ps_filter_instruction one_way[] = {
        {LD_IMM, 0, 0, 0}, {JEQ, 1, 0, 0}, {ST, 0, 0, 0}, {LD_MEM, 0, 0, 0}, {RET_A, 0, 0, 0}};

    for (size_t i = 0; i < COUNT(wrong); i++)
        refuse(wrong[i], 3);
    refuse(one_way, COUNT(one_way));
    ck_assert_code(ps_filter_check(NULL, 1), PS_EFAULT);
    ck_assert_code(ps_filter_check(port_53, 0), PS_BAD_FILTER);
    ck_assert_code(ps_filter_check(port_53, PS_FILTER_MAX + 1), PS_BAD_FILTER);
    ck_assert_uint_eq(ps_filter_run(NULL, 5, frame, sizeof frame, sizeof frame), 0);
    ck_assert_uint_eq(ps_filter_run(port_53, COUNT(port_53), NULL, 100, 100), 0);
}
END_TEST

START_TEST(filter_of_the_greatest_length)
{
    static ps_filter_instruction program[PS_FILTER_MAX];

    for (size_t i = 0; i < PS_FILTER_MAX - 1; i++)
        program[i] = (ps_filter_instruction){ADD, 0, 0, 1};
    program[PS_FILTER_MAX - 1] = (ps_filter_instruction){RET_A, 0, 0, 0};
    ck_assert_uint_eq(run(program, PS_FILTER_MAX), PS_FILTER_MAX - 1);
}
END_TEST

static const char decimal[] = "4\n40 0 0 12\n21 0 1 2048\n6 0 0 262144\n6 0 0 0\n";
static const char lines_of_c[] = "{ 0x28, 0, 0, 0x0000000c },\n{ 0x15, 0, 1, 0x00000800 },\n"
                                 "{ 0x6, 0, 0, 0x00040000 },\n{ 0x6, 0, 0, 0x00000000 },\n";

START_TEST(filter_parse_reads_what_tcpdump_prints)
{
    static const char *const texts[] = {
        decimal,
        lines_of_c,
        "4,40 0 0 12,21 0 1 2048,6 0 0 262144,6 0 0 0",
        "4\r\n40 0 0 12\r\n21 0 1 2048\r\n6 0 0 262144\r\n6 0 0 0\r\n",
        " 4 ; 40 0 0 12 ; 21 0 1 2048;6 0 0 262144 ;6 0 0 0; ",
        "{0x28,0,0,0xC} {21,0,1,2048} {6,0,0,262144} {6,0,0,0}"};
    static const ps_filter_instruction expected[] = {
        {LD_H, 0, 0, 12}, {JEQ, 0, 1, 2048}, {RET, 0, 0, 262144}, {RET, 0, 0, 0}};

    for (size_t i = 0; i < COUNT(texts); i++) {
        ps_filter_instruction program[4];
        size_t count = 4;
        ck_assert_code(ps_filter_parse(texts[i], program, &count), 0);
        ck_assert_uint_eq(count, 4);
        for (size_t n = 0; n < count; n++)
            ck_assert(program[n].code == expected[n].code &&
                      program[n].jump_true == expected[n].jump_true &&
                      program[n].jump_false == expected[n].jump_false &&
                      program[n].operand == expected[n].operand);
    }
}
END_TEST

static void refuse_text(const char *text, int code)
{
    ps_filter_instruction program[8];
    size_t count = COUNT(program);

    test_assert_code(ps_filter_parse(text, program, &count), code, text, __FILE__, __LINE__);
    ck_assert_uint_eq(count, 0);
}

START_TEST(filter_parse_refuses_other_texts)
{
    static const char *const texts[] = {
        "",
        "\n",
        "0\n",
        "1\n",
        "x",
        "udp port 53",
        "2\n6 0 0 0\n",          /* fewer than announced */
        "1\n6 0 0 0\n6 0 0 0\n", /* more */
        "-1\n6 0 0 0\n",
        "1\n6 0 0\n",
        "1\n6 0 0 0 0\n",
        "1\n6 0 256 0\n",
        "1\n65536 0 0 0\n",
        "1\n6 0 0 4294967296\n",
        "1\n6 0 0 99999999999999999999999\n",
        "1\n6 0 0 0x\n",
        "4097\n6 0 0 0\n",
        "1 6 0 0 0",
        "{",
        "{ 0x6, 0, 0, 0x0 ",
        "{ 0x6, 0, 0 },",
        "{ 0x6, 0, 0, 0, 0 },",
        "{ 0x6 0 0 0 },",
        "{ 0x6, 0, 0, 0 }, x",
        "{ 0x6, 0, 300, 0 },",
        "{ 0x0, 0, 0, 0 },", /* does not return */
    };

    for (size_t i = 0; i < COUNT(texts); i++)
        refuse_text(texts[i], PS_BAD_FILTER);
}
END_TEST

START_TEST(filter_parse_room_and_pointers)
{
    ps_filter_instruction program[4];
    size_t count = 3;

    ck_assert_code(ps_filter_parse(decimal, program, &count), PS_BAD_LENGTH);
    ck_assert_uint_eq(count, 0);
    count = 3;
    ck_assert_code(ps_filter_parse(lines_of_c, program, &count), PS_BAD_LENGTH);
    count = 4;
    ck_assert_code(ps_filter_parse(NULL, program, &count), PS_EFAULT);
    ck_assert_uint_eq(count, 0);
    count = 4;
    ck_assert_code(ps_filter_parse(decimal, NULL, &count), PS_EFAULT);
    ck_assert_code(ps_filter_parse(decimal, program, NULL), PS_EFAULT);
}
END_TEST

/* Random programs, most of them wrong: the check lets none past that goes wrong, and none goes
 * on for ever. */
START_TEST(filter_random_programs)
{
    uint32_t seed = 12345, passed = 0;

    for (int round = 0; round < 20000; round++) {
        ps_filter_instruction program[6];
        for (size_t i = 0; i < COUNT(program); i++) {
            seed = seed * 1664525 + 1013904223;
            program[i].code = (uint16_t)(seed >> 24);
            program[i].jump_true = (uint8_t)(seed >> 16 & 3);
            program[i].jump_false = (uint8_t)(seed >> 18 & 3);
            program[i].operand = seed >> 8 & 31;
        }
        program[5].code = RET;
        passed += ps_filter_check(program, COUNT(program)) == 0;
        (void)ps_filter_run(program, COUNT(program), frame, sizeof frame, sizeof frame);
    }
    ck_assert_uint_gt(passed, 0);
}
END_TEST

void add_filter_tests(Suite *suite)
{
    ADD_TEST_CASE(suite, filter_finds_a_port_behind_options);
    ADD_TEST_CASE(suite, filter_does_not_read_behind_the_packet);
    ADD_TEST_CASE(suite, filter_computes);
    ADD_TEST_CASE(suite, filter_loads);
    ADD_TEST_CASE(suite, filter_length_is_that_on_the_wire);
    ADD_TEST_CASE(suite, filter_refuses_the_packet_where_it_goes_wrong);
    ADD_TEST_CASE(suite, filter_check_refuses_what_cannot_be_run);
    ADD_TEST_CASE(suite, filter_of_the_greatest_length);
    ADD_TEST_CASE(suite, filter_parse_reads_what_tcpdump_prints);
    ADD_TEST_CASE(suite, filter_parse_refuses_other_texts);
    ADD_TEST_CASE(suite, filter_parse_room_and_pointers);
    ADD_TEST_CASE(suite, filter_random_programs);
}
