/* Capture files: written and read again, and files made by hand that a writer of ours does not
 * make. */
#include "test.h"

#include <portsock-capture.h>

#include <stdio.h>

enum { FILE_MAX = 4096 };

/* A file for one test, which has its name. */
#define FILE_NAME(test) "capture_file_" test ".tmp"

static const char *path_of_test;

static const char *use_file(const char *path)
{
    path_of_test = path;
    remove(path);
    return path;
}

static void drop_file(void)
{
    remove(path_of_test);
}

/* ---- bytes ----------------------------------------------------------------------------------- */

typedef struct bytes {
    bool big;
    size_t size;
    unsigned char data[FILE_MAX];
} bytes;

static void put8(bytes *b, unsigned value)
{
    ck_assert_uint_lt(b->size, FILE_MAX);
    b->data[b->size++] = (unsigned char)value;
}

static void put16(bytes *b, unsigned value)
{
    put8(b, b->big ? value >> 8 : value & 255);
    put8(b, b->big ? value & 255 : value >> 8);
}

static void put32(bytes *b, uint32_t value)
{
    put16(b, b->big ? value >> 16 : value & 0xffff);
    put16(b, b->big ? value & 0xffff : value >> 16);
}

static void put_text(bytes *b, const char *text)
{
    for (; *text != '\0'; text++)
        put8(b, (unsigned char)*text);
}

static void pad(bytes *b)
{
    while (b->size % 4 != 0)
        put8(b, 0);
}

static size_t begin_block(bytes *b, uint32_t type)
{
    size_t first = b->size;

    put32(b, type);
    put32(b, 0);
    return first;
}

static void end_block(bytes *b, size_t first)
{
    size_t end;

    pad(b);
    put32(b, (uint32_t)(b->size - first + 4));
    end = b->size;
    b->size = first + 4;
    put32(b, (uint32_t)(end - first));
    b->size = end;
}

static void put_section(bytes *b, bool big)
{
    size_t first;

    b->big = big;
    first = begin_block(b, 0x0a0d0d0a);
    put32(b, 0x1a2b3c4d);
    put16(b, 1);
    put16(b, 0);
    put32(b, 0xffffffff);
    put32(b, 0xffffffff);
    end_block(b, first);
}

/* An interface; resolution as pcapng codes it, below 0: the option is not there. */
static void put_interface(bytes *b, unsigned link_type, uint32_t snap_length, int resolution,
                          uint32_t offset)
{
    size_t first = begin_block(b, 1);

    put16(b, link_type);
    put16(b, 0);
    put32(b, snap_length);
    if (resolution >= 0) {
        put16(b, 9);
        put16(b, 1);
        put8(b, (unsigned)resolution);
        pad(b);
    }
    if (offset != 0) {
        put16(b, 14);
        put16(b, 8);
        put32(b, b->big ? 0 : offset);
        put32(b, b->big ? offset : 0);
    }
    put32(b, 0);
    end_block(b, first);
}

static void put_packet(bytes *b, uint32_t number, uint64_t time, const char *text, uint32_t wire)
{
    size_t first = begin_block(b, 6);

    put32(b, number);
    put32(b, (uint32_t)(time >> 32));
    put32(b, (uint32_t)time);
    put32(b, (uint32_t)strlen(text));
    put32(b, wire);
    put_text(b, text);
    end_block(b, first);
}

static void put_pcap_head(bytes *b, uint32_t magic, uint32_t link_type)
{
    put32(b, magic);
    put16(b, 2);
    put16(b, 4);
    put32(b, 0);
    put32(b, 0);
    put32(b, 65535);
    put32(b, link_type);
}

static void put_pcap_packet(bytes *b, uint32_t seconds, uint32_t fraction, const char *text,
                            uint32_t wire)
{
    put32(b, seconds);
    put32(b, fraction);
    put32(b, (uint32_t)strlen(text));
    put32(b, wire);
    put_text(b, text);
}

static void store(const char *path, const void *data, size_t size)
{
    FILE *f = fopen(path, "wb");

    ck_assert_ptr_nonnull(f);
    ck_assert_uint_eq(fwrite(data, 1, size, f), size);
    ck_assert_int_eq(fclose(f), 0);
}

static size_t load(const char *path, void *data, size_t room)
{
    FILE *f = fopen(path, "rb");
    size_t size;

    ck_assert_ptr_nonnull(f);
    size = fread(data, 1, room, f);
    fclose(f);
    return size;
}

/* Opens a file of these bytes. */
static ps_capture_reader *reader_of(const bytes *b)
{
    ps_capture_reader *r;

    store(path_of_test, b->data, b->size);
    ck_assert_ok(ps_capture_reader_open(&r, path_of_test));
    return r;
}

