/* A call in a thread of its own, with all that it works on, so that the thread may go on when
 * the socket is closed. */
#ifndef TESTS_SUPPORT_THREAD_CALL_H
#define TESTS_SUPPORT_THREAD_CALL_H

#include "transfers.h"

typedef struct call {
    ptrdiff_t (*run)(struct call *call);
    ps_sock socket;
    ps_addr address;
    ps_file *file;
    char *data; /* PLENTY bytes */
    size_t sent;
    char text[8];
    ptrdiff_t result;
} call;

/* For a thread. */
void run_call(void *call);

ptrdiff_t run_recv(call *c);
ptrdiff_t run_waitall(call *c);
ptrdiff_t run_recvfrom(call *c);
ptrdiff_t run_recvmsg(call *c);
ptrdiff_t run_accept(call *c);
ptrdiff_t run_connect(call *c);
/* As often as it takes to make it wait. */
ptrdiff_t run_send(call *c);
ptrdiff_t run_sendall(call *c);

#endif
