/* A program that makes a socket and closes it: by portsock or, with RAW, by the system's calls. */
#ifdef RAW
#include <sys/socket.h>
#include <unistd.h>

int main(void)
{
    int s = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    return s < 0 || close(s) != 0;
}
#else
#include <portsock.h>

int main(void)
{
    ps_sock s;

    return ps_socket(&s, AF_INET, SOCK_STREAM, 0) != 0 || ps_close(&s) != 0;
}
#endif
