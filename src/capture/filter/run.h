/* How a filter program is run, inside the library. */
#ifndef PS_FILTER_RUN_H
#define PS_FILTER_RUN_H

#include "portsock-capture/filter.h"

/* What a system knows of a packet besides its bytes: the sources of Linux's special loads. */
typedef struct ps__filter_facts {
    uint32_t protocol;
    uint32_t packet_type;
    uint32_t interface_index;
    uint32_t hardware_type;
    uint32_t vlan_tag;
    uint32_t vlan_tag_present;
    uint32_t vlan_protocol;
} ps__filter_facts;

/* The operands of those loads. */
enum {
    PS__FILTER_SPECIAL = -0x1000,
    PS__FILTER_PROTOCOL = 0,
    PS__FILTER_PACKET_TYPE = 4,
    PS__FILTER_INTERFACE = 8,
    PS__FILTER_HARDWARE_TYPE = 28,
    PS__FILTER_VLAN_TAG = 44,
    PS__FILTER_VLAN_TAG_PRESENT = 48,
    PS__FILTER_VLAN_PROTOCOL = 60
};

/* As ps_filter_run, with the facts; NULL for none. */
uint32_t ps__filter_run(const ps_filter_instruction *program, size_t count, const void *data,
                        size_t length, size_t original_length, const ps__filter_facts *facts);

/* The codes of the instructions. */
enum {
    PS__BPF_CLASS = 0x07,
    PS__BPF_LD = 0x00,
    PS__BPF_LDX = 0x01,
    PS__BPF_ST = 0x02,
    PS__BPF_STX = 0x03,
    PS__BPF_ALU = 0x04,
    PS__BPF_JMP = 0x05,
    PS__BPF_RET = 0x06,
    PS__BPF_MISC = 0x07,

    PS__BPF_W = 0x00,
    PS__BPF_H = 0x08,
    PS__BPF_B = 0x10,

    PS__BPF_IMM = 0x00,
    PS__BPF_ABS = 0x20,
    PS__BPF_IND = 0x40,
    PS__BPF_MEM = 0x60,
    PS__BPF_LEN = 0x80,
    PS__BPF_MSH = 0xa0,

    PS__BPF_ADD = 0x00,
    PS__BPF_SUB = 0x10,
    PS__BPF_MUL = 0x20,
    PS__BPF_DIV = 0x30,
    PS__BPF_OR = 0x40,
    PS__BPF_AND = 0x50,
    PS__BPF_LSH = 0x60,
    PS__BPF_RSH = 0x70,
    PS__BPF_NEG = 0x80,
    PS__BPF_MOD = 0x90,
    PS__BPF_XOR = 0xa0,

    PS__BPF_JA = 0x00,
    PS__BPF_JEQ = 0x10,
    PS__BPF_JGT = 0x20,
    PS__BPF_JGE = 0x30,
    PS__BPF_JSET = 0x40,

    PS__BPF_K = 0x00,
    PS__BPF_X = 0x08,
    PS__BPF_A = 0x10,

    PS__BPF_TAX = 0x00,
    PS__BPF_TXA = 0x80,

    PS__BPF_MEMORY = 16 /* words of scratch memory */
};

#endif
