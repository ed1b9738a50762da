/*
 * What the scripts here need of the library:
 *   capture_tool write FILE FORMAT LINK-TYPE   the packets of the tests with this link type
 *   capture_tool cuts FILE LINK-TYPE           each of them, cut after each of its bytes
 *   capture_tool mixed FILE                    pcapng with several interfaces, lengths
 *                                              from 0 to 65535, and counts
 *   capture_tool lines FILE                    the line of each packet of any file
 *   capture_tool copy FROM TO FORMAT           FORMAT: pcap, pcapng or microseconds
 * Packets that tcpdump shows in another way by decision are left out where `write` and `cuts`
 * make files for comparison.
 */
#include "packets.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void check(int code, const char *what)
{
    if (code < 0) {
        fprintf(stderr, "capture_tool: %s: %s\n", what, ps_strerror(code));
        exit(1);
    }
}

static int format_of(const char *name)
{
    return strcmp(name, "pcap") == 0     ? PS_CAPTURE_FILE_PCAP
           : strcmp(name, "pcapng") == 0 ? PS_CAPTURE_FILE_PCAPNG
                                         : PS_CAPTURE_FILE_PCAP_MICROSECONDS;
}

static ps_capture_writer *open_writer(const char *path, int format, int link_type)
{
    ps_capture_writer *w;

    check(ps_capture_writer_open(&w, path, format, link_type, 0), path);
    return w;
}

/* Each packet a millisecond and a nanosecond after the one before. */
static void put(ps_capture_writer *w, ps_packet packet)
{
    static int64_t time = INT64_C(1700000000000000000);

    packet.time_ns = time += 1000001;
    check(ps_capture_writer_packet(w, &packet), "a write");
}

static void write_packets(const char *path, int format, int link_type, bool cuts)
{
    ps_capture_writer *w = open_writer(path, format, link_type);
    size_t count, i, length;
    const test_packet *packets = test_packets(&count);

    for (i = 0; i < count; i++) {
        if (packets[i].link_type != link_type || packets[i].own_format)
            continue;
        for (length = cuts ? 1 : packets[i].length; length <= packets[i].length; length++)
            put(w, test_packet_cut(&packets[i], length));
    }
    check(ps_capture_writer_close(w), path);
}

static void write_mixed(const char *path)
{
    static unsigned char zeros[65535];
    static const int links[] = {PS_LINK_ETHERNET, PS_LINK_RAW, PS_LINK_COOKED2, PS_LINK_ETHERNET};
    static const size_t lengths[] = {0, 1, 1500, 65535};
    ps_capture_statistics statistics = {16, 2, 1, true};
    ps_capture_writer *w = open_writer(path, PS_CAPTURE_FILE_PCAPNG, PS_LINK_ETHERNET);
    size_t i;

    check(ps_capture_writer_setinterface(w, PS_LINK_ETHERNET, 1, "first"), "a name");
    check(ps_capture_writer_setinterface(w, PS_LINK_RAW, 2, "tunnel \xc3\xa4"), "a name");
    for (i = 0; i < 16; i++) {
        ps_packet packet = {0};

        packet.data = zeros;
        packet.length = lengths[i / 4];
        packet.original_length = packet.length + i % 2 * 100;
        packet.link_type = links[i % 4];
        packet.interface_index = (unsigned)(i % 4 + 1);
        packet.direction = (int)(i % 3);
        put(w, packet);
    }
    check(ps_capture_writer_statistics(w, &statistics), "the counts");
    check(ps_capture_writer_close(w), path);
}

static void write_lines(const char *path)
{
    ps_capture_reader *r;
    ps_packet packet;
    int code;

    check(ps_capture_reader_open(&r, path), path);
    while ((code = ps_capture_reader_next(r, &packet)) > 0) {
        char text[PS_DISSECTION_TEXT_MAX];
        ps_dissection d;

        check(ps_dissect(&packet, &d), "decoding");
        check(ps_dissection_format(&packet, &d, text, sizeof text), "a line");
        puts(text);
    }
    check(code, path);
    ps_capture_reader_close(r);
}

static void copy(const char *from, const char *to, int format)
{
    ps_capture_writer *w = NULL;
    ps_capture_reader *r;
    ps_packet packet;
    int code;

    check(ps_capture_reader_open(&r, from), from);
    while ((code = ps_capture_reader_next(r, &packet)) > 0) {
        if (w == NULL)
            w = open_writer(to, format, packet.link_type);
        check(ps_capture_writer_packet(w, &packet), to);
    }
    check(code, from);
    ps_capture_reader_close(r);
    check(ps_capture_writer_close(w), to);
}

int main(int count, char **a)
{
    if (count == 5 && strcmp(a[1], "write") == 0)
        write_packets(a[2], format_of(a[3]), atoi(a[4]), false);
    else if (count == 4 && strcmp(a[1], "cuts") == 0)
        write_packets(a[2], PS_CAPTURE_FILE_PCAP, atoi(a[3]), true);
    else if (count == 3 && strcmp(a[1], "mixed") == 0)
        write_mixed(a[2]);
    else if (count == 3 && strcmp(a[1], "lines") == 0)
        write_lines(a[2]);
    else if (count == 5 && strcmp(a[1], "copy") == 0)
        copy(a[2], a[3], format_of(a[4]));
    else
        return 2;
    return 0;
}
