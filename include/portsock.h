/**
 * @file
 * portsock: sockets that behave the same on Windows and Unix.
 *
 * This is the header that an application includes. Every name of Python 2.7's socket module is
 * here with the prefix ps_; the constants keep their native names (AF_INET, SO_REUSEADDR,
 * SIO_RCVALL), and a constant that the platform lacks is not defined, so that "#ifdef AF_UNIX" is
 * the test for support.
 *
 * On Windows it brings in <winsock2.h> and <ws2tcpip.h>. Include it before <windows.h>, or define
 * WIN32_LEAN_AND_MEAN, as for any Winsock 2 program.
 *
 * Conventions, in all headers (docs/conventions.md has them with their exceptions):
 *   - A function returns 0 or a count (>= 0) on success, and a negative code on failure
 *     (error.h).
 *   - What returns the next of several things returns 1: there is one; 0: the end; or a code.
 *   - What writes a text returns 0 or a code. A text ends in NUL; one that does not fit is
 *     PS_BAD_LENGTH, and the buffer is then "".
 *   - Results are stored through pointers; after a failure they are closed or cleared.
 *   - Arguments: the object first, then inputs, a timeout before a token, then outputs. A buffer
 *     and its size are `buf, n`, an array and its length `things, count`.
 *   - What sets and gets a property is ps_setX and ps_getX, ps_file_setX, ps_capture_setX.
 *   - A struct that a program fills has an _INIT macro, which sets its first member, its size: a
 *     later version may add members. A struct that stands in arrays is frozen, and says so.
 *   - Text is UTF-8. Ports are in host byte order. Times are seconds in a double.
 *   - A closed socket is PS_EBADF; a NULL pointer where none is allowed is PS_EFAULT, and a
 *     missing address text PS_BAD_ADDRESS.
 *   - Every function may be called from any thread. At each stands what threads may do with one
 *     object at the same time.
 */
#ifndef PORTSOCK_H
#define PORTSOCK_H

/** The major version; below 1 a minor version may change the interface. */
#define PS_VERSION_MAJOR 0

/** The minor version. */
#define PS_VERSION_MINOR 1

/** The patch. */
#define PS_VERSION_PATCH 0

#include "portsock/platform.h"

#include "portsock/address.h"
#include "portsock/batch.h"
#include "portsock/cancel.h"
#include "portsock/close.h"
#include "portsock/constants.h"
#include "portsock/error.h"
#include "portsock/failure.h"
#include "portsock/interface.h"
#include "portsock/message.h"
#include "portsock/names.h"
#include "portsock/option.h"
#include "portsock/poll.h"
#include "portsock/poller.h"
#include "portsock/sendfile.h"
#include "portsock/server.h"
#include "portsock/socket.h"
#include "portsock/stream.h"
#include "portsock/timeout.h"

#endif
