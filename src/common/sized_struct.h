/*
 * Structs that users fill: their first member is the size that the _INIT macro of the user's
 * version has set, so that a later version of the library can add members.
 */
#ifndef PS_SIZED_STRUCT_H
#define PS_SIZED_STRUCT_H

#include <stdalign.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

/*
 * Copies what the user's version has over the defaults of this version: members that it does not
 * have keep them. False for a size of another struct, and for one of a later version, whose
 * members are not known here. The size of every version is a multiple of the alignment of its
 * first member: another size would copy a piece of a pointer.
 */
static inline bool ps__sized_struct_read(void *known, size_t known_size, const void *given,
                                         size_t given_size)
{
    if (given_size < sizeof(size_t) || given_size > known_size || given_size % alignof(size_t) != 0)
        return false;
    memcpy(known, given, given_size);
    return true;
}

#endif
