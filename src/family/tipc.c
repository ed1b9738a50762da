#include "config.h"

#include "common/address/hash.h"
#include "common/address/number_fields.h"
#include "common/backend.h"
#include "common/text.h"
#include "family/family.h"

#include <limits.h>
#include <string.h>

/*
 * AF_TIPC: (addr_type, v1, v2, v3, scope).
 *
 * Text: "tipc:name:TYPE:INSTANCE:DOMAIN", "tipc:nameseq:TYPE:LOWER:UPPER",
 * "tipc:id:NODE:REFERENCE:0", with ":SCOPE" behind it when it is not TIPC_CLUSTER_SCOPE; a scope
 * that withdraws a name is negative.
 */

#if PS__HAVE_TIPC

static const struct sockaddr_tipc *native(const ps_addr *a)
{
    return (const struct sockaddr_tipc *)&a->storage;
}

int ps_addr_tipc(ps_addr *a, int addr_type, unsigned v1, unsigned v2, unsigned v3, int scope)
{
    struct sockaddr_tipc *tipc;

    if (!a)
        return PS_EFAULT;
    a->len = 0;
    if (addr_type != TIPC_ADDR_NAME && addr_type != TIPC_ADDR_NAMESEQ && addr_type != TIPC_ADDR_ID)
        return PS_BAD_ADDR_TYPE;
    if (scope > SCHAR_MAX || scope < -SCHAR_MAX)
        return PS_BAD_SCOPE;
    ps__addr_clear(a, AF_TIPC, sizeof *tipc);
    tipc = (struct sockaddr_tipc *)&a->storage;
    tipc->addrtype = (unsigned char)addr_type;
    tipc->scope = (signed char)scope;
    if (addr_type == TIPC_ADDR_NAME) {
        tipc->addr.name.name.type = v1;
        tipc->addr.name.name.instance = v2;
        tipc->addr.name.domain = v3;
    } else if (addr_type == TIPC_ADDR_NAMESEQ) {
        tipc->addr.nameseq.type = v1;
        tipc->addr.nameseq.lower = v2;
        tipc->addr.nameseq.upper = v3;
    } else {
        tipc->addr.id.node = v1;
        tipc->addr.id.ref = v2;
    }
    return 0;
}

/* The three numbers of an address; a name's third is its domain. */
static int get_values(const ps_addr *a, unsigned long values[3])
{
    const struct sockaddr_tipc *tipc = native(a);

    switch (tipc->addrtype) {
    case TIPC_ADDR_NAME:
        values[0] = tipc->addr.name.name.type;
        values[1] = tipc->addr.name.name.instance;
        values[2] = tipc->addr.name.domain;
        return 0;
    case TIPC_ADDR_NAMESEQ:
        values[0] = tipc->addr.nameseq.type;
        values[1] = tipc->addr.nameseq.lower;
        values[2] = tipc->addr.nameseq.upper;
        return 0;
    case TIPC_ADDR_ID:
        values[0] = tipc->addr.id.node;
        values[1] = tipc->addr.id.ref;
        values[2] = 0;
        return 0;
    default:
        return PS_BAD_ADDR_TYPE;
    }
}

int ps_addr_get_tipc(const ps_addr *a, int *addr_type, unsigned *v1, unsigned *v2, unsigned *v3,
                     int *scope)
{
    unsigned long values[3];

    ps__put_int(addr_type, 0);
    ps__put_unsigned(v1, 0);
    ps__put_unsigned(v2, 0);
    ps__put_unsigned(v3, 0);
    ps__put_int(scope, 0);
    if (!a)
        return PS_EFAULT;
    if (ps_addr_family(a) != AF_TIPC || (size_t)a->len < sizeof(struct sockaddr_tipc))
        return PS_BAD_FAMILY;
    if (get_values(a, values) != 0)
        return PS_BAD_ADDR_TYPE;
    ps__put_int(addr_type, native(a)->addrtype);
    ps__put_unsigned(v1, values[0]);
    ps__put_unsigned(v2, values[1]);
    ps__put_unsigned(v3, native(a)->addrtype == TIPC_ADDR_NAME ? values[1] : values[2]);
    ps__put_int(scope, native(a)->scope);
    return 0;
}

static const struct {
    const char *name;
    int addr_type;
} type_names[] = {{"name", TIPC_ADDR_NAME}, {"nameseq", TIPC_ADDR_NAMESEQ}, {"id", TIPC_ADDR_ID}};

enum { TYPE_NAMES = sizeof type_names / sizeof type_names[0] };

static int parse_type(const char **text)
{
    size_t length = strcspn(*text, ":");
    size_t i;

    for (i = 0; i < TYPE_NAMES; i++) {
        if (strlen(type_names[i].name) == length &&
            memcmp(type_names[i].name, *text, length) == 0) {
            *text += length;
            return type_names[i].addr_type;
        }
    }
    return -1;
}

