#include "config.h"

#include "capture/filter/run.h"

#include "portsock/error.h"

/* ---- checking -------------------------------------------------------------------------------- */

static bool is_known(uint16_t code)
{
    switch (code) {
    case PS__BPF_LD | PS__BPF_W | PS__BPF_ABS:
    case PS__BPF_LD | PS__BPF_H | PS__BPF_ABS:
    case PS__BPF_LD | PS__BPF_B | PS__BPF_ABS:
    case PS__BPF_LD | PS__BPF_W | PS__BPF_IND:
    case PS__BPF_LD | PS__BPF_H | PS__BPF_IND:
    case PS__BPF_LD | PS__BPF_B | PS__BPF_IND:
    case PS__BPF_LD | PS__BPF_W | PS__BPF_LEN:
    case PS__BPF_LD | PS__BPF_IMM:
    case PS__BPF_LD | PS__BPF_MEM:
    case PS__BPF_LDX | PS__BPF_W | PS__BPF_LEN:
    case PS__BPF_LDX | PS__BPF_IMM:
    case PS__BPF_LDX | PS__BPF_MEM:
    case PS__BPF_LDX | PS__BPF_B | PS__BPF_MSH:
    case PS__BPF_ST:
    case PS__BPF_STX:
    case PS__BPF_ALU | PS__BPF_ADD | PS__BPF_K:
    case PS__BPF_ALU | PS__BPF_ADD | PS__BPF_X:
    case PS__BPF_ALU | PS__BPF_SUB | PS__BPF_K:
    case PS__BPF_ALU | PS__BPF_SUB | PS__BPF_X:
    case PS__BPF_ALU | PS__BPF_MUL | PS__BPF_K:
    case PS__BPF_ALU | PS__BPF_MUL | PS__BPF_X:
    case PS__BPF_ALU | PS__BPF_DIV | PS__BPF_K:
    case PS__BPF_ALU | PS__BPF_DIV | PS__BPF_X:
    case PS__BPF_ALU | PS__BPF_MOD | PS__BPF_K:
    case PS__BPF_ALU | PS__BPF_MOD | PS__BPF_X:
    case PS__BPF_ALU | PS__BPF_OR | PS__BPF_K:
    case PS__BPF_ALU | PS__BPF_OR | PS__BPF_X:
    case PS__BPF_ALU | PS__BPF_AND | PS__BPF_K:
    case PS__BPF_ALU | PS__BPF_AND | PS__BPF_X:
    case PS__BPF_ALU | PS__BPF_XOR | PS__BPF_K:
    case PS__BPF_ALU | PS__BPF_XOR | PS__BPF_X:
    case PS__BPF_ALU | PS__BPF_LSH | PS__BPF_K:
    case PS__BPF_ALU | PS__BPF_LSH | PS__BPF_X:
    case PS__BPF_ALU | PS__BPF_RSH | PS__BPF_K:
    case PS__BPF_ALU | PS__BPF_RSH | PS__BPF_X:
    case PS__BPF_ALU | PS__BPF_NEG:
    case PS__BPF_JMP | PS__BPF_JA:
    case PS__BPF_JMP | PS__BPF_JEQ | PS__BPF_K:
    case PS__BPF_JMP | PS__BPF_JEQ | PS__BPF_X:
    case PS__BPF_JMP | PS__BPF_JGT | PS__BPF_K:
    case PS__BPF_JMP | PS__BPF_JGT | PS__BPF_X:
    case PS__BPF_JMP | PS__BPF_JGE | PS__BPF_K:
    case PS__BPF_JMP | PS__BPF_JGE | PS__BPF_X:
    case PS__BPF_JMP | PS__BPF_JSET | PS__BPF_K:
    case PS__BPF_JMP | PS__BPF_JSET | PS__BPF_X:
    case PS__BPF_RET | PS__BPF_K:
    case PS__BPF_RET | PS__BPF_A:
    case PS__BPF_MISC | PS__BPF_TAX:
    case PS__BPF_MISC | PS__BPF_TXA:
        return true;
    default:
        return false;
    }
}

/* Whether a known instruction's jump, in a program that goes on for `left` instructions behind
 * it, stays inside. */
