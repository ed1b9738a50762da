/*
 * Makes a program of an expression's tree. The program is written from its end to its beginning:
 * what a test leads to is there already when the test is written, so that its place is known,
 * and jumps lead forward by themselves.
 */
#include "config.h"

#include "capture/filter/expression.h"
#include "capture/filter/run.h"

#include "portsock-capture/capture.h"
#include "portsock/error.h"

#include <string.h>

/* ---- writing --------------------------------------------------------------------------------- */

/* An instruction's place, counted from the program's end. */
typedef size_t place;

typedef struct compiler {
    const ps__expression *expression;
    int link_type;
    ps_filter_instruction *program;
    size_t capacity;
    size_t count; /* written, or wanted where the capacity did not suffice */
} compiler;

static void put(compiler *c, unsigned code, uint32_t operand, unsigned jump_true,
                unsigned jump_false)
{
    if (c->count < c->capacity) {
        c->program[c->capacity - 1 - c->count] = (ps_filter_instruction){
            (uint16_t)code, (uint8_t)jump_true, (uint8_t)jump_false, operand};
    }
    c->count++;
}

static void put_plain(compiler *c, unsigned code, uint32_t operand)
{
    put(c, code, operand, 0, 0);
}

static void put_jump(compiler *c, place to)
{
    put_plain(c, PS__BPF_JMP | PS__BPF_JA, (uint32_t)(c->count - 1 - to));
}

/* A conditional jump reaches 255 instructions: a place that is nearly too far gets a long jump
 * in between. */
static place within_reach(compiler *c, place to)
{
    if (c->count - to < 250)
        return to;
    put_jump(c, to);
    return c->count - 1;
}

/* The instruction that was written last goes on at `to`. */
static void go_on_at(compiler *c, place to)
{
    if (to != c->count - 1)
        put_jump(c, to);
}

/* Compares the accumulator. */
static void put_test(compiler *c, unsigned how, uint32_t value, place yes, place no)
{
    yes = within_reach(c, yes);
    no = within_reach(c, no);
    put(c, PS__BPF_JMP | how | PS__BPF_K, value, (unsigned)(c->count - 1 - yes),
        (unsigned)(c->count - 1 - no));
}

/* ---- loading --------------------------------------------------------------------------------- */

/* What an offset counts from: the packet's beginning, the EtherType, the network header, or what
 * follows an IPv4 header. */
typedef enum base { BASE_PACKET, BASE_TYPE, BASE_NETWORK, BASE_TRANSPORT4 } base;

/* A VLAN tag makes the packet longer by this, unless the system took it off the packet; scratch
 * word 0 says which. */
enum { TAG_LENGTH = 4, TAG_WORD = 0 };

static uint32_t type_offset(int link_type)
{
    switch (link_type) {
    case PS_LINK_ETHERNET:
        return 12;
    case PS_LINK_COOKED:
        return 14;
    default:
        return 0;
    }
}

static uint32_t network_offset(int link_type)
{
    switch (link_type) {
    case PS_LINK_ETHERNET:
        return 14;
    case PS_LINK_COOKED:
        return 16;
    case PS_LINK_COOKED2:
        return 20;
    case PS_LINK_NULL:
    case PS_LINK_LOOP:
        return 4;
    default:
        return 0;
    }
}

/* Loads what is at an offset that does not depend on tags. */
static void put_load_fixed(compiler *c, base from, uint32_t header, uint32_t offset, unsigned size)
{
    if (from == BASE_TRANSPORT4) {
        put_plain(c, PS__BPF_LD | size | PS__BPF_IND, header + offset);
        put_plain(c, PS__BPF_LDX | PS__BPF_B | PS__BPF_MSH, header);
    } else {
        put_plain(c, PS__BPF_LD | size | PS__BPF_ABS, header + offset);
    }
}

