/* The parts of TCP's line, which are in two files. */
#ifndef PS_CAPTURE_PROTOCOL_TCP_H
#define PS_CAPTURE_PROTOCOL_TCP_H

#include "capture/protocol/packet_text.h"

/* ", options [...]" of the options from `at` to `end`. Returns false when they end too soon, or
 * contradict themselves. */
bool ps__tcp_options_text(ps__text *text, uint32_t at, uint32_t end);

#endif
