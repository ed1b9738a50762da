/* Files of two sizes, and connections that do not take the larger one at once. */
#ifndef TESTS_SUPPORT_FILE_SENDING_H
#define TESTS_SUPPORT_FILE_SENDING_H

#include "connection.h"
#include "native_file.h"

enum { SMALL = 3000, LARGE = 3 * 1024 * 1024 + 5 };

/* Its sender takes little before the peer reads. */
connection small_connection(double timeout);

/* ps_sendfile of a file of LARGE bytes in a thread of its own. */
typedef struct sending {
    connection *c;
    const native_file *f;
    uint64_t sent;
    int code;
} sending;

void send_file(void *argument);

#endif
