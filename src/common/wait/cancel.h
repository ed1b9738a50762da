/* What the frontend's files share about cancel tokens. */
#ifndef PS_CANCEL_H
#define PS_CANCEL_H

#include "common/backend.h"

#include <stdatomic.h>

/* The notifier is what ps__sys_wait waits for: readable once the token is fired. */
struct ps_cancel {
    ps__notifier notifier;
    atomic_bool fired;
};

/* As ps_cancel_fired. */
static inline bool ps__is_fired(const ps_cancel *token)
{
    return token && atomic_load(&token->fired);
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
