/* The same by the system's own calls, those among them that a server uses which does not wait in
 * them. */
#define _FILE_OFFSET_BITS 64

#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static int wait_until(int fd, short events, int seconds)
{
    struct timespec now, left = {.tv_sec = seconds};
    struct pollfd entry = {.fd = fd, .events = events};

    return clock_gettime(CLOCK_MONOTONIC, &now) == 0 && ppoll(&entry, 1, &left, NULL) == 1;
}

static int serve(int port)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((unsigned short)port)};
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    int on = 1, client;
    char data[1024];
    ssize_t n;

    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(listener, (struct sockaddr *)&address, sizeof address) != 0 ||
        listen(listener, 1) != 0)
        return 1;
    client = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
    if (fcntl(client, F_SETFL, O_NONBLOCK) != 0)
        return 1;
    while (wait_until(client, POLLIN, 60) && (n = recv(client, data, sizeof data, 0)) > 0) {
        if (send(client, data, (size_t)n, MSG_NOSIGNAL) != n)
            return 1;
    }
    close(client);
    close(listener);
    return 0;
}

int main(int argc, char **argv)
{
    return argc > 1 ? serve(atoi(argv[1])) : 0;
}
