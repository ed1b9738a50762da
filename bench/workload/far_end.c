/*
 * The far ends of the workloads, the same for every peer: a process for each, with the system's own
 * calls. Prints "ready", and ends when its input ends.
 */
#include "workload.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

/* Longer than a tracer holds a process up, so that a receive waits even then. */
enum { SLOW_MICROSECONDS = 2000 };

static struct sockaddr_in loopback(int port)
{
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};

    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return a;
}

static int bound(int type, int port)
{
    struct sockaddr_in a = loopback(port);
    int on = 1, s = socket(AF_INET, type, 0);

    setsockopt(s, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    require(bind(s, (struct sockaddr *)&a, sizeof a) == 0, "bind of a far end");
    return s;
}

static void echo(int s, bool slow)
{
    ssize_t n = recv(s, buffer, sizeof buffer, 0);

    while (n > 0) {
        if (slow)
            usleep(SLOW_MICROSECONDS);
        if (send(s, buffer, (size_t)n, 0) != n)
            return;
        n = recv(s, buffer, sizeof buffer, 0);
    }
}

static void read_all(int s)
{
    while (recv(s, buffer, sizeof buffer, 0) > 0)
        continue;
}

static void write_all(int s)
{
    while (send(s, buffer, sizeof buffer, 0) > 0)
        continue;
}

static void serve_streams(int listener, int port)
{
    for (;;) {
        int on = 1, s = accept(listener, NULL, NULL);
        setsockopt(s, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        if (port == FAR_SINK)
            read_all(s);
        else if (port == FAR_SOURCE)
            write_all(s);
        else
            echo(s, port == FAR_SLOW_ECHO);
        close(s);
    }
}

static void echo_datagrams(int s)
{
    for (;;) {
        struct sockaddr_in from;
        socklen_t length = sizeof from;
        ssize_t n = recvfrom(s, buffer, sizeof buffer, 0, (struct sockaddr *)&from, &length);
        if (n >= 0)
            sendto(s, buffer, (size_t)n, 0, (struct sockaddr *)&from, length);
    }
}

/* The system discards what does not fit. */
static void ignore_datagrams(int s)
{
    int size = 2048;

    setsockopt(s, SOL_SOCKET, SO_RCVBUF, &size, sizeof size);
    for (;;)
        pause();
}

static void serve(int s, int port)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    signal(SIGPIPE, SIG_IGN);
    if (port == FAR_DATAGRAM_ECHO)
        echo_datagrams(s);
    if (port == FAR_DATAGRAM_SINK)
        ignore_datagrams(s);
    serve_streams(s, port);
}

int main(void)
{
    pid_t children[FAR_DATAGRAM_SINK - FAR_ECHO + 1];
    int port;

    for (port = FAR_ECHO; port <= FAR_DATAGRAM_SINK; port++) {
        bool datagrams = port >= FAR_DATAGRAM_ECHO;
        int s = bound(datagrams ? SOCK_DGRAM : SOCK_STREAM, port);
        pid_t child;
        require(datagrams || listen(s, 128) == 0, "listen of a far end");
        child = fork();
        if (child == 0)
            serve(s, port);
        children[port - FAR_ECHO] = child;
        close(s);
    }
    puts("ready");
    fflush(stdout);
    while (getchar() != EOF)
        continue;
    for (port = FAR_ECHO; port <= FAR_DATAGRAM_SINK; port++) {
        kill(children[port - FAR_ECHO], SIGKILL);
        waitpid(children[port - FAR_ECHO], NULL, 0);
    }
    return 0;
}
