/* Prints the bytes of a ps_sock, and the bytes of the heap that a connected socket has besides. */
#define _GNU_SOURCE
#include <portsock.h>

#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>

enum { PAIRS = 200 };

static size_t heap_bytes(void)
{
#ifdef __GLIBC__
    return mallinfo2().uordblks;
#else
    return 0;
#endif
}

int main(void)
{
    static ps_sock pairs[PAIRS][2];
    size_t before = heap_bytes();
    int i;

    for (i = 0; i < PAIRS; i++) {
        if (ps_socketpair(pairs[i], AF_INET, SOCK_STREAM, 0) != 0 ||
            ps_settimeout(&pairs[i][0], 5) != 0 || ps_send(&pairs[i][0], "x", 1, 0) != 1)
            return 1;
    }
    printf("%zu %.1f\n", sizeof(ps_sock), (double)(heap_bytes() - before) / (2 * PAIRS));
    return 0;
}
