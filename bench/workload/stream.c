/* Workloads on streams. */
#include "workload.h"

#include <string.h>

/* A stream whose other end is a plain handle of this process. */
static peer *stream_with_far_end(peer_handle *other)
{
    int port = 0;
    peer *listener = peer_listen(&port);
    peer *s = peer_connect(port);

    *other = peer_handle_of(peer_accept(listener));
    return s;
}

static void receive_all(peer *s, size_t size)
{
    size_t got = 0;

    while (got < size) {
        long n = peer_receive(s, buffer + got, size - got);
        require(n > 0, "receive");
        got += (size_t)n;
    }
}

static void go_there_and_back(int port, long n)
{
    peer *s = peer_connect(port);
    long i;

    begin();
    for (i = 0; i < n; i++) {
        require(peer_send(s, buffer, 1) == 1, "send");
        receive_all(s, 1);
    }
    end(n);
    peer_close(s);
}

/* One byte to another process and back. */
void run_round_trips(long n)
{
    go_there_and_back(FAR_ECHO, n);
}

/* The same, and the answer comes after a while, so that every receive waits for it. */
void run_waiting(long n)
{
    go_there_and_back(FAR_SLOW_ECHO, n);
}

/* A receive of what is there already; the far end's send is in the time, too. */
void run_receives(long n)
{
    peer_handle other;
    peer *s = stream_with_far_end(&other);
    long i;

    begin();
    for (i = 0; i < n; i++) {
        far_send(other, buffer, SMALL);
        require(peer_receive(s, buffer, SMALL) == SMALL, "receive");
    }
    end(n);
}

/* A send for which there is space; the far end's receive is in the time, too. */
void run_sends(long n)
{
    peer_handle other;
    peer *s = stream_with_far_end(&other);
    long i;

    begin();
    for (i = 0; i < n; i++) {
        require(peer_send(s, buffer, SMALL) == SMALL, "send");
        far_receive(other, buffer, SMALL);
    }
    end(n);
}

/* A non-blocking receive with nothing there. */
void run_empty(long n)
{
    peer_handle other;
    peer *s = stream_with_far_end(&other);
    long i;

    peer_dont_wait(s);
    begin();
    for (i = 0; i < n; i++)
        require(peer_receive(s, buffer, SMALL) < 0, "receive of nothing");
    end(n);
}

/* 64 KiB at a time to a process that reads all. */
void run_bulk_sends(long n)
{
    peer *s = peer_connect(FAR_SINK);
    long i;

    begin();
    for (i = 0; i < n; i++) {
        size_t sent = 0;
        while (sent < LARGE) {
            long part = peer_send(s, buffer + sent, LARGE - sent);
            require(part > 0, "send");
            sent += (size_t)part;
        }
    }
    end(n);
    peer_close(s);
}

/* 64 KiB at a time from a process that sends all the time. */
void run_bulk_receives(long n)
{
    peer *s = peer_connect(FAR_SOURCE);
    long i;

    begin();
    for (i = 0; i < n; i++)
        receive_all(s, LARGE);
    end(n);
    peer_close(s);
}

/* Lines of 64 bytes, of which 8 KiB are written at a time. */
void run_lines(long n)
{
    enum { BLOCK = 8192, LINES = BLOCK / SMALL };
    char line[SMALL + 1];
    peer_handle writer;
    long i;

    if (!peer_open_lines(&writer))
        not_offered();
    memset(buffer, 'x', BLOCK);
    for (i = 1; i <= LINES; i++)
        buffer[i * SMALL - 1] = '\n';
    begin();
    for (i = 0; i < n; i++) {
        if (i % LINES == 0)
            far_send(writer, buffer, BLOCK);
        require(peer_read_line(line, sizeof line) == SMALL, "line");
    }
    end(n);
}
