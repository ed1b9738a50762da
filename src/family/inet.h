/* What the address functions of inet and inet6 have in common. */
#ifndef PS_INET_H
#define PS_INET_H

#include "common/wait/wait.h"

#define PS__PORT_MAX 65535

/* Zeros that may precede a scope: with them it is longer than any interface's name on POSIX. */
#define PS__SCOPE_ZEROS_MAX 15

/* The size of the host text of an inet or inet6 address: 45 characters, '%', a scope of 10 digits,
 * its zeros, and the NUL. */
#define PS__HOST_TEXT_SIZE (57 + PS__SCOPE_ZEROS_MAX)

/* As ps_addr_inet, within a limit, which may be NULL; `a` is not. */
int ps__addr_inet_until(ps_addr *a, const char *host, int port, ps__limit *limit);

/* Reads the port behind a host, decimal up to the end of the text: PS_BAD_PORT for a number out
 * of range, PS_BAD_ADDRESS for no number. */
int ps__text_to_port(const char *text, uint16_t *port);

/* Reads an inet6 literal with or without "%scope", an interface's name or number: PS_BAD_ADDRESS
 * for no literal, PS_BAD_SCOPE for no such interface. */
int ps__text_to_inet6_scoped(const char *text, unsigned char packed[16], unsigned *scope);

/* The first 12 bytes of ::ffff:0.0.0.0. */
extern const unsigned char ps__inet6_mapped[12];

/* Writes the host and, unless it is 0, its scope as "%NUMBER" into PS__HOST_TEXT_SIZE bytes;
 * returns the text's end. */
char *ps__inet6_host_to_text(const ps_addr *a, char *text);

#endif
