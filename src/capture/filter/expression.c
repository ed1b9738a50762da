/* The language is tcpdump's. As there, "and" and "or" bind equally and from the left, "not"
 * binds closer, and a value without a qualifier takes those of the one before it: "tcp port 80
 * or 443". */
#include "config.h"

#include "capture/filter/expression.h"

#include "portsock-capture/capture.h"
#include "portsock/address.h"
#include "portsock/error.h"

#include <ctype.h>
#include <string.h>

/* ---- tokens ---------------------------------------------------------------------------------- */

typedef enum token {
    TOKEN_END,
    TOKEN_WORD,
    TOKEN_OPEN,
    TOKEN_CLOSE,
    TOKEN_AND,
    TOKEN_OR,
    TOKEN_NOT,
    TOKEN_UNKNOWN
} token;

/* Longer than any address, name or number. */
enum { WORD_SIZE = 80 };

/* The part of a language that a value needs: "tcp src port". */
typedef enum type { TYPE_ANY, TYPE_HOST, TYPE_NET, TYPE_PORT, TYPE_PORT_RANGE, TYPE_PROTOCOL } type;

typedef enum protocol {
    PROTOCOL_NONE,
    PROTOCOL_LINK,
    PROTOCOL_IP,
    PROTOCOL_IP6,
    PROTOCOL_ARP,
    PROTOCOL_RARP,
    PROTOCOL_TCP,
    PROTOCOL_UDP,
    PROTOCOL_SCTP,
    PROTOCOL_OTHER
} protocol;

typedef struct qualifiers {
    type type;
    protocol protocol;
    unsigned direction;
} qualifiers;

typedef struct parser {
    const char *text;
    int link_type;
    ps__expression *out;
    size_t at, end; /* the token */
    token token;
    char word[WORD_SIZE]; /* it, if a word */
    qualifiers last;
    unsigned vlans;
    unsigned depth;
    size_t fault;
} parser;

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static bool is_word(char c)
{
    return isalnum((unsigned char)c) || (c != '\0' && strchr(".:/-_\\", c));
}

static token token_of_word(const char *word)
{
    if (strcmp(word, "and") == 0)
        return TOKEN_AND;
    if (strcmp(word, "or") == 0)
        return TOKEN_OR;
    return strcmp(word, "not") == 0 ? TOKEN_NOT : TOKEN_WORD;
}

static void take_word(parser *p)
{
    size_t length;

    while (is_word(p->text[p->end]))
        p->end++;
    length = p->end - p->at;
    p->token = TOKEN_UNKNOWN;
    if (length >= sizeof p->word)
        return;
    memcpy(p->word, p->text + p->at, length);
    p->word[length] = '\0';
    p->token = token_of_word(p->word);
}

static void take_sign(parser *p, size_t length, token kind)
{
    p->end = p->at + length;
    p->token = kind;
}

static void next(parser *p)
{
    const char *t = p->text;

    p->at = p->end;
    while (is_space(t[p->at]))
        p->at++;
    p->end = p->at;
    if (is_word(t[p->at]))
        take_word(p);
    else if (t[p->at] == '\0')
        p->token = TOKEN_END;
    else if (t[p->at] == '(')
        take_sign(p, 1, TOKEN_OPEN);
    else if (t[p->at] == ')')
        take_sign(p, 1, TOKEN_CLOSE);
    else if (t[p->at] == '!')
        take_sign(p, 1, TOKEN_NOT);
    else if (strncmp(t + p->at, "&&", 2) == 0)
        take_sign(p, 2, TOKEN_AND);
    else if (strncmp(t + p->at, "||", 2) == 0)
        take_sign(p, 2, TOKEN_OR);
    else
        p->token = TOKEN_UNKNOWN;
}

static bool is(const parser *p, const char *word)
{
    return p->token == TOKEN_WORD && strcmp(p->word, word) == 0;
}

static bool take(parser *p, const char *word)
{
    if (!is(p, word))
        return false;
    next(p);
    return true;
}

/* ---- nodes; -1: an error --------------------------------------------------------------------- */

static int fail_at(parser *p, size_t at)
{
    p->fault = at;
    return -1;
}