/* The same behind tags; the first of them may be in the packet or not. */
static void put_load_tagged(compiler *c, base from, uint32_t header, uint32_t offset, unsigned size)
{
    put_plain(c, PS__BPF_LD | size | PS__BPF_IND, header + offset);
    if (from == BASE_TRANSPORT4) {
        put_plain(c, PS__BPF_MISC | PS__BPF_TAX, 0);
        put_plain(c, PS__BPF_ALU | PS__BPF_ADD | PS__BPF_X, 0);
        put_plain(c, PS__BPF_ALU | PS__BPF_LSH | PS__BPF_K, 2);
        put_plain(c, PS__BPF_ALU | PS__BPF_AND | PS__BPF_K, 0x0f);
        put_plain(c, PS__BPF_LD | PS__BPF_B | PS__BPF_IND, header);
    }
    put_plain(c, PS__BPF_LDX | PS__BPF_MEM, TAG_WORD);
}

static void put_load(compiler *c, unsigned vlans, base from, uint32_t offset, unsigned size)
{
    uint32_t header = from == BASE_PACKET ? 0
                      : from == BASE_TYPE ? type_offset(c->link_type)
                                          : network_offset(c->link_type);

    if (vlans == 0 || from == BASE_PACKET)
        put_load_fixed(c, from, header, offset, size);
    else
        put_load_tagged(c, from, header + (vlans - 1) * TAG_LENGTH, offset, size);
}

/* A value in the packet that is to be compared. */
typedef struct field {
    unsigned vlans;
    base from;
    uint32_t offset;
    unsigned size; /* PS__BPF_B, PS__BPF_H or PS__BPF_W */
    uint32_t mask; /* 0: none */
} field;

static place test(compiler *c, field f, unsigned how, uint32_t value, place yes, place no)
{
    put_test(c, how, value, yes, no);
    if (f.mask != 0)
        put_plain(c, PS__BPF_ALU | PS__BPF_AND | PS__BPF_K, f.mask);
    put_load(c, f.vlans, f.from, f.offset, f.size);
    return c->count - 1;
}

/* ---- the link -------------------------------------------------------------------------------- */

/* The version in IP's first byte. */
static place test_version(compiler *c, uint32_t type, place yes, place no)
{
    field version = {0, BASE_NETWORK, 0, PS__BPF_B, 0xf0};

    if (type != PS__ETHER_IPV4 && type != PS__ETHER_IPV6)
        return no;
    return test(c, version, PS__BPF_JEQ, type == PS__ETHER_IPV4 ? 0x40 : 0x60, yes, no);
}

static uint32_t reversed(uint32_t x)
{
    return x >> 24 | (x >> 8 & 0xff00) | (x << 8 & 0xff0000) | x << 24;
}

/* The family's number, in network order or, for NULL, in either: in that of the machine that
 * captured. */
static place test_family(compiler *c, uint32_t family, place yes, place no)
{
    field number = {0, BASE_PACKET, 0, PS__BPF_W, 0};

    if (c->link_type == PS_LINK_NULL)
        no = test(c, number, PS__BPF_JEQ, reversed(family), yes, no);
    return test(c, number, PS__BPF_JEQ, family, yes, no);
}

/* AF_INET is 2 everywhere, AF_INET6 what each BSD has made it. */
static place test_loopback(compiler *c, uint32_t type, place yes, place no)
{
    static const uint32_t six[] = {24, 28, 30};
    size_t i;

    if (type == PS__ETHER_IPV4)
        return test_family(c, 2, yes, no);
    for (i = 0; type == PS__ETHER_IPV6 && i < sizeof six / sizeof six[0]; i++)
        no = test_family(c, six[i], yes, no);
    return no;
}

