/* Codes beyond the lists of portsock/error.h. */
#ifndef PS_ERROR_H
#define PS_ERROR_H

#include "portsock/error.h"

/* The code that keeps a native number without a portable name; ps_error_native returns it.
 * `kind` is OS, GAI or HOST. */
int ps__code_unknown(ps_kind kind, int native);

#endif