static void expect_packet(ps_capture_reader *r, const char *text, size_t wire, int64_t time,
                          int link_type)
{
    ps_packet packet;

    ck_assert_int_eq(ps_capture_reader_next(r, &packet), 1);
    ck_assert_uint_eq(packet.length, strlen(text));
    ck_assert_mem_eq(packet.data, text, packet.length);
    ck_assert_uint_eq(packet.original_length, wire);
    ck_assert_int_eq(packet.time_ns, time);
    ck_assert_int_eq(packet.link_type, link_type);
}

/* Nothing more, now and again. */
static void expect_end(ps_capture_reader *r, int code)
{
    ps_packet packet;

    ck_assert_int_eq(ps_capture_reader_next(r, &packet), code);
    ck_assert_ptr_null(packet.data);
    ck_assert_int_eq(ps_capture_reader_next(r, &packet), code);
    ck_assert_ok(ps_capture_reader_close(r));
}

static ps_packet packet_of(const void *data, size_t length, int64_t time)
{
    ps_packet packet = {0};

    packet.data = data;
    packet.length = packet.original_length = length;
    packet.time_ns = time;
    packet.link_type = PS_LINK_ETHERNET;
    return packet;
}

/* ---- written and read ------------------------------------------------------------------------ */

static void write_three(int format)
{
    static unsigned char large[65535];
    ps_capture_writer *w;
    ps_packet packet;

    memset(large, 0xee, sizeof large);
    ck_assert_ok(ps_capture_writer_open(&w, path_of_test, format, PS_LINK_ETHERNET, 0));
    packet = packet_of(NULL, 0, 0);
    ck_assert_ok(ps_capture_writer_packet(w, &packet));
    packet = packet_of(large, sizeof large, INT64_C(1700000000123456789));
    ck_assert_ok(ps_capture_writer_packet(w, &packet));
    packet = packet_of("abc", 3, INT64_C(4294967295999999999)); /* the last that pcap can hold */
    packet.original_length = 1500;
    ck_assert_ok(ps_capture_writer_packet(w, &packet));
    ck_assert_ok(ps_capture_writer_close(w));
}

static void read_three(int format, int64_t below)
{
    ps_capture_reader *r;
    ps_packet packet;

    ck_assert_ok(ps_capture_reader_open(&r, path_of_test));
    ck_assert_int_eq(ps_capture_reader_getformat(r), format);
    expect_packet(r, "", 0, 0, PS_LINK_ETHERNET);
    ck_assert_int_eq(ps_capture_reader_next(r, &packet), 1);
    ck_assert_uint_eq(packet.length, 65535);
    ck_assert_uint_eq(packet.original_length, 65535);
    ck_assert_int_eq(packet.data[65534], 0xee);
    ck_assert_int_eq(packet.time_ns, INT64_C(1700000000123456789) / below * below);
    expect_packet(r, "abc", 1500, INT64_C(4294967295999999999) / below * below, PS_LINK_ETHERNET);
    expect_end(r, 0);
}

START_TEST(file_pcap)
{
    use_file(FILE_NAME("pcap"));
    write_three(PS_CAPTURE_FILE_PCAP);
    read_three(PS_CAPTURE_FILE_PCAP, 1);
    drop_file();
}
END_TEST

START_TEST(file_pcap_microseconds)
{
    use_file(FILE_NAME("microseconds"));
    write_three(PS_CAPTURE_FILE_PCAP_MICROSECONDS);
    read_three(PS_CAPTURE_FILE_PCAP_MICROSECONDS, 1000);
    drop_file();
}
END_TEST

START_TEST(file_pcapng)
{
    use_file(FILE_NAME("pcapng"));
    write_three(PS_CAPTURE_FILE_PCAPNG);
    read_three(PS_CAPTURE_FILE_PCAPNG, 1);
    drop_file();
}
END_TEST

START_TEST(file_snap_length)
{
    static const int formats[] = {PS_CAPTURE_FILE_PCAP, PS_CAPTURE_FILE_PCAPNG};
    size_t i;

    use_file(FILE_NAME("snap_length"));
    for (i = 0; i < 2; i++) {
        ps_packet packet = packet_of("abcdefgh", 8, 1);
        ps_capture_file_interface described = {0};
        ps_capture_writer *w;
        ps_capture_reader *r;

        ck_assert_ok(ps_capture_writer_open(&w, path_of_test, formats[i], PS_LINK_ETHERNET, 5));
        ck_assert_ok(ps_capture_writer_packet(w, &packet));
        ck_assert_ok(ps_capture_writer_close(w));
        ck_assert_ok(ps_capture_reader_open(&r, path_of_test));
        expect_packet(r, "abcde", 8, 1, PS_LINK_ETHERNET);
        ck_assert_ok(ps_capture_reader_getinterface(r, 1, &described));
        ck_assert_uint_eq(described.snap_length, 5);
        expect_end(r, 0);
    }
    drop_file();
}
END_TEST

