/* A capture file that is being written: what the formats and the buffer share. */
#ifndef PS_WRITER_H
#define PS_WRITER_H

#include "capture/backend.h"

enum { PS__WRITER_BUFFER = 65536, PS__NAME_MAX = 64 };

/* An interface of a pcapng file, in the order of the file when it is in it. */
typedef struct ps__written_interface {
    int link_type;
    unsigned interface_index;
    bool written;
    uint32_t id; /* its place in the file */
    char name[PS__NAME_MAX];
} ps__written_interface;

struct ps_capture_writer {
    ps__file file;
    bool standard; /* standard output, which is not ours to shorten or close */
    int format;
    int link_type;
    size_t snap_length;
    int error;      /* the error of a write, after which nothing more is written */
    uint64_t whole; /* bytes of whole records in the file */
    int64_t last_time;
    ps__written_interface *interfaces;
    size_t interface_count, interface_capacity;
    uint32_t interfaces_written;
    size_t used; /* bytes in the buffer, whole records */
    unsigned char buffer[PS__WRITER_BUFFER];
};

/* One piece of a record. */
typedef struct ps__piece {
    const void *data;
    size_t size;
} ps__piece;

/* Writes a record of some pieces, through the buffer. */
int ps__writer_record(ps_capture_writer *w, const ps__piece *pieces, size_t count);
int ps__writer_flush(ps_capture_writer *w);

/* The formats. */
int ps__pcap_head(ps_capture_writer *w);
int ps__pcap_packet(ps_capture_writer *w, const ps_packet *packet, size_t length);
int ps__pcapng_head(ps_capture_writer *w);
int ps__pcapng_packet(ps_capture_writer *w, const ps_packet *packet, size_t length);
int ps__pcapng_statistics(ps_capture_writer *w, const ps_capture_statistics *statistics);
int ps__pcapng_declare(ps_capture_writer *w, int link_type, unsigned interface_index,
                       const char *name);

/* Writes the interface that a file without packets has, when there is none. */
int ps__pcapng_any_interface(ps_capture_writer *w);

static inline size_t ps__packet_wire_length(const ps_packet *packet)
{
    return packet->original_length > packet->length ? packet->original_length : packet->length;
}

#endif
