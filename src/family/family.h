/* A family of addresses: one file with one row of its functions. A new family is its file and a
 * line of families.def. */
#ifndef PS_FAMILY_H
#define PS_FAMILY_H

#include "config.h"

#include "portsock/address.h"

typedef struct ps__family {
    int family; /* AF_* */
    const char
        *prefix; /* of its text form: "unix:"; NULL for inet and inet6, whose forms have none */
    size_t length_min; /* the shortest sockaddr that the system returns */
    size_t length_max; /* the longest */
    /* Changes an address that the system returned, of a possible length, into the form that this
     * library has for it; NULL: nothing to change. */
    void (*from_system)(ps_addr *a);
    /* Reads the text behind the prefix. *a is "no address" before, and may be anything after a
     * failure. */
    int (*parse)(ps_addr *a, const char *text);
    /* Writes the text with the prefix into `size` bytes; PS_BAD_LENGTH when it does not fit. */
    int (*format)(const ps_addr *a, char *text, size_t size);
    /* Whether two addresses of this family name the same thing; NULL: compare their bytes. */
    bool (*equal)(const ps_addr *a, const ps_addr *b);
    /* Goes on with a hash over what `equal` compares; NULL: over the bytes. */
    uint64_t (*hash)(const ps_addr *a, uint64_t hash);
} ps__family;

/* ps__family_inet and so on. */
#define FAMILY(name) extern const ps__family ps__family_##name;
#include "family/families.def"

/* No address is of this family. */
enum { PS__NO_FAMILY = -1 };

/* Every row, ended by NULL. */
const ps__family *const *ps__families(void);

/* Writes a result that the caller may not want. */
static inline void ps__put_int(int *to, int value)
{
    if (to)
        *to = value;
}

static inline void ps__put_unsigned(unsigned *to, unsigned long value)
{
    if (to)
        *to = (unsigned)value;
}

static inline void ps__put_no_name(char *name, size_t n)
{
    if (name && n > 0)
        *name = '\0';
}

/* What functions of an absent family do: they make "no address", and return PS_BAD_FAMILY. */
int ps__family_absent(ps_addr *a);
int ps__family_parse_absent(ps_addr *a, const char *text);

/* The row of a family, or NULL when this system has none. */
const ps__family *ps__family_find(int family);

/* The same for an address, or NULL when it is not as long as the family's addresses are. */
const ps__family *ps__family_of(const ps_addr *a);

/* Whether *a is of AF_INET or of AF_INET6, and as long as its addresses are. Without the table of
 * families, so that a program which uses no other family has no other. */
bool ps__addr_is(const ps_addr *a, int family);

/* The number of bytes that count. */
size_t ps__addr_length(const ps_addr *a);

/* Makes *a an address of a family with nothing else set. */
void ps__addr_clear(ps_addr *a, int family, size_t length);

/* The wildcard and the loopback address of inet or inet6, port 0. */
void ps__addr_wildcard(ps_addr *a, int family);
void ps__addr_loopback(ps_addr *a, int family);

#endif