/* Each pair of link type and number is an interface of its own; directions and names come
 * through. */
START_TEST(file_interfaces)
{
    static const struct {
        int link_type;
        unsigned index, in_file;
        int direction;
        const char *name;
    } rows[] = {{PS_LINK_ETHERNET, 2, 1, PS_DIRECTION_IN, "eth0"},
                {PS_LINK_RAW, 7, 2, PS_DIRECTION_OUT, ""},
                {PS_LINK_COOKED2, 0, 3, PS_DIRECTION_UNKNOWN, "any"},
                {PS_LINK_ETHERNET, 3, 4, PS_DIRECTION_OUT, ""},
                {PS_LINK_ETHERNET, 2, 1, PS_DIRECTION_OUT, "eth0"},
                {PS_LINK_RAW, 2, 5, PS_DIRECTION_IN, ""}};
    ps_capture_statistics statistics = {0};
    ps_capture_file_interface described = {0};
    ps_capture_writer *w;
    ps_capture_reader *r;
    ps_packet packet;
    size_t i;

    use_file(FILE_NAME("interfaces"));
    ck_assert_ok(ps_capture_writer_open(&w, path_of_test, PS_CAPTURE_FILE_PCAPNG, PS_LINK_NULL, 0));
    ck_assert_ok(ps_capture_writer_setinterface(w, PS_LINK_COOKED2, 0, "any"));
    ck_assert_ok(ps_capture_writer_setinterface(w, PS_LINK_ETHERNET, 2, "not yet"));
    ck_assert_ok(ps_capture_writer_setinterface(w, PS_LINK_ETHERNET, 2, "eth0"));
    for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        packet = packet_of("abc", i % 4, (int64_t)i);
        packet.link_type = rows[i].link_type;
        packet.interface_index = rows[i].index;
        packet.direction = rows[i].direction;
        ck_assert_ok(ps_capture_writer_packet(w, &packet));
    }
    ck_assert_code(ps_capture_writer_setinterface(w, PS_LINK_ETHERNET, 2, "late"), PS_EEXIST);
    statistics.received = 6;
    statistics.dropped_known = true;
    ck_assert_ok(ps_capture_writer_statistics(w, &statistics));
    ck_assert_ok(ps_capture_writer_close(w));

    ck_assert_ok(ps_capture_reader_open(&r, path_of_test));
    for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        ck_assert_int_eq(ps_capture_reader_next(r, &packet), 1);
        ck_assert_int_eq(packet.link_type, rows[i].link_type);
        ck_assert_uint_eq(packet.interface_index, rows[i].in_file);
        ck_assert_int_eq(packet.direction, rows[i].direction);
        ck_assert_int_eq(packet.time_ns, (int64_t)i);
        ck_assert_ok(ps_capture_reader_getinterface(r, packet.interface_index, &described));
        ck_assert_str_eq(described.name, rows[i].name);
        ck_assert_int_eq(described.link_type, rows[i].link_type);
    }
    ck_assert_code(ps_capture_reader_getinterface(r, 6, &described), PS_ENODEV);
    ck_assert_code(ps_capture_reader_getinterface(r, 0, &described), PS_ENODEV);
    expect_end(r, 0);
    drop_file();
}
END_TEST

START_TEST(file_long_interface_name)
{
    static const char name[] =
        "a name of more than 63 bytes, the last of which is in a character \xe2\x82\xac";
    ps_packet packet = packet_of("abc", 3, 0);
    ps_capture_file_interface described = {0};
    char cut[] = "12345678901234567890123456789012345678901234567890123456789012\xe2\x82\xac";
    ps_capture_writer *w;
    ps_capture_reader *r;

    use_file(FILE_NAME("long_name"));
    ck_assert_ok(
        ps_capture_writer_open(&w, path_of_test, PS_CAPTURE_FILE_PCAPNG, PS_LINK_ETHERNET, 0));
    ck_assert_ok(ps_capture_writer_setinterface(w, PS_LINK_ETHERNET, 0, name));
    ck_assert_ok(ps_capture_writer_packet(w, &packet));
    packet.interface_index = 1;
    ck_assert_ok(ps_capture_writer_setinterface(w, PS_LINK_ETHERNET, 1, cut));
    ck_assert_ok(ps_capture_writer_packet(w, &packet));
    ck_assert_ok(ps_capture_writer_close(w));
    ck_assert_ok(ps_capture_reader_open(&r, path_of_test));
    expect_packet(r, "abc", 3, 0, PS_LINK_ETHERNET);
    expect_packet(r, "abc", 3, 0, PS_LINK_ETHERNET);
    ck_assert_ok(ps_capture_reader_getinterface(r, 1, &described));
    ck_assert_uint_eq(strlen(described.name), 63);
    ck_assert_ok(ps_capture_reader_getinterface(r, 2, &described));
    cut[62] = '\0';
    ck_assert_str_eq(described.name, cut);
    expect_end(r, 0);
    drop_file();
}
END_TEST

