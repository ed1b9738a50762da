/* Where this system keeps struct sockaddr_un. */
#ifndef PS_UNIX_NATIVE_H
#define PS_UNIX_NATIVE_H

#include <winsock2.h>

#include <afunix.h>

/* The longest path that an address may have: here a NUL is behind it. */
enum { PS__UNIX_PATH_MAX = sizeof(((struct sockaddr_un *)0)->sun_path) - 1 };

#endif
