#include "config.h"

#include "common/transfer/ancillary.h"

#include "common/backend.h"

#include <string.h>

size_t ps_cmsg_space(size_t n)
{
    return n < PTRDIFF_MAX / 2 ? ps__sys_control_space(n) : 0;
}

size_t ps_cmsg_len(size_t n)
{
    return n < PTRDIFF_MAX / 2 ? ps__sys_control_length(n) : 0;
}

size_t ps__control_write(void *buffer, size_t capacity, size_t offset, const ps_control *item)
{
    unsigned char *at = (unsigned char *)buffer + offset;
    size_t space = ps_cmsg_space(item->size);

    if (space == 0 || space > capacity - offset)
        return 0;
    ps__sys_control_put(at, item->level, item->type, item->size);
    if (item->size > 0)
        memcpy(at + ps__sys_control_length(0), item->data, item->size);
    return offset + space;
}

size_t ps__control_read(const void *buffer, size_t capacity, size_t offset, ps_control *item)
{
    const unsigned char *at = (const unsigned char *)buffer + offset;
    size_t header = ps__sys_control_length(0);
    size_t length, most;

    if (offset > capacity || capacity - offset < header)
        return 0;
    length = ps__sys_control_get(at, &item->level, &item->type);
    if (length < header)
        return 0;
    /* A last item that was cut has what fitted: handles in it are open. */
    most = capacity - offset;
    item->data = at + header;
    item->size = (length < most ? length : most) - header;
    return offset + ps__sys_control_space(item->size);
}

bool ps__control_has_handles(const ps_control *item)
{
    int level, type;

    return ps__sys_control_rights(&level, &type) && item->level == level && item->type == type;
}

void ps__control_close_handles(const ps_control *item, size_t first)
{
    for (size_t i = first; i < item->size / sizeof(ps_handle); i++) {
        ps_handle h;

        memcpy(&h, (const unsigned char *)item->data + i * sizeof h, sizeof h);
        ps__sys_close(h);
    }
}
