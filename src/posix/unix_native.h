/* Where this system keeps struct sockaddr_un, which the public headers do without. */
#ifndef PS_UNIX_NATIVE_H
#define PS_UNIX_NATIVE_H

#include <sys/socket.h>
#include <sys/un.h>

/* The longest path that an address may have: these systems do without a NUL behind it. */
enum { PS__UNIX_PATH_MAX = sizeof(((struct sockaddr_un *)0)->sun_path) };

#endif
