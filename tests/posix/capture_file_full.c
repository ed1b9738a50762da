/* Capture files where the disk is full, and standard output and input. */
#include "test.h"

#include <portsock-capture.h>

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/resource.h>
#include <unistd.h>

enum { LIMIT = 200000 };

static const int formats[] = {PS_CAPTURE_FILE_PCAP, PS_CAPTURE_FILE_PCAPNG};
static unsigned char data[100000];

static ps_packet packet_of_length(size_t length)
{
    ps_packet packet = {0};

    packet.data = data;
    packet.length = packet.original_length = length;
    packet.link_type = PS_LINK_ETHERNET;
    return packet;
}

/* Reads to the end, which must not be in a packet. Returns how many packets there are. */
static size_t count_packets(const char *path)
{
    ps_capture_reader *r;
    ps_packet packet;
    size_t count = 0;

    ck_assert_ok(ps_capture_reader_open(&r, path));
    while (ps_capture_reader_next(r, &packet) == 1)
        count++;
    ck_assert_int_eq(ps_capture_reader_next(r, &packet), 0);
    ck_assert_ok(ps_capture_reader_close(r));
    return count;
}

START_TEST(full_device)
{
    ps_capture_writer *w;
    size_t i;

    if (access("/dev/full", W_OK) != 0)
        test_skip("there is no /dev/full");
    for (i = 0; i < 2; i++) { /* the head of the file is written at once */
        ck_assert_code(ps_capture_writer_open(&w, "/dev/full", formats[i], PS_LINK_ETHERNET, 0),
                       PS_ENOSPC);
        ck_assert_ptr_null(w);
    }
}
END_TEST

/* Writes packets until the file is as long as it may be, then reads it: it has whole packets
 * only. */
static void fill_up(int format, size_t length)
{
    const char *path = "capture_file_full.tmp";
    ps_packet packet = packet_of_length(length);
    ps_capture_statistics statistics = {0};
    ps_capture_writer *w;
    size_t written = 0;
    int code;

    ck_assert_ok(ps_capture_writer_open(&w, path, format, PS_LINK_ETHERNET, 0));
    while ((code = ps_capture_writer_packet(w, &packet)) == 0)
        written++;
    ck_assert_code(code, PS_EFBIG);
    ck_assert_code(ps_capture_writer_packet(w, &packet), PS_EFBIG);
    ck_assert_code(ps_capture_writer_statistics(w, &statistics),
                   PS_EFBIG); /* pcap has none, and tells the error all the same */
    ck_assert_code(ps_capture_writer_flush(w), PS_EFBIG);
    ck_assert_code(ps_capture_writer_close(w), PS_EFBIG);
    ck_assert_uint_le(count_packets(path), written);
    ck_assert_uint_ge(count_packets(path), (LIMIT - 1000) / (length + 48));
    remove(path);
}

START_TEST(full_file)
{
    struct rlimit limit;
    size_t i;

    signal(SIGXFSZ, SIG_IGN);
    ck_assert_int_eq(getrlimit(RLIMIT_FSIZE, &limit), 0);
    limit.rlim_cur = LIMIT;
    ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
    for (i = 0; i < 2; i++) {
        fill_up(formats[i], 60);
        fill_up(formats[i], 1513);
        fill_up(formats[i], 70000); /* longer than the writer's buffer */
    }
}
END_TEST

/* Puts a file in the place of a standard one. */
static void redirect(int fd, const char *path, int flags)
{
    int file = open(path, flags, 0600);

    ck_assert_int_ge(file, 0);
    ck_assert_int_eq(dup2(file, fd), fd);
    close(file);
}