static int fail(parser *p)
{
    return fail_at(p, p->at);
}

static int add(parser *p, ps__node node)
{
    if (p->out->count == PS__FILTER_NODES)
        return fail(p);
    node.vlans = p->vlans;
    p->out->nodes[p->out->count] = node;
    return p->out->count++;
}

/* ---- values ---------------------------------------------------------------------------------- */

/* Which families an IPv4 address is looked for in; 0: it cannot be. */
static unsigned families_of_address4(protocol p)
{
    switch (p) {
    case PROTOCOL_NONE:
        return PS__FAMILY_IP | PS__FAMILY_ARP | PS__FAMILY_RARP;
    case PROTOCOL_IP:
        return PS__FAMILY_IP;
    case PROTOCOL_ARP:
        return PS__FAMILY_ARP;
    case PROTOCOL_RARP:
        return PS__FAMILY_RARP;
    default:
        return 0;
    }
}

static int add_address6(parser *p, qualifiers q, ps__node n)
{
    bool has_prefix;
    uint32_t bits = 128;

    if (q.protocol != PROTOCOL_NONE && q.protocol != PROTOCOL_IP6)
        return fail(p);
    if (!ps__filter_prefix(p->word, 128, &has_prefix, &bits) ||
        (has_prefix && q.type != TYPE_NET) || ps_inet_pton(AF_INET6, p->word, n.address) != 0)
        return fail(p);
    ps__filter_mask(n.mask, 16, bits);
    n.kind = PS__NODE_ADDRESS6;
    return ps__filter_mask_covers(n.address, n.mask, 16) ? add(p, n) : fail(p);
}

/* "net 10.1.0.0 mask 255.255.0.0". */
static bool take_mask(parser *p, ps__node *n)
{
    next(p);
    next(p);
    return p->token == TOKEN_WORD && ps_inet_pton(AF_INET, p->word, n->mask) == 0;
}

static bool mask_follows(const parser *p)
{
    parser ahead = *p;

    next(&ahead);
    return is(&ahead, "mask");
}

static int add_network4(parser *p, ps__node n)
{
    bool has_prefix;
    uint32_t bits = 32, parts;
    size_t at = p->at;

    if (!ps__filter_prefix(p->word, 32, &has_prefix, &bits) ||
        !ps__filter_partial_address(p->word, n.address, &parts))
        return fail(p);
    ps__filter_mask(n.mask, 4, has_prefix ? bits : parts);
    if (!has_prefix && mask_follows(p) && !take_mask(p, &n))
        return fail(p);
    return ps__filter_mask_covers(n.address, n.mask, 4) ? add(p, n) : fail_at(p, at);
}

static int add_address4(parser *p, qualifiers q, ps__node n)
{
    n.kind = PS__NODE_ADDRESS4;
    n.families = families_of_address4(q.protocol);
    if (n.families == 0)
        return fail(p);
    if (q.type == TYPE_NET)
        return add_network4(p, n);
    if (ps_inet_pton(AF_INET, p->word, n.address) != 0)
        return fail(p);
    ps__filter_mask(n.mask, 4, 32);
    return add(p, n);
}

static int add_hardware(parser *p, qualifiers q, ps__node n)
{
    n.kind = PS__NODE_HARDWARE;
    if (q.type == TYPE_NET || p->link_type != PS_LINK_ETHERNET ||
        !ps__filter_hardware(p->word, n.address))
        return fail(p);
    return add(p, n);
}

/* Which transports a port's word is for: a service that only one of them has narrows it down. 0:
 * no port. */
static unsigned ports_of(const char *word, uint32_t *number)
{
    uint32_t udp;
    bool is_tcp = ps__filter_port(word, "tcp", number), is_udp = ps__filter_port(word, "udp", &udp);

    if (is_tcp && is_udp)
        return *number == udp ? PS__PORTS_TCP | PS__PORTS_UDP | PS__PORTS_SCTP : 0;
    if (is_udp)
        *number = udp;
    return is_tcp ? PS__PORTS_TCP : is_udp ? PS__PORTS_UDP : 0;
}

