#include "script.h"

/* Ancillary data of this system: FAKE_INFO_LEVEL, with the field as type and a number; and
 * FAKE_SIZE_LEVEL, with the size of one datagram. */

static size_t size_of(const ps__message *messages, size_t count)
{
    size_t size = 0;

    for (size_t i = 0; i < count; i++) {
        for (size_t k = 0; k < messages[i].count; k++)
            size += messages[i].buffers[k].size;
    }
    return size;
}

/* `value` is how many messages there are, `size` how many bytes they have together. */
ptrdiff_t ps__sys_sendmany(ps_handle h, const ps__message *messages, size_t count)
{
    const fake_step *step = fake_take(SYS_SENDMANY, h);

    fake_same_int(step, "the messages", step->value, (int)count);
    fake_same_size(step, size_of(messages, count));
    fake_same_int(step, "flags", step->flags, messages[0].flags);
    return step->result;
}

/* `number` is the size of each that comes, all with the step's ancillary data. */
ptrdiff_t ps__sys_recvmany(ps_handle h, ps__message *messages, size_t count, ptrdiff_t *sizes)
{
    const fake_step *step = fake_take(SYS_RECVMANY, h);

    fake_same_int(step, "the messages", step->value, (int)count);
    fake_same_int(step, "flags", step->flags, messages[0].flags);
    for (ptrdiff_t i = 0; i < step->result; i++) {
        sizes[i] = step->number;
        memset(messages[i].buffers[0].data, 'a' + (int)i, (size_t)step->number);
        fake_give_controls(step, &messages[i]);
        messages[i].flags = step->says;
        fake_give_address(step, messages[i].from);
    }
    return step->result;
}

bool ps__sys_can_segment(ps_handle h)
{
    return fake_take(SYS_CAN_SEGMENT, h)->result != 0;
}

static void make_item(ps_control *item, int level, int type, ps__control_data *data, int number)
{
    memcpy(data->bytes, &number, sizeof number);
    *item = (ps_control){level, type, data->bytes, sizeof number};
}

void ps__sys_segment_item(size_t size, ps__control_data *data, ps_control *item)
{
    make_item(item, FAKE_SIZE_LEVEL, 1, data, (int)size);
}

int ps__sys_coalesce(ps_handle h)
{
    return (int)fake_take(SYS_COALESCE, h)->result;
}

static int number_in(const ps_control *item)
{
    int number;

    ck_assert_uint_eq(item->size, sizeof number);
    memcpy(&number, item->data, sizeof number);
    return number;
}

size_t ps__sys_coalesced_size(const ps_control *item)
{
    return item->level == FAKE_SIZE_LEVEL ? (size_t)number_in(item) : 0;
}

int ps__sys_report_info(ps_handle h, int family, unsigned field, bool on)
{
    const fake_step *step = fake_take(SYS_REPORT_INFO, h);

    fake_same_int(step, "family", step->family, family);
    fake_same_int(step, "field", step->name, (int)field);
    fake_same_switch(step, on);
    return (int)step->result;
}

void ps__sys_read_info(const ps_control *item, ps_receive_info *info)
{
    if (item->level != FAKE_INFO_LEVEL)
        return;
    info->fields |= (unsigned)item->type;
    if (item->type == PS_INFO_TTL)
        info->ttl = number_in(item);
    else
        info->tos = number_in(item);
}

/* It has no TOS and no interface below 0. A source of IPv6 is the item; of one of IPv4 only the
 * interface is. */
bool ps__sys_info_item(int family, unsigned field, const ps_receive_info *info,
                       ps__control_data *data, ps_control *item)
{
    int number = field == PS_INFO_TTL ? info->ttl : info->tos;

    (void)family;
    if (field == PS_INFO_DESTINATION && ps_addr_family(&info->destination) == AF_INET6) {
        memcpy(data->bytes, &info->destination.in6.sin6_addr, 16);
        *item = (ps_control){FAKE_INFO_LEVEL, (int)field, data->bytes, 16};
        return true;
    }
    if (field == PS_INFO_DESTINATION)
        number = (int)info->interface_index;
    make_item(item, FAKE_INFO_LEVEL, (int)field, data, number);
    return number >= 0;
}
