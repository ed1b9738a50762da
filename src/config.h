/*
 * What this system has: each PS__HAVE_X is 0 or 1. The defaults come from what the system's headers
 * define and from its name; -DPS__HAVE_X=0 overrides one. Every source file includes this first,
 * since it also asks the system's headers for everything that they have.
 */
#ifndef PS_CONFIG_H
#define PS_CONFIG_H

/* ---- what the headers show ------------------------------------------------------------------- */

#ifdef _WIN32
#ifndef _WIN32_WINNT
#define _WIN32_WINNT 0x0A00 /* Windows 10: newer functions are looked up when the library runs */
#endif
#ifndef WIN32_LEAN_AND_MEAN
#define WIN32_LEAN_AND_MEAN /* half of <windows.h>: compilers take most of their time for that */
#endif
#else
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#define _FILE_OFFSET_BITS 64 /* a capture file may be longer than 2 GiB */
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/types.h>
#endif

/* ---- which system it is ---------------------------------------------------------------------- */

#if defined __linux__
#define PS__IS_LINUX 1
#else
#define PS__IS_LINUX 0
#endif

#if defined __GLIBC__ && !defined __UCLIBC__
#define PS__IS_GLIBC 1
#else
#define PS__IS_GLIBC 0
#endif

/* musl has no macro of its own. */
#if PS__IS_LINUX && !PS__IS_GLIBC && !defined __BIONIC__ && !defined __UCLIBC__
#define PS__IS_MUSL 1
#else
#define PS__IS_MUSL 0
#endif

#if defined __FreeBSD__ || defined __DragonFly__
#define PS__IS_FREEBSD 1
#else
#define PS__IS_FREEBSD 0
#endif

#if defined __OpenBSD__
#define PS__IS_OPENBSD 1
#else
#define PS__IS_OPENBSD 0
#endif

#if defined __NetBSD__
#define PS__IS_NETBSD 1
#else
#define PS__IS_NETBSD 0
#endif

#if defined __APPLE__
#define PS__IS_APPLE 1
#else
#define PS__IS_APPLE 0
#endif

#if defined _WIN32
#define PS__IS_WINDOWS 1
#else
#define PS__IS_WINDOWS 0
#endif

#define PS__IS_BSD (PS__IS_FREEBSD || PS__IS_OPENBSD || PS__IS_NETBSD || PS__IS_APPLE)

/* ---- threads --------------------------------------------------------------------------------- */

#ifndef PS__HAVE_MEMBARRIER
#if PS__IS_LINUX && defined __has_include
#if __has_include(<linux/membarrier.h>)
#define PS__HAVE_MEMBARRIER 1
#endif
#endif
#endif
#ifndef PS__HAVE_MEMBARRIER
#define PS__HAVE_MEMBARRIER 0
#endif

/* Whether sockets have owners. ThreadSanitizer does not know of barriers in other threads. */
#ifndef PS__HAVE_OWNERS
#if defined __SANITIZE_THREAD__
#define PS__HAVE_OWNERS 0
#elif defined __has_feature
#if __has_feature(thread_sanitizer)
#define PS__HAVE_OWNERS 0
#endif
#endif
#endif
#ifndef PS__HAVE_OWNERS
#define PS__HAVE_OWNERS PS__HAVE_MEMBARRIER
#endif

/* ---- sockets --------------------------------------------------------------------------------- */

#ifndef PS__HAVE_ACCEPT4
#define PS__HAVE_ACCEPT4 (PS__IS_LINUX || PS__IS_FREEBSD || PS__IS_OPENBSD || PS__IS_NETBSD)
#endif

#ifndef PS__HAVE_SOCK_CLOEXEC
#if defined SOCK_CLOEXEC
#define PS__HAVE_SOCK_CLOEXEC 1
#else
#define PS__HAVE_SOCK_CLOEXEC 0
#endif
#endif

#ifndef PS__HAVE_MSG_NOSIGNAL
#if defined MSG_NOSIGNAL
#define PS__HAVE_MSG_NOSIGNAL 1
#else
#define PS__HAVE_MSG_NOSIGNAL 0
#endif
#endif

#ifndef PS__HAVE_SO_NOSIGPIPE
#if defined SO_NOSIGPIPE
#define PS__HAVE_SO_NOSIGPIPE 1
#else
#define PS__HAVE_SO_NOSIGPIPE 0
#endif
#endif