static bool jump_stays_inside(const ps_filter_instruction *i, size_t left)
{
    if ((i->code & PS__BPF_CLASS) != PS__BPF_JMP)
        return true;
    if (i->code == (PS__BPF_JMP | PS__BPF_JA))
        return i->operand < left;
    return i->jump_true < left && i->jump_false < left;
}

static bool operand_is_valid(const ps_filter_instruction *i)
{
    switch (i->code) {
    case PS__BPF_ALU | PS__BPF_DIV | PS__BPF_K:
    case PS__BPF_ALU | PS__BPF_MOD | PS__BPF_K:
        return i->operand != 0;
    case PS__BPF_ALU | PS__BPF_LSH | PS__BPF_K:
    case PS__BPF_ALU | PS__BPF_RSH | PS__BPF_K:
        return i->operand < 32;
    case PS__BPF_LD | PS__BPF_MEM:
    case PS__BPF_LDX | PS__BPF_MEM:
    case PS__BPF_ST:
    case PS__BPF_STX:
        return i->operand < PS__BPF_MEMORY;
    default:
        return true;
    }
}

/*
 * Whether no word of the scratch memory is read before it is written, on any path through the
 * program: `written` has, at each instruction, what was written on every path to it. Jumps lead
 * forward, so one pass is enough. As on Linux, instructions behind a return count as reached.
 */
static bool reads_what_was_written(const ps_filter_instruction *program, size_t count)
{
    uint16_t written[PS_FILTER_MAX];
    size_t i;

    for (i = 0; i < count; i++)
        written[i] = UINT16_MAX;
    written[0] = 0;
    for (i = 0; i < count; i++) {
        const ps_filter_instruction *now = &program[i];
        uint16_t after = written[i];
        size_t last = count - 1, next = i < last ? i + 1 : last;

        switch (now->code) {
        case PS__BPF_ST:
        case PS__BPF_STX:
            after = (uint16_t)(after | 1U << now->operand);
            break;
        case PS__BPF_LD | PS__BPF_MEM:
        case PS__BPF_LDX | PS__BPF_MEM:
            if (!(after >> now->operand & 1))
                return false;
            break;
        default:
            break;
        }
        if (now->code == (PS__BPF_JMP | PS__BPF_JA)) {
            written[i + 1 + now->operand] &= after;
        } else if ((now->code & PS__BPF_CLASS) == PS__BPF_JMP) {
            written[i + 1 + now->jump_true] &= after;
            written[i + 1 + now->jump_false] &= after;
        } else {
            written[next] &= after;
        }
    }
    return true;
}

int ps_filter_check(const ps_filter_instruction *program, size_t count)
{
    size_t i;

    if (count == 0 || count > PS_FILTER_MAX)
        return PS_BAD_FILTER;
    if (!program)
        return PS_EFAULT;
    for (i = 0; i < count; i++) {
        if (!is_known(program[i].code) || !operand_is_valid(&program[i]) ||
            !jump_stays_inside(&program[i], count - i - 1))
            return PS_BAD_FILTER;
    }
    if ((program[count - 1].code & PS__BPF_CLASS) != PS__BPF_RET)
        return PS_BAD_FILTER;
    return reads_what_was_written(program, count) ? 0 : PS_BAD_FILTER;
}

/* ---- running --------------------------------------------------------------------------------- */

typedef struct packet {
    const unsigned char *data;
    size_t length;
    const ps__filter_facts *facts;
} packet;

static bool load_special(const packet *p, uint32_t offset, uint32_t *value)
{
    if (!p->facts) { /* a tag is in the packet */
        *value = 0;
        return offset == (uint32_t)(PS__FILTER_SPECIAL + PS__FILTER_VLAN_TAG_PRESENT);
    }
    switch (offset - (uint32_t)PS__FILTER_SPECIAL) {
    case PS__FILTER_PROTOCOL:
        *value = p->facts->protocol;
        return true;
    case PS__FILTER_PACKET_TYPE:
        *value = p->facts->packet_type;
        return true;
    case PS__FILTER_INTERFACE:
        *value = p->facts->interface_index;
        return true;
    case PS__FILTER_HARDWARE_TYPE:
        *value = p->facts->hardware_type;
        return true;
    case PS__FILTER_VLAN_TAG:
        *value = p->facts->vlan_tag;
        return true;
    case PS__FILTER_VLAN_TAG_PRESENT:
        *value = p->facts->vlan_tag_present;
        return true;
    case PS__FILTER_VLAN_PROTOCOL:
        *value = p->facts->vlan_protocol;
        return true;
    default:
        return false;
    }
}

