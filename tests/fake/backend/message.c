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

void ps__sys_control_put(void *at, int level, int type, size_t size)
{
    header head = {ps__sys_control_length(size), level, type};

    memcpy(at, &head, sizeof head);
}

size_t ps__sys_control_get(const void *at, int *level, int *type)
{
    header head;

    memcpy(&head, at, sizeof head);
    *level = head.level;
    *type = head.type;
    return head.length;
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

    fake_same_size(step, size_of(message));
    fake_same_int(step, "flags", step->flags, message->flags);
    if (message->to)
        fake_same_address(step, message->to);
    for (size_t i = 0; i < step->control_count; i++) {
        const ps_control *expected = &step->controls[i];
        int level, type;

        if (offset + ps__sys_control_length(expected->size) > message->control_size)
            fake_fail(step, "%d items of ancillary data, expected %d", (int)i,
                      (int)step->control_count);
        if (ps__sys_control_get((char *)message->control + offset, &level, &type) !=
            ps__sys_control_length(expected->size))
            fake_fail(step, "item %d of ancillary data has another length", (int)i);
        fake_same_int(step, "the item's type", expected->type, type);
        offset += ps__sys_control_space(expected->size);
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

/* An item that does not fit is cut, and so is a message's list of items. */
static size_t put_control(const ps__message *message, size_t offset, const ps_control *item)
{
    size_t left = message->control_size - offset;
    size_t length = ps__sys_control_length(item->size);
    char *at = (char *)message->control + offset;

    if (left < sizeof(header))
        return offset;
    ps__sys_control_put(at, item->level, item->type, item->size);
    if (item->size > 0)
        memcpy(at + sizeof(header), item->data, (length < left ? length : left) - sizeof(header));
    return offset + (length < left ? ps__sys_control_space(item->size) : left);
}

void fake_give_controls(const fake_step *step, ps__message *message)
{
    ps_handle handles[256];
    ps_control item = {RIGHTS_LEVEL, RIGHTS_TYPE, handles, step->rights * sizeof *handles};
    size_t offset = 0;

    for (size_t i = 0; i < step->control_count; i++)
        offset = put_control(message, offset, &step->controls[i]);
    for (size_t i = 0; i < step->rights; i++)
        handles[i] = fake_open();
    if (step->rights > 0)
        offset = put_control(message, offset, &item);
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
    fake_give_controls(step, message);
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

int ps__sys_from_share(const void *blob, size_t size, ps_handle *h, int *family, int *type,
                       int *proto)
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
