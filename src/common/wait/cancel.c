#include "config.h"

#include "common/wait/cancel.h"

#include "common/poller/pollers.h"
#include "common/socket/gate.h"
#include "common/socket/socket.h"
#include "common/wait/wait.h"

#include <stdlib.h>

int ps_cancel_open(ps_cancel **token)
{
    ps_cancel *made;
    int code;

    if (!token)
        return PS_EFAULT;
    *token = NULL;
    made = malloc(sizeof *made);
    if (!made)
        return PS_ENOMEM;
    atomic_init(&made->changes, 0);
    atomic_init(&made->holders, 1);
    code = ps__sys_notifier_open(&made->notifier, true);
    if (code != 0) {
        free(made);
        return code;
    }
    *token = made;
    return 0;
}

void ps_cancel_fire(ps_cancel *token)
{
    if (token && !ps__is_fire(atomic_fetch_or(&token->changes, 1)))
        ps__sys_notify(&token->notifier);
}

/* If it is not fired any more when this comes to it, another thread has reset it. */
static void end_fire(ps_cancel *token)
{
    unsigned changes = ps__cancel_changes(token);

    if (ps__is_fire(changes))
        (void)atomic_compare_exchange_strong(&token->changes, &changes, changes + 1);
}

int ps_cancel_reset(ps_cancel *token)
{
    if (!token)
        return PS_EFAULT;
    ps__sys_notifier_clear(&token->notifier);
    end_fire(token);
    return 0;
}

bool ps_cancel_fired(const ps_cancel *token)
{
    return ps__is_fired(token);
}

/* ps_cancel_fire and ps_cancel_reset take two steps each. If the token is not fired, the notifier
 * was notified before a reset that is over, and is clear by now; or it is notified, since the two
 * ran at the same time, and then the fire is taken to have come last. */
void ps__cancel_seen(ps_cancel *token)
{
    if (ps__is_fired(token) || ps__look(token->notifier.wait_handle, PS__NOTIFIED) <= 0)
        return;
    (void)atomic_fetch_or(&token->changes, 1);
    ps__sys_notify(&token->notifier);
}

void ps__cancel_release(ps_cancel *token)
{
    if (atomic_fetch_sub(&token->holders, 1) != 1)
        return;
    ps__sys_notifier_close(&token->notifier);
    free(token);
}

void ps_cancel_close(ps_cancel *token)
{
    if (token)
        ps__cancel_release(token);
}

ps_cancel *ps__token(const ps_sock *s)
{
    return ps__flags(s) & PS__HAS_TOKEN ? atomic_load(&ps__attached(s)->cancel) : NULL;
}

/* What is to change is there before the mode changes, so that threads that do this at the same
 * time agree in the end. */
static int set_token(ps_sock *s, ps_cancel *token)
{
    struct ps__attached *a = ps__attached(s);

    if (a)
        atomic_store(&a->cancel, token);
    if (token)
        ps__set_flags(s, PS__HAS_TOKEN);
    else
        ps__clear_flags(s, PS__HAS_TOKEN);
    if (ps__is_in_poller(s) && ps__pollers_follow_token(s) != 0)
        return PS_ENOMEM;
    return ps__sock_set_mode(s);
}

static ptrdiff_t setcancel(ps_sock *s, void *token)
{
    ps_cancel *before;
    int code;

    if (token && !ps__attach(s))
        return PS_ENOMEM;
    before = ps__token(s);
    code = set_token(s, token);
    if (code != 0)
        (void)set_token(s, before);
    return code;
}

int ps_setcancel(ps_sock *s, ps_cancel *token)
{
    return (int)ps__gate(s, PS_OPERATION_SETCANCEL, NULL, setcancel, token);
}
