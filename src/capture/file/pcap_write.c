#include "config.h"

#include "capture/file/writer.h"

#include <string.h>

/* Everything is in this machine's byte order: readers see it by the first number. */
typedef struct file_head {
    uint32_t magic;
    uint16_t major, minor;
    uint32_t reserved[2];
    uint32_t snap_length, link_type;
} file_head;

typedef struct packet_head {
    uint32_t seconds, fraction, length, wire_length;
} packet_head;

/* Written at once, so that what is wrong with the file shows when it is opened. */
int ps__pcap_head(ps_capture_writer *w)
{
    file_head head = {w->format == PS_CAPTURE_FILE_PCAP ? 0xa1b23c4d : 0xa1b2c3d4,
                      2,
                      4,
                      {0, 0},
                      (uint32_t)w->snap_length,
                      (uint32_t)w->link_type};

    memcpy(w->buffer, &head, sizeof head);
    w->used = sizeof head;
    return ps__writer_flush(w);
}

int ps__pcap_packet(ps_capture_writer *w, const ps_packet *packet, size_t length)
{
    int64_t seconds = packet->time_ns / 1000000000;
    uint32_t fraction = (uint32_t)(packet->time_ns % 1000000000);
    size_t wire = ps__packet_wire_length(packet);
    packet_head head = {(uint32_t)seconds,
                        w->format == PS_CAPTURE_FILE_PCAP ? fraction : fraction / 1000,
                        (uint32_t)length, (uint32_t)(wire < UINT32_MAX ? wire : UINT32_MAX)};
    ps__piece pieces[] = {{&head, sizeof head}, {packet->data, length}};

    if (seconds > UINT32_MAX)
        return PS_EOVERFLOW;
    return ps__writer_record(w, pieces, 2);
}
