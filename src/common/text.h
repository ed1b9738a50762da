/* The packed and text forms of IPv4 and IPv6 addresses and other small texts, the same on every
 * system. */
#ifndef PS_TEXT_H
#define PS_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Each reads the whole text or nothing; `packed` is untouched on failure. */
bool ps__text_to_inet(const char *text,
                      unsigned char packed[4]); /* inet_pton's strict dotted quad */
bool ps__text_to_inet6(const char *text, unsigned char packed[16]); /* RFC 4291, no scope */
bool ps__text_to_inet_any(const char *text,
                          unsigned char packed[4]); /* inet_aton's one to four parts */

/* Each writes the text and a NUL, and returns the text's end (where the NUL is). */
char *ps__inet_to_text(const unsigned char packed[4], char *text);   /* 16 bytes */
char *ps__inet6_to_text(const unsigned char packed[16], char *text); /* 46 bytes */
char *ps__number_to_text(unsigned long number, char *text);          /* 21 bytes */

/* Reads decimal digits up to the end of the text; false for no digit, another character, or a
 * number above `most`. */
bool ps__text_to_number(const char *text, uint32_t most, unsigned long *number);

/* Copies a text of `length` bytes and a NUL into `size` bytes; PS_BAD_LENGTH, and "" if there is
 * space, when it does not fit. */
int ps__text_copy(char *to, size_t size, const char *text, size_t length);

bool ps__text_is_utf8(const char *text);

/* The length of the character at the start of a text; 0 when it is one that does not belong in a
 * line of text: a control character, a separator of lines, a control of direction, or no UTF-8. */
size_t ps__text_printable(const char *text);

/* Writes "\xNN" for a byte. Returns the text's end, without a NUL. */
char *ps__text_escape(unsigned char byte, char *to);

bool ps__text_is_ascii(const char *text);

#endif