#ifndef PS__HAVE_DUP_CLOEXEC
#if defined F_DUPFD_CLOEXEC
#define PS__HAVE_DUP_CLOEXEC 1
#else
#define PS__HAVE_DUP_CLOEXEC 0
#endif
#endif

#ifndef PS__HAVE_SA_LEN /* sockaddr.sa_len */
#define PS__HAVE_SA_LEN PS__IS_BSD
#endif

/* A backend whose functions of the fast path are inline names their headers, for backend.h. */
#ifndef PS__HAVE_INLINE_BACKEND
#define PS__HAVE_INLINE_BACKEND (!PS__IS_WINDOWS)
#endif
#if PS__HAVE_INLINE_BACKEND
#define PS__INLINE_CONNECTION "posix/connection.h"
#define PS__INLINE_HANDLE "posix/handle.h"
#define PS__INLINE_TRANSFER "posix/transfer.h"
#endif

#ifndef PS__HAVE_SENDFILE /* of this form; BSD and macOS have others */
#define PS__HAVE_SENDFILE PS__IS_LINUX
#endif

/* ---- messages -------------------------------------------------------------------------------- */

#ifndef PS__HAVE_MSG_CMSG_CLOEXEC
#if defined MSG_CMSG_CLOEXEC
#define PS__HAVE_MSG_CMSG_CLOEXEC 1
#else
#define PS__HAVE_MSG_CMSG_CLOEXEC 0
#endif
#endif

/* POSIX makes members narrower than the kernel has them: msghdr.__pad1. */
#ifndef PS__HAVE_PADDED_MSGHDR
#if PS__IS_MUSL && __LONG_MAX__ > 0x7fffffff
#define PS__HAVE_PADDED_MSGHDR 1
#else
#define PS__HAVE_PADDED_MSGHDR 0
#endif
#endif

#ifndef PS__HAVE_UCRED /* struct ucred */
#define PS__HAVE_UCRED PS__IS_LINUX
#endif

#ifndef PS__HAVE_GETPEEREID
#define PS__HAVE_GETPEEREID PS__IS_BSD
#endif

#ifndef PS__HAVE_MMSG /* sendmmsg and recvmmsg with MSG_WAITFORONE */
#define PS__HAVE_MMSG (PS__IS_LINUX || PS__IS_FREEBSD)
#endif

#ifndef PS__HAVE_UDP_SEGMENT /* UDP_SEGMENT and UDP_GRO; the kernel may be older than this */
#define PS__HAVE_UDP_SEGMENT PS__IS_LINUX
#endif

/* ---- waiting and threads --------------------------------------------------------------------- */

#ifndef PS__HAVE_EVENTFD
#define PS__HAVE_EVENTFD PS__IS_LINUX
#endif

#ifndef PS__HAVE_EPOLL
#define PS__HAVE_EPOLL PS__IS_LINUX
#endif

/* The layout of what epoll_wait writes, which a poller's events have everywhere (backend.h). */
#if PS__HAVE_EPOLL && defined __x86_64__
#define PS__POLLER_EVENT_LAYOUT __attribute__((packed))
#else
#define PS__POLLER_EVENT_LAYOUT
#endif

#ifndef PS__HAVE_PPOLL
#define PS__HAVE_PPOLL (PS__IS_LINUX || PS__IS_FREEBSD || PS__IS_OPENBSD)
#endif

/* poll says POLLERR or POLLHUP when a connection has failed, so SO_ERROR is asked for only then. */
#ifndef PS__HAVE_POLL_REPORTS_CONNECT_ERRORS
#define PS__HAVE_POLL_REPORTS_CONNECT_ERRORS PS__IS_LINUX
#endif

#ifndef PS__HAVE_TCP_SEGMENTS /* TCP_INFO with how many segments a connection has received */
#define PS__HAVE_TCP_SEGMENTS PS__IS_LINUX
#endif

#ifndef PS__HAVE_SHUTDOWN_WAKES /* shutdown ends what other threads do with a socket */
#define PS__HAVE_SHUTDOWN_WAKES PS__IS_LINUX
#endif

#ifndef PS__HAVE_CONDATTR_SETCLOCK
#define PS__HAVE_CONDATTR_SETCLOCK \
    (PS__IS_LINUX || PS__IS_FREEBSD || PS__IS_OPENBSD || PS__IS_NETBSD)
