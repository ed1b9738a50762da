#include "cancel.h"

#include "socket.h"
#include "stream_hold.h"

#include <stdatomic.h>
#include <stdlib.h>

struct ps_cancel {
    ps__bell bell;
    atomic_bool fired;
};

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
    atomic_init(&made->fired, false);
    code = ps__sys_bell_open(&made->bell);
    if (code != 0) {
        free(made);
        return code;
    }
    *token = made;
    return 0;
}

void ps_cancel_fire(ps_cancel *token)
{
    if (token && !atomic_exchange(&token->fired, true))
        ps__sys_bell_ring(&token->bell);
}

int ps_cancel_reset(ps_cancel *token)
{
    if (!token)
        return PS_EFAULT;
    ps__sys_bell_still(&token->bell);
    atomic_store(&token->fired, false);
    return 0;
}

bool ps_cancel_fired(const ps_cancel *token)
{
    return token && atomic_load(&token->fired);
}

void ps__cancel_seen(ps_cancel *token)
{
    atomic_store(&token->fired, true);
}

void ps_cancel_close(ps_cancel *token)
{
    if (!token)
        return;
    ps__sys_bell_close(&token->bell);
    free(token);
}

ps_handle ps__cancel_handle(const ps_cancel *token)
{
    return token ? token->bell.listen : PS_INVALID_HANDLE;
}

int ps__canceled(const ps_sock *s)
{
    return ps_cancel_fired(ps__token(s)) ? PS_ECANCELED : 0;
}

static int setcancel_entered(ps_sock *s, ps_cancel *token)
{
    int code;

    if (s->handle == PS_INVALID_HANDLE)
        return PS_EBADF;
    code = ps__sock_set_mode(s, ps__timeout(s), token);
    if (code != 0)
        return code;
    ps__set_token(s, token);
    if (s->streams)
        ps__stream_hold_setcancel(s->streams, token);
    return 0;
}

int ps_setcancel(ps_sock *s, ps_cancel *token)
{
    int code = ps__begin(s);

    return code != 0 ? code : ps__end(s, PS_OPERATION_SETCANCEL, NULL, setcancel_entered(s, token));
}
