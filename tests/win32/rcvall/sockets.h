/*
 * The emulated sockets of this process. Each is, for the system, a UDP socket that the relay
 * sends packets to: so that select, WSAPoll, WSAEventSelect, FIONBIO, SO_RCVTIMEO and blocking
 * need no emulation at all.
 */
#ifndef RCVALL_SOCKETS_H
#define RCVALL_SOCKETS_H

#include "wire.h"

#include <stdbool.h>
#include <winsock2.h>
#include <ws2tcpip.h>

/* Whether the emulation makes this kind of socket, instead of the system. */
bool emulated_kind(int family, int type, int protocol);

/* The calls on them, under Winsock's rules: SOCKET_ERROR and WSAGetLastError. `found` says
 * whether `s` is emulated; when it is not, nothing has been done. */
SOCKET emulated_socket(int family, int protocol, DWORD flags);
int emulated_bind(SOCKET s, const struct sockaddr *name, int size, bool *found);
int emulated_getsockname(SOCKET s, struct sockaddr *name, int *size, bool *found);
int emulated_setsockopt(SOCKET s, int level, int name, const char *value, int size, bool *found);
int emulated_getsockopt(SOCKET s, int level, int name, char *value, int *size, bool *found);
int emulated_receive(SOCKET s, WSABUF *buffers, DWORD count, DWORD *received, DWORD *flags,
                     struct sockaddr *from, int *from_size, bool *found);
int emulated_unread(SOCKET s, u_long *bytes, bool *found);
int emulated_refusal(SOCKET s,
                     bool *found); /* of what is not emulated: sending, overlapped receives */
void emulated_close(SOCKET s);

/* SIO_RCVALL and its like, on any socket. */
bool is_rcvall(DWORD control);
int emulated_control(SOCKET s, DWORD control, const void *input, DWORD size, DWORD *returned);

/* Whether `size` bytes at `p` can be read, and written. */
bool is_readable(const void *p, size_t size);
bool is_writable(void *p, size_t size);

#endif
