/* The packets in a buffer of /dev/bpf, as FreeBSD lays it out: whole, cut anywhere, and wrong. */
#include "bpf/net/bpf.h"

#include "posix/capture/bpf_buffer.h"
#include "test.h"

/* Puts a packet behind those that are in the buffer; returns where the next one goes. */
static size_t put(unsigned char *room, size_t at, unsigned captured, unsigned original,
                  unsigned header_length)
{
    struct bpf_hdr header = {{1700000000, 123456}, captured, original, (u_short)header_length};

    memcpy(room + at, &header, sizeof header < header_length ? sizeof header : header_length);
    for (unsigned i = 0; i < captured; i++)
        room[at + header_length + i] = (unsigned char)(captured + i);
    return at + BPF_WORDALIGN(header_length + captured);
}

/* The length that the header is given on a system: what keeps the network layer aligned behind
 * an Ethernet header. */
enum { HEADER = 26 };

START_TEST(bpf_walk_gives_each_packet)
{
    static const unsigned sizes[] = {60, 0, 1, 61, 1514};
    unsigned char room[4096] = {0};
    ps__bpf_buffer buffer = {room, 0, 0};
    ps_packet p;

    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++)
        buffer.length = put(room, buffer.length, sizes[i], sizes[i] + 5, HEADER);
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        ck_assert(ps__bpf_next(&buffer, &p));
        ck_assert_uint_eq(p.length, sizes[i]);
        ck_assert_uint_eq(p.original_length, sizes[i] + 5);
        ck_assert_int_eq(p.time_ns, INT64_C(1700000000123456000));
        for (unsigned n = 0; n < sizes[i]; n++)
            ck_assert_uint_eq(p.data[n], (unsigned char)(sizes[i] + n));
    }
    ck_assert(!ps__bpf_next(&buffer, &p));
    ck_assert(!ps__bpf_next(&buffer, &p));
}
END_TEST

/* In memory of just that length: a sanitizer sees a read behind the end. The last packet need
 * not be filled up. */
START_TEST(bpf_walk_of_a_buffer_cut_anywhere)
{
    unsigned char room[512] = {0};
    size_t whole = HEADER + 61;

    put(room, 0, 61, 61, HEADER);
    for (size_t length = 0; length <= whole; length++) {
        unsigned char *cut = malloc(length > 0 ? length : 1);
        memcpy(cut, room, length);
        ps__bpf_buffer buffer = {cut, length, 0};
        ps_packet p;
        ck_assert(ps__bpf_next(&buffer, &p) == (length == whole));
        ck_assert(!ps__bpf_next(&buffer, &p));
        free(cut);
    }
}
END_TEST

START_TEST(bpf_walk_of_wrong_lengths)
{
    static const unsigned wrong[][2] = {
        {61, 0}, {61, 4}, {61, 65535}, {UINT32_MAX, HEADER}, {487, HEADER}};

    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        unsigned char room[512] = {0};
        struct bpf_hdr header = {{0, 0}, wrong[i][0], 61, (u_short)wrong[i][1]};
        ps__bpf_buffer buffer = {room, sizeof room, 0};
        ps_packet p;
        memcpy(room, &header, sizeof header);
        ck_assert(!ps__bpf_next(&buffer, &p));
    }
}
END_TEST

void add_bpf_walk_tests(Suite *suite)
{
    ADD_TEST_CASE(suite, bpf_walk_gives_each_packet);
    ADD_TEST_CASE(suite, bpf_walk_of_a_buffer_cut_anywhere);
    ADD_TEST_CASE(suite, bpf_walk_of_wrong_lengths);
}
