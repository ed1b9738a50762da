/* A capture file that is being read: what the formats and the buffer share. */
#ifndef PS_READER_H
#define PS_READER_H

#include "capture/backend.h"

/* The longest record that is believed: the longest packet that is usual, many times. */
enum { PS__RECORD_MAX = 4 << 20, PS__INTERFACES_MAX = 16384 };

/* An interface that the file describes. */
typedef struct ps__read_interface {
    ps_capture_file_interface facts;
    /* as pcapng codes it: 10 to the minus N, or with the high bit 2 to the minus N */
    uint8_t resolution;
    int64_t offset; /* seconds that each time lacks */
} ps__read_interface;

struct ps_capture_reader {
    ps__file file;
    bool standard;
    int format;
    bool big;         /* big-endian, in this section */
    bool nanoseconds; /* pcap */
    int error;        /* the result that ended reading */
    bool ended;
    ps__read_interface *interfaces; /* of all sections */
    size_t interface_count, interface_capacity;
    size_t section_first; /* the first interface of this section */
    unsigned char *bytes;
    size_t capacity, begin, end; /* what has been read and not used is from begin to end */
};

/* Makes `size` bytes available, at ps__reader_at. Returns 1; 0 when the file ends here; or an
 * error, which is PS_BAD_CAPTURE_FILE when it ends within. What was there before moves. */
int ps__reader_need(ps_capture_reader *r, size_t size);

static inline const unsigned char *ps__reader_at(const ps_capture_reader *r)
{
    return r->bytes + r->begin;
}

/* Skips `size` bytes that are available. */
static inline void ps__reader_pass(ps_capture_reader *r, size_t size)
{
    r->begin += size;
}

/* Skips `size` bytes that need not be available, and keeps none of them. Returns 0 or an error. */
int ps__reader_skip(ps_capture_reader *r, uint64_t size);

static inline uint16_t ps__reader16(const ps_capture_reader *r, const unsigned char *p)
{
    return (uint16_t)(r->big ? p[0] << 8 | p[1] : p[1] << 8 | p[0]);
}

static inline uint32_t ps__reader32(const ps_capture_reader *r, const unsigned char *p)
{
    uint32_t first = ps__reader16(r, p);
    uint32_t second = ps__reader16(r, p + 2);

    return r->big ? first << 16 | second : second << 16 | first;
}

/* A new interface of the file, with the format's default resolution; NULL without memory. */
ps__read_interface *ps__reader_add_interface(ps_capture_reader *r);

/* The formats: the head, whose first 4 bytes are there; then packets as ps_capture_reader_next. */
bool ps__pcap_is(ps_capture_reader *r, const unsigned char *first);
int ps__pcap_read_head(ps_capture_reader *r);
int ps__pcap_next(ps_capture_reader *r, ps_packet *packet);
int ps__pcapng_read_head(ps_capture_reader *r);
int ps__pcapng_next(ps_capture_reader *r, ps_packet *packet);

/* The nanoseconds since 1970 of a pcapng time; the nearest there are when they do not fit. */
int64_t ps__pcapng_time(uint64_t units, uint8_t resolution, int64_t offset_seconds);

#endif
