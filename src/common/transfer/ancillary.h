/* Ancillary data: the items in the memory that a system call takes or has filled. */
#ifndef PS_CONTROL_H
#define PS_CONTROL_H

#include "portsock/message.h"

/* Writes one item into `buffer` at `offset`. Returns the offset behind it, or 0 when it does not
 * fit. */
size_t ps__control_write(void *buffer, size_t capacity, size_t offset, const ps_control *item);

/* Reads the item at `offset`; its data stay where they are. Returns the offset behind it, or 0
 * when there is none. */
size_t ps__control_read(const void *buffer, size_t capacity, size_t offset, ps_control *item);

/* Whether an item carries handles; closes those of them from the number `first` on. */
bool ps__control_has_handles(const ps_control *item);
void ps__control_close_handles(const ps_control *item, size_t first);

#endif
