/* Where this system keeps struct sockaddr_un. */
#ifndef PS_UNIX_NATIVE_H
#define PS_UNIX_NATIVE_H

#include <winsock2.h>

#include <afunix.h>

#endif
