/* Far ends in the workload's own process: the system's calls on a plain handle. */
#include "workload.h"

#ifdef _WIN32
#define COUNT int
#else
#include <sys/socket.h>
#define COUNT size_t
#endif

void far_send(peer_handle handle, const void *data, size_t size)
{
    require(send(handle, data, (COUNT)size, 0) == (long)size, "send of the far end");
}

void far_receive(peer_handle handle, void *data, size_t size)
{
    size_t got = 0;

    while (got < size) {
        long n = (long)recv(handle, (char *)data + got, (COUNT)(size - got), 0);
        require(n > 0, "recv of the far end");
        got += (size_t)n;
    }
}
