/* The form of a filter that the kernel takes, on Linux. */
#ifndef PS_CAPTURE_FILTER_H
#define PS_CAPTURE_FILTER_H

#include "capture/filter/run.h"

#include <stddef.h>

/* The bytes of a PS_LINK_COOKED2 header. */
enum { PS__COOKED2_LENGTH = 20 };

/*
 * Rewrites a program for packets with a cooked header for the kernel, which runs it on packets
 * without: loads behind the header move, loads of the header's fields become Linux's special
 * loads. Returns false when it cannot be done: the program looks at a field that has none, or
 * computes where to look.
 */
bool ps__filter_without_header(ps_filter_instruction *program, size_t count);

/* Lets a program keep no more bytes than that. */
void ps__filter_limit(ps_filter_instruction *program, size_t count, uint32_t snap_length);

#endif