START_TEST(file_without_packets)
{
    static const int formats[] = {PS_CAPTURE_FILE_PCAP, PS_CAPTURE_FILE_PCAPNG,
                                  PS_CAPTURE_FILE_PCAP_MICROSECONDS};
    size_t i;

    use_file(FILE_NAME("empty"));
    for (i = 0; i < 3; i++) {
        ps_capture_file_interface described = {0};
        ps_capture_writer *w;
        ps_capture_reader *r;

        ck_assert_ok(ps_capture_writer_open(&w, path_of_test, formats[i], PS_LINK_RAW, 0));
        ck_assert_ok(ps_capture_writer_close(w));
        ck_assert_ok(ps_capture_reader_open(&r, path_of_test));
        ck_assert_int_eq(ps_capture_reader_getformat(r), formats[i]);
        expect_end(r, 0);
        ck_assert_ok(ps_capture_reader_open(&r, path_of_test));
        ck_assert_int_eq(ps_capture_reader_next(r, &(ps_packet){0}), 0);
        ck_assert_ok(ps_capture_reader_getinterface(r, 1, &described));
        ck_assert_int_eq(described.link_type, PS_LINK_RAW);
        ck_assert_ok(ps_capture_reader_close(r));
    }
    drop_file();
}
END_TEST

static size_t count_packets(void)
{
    ps_capture_reader *r;
    ps_packet packet;
    size_t count = 0;

    ck_assert_ok(ps_capture_reader_open(&r, path_of_test));
    while (ps_capture_reader_next(r, &packet) == 1)
        count++;
    ck_assert_int_eq(ps_capture_reader_next(r, &packet), 0);
    ck_assert_ok(ps_capture_reader_close(r));
    return count;
}

/* A program that dies leaves what it flushed, and whole records only. */
START_TEST(file_flush)
{
    static const int formats[] = {PS_CAPTURE_FILE_PCAP, PS_CAPTURE_FILE_PCAPNG};
    size_t i, k;

    use_file(FILE_NAME("flush"));
    for (i = 0; i < 2; i++) {
        ps_packet packet = packet_of("abc", 3, 1);
        ps_capture_writer *w;

        ck_assert_ok(ps_capture_writer_open(&w, path_of_test, formats[i], PS_LINK_ETHERNET, 0));
        ck_assert_uint_eq(count_packets(), 0);
        ck_assert_ok(ps_capture_writer_packet(w, &packet));
        ck_assert_uint_eq(count_packets(), 0);
        ck_assert_ok(ps_capture_writer_flush(w));
        ck_assert_uint_eq(count_packets(), 1);
        for (k = 0; k < 5000; k++)
            ck_assert_ok(ps_capture_writer_packet(w, &packet));
        ck_assert_uint_gt(count_packets(), 3000);
        ck_assert_ok(ps_capture_writer_close(w));
        ck_assert_uint_eq(count_packets(), 5001);
    }
    drop_file();
}
END_TEST

/* ---- made by hand ---------------------------------------------------------------------------- */

START_TEST(file_pcap_byte_orders)
{
    unsigned i;

    use_file(FILE_NAME("pcap_orders"));
    for (i = 0; i < 4; i++) {
        bytes b = {.big = i % 2 == 1};
        bool nanoseconds = i / 2 == 1;
        ps_capture_reader *r;

        put_pcap_head(&b, nanoseconds ? 0xa1b23c4d : 0xa1b2c3d4, PS_LINK_RAW);
        put_pcap_packet(&b, 5, 7, "packet", 60);
        put_pcap_packet(&b, 0xffffffff, 0, "", 0);
        put_pcap_packet(&b, 6, 0, "longer than the wire", 3);
        r = reader_of(&b);
        expect_packet(r, "packet", 60, INT64_C(5000000000) + (nanoseconds ? 7 : 7000), PS_LINK_RAW);
        expect_packet(r, "", 0, INT64_C(4294967295000000000), PS_LINK_RAW);
        expect_packet(r, "longer than the wire", 20, INT64_C(6000000000), PS_LINK_RAW);
        expect_end(r, 0);
    }
    drop_file();
}
END_TEST

