/*
 * What a socket and the streams made from it have in common: the connection, which ends when the last of them
 * lets go. A ps_sock has one from its first ps_makefile on (its member `streams`).
 *
 * The functions here are what the socket tells its streams. They may run beside a stream that is in use in another
 * thread: what they change is atomic, and a stream looks at it when a call begins.
 */
#ifndef PS_STREAM_HOLD_H
#define PS_STREAM_HOLD_H

#include "portsock/cancel.h"
#include "portsock/socket.h"

#include <stdatomic.h>

struct ps__stream_hold {
    atomic_size_t owners;   /* the socket, until it is closed, and every stream */
    atomic_bool owned;      /* the last owner closes the handle; false after ps_detach */
    ps_sock socket;         /* for its handle, family, type and proto, which never change */
    _Atomic double timeout; /* these four as in the socket */
    _Atomic(ps_cancel *) cancel;
    atomic_uchar connection;
    atomic_uchar marks;
};

/* The socket or a stream lets go. True for the last, which has closed the handle unless it was detached. */
bool ps__stream_hold_drop(struct ps__stream_hold *hold);

/* ps_detach: from now on the handle is the program's. The streams may go on with it, and do not close it. */
void ps__stream_hold_detach(struct ps__stream_hold *hold);

/* ps_settimeout on the socket. */
void ps__stream_hold_settimeout(struct ps__stream_hold *hold, double seconds);

/* ps_setcancel on the socket. */
void ps__stream_hold_setcancel(struct ps__stream_hold *hold, ps_cancel *token);

/* ps_shutdown on the socket; `marks` has the bits of ps_sock.marks that come to those set already. */
void ps__stream_hold_mark(struct ps__stream_hold *hold, unsigned char marks);

/* ps_connect on the socket, when it comes after ps_makefile; `connection` as in ps_sock. */
void ps__stream_hold_connection(struct ps__stream_hold *hold, unsigned char connection);

#endif
