/* What the files of bench/workload share. */
#ifndef BENCH_WORKLOAD_H
#define BENCH_WORKLOAD_H

#include "../peers/peer.h"

/* Where the far ends listen (far_end.c). */
enum far_port {
    FAR_ECHO = 7001,
    FAR_SLOW_ECHO,
    FAR_SINK,
    FAR_SOURCE,
    FAR_DATAGRAM_ECHO,
    FAR_DATAGRAM_SINK
};

/* Sizes of what is sent at once. */
enum { SMALL = 64, LARGE = 65536 };

extern char buffer[LARGE];

/* Ends the program if good is false; what: the words of the message. */
void require(bool good, const char *what);
/* Ends the program with the status 77: the peer does not have what the workload needs. */
void not_offered(void);

/* Nanoseconds: of a clock that is never set, and of the processor's time of this process. */
double clock_now(void);
double processor_now(void);

/* Around the operations of a workload: prints the nanoseconds of one, and its processor's time. */
void begin(void);
void end(long operations);

/* The system's calls, by a far end in this process. */
void far_send(peer_handle handle, const void *data, size_t size);
void far_receive(peer_handle handle, void *data, size_t size);

/* The workloads; n: how many operations. */
void run_round_trips(long n);
void run_waiting(long n);
void run_receives(long n);
void run_sends(long n);
void run_empty(long n);
void run_bulk_sends(long n);
void run_bulk_receives(long n);
void run_lines(long n);
void run_connections(long n);
void run_literals(long n);
void run_names(long n);
void run_datagram_round_trips(long n);
void run_datagram_sends(long n);
void run_parse(long n);
void run_format(long n);
void run_look_up_literals(long n);
void run_look_up_names(long n);
void run_hold(long n);
void run_nothing(long n);

#endif
