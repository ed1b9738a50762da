/*
 * Which second bind to a port Windows allows. Nothing of Windows is in here, so that the test of it
 * (tests/internal/port_table.c) runs on every system.
 *
 * Source: Microsoft, "Using SO_REUSEADDR and SO_EXCLUSIVEADDRUSE": its table for Windows Server
 * 2003 and later, both binds by one user; what it says of dual-stack sockets; and of the
 * connections that an exclusive listener has accepted.
 */
#ifndef TESTS_WIN32_PORT_TABLE_H
#define TESTS_WIN32_PORT_TABLE_H

#include <stdbool.h>

typedef enum port_mode { PORT_DEFAULT, PORT_REUSE, PORT_EXCLUSIVE } port_mode;

/* WSAEADDRINUSE and WSAEACCES. */
typedef enum port_answer { PORT_FREE, PORT_IN_USE, PORT_DENIED } port_answer;

typedef struct port_claim {
    bool stream; /* TCP, or UDP */
    unsigned short port;
    port_mode mode;
    /* As IPv6 writes it, IPv4's as ::ffff:a.b.c.d. */
    unsigned char host[16];
    /* A socket at :: that is for IPv4, too. Nothing else has a port in both stacks. */
    bool dual;
    /* A connection that a listener of that mode has accepted and that is still there, perhaps after
     * both were closed. */
    bool connection;
} port_claim;

/* What bind returns for the second of two sockets. */
port_answer port_second_bind(const port_claim *first, const port_claim *second);

#endif