static unsigned ports_of_protocol(protocol p)
{
    switch (p) {
    case PROTOCOL_NONE:
        return PS__PORTS_TCP | PS__PORTS_UDP | PS__PORTS_SCTP;
    case PROTOCOL_TCP:
        return PS__PORTS_TCP;
    case PROTOCOL_UDP:
        return PS__PORTS_UDP;
    case PROTOCOL_SCTP:
        return PS__PORTS_SCTP;
    default:
        return 0;
    }
}

static int add_port(parser *p, qualifiers q, ps__node n)
{
    n.kind = PS__NODE_PORT;
    n.protocols = ports_of_protocol(q.protocol);
    if (q.type == TYPE_PORT_RANGE) {
        if (!ps__filter_ports(p->word, &n.low, &n.high))
            return fail(p);
    } else {
        n.protocols &= ports_of(p->word, &n.low);
        n.high = n.low;
    }
    return n.protocols != 0 ? add(p, n) : fail(p);
}

static int add_protocol(parser *p, qualifiers q, ps__node n)
{
    if (q.direction != PS__EITHER)
        return fail(p);
    if (q.protocol == PROTOCOL_LINK) {
        n.kind = PS__NODE_LINK;
        return ps__filter_ether_type(p->word, &n.low) ? add(p, n) : fail(p);
    }
    n.kind = PS__NODE_PROTOCOL;
    n.families = q.protocol == PROTOCOL_IP    ? PS__FAMILY_IP
                 : q.protocol == PROTOCOL_IP6 ? PS__FAMILY_IP6
                                              : PS__FAMILY_IP | PS__FAMILY_IP6;
    if ((q.protocol != PROTOCOL_NONE && q.protocol != PROTOCOL_IP && q.protocol != PROTOCOL_IP6) ||
        !ps__filter_protocol(p->word, &n.low))
        return fail(p);
    return add(p, n);
}

static int add_value(parser *p, qualifiers q)
{
    ps__node n = {.direction = q.direction};

    switch (q.type) {
    case TYPE_PORT:
    case TYPE_PORT_RANGE:
        return add_port(p, q, n);
    case TYPE_PROTOCOL:
        return add_protocol(p, q, n);
    default:
        if (q.protocol == PROTOCOL_LINK)
            return add_hardware(p, q, n);
        return strchr(p->word, ':') ? add_address6(p, q, n) : add_address4(p, q, n);
    }
}

/* ---- primitives ------------------------------------------------------------------------------ */

/* The words that are protocols: alone, they ask for the protocol; in front of others, they
 * narrow them down. */
static const struct {
    const char *name;
    protocol protocol;
    unsigned families; /* with a protocol of IP */
    uint32_t number;   /* of IP, or the EtherType */
} protocols[] = {
    {"ether", PROTOCOL_LINK, 0, 0},
    {"link", PROTOCOL_LINK, 0, 0},
    {"ip", PROTOCOL_IP, 0, PS__ETHER_IPV4},
    {"ip6", PROTOCOL_IP6, 0, PS__ETHER_IPV6},
    {"arp", PROTOCOL_ARP, 0, PS__ETHER_ARP},
    {"rarp", PROTOCOL_RARP, 0, PS__ETHER_RARP},
    {"tcp", PROTOCOL_TCP, PS__FAMILY_IP | PS__FAMILY_IP6, PS__PROTOCOL_TCP},
    {"udp", PROTOCOL_UDP, PS__FAMILY_IP | PS__FAMILY_IP6, PS__PROTOCOL_UDP},
    {"sctp", PROTOCOL_SCTP, PS__FAMILY_IP | PS__FAMILY_IP6, PS__PROTOCOL_SCTP},
    {"icmp", PROTOCOL_OTHER, PS__FAMILY_IP, PS__PROTOCOL_ICMP},
    {"icmp6", PROTOCOL_OTHER, PS__FAMILY_IP6, PS__PROTOCOL_ICMPV6},
    {"igmp", PROTOCOL_OTHER, PS__FAMILY_IP, PS__PROTOCOL_IGMP},
    {"pim", PROTOCOL_OTHER, PS__FAMILY_IP | PS__FAMILY_IP6, PS__PROTOCOL_PIM},
    {"vrrp", PROTOCOL_OTHER, PS__FAMILY_IP, PS__PROTOCOL_VRRP},
    {"ah", PROTOCOL_OTHER, PS__FAMILY_IP | PS__FAMILY_IP6, PS__PROTOCOL_AH},
    {"esp", PROTOCOL_OTHER, PS__FAMILY_IP | PS__FAMILY_IP6, PS__PROTOCOL_ESP},
};

