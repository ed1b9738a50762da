/* Packets made by hand: one of each kind that the decoder knows, and what its line of text is. */
#ifndef TESTS_SUPPORT_PACKETS_H
#define TESTS_SUPPORT_PACKETS_H

#include <portsock-capture.h>

enum { TEST_PACKET_MAX = 1024 };

typedef struct test_packet {
    const char *name;
    const char *line; /* what ps_dissection_format writes */
    int link_type;
    bool malformed;  /* PS_DISSECT_MALFORMED is its mark */
    bool own_format; /* tcpdump writes another line, by decision: docs/dissect.md */
    size_t length;
    unsigned char data[TEST_PACKET_MAX];
} test_packet;

/* All of them. Static storage, made once. */
const test_packet *test_packets(size_t *count);

/* The one of this name; ends the program when there is none. */
const test_packet *test_packet_named(const char *name);

/* It as a capture gives it, cut after `length` bytes. */
ps_packet test_packet_cut(const test_packet *packet, size_t length);

#endif
