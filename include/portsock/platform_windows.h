/**
 * @file
 * The Windows half of platform.h. Include <portsock.h>, not this.
 */
#ifndef PORTSOCK_PLATFORM_WINDOWS_H
#define PORTSOCK_PLATFORM_WINDOWS_H

/*
 * <winsock2.h> includes <windows.h>, whose macros near, far, interface, min, max and others then
 * replace these words in the program, too. Which of them are there is the program's choice, so
 * nothing is decided here: define NOMINMAX and WIN32_LEAN_AND_MEAN before the first include of
 * either (docs/manual.md).
 */
#if defined SOCKET_ERROR && !defined _WINSOCK2API_
#error "<winsock.h> is there: include <portsock.h> first, or define WIN32_LEAN_AND_MEAN"
#endif

#include <winsock2.h>
#include <ws2tcpip.h>

#include <afunix.h>
#include <mstcpip.h>
#include <mswsock.h>

/** A socket as the system knows it: as wide as a pointer, and never negative. */
typedef SOCKET ps_handle;

/** No handle. */
#define PS_INVALID_HANDLE INVALID_SOCKET

/** A file as the system knows it. */
typedef HANDLE ps_native_file;

/** Whether a ps_sock has an owner, which would gain nothing here. */
#define PS_SOCK_HAS_OWNER 0

/** @def PS_EXPORT
 * Stands before a function that a library defines.
 */
/** @def PS_IMPORT
 * Stands before a function that a program or another library uses.
 */
#ifdef PS_SHARED
#define PS_EXPORT __declspec(dllexport)
#define PS_IMPORT __declspec(dllimport)
#else
#define PS_EXPORT
#define PS_IMPORT
#endif

/** @cond NATIVE */
/* Python 2.7 has these names on Windows, too, with the numbers of SD_RECEIVE, SD_SEND, SD_BOTH. */
#ifndef SHUT_RD
#define SHUT_RD 0
#define SHUT_WR 1
#define SHUT_RDWR 2
#endif

/* Enumerators in <mstcpip.h>; #ifdef must find them all the same. */
#ifndef RCVALL_ON
#define RCVALL_OFF RCVALL_OFF
#define RCVALL_ON RCVALL_ON
#define RCVALL_SOCKETLEVELONLY RCVALL_SOCKETLEVELONLY
#define RCVALL_IPLEVEL RCVALL_IPLEVEL
#endif
#ifndef RCVALL_MAX
#define RCVALL_MAX RCVALL_IPLEVEL
#endif

/*
 * What Windows knows and some versions of the headers lack; the numbers are those of Microsoft's
 * ws2def.h, ws2ipdef.h, winsock2.h and mstcpip.h. A version of Windows without one answers
 * PS_ENOPROTOOPT.
 */
#ifndef SIO_RCVALL
#define SIO_RCVALL _WSAIOW(IOC_VENDOR, 1)
#endif
#ifndef SIO_RCVALL_MCAST
#define SIO_RCVALL_MCAST _WSAIOW(IOC_VENDOR, 2)
#endif
#ifndef SIO_RCVALL_IGMPMCAST
#define SIO_RCVALL_IGMPMCAST _WSAIOW(IOC_VENDOR, 3)
#endif
#ifndef SIO_KEEPALIVE_VALS
#define SIO_KEEPALIVE_VALS _WSAIOW(IOC_VENDOR, 4)
#endif
#ifndef SIO_UDP_CONNRESET
#define SIO_UDP_CONNRESET _WSAIOW(IOC_VENDOR, 12)
#endif
#ifndef SIO_UDP_NETRESET
#define SIO_UDP_NETRESET _WSAIOW(IOC_VENDOR, 15)
#endif
#ifndef SIO_LOOPBACK_FAST_PATH
#define SIO_LOOPBACK_FAST_PATH _WSAIOW(IOC_VENDOR, 16)
#endif
#ifndef MSG_TRUNC
#define MSG_TRUNC 0x0100
#endif
#ifndef MSG_CTRUNC
#define MSG_CTRUNC 0x0200
#endif
#ifndef TCP_KEEPIDLE
#define TCP_KEEPIDLE 3
#endif
#ifndef TCP_MAXSEG
#define TCP_MAXSEG 4
#endif
#ifndef TCP_MAXRT
#define TCP_MAXRT 5
#endif
#ifndef TCP_FASTOPEN
#define TCP_FASTOPEN 15
#endif
#ifndef TCP_KEEPCNT
#define TCP_KEEPCNT 16
#endif
#ifndef TCP_KEEPINTVL
#define TCP_KEEPINTVL 17
#endif
#ifndef SO_RANDOMIZE_PORT
#define SO_RANDOMIZE_PORT 0x3005
#endif
#ifndef SO_REUSE_UNICASTPORT
#define SO_REUSE_UNICASTPORT 0x3007
#endif
#ifndef IPV6_RECVPKTINFO
#define IPV6_RECVPKTINFO IPV6_PKTINFO
#endif
/** @endcond */

#endif
