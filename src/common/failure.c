#include "backend.h"
#include "socket.h"

#include <string.h>

void ps__record_failure(ps_sock *s, int operation, const ps_addr *peer, int code)
{
    (void)s;
    (void)operation;
    (void)peer;
    (void)code;
}