enum { PROTOCOLS = sizeof protocols / sizeof protocols[0] };

static size_t take_protocol(parser *p, qualifiers *q)
{
    size_t i;

    for (i = 0; i < PROTOCOLS; i++) {
        if (take(p, protocols[i].name)) {
            q->protocol = protocols[i].protocol;
            break;
        }
    }
    return i;
}

/* "src or dst", "src and dst" after the first word of them. */
static bool take_other_direction(parser *p, const char *other, unsigned *direction)
{
    parser ahead = *p;

    if (p->token != TOKEN_AND && p->token != TOKEN_OR)
        return false;
    next(&ahead);
    if (!take(&ahead, other))
        return false;
    *direction = p->token == TOKEN_AND ? PS__BOTH : PS__EITHER;
    *p = ahead;
    return true;
}

/* Whether there is one. */
static bool take_direction(parser *p, unsigned *direction)
{
    if (take(p, "src")) {
        if (!take_other_direction(p, "dst", direction))
            *direction = PS__SOURCE;
        return true;
    }
    if (take(p, "dst")) {
        if (!take_other_direction(p, "src", direction))
            *direction = PS__DESTINATION;
        return true;
    }
    return false;
}

static void take_type(parser *p, type *t)
{
    static const struct {
        const char *name;
        type type;
    } types[] = {{"host", TYPE_HOST},
                 {"net", TYPE_NET},
                 {"port", TYPE_PORT},
                 {"portrange", TYPE_PORT_RANGE},
                 {"proto", TYPE_PROTOCOL}};
    size_t i;

    for (i = 0; i < sizeof types / sizeof types[0]; i++) {
        if (take(p, types[i].name)) {
            *t = types[i].type;
            return;
        }
    }
}

static bool value_can_follow(const parser *p)
{
    return p->token == TOKEN_WORD || p->token == TOKEN_OPEN;
}

static int add_protocol_alone(parser *p, size_t which)
{
    ps__node n = {.kind = PS__NODE_PROTOCOL,
                  .families = protocols[which].families,
                  .low = protocols[which].number};

    if (protocols[which].protocol == PROTOCOL_LINK)
        return fail(p);
    if (n.families == 0)
        n.kind = PS__NODE_LINK;
    return add(p, n);
}

/* "less 100", "greater 100". */
static int add_length(parser *p, ps__node_kind kind)
{
    ps__node n = {.kind = kind};

    if (p->token != TOKEN_WORD || !ps__filter_number(p->word, UINT32_MAX, &n.low))
        return fail(p);
    next(p);
    return add(p, n);
}

/* "vlan", "vlan 7"; what follows is behind the tag. */
static int add_vlan(parser *p, size_t at)
{
    ps__node n = {.kind = PS__NODE_VLAN};
    int made;

    if (p->link_type != PS_LINK_ETHERNET || p->vlans == 8)
        return fail_at(p, at);
    if (p->token == TOKEN_WORD && isdigit((unsigned char)*p->word)) {
        if (!ps__filter_number(p->word, 4095, &n.low))
            return fail(p);
        n.has_low = true;
        next(p);
    }
    made = add(p, n);
    p->vlans++;
    p->out->tagged = true;
    return made;
}

static bool is_ip_link(int link_type)
{
    return link_type == PS_LINK_RAW || link_type == PS_LINK_IPV4 || link_type == PS_LINK_IPV6;
}

static int add_broadcast(parser *p, protocol which, size_t at)
{
    ps__node n = {.kind = PS__NODE_BROADCAST};

    if ((which != PROTOCOL_NONE && which != PROTOCOL_LINK) ||
        (p->link_type != PS_LINK_ETHERNET && !is_ip_link(p->link_type)))
        return fail_at(p, at); /* IP's own broadcast needs to know the netmask */
    return add(p, n);
}

