/*
 * portsock: sockets that behave the same on Windows and Unix.
 *
 * This is the header that an application includes. Every name of Python 2.7's socket module ("the reference") is here
 * with the prefix ps_; the constants keep their native names (AF_INET, SO_REUSEADDR, SIO_RCVALL), and a
 * constant that the platform lacks is not defined, so that #ifdef AF_UNIX is the test for support.
 *
 * On Windows it brings in <winsock2.h> and <ws2tcpip.h>. Include it before <windows.h>, or define
 * WIN32_LEAN_AND_MEAN, as for any Winsock 2 program.
 *
 * Conventions, in all headers:
 *   - A function returns 0 or a count (>= 0) on success, and a negative code on failure (see error.h).
 *   - Results are stored through out-parameters; after a failure they are closed or empty.
 *   - Text is UTF-8 and ends in NUL. Ports are in host byte order. Times are seconds in a double.
 *   - A closed socket gives PS_EBADF; a NULL pointer where none is allowed gives PS_EFAULT, and a
 *     missing address text PS_BAD_ADDRESS.
 *   - Every function may be called from any thread. socket.h says what two threads may do with one socket at
 *     the same time.
 */
#ifndef PORTSOCK_H
#define PORTSOCK_H

#define PS_VERSION_MAJOR 0
#define PS_VERSION_MINOR 1
#define PS_VERSION_PATCH 0

#include "portsock/platform.h"

#include "portsock/address.h"
#include "portsock/cancel.h"
#include "portsock/close.h"
#include "portsock/constants.h"
#include "portsock/error.h"
#include "portsock/failure.h"
#include "portsock/interface.h"
#include "portsock/message.h"
#include "portsock/names.h"
#include "portsock/poll.h"
#include "portsock/server.h"
#include "portsock/socket.h"
#include "portsock/stream.h"

#endif
