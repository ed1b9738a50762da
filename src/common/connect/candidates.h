/*
 * The addresses that ps_create_connection tries, as they become known (RFC 8305, sections 3 and
 * 4).
 *
 * Both families are looked up together, since only then does the system order the addresses, and a
 * hosts file with one family hides the other family of the name servers. If that does not end
 * soon, because a server is silent for one family, each family is looked up separately, too, so
 * that connecting begins with what is known.
 */
#ifndef PS_CANDIDATES_H
#define PS_CANDIDATES_H

#include "common/resolve/address_list.h"
#include "common/resolve/address_set.h"
#include "common/resolve/lookup.h"

/* Both families together, and each separately. */
enum { PS__LOOKUP_BOTH, PS__LOOKUP_INET6, PS__LOOKUP_INET, PS__LOOKUPS };

typedef struct ps__candidates {
    ps__address_list list;
    ps__address_set known;
    int port;
    int only;                         /* the one family that may be used, or AF_UNSPEC */
    char name[PS_HOST_MAX];           /* what is looked up */
    ps__lookup *lookups[PS__LOOKUPS]; /* those that have not ended */
    ps__deadline pause; /* when separate lookups start; then, when IPv4 is used alone */
    bool separate;      /* separate lookups have been started */
    bool ready;         /* connecting may begin */
    bool ordered;       /* the system has put the addresses of both families in order */
    int failure;        /* of the lookup, without an address */
    /* of the first address's family, and of the other: all before have been taken */
    size_t next[2];
    int turn;
    int first_family;
} ps__candidates;

/* Begins with a host: what needs no lookup is there at once. ps__candidates_free must follow,
 * whatever is returned: 0, or why there is nothing to try. */
int ps__candidates_begin(ps__candidates *c, const char *host, int port, int only,
                         const ps__limit *limit);
void ps__candidates_free(ps__candidates *c);

/* Does what is due: starts separate lookups, or lets connecting begin. */
void ps__candidates_go_on(ps__candidates *c);

/* When something becomes due; PS__FOREVER: when a lookup ends. */
int64_t ps__candidates_due(const ps__candidates *c);

/* Writes what to wait for into at most PS__LOOKUPS entries, and returns how many; takes in what
 * they have said afterwards. Returns 0 or PS_ENOMEM. */
size_t ps__candidates_wait(const ps__candidates *c, ps__wait_entry *entries);
int ps__candidates_collect(ps__candidates *c, const ps__wait_entry *entries);

/* Whether an address may be tried now, and whether one may become known yet. */
bool ps__candidates_available(ps__candidates *c);
bool ps__candidates_pending(const ps__candidates *c);

/* The next address: the two families in turn, the first one's first. */
const ps_addr *ps__candidates_take(ps__candidates *c);

#endif
