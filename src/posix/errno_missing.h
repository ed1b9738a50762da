/* Names of the list of errors (portsock/error.h) that this system's <errno.h> may lack: each
 * gets a number that no errno has. */
#ifndef PS_ERRNO_MISSING_H
#define PS_ERRNO_MISSING_H

#include "portsock/error.h"

#include <errno.h>

#ifndef ENOMSG
#define ENOMSG PS_ABSENT(42)
#endif
#ifndef ENODATA
#define ENODATA PS_ABSENT(61)
#endif
#ifndef ETIME
#define ETIME PS_ABSENT(62)
#endif
#ifndef ENONET
#define ENONET PS_ABSENT(64)
#endif
#ifndef EREMOTE
#define EREMOTE PS_ABSENT(66)
#endif
#ifndef ENOLINK
#define ENOLINK PS_ABSENT(67)
#endif
#ifndef ECOMM
#define ECOMM PS_ABSENT(70)
#endif
#ifndef EPROTO
#define EPROTO PS_ABSENT(71)
#endif
#ifndef EBADMSG
#define EBADMSG PS_ABSENT(74)
#endif
#ifndef EOVERFLOW
#define EOVERFLOW PS_ABSENT(75)
#endif
#ifndef EILSEQ
#define EILSEQ PS_ABSENT(84)
#endif
#ifndef EUSERS
#define EUSERS PS_ABSENT(87)
#endif
#ifndef ESOCKTNOSUPPORT
#define ESOCKTNOSUPPORT PS_ABSENT(94)
#endif
#ifndef EPFNOSUPPORT
#define EPFNOSUPPORT PS_ABSENT(96)
#endif
#ifndef ESHUTDOWN
#define ESHUTDOWN PS_ABSENT(108)
#endif
#ifndef ETOOMANYREFS
#define ETOOMANYREFS PS_ABSENT(109)
#endif
#ifndef EHOSTDOWN
#define EHOSTDOWN PS_ABSENT(112)
#endif
#ifndef ESTALE
#define ESTALE PS_ABSENT(116)
#endif
#ifndef EREMOTEIO
#define EREMOTEIO PS_ABSENT(121)
#endif
#ifndef EDQUOT
#define EDQUOT PS_ABSENT(122)
#endif
#ifndef ECANCELED
#define ECANCELED PS_ABSENT(125)
#endif
#ifndef EOWNERDEAD
#define EOWNERDEAD PS_ABSENT(130)
#endif
#ifndef EPROCLIM
#define EPROCLIM PS_ABSENT(151)
#endif
#ifndef ESYSNOTREADY
#define ESYSNOTREADY PS_ABSENT(152)
#endif
#ifndef EVERNOTSUPPORTED
#define EVERNOTSUPPORTED PS_ABSENT(153)
#endif
#ifndef ENOTINITIALISED
#define ENOTINITIALISED PS_ABSENT(154)
#endif
#ifndef EDISCON
#define EDISCON PS_ABSENT(155)
#endif

#endif
