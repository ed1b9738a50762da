/* Waits for sockets by a request to AFD, the driver under all of Windows' own providers. */
#ifndef PS_AFD_H
#define PS_AFD_H

#include "win32/waiting.h"

/* The driver cannot be opened, or refuses one of the sockets. Not a public code. */
#define PS__NO_AFD (-502)

/* As ps__sys_wait, for the entries that are sockets; ps__waiting_wake ends it early. The `ready` of
 * other entries becomes 0. Returns PS__NO_AFD where ps__select_wait has to do it. */
int ps__afd_wait(const ps__waiting *w, ps__wait_entry *entries, size_t count, int64_t nanoseconds);

/* ---- one socket, on a completion port -------------------------------------------------------- */

/* A request for one socket, which completes on the port of its driver handle. It MUST stay where it
 * is until then. */
typedef struct ps__afd_request {
    OVERLAPPED block; /* first: what the port reports is its address */
    int events;
    struct {
        LARGE_INTEGER timeout;
        ULONG count;
        ULONG exclusive;
        struct {
            HANDLE handle;
            ULONG events;
            LONG status;
        } socket;
    } poll;
} ps__afd_request;

/* Another handle of the driver; NULL: it cannot be opened. */
HANDLE ps__afd_open(void);

/* Begins a request. 0: it will complete; PS_EBADF, PS_ENOTSOCK; PS_EOPNOTSUPP: the driver refuses
 * the socket. */
int ps__afd_begin(HANDLE driver, ps__afd_request *request, ps_handle h, int events);

/* Ends it early: it completes soon. */
void ps__afd_cancel(HANDLE driver, ps__afd_request *request);

/* What a request that has completed has found; 0: nothing. */
int ps__afd_ready(const ps__afd_request *request);

#endif