START_TEST(file_pcapng_sections)
{
    bytes b = {0};
    ps_capture_reader *r;
    size_t first;

    use_file(FILE_NAME("sections"));
    put_section(&b, false);
    put_interface(&b, PS_LINK_ETHERNET, 0, -1, 0);
    put_packet(&b, 0, 1000001, "one", 3);
    first = begin_block(&b, 0x0bad); /* a block of no known type */
    put_text(&b, "whatever it may hold");
    end_block(&b, first);
    put_section(&b, true);
    put_interface(&b, PS_LINK_RAW, 4, 9, 0);
    put_interface(&b, PS_LINK_NULL, 0, 3, 10);
    put_packet(&b, 1, 2, "two", 33);
    first = begin_block(&b, 3); /* a simple packet, cut by its interface's snap length */
    put32(&b, 9);
    put_text(&b, "thre");
    end_block(&b, first);
    first = begin_block(&b, 2); /* an old packet: the interface is 16 bits wide */
    put16(&b, 0);
    put16(&b, 77);
    put32(&b, 0);
    put32(&b, 5);
    put32(&b, 4);
    put32(&b, 4);
    put_text(&b, "four");
    put16(&b, 2); /* its flags */
    put16(&b, 4);
    put32(&b, 2);
    end_block(&b, first);

    r = reader_of(&b);
    ck_assert_int_eq(ps_capture_reader_getformat(r), PS_CAPTURE_FILE_PCAPNG);
    expect_packet(r, "one", 3, INT64_C(1000001000), PS_LINK_ETHERNET);
    expect_packet(r, "two", 33, INT64_C(10002000000), PS_LINK_NULL);
    expect_packet(r, "thre", 9, 0, PS_LINK_RAW);
    expect_packet(r, "four", 4, 5, PS_LINK_RAW);
    expect_end(r, 0);
    drop_file();
}
END_TEST

START_TEST(file_pcapng_times)
{
    static const struct {
        int resolution;
        uint64_t units;
        uint32_t offset;
        int64_t time;
    } rows[] = {{0, 5, 0, INT64_C(5000000000)},
                {3, 5001, 1, INT64_C(6001000000)},
                {9, 5, 0, 5},
                {12, 5999, 0, 5},
                {18, UINT64_C(5000000000999999999), 0, INT64_C(5000000000)},
                {20, UINT64_MAX, 0, 184467440},
                {28, UINT64_MAX, 0, 1},
                {127, UINT64_MAX, 0, 0},
                {0x80, 5, 0, INT64_C(5000000000)},
                {0x80 | 10, 5 * 1024 + 512, 0, INT64_C(5500000000)},
                {0x80 | 32, UINT64_C(0x580000000), 0, INT64_C(5500000000)},
                {0x80 | 40, UINT64_C(0x58000000000), 0, INT64_C(5500000000)},
                {0x80 | 63, UINT64_C(0xc000000000000000), 0, INT64_C(1500000000)},
                {0x80 | 64, UINT64_C(0x8000000000000000), 0, INT64_C(500000000)},
                {0x80 | 127, UINT64_MAX, 0, 0}};
    size_t i;

    use_file(FILE_NAME("times"));
    for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        bytes b = {0};

        put_section(&b, i % 2 == 0);
        put_interface(&b, PS_LINK_RAW, 0, rows[i].resolution, rows[i].offset);
        put_packet(&b, 0, rows[i].units, "x", 1);
        ps_capture_reader *r = reader_of(&b);
        expect_packet(r, "x", 1, rows[i].time, PS_LINK_RAW);
        expect_end(r, 0);
    }
    drop_file();
}
END_TEST

/* A time beyond what nanoseconds in 64 bits can say is the last one. */
START_TEST(file_pcapng_time_too_large)
{
    bytes b = {0};
    ps_capture_reader *r;
    ps_packet packet;

    use_file(FILE_NAME("time_too_large"));
    put_section(&b, false);
    put_interface(&b, PS_LINK_RAW, 0, 0, 0);
    put_interface(&b, PS_LINK_RAW, 0, 0, 0xffffffff);
    put_packet(&b, 0, UINT64_MAX, "x", 1);
    put_packet(&b, 1, UINT64_MAX, "x", 1);
    r = reader_of(&b);
    ck_assert_int_eq(ps_capture_reader_next(r, &packet), 1);
    ck_assert_int_gt(packet.time_ns, INT64_MAX / 2);
    ck_assert_int_eq(ps_capture_reader_next(r, &packet), 1);
    ck_assert_int_eq(packet.time_ns, INT64_MAX);
    expect_end(r, 0);
    drop_file();
}
END_TEST

/* ---- cut and malformed ----------------------------------------------------------------------- */

