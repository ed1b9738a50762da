/*
 * A stand-in for BSD's <net/if_dl.h>, with the layout of FreeBSD's, for a test on systems that lack
 * it.
 */
#ifndef TESTS_INTERNAL_NET_IF_DL_H
#define TESTS_INTERNAL_NET_IF_DL_H

#include <sys/types.h>

#define AF_LINK 18

struct sockaddr_dl {
    u_char sdl_len;
    u_char sdl_family;
    u_short sdl_index;
    u_char sdl_type;
    u_char sdl_nlen;
    u_char sdl_alen;
    u_char sdl_slen;
    char sdl_data[46];
};

#endif
