/* What the frontend's files share about cancel tokens. */
#ifndef PS_CANCEL_H
#define PS_CANCEL_H

#include "common/backend.h"

#include <stdatomic.h>

/* The notifier is what ps__sys_wait waits for: readable once the token is fired. */
struct ps_cancel {
    ps__notifier notifier;
    atomic_uint changes; /* fires and resets, in turn: it is fired while this is odd */
    atomic_uint holders; /* the program until ps_cancel_close, and pollers that watch it */
};

/* Keeps a token, which may be closed meanwhile, until it is released. */
static inline void ps__cancel_hold(ps_cancel *token)
{
    (void)atomic_fetch_add(&token->holders, 1);
}

void ps__cancel_release(ps_cancel *token);

/* Distinguishes a fire from those before a reset. */
static inline unsigned ps__cancel_changes(const ps_cancel *token)
{
    return atomic_load(&token->changes);
}

static inline bool ps__is_fire(unsigned changes)
{
    return changes % 2 != 0;
}

/* As ps_cancel_fired. */
static inline bool ps__is_fired(const ps_cancel *token)
{
    return token && ps__is_fire(ps__cancel_changes(token));
}

static inline ps__wait_entry ps__wait_entry_of_token(ps_cancel *token)
{
    return (ps__wait_entry){
        .handle = token->notifier.wait_handle, .events = PS__NOTIFIED, .token = token};
}

/* A child of fork may have had no handle for a notifier of its own: then the token is only looked
 * at, now and then. */
static inline bool ps__is_token_silent(const ps_cancel *token)
{
    return token && token->notifier.wait_handle == PS_INVALID_HANDLE;
}

/* A wait has found the token's notifier notified. */
void ps__cancel_seen(ps_cancel *token);

/* The socket's token, or NULL. */
ps_cancel *ps__token(const ps_sock *s);

#endif
