/* Which Windows this is, for what no call reports. */
#ifndef PS_VERSION_H
#define PS_VERSION_H

#include <stdbool.h>

/* Build numbers increase from each version of Windows to the next. */
enum { PS__BUILD_WINDOWS_10_1709 = 16299 };

/* Whether Windows is of that build or a later one. False where its build cannot be read. */
bool ps__windows_has_build(unsigned long build);

#endif
