/* The readers of pcap and pcapng; what they read is written again, and read once more: the
 * packets are the same. */
#include "fuzz.h"

#include <portsock-capture.h>

#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { PACKETS_MAX = 64 };

/* What is compared of a packet. */
typedef struct seen {
    size_t length, original_length;
    int64_t time;
    int link_type, direction;
    unsigned interface_index;
    uint32_t sum;
} seen;

/* A file in memory, and a path to it. */
typedef struct memory_file {
    int fd;
    char path[32];
} memory_file;

static memory_file make_file(const void *data, size_t size)
{
    memory_file file;

    file.fd = memfd_create("capture", MFD_CLOEXEC);
    fuzz_check(file.fd >= 0);
    fuzz_check(write(file.fd, data, size) == (ssize_t)size);
    snprintf(file.path, sizeof file.path, "/proc/self/fd/%d", file.fd);
    return file;
}

static seen look(const ps_packet *packet)
{
    seen s = {packet->length,
              packet->original_length,
              packet->time_ns,
              packet->link_type,
              packet->direction,
              packet->interface_index,
              0};
    size_t i;

    for (i = 0; i < packet->length; i++)
        s.sum = s.sum * 31 + packet->data[i];
    return s;
}

/* Reads it all; the first packets are kept. */
static size_t read_file(const char *path, seen *packets)
{
    ps_capture_file_interface described = {0};
    ps_capture_reader *r;
    ps_packet packet;
    size_t count = 0;
    int code;

    if (ps_capture_reader_open(&r, path) != 0)
        return 0;
    while ((code = ps_capture_reader_next(r, &packet)) == 1) {
        seen s = look(&packet);

        fuzz_check(ps_capture_reader_getinterface(r, packet.interface_index, &described) == 0);
        fuzz_check(described.link_type == packet.link_type &&
                   memchr(described.name, 0, sizeof described.name) != NULL);
        if (count < PACKETS_MAX)
            packets[count] = s;
        count++;
    }
    fuzz_check(code == 0 || code == PS_BAD_CAPTURE_FILE);
    fuzz_check(ps_capture_reader_next(r, &packet) == code);
    ps_capture_reader_close(r);
    return count < PACKETS_MAX ? count : PACKETS_MAX;
}

static bool can_be_written(const ps_packet *packet)
{
    return packet->time_ns >= 0 && packet->length <= PS_SNAP_LENGTH_MAX;
}

/* Copies the packets that a writer takes. Returns how many of the first were copied before one
 * was not. */
static size_t copy_file(const char *from, const char *to)
{
    ps_capture_reader *r;
    ps_capture_writer *w;
    ps_packet packet;
    size_t count = 0;

    if (ps_capture_reader_open(&r, from) != 0)
        return 0;
    fuzz_check(ps_capture_writer_open(&w, to, PS_CAPTURE_FILE_PCAPNG, PS_LINK_ETHERNET, 0) == 0);
    while (count < PACKETS_MAX && ps_capture_reader_next(r, &packet) == 1 &&
           can_be_written(&packet)) {
        fuzz_check(ps_capture_writer_packet(w, &packet) == 0);
        count++;
    }
    fuzz_check(ps_capture_writer_close(w) == 0);
    ps_capture_reader_close(r);
    return count;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static seen before[PACKETS_MAX], after[PACKETS_MAX];
    memory_file from = make_file(data, size);
    memory_file to = make_file("", 0);
    size_t count = read_file(from.path, before);
    size_t copied = copy_file(from.path, to.path);
    size_t i;

    fuzz_check(copied <= count);
    fuzz_check(read_file(to.path, after) == copied);
    for (i = 0; i < copied; i++) {
        after[i].interface_index =
            before[i].interface_index; /* numbered in the order of their first packets */
        fuzz_check(memcmp(&before[i], &after[i], sizeof before[i]) == 0);
    }
    close(from.fd);
    close(to.fd);
    return 0;
}
