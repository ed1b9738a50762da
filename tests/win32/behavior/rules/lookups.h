/* What tests ask the rules of lookups in the background: lookups_refused.c,
 * lookups_impersonating.c, lookups_overlapped.c. */
#ifndef TESTS_WIN32_LOOKUPS_H
#define TESTS_WIN32_LOOKUPS_H

#include <stdbool.h>

/* How many lookups have been refused, for what reason. */
long lookups_refused_by_version(void);
long lookups_refused_to_clients(void);

/* Lets the calling thread impersonate the user of the process, and not any more. */
void impersonate(bool on);

/* How a lookup goes on: it completes later; before GetAddrInfoExW returns WSA_IO_PENDING; or the
 * call returns its result, and nothing completes. */
typedef enum lookup_way { LATER, EARLY, AT_ONCE, LOOKUP_WAYS } lookup_way;

/* Every lookup from now on; LOOKUP_WAYS: each of the three in turn, as at first. */
void set_lookup_way(lookup_way way);

/* A number that is not 0: every lookup is refused with it. */
void set_lookup_refusal(int number);

/* Lets the completions of lookups wait until they may go on. */
void hold_lookups(bool on);

/* Lets each cancel wait until its lookup has ended, which it lets go on. */
void let_cancels_come_too_late(bool on);

/* How many lookups have begun; completed or returned at once; been canceled in time, or too
 * late. */
long lookups_begun(void);
long lookups_ended(void);
long lookups_canceled(void);
long lookups_canceled_late(void);

/* The lists of addresses that have been handed over and not been freed. */
long lookup_lists(void);

#endif
