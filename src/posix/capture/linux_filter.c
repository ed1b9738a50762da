#include "config.h"

#if PS__HAVE_PACKET

#include "posix/capture/linux_filter.h"

/* The fields of the cooked header that the kernel knows, by offset and by the size of the load. */
static const struct {
    uint16_t code;
    uint32_t offset;
    int special;
} fields[] = {
    {PS__BPF_LD | PS__BPF_H | PS__BPF_ABS, 0, PS__FILTER_PROTOCOL},
    {PS__BPF_LD | PS__BPF_W | PS__BPF_ABS, 4, PS__FILTER_INTERFACE},
    {PS__BPF_LD | PS__BPF_H | PS__BPF_ABS, 8, PS__FILTER_HARDWARE_TYPE},
    {PS__BPF_LD | PS__BPF_B | PS__BPF_ABS, 10, PS__FILTER_PACKET_TYPE},
};

static bool rewrite_absolute(ps_filter_instruction *i)
{
    size_t n;

    if (i->operand >= (uint32_t)PS__FILTER_SPECIAL)
        return true;
    if (i->operand >= PS__COOKED2_LENGTH) {
        i->operand -= PS__COOKED2_LENGTH;
        return true;
    }
    for (n = 0; n < sizeof fields / sizeof fields[0]; n++) {
        if (fields[n].code == i->code && fields[n].offset == i->operand) {
            i->operand = (uint32_t)(PS__FILTER_SPECIAL + fields[n].special);
            return true;
        }
    }
    return false;
}

bool ps__filter_without_header(ps_filter_instruction *program, size_t count)
{
    size_t n;

    for (n = 0; n < count; n++) {
        ps_filter_instruction *i = &program[n];

        switch (i->code) {
        case PS__BPF_LD | PS__BPF_W | PS__BPF_ABS:
        case PS__BPF_LD | PS__BPF_H | PS__BPF_ABS:
        case PS__BPF_LD | PS__BPF_B | PS__BPF_ABS:
            if (!rewrite_absolute(i))
                return false;
            break;
        case PS__BPF_LD | PS__BPF_W | PS__BPF_IND:
        case PS__BPF_LD | PS__BPF_H | PS__BPF_IND:
        case PS__BPF_LD | PS__BPF_B | PS__BPF_IND:
        case PS__BPF_LDX | PS__BPF_B | PS__BPF_MSH:
            if (i->operand < PS__COOKED2_LENGTH)
                return false;
            i->operand -= PS__COOKED2_LENGTH;
            break;
        case PS__BPF_LD | PS__BPF_W | PS__BPF_LEN:
        case PS__BPF_LDX | PS__BPF_W | PS__BPF_LEN:
            return false;
        default:
            break;
        }
    }
    return true;
}

void ps__filter_limit(ps_filter_instruction *program, size_t count, uint32_t snap_length)
{
    size_t n;

    for (n = 0; n < count; n++) {
        if (program[n].code == (PS__BPF_RET | PS__BPF_K) && program[n].operand > snap_length)
            program[n].operand = snap_length;
    }
}

#endif
