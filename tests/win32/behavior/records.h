/*
 * What the layer remembers of each socket of the program, for the rules. A rule that needs more
 * adds a field. The record rule, the last one, keeps the first part up to date.
 */
#ifndef TESTS_WIN32_RECORDS_H
#define TESTS_WIN32_RECORDS_H

#include "layer.h"

typedef struct socket_record {
    SOCKET handle;
    struct socket_record *rest; /* of those in the same place of the table */

    int family, type, protocol;
    bool bound;     /* by bind, also with port 0 */
    bool listening; /* listen has been called */
    bool connected; /* connect has returned 0, or would block; or accepted */
    bool nonblocking;
    HANDLE event; /* of WSAEventSelect */
    long events;

    /* datagram_reports */
    bool ignores_refusals, ignores_drops; /* SIO_UDP_CONNRESET, SIO_UDP_NETRESET are off */
    bool refused, dropped;                /* to be reported */

    /* Of port_sharing: the options as they were set, or as the listener had them; a connection that
     * was accepted; the port that getsockname reports (in network order), if it has another. */
    bool reuse, exclusive, accepted;
    u_short reported_port;

    bool coalesces; /* datagrams_together */

    /* initial_rto */
    bool repeats_no_syn;
    bool receiving_shut; /* SD_RECEIVE (shutdown_resets) */
    bool error_asked;    /* SO_ERROR has been read once (error_comes_late) */
    /* AF_UNIX over loopback TCP (af_unix): whether it is that, and the paths, empty: no name */
    bool is_unix;
    char unix_own[108], unix_peer[108];
} socket_record;

/* The record of a socket, made at its first use; NULL: the handle is no socket. Every other thread
 * that asks for a record waits until it is released: do no call of Winsock in between. Keeps
 * WSAGetLastError. */
socket_record *hold_record(SOCKET s);
void release_record(socket_record *record);

/* Whether a datagram socket of the program has that local port, in the order of the network. */
bool datagrams_have_port(u_short port);

/* The handles that have a record: their count, at most `capacity`. */
size_t recorded_handles(SOCKET *handles, size_t capacity);

#endif