/* Whether the packet is of an EtherType; may need no test at all. */
static place test_link(compiler *c, unsigned vlans, uint32_t type, place yes, place no)
{
    field ether_type = {vlans, BASE_TYPE, 0, PS__BPF_H, 0};

    switch (c->link_type) {
    case PS_LINK_RAW:
        return test_version(c, type, yes, no);
    case PS_LINK_IPV4:
        return type == PS__ETHER_IPV4 ? yes : no;
    case PS_LINK_IPV6:
        return type == PS__ETHER_IPV6 ? yes : no;
    case PS_LINK_NULL:
    case PS_LINK_LOOP:
        return test_loopback(c, type, yes, no);
    default:
        return test(c, ether_type, PS__BPF_JEQ, type, yes, no);
    }
}

/* ---- directions ------------------------------------------------------------------------------ */

/* A test that is made for a source and for a destination. */
typedef place (*directed_test)(compiler *c, const ps__node *n, uint32_t offset, place yes,
                               place no);

static place test_directed(compiler *c, const ps__node *n, directed_test t, uint32_t source,
                           uint32_t destination, place yes, place no)
{
    switch (n->direction) {
    case PS__SOURCE:
        return t(c, n, source, yes, no);
    case PS__DESTINATION:
        return t(c, n, destination, yes, no);
    case PS__BOTH:
        return t(c, n, source, t(c, n, destination, yes, no), no);
    default:
        return t(c, n, source, yes, t(c, n, destination, yes, no));
    }
}

/* ---- addresses ------------------------------------------------------------------------------- */

