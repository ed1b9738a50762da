/* Text forms made of numbers between colons: "netlink:0:1". */
#ifndef PS_FIELDS_H
#define PS_FIELDS_H

#include <stdbool.h>
#include <stddef.h>

/* Reads decimal numbers of at most 32 bits, separated by colons, up to the end of the text.
 * Returns how many, at most `most`; 0 when the text is anything else. */
size_t ps__fields_parse(const char *text, unsigned long *fields, size_t most);

/* Writes numbers with a colon before each, and a NUL, and returns the text's end. */
char *ps__fields_format(char *text, const unsigned long *fields, size_t count);

#endif