/* Reads a file of the first `size` bytes. Returns the packets read; *end is what reading ended
 * in. */
static size_t read_prefix(const unsigned char *data, size_t size, int *end)
{
    ps_capture_reader *r;
    ps_packet packet;
    size_t count = 0;

    store(path_of_test, data, size);
    *end = ps_capture_reader_open(&r, path_of_test);
    if (*end != 0)
        return 0;
    while ((*end = ps_capture_reader_next(r, &packet)) == 1) {
        ck_assert_uint_eq(packet.length, count);
        count++;
    }
    ck_assert_ok(ps_capture_reader_close(r));
    return count;
}

/* A file of some packets, cut everywhere: the packets before the cut are there, and it is told
 * unless it is between two. */
static void cut_everywhere(int format)
{
    enum { PACKETS = 3 };
    unsigned char data[FILE_MAX];
    size_t ends[PACKETS + 1];
    size_t size, i, whole;
    ps_capture_writer *w;

    ck_assert_ok(ps_capture_writer_open(&w, path_of_test, format, PS_LINK_ETHERNET, 0));
    ends[0] = load(path_of_test, data, sizeof data);
    for (i = 0; i < PACKETS; i++) {
        ps_packet packet = packet_of("abcd", i, (int64_t)i);

        packet.direction = i % 2 ? PS_DIRECTION_IN : PS_DIRECTION_UNKNOWN;
        ck_assert_ok(ps_capture_writer_packet(w, &packet));
        ck_assert_ok(ps_capture_writer_flush(w));
        ends[i + 1] = load(path_of_test, data, sizeof data);
    }
    ck_assert_ok(ps_capture_writer_close(w));
    size = load(path_of_test, data, sizeof data);
    for (i = 0; i <= size; i++) {
        int end;
        size_t count = read_prefix(data, i, &end);
        bool between = i == ends[0];

        for (whole = 0; whole < PACKETS && ends[whole + 1] <= i; whole++)
            between = between || ends[whole + 1] == i;
        ck_assert_uint_eq(count, whole);
        if (i == 0 || !between) /* pcapng has an interface's block before the first packet */
            ck_assert_msg(end == PS_BAD_CAPTURE_FILE ||
                              (format == PS_CAPTURE_FILE_PCAPNG && whole == 0 && end == 0),
                          "cut at %zu: %d", i, end);
        else
            ck_assert_int_eq(end, 0);
    }
}

START_TEST(file_pcap_cut_everywhere)
{
    use_file(FILE_NAME("pcap_cut"));
    cut_everywhere(PS_CAPTURE_FILE_PCAP);
    drop_file();
}
END_TEST

START_TEST(file_pcapng_cut_everywhere)
{
    use_file(FILE_NAME("pcapng_cut"));
    cut_everywhere(PS_CAPTURE_FILE_PCAPNG);
    drop_file();
}
END_TEST

START_TEST(file_pcap_absurd_lengths)
{
    static const uint32_t lengths[] = {0xffffffff, 0x7fffffff, 0x10000000, 5000000};
    size_t i;

    use_file(FILE_NAME("pcap_absurd"));
    for (i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
        bytes b = {0};
        ps_capture_reader *r;

        put_pcap_head(&b, 0xa1b2c3d4, PS_LINK_RAW);
        put_pcap_packet(&b, 1, 0, "good", 4);
        put32(&b, 1);
        put32(&b, 0);
        put32(&b, lengths[i]);
        put32(&b, lengths[i]);
        put_text(&b, "not as much");
        r = reader_of(&b);
        expect_packet(r, "good", 4, INT64_C(1000000000), PS_LINK_RAW);
        expect_end(r, PS_BAD_CAPTURE_FILE);
    }
    drop_file();
}
END_TEST

/* Changes 4 bytes of a good file, at an offset from the start of its second packet's block. */
static void expect_bad_block(size_t offset, uint32_t value)
{
    bytes b = {0};
    ps_capture_reader *r;
    size_t first, end;

    put_section(&b, false);
    put_interface(&b, PS_LINK_RAW, 0, 9, 0);
    put_packet(&b, 0, 1, "good", 4);
    first = b.size;
    put_packet(&b, 0, 2, "evil", 4);
    end = b.size;
    b.size = first + offset;
    put32(&b, value);
    b.size = end;
    r = reader_of(&b);
    expect_packet(r, "good", 4, 1, PS_LINK_RAW);
    expect_end(r, PS_BAD_CAPTURE_FILE);
}

