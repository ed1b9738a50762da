/*
 * The packets in a buffer that was read from /dev/bpf. Each follows a struct bpf_hdr, whose layout
 * is the system's, and at a multiple of its alignment. Include after what defines struct bpf_hdr
 * and BPF_WORDALIGN: <net/bpf.h>, or a test's own.
 */
#ifndef PS_BPF_WALK_H
#define PS_BPF_WALK_H

#include "portsock-capture/capture.h"

#include <string.h>

typedef struct ps__bpf_buffer {
    const unsigned char *data;
    size_t length;
    size_t next; /* where the next header is */
} ps__bpf_buffer;

/* Returns the next packet's data, lengths and time; false at the end. What does not fit into the
 * buffer ends it. */
static inline bool ps__bpf_next(ps__bpf_buffer *b, ps_packet *packet)
{
    struct bpf_hdr header;
    size_t least = offsetof(struct bpf_hdr, bh_hdrlen) + sizeof header.bh_hdrlen;
    size_t left = b->next < b->length ? b->length - b->next : 0;

    if (left < least)
        return false;
    memset(&header, 0, sizeof header);
    memcpy(&header, b->data + b->next, left < sizeof header ? left : sizeof header);
    if (header.bh_hdrlen < least || header.bh_hdrlen > left ||
        header.bh_caplen > left - header.bh_hdrlen)
        return false;
    packet->data = b->data + b->next + header.bh_hdrlen;
    packet->length = header.bh_caplen;
    packet->original_length = header.bh_datalen;
    packet->time_ns =
        (int64_t)header.bh_tstamp.tv_sec * 1000000000 + (int64_t)header.bh_tstamp.tv_usec * 1000;
    b->next += BPF_WORDALIGN(header.bh_hdrlen + (size_t)header.bh_caplen);
    return true;
}

#endif
