/* The system's text, UTF-16, from and to this library's, UTF-8. */
#ifndef PS_UTF16_H
#define PS_UTF16_H

#include <stdbool.h>
#include <stddef.h>
#include <wchar.h>

/* Each writes a NUL, too, and is false when the text does not fit or is not valid. `capacity` is
 * in units. */
bool ps__utf16_from_utf8(wchar_t *to, int capacity, const char *text);
bool ps__utf8_from_utf16(char *to, size_t size, const wchar_t *text);

/* A host name as the DNS knows it: ASCII, by the system's IDNA. Returns 0, PS_EAI_IDN_ENCODE, or
 * PS_EAI_NONAME for what is too long to be a name. */
int ps__host_to_utf16(wchar_t *to, int capacity, const char *host);

#endif