static uint32_t word_at(const unsigned char *p)
{
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

/* 32 bits of an address under a mask. */
static place test_word(compiler *c, const ps__node *n, base from, uint32_t offset, size_t at,
                       place yes, place no)
{
    uint32_t mask = word_at(n->mask + at);
    field f = {n->vlans, from, offset + (uint32_t)at, PS__BPF_W, mask == UINT32_MAX ? 0 : mask};

    return mask == 0 ? yes : test(c, f, PS__BPF_JEQ, word_at(n->address + at), yes, no);
}

static place test_four(compiler *c, const ps__node *n, uint32_t offset, place yes, place no)
{
    return test_word(c, n, BASE_NETWORK, offset, 0, yes, no);
}

static place test_six(compiler *c, const ps__node *n, uint32_t offset, place yes, place no)
{
    size_t at;

    for (at = 16; at > 0; at -= 4)
        yes = test_word(c, n, BASE_NETWORK, offset, at - 4, yes, no);
    return yes;
}

static place test_hardware(compiler *c, const ps__node *n, uint32_t offset, place yes, place no)
{
    field high = {0, BASE_PACKET, offset, PS__BPF_H, 0},
          low = {0, BASE_PACKET, offset + 2, PS__BPF_W, 0};

    yes = test(c, high, PS__BPF_JEQ, (uint32_t)n->address[0] << 8 | n->address[1], yes, no);
    return test(c, low, PS__BPF_JEQ, word_at(n->address + 2), yes, no);
}

/* In an IPv4 header, or in ARP's and RARP's fields of an Ethernet. */
static place test_address4(compiler *c, const ps__node *n, place yes, place no)
{
    static const struct {
        unsigned family;
        uint32_t type, source, destination;
    } wheres[] = {{PS__FAMILY_RARP, PS__ETHER_RARP, 14, 24},
                  {PS__FAMILY_ARP, PS__ETHER_ARP, 14, 24},
                  {PS__FAMILY_IP, PS__ETHER_IPV4, 12, 16}};
    place next = no;
    size_t i;

    for (i = 0; i < sizeof wheres / sizeof wheres[0]; i++) {
        if ((n->families & wheres[i].family) != 0) {
            place found =
                test_directed(c, n, test_four, wheres[i].source, wheres[i].destination, yes, no);
            next = test_link(c, n->vlans, wheres[i].type, found, next);
        }
    }
    return next;
}

static place test_address6(compiler *c, const ps__node *n, place yes, place no)
{
    return test_link(c, n->vlans, PS__ETHER_IPV6, test_directed(c, n, test_six, 8, 24, yes, no),
                     no);
}

/* ---- protocols and ports --------------------------------------------------------------------- */

enum { FRAGMENT_HEADER = 44, FOUR_PROTOCOL = 9, SIX_NEXT = 6, SIX_LENGTH = 40 };

/* In IPv6 also behind a fragment header. */
static place test_protocol(compiler *c, const ps__node *n, place yes, place no)
{
    field four = {n->vlans, BASE_NETWORK, FOUR_PROTOCOL, PS__BPF_B, 0};
    field six = {n->vlans, BASE_NETWORK, SIX_NEXT, PS__BPF_B, 0};
    field behind = {n->vlans, BASE_NETWORK, SIX_LENGTH, PS__BPF_B, 0};
    place next = no;

    if ((n->families & PS__FAMILY_IP6) != 0) {
        place other = test(c, six, PS__BPF_JEQ, FRAGMENT_HEADER,
                           test(c, behind, PS__BPF_JEQ, n->low, yes, no), no);
        next = test_link(c, n->vlans, PS__ETHER_IPV6, test(c, six, PS__BPF_JEQ, n->low, yes, other),
                         no);
    }
    if ((n->families & PS__FAMILY_IP) != 0)
        next = test_link(c, n->vlans, PS__ETHER_IPV4, test(c, four, PS__BPF_JEQ, n->low, yes, no),
                         next);
    return next;
}

/* Whether the protocol is one of those with ports that are asked for. */
static place test_transport(compiler *c, const ps__node *n, uint32_t offset, place yes, place no)
{
    static const struct {
        unsigned bit;
        uint32_t number;
    } transports[] = {{PS__PORTS_SCTP, PS__PROTOCOL_SCTP},
                      {PS__PORTS_UDP, PS__PROTOCOL_UDP},
                      {PS__PORTS_TCP, PS__PROTOCOL_TCP}};
    field protocol = {n->vlans, BASE_NETWORK, offset, PS__BPF_B, 0};
    size_t i;

    for (i = 0; i < sizeof transports / sizeof transports[0]; i++) {
        if ((n->protocols & transports[i].bit) != 0)
            no = test(c, protocol, PS__BPF_JEQ, transports[i].number, yes, no);
    }
    return no;
}

static place test_range(compiler *c, const ps__node *n, field port, place yes, place no)
{
    if (n->low == n->high)
        return test(c, port, PS__BPF_JEQ, n->low, yes, no);
    return test(c, port, PS__BPF_JGE, n->low, test(c, port, PS__BPF_JGT, n->high, no, yes), no);
}

static place test_port4(compiler *c, const ps__node *n, uint32_t offset, place yes, place no)
{
    field port = {n->vlans, BASE_TRANSPORT4, offset, PS__BPF_H, 0};

    return test_range(c, n, port, yes, no);
}

static place test_port6(compiler *c, const ps__node *n, uint32_t offset, place yes, place no)
{
    field port = {n->vlans, BASE_NETWORK, SIX_LENGTH + offset, PS__BPF_H, 0};

    return test_range(c, n, port, yes, no);
}

/* Only the first fragment has ports. */
static place test_port(compiler *c, const ps__node *n, place yes, place no)
{
    field fragment = {n->vlans, BASE_NETWORK, 6, PS__BPF_H, 0};
    place ports6 = test_directed(c, n, test_port6, 0, 2, yes, no);
    place six =
        test_link(c, n->vlans, PS__ETHER_IPV6, test_transport(c, n, SIX_NEXT, ports6, no), no);
    place ports4 = test_directed(c, n, test_port4, 0, 2, yes, no);
    place first = test(c, fragment, PS__BPF_JSET, 0x1fff, no, ports4);

    return test_link(c, n->vlans, PS__ETHER_IPV4, test_transport(c, n, FOUR_PROTOCOL, first, no),
                     six);
}

/* ---- the rest -------------------------------------------------------------------------------- */

static place test_broadcast(compiler *c, place yes, place no)
{
    ps__node all = {.address = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff},
                    .mask = {0xff, 0xff, 0xff, 0xff}};

    if (c->link_type == PS_LINK_ETHERNET)
        return test_hardware(c, &all, 0, yes, no);
    return test_link(c, 0, PS__ETHER_IPV4, test_four(c, &all, 16, yes, no), no);
}

