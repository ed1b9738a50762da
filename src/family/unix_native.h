/* Where a system keeps struct sockaddr_un, which the public headers do without. */
#ifndef PS_UNIX_NATIVE_H
#define PS_UNIX_NATIVE_H

#include "config.h"

#if PS__HAVE_AFUNIX_H
#include <winsock2.h>

#include <afunix.h>
#else
#include <sys/un.h>
#endif

/* The longest path that an address may have. Windows wants a NUL behind it, other systems do
 * without. */
enum { PS__UNIX_PATH_MAX = sizeof(((struct sockaddr_un *)0)->sun_path) - PS__HAVE_AFUNIX_H };

#endif