START_TEST(file_pcapng_malformed)
{
    enum { TYPE = 0, LENGTH = 4, INTERFACE = 8, CAPTURED = 20, LENGTH_AGAIN = 32 };

    use_file(FILE_NAME("pcapng_malformed"));
    expect_bad_block(LENGTH, 0xfffffffc);
    expect_bad_block(LENGTH, 0x10000000);
    expect_bad_block(LENGTH, 0);
    expect_bad_block(LENGTH, 8);
    expect_bad_block(LENGTH, 35); /* not of whole words */
    expect_bad_block(LENGTH, 32);
    expect_bad_block(INTERFACE, 1); /* there is none */
    expect_bad_block(INTERFACE, 0xffffffff);
    expect_bad_block(CAPTURED, 5); /* beyond the block */
    expect_bad_block(CAPTURED, 0xffffffff);
    expect_bad_block(LENGTH_AGAIN, 40);
    expect_bad_block(TYPE, 0x0a0d0d0a); /* no section */
    drop_file();
}
END_TEST

/* Whatever its length says, a block of no known type costs no memory. */
START_TEST(file_pcapng_long_unknown_block)
{
    bytes b = {0};
    ps_capture_reader *r;

    use_file(FILE_NAME("unknown_block"));
    put_section(&b, false);
    put32(&b, 0x0bad);
    put32(&b, 0xfffffffc);
    put_text(&b, "and that is all");
    r = reader_of(&b);
    expect_end(r, PS_BAD_CAPTURE_FILE);
    drop_file();
}
END_TEST

START_TEST(file_is_none)
{
    static const char *const texts[] = {"", "a", "text, which is no capture file at all",
                                        "\x0a\x0d\x0d\x0a", "\xd4\xc3\xb2\xa1"};
    ps_capture_reader *r;
    size_t i;

    use_file(FILE_NAME("none"));
    for (i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        store(path_of_test, texts[i], strlen(texts[i]));
        ck_assert_code(ps_capture_reader_open(&r, path_of_test), PS_BAD_CAPTURE_FILE);
        ck_assert_ptr_null(r);
    }
    drop_file();
}
END_TEST

/* ---- paths and arguments --------------------------------------------------------------------- */

START_TEST(file_paths)
{
    ps_capture_writer *w;
    ps_capture_reader *r;

    ck_assert_code(ps_capture_reader_open(&r, "capture_file_that_is_not_there"), PS_ENOENT);
    ck_assert_code(ps_capture_reader_open(&r, "no_such_folder/file"), PS_ENOENT);
    ck_assert_code(ps_capture_reader_open(&r, ""), PS_ENOENT);
    ck_assert_code(ps_capture_reader_open(&r, "."), PS_EISDIR);
    ck_assert_code(ps_capture_writer_open(&w, "no_such_folder/file", PS_CAPTURE_FILE_PCAP, 1, 0),
                   PS_ENOENT);
    ck_assert_code(ps_capture_writer_open(&w, ".", PS_CAPTURE_FILE_PCAP, 1, 0), PS_EISDIR);
    ck_assert_ptr_null(w);
}
END_TEST

/* A path is UTF-8, also where the system's own text is not. */
START_TEST(file_utf8_path)
{
    use_file("capture_file_\xc3\xa4\xe2\x82\xac.tmp");
    write_three(PS_CAPTURE_FILE_PCAP);
    read_three(PS_CAPTURE_FILE_PCAP, 1);
    if (test_on_windows()) {
        ps_capture_writer *w;

        ck_assert_code(ps_capture_writer_open(&w, "\xff.tmp", PS_CAPTURE_FILE_PCAP, 1, 0),
                       PS_EILSEQ);
    }
    drop_file();
}
END_TEST

