/*
 * What the workloads (bench/workload) ask of a peer: a library with sockets, or the system's own
 * calls. The file of a peer defines all of it, but for what is in without_*.c, and is a program
 * together with the workloads. A peer does what a program written for it would do; whoever calls it
 * ends on an error.
 */
#ifndef BENCH_PEER_H
#define BENCH_PEER_H

#include <stdbool.h>
#include <stddef.h>

#ifdef _WIN32
#include <winsock2.h>
typedef SOCKET peer_handle;
#else
typedef int peer_handle;
#endif

/* One socket, with what the peer keeps for it. Defined by each peer, on the heap. */
typedef struct peer peer;

/* Before anything else. timeout: of every call from now on, in seconds; negative: none. */
void peer_start(double timeout);

/* Sockets of IPv4 on loopback. *port: 0 for any, which is then written there. */
peer *peer_listen(int *port);
peer *peer_accept(peer *listener);
peer *peer_connect(int port);
/* NULL: the peer has no such function. host: the text of an address, or a name. */
peer *peer_connect_to(const char *host, int port);
/* Bound to any port; to: the port to which peer_send_to sends. */
peer *peer_datagrams(int to);
void peer_close(peer *s);

/* How many bytes; negative: an error, or nothing is there after peer_dont_wait. */
long peer_receive(peer *s, void *data, size_t size);
long peer_send(peer *s, const void *data, size_t size);
long peer_receive_from(peer *s, void *data, size_t size);
long peer_send_to(peer *s, const void *data, size_t size);
void peer_dont_wait(peer *s);
peer_handle peer_handle_of(peer *s);

/* Addresses of IPv4 and their text. false: the peer has no such function. */
bool peer_parse(const char *text);
bool peer_format(const unsigned char packed[4], char *text, size_t size);
bool peer_look_up(const char *host);

/* One line of a buffered stream over a pair; what is written to the returned handle is in it. */
bool peer_open_lines(peer_handle *writer);
long peer_read_line(char *line, size_t size);

#endif
