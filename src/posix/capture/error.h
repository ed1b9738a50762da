/* The failures of the system's own calls. */
#ifndef PS_POSIX_CAPTURE_ERROR_H
#define PS_POSIX_CAPTURE_ERROR_H

#include "portsock.h"

#include <errno.h>

/* The code of a native number. */
static inline int ps__native_error(int number)
{
    return ps_error_from_native(PS_KIND_OS, number);
}

/* The code of the call that has just failed. */
static inline int ps__last_native_error(void)
{
    return ps__native_error(errno);
}

#endif
