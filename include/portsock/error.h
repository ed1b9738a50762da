/**
 * @file
 * Errors: one list of codes, with the same value, name and text on every platform.
 *
 * A function of this library returns 0 or a count on success and a negative code on failure. Each
 * code has a kind: one for each exception of Python 2.7, and one for bad arguments. There is no
 * global "last error". A code is only a number; its name and text are looked up when the program
 * asks for them.
 *
 * The enumeration, the names, the texts, and the tables of both systems' native numbers are all
 * generated from the lists below, so that they cannot drift apart.
 */
#ifndef PORTSOCK_ERROR_H
#define PORTSOCK_ERROR_H

#include "platform.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Stands in a list for a number that a system does not have; no native number is negative. */
#define PS_ABSENT(number) (-(number))

/**
 * The codes of PS_KIND_OS, Python 2.7's socket.error with (errno, string): X(name, number,
 * Windows' number, text). The number is Linux's errno on every platform; from 150 on, what only
 * Winsock has.
 */
#define PS_OS_ERRORS(X)                                                                        \
    X(EPERM, 1, ERROR_ACCESS_DENIED, "operation not permitted")                                \
    X(ENOENT, 2, ERROR_FILE_NOT_FOUND, "no such file or directory")                            \
    X(ESRCH, 3, PS_ABSENT(3), "no such process")                                               \
    X(EINTR, 4, WSAEINTR, "interrupted")                                                       \
    X(EIO, 5, ERROR_GEN_FAILURE, "input/output error")                                         \
    X(ENXIO, 6, PS_ABSENT(6), "no such device or address")                                     \
    X(E2BIG, 7, PS_ABSENT(7), "argument list too long")                                        \
    X(EBADF, 9, WSAEBADF, "bad handle: the socket is closed")                                  \
    X(EWOULDBLOCK, 11, WSAEWOULDBLOCK, "the operation would block")                            \
    X(ENOMEM, 12, ERROR_NOT_ENOUGH_MEMORY, "out of memory")                                    \
    X(EACCES, 13, WSAEACCES, "permission denied")                                              \
    X(EFAULT, 14, WSAEFAULT, "bad pointer")                                                    \
    X(EBUSY, 16, ERROR_BUSY, "device or resource busy")                                        \
    X(EEXIST, 17, ERROR_FILE_EXISTS, "file exists")                                            \
    X(ENODEV, 19, ERROR_DEV_NOT_EXIST, "no such device")                                       \
    X(ENOTDIR, 20, ERROR_DIRECTORY, "not a directory")                                         \
    X(EISDIR, 21, PS_ABSENT(21), "is a directory")                                             \
    X(EINVAL, 22, WSAEINVAL, "invalid argument")                                               \
    X(ENFILE, 23, PS_ABSENT(23), "too many open files in the system")                          \
    X(EMFILE, 24, WSAEMFILE, "too many open sockets or files in the process")                  \
    X(ENOTTY, 25, PS_ABSENT(25), "control not known to this handle")                           \
    X(EFBIG, 27, PS_ABSENT(27), "file too large")                                              \
    X(ENOSPC, 28, ERROR_DISK_FULL, "no space left")                                            \
    X(ESPIPE, 29, PS_ABSENT(29), "illegal seek")                                               \
    X(EROFS, 30, ERROR_WRITE_PROTECT, "read-only file system")                                 \
    X(EPIPE, 32, ERROR_BROKEN_PIPE, "broken pipe: the sending side of the connection is gone") \
    X(EDOM, 33, PS_ABSENT(33), "argument out of domain")                                       \
    X(ERANGE, 34, PS_ABSENT(34), "result out of range")                                        \
    X(EDEADLK, 35, PS_ABSENT(35), "resource deadlock avoided")                                 \
    X(ENAMETOOLONG, 36, WSAENAMETOOLONG, "name too long")                                      \
    X(ENOSYS, 38, ERROR_CALL_NOT_IMPLEMENTED, "function not in this system")                   \
    X(ENOTEMPTY, 39, WSAENOTEMPTY, "directory not empty")                                      \
    X(ELOOP, 40, WSAELOOP, "too many levels of symbolic links")                                \
    X(ENOMSG, 42, PS_ABSENT(42), "no message of the desired type")                             \
    X(ENODATA, 61, PS_ABSENT(61), "no data available")                                         \
    X(ETIME, 62, PS_ABSENT(62), "timer expired")                                               \
    X(ENONET, 64, PS_ABSENT(64), "machine is not on the network")                              \
    X(EREMOTE, 66, WSAEREMOTE, "object is remote")                                             \
    X(ENOLINK, 67, PS_ABSENT(67), "link has been severed")                                     \
    X(ECOMM, 70, PS_ABSENT(70), "communication error on send")                                 \
    X(EPROTO, 71, PS_ABSENT(71), "protocol error")                                             \
    X(EBADMSG, 74, PS_ABSENT(74), "bad message")                                               \
    X(EOVERFLOW, 75, ERROR_ARITHMETIC_OVERFLOW, "value too large for its type")                \
    X(EILSEQ, 84, ERROR_NO_UNICODE_TRANSLATION, "text is not valid in its encoding")           \
    X(EUSERS, 87, WSAEUSERS, "too many users")                                                 \
    X(ENOTSOCK, 88, WSAENOTSOCK, "the handle is not a socket")                                 \
    X(EDESTADDRREQ, 89, WSAEDESTADDRREQ, "destination address required")                       \
    X(EMSGSIZE, 90, WSAEMSGSIZE, "message too long")                                           \
    X(EPROTOTYPE, 91, WSAEPROTOTYPE, "protocol wrong for this socket type")                    \
    X(ENOPROTOOPT, 92, WSAENOPROTOOPT, "option not known to this protocol")                    \
    X(EPROTONOSUPPORT, 93, WSAEPROTONOSUPPORT, "protocol not supported")                       \
    X(ESOCKTNOSUPPORT, 94, WSAESOCKTNOSUPPORT, "socket type not supported")                    \
    X(EOPNOTSUPP, 95, WSAEOPNOTSUPP, "operation not supported")                                \
    X(EPFNOSUPPORT, 96, WSAEPFNOSUPPORT, "protocol family not supported")                      \
    X(EAFNOSUPPORT, 97, WSAEAFNOSUPPORT, "address family not supported")                       \
    X(EADDRINUSE, 98, WSAEADDRINUSE, "address already in use")                                 \
    X(EADDRNOTAVAIL, 99, WSAEADDRNOTAVAIL, "address not available on this machine")            \
    X(ENETDOWN, 100, WSAENETDOWN, "network is down")                                           \
    X(ENETUNREACH, 101, WSAENETUNREACH, "network unreachable")                                 \
    X(ENETRESET, 102, WSAENETRESET, "connection dropped by the network")                       \
    X(ECONNABORTED, 103, WSAECONNABORTED, "connection aborted")                                \
    X(ECONNRESET, 104, WSAECONNRESET, "connection reset by peer")                              \
    X(ENOBUFS, 105, WSAENOBUFS, "no buffer space available")                                   \
    X(EISCONN, 106, WSAEISCONN, "socket is already connected")                                 \
    X(ENOTCONN, 107, WSAENOTCONN, "socket is not connected")                                   \
    X(ESHUTDOWN, 108, WSAESHUTDOWN, "socket has been shut down")                               \
    X(ETOOMANYREFS, 109, WSAETOOMANYREFS, "too many references")                               \
    X(ETIMEDOUT, 110, WSAETIMEDOUT, "connection timed out in the network")                     \
    X(ECONNREFUSED, 111, WSAECONNREFUSED, "connection refused")                                \
    X(EHOSTDOWN, 112, WSAEHOSTDOWN, "host is down")                                            \
    X(EHOSTUNREACH, 113, WSAEHOSTUNREACH, "host unreachable")                                  \
    X(EALREADY, 114, WSAEALREADY, "operation already in progress")                             \
    X(EINPROGRESS, 115, WSAEINPROGRESS, "operation in progress")                               \
    X(ESTALE, 116, WSAESTALE, "stale handle")                                                  \
    X(EREMOTEIO, 121, PS_ABSENT(121), "remote input/output error")                             \
    X(EDQUOT, 122, WSAEDQUOT, "quota exceeded")                                                \
    X(ECANCELED, 125, WSA_E_CANCELLED, "operation canceled")                                   \
    X(EOWNERDEAD, 130, PS_ABSENT(130), "owner died")                                           \
    X(EPROCLIM, 151, WSAEPROCLIM, "too many processes use Winsock")                            \
    X(ESYSNOTREADY, 152, WSASYSNOTREADY, "the network subsystem is not ready")                 \
    X(EVERNOTSUPPORTED, 153, WSAVERNOTSUPPORTED, "this version of Winsock is not supported")   \
    X(ENOTINITIALISED, 154, WSANOTINITIALISED, "Winsock has not been started")                 \
    X(EDISCON, 155, WSAEDISCON, "graceful shutdown in progress")

