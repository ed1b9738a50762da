/* Workloads that connect. */
#include "workload.h"

#include <stdio.h>

/* Connect, accept, close, close. */
void run_connections(long n)
{
    int port = 0;
    peer *listener = peer_listen(&port);
    long i;

    begin();
    for (i = 0; i < n; i++) {
        peer *client = peer_connect(port);
        peer *server = peer_accept(listener);
        peer_close(server);
        peer_close(client);
    }
    end(n);
}

static void connect_to(const char *host, long n)
{
    int port = 0;
    peer *listener = peer_listen(&port);
    long i;

    begin();
    for (i = 0; i < n; i++) {
        peer *client = peer_connect_to(host, port);
        peer *server;
        if (!client)
            not_offered();
        server = peer_accept(listener);
        peer_close(server);
        peer_close(client);
    }
    end(n);
}

/* The same by the text of an address: create_connection. */
void run_literals(long n)
{
    connect_to("127.0.0.1", n);
}

/* The same by a name, which is in the hosts file. */
void run_names(long n)
{
    connect_to("localhost", n);
}

static long resident_bytes(void)
{
    long size = 0, resident = 0;
    FILE *file = fopen("/proc/self/statm", "r");

    if (file) {
        if (fscanf(file, "%ld %ld", &size, &resident) != 2)
            resident = 0;
        fclose(file);
    }
    return resident * 4096;
}

/* Prints the memory of a socket: of connected and accepted ones, that all stay. */
void run_hold(long n)
{
    int port = 0;
    peer *listener = peer_listen(&port);
    long before = resident_bytes(), i;

    for (i = 0; i < n; i++) {
        peer_connect(port);
        peer_accept(listener);
    }
    printf("%ld\n", resident_bytes() - before);
}

/* Starts and ends. */
void run_nothing(long n)
{
    (void)n;
    printf("0 0\n");
}