/* Takes a negative scope, ":-2" at the end, off a copy of the text. Returns whether there was
 * one. */
static bool take_negative_scope(char *text)
{
    char *colon = strrchr(text, ':');

    if (!colon || colon[1] != '-')
        return false;
    memmove(colon + 1, colon + 2, strlen(colon + 2) + 1);
    return true;
}

static int parse_tipc(ps_addr *a, const char *text)
{
    unsigned long fields[4] = {0, 0, 0, TIPC_CLUSTER_SCOPE};
    char copy[64];
    int addr_type = parse_type(&text);
    bool negative;
    size_t count;
    int scope;

    if (addr_type < 0)
        return PS_BAD_ADDR_TYPE;
    if (*text != ':' || strlen(text) >= sizeof copy)
        return PS_BAD_ADDRESS;
    memcpy(copy, text + 1, strlen(text));
    negative = take_negative_scope(copy);
    count = ps__fields_parse(copy, fields, 4);
    if (count < 3 || (negative && count < 4))
        return PS_BAD_ADDRESS;
    if (fields[3] > SCHAR_MAX)
        return PS_BAD_SCOPE;
    scope = negative ? -(int)fields[3] : (int)fields[3];
    return ps_addr_tipc(a, addr_type, (unsigned)fields[0], (unsigned)fields[1], (unsigned)fields[2],
                        scope);
}

static int format_tipc(const ps_addr *a, char *text, size_t size)
{
    unsigned long values[3];
    int scope = native(a)->scope;
    char whole[96] = "tipc:";
    char *end = whole + strlen(whole);
    size_t i;

    if (get_values(a, values) != 0) {
        (void)ps__text_copy(text, size, "", 0);
        return PS_BAD_ADDR_TYPE;
    }
    for (i = 0; i < TYPE_NAMES; i++) {
        if (type_names[i].addr_type == native(a)->addrtype) {
            size_t length = strlen(type_names[i].name);
            memcpy(end, type_names[i].name, length);
            end += length;
        }
    }
    end = ps__fields_format(end, values, 3);
    if (scope != TIPC_CLUSTER_SCOPE) {
        *end++ = ':';
        if (scope < 0)
            *end++ = '-';
        end = ps__number_to_text((unsigned long)(scope < 0 ? -scope : scope), end);
    }
    return ps__text_copy(text, size, whole, (size_t)(end - whole));
}

static bool equal_tipc(const ps_addr *a, const ps_addr *b)
{
    unsigned long values_a[3], values_b[3];

    /* Of a type that is not known, every byte counts. */
    if (get_values(a, values_a) != 0 || get_values(b, values_b) != 0)
        return memcmp(native(a), native(b), sizeof(struct sockaddr_tipc)) == 0;
    return native(a)->addrtype == native(b)->addrtype && native(a)->scope == native(b)->scope &&
           memcmp(values_a, values_b, sizeof values_a) == 0;
}

static uint64_t hash_tipc(const ps_addr *a, uint64_t hash)
{
    const int parts[] = {native(a)->addrtype, native(a)->scope};
    unsigned long values[3];

    if (get_values(a, values) != 0)
        return ps__hash_bytes(hash, native(a), sizeof(struct sockaddr_tipc));
    return ps__hash_bytes(ps__hash_bytes(hash, parts, sizeof parts), values, sizeof values);
}

const ps__family ps__family_tipc = {
    .family = AF_TIPC,
    .prefix = "tipc:",
    .length_min = sizeof(struct sockaddr_tipc),
    .length_max = sizeof(struct sockaddr_tipc),
    .parse = parse_tipc,
    .format = format_tipc,
    .equal = equal_tipc,
    .hash = hash_tipc,
};

#else

int ps_addr_tipc(ps_addr *a, int addr_type, unsigned v1, unsigned v2, unsigned v3, int scope)
{
    (void)addr_type;
    (void)v1;
    (void)v2;
    (void)v3;
    (void)scope;
    return ps__family_absent(a);
}

int ps_addr_get_tipc(const ps_addr *a, int *addr_type, unsigned *v1, unsigned *v2, unsigned *v3,
                     int *scope)
{
    ps__put_int(addr_type, 0);
    ps__put_unsigned(v1, 0);
    ps__put_unsigned(v2, 0);
    ps__put_unsigned(v3, 0);
    ps__put_int(scope, 0);
    return a ? PS_BAD_FAMILY : PS_EFAULT;
}

const ps__family ps__family_tipc = {
    .family = PS__NO_FAMILY,
    .prefix = "tipc:",
    .parse = ps__family_parse_absent,
};

#endif
