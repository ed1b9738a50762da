/* Layered service providers, which stand between Winsock and Windows' own providers. */
#ifndef PS_PROVIDER_H
#define PS_PROVIDER_H

#include "common/backend.h"

/* The handle that AFD knows for the socket: another one than `h` if a layered provider made `h`. */
ps_handle ps__base_handle(ps_handle h);

/* Whether a layered provider makes the sockets of a family and type, with handles of its own: then
 * CancelIoEx does not reach the calls on them. */
bool ps__is_layered(int family, int type);

#endif
