/* Which Windows this is, for what no call reports. */
#ifndef PS_VERSION_H
#define PS_VERSION_H

#include <stdbool.h>

/* Builds count up through all versions. */
enum { PS__BUILD_WINDOWS_10_1709 = 16299 };

/* Whether Windows is of that build or a later one. False where it does not say which it is. */
bool ps__windows_has_build(unsigned long build);

#endif
