/* Shared by this backend's lookups of hosts: blocking, and overlapped. */
#ifndef PS_RESOLVE_H
#define PS_RESOLVE_H

#include "common/resolve/in_thread.h"

/* Passes on an address if it is an inet or inet6 one; `name` is its canonical name, or NULL.
 * Returns what the sink returns, or 0. */
int ps__report_address(const struct sockaddr *address, size_t size, const wchar_t *name,
                       ps__address_sink sink, void *context);

/* ps__overlapped_start's result when GetAddrInfoExW refuses to look up in the background; a lookup
 * in a thread may succeed. */
#define PS__NOT_OVERLAPPED 1

/* As ps__sys_resolve_start and ps__sys_resolve_leave, in threads of Windows. Winsock must have been
 * started. */
int ps__overlapped_start(const ps__resolve_request *request, void **resolving);
void ps__overlapped_leave(void *resolving);

#endif
