/**
 * @file
 * Capture files: packets written to and read from files in the formats pcap and pcapng.
 *
 * Written files have nanosecond time stamps, and whole records only: when the disk is full, a
 * record that was written in part is removed again where the file can be shortened. Records are
 * collected in a buffer of 64 KiB. They reach the file when the buffer is full, by
 * ps_capture_writer_flush, and by ps_capture_writer_close; the file of a program that crashes is
 * readable up to there. Readers accept both byte orders, microseconds and nanoseconds, and what
 * pcapng allows; docs/dissect.md has the limits.
 *
 * A path is UTF-8 on every system; "-" is standard output or input. An object belongs to one
 * thread at a time.
 */
#ifndef PORTSOCK_CAPTURE_FILE_H
#define PORTSOCK_CAPTURE_FILE_H

#include "capture.h"
#include "export.h"

#ifdef __cplusplus
extern "C" {
#endif

/** What writes a capture file: an object on the heap. */
typedef struct ps_capture_writer ps_capture_writer;

/** What reads a capture file: an object on the heap. */
typedef struct ps_capture_reader ps_capture_reader;

/** Formats of capture files. */
enum {
    PS_CAPTURE_FILE_PCAP,             /**< one link type; nanoseconds */
    PS_CAPTURE_FILE_PCAPNG,           /**< several interfaces and link types, directions, counts */
    PS_CAPTURE_FILE_PCAP_MICROSECONDS /**< pcap for old tools: times are cut to microseconds */
};

/** An interface of a capture file. Frozen: no version adds members. */
typedef struct ps_capture_file_interface {
    char name[64];      /**< "" when the file does not have it; a longer name is cut */
    int link_type;      /**< PS_LINK_* or another number */
    size_t snap_length; /**< 0: the file has no limit */
} ps_capture_file_interface;

/**
 * Creates a file, or truncates an existing one.
 *
 * @param w            the result, to be closed with ps_capture_writer_close; NULL on failure
 * @param path         UTF-8; "-" for standard output
 * @param format       PS_CAPTURE_FILE_*
 * @param link_type    pcap: that of all packets; pcapng: that of the one interface that a file
 *                     without packets gets
 * @param snap_length  the most bytes of a packet that are written; 0: PS_SNAP_LENGTH_MAX
 * @retval 0              *w is open
 * @retval PS_ENOENT      a directory that does not exist
 * @retval PS_EACCES      the file may not be written to; other codes of the system likewise
 * @retval PS_EISDIR      the path is a directory
 * @retval PS_ENOSPC      the disk is full
 * @retval PS_EINVAL      an unknown format, or a link type that does not fit in 16 bits
 * @retval PS_BAD_LENGTH  a snap_length above PS_SNAP_LENGTH_MAX
 * @retval PS_EILSEQ      a path that is not UTF-8 (Windows)
 * @retval PS_ENOMEM      no memory
 * @retval PS_EFAULT      w or path is NULL
 * @threadsafety Any thread.
 * @since 0.1
 * @source draft-ietf-opsawg-pcap, draft-ietf-opsawg-pcapng.
 */
PS_CAPTURE_API int ps_capture_writer_open(ps_capture_writer **w, const char *path, int format,
                                          int link_type, size_t snap_length);

/**
 * Names the interface that packets with this link type and interface_index come from; pcapng
 * only, nothing in pcap. Call it before the first such packet. Without it the interface has no
 * name in the file.
 *
 * @param w                the writer
 * @param link_type        PS_LINK_* or another number
 * @param interface_index  as in the packets
 * @param name             UTF-8; cut after 63 bytes
 * @retval 0          named
 * @retval PS_EEXIST  there has been such a packet
 * @retval PS_EINVAL  a link type that does not fit in 16 bits
 * @retval PS_EFAULT  w or name is NULL
 * @retval PS_ENOMEM  no memory
 * @return otherwise the error of an earlier write that has failed.
 * @threadsafety A writer belongs to one thread at a time.
 * @since 0.1
 * @source draft-ietf-opsawg-pcapng.
 */
PS_CAPTURE_API int ps_capture_writer_setinterface(ps_capture_writer *w, int link_type,
                                                  unsigned interface_index, const char *name);

/**
 * Writes a packet. Bytes beyond the snap length are left out; the length on the wire is kept.
 * pcapng: each new pair of link type and interface_index becomes an interface of the file. When a
 * write has failed, the file ends with the last packet that was written whole, and every further
 * call returns the same.
 *
 * @param w       the writer
 * @param packet  the packet
 * @retval 0             written, or collected in the buffer
 * @retval PS_EINVAL     another link type than the file's (pcap), or one that does not fit in 16
 *                       bits
 * @retval PS_EOVERFLOW  a time that the format cannot express (before 1970; pcap: after 2106);
 *                       nothing is written
 * @retval PS_EFAULT     w or packet is NULL, or its data with a length
 * @retval PS_ENOMEM     no memory
 * @retval PS_ENOSPC     the disk is full; other codes of a write likewise
 * @retval PS_EFBIG      the file is too large
 * @retval PS_EPIPE      a pipe without a reader; on POSIX it raises SIGPIPE, as for every
 *                       program's output, unless that is ignored
 * @threadsafety A writer belongs to one thread at a time.
 * @since 0.1
 * @source draft-ietf-opsawg-pcap, draft-ietf-opsawg-pcapng.
 */
PS_CAPTURE_API int ps_capture_writer_packet(ps_capture_writer *w, const ps_packet *packet);

/**
 * Writes the counts of a capture: pcapng's statistics block, for the first interface. Does
 * nothing in pcap.
 *
 * @param w           the writer
 * @param statistics  the counts, of ps_capture_getstatistics
 * @retval 0              written, or collected in the buffer
 * @return other codes as ps_capture_writer_packet.
 * @threadsafety A writer belongs to one thread at a time.
 * @since 0.1
 * @source draft-ietf-opsawg-pcapng.
 */
PS_CAPTURE_API int ps_capture_writer_statistics(ps_capture_writer *w,
                                                const ps_capture_statistics *statistics);

/**
 * Writes everything that is in the buffer to the file.
 *
 * @param w  the writer
 * @retval 0          written
 * @retval PS_EFAULT  w is NULL
 * @return other codes of a write, as ps_capture_writer_packet.
 * @threadsafety A writer belongs to one thread at a time.
 * @since 0.1
 * @source C, fflush.
 */
PS_CAPTURE_API int ps_capture_writer_flush(ps_capture_writer *w);

/**
 * Flushes, closes, and frees w in any case. Standard output stays open.
 *
 * @param w  the writer; NULL is allowed
 * @retval 0  everything is in the file
 * @return otherwise the first error of a write.
 * @threadsafety A writer belongs to one thread at a time.
 * @since 0.1
 * @source C, fclose.
 */
PS_CAPTURE_API int ps_capture_writer_close(ps_capture_writer *w);

/**
 * Opens a capture file, pcap or pcapng, and reads its header.
 *
 * @param r     the result, to be closed with ps_capture_reader_close; NULL on failure
 * @param path  UTF-8; "-" for standard input
 * @retval 0                    *r is open
 * @retval PS_ENOENT            there is no such file
 * @retval PS_EACCES            the file may not be read; other codes of the system likewise
 * @retval PS_EISDIR            the path is a directory
 * @retval PS_BAD_CAPTURE_FILE  not a capture file; also an empty one
 * @retval PS_EILSEQ            a path that is not UTF-8 (Windows)
 * @retval PS_ENOMEM            no memory
 * @retval PS_EFAULT            r or path is NULL
 * @threadsafety Any thread.
 * @since 0.1
 * @source draft-ietf-opsawg-pcap, draft-ietf-opsawg-pcapng.
 */
PS_CAPTURE_API int ps_capture_reader_open(ps_capture_reader **r, const char *path);

/**
 * Reads the next packet. Lengths in the file are not trusted: memory is allocated only for bytes
 * that the file really has, at most 4 MiB.
 *
 * @param r       the reader
 * @param packet  the result; packet->data is valid until the next call on r. interface_index is
 *                the number of the interface in the file, from 1 on: see
 *                ps_capture_reader_getinterface. time_ns is 0 where the file has no time.
 * @retval 1                    there is one
 * @retval 0                    the end
 * @retval PS_BAD_CAPTURE_FILE  the file is truncated or malformed at this place: all packets
 *                              before it have been returned, and every further call returns the
 *                              same
 * @retval PS_ENOMEM            no memory
 * @retval PS_EFAULT            r or packet is NULL
 * @return other codes of the system.
 * @threadsafety A reader belongs to one thread at a time.
 * @since 0.1
 * @source draft-ietf-opsawg-pcap, draft-ietf-opsawg-pcapng; libpcap, pcap_next_ex.
 */
PS_CAPTURE_API int ps_capture_reader_next(ps_capture_reader *r, ps_packet *packet);

/**
 * Gets the interface with the number interface_index of a packet.
 *
 * @param r                the reader
 * @param interface_index  as in a packet
 * @param found            the result; cleared on failure
 * @retval 0              *found is set
 * @retval PS_ENODEV      the part of the file that was read has no such interface
 * @retval PS_EFAULT      r or found is NULL
 * @threadsafety A reader belongs to one thread at a time.
 * @since 0.1
 * @source draft-ietf-opsawg-pcapng.
 */
PS_CAPTURE_API int ps_capture_reader_getinterface(const ps_capture_reader *r,
                                                  unsigned interface_index,
                                                  ps_capture_file_interface *found);

/**
 * Gets the file's format.
 *
 * @param r  the reader
 * @return PS_CAPTURE_FILE_*, or:
 * @retval PS_EFAULT  r is NULL
 * @threadsafety A reader belongs to one thread at a time.
 * @since 0.1
 * @source draft-ietf-opsawg-pcap, draft-ietf-opsawg-pcapng.
 */
PS_CAPTURE_API int ps_capture_reader_getformat(const ps_capture_reader *r);

/**
 * Closes, and frees r. Standard input stays open.
 *
 * @param r  the reader; NULL is allowed
 * @retval 0  always
 * @threadsafety A reader belongs to one thread at a time.
 * @since 0.1
 * @source C, fclose.
 */
PS_CAPTURE_API int ps_capture_reader_close(ps_capture_reader *r);

#ifdef __cplusplus
}
#endif

#endif
