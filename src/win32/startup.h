/* Winsock's start. Every function that may be a process's first use of Winsock calls it. */
#ifndef PS_STARTUP_H
#define PS_STARTUP_H

/* Starts Winsock once for the process; safe from many threads. Returns 0 or a code, after which
 * the next call tries again. It is never cleaned up: WSACleanup would end the sockets of the rest
 * of the process. */
int ps__winsock_start(void);

#endif