/* Loads 1, 2 or 4 bytes in network order. The offset may be any sum of two numbers. */
static bool load(const packet *p, uint64_t offset, unsigned size, uint32_t *value)
{
    const unsigned char *at;

    if (offset > p->length || p->length - offset < size)
        return false;
    at = p->data + offset;
    if (size == 4)
        *value = (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
    else if (size == 2)
        *value = (uint32_t)at[0] << 8 | at[1];
    else
        *value = at[0];
    return true;
}

static unsigned load_size(uint16_t code)
{
    return (code & (PS__BPF_H | PS__BPF_B)) == PS__BPF_H ? 2 : (code & PS__BPF_B) != 0 ? 1 : 4;
}

static bool load_absolute(const packet *p, const ps_filter_instruction *i, uint32_t *value)
{
    if (i->operand >= (uint32_t)PS__FILTER_SPECIAL)
        return load_special(p, i->operand, value);
    return load(p, i->operand, load_size(i->code), value);
}

/* Computes A with an operand; false: the packet does not pass. */
static bool compute(uint16_t code, uint32_t *a, uint32_t operand)
{
    switch (code & ~(unsigned)PS__BPF_X) {
    case PS__BPF_ALU | PS__BPF_ADD:
        *a += operand;
        return true;
    case PS__BPF_ALU | PS__BPF_SUB:
        *a -= operand;
        return true;
    case PS__BPF_ALU | PS__BPF_MUL:
        *a *= operand;
        return true;
    case PS__BPF_ALU | PS__BPF_DIV:
        if (operand != 0)
            *a /= operand;
        return operand != 0;
    case PS__BPF_ALU | PS__BPF_MOD:
        if (operand != 0)
            *a %= operand;
        return operand != 0;
    case PS__BPF_ALU | PS__BPF_OR:
        *a |= operand;
        return true;
    case PS__BPF_ALU | PS__BPF_AND:
        *a &= operand;
        return true;
    case PS__BPF_ALU | PS__BPF_XOR:
        *a ^= operand;
        return true;
    case PS__BPF_ALU | PS__BPF_LSH: /* as the processors that kernels compile for: modulo 32 */
        *a <<= operand & 31;
        return true;
    case PS__BPF_ALU | PS__BPF_RSH:
        *a >>= operand & 31;
        return true;
    case PS__BPF_ALU | PS__BPF_NEG:
        *a = 0U - *a;
        return !(code & PS__BPF_X);
    default:
        return false;
    }
}

/* Compares A with an operand, and stores how far to jump; false: not a jump. */
static bool jump(const ps_filter_instruction *i, uint32_t a, uint32_t operand, size_t *distance)
{
    bool is_true;

    switch (i->code & ~(unsigned)PS__BPF_X) {
    case PS__BPF_JMP | PS__BPF_JEQ:
        is_true = a == operand;
        break;
    case PS__BPF_JMP | PS__BPF_JGT:
        is_true = a > operand;
        break;
    case PS__BPF_JMP | PS__BPF_JGE:
        is_true = a >= operand;
        break;
    case PS__BPF_JMP | PS__BPF_JSET:
        is_true = (a & operand) != 0;
        break;
    default:
        *distance = i->operand;
        return i->code == (PS__BPF_JMP | PS__BPF_JA);
    }
    *distance = is_true ? i->jump_true : i->jump_false;
    return true;
}

/* What the instructions work on. */
typedef struct machine {
    packet packet;
    uint32_t original_length;
    uint32_t a, x;
    uint32_t memory[PS__BPF_MEMORY];
} machine;

/* The word of scratch memory that an instruction names; NULL: there is none. */
static uint32_t *memory_word(machine *m, const ps_filter_instruction *i)
{
    return i->operand < PS__BPF_MEMORY ? &m->memory[i->operand] : NULL;
}

/* Sets A. This and the next functions return false for an instruction that no program may have, and
 * for a load from outside the packet: the packet does not pass. */
static bool load_a(machine *m, const ps_filter_instruction *i)
{
    switch (i->code) {
    case PS__BPF_LD | PS__BPF_W | PS__BPF_ABS:
    case PS__BPF_LD | PS__BPF_H | PS__BPF_ABS:
    case PS__BPF_LD | PS__BPF_B | PS__BPF_ABS:
        return load_absolute(&m->packet, i, &m->a);
    case PS__BPF_LD | PS__BPF_W | PS__BPF_IND:
    case PS__BPF_LD | PS__BPF_H | PS__BPF_IND:
    case PS__BPF_LD | PS__BPF_B | PS__BPF_IND:
        return load(&m->packet, (uint32_t)(m->x + i->operand), load_size(i->code), &m->a);
    case PS__BPF_LD | PS__BPF_W | PS__BPF_LEN:
        m->a = m->original_length;
        return true;
    case PS__BPF_LD | PS__BPF_IMM:
        m->a = i->operand;
        return true;
    case PS__BPF_LD | PS__BPF_MEM:
        if (!memory_word(m, i))
            return false;
        m->a = *memory_word(m, i);
        return true;
    default:
        return false;
    }
}

static bool load_x(machine *m, const ps_filter_instruction *i)
{
    switch (i->code) {
    case PS__BPF_LDX | PS__BPF_B | PS__BPF_MSH: /* the length of an IPv4 header */
        if (!load(&m->packet, i->operand, 1, &m->x))
            return false;
        m->x = (m->x & 15) * 4;
        return true;
    case PS__BPF_LDX | PS__BPF_W | PS__BPF_LEN:
        m->x = m->original_length;
        return true;
    case PS__BPF_LDX | PS__BPF_IMM:
        m->x = i->operand;
        return true;
    case PS__BPF_LDX | PS__BPF_MEM:
        if (!memory_word(m, i))
            return false;
        m->x = *memory_word(m, i);
        return true;
    default:
        return false;
    }
}

/* Stores a register, or copies one into the other. */
static bool move(machine *m, const ps_filter_instruction *i)
{
    switch (i->code) {
    case PS__BPF_ST:
    case PS__BPF_STX:
        if (!memory_word(m, i))
            return false;
        *memory_word(m, i) = i->code == PS__BPF_ST ? m->a : m->x;
        return true;
    case PS__BPF_MISC | PS__BPF_TAX:
        m->x = m->a;
        return true;
    case PS__BPF_MISC | PS__BPF_TXA:
        m->a = m->x;
        return true;
    default:
        return false;
    }
}

/* What a program returns: how much of the packet to keep. */
static uint32_t result(const machine *m, const ps_filter_instruction *i)
{
    switch (i->code) {
    case PS__BPF_RET | PS__BPF_K:
        return i->operand;
    case PS__BPF_RET | PS__BPF_A:
        return m->a;
    default:
        return 0;
    }
}

/* What an instruction computes or compares A with. */
static uint32_t operand(const machine *m, const ps_filter_instruction *i)
{
    return i->code & PS__BPF_X ? m->x : i->operand;
}

uint32_t ps__filter_run(const ps_filter_instruction *program, size_t count, const void *data,
                        size_t length, size_t original_length, const ps__filter_facts *facts)
{
    machine m = {{data, data ? length : 0, facts}, (uint32_t)original_length, 0, 0, {0}};
    bool valid = true;

    for (const ps_filter_instruction *i = program; valid && i < program + count; i++) {
        size_t distance;

        switch (i->code & PS__BPF_CLASS) {
        case PS__BPF_LD:
            valid = load_a(&m, i);
            break;
        case PS__BPF_LDX:
            valid = load_x(&m, i);
            break;
        case PS__BPF_ALU:
            valid = compute(i->code, &m.a, operand(&m, i));
            break;
        case PS__BPF_JMP:
            if (!jump(i, m.a, operand(&m, i), &distance) ||
                distance >= (size_t)(program + count - i))
                return 0;
            i += distance;
            break;
        case PS__BPF_RET:
            return result(&m, i);
        default:
            valid = move(&m, i);
            break;
        }
    }
    return 0;
}

uint32_t ps_filter_run(const ps_filter_instruction *program, size_t count, const void *buf,
                       size_t n, size_t original_length)
{
    return program ? ps__filter_run(program, count, buf, n, original_length, NULL) : 0;
}
