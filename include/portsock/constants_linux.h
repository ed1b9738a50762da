/**
 * @file
 * Constants of Linux whose headers portsock does not include (platform_posix.h). The numbers are
 * the kernel's, the same on every machine. Written as in the system's headers, so that these may
 * be included before or after. Include <portsock.h>, not this.
 */
#ifndef PORTSOCK_CONSTANTS_LINUX_H
#define PORTSOCK_CONSTANTS_LINUX_H

/** @cond NATIVE */
/* <netinet/tcp.h>, <linux/tcp.h> */
#ifndef TCP_NODELAY
#define TCP_NODELAY 1
#endif
#ifndef TCP_MAXSEG
#define TCP_MAXSEG 2
#endif
#ifndef TCP_CORK
#define TCP_CORK 3
#endif
#ifndef TCP_KEEPIDLE
#define TCP_KEEPIDLE 4
#endif
#ifndef TCP_KEEPINTVL
#define TCP_KEEPINTVL 5
#endif
#ifndef TCP_KEEPCNT
#define TCP_KEEPCNT 6
#endif
#ifndef TCP_SYNCNT
#define TCP_SYNCNT 7
#endif
#ifndef TCP_LINGER2
#define TCP_LINGER2 8
#endif
#ifndef TCP_DEFER_ACCEPT
#define TCP_DEFER_ACCEPT 9
#endif
#ifndef TCP_WINDOW_CLAMP
#define TCP_WINDOW_CLAMP 10
#endif
#ifndef TCP_INFO
#define TCP_INFO 11
#endif
#ifndef TCP_QUICKACK
#define TCP_QUICKACK 12
#endif
#ifndef TCP_CONGESTION
#define TCP_CONGESTION 13
#endif
#ifndef TCP_USER_TIMEOUT
#define TCP_USER_TIMEOUT 18
#endif
#ifndef TCP_FASTOPEN
#define TCP_FASTOPEN 23
#endif

/* <netpacket/packet.h>, <linux/if_packet.h> */
#ifndef PACKET_HOST
#define PACKET_HOST 0
#endif
#ifndef PACKET_BROADCAST
#define PACKET_BROADCAST 1
#endif
#ifndef PACKET_MULTICAST
#define PACKET_MULTICAST 2
#endif
#ifndef PACKET_OTHERHOST
#define PACKET_OTHERHOST 3
#endif
#ifndef PACKET_OUTGOING
#define PACKET_OUTGOING 4
#endif
#ifndef PACKET_LOOPBACK
#define PACKET_LOOPBACK 5
#endif
#ifndef PACKET_FASTROUTE
#define PACKET_FASTROUTE 6
#endif
/** @endcond */

#endif
