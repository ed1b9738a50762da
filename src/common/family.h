/* A family of addresses: one file with one table of its functions. A new family is its file and a line in the
 * backend's list (ps__sys_families). */
#ifndef PS_FAMILY_H
#define PS_FAMILY_H

#include "portsock/address.h"

typedef struct ps__family {
    int family;         /* AF_* */
    const char *prefix; /* of its text form: "unix:"; NULL for inet and inet6, whose forms have none */
    size_t length_min;  /* the shortest sockaddr that the system gives */
    size_t length_max;  /* the longest */
    /* Reads the text behind the prefix. *a is "no address" before, and may be anything after a failure. */
    int (*parse)(ps_addr *a, const char *text);
    /* Writes the text with the prefix into `size` bytes; PS_BAD_LENGTH when it does not fit. */
    int (*format)(const ps_addr *a, char *text, size_t size);
    /* Whether two addresses of this family name the same thing; NULL: compare their bytes. */
    bool (*equal)(const ps_addr *a, const ps_addr *b);
    /* Goes on with a hash over what `equal` compares; NULL: over the bytes. */
    uint64_t (*hash)(const ps_addr *a, uint64_t hash);
} ps__family;

/* The two that every system has; src/common/inet.c and inet6.c. */
extern const ps__family ps__family_inet;
extern const ps__family ps__family_inet6;
/* src/common/unix.c; both systems have the header, and the kernel says whether it knows the family. */
extern const ps__family ps__family_unix;
/* Linux's own: src/posix/NAME.c, or src/common/absent/NAME.c where there is none. */
extern const ps__family ps__family_netlink;
extern const ps__family ps__family_tipc;
extern const ps__family ps__family_packet;
extern const ps__family ps__family_vsock;
extern const ps__family ps__family_can;

/* The table of a family, or NULL when this system has none. */
const ps__family *ps__family_find(int family);

/* Whether *a is of the family, which this system has, and as long as the family's addresses are. */
bool ps__addr_is(const ps_addr *a, int family);

/* The number of bytes that count. */
size_t ps__addr_length(const ps_addr *a);

/* Makes *a an address of a family with nothing else set. */
void ps__addr_clear(ps_addr *a, int family, size_t length);

/* The wildcard address of inet or inet6, port 0. */
void ps__addr_wildcard(ps_addr *a, int family);

#endif
