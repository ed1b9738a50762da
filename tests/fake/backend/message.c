#include "script.h"

/* Ancillary data of this system: a header, the data, and padding to a multiple of 8 bytes. */
typedef struct header {
    size_t length; /* of header and data */
    int level;
    int type;
} header;

enum { RIGHTS_LEVEL = 1000, RIGHTS_TYPE = 1 };

static bool has_rights = true;

void fake_set_rights(bool on)
{
    has_rights = on;
}

size_t ps__sys_control_space(size_t size)
{
    return sizeof(header) + (size + 7) / 8 * 8;
}

size_t ps__sys_control_length(size_t size)
{
    return sizeof(header) + size;
}

bool ps__sys_control_rights(int *level, int *type)
{
    *level = RIGHTS_LEVEL;
    *type = RIGHTS_TYPE;
    return has_rights;
}

size_t ps__sys_control_write(void *room, size_t room_size, size_t offset, const ps_control *item)
{
    header head = {ps__sys_control_length(item->size), item->level, item->type};
    unsigned char *to = (unsigned char *)room + offset;

    if (ps__sys_control_space(item->size) > room_size - offset)
        return 0;
    memcpy(to, &head, sizeof head);
    if (item->size > 0)
        memcpy(to + sizeof head, item->data, item->size);
    return offset + ps__sys_control_space(item->size);
}

size_t ps__sys_control_read(const void *room, size_t room_size, size_t offset, ps_control *item)
{
    const unsigned char *from = (const unsigned char *)room + offset;
    header head;

    if (room_size - offset < sizeof head)
        return 0;
    memcpy(&head, from, sizeof head);
    item->level = head.level;
    item->type = head.type;
    item->data = from + sizeof head;
    item->size = head.length - sizeof head;
    return offset + ps__sys_control_space(item->size);
}

static size_t size_of(const ps__message *message)
{
    size_t size = 0;

    for (size_t i = 0; i < message->count; i++)
        size += message->buffers[i].size;
    return size;
}

ptrdiff_t ps__sys_sendmsg(ps_handle h, const ps__message *message)
{
    const fake_step *step = fake_take(SYS_SENDMSG, h);
    size_t offset = 0;
    ps_control item;

    fake_same_size(step, size_of(message));
    fake_same_int(step, "flags", step->flags, message->flags);
    if (message->to)
        fake_same_address(step, message->to);
    for (size_t i = 0; i < step->control_count; i++) {
        offset = ps__sys_control_read(message->control, message->control_size, offset, &item);
        if (offset == 0)
            fake_fail(step, "%d items of ancillary data, expected %d", (int)i, (int)step->control_count);
        fake_same_int(step, "the item's type", step->controls[i].type, item.type);
    }
    return step->result;
}

/* Scatters the step's bytes. */
static void fill_buffers(const fake_step *step, const ps__message *message)
{
    size_t left = step->data && step->result > 0 ? (size_t)step->result : 0;
    const char *data = step->data;

    for (size_t i = 0; i < message->count && left > 0; i++) {
        size_t size = message->buffers[i].size < left ? message->buffers[i].size : left;

        if (size > 0)
            memcpy(message->buffers[i].data, data, size);
        data += size;
        left -= size;
    }
}

static size_t put_control(const fake_step *step, const ps__message *message, size_t offset, const ps_control *item)
{
    offset = ps__sys_control_write(message->control, message->control_size, offset, item);
    if (offset == 0)
        fake_fail(step, "the room is too small for the script's ancillary data");
    return offset;
}

static void give_controls(const fake_step *step, ps__message *message)
{
    ps_handle handles[256];
    ps_control item = {RIGHTS_LEVEL, RIGHTS_TYPE, handles, step->rights * sizeof *handles};
    size_t offset = 0;

    for (size_t i = 0; i < step->control_count; i++)
        offset = put_control(step, message, offset, &step->controls[i]);
    for (size_t i = 0; i < step->rights; i++)
        handles[i] = fake_open();
    if (step->rights > 0)
        offset = put_control(step, message, offset, &item);
    message->control_size = offset;
}

ptrdiff_t ps__sys_recvmsg(ps_handle h, ps__message *message)
{
    const fake_step *step = fake_take(SYS_RECVMSG, h);

    fake_same_size(step, size_of(message));
    fake_same_int(step, "flags", step->flags, message->flags);
    /* As real systems do, this one changes what it was given also when it fails. */
    message->flags = step->says;
    if (step->result < 0) {
        message->control_size = 0;
        return step->result;
    }
    fill_buffers(step, message);
    give_controls(step, message);
    if (message->from)
        fake_give_address(step, message->from);
    return step->result;
}

int ps__sys_peer_credentials(ps_handle h, ps_credentials *credentials)
{
    const fake_step *step = fake_take(SYS_PEER_CREDENTIALS, h);

    if (step->result == 0)
        *credentials = step->credentials;
    return (int)step->result;
}

int ps__sys_share(ps_handle h, unsigned long pid, void *blob, size_t *size)
{
    const fake_step *step = fake_take(SYS_SHARE, h);

    fake_same_int(step, "pid", step->value, (int)pid);
    if (step->result == 0) {
        memset(blob, 'b', *size);
        *size = step->size;
    }
    return (int)step->result;
}

int ps__sys_from_share(const void *blob, size_t size, ps_handle *h, int *family, int *type, int *proto)
{
    const fake_step *step = fake_take_free(SYS_FROM_SHARE);

    (void)blob;
    fake_same_size(step, size);
    if (step->result == 0) {
        *h = fake_open();
        *family = step->family;
        *type = step->type;
        *proto = step->proto;
    }
    return (int)step->result;
}
