#include "config.h"

#include "common/option/multicast.h"

#include <string.h>

/* The sizes of an address, of struct ip_mreq (group, address), and of struct ip_mreqn (group,
 * address, index). */
enum { ADDRESS_SIZE = 4, REQUEST_SIZE = 8, LONG_REQUEST_SIZE = 12 };

/* Of an address alone, without a group, is only IP_MULTICAST_IF. */
static bool is_of_an_interface(int name, socklen_t size)
{
    return size == REQUEST_SIZE || size == LONG_REQUEST_SIZE ||
           (size == ADDRESS_SIZE && name == IP_MULTICAST_IF);
}

/* No interface has an address in 0.0.0.0/8: it is an index in network byte order. */
static void read_index(ps__multicast_request *request)
{
    const unsigned char *a = request->address;

    if (request->index == 0 && a[0] == 0)
        request->index = (unsigned)a[1] << 16 | (unsigned)a[2] << 8 | a[3];
}

static ps__multicast_request read_request(const unsigned char *value, socklen_t size)
{
    ps__multicast_request request = {{0}, {0}, 0};
    int index = 0;

    if (size > ADDRESS_SIZE) {
        memcpy(request.group, value, ADDRESS_SIZE);
        value += ADDRESS_SIZE;
    }
    memcpy(request.address, value, ADDRESS_SIZE);
    if (size == LONG_REQUEST_SIZE)
        memcpy(&index, value + ADDRESS_SIZE, sizeof index);
    request.index = (unsigned)index;
    read_index(&request);
    return request;
}

int ps__multicast_set(ps_sock *s, const ps__option *option, const void *value, socklen_t size)
{
    ps__multicast_request request;

    if (!is_of_an_interface(option->name, size))
        return ps__sys_setsockopt(s->handle, option->level, option->name, value, size);
    request = read_request(value, size);
    return ps__sys_multicast(s->handle, option->name, &request);
}