static place test_multicast(compiler *c, const ps__node *n, place yes, place no)
{
    field group_bit = {0, BASE_PACKET, 0, PS__BPF_B, 0};
    field four = {n->vlans, BASE_NETWORK, 16, PS__BPF_B, 0},
          six = {n->vlans, BASE_NETWORK, 24, PS__BPF_B, 0};
    place next = no;

    if (n->families == 0)
        return test(c, group_bit, PS__BPF_JSET, 1, yes, no);
    if ((n->families & PS__FAMILY_IP6) != 0)
        next = test_link(c, n->vlans, PS__ETHER_IPV6, test(c, six, PS__BPF_JEQ, 0xff, yes, no), no);
    if ((n->families & PS__FAMILY_IP) != 0)
        next =
            test_link(c, n->vlans, PS__ETHER_IPV4, test(c, four, PS__BPF_JGE, 224, yes, no), next);
    return next;
}

static place test_length(compiler *c, unsigned how, uint32_t value, place yes, place no)
{
    put_test(c, how, value, yes, no);
    put_plain(c, PS__BPF_LD | PS__BPF_W | PS__BPF_LEN, 0);
    return c->count - 1;
}

static uint32_t special(int what)
{
    return (uint32_t)(PS__FILTER_SPECIAL + what);
}

/* A tag in the packet: one of the EtherTypes of 802.1Q, 802.1ad and before, and its number. */
static place test_tag(compiler *c, const ps__node *n, place yes, place no)
{
    static const uint32_t types[] = {PS__ETHER_VLAN_OLD, PS__ETHER_VLAN_SERVICE, PS__ETHER_VLAN};
    field type = {n->vlans, BASE_TYPE, 0, PS__BPF_H, 0},
          number = {n->vlans, BASE_TYPE, 2, PS__BPF_H, 0x0fff};
    place found = n->has_low ? test(c, number, PS__BPF_JEQ, n->low, yes, no) : yes;
    size_t i;

    for (i = 0; i < sizeof types / sizeof types[0]; i++)
        no = test(c, type, PS__BPF_JEQ, types[i], found, no);
    return no;
}

/* A tag that Linux took off the packet; then the rest of the packet is where it would be without
 * one. */
static place test_tag_off(compiler *c, const ps__node *n, place yes, place no)
{
    if (n->has_low) {
        put_test(c, PS__BPF_JEQ, n->low, yes, no);
        put_plain(c, PS__BPF_ALU | PS__BPF_AND | PS__BPF_K, 0x0fff);
        put_plain(c, PS__BPF_LD | PS__BPF_W | PS__BPF_ABS, special(PS__FILTER_VLAN_TAG));
        yes = c->count - 1;
    }
    go_on_at(c, yes);
    put_plain(c, PS__BPF_ST, TAG_WORD);
    put_plain(c, PS__BPF_LD | PS__BPF_IMM, 0);
    return c->count - 1;
}

static place test_vlan(compiler *c, const ps__node *n, place yes, place no)
{
    place in_packet = test_tag(c, n, yes, no);

    if (n->vlans > 0)
        return in_packet;
    put_test(c, PS__BPF_JEQ, 0, in_packet, test_tag_off(c, n, yes, no));
    put_plain(c, PS__BPF_LD | PS__BPF_W | PS__BPF_ABS, special(PS__FILTER_VLAN_TAG_PRESENT));
    return c->count - 1;
}

/* ---- the tree -------------------------------------------------------------------------------- */

