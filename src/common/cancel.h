/* What the frontend's files share about cancel tokens. */
#ifndef PS_CANCEL_H
#define PS_CANCEL_H

#include "backend.h"

/* What ps__sys_wait can wait for: readable once the token is fired. PS_INVALID_HANDLE for NULL. */
ps_handle ps__cancel_handle(const ps_cancel *token);

/* The handle of a token was readable, which is what counts when ps_cancel_reset runs beside ps_cancel_fire. */
void ps__cancel_seen(ps_cancel *token);

#endif
