/* The other process of tests/win32/processes.c: reads what ps_share made from standard input,
 * takes the socket over, and talks to its peer. The exit status says how far it came. */
#include <portsock.h>

#include <fcntl.h>
#include <io.h>
#include <stdio.h>
#include <string.h>

int main(void)
{
    unsigned char blob[PS_SHARE_SIZE];
    char answer[6];
    size_t size;
    ps_sock s;

    _setmode(_fileno(stdin), _O_BINARY);
    size = fread(blob, 1, sizeof blob, stdin);
    if (ps_fromshare(&s, blob, size) != 0)
        return 2;
    if (s.family != AF_INET || s.type != SOCK_STREAM || s.proto != IPPROTO_TCP)
        return 3;
    if (ps_settimeout(&s, 10) != 0 || ps_sendall(&s, "child", 5, 0, NULL) != 0)
        return 4;
    if (ps_recv(&s, answer, sizeof answer, MSG_WAITALL) != sizeof answer ||
        memcmp(answer, "parent", 6) != 0)
        return 5;
    return ps_close(&s) == 0 ? 0 : 6;
}
