/*
 * SO_RCVTIMEO and SO_SNDTIMEO that the program has set: the time after which a call in blocking
 * mode is PS_EWOULDBLOCK. The system keeps them, and the library obeys them: the handle of a
 * socket that has one is non-blocking, and a call makes a deadline of it (call.c), which no
 * signal prolongs, on every system, for connect and accept as for receives and sends.
 *
 * A struct timeval has seconds and microseconds, and 4 bytes are Winsock's own milliseconds, on
 * every system.
 */
#ifndef PS_SO_TIMEOUT_H
#define PS_SO_TIMEOUT_H

#include "common/option/table.h"
#include "common/socket/socket.h"

/* The option of those two, as ps_setsockopt and ps_getsockopt have it. PS_BAD_TIMEOUT for a time
 * below 0 or a second's part that is more than a second; PS_EINVAL for another size than those
 * of the two forms. */
int ps__so_timeout_set(ps_sock *s, const ps__option *option, const void *value, socklen_t size);
int ps__so_timeout_get(ps_sock *s, const ps__option *option, void *value, socklen_t *size);

/* Sets those of the listener on an accepted connection, whose handle is non-blocking. Systems copy
 * them too early, or not at all. */
void ps__so_timeout_inherit(const ps_sock *listener, ps_sock *connection);

#endif