/** The codes of PS_KIND_GAI, Python 2.7's socket.gaierror: X(name, number, text). */
#define PS_GAI_ERRORS(X)                                                  \
    X(EAI_BADFLAGS, 201, "bad value for flags")                           \
    X(EAI_NONAME, 202, "name or service not known")                       \
    X(EAI_AGAIN, 203, "temporary failure in name resolution")             \
    X(EAI_FAIL, 204, "non-recoverable failure in name resolution")        \
    X(EAI_NODATA, 205, "no address associated with the name")             \
    X(EAI_FAMILY, 206, "address family not supported by name resolution") \
    X(EAI_SOCKTYPE, 207, "socket type not supported by name resolution")  \
    X(EAI_SERVICE, 208, "service not supported for this socket type")     \
    X(EAI_ADDRFAMILY, 209, "address family for the name not supported")   \
    X(EAI_MEMORY, 210, "out of memory in name resolution")                \
    X(EAI_SYSTEM, 211, "system error in name resolution")                 \
    X(EAI_OVERFLOW, 212, "buffer too small for the name")                 \
    X(EAI_BADHINTS, 213, "bad value for hints")                           \
    X(EAI_PROTOCOL, 214, "protocol not known to name resolution")         \
    X(EAI_IDN_ENCODE, 215, "host name cannot be encoded for the DNS")

