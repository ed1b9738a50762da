/*
 * Writes the inputs that fuzzing starts from:  make_corpus TARGET FOLDER
 * For dissect the packets of the tests, for reader a file of them in each format.
 */
#include "packets.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const int links[] = {PS_LINK_ETHERNET, PS_LINK_RAW,  PS_LINK_COOKED, PS_LINK_COOKED2,
                            PS_LINK_NULL,     PS_LINK_LOOP, PS_LINK_IPV4,   PS_LINK_IPV6};

static void fail(const char *what)
{
    fprintf(stderr, "make_corpus: %s failed\n", what);
    exit(1);
}

static void path_of(char *path, size_t size, const char *folder, size_t number)
{
    snprintf(path, size, "%s/seed-%03zu", folder, number);
}

/* The number of a link type in the order of fuzz_dissect.c. */
static int link_number(int link_type)
{
    size_t i;

    for (i = 0; i < sizeof links / sizeof links[0]; i++) {
        if (links[i] == link_type)
            return (int)i;
    }
    return 0;
}

static void write_packets(const char *folder)
{
    size_t count, i;
    const test_packet *packets = test_packets(&count);

    for (i = 0; i < count; i++) {
        char path[4096];
        unsigned char head[2] = {(unsigned char)link_number(packets[i].link_type), 0};
        FILE *f;

        path_of(path, sizeof path, folder, i);
        f = fopen(path, "wb");
        if (f == NULL || fwrite(head, 1, 2, f) != 2 ||
            fwrite(packets[i].data, 1, packets[i].length, f) != packets[i].length || fclose(f) != 0)
            fail("a write");
    }
}

static void write_file(const char *path, int format)
{
    size_t count, i;
    const test_packet *packets = test_packets(&count);
    ps_capture_statistics statistics = {5, 1, 0, true};
    ps_capture_writer *w;

    if (ps_capture_writer_open(&w, path, format, PS_LINK_ETHERNET, 0) != 0)
        fail("opening a file");
    for (i = 0; i < count; i += count / 6) {
        ps_packet packet = test_packet_cut(&packets[i], packets[i].length);

        packet.direction = (int)(i % 3);
        packet.interface_index = (unsigned)(i % 2);
        packet.time_ns = (int64_t)i * 1000000007;
        if (format == PS_CAPTURE_FILE_PCAPNG || packet.link_type == PS_LINK_ETHERNET)
            ps_capture_writer_packet(w, &packet);
    }
    ps_capture_writer_statistics(w, &statistics);
    if (ps_capture_writer_close(w) != 0)
        fail("closing a file");
}

static void write_files(const char *folder)
{
    static const int formats[] = {PS_CAPTURE_FILE_PCAP, PS_CAPTURE_FILE_PCAPNG,
                                  PS_CAPTURE_FILE_PCAP_MICROSECONDS};
    size_t i;

    for (i = 0; i < 3; i++) {
        char path[4096];

        path_of(path, sizeof path, folder, i);
        write_file(path, formats[i]);
    }
}

int main(int count, char **arguments)
{
    if (count != 3) {
        fprintf(stderr, "usage: make_corpus dissect|reader FOLDER\n");
        return 2;
    }
    if (strcmp(arguments[1], "dissect") == 0)
        write_packets(arguments[2]);
    else if (strcmp(arguments[1], "reader") == 0)
        write_files(arguments[2]);
    else
        return 0; /* nothing to start from */
    return 0;
}
