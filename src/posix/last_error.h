/* The code of the system call that has just failed; for what has included common/backend.h. */
#ifndef PS_LAST_ERROR_H
#define PS_LAST_ERROR_H

#include <errno.h>

/* "Would block" is the one error that is no exception. */
static inline int ps__last_error(void)
{
    return errno == EWOULDBLOCK ? PS_EWOULDBLOCK : ps__from_os(errno);
}

#endif
