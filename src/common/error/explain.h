/* The table behind ps_explain. */
#ifndef PS_EXPLAIN_H
#define PS_EXPLAIN_H

#include <stddef.h>

typedef struct ps__explanation {
    int code;
    int operation; /* PS_OPERATION_NONE: any that has no row of its own */
    const char *text;
} ps__explanation;

/* All rows: the first that fits is the answer, so those for any operation come last. */
const ps__explanation *ps__explanations(size_t *count);

#endif