START_TEST(file_writer_arguments)
{
    ps_packet packet = packet_of("abc", 3, 1);
    ps_capture_statistics statistics = {0};
    ps_capture_writer *w;

    use_file(FILE_NAME("writer_arguments"));
    ck_assert_code(ps_capture_writer_open(NULL, path_of_test, PS_CAPTURE_FILE_PCAP, 1, 0),
                   PS_EFAULT);
    ck_assert_code(ps_capture_writer_open(&w, NULL, PS_CAPTURE_FILE_PCAP, 1, 0), PS_EFAULT);
    ck_assert_code(ps_capture_writer_open(&w, path_of_test, 77, 1, 0), PS_EINVAL);
    ck_assert_code(ps_capture_writer_open(&w, path_of_test, PS_CAPTURE_FILE_PCAP, -1, 0),
                   PS_EINVAL);
    ck_assert_code(ps_capture_writer_open(&w, path_of_test, PS_CAPTURE_FILE_PCAP, 65536, 0),
                   PS_EINVAL);
    ck_assert_code(
        ps_capture_writer_open(&w, path_of_test, PS_CAPTURE_FILE_PCAP, 1, PS_SNAP_LENGTH_MAX + 1),
        PS_BAD_LENGTH);
    ck_assert_code(ps_capture_writer_packet(NULL, &packet), PS_EFAULT);
    ck_assert_code(ps_capture_writer_flush(NULL), PS_EFAULT);
    ck_assert_code(ps_capture_writer_statistics(NULL, &statistics), PS_EFAULT);
    ck_assert_code(ps_capture_writer_setinterface(NULL, 1, 0, "x"), PS_EFAULT);
    ck_assert_ok(ps_capture_writer_close(NULL));

    ck_assert_ok(ps_capture_writer_open(&w, path_of_test, PS_CAPTURE_FILE_PCAP, 1, 0));
    ck_assert_code(ps_capture_writer_packet(w, NULL), PS_EFAULT);
    ck_assert_code(ps_capture_writer_statistics(w, NULL), PS_EFAULT);
    ck_assert_code(ps_capture_writer_setinterface(w, 1, 0, NULL), PS_EFAULT);
    packet.link_type = PS_LINK_RAW; /* a pcap file has one link type */
    ck_assert_code(ps_capture_writer_packet(w, &packet), PS_EINVAL);
    packet = packet_of("abc", 3, -1);
    ck_assert_code(ps_capture_writer_packet(w, &packet), PS_EOVERFLOW);
    packet = packet_of("abc", 3, INT64_C(4294967296000000000));
    ck_assert_code(ps_capture_writer_packet(w, &packet), PS_EOVERFLOW);
    packet = packet_of(NULL, 3, 1);
    ck_assert_code(ps_capture_writer_packet(w, &packet), PS_EFAULT);
    ck_assert_ok(ps_capture_writer_statistics(w, &statistics)); /* nothing in pcap */
    ck_assert_ok(ps_capture_writer_setinterface(w, 1, 0, "x"));
    ck_assert_ok(ps_capture_writer_close(w));
    ck_assert_uint_eq(count_packets(), 0);
    drop_file();
}
END_TEST

START_TEST(file_reader_arguments)
{
    ps_capture_file_interface described = {0};
    ps_capture_reader *r;
    ps_packet packet;

    use_file(FILE_NAME("reader_arguments"));
    write_three(PS_CAPTURE_FILE_PCAP);
    ck_assert_code(ps_capture_reader_open(NULL, path_of_test), PS_EFAULT);
    ck_assert_code(ps_capture_reader_open(&r, NULL), PS_EFAULT);
    ck_assert_ptr_null(r);
    ck_assert_ok(ps_capture_reader_open(&r, path_of_test));
    ck_assert_code(ps_capture_reader_next(r, NULL), PS_EFAULT);
    ck_assert_code(ps_capture_reader_next(NULL, &packet), PS_EFAULT);
    ck_assert_code(ps_capture_reader_getinterface(r, 1, NULL), PS_EFAULT);
    ck_assert_code(ps_capture_reader_getinterface(NULL, 1, &described), PS_EFAULT);
    ck_assert_code(ps_capture_reader_getformat(NULL), PS_EFAULT);
    ck_assert_ok(ps_capture_reader_close(r));
    ck_assert_ok(ps_capture_reader_close(NULL));
    drop_file();
}
END_TEST

void add_capture_file_tests(Suite *suite)
{
    ADD_TEST_CASE(suite, file_pcap);
    ADD_TEST_CASE(suite, file_pcap_microseconds);
    ADD_TEST_CASE(suite, file_pcapng);
    ADD_TEST_CASE(suite, file_snap_length);
    ADD_TEST_CASE(suite, file_interfaces);
    ADD_TEST_CASE(suite, file_long_interface_name);
    ADD_TEST_CASE(suite, file_without_packets);
    ADD_TEST_CASE(suite, file_flush);
    ADD_TEST_CASE(suite, file_pcap_byte_orders);
    ADD_TEST_CASE(suite, file_pcapng_sections);
    ADD_TEST_CASE(suite, file_pcapng_times);
    ADD_TEST_CASE(suite, file_pcapng_time_too_large);
    ADD_TEST_CASE(suite, file_pcap_cut_everywhere);
    ADD_TEST_CASE(suite, file_pcapng_cut_everywhere);
    ADD_TEST_CASE(suite, file_pcap_absurd_lengths);
    ADD_TEST_CASE(suite, file_pcapng_malformed);
    ADD_TEST_CASE(suite, file_pcapng_long_unknown_block);
    ADD_TEST_CASE(suite, file_is_none);
    ADD_TEST_CASE(suite, file_paths);
    ADD_TEST_CASE(suite, file_utf8_path);
    ADD_TEST_CASE(suite, file_writer_arguments);
    ADD_TEST_CASE(suite, file_reader_arguments);
}
