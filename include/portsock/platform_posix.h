/**
 * @file
 * The POSIX half of platform.h. Include <portsock.h>, not this.
 */
#ifndef PORTSOCK_PLATFORM_POSIX_H
#define PORTSOCK_PLATFORM_POSIX_H

#if defined _LINUX_IN_H && defined __GLIBC__ && !defined _NETINET_IN_H
#error "<linux/in.h> precedes <netinet/in.h>: include <portsock.h> first"
#endif

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/types.h>

/*
 * <netpacket/packet.h>, <netinet/tcp.h>, <sys/un.h> and <net/if.h> are not included on Linux:
 * none of them can be combined with the kernel's header of the same subject in every order, and
 * a program may want either. It includes what it uses the structs of.
 */
#ifdef __linux__
#include "constants_linux.h"
#else
#include <netinet/tcp.h>
#endif

/* Linux's own families, where the system has their headers. */
#ifdef __has_include
#if __has_include(<linux/netlink.h>)
#include <linux/netlink.h>
#endif
#if __has_include(<linux/tipc.h>)
#include <linux/tipc.h>
#endif
#if __has_include(<linux/vm_sockets.h>)
#include <linux/vm_sockets.h>
#endif
#if __has_include(<linux/can.h>)
#include <linux/can.h>
#endif
#endif

/** A socket as the system knows it: a file descriptor. */
typedef int ps_handle;

/** No handle. */
#define PS_INVALID_HANDLE (-1)

/** A file as the system knows it: a file descriptor. */
typedef int ps_native_file;

/** Whether a ps_sock has an owner, which on Windows would gain nothing. */
#define PS_SOCK_HAS_OWNER 1

/** Stands before a function that a library defines. */
#ifdef __GNUC__
#define PS_EXPORT __attribute__((visibility("default")))
#else
#define PS_EXPORT
#endif

/** Stands before a function that a program or another library uses. */
#define PS_IMPORT

/** @cond NATIVE */
/* These are enumerators in some system headers; #ifdef must find them all the same. */
#if defined __GLIBC__ && !defined IPPROTO_MAX
#define IPPROTO_MAX IPPROTO_MAX
#endif
#if defined TIPC_ZONE_SCOPE && !defined TIPC_CLUSTER_SCOPE
#define TIPC_CLUSTER_SCOPE TIPC_CLUSTER_SCOPE
#define TIPC_NODE_SCOPE TIPC_NODE_SCOPE
#endif
/** @endcond */

#endif
