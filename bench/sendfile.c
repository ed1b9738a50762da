/*
 * Sends a file of 16 MiB to a far end that reads it, N times.
 *
 *   sendfile WAY N      read_send, sendfile, ps_sendfile
 *
 * Prints the nanoseconds of one file, and the processor's time of it. Exit status 77: the library
 * has no ps_sendfile.
 */
#include "workload/workload.h"

#include <portsock.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sendfile.h>
#include <unistd.h>

enum { FILE_SIZE = 16 << 20 };

static ps_sock s;
static int file;

static void open_file(void)
{
    FILE *stream = tmpfile();
    size_t written = 0;

    require(stream, "file");
    file = fileno(stream);
    while (written < FILE_SIZE) {
        require(write(file, buffer, sizeof buffer) == sizeof buffer, "write");
        written += sizeof buffer;
    }
}

static void read_and_send(void)
{
    off_t at = 0;

    while (at < FILE_SIZE) {
        ssize_t n = pread(file, buffer, sizeof buffer, at);
        require(n > 0 && send(ps_fileno(&s), buffer, (size_t)n, MSG_NOSIGNAL) == n, "send");
        at += n;
    }
}

static void send_by_system(void)
{
    off_t at = 0;

    while (at < FILE_SIZE)
        require(sendfile(ps_fileno(&s), file, &at, (size_t)(FILE_SIZE - at)) > 0, "sendfile");
}

static void send_by_library(void)
{
    require(ps_sendfile(&s, file, 0, FILE_SIZE, NULL) == 0, "ps_sendfile");
}

int main(int argc, char **argv)
{
    void (*send_once)(void) = send_by_library;
    long n, i;

    require(argc == 3, "usage: sendfile WAY N:");
    if (strcmp(argv[1], "read_send") == 0)
        send_once = read_and_send;
    else if (strcmp(argv[1], "sendfile") == 0)
        send_once = send_by_system;
    n = atol(argv[2]);
    open_file();
    require(ps_create_connection(&s, "127.0.0.1", FAR_SINK, PS_NO_TIMEOUT, NULL) == 0, "connect");
    begin();
    for (i = 0; i < n; i++)
        send_once();
    end(n);
    return 0;
}
