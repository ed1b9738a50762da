/*
 * Capture files: packets written to and read from files in the formats pcap and pcapng.
 *
 * Written files have nanosecond time stamps, and whole records only: when the disk is full, a record that was written in part is
 * removed again where the file can be shortened. Records are collected in a buffer of 64 KiB. They reach the file when the buffer
 * is full, by ps_capture_writer_flush, and by ps_capture_writer_close; the file of a program that crashes is readable up to there.
 * Readers accept both byte orders, microseconds and nanoseconds, and what pcapng allows; docs/dissect.md has the limits.
 *
 * A path is UTF-8 on every system; "-" is standard output or input. An object belongs to one thread at a time.
 */
#ifndef PORTSOCK_CAPTURE_FILE_H
#define PORTSOCK_CAPTURE_FILE_H

#include "capture.h"
#include "export.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct ps_capture_writer ps_capture_writer;
typedef struct ps_capture_reader ps_capture_reader;

/* Formats. */
enum {
    PS_CAPTURE_FILE_PCAP,             /* one link type; nanoseconds */
    PS_CAPTURE_FILE_PCAPNG,           /* several interfaces and link types, directions, counts */
    PS_CAPTURE_FILE_PCAP_MICROSECONDS /* pcap for old tools: time stamps are cut to microseconds */
};

/* An interface of a capture file. */
typedef struct ps_capture_file_interface {
    char name[64];      /* "" when the file does not have it; a longer name is cut */
    int link_type;      /* PS_LINK_* or another number */
    size_t snap_length; /* 0: the file has no limit */
} ps_capture_file_interface;

/*
 * Creates a file, or truncates an existing one.
 *   w            the result, to be closed with ps_capture_writer_close; NULL on failure
 *   path         UTF-8; "-" for standard output
 *   format       PS_CAPTURE_FILE_*
 *   link_type    pcap: that of all packets; pcapng: that of the one interface that a file without packets gets
 *   snap_length  the most bytes of a packet that are written; 0: PS_SNAP_LENGTH_MAX
 * Returns 0; PS_ENOENT for a folder that does not exist, PS_EACCES, PS_EISDIR, PS_ENOSPC, ... from the system;
 * PS_EINVAL for an unknown format or a link type that does not fit in 16 bits; PS_BAD_LENGTH for a snap_length above
 * PS_SNAP_LENGTH_MAX; PS_EILSEQ for a path that is not UTF-8 (Windows); PS_ENOMEM; PS_EFAULT.
 * Source: draft-ietf-opsawg-pcap, draft-ietf-opsawg-pcapng.
 */
PS_CAPTURE_API int ps_capture_writer_open(ps_capture_writer **w, const char *path, int format, int link_type,
                                          size_t snap_length);

/*
 * Names the interface that packets with this link type and interface_index come from; pcapng only, nothing in pcap.
 * Call it before the first such packet. Without it the interface has no name in the file.
 *   name     UTF-8; cut after 63 bytes
 * Returns 0; PS_EEXIST when there has been such a packet; PS_EINVAL for a link type that does not fit in 16 bits;
 * PS_EFAULT; PS_ENOMEM; or the error of a write that has failed.
 */
PS_CAPTURE_API int ps_capture_writer_setinterface(ps_capture_writer *w, int link_type, unsigned interface_index,
                                                  const char *name);

/*
 * Writes a packet. Bytes beyond the snap length are left out; the length on the wire is kept.
 * pcapng: each new pair of link type and interface_index becomes an interface of the file.
 * Returns 0; PS_EINVAL for another link type than the file's (pcap) or one that does not fit in 16 bits; PS_EOVERFLOW for a
 * time that the format cannot hold (before 1970; pcap: after 2106), nothing is written; PS_EFAULT; PS_ENOMEM; PS_ENOSPC,
 * PS_EFBIG, PS_EPIPE, ... when a write failed: the file ends with the last packet that was written whole, and every
 * further call returns the same.
 * On POSIX systems a pipe without a reader raises SIGPIPE, as for every program's output, unless it is ignored.
 */
PS_CAPTURE_API int ps_capture_writer_packet(ps_capture_writer *w, const ps_packet *packet);

/*
 * Writes the counts of a capture: pcapng's statistics block, for the first interface. Does nothing in pcap.
 * Returns as ps_capture_writer_packet.
 */
PS_CAPTURE_API int ps_capture_writer_statistics(ps_capture_writer *w, const ps_capture_statistics *statistics);

/* Writes everything that is in the buffer to the file. Returns 0, or the error of the write. */
PS_CAPTURE_API int ps_capture_writer_flush(ps_capture_writer *w);

/*
 * Flushes, closes, and frees w in any case. NULL is allowed. Standard output stays open.
 * Returns 0 when everything is in the file, or else the first error of a write.
 */
PS_CAPTURE_API int ps_capture_writer_close(ps_capture_writer *w);

/*
 * Opens a capture file, pcap or pcapng, and reads its header.
 *   r        the result, to be closed with ps_capture_reader_close; NULL on failure
 *   path     UTF-8; "-" for standard input
 * Returns 0; PS_ENOENT, PS_EACCES, PS_EISDIR, ...; PS_BAD_CAPTURE_FILE for a file that is not a capture file, also an empty
 * one; PS_EILSEQ for a path that is not UTF-8 (Windows); PS_ENOMEM; PS_EFAULT.
 */
PS_CAPTURE_API int ps_capture_reader_open(ps_capture_reader **r, const char *path);

/*
 * Reads a packet.
 *   packet   the result; packet->data is valid until the next call on r. interface_index is the number of the interface in
 *            the file, from 1 on: see ps_capture_reader_getinterface. time_ns is 0 where the file has no time.
 * Returns 1; 0 at the end; PS_BAD_CAPTURE_FILE when the file is truncated or malformed at this place: all packets before it have
 * been given, and every further call returns the same; PS_ENOMEM; PS_EFAULT; an error of the system.
 * Lengths in the file are not trusted: memory is allocated only for bytes that the file really has, at most 4 MiB.
 */
PS_CAPTURE_API int ps_capture_reader_next(ps_capture_reader *r, ps_packet *packet);

/*
 * Gives the interface with the number interface_index of a packet.
 * Returns 0; PS_ENODEV when the part of the file that was read has no such interface; PS_EFAULT.
 */
PS_CAPTURE_API int ps_capture_reader_getinterface(const ps_capture_reader *r, unsigned interface_index,
                                                  ps_capture_file_interface *found);

/* Returns the file's format, PS_CAPTURE_FILE_*; or PS_EFAULT. */
PS_CAPTURE_API int ps_capture_reader_getformat(const ps_capture_reader *r);

/* Closes, and frees r. Returns 0. NULL is allowed. Standard input stays open. */
PS_CAPTURE_API int ps_capture_reader_close(ps_capture_reader *r);

#ifdef __cplusplus
}
#endif

#endif
