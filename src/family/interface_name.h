/* Interfaces in the addresses of Linux's own families, by name. */
#ifndef PS_INTERFACE_NAME_H
#define PS_INTERFACE_NAME_H

#include <stddef.h>

/* The number of an interface, 0 for "". Returns 0; PS_BAD_ADDRESS for NULL; PS_ENODEV for an
 * unknown name. */
int ps__interface_of_name(const char *ifname, unsigned *index);

/* The name, "" for 0 and for an interface that is gone. Returns 0 or PS_BAD_LENGTH. */
int ps__name_of_interface(unsigned index, char *ifname, size_t n);

#endif