#endif

#ifndef PS__HAVE_GLIBC /* what glibc has in its library alone */
#define PS__HAVE_GLIBC PS__IS_GLIBC
#endif

#ifndef PS__HAVE_TLS_SIZE /* dl_iterate_phdr */
#define PS__HAVE_TLS_SIZE (PS__IS_LINUX || PS__IS_FREEBSD || PS__IS_OPENBSD || PS__IS_NETBSD)
#endif

/* ---- names ----------------------------------------------------------------------------------- */

#ifndef PS__HAVE_USELOCALE /* in locale.h; musl's resolver takes bytes in every locale */
#define PS__HAVE_USELOCALE ((PS__IS_LINUX && !PS__IS_MUSL) || PS__IS_FREEBSD || PS__IS_OPENBSD)
#endif

#ifndef PS__HAVE_GETHOSTBYNAME_R /* with a result pointer and an int: there are three signatures */
#define PS__HAVE_GETHOSTBYNAME_R (PS__IS_GLIBC || PS__IS_MUSL || PS__IS_FREEBSD)
#endif

#ifndef PS__HAVE_GETSERVBYNAME_R /* the same, and getprotobyname_r */
#define PS__HAVE_GETSERVBYNAME_R (PS__IS_GLIBC || PS__IS_FREEBSD)
#endif

/* ---- which of Linux's headers are there ------------------------------------------------------ */

#if !PS__IS_LINUX
#define PS__HAS_NETLINK_H 0
#elif !defined __has_include
#define PS__HAS_NETLINK_H 1
#elif __has_include(<linux/netlink.h>)
#define PS__HAS_NETLINK_H 1
#else
#define PS__HAS_NETLINK_H 0
#endif

#if !PS__IS_LINUX
#define PS__HAS_TIPC_H 0
#elif !defined __has_include
#define PS__HAS_TIPC_H 1
#elif __has_include(<linux/tipc.h>)
#define PS__HAS_TIPC_H 1
#else
#define PS__HAS_TIPC_H 0
#endif

#if !PS__IS_LINUX
#define PS__HAS_PACKET_H 0
#elif !defined __has_include
#define PS__HAS_PACKET_H 1
#elif __has_include(<linux/if_packet.h>)
#define PS__HAS_PACKET_H 1
#else
#define PS__HAS_PACKET_H 0
#endif

#if !PS__IS_LINUX
#define PS__HAS_VSOCK_H 0
#elif !defined __has_include
#define PS__HAS_VSOCK_H 1
#elif __has_include(<linux/vm_sockets.h>)
#define PS__HAS_VSOCK_H 1
#else
#define PS__HAS_VSOCK_H 0
#endif

#if !PS__IS_LINUX
#define PS__HAS_CAN_H 0
#elif !defined __has_include
#define PS__HAS_CAN_H 1
#elif __has_include(<linux/can.h>)
#define PS__HAS_CAN_H 1
#else
#define PS__HAS_CAN_H 0
#endif

/* ---- address families other than inet, inet6, unix ------------------------------------------- */

#ifndef PS__HAVE_NETLINK
#define PS__HAVE_NETLINK PS__HAS_NETLINK_H
#endif

#ifndef PS__HAVE_TIPC
#define PS__HAVE_TIPC PS__HAS_TIPC_H
#endif

#ifndef PS__HAVE_PACKET
#define PS__HAVE_PACKET PS__HAS_PACKET_H
#endif

#ifndef PS__HAVE_VSOCK
#define PS__HAVE_VSOCK PS__HAS_VSOCK_H
#endif

#ifndef PS__HAVE_CAN
#define PS__HAVE_CAN PS__HAS_CAN_H
#endif

#ifndef PS__HAVE_AFUNIX_H /* struct sockaddr_un is in afunix.h */
#define PS__HAVE_AFUNIX_H PS__IS_WINDOWS
#endif

/* ---- interfaces and captures ----------------------------------------------------------------- */

#ifndef PS__HAVE_AF_LINK
#define PS__HAVE_AF_LINK PS__IS_BSD
#endif

#ifndef PS__HAVE_BPF /* /dev/bpf */
#define PS__HAVE_BPF PS__IS_BSD
#endif

#endif
