/* The text of an address, and what a call that failed has left of one. */
#ifndef TESTS_SUPPORT_ADDRESS_TEXT_H
#define TESTS_SUPPORT_ADDRESS_TEXT_H

#include "test.h"

/* The text, in the room that it needs and no less, and the address that is made of it again;
 * NULL: any text. */
void assert_address_text(const ps_addr *a, const char *expected);

/* The call gave that code and no address. */
void assert_no_address(int code, int expected, const ps_addr *a);

#endif