START_TEST(standard_output_and_input)
{
    const char *path = "capture_file_standard.tmp";
    ps_packet packet = packet_of_length(60);
    ps_capture_writer *w;
    ps_capture_reader *r;
    size_t i;

    for (i = 0; i < 2; i++) {
        redirect(STDOUT_FILENO, path, O_WRONLY | O_CREAT | O_TRUNC);
        ck_assert_ok(ps_capture_writer_open(&w, "-", formats[i], PS_LINK_ETHERNET, 0));
        ck_assert_ok(ps_capture_writer_packet(w, &packet));
        ck_assert_ok(ps_capture_writer_close(w));
        ck_assert_int_ge(fcntl(STDOUT_FILENO, F_GETFD), 0); /* it stays open */
        ck_assert_uint_eq(count_packets(path), 1);
        redirect(STDIN_FILENO, path, O_RDONLY);
        ck_assert_ok(ps_capture_reader_open(&r, "-"));
        ck_assert_int_eq(ps_capture_reader_next(r, &packet), 1);
        ck_assert_uint_eq(packet.length, 60);
        packet = packet_of_length(60);
        ck_assert_ok(ps_capture_reader_close(r));
        ck_assert_int_ge(fcntl(STDIN_FILENO, F_GETFD), 0);
    }
    remove(path);
}
END_TEST

/* What stands before in a file that standard output is appended to is not ours to take off. */
START_TEST(full_standard_output)
{
    const char *path = "capture_file_appended.tmp";
    char before[] = "before";
    ps_capture_writer *w;
    FILE *f;

    f = fopen(path, "wb");
    ck_assert_ptr_nonnull(f);
    ck_assert_uint_eq(fwrite(before, 1, 6, f), 6);
    ck_assert_int_eq(fclose(f), 0);
    signal(SIGXFSZ, SIG_IGN);
    ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &(struct rlimit){10, RLIM_INFINITY}), 0);
    redirect(STDOUT_FILENO, path, O_WRONLY | O_APPEND);
    ck_assert_code(ps_capture_writer_open(&w, "-", PS_CAPTURE_FILE_PCAP, PS_LINK_ETHERNET, 0),
                   PS_EFBIG);
    memset(before, 0, sizeof before);
    f = fopen(path, "rb");
    ck_assert_ptr_nonnull(f);
    ck_assert_uint_eq(fread(before, 1, 6, f), 6);
    fclose(f);
    ck_assert_str_eq(before, "before");
    remove(path);
}
END_TEST

START_TEST(closed_standard_output)
{
    ps_capture_writer *w;
    ps_capture_reader *r;

    close(STDOUT_FILENO);
    ck_assert_code(ps_capture_writer_open(&w, "-", PS_CAPTURE_FILE_PCAP, PS_LINK_ETHERNET, 0),
                   PS_EBADF);
    close(STDIN_FILENO);
    ck_assert_code(ps_capture_reader_open(&r, "-"), PS_EBADF);
}
END_TEST

START_TEST(pipe_without_a_reader)
{
    ps_packet packet = packet_of_length(60);
    ps_capture_writer *w;
    int ends[2];

    signal(SIGPIPE, SIG_IGN);
    ck_assert_int_eq(pipe(ends), 0);
    ck_assert_int_eq(dup2(ends[1], STDOUT_FILENO), STDOUT_FILENO);
    ck_assert_ok(ps_capture_writer_open(&w, "-", PS_CAPTURE_FILE_PCAP, PS_LINK_ETHERNET, 0));
    close(ends[0]);
    ck_assert_ok(ps_capture_writer_packet(w, &packet));
    ck_assert_code(ps_capture_writer_flush(w), PS_EPIPE);
    ck_assert_code(ps_capture_writer_close(w), PS_EPIPE);
}
END_TEST

void add_capture_file_full_tests(Suite *suite)
{
    ADD_TEST_CASE(suite, full_device);
    ADD_TEST_CASE(suite, full_file);
    ADD_TEST_CASE(suite, full_standard_output);
    ADD_TEST_CASE(suite, standard_output_and_input);
    ADD_TEST_CASE(suite, closed_standard_output);
    ADD_TEST_CASE(suite, pipe_without_a_reader);
}
