/* An interface in the text of an address: its name, "#NUMBER" for one that has no name, "" for
 * none. */
#ifndef PS_INTERFACE_TEXT_H
#define PS_INTERFACE_TEXT_H

/* The size of what ps__interface_format writes. */
#define PS__INTERFACE_TEXT_MAX 64

/* Returns 0; PS_BAD_ADDRESS for a number that is none; PS_ENODEV for an unknown name. */
int ps__interface_parse(const char *text, unsigned *index);

/* Writes the text and a NUL into PS__INTERFACE_TEXT_MAX bytes, and returns the text's end. A
 * name that could not be read back (it has a colon, or begins with '#'), or not be seen (it has
 * control characters, or is not UTF-8), is written as its number. */
char *ps__interface_format(unsigned index, char *text);

#endif
