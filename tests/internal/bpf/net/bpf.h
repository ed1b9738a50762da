/*
 * A stand-in for BSD's <net/bpf.h>, so that src/posix/capture_bpf.c is compiled on systems that
 * lack it. The names and layouts are those of FreeBSD's bpf(4); the requests' numbers have no
 * meaning.
 */
#ifndef TESTS_INTERNAL_NET_BPF_H
#define TESTS_INTERNAL_NET_BPF_H

#include <net/if.h>
#include <stdint.h>
#include <sys/time.h>
#include <sys/types.h>

struct bpf_hdr {
    struct timeval bh_tstamp;
    uint32_t bh_caplen;
    uint32_t bh_datalen;
    u_short bh_hdrlen;
};

struct bpf_insn {
    u_short code;
    u_char jt;
    u_char jf;
    uint32_t k;
};

struct bpf_program {
    u_int bf_len;
    struct bpf_insn *bf_insns;
};

struct bpf_stat {
    u_int bs_recv;
    u_int bs_drop;
};

#define BPF_ALIGNMENT sizeof(long)
#define BPF_WORDALIGN(x) (((x) + (BPF_ALIGNMENT - 1)) & ~(BPF_ALIGNMENT - 1))

enum { DLT_NULL = 0, DLT_EN10MB = 1, DLT_RAW = 12 };
#define DLT_LOOP 108

enum {
    BIOCSBLEN = 1,
    BIOCGBLEN,
    BIOCSETIF,
    BIOCIMMEDIATE,
    BIOCSRTIMEOUT,
    BIOCGDLT,
    BIOCPROMISC,
    BIOCSETF,
    BIOCFLUSH,
    BIOCGSTATS,
    BIOCSSEESENT
};

#ifdef WITH_DIRECTION
#define BIOCSDIRECTION 99
enum { BPF_D_IN, BPF_D_INOUT, BPF_D_OUT };
#endif

#endif
