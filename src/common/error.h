/* Codes beyond the lists of portsock/error.h. */
#ifndef PS_ERROR_H
#define PS_ERROR_H

#include "portsock/error.h"

/* Where a native number that has no portable name came from. */
typedef enum ps__door { PS__DOOR_OS, PS__DOOR_RESOLVER, PS__DOOR_HOST } ps__door;

/* The code that keeps such a number; ps_error_native gives it back. */
int ps__code_unknown(ps__door door, int native);

#endif