/** The codes of PS_KIND_HOST, Python 2.7's socket.herror: X(name, number, text). */
#define PS_HOST_ERRORS(X)                         \
    X(HOST_NOT_FOUND, 301, "unknown host")        \
    X(TRY_AGAIN, 302, "host name lookup failure") \
    X(NO_RECOVERY, 303, "unknown server error")   \
    X(NO_DATA, 304, "no address associated with the host name")

/**
 * The codes of PS_KIND_ARGUMENT, a mistake of the caller, never an answer of the network: X(name,
 * number, text). The comment after each names the exception that Python 2.7 raises: socket.error
 * has a text alone there, also for PATH_TOO_LONG.
 */
#define PS_ARGUMENT_ERRORS(X)                                                                \
    X(BAD_PORT, 401, "port must be 0-65535")              /* OverflowError */                \
    X(BAD_FLOWINFO, 402, "flowinfo must be 0-1048575")    /* OverflowError */                \
    X(BAD_SCOPE, 403, "unknown scope: no such interface") /* socket.error */                 \
    X(BAD_ADDRESS, 404, "not a valid address text")       /* socket.error */                 \
    X(BAD_LENGTH, 405, "length out of range")             /* ValueError */                   \
    X(BAD_FAMILY, 406, "unknown or wrong address family") /* socket.error, TypeError */      \
    X(BAD_ADDR_TYPE, 407, "unknown TIPC address type")    /* TypeError */                    \
    X(PATH_TOO_LONG, 408, "AF_UNIX path too long: at most 107 bytes (103 on BSD and macOS)") \
    X(BAD_TIMEOUT, 409, "timeout value out of range")        /* ValueError */                \
    X(BAD_CONTROL, 410, "invalid ioctl command")             /* ValueError */                \
    X(NO_SERVICE, 411, "service/proto not found")            /* socket.error */              \
    X(NO_PROTOCOL, 412, "protocol not found")                /* socket.error */              \
    X(NO_CONSTANT, 413, "no such constant on this platform") /* AttributeError */            \
    X(BAD_FILTER, 414, "not a valid packet filter")          /* not in Python 2.7 */         \
    X(BAD_CAPTURE_FILE, 415, "not a capture file, or cut or malformed here") /* not there */

