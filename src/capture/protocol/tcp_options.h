/* The options of a TCP header: decoding and the line go through them by ps__tcp_options_next. */
#ifndef PS_CAPTURE_PROTOCOL_TCP_OPTIONS_H
#define PS_CAPTURE_PROTOCOL_TCP_OPTIONS_H

#include <stdint.h>

/* Kinds. Source: IANA's registry of TCP parameters. */
enum {
    PS__TCP_END = 0,
    PS__TCP_NOP = 1,
    PS__TCP_MSS = 2,
    PS__TCP_SCALE = 3,
    PS__TCP_SACK_PERMITTED = 4,
    PS__TCP_SACK = 5,
    PS__TCP_TIMESTAMP = 8,
    PS__TCP_FAST_OPEN = 34
};

typedef struct ps__tcp_options {
    const unsigned char *data;   /* the packet */
    uint32_t at;                 /* where the next option begins */
    uint32_t end;                /* where the header ends, by its own account */
    uint32_t there;              /* where the bytes end */
    const unsigned char *option; /* the option that was found: kind, length, value */
    uint32_t length;             /* of all of it; 1 when it is a kind only */
} ps__tcp_options;

typedef enum ps__tcp_option_state {
    PS__TCP_OPTIONS_DONE,
    PS__TCP_OPTION_FOUND, /* an option, all of whose bytes are there */
    PS__TCP_OPTION_CUT,   /* the bytes end within the next one */
    PS__TCP_OPTION_BAD    /* the next one has no length that fits in the header */
} ps__tcp_option_state;

/* Goes to the next option. PS__TCP_END is the last. */
static inline ps__tcp_option_state ps__tcp_options_next(ps__tcp_options *options)
{
    uint32_t left = options->end - options->at;
    const unsigned char *p;
    uint32_t there;

    if (left == 0)
        return PS__TCP_OPTIONS_DONE;
    if (options->at >= options->there)
        return PS__TCP_OPTION_CUT;
    there = options->there - options->at;
    p = options->data + options->at;
    options->option = p;
    options->length = 1;
    if (p[0] > PS__TCP_NOP) {
        if (left < 2)
            return PS__TCP_OPTION_BAD;
        if (there < 2)
            return PS__TCP_OPTION_CUT;
        if (p[1] < 2 || p[1] > left)
            return PS__TCP_OPTION_BAD;
        if (p[1] > there)
            return PS__TCP_OPTION_CUT;
        options->length = p[1];
    }
    options->at = p[0] == PS__TCP_END ? options->end : options->at + options->length;
    return PS__TCP_OPTION_FOUND;
}

#endif
