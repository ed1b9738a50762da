/* A filter expression, read into a tree: what ps_filter_compile makes a program of. */
#ifndef PS_FILTER_EXPRESSION_H
#define PS_FILTER_EXPRESSION_H

#include "capture/protocol/numbers.h"
#include "portsock-capture/filter.h"

/* The most parts (primitives, "and", "or", "not") that an expression may have, and how deep it
 * may be nested. */
enum { PS__FILTER_NODES = 512, PS__FILTER_DEPTH = 64 };

typedef enum ps__node_kind {
    PS__NODE_AND,       /* left, right */
    PS__NODE_OR,        /* left, right */
    PS__NODE_NOT,       /* left */
    PS__NODE_LINK,      /* the EtherType is low */
    PS__NODE_PROTOCOL,  /* of families, IP's protocol is low */
    PS__NODE_ADDRESS4,  /* of families, direction: address under mask */
    PS__NODE_ADDRESS6,  /* direction: address under mask */
    PS__NODE_HARDWARE,  /* direction: address, 6 bytes */
    PS__NODE_PORT,      /* of protocols, direction: low to high */
    PS__NODE_BROADCAST, /* of the link */
    PS__NODE_MULTICAST, /* of families; 0: of the link */
    PS__NODE_LONGER,    /* low bytes or more */
    PS__NODE_SHORTER,   /* low bytes or fewer */
    PS__NODE_VLAN       /* a tag; with has_low of VLAN low */
} ps__node_kind;

enum { PS__FAMILY_IP = 1, PS__FAMILY_IP6 = 2, PS__FAMILY_ARP = 4, PS__FAMILY_RARP = 8 };
enum { PS__PORTS_TCP = 1, PS__PORTS_UDP = 2, PS__PORTS_SCTP = 4 };
enum { PS__EITHER, PS__SOURCE, PS__DESTINATION, PS__BOTH };

typedef struct ps__node {
    ps__node_kind kind;
    int left, right;
    unsigned families;
    unsigned protocols;
    unsigned direction;
    unsigned vlans; /* how many VLAN tags precede what it looks at */
    bool has_low;
    uint32_t low, high;
    unsigned char address[16];
    unsigned char mask[16];
} ps__node;

typedef struct ps__expression {
    ps__node nodes[PS__FILTER_NODES];
    int count;
    int root;    /* -1: empty, which every packet matches */
    bool tagged; /* there is a PS__NODE_VLAN */
} ps__expression;

/* Returns 0 or PS_BAD_FILTER; then `*error_offset` is where the text cannot be understood. */
int ps__expression_parse(const char *text, int link_type, ps__expression *e, size_t *error_offset);

/* ---- values; true if the word is one (filter_value.c) ---------------------------------------- */

bool ps__filter_number(const char *word, uint32_t limit, uint32_t *number);
bool ps__filter_port(const char *word, const char *transport, uint32_t *number);
bool ps__filter_ports(char *word, uint32_t *low, uint32_t *high);
bool ps__filter_protocol(const char *word, uint32_t *number);
bool ps__filter_ether_type(const char *word, uint32_t *number);
bool ps__filter_partial_address(const char *word, unsigned char address[4], uint32_t *bits);
bool ps__filter_hardware(const char *word, unsigned char address[6]);
bool ps__filter_prefix(char *word, uint32_t limit, bool *has_prefix, uint32_t *bits);
void ps__filter_mask(unsigned char *mask, size_t size, uint32_t bits);
bool ps__filter_mask_covers(const unsigned char *address, const unsigned char *mask, size_t size);

#endif
