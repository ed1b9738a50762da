/*
 * Numbers other than Winsock's with which its calls may fail, and which have no row in
 * portsock/error.h or for the resolver. Winsock translates the NTSTATUS of a driver to a number of
 * its own. What bypasses that (overlapped completions, layered providers, a driver with statuses of
 * its own) yields the Win32 number of the status, which RtlNtStatusToDosError makes:
 * ERROR_SEM_TIMEOUT where Winsock has WSAETIMEDOUT. Sources: Microsoft, System Error Codes and
 * Windows Sockets Error Codes; libuv, src/win/error.c and winsock.c; Python, PC/errmap.h.
 */
#ifndef PS_SYSTEM_NUMBERS_H
#define PS_SYSTEM_NUMBERS_H

/* X(code, native), many to one. */
#define PS_SYSTEM_NUMBERS(X)                                               \
    /* connections and the network */                                      \
    X(PS_ECONNREFUSED, ERROR_REM_NOT_LIST)                                 \
    X(PS_ECONNREFUSED, ERROR_CONNECTION_REFUSED)                           \
    X(PS_ECONNREFUSED, ERROR_PORT_UNREACHABLE)                             \
    X(PS_ECONNRESET, ERROR_NETNAME_DELETED)                                \
    X(PS_ECONNABORTED, ERROR_CONNECTION_ABORTED)                           \
    X(PS_EDISCON, ERROR_GRACEFUL_DISCONNECT)                               \
    X(PS_ENOTCONN, ERROR_CONNECTION_INVALID)                               \
    X(PS_ENOTCONN, ERROR_NOT_CONNECTED)                                    \
    X(PS_EISCONN, ERROR_CONNECTION_ACTIVE)                                 \
    X(PS_ETIMEDOUT, ERROR_SEM_TIMEOUT)                                     \
    X(PS_ETIMEDOUT, WAIT_TIMEOUT)                                          \
    X(PS_ETIMEDOUT, ERROR_TIMEOUT)                                         \
    X(PS_EHOSTDOWN, ERROR_HOST_DOWN)                                       \
    X(PS_EHOSTUNREACH, ERROR_HOST_UNREACHABLE)                             \
    X(PS_ENETUNREACH, ERROR_BAD_NETPATH)                                   \
    X(PS_ENETUNREACH, ERROR_NETWORK_UNREACHABLE)                           \
    X(PS_ENETUNREACH, ERROR_PROTOCOL_UNREACHABLE) /* as Winsock does */    \
    X(PS_ENETDOWN, ERROR_NETWORK_BUSY)                                     \
    X(PS_ENETDOWN, ERROR_BAD_NET_RESP)                                     \
    X(PS_ENETDOWN, ERROR_UNEXP_NET_ERR)                                    \
    X(PS_ENETDOWN, ERROR_NO_NETWORK)                                       \
    X(PS_EADDRINUSE, ERROR_DUP_NAME)                                       \
    X(PS_EADDRINUSE, ERROR_TOO_MANY_NAMES)                                 \
    X(PS_EADDRINUSE, ERROR_ADDRESS_ALREADY_ASSOCIATED)                     \
    X(PS_EADDRNOTAVAIL, ERROR_INVALID_NETNAME)                             \
    X(PS_EADDRNOTAVAIL, ERROR_ADDRESS_NOT_ASSOCIATED)                      \
    X(PS_EADDRNOTAVAIL, ERROR_INCORRECT_ADDRESS)                           \
    X(PS_EMSGSIZE, ERROR_MORE_DATA)                                        \
    X(PS_EMSGSIZE, ERROR_INVALID_USER_BUFFER)                              \
    X(PS_EPIPE, ERROR_BAD_PIPE)                                            \
    X(PS_EPIPE, ERROR_NO_DATA)                                             \
    X(PS_EPIPE, ERROR_PIPE_NOT_CONNECTED)                                  \
    /* what ends a call: PS_ECANCELED would mean that a token was fired */ \
    X(PS_EINTR, ERROR_OPERATION_ABORTED)                                   \
    X(PS_EINTR, ERROR_REQUEST_ABORTED)                                     \
    X(PS_ECANCELED, ERROR_CANCELLED)                                       \
    X(PS_ECANCELED, WSAECANCELLED)                                         \
    /* arguments */                                                        \
    X(PS_EBADF, ERROR_INVALID_HANDLE)                                      \
    X(PS_EFAULT, ERROR_NOACCESS)                                           \
    X(PS_EFAULT, ERROR_INSUFFICIENT_BUFFER)                                \
    X(PS_EFAULT, ERROR_BUFFER_OVERFLOW)                                    \
    X(PS_EINVAL, ERROR_INVALID_DATA)                                       \
    X(PS_EINVAL, ERROR_INVALID_PARAMETER)                                  \
    X(PS_EINVAL, ERROR_INVALID_FLAGS)                                      \
    X(PS_EOPNOTSUPP, ERROR_INVALID_FUNCTION)                               \
    X(PS_EOPNOTSUPP, ERROR_NOT_SUPPORTED)                                  \
    /* permissions, memory, other resources */                             \
    X(PS_EPERM, ERROR_PRIVILEGE_NOT_HELD)                                  \
    X(PS_EACCES, ERROR_NETWORK_ACCESS_DENIED)                              \
    X(PS_EACCES, 740) /* ERROR_ELEVATION_REQUIRED, which MinGW lacks */    \
    X(PS_EACCES, ERROR_CANT_ACCESS_FILE)                                   \
    X(PS_ENOMEM, ERROR_OUTOFMEMORY)                                        \
    X(PS_ENOMEM, ERROR_COMMITMENT_LIMIT)                                   \
    X(PS_ENOBUFS, ERROR_NO_SYSTEM_RESOURCES)                               \
    X(PS_ENOBUFS, ERROR_NONPAGED_SYSTEM_RESOURCES)                         \
    X(PS_ENOBUFS, ERROR_PAGED_SYSTEM_RESOURCES)                            \
    X(PS_ENOBUFS, ERROR_WORKING_SET_QUOTA)                                 \
    X(PS_ENOBUFS, ERROR_PAGEFILE_QUOTA)                                    \
    X(PS_ENOBUFS, ERROR_NOT_ENOUGH_QUOTA)                                  \
    X(PS_EMFILE, ERROR_TOO_MANY_OPEN_FILES)                                \
    X(PS_EBUSY, ERROR_SHARING_VIOLATION)                                   \
    X(PS_EBUSY, ERROR_LOCK_VIOLATION)                                      \
    X(PS_EBUSY, ERROR_PIPE_BUSY)                                           \
    X(PS_EIO, ERROR_CRC)                                                   \
    X(PS_EIO, ERROR_OPEN_FAILED)                                           \
    X(PS_EIO, ERROR_IO_DEVICE)                                             \
    X(PS_EIO, WSASYSCALLFAILURE)                                           \
    /* providers that cannot be loaded */                                  \
    X(PS_ESYSNOTREADY, WSAEINVALIDPROCTABLE)                               \
    X(PS_ESYSNOTREADY, WSAEINVALIDPROVIDER)                                \
    X(PS_ESYSNOTREADY, WSAEPROVIDERFAILEDINIT)                             \
    /* the paths of AF_UNIX, and files */                                  \
    X(PS_ENOENT, ERROR_PATH_NOT_FOUND)                                     \
    X(PS_ENOENT, ERROR_INVALID_DRIVE)                                      \
    X(PS_ENOENT, ERROR_INVALID_NAME)                                       \
    X(PS_ENOENT, ERROR_MOD_NOT_FOUND)                                      \
    X(PS_ENOENT, ERROR_BAD_PATHNAME)                                       \
    X(PS_ENOENT, ERROR_NOT_FOUND)                                          \
    X(PS_EEXIST, ERROR_ALREADY_EXISTS)                                     \
    X(PS_ENOSPC, ERROR_HANDLE_DISK_FULL)                                   \
    X(PS_ENOTEMPTY, ERROR_DIR_NOT_EMPTY)                                   \
    X(PS_ENAMETOOLONG, ERROR_FILENAME_EXCED_RANGE)                         \
    X(PS_ELOOP, ERROR_CANT_RESOLVE_FILENAME)

