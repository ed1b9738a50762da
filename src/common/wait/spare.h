/* Memory for the lists of calls with many entries. The process keeps a block of each kind, so that
 * a program that waits for many sockets again and again does not have the system give it memory and
 * take it back each time. They are freed when the library is unloaded. */
#ifndef PS_SPARE_H
#define PS_SPARE_H

#include <stddef.h>

enum { PS__SPARE_OF_POLL, PS__SPARE_OF_BACKEND, PS__SPARES };

/* Memory for any type, or NULL. */
void *ps__spare_take(int kind, size_t size);

/* Returns it. */
void ps__spare_give(int kind, void *memory);

#endif