/** The codes: PS_ECONNREFUSED, PS_EAI_NONAME, PS_HOST_NOT_FOUND, PS_BAD_PORT, ... all negative. */
typedef enum ps_error {
/** @cond LISTS */
#define PS_OS_ROW(name, number, windows, text) PS_##name = -(number),
    PS_OS_ERRORS(PS_OS_ROW)
#undef PS_OS_ROW
#define PS_ROW(name, number, text) PS_##name = -(number),
        PS_GAI_ERRORS(PS_ROW) PS_HOST_ERRORS(PS_ROW) PS_ARGUMENT_ERRORS(PS_ROW)
#undef PS_ROW
    /** @endcond */

    /** The timeout of this library: Python 2.7's socket.timeout. The kernel's is PS_ETIMEDOUT. */
    PS_TIMED_OUT = -500,
    PS_EAGAIN = PS_EWOULDBLOCK, /**< another name of PS_EWOULDBLOCK */
    PS_ENOTSUP = PS_EOPNOTSUPP  /**< another name of PS_EOPNOTSUPP */
} ps_error;

/** The kind of a failure, named after the exception that Python 2.7 raises. */
typedef enum ps_kind {
    PS_KIND_NONE,    /**< not a failure: 0 or above */
    PS_KIND_OS,      /**< socket.error: the system refused or failed */
    PS_KIND_TIMEOUT, /**< socket.timeout */
    PS_KIND_GAI,     /**< socket.gaierror: getaddrinfo, getnameinfo */
    PS_KIND_HOST,    /**< socket.herror: gethostbyname_ex, gethostbyaddr */
    PS_KIND_ARGUMENT /**< TypeError, ValueError, OverflowError, or socket.error with a text alone */
} ps_kind;

/**
 * Returns the kind of a code. It depends on which interface of the system reported the error, not
 * on the native number, which may mean two things (11001 on Windows, 1 on Linux).
 *
 * @param code  any int
 * @return PS_KIND_NONE for 0 and above; every negative int has a kind, PS_KIND_OS if no other.
 * @threadsafety Any thread, and signal handlers.
 * @since 0.1
 * @source Python 2.7, the exceptions error, herror, gaierror and timeout.
 */
PS_API ps_kind ps_error_kind(int code);

/**
 * Returns the name of a code without the prefix PS_: "ECONNREFUSED", "EAI_NONAME", "TIMED_OUT",
 * "BAD_PORT".
 *
 * @param code  any int
 * @return static storage. 0 and above is "OK"; a native number that has no portable name is
 * "OS_ERROR", "EAI_ERROR" or "HOST_ERROR" (ps_error_native returns the number).
 * @threadsafety Any thread, and signal handlers.
 * @since 0.1
 * @source Python 2.7, errno.errorcode.
 */
PS_API const char *ps_error_name(int code);

/**
 * Returns what a code means, in a few English words that are the same on every platform:
 * "connection refused".
 *
 * @param code  any int
 * @return static storage, never NULL, one line, ASCII.
 * @threadsafety Any thread, and signal handlers.
 * @normalizes strerror and FormatMessage write in the user's language, and Winsock's codes have
 * no text in the C library.
 * @since 0.1
 * @source POSIX, strerror.
 */
PS_API const char *ps_strerror(int code);

/**
 * Returns this platform's own number for a code: errno on POSIX, WSAGetLastError on Windows,
 * EAI_* or h_errno for the resolver's kinds. An error of the system that has no portable name
 * keeps its number in the code, so nothing is lost.
 *
 * @param code  any int
 * @return the number, or 0 when this platform has none (PS_TIMED_OUT, the argument errors,
 * PS_EPROTO on Windows).
 * @threadsafety Any thread, and signal handlers.
 * @since 0.1
 * @source Python 2.7, the number in its exceptions.
 */
PS_API int ps_error_native(int code);

/**
 * Returns the code of a native number, for numbers that do not come from this library: the
 * inverse of ps_error_native.
 *
 * @param kind    PS_KIND_OS: an errno; on Windows a WSA or Win32 number (not the C library's
 *                errno). PS_KIND_GAI: an EAI number; on Windows a WSA number of the resolver.
 *                PS_KIND_HOST: an h_errno.
 * @param number  the number of a failure. For EAI_SYSTEM use errno with PS_KIND_OS instead. On
 *                Windows an NTSTATUS is taken, too.
 * @return the code, which keeps a number of up to 27 bits that has no portable name; 0 for the
 * number 0; or:
 * @retval PS_EINVAL  another kind
 * @threadsafety Any thread, and signal handlers.
 * @normalizes The same failure has other numbers on each system, and one number may mean two
 * things.
 * @since 0.1
 * @source POSIX, errno.h, netdb.h; Microsoft, Windows Sockets Error Codes.
 */
PS_API int ps_error_from_native(ps_kind kind, int number);

#ifdef __cplusplus
}
#endif

#endif
