/* SO_ERROR: reported once, and the same number on every system (judge.h). */
#ifndef PS_SO_ERROR_H
#define PS_SO_ERROR_H

#include "common/option/table.h"

int ps__so_error_get(ps_sock *s, const ps__option *option, void *value, socklen_t *size);

#endif