static int add_multicast(parser *p, protocol which, size_t at)
{
    ps__node n = {.kind = PS__NODE_MULTICAST};

    if (which == PROTOCOL_IP)
        n.families = PS__FAMILY_IP;
    else if (which == PROTOCOL_IP6)
        n.families = PS__FAMILY_IP6;
    else if (which == PROTOCOL_NONE && p->link_type != PS_LINK_ETHERNET)
        n.families = PS__FAMILY_IP | PS__FAMILY_IP6;
    else if ((which != PROTOCOL_NONE && which != PROTOCOL_LINK) || p->link_type != PS_LINK_ETHERNET)
        return fail_at(p, at);
    return add(p, n);
}

static int expression(parser *p);

/* "(80 or 443)" behind qualifiers. */
static int group(parser *p)
{
    int made;

    if (p->depth == PS__FILTER_DEPTH)
        return fail(p);
    p->depth++;
    next(p);
    made = expression(p);
    p->depth--;
    if (made >= 0 && p->token != TOKEN_CLOSE)
        return fail(p);
    if (made >= 0)
        next(p);
    return made;
}

static int values(parser *p, qualifiers q)
{
    int made;

    p->last = q;
    if (p->token == TOKEN_OPEN)
        return group(p);
    if (p->token != TOKEN_WORD)
        return fail(p);
    made = add_value(p, q);
    if (made >= 0)
        next(p);
    return made;
}

static int primitive(parser *p)
{
    size_t at = p->at;
    qualifiers q = {TYPE_ANY, PROTOCOL_NONE, PS__EITHER};
    size_t which;
    bool has_direction;

    if (take(p, "less"))
        return add_length(p, PS__NODE_SHORTER);
    if (take(p, "greater"))
        return add_length(p, PS__NODE_LONGER);
    if (take(p, "vlan"))
        return add_vlan(p, at);
    which = take_protocol(p, &q);
    if (take(p, "broadcast"))
        return add_broadcast(p, q.protocol, at);
    if (take(p, "multicast"))
        return add_multicast(p, q.protocol, at);
    has_direction = take_direction(p, &q.direction);
    take_type(p, &q.type);
    if (which < PROTOCOLS && !has_direction && q.type == TYPE_ANY && !value_can_follow(p))
        return add_protocol_alone(p, which);
    if (which == PROTOCOLS && !has_direction && q.type == TYPE_ANY)
        q = p->last;
    return values(p, q);
}

/* ---- expressions ----------------------------------------------------------------------------- */

static int term(parser *p)
{
    ps__node n = {.kind = PS__NODE_NOT};

    switch (p->token) {
    case TOKEN_NOT:
        if (p->depth == PS__FILTER_DEPTH)
            return fail(p);
        next(p);
        p->depth++;
        n.left = term(p);
        p->depth--;
        return n.left < 0 ? -1 : add(p, n);
    case TOKEN_OPEN:
        return group(p);
    case TOKEN_WORD:
        return primitive(p);
    default:
        return fail(p);
    }
}

static int expression(parser *p)
{
    int left = term(p);

    while (left >= 0 && (p->token == TOKEN_AND || p->token == TOKEN_OR)) {
        ps__node n = {.kind = p->token == TOKEN_AND ? PS__NODE_AND : PS__NODE_OR, .left = left};
        next(p);
        n.right = term(p);
        left = n.right < 0 ? -1 : add(p, n);
    }
    return left;
}

int ps__expression_parse(const char *text, int link_type, ps__expression *e, size_t *error_offset)
{
    parser p = {.text = text, .link_type = link_type, .out = e};

    e->count = 0;
    e->root = -1;
    e->tagged = false;
    next(&p);
    if (p.token == TOKEN_END)
        return 0;
    e->root = expression(&p);
    if (e->root >= 0 && p.token != TOKEN_END)
        e->root = fail(&p);
    *error_offset = p.fault;
    return e->root >= 0 ? 0 : PS_BAD_FILTER;
}