static place test_primitive(compiler *c, const ps__node *n, place yes, place no)
{
    switch (n->kind) {
    case PS__NODE_LINK:
        return test_link(c, n->vlans, n->low, yes, no);
    case PS__NODE_PROTOCOL:
        return test_protocol(c, n, yes, no);
    case PS__NODE_ADDRESS4:
        return test_address4(c, n, yes, no);
    case PS__NODE_ADDRESS6:
        return test_address6(c, n, yes, no);
    case PS__NODE_HARDWARE:
        return test_directed(c, n, test_hardware, 6, 0, yes, no);
    case PS__NODE_PORT:
        return test_port(c, n, yes, no);
    case PS__NODE_BROADCAST:
        return test_broadcast(c, yes, no);
    case PS__NODE_MULTICAST:
        return test_multicast(c, n, yes, no);
    case PS__NODE_LONGER:
        return test_length(c, PS__BPF_JGE, n->low, yes, no);
    case PS__NODE_SHORTER:
        return test_length(c, PS__BPF_JGT, n->low, no, yes);
    default:
        return test_vlan(c, n, yes, no);
    }
}

/* As deep as the tree, whose size is limited. */
static place test_node(compiler *c, int which, place yes, place no)
{
    const ps__node *n = &c->expression->nodes[which];

    switch (n->kind) {
    case PS__NODE_AND:
        return test_node(c, n->left, test_node(c, n->right, yes, no), no);
    case PS__NODE_OR:
        return test_node(c, n->left, yes, test_node(c, n->right, yes, no));
    case PS__NODE_NOT:
        return test_node(c, n->left, no, yes);
    default:
        return test_primitive(c, n, yes, no);
    }
}

/* Returns whether there are packets that it lets pass. */
static bool write_program(compiler *c)
{
    enum { REJECT, ACCEPT };
    place first = ACCEPT;

    put_plain(c, PS__BPF_RET | PS__BPF_K, 0);
    put_plain(c, PS__BPF_RET | PS__BPF_K, PS_SNAP_LENGTH_MAX);
    if (c->expression->root >= 0)
        first = test_node(c, c->expression->root, ACCEPT, REJECT);
    go_on_at(c, first);
    if (c->expression->tagged) {
        put_plain(c, PS__BPF_ST, TAG_WORD);
        put_plain(c, PS__BPF_LD | PS__BPF_IMM, TAG_LENGTH);
    }
    return first != REJECT;
}

static bool is_link_type(int link_type)
{
    switch (link_type) {
    case PS_LINK_NULL:
    case PS_LINK_ETHERNET:
    case PS_LINK_RAW:
    case PS_LINK_LOOP:
    case PS_LINK_COOKED:
    case PS_LINK_IPV4:
    case PS_LINK_IPV6:
    case PS_LINK_COOKED2:
        return true;
    default:
        return false;
    }
}

int ps_filter_compile(const char *expression, int link_type, ps_filter_instruction *program,
                      size_t *count, size_t *error_offset)
{
    ps__expression e;
    compiler c = {.expression = &e, .link_type = link_type, .program = program};
    size_t offset = 0;
    int code;

    if (!count || !program)
        return PS_EFAULT;
    c.capacity = *count < PS_FILTER_MAX ? *count : PS_FILTER_MAX;
    *count = 0;
    code = is_link_type(link_type) ? 0 : PS_EOPNOTSUPP;
    if (code == 0)
        code = ps__expression_parse(expression ? expression : "", link_type, &e, &offset);
    if (code == 0 && !write_program(&c))
        code = PS_BAD_FILTER; /* no packet of this link could pass */
    if (error_offset)
        *error_offset = offset;
    if (code == 0 && c.count > c.capacity)
        code = PS_BAD_LENGTH;
    if (code != 0)
        return code;
    memmove(program, program + (c.capacity - c.count), c.count * sizeof *program);
    *count = c.count;
    return 0;
}
