/* A long text in which each byte tells its place, and a thread that reads it. */
#ifndef TESTS_SUPPORT_LONG_TEXT_H
#define TESTS_SUPPORT_LONG_TEXT_H

#include "test.h"

/* The byte at a place: none is like its neighbours, nor like those a page or a buffer further
 * on. */
unsigned char byte_at(size_t place);

/* For free(). */
unsigned char *long_text(size_t n);

/* Reads a long text up to the end of the connection, with a rest now and then. */
typedef struct reader {
    ps_sock *socket;
    double rest; /* seconds after every half a mebibyte */
    size_t count;
    bool right; /* every byte was what it had to be */
    ptrdiff_t end;
} reader;

reader reader_of(ps_sock *s, double rest);
void read_to_the_end(void *reader);

/* That so many bytes came, all of them right, and then the end. */
void assert_read(const reader *r, size_t n);

#endif
