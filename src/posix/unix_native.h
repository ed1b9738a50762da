/* Where this system keeps struct sockaddr_un, which the public headers do without. */
#ifndef PS_UNIX_NATIVE_H
#define PS_UNIX_NATIVE_H

#include <sys/socket.h>
#include <sys/un.h>

#endif
