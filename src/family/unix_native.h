/* Where a system keeps struct sockaddr_un, which the public headers do without. */
#ifndef PS_UNIX_NATIVE_H
#define PS_UNIX_NATIVE_H

#include "config.h"

#include "portsock/address.h"

#if PS__HAVE_AFUNIX_H
#include <winsock2.h>

#include <afunix.h>
#else
#include <sys/un.h>
#endif

/* The longest path that an address may have. Windows wants a NUL behind it, other systems do
 * without. */
enum { PS__UNIX_PATH_MAX = sizeof(((struct sockaddr_un *)0)->sun_path) - PS__HAVE_AFUNIX_H };

/* Windows has no abstract names, and may return the address of a socket without a name at full
 * length, with only NULs in its path. This makes the unnamed address of that; elsewhere it is an
 * abstract name, and stays. */
void ps__unix_name_from_system(ps_addr *a);

#endif
