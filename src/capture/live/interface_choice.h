/* Which interface a text means. */
#ifndef PS_CHOOSE_H
#define PS_CHOOSE_H

#include "portsock/address.h"
#include "portsock/interface.h"

/* The text for all interfaces. */
bool ps__is_any(const char *text);

/* Whether the text is an address without an interface: "0.0.0.0", "::". */
bool ps__is_wildcard(const char *text);

/* The interface that a name, an index or an address means; the default one for NULL. NULL when
 * there is none. `address` becomes the address to capture at: the one in the text, or else the
 * interface's first of inet that is not a link's own, or "no address". */
const ps_interface *ps__choose_interface(const ps_interface *list, const char *text,
                                         ps_addr *address);

#endif
