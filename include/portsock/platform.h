/**
 * @file
 * The one place of the public headers that asks which platform this is: it brings in the system's
 * own socket headers, and defines ps_handle, PS_INVALID_HANDLE and PS_API.
 */
#ifndef PORTSOCK_PLATFORM_H
#define PORTSOCK_PLATFORM_H

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef _WIN32
#include "platform_windows.h"
#else
#include "platform_posix.h"
#endif

/** What stands before each function: it is the library's, which programs import. */
#ifdef PS_BUILDING
#define PS_API PS_EXPORT
#else
#define PS_API PS_IMPORT
#endif

/*
 * Python 2.7 defines these wherever it runs; a system header that lacks one gets the usual value.
 * Their meaning is the system's, whose documentation describes them.
 */
/** @cond NATIVE */
#ifndef SOL_IP
#define SOL_IP 0
#endif
#ifndef SOL_TCP
#define SOL_TCP 6
#endif
#ifndef SOL_UDP
#define SOL_UDP 17
#endif
#ifndef IPPORT_RESERVED
#define IPPORT_RESERVED 1024
#endif
#ifndef IPPORT_USERRESERVED
#define IPPORT_USERRESERVED 5000
#endif
#ifndef INADDR_UNSPEC_GROUP
#define INADDR_UNSPEC_GROUP ((uint32_t)0xe0000000)
#endif
#ifndef INADDR_ALLHOSTS_GROUP
#define INADDR_ALLHOSTS_GROUP ((uint32_t)0xe0000001)
#endif
#ifndef INADDR_MAX_LOCAL_GROUP
#define INADDR_MAX_LOCAL_GROUP ((uint32_t)0xe00000ff)
#endif
#ifndef INADDR_NONE
#define INADDR_NONE ((uint32_t)0xffffffff)
#endif
/** @endcond */

#endif
