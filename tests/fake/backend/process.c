#include "script.h"

#include "common/socket/gate.h"
#include "common/socket/socket.h"

void ps__sys_stay_mapped(void)
{
}

static void (*at_unload)(void);

void ps__sys_at_unload(void (*release)(void))
{
    at_unload = release;
}

void fake_unload(void)
{
    if (at_unload)
        at_unload();
}

static void (*begin_child)(void);

int ps__sys_at_fork(void (*child)(void))
{
    begin_child = child;
    return 0;
}

void fake_fork(void)
{
    begin_child();
}

void fake_begin_closing(void *sock)
{
    ps_sock *s = sock;

    s->closer = (unsigned char)ps__generation();
    s->calls -= PS__CLOSING;
}
