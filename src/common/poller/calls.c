#include "config.h"

#include "common/poller/pollers.h"

/* Apart from the pollers, which only ps_poller_open brings into a program. */
_Atomic(const ps__poller_calls *) ps__pollers;