/* The statuses for which Winsock's number has another meaning than Win32's: X(code, the lower half
 * of 0xC000xxxx). These are the codes of Winsock's. */
#define PS_STATUS_NUMBERS(X)                                       \
    X(PS_ECONNRESET, 0x013e)    /* STATUS_LINK_FAILED */           \
    X(PS_ETIMEDOUT, 0x013f)     /* STATUS_LINK_TIMEOUT */          \
    X(PS_ENOTCONN, 0x0140)      /* STATUS_INVALID_CONNECTION */    \
    X(PS_EADDRNOTAVAIL, 0x0141) /* STATUS_INVALID_ADDRESS */       \
    X(PS_EADDRNOTAVAIL, 0x0018) /* STATUS_CONFLICTING_ADDRESSES */ \
    X(PS_ENOBUFS, 0x013d)       /* STATUS_REMOTE_RESOURCES */      \
    X(PS_ECONNABORTED, 0x013b)  /* STATUS_LOCAL_DISCONNECT */      \
    X(PS_ECONNABORTED, 0x020f)  /* STATUS_TRANSACTION_ABORTED */   \
    X(PS_ENETDOWN, 0x000e)      /* STATUS_NO_SUCH_DEVICE */        \
    X(PS_ECONNRESET, 0xa012)    /* STATUS_HOPLIMIT_EXCEEDED */

#endif
