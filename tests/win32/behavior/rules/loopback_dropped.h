/* What tests ask the rule of dropped datagrams. */
#ifndef TESTS_WIN32_LOOPBACK_DROPPED_H
#define TESTS_WIN32_LOOPBACK_DROPPED_H

/* How many datagram sockets have been made by this process, and how many datagrams of a socket to
 * itself have been dropped. */
long datagram_sockets_made(void);
long datagrams_dropped(void);

#endif
