/*
 * One workload on one peer, N operations; prints the nanoseconds of one operation, and the
 * processor's time of it. bench/run.py runs this program, which there is once for each peer.
 *
 *   workload WORKLOAD TIMEOUT|none N      TIMEOUT: seconds
 *
 * Exit status 77: the peer does not have what the workload needs.
 */
#include "workload.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    const char *name;
    void (*run)(long n);
} workloads[] = {
    {"round_trips", run_round_trips},
    {"waiting", run_waiting},
    {"receives", run_receives},
    {"sends", run_sends},
    {"empty", run_empty},
    {"bulk_sends", run_bulk_sends},
    {"bulk_receives", run_bulk_receives},
    {"lines", run_lines},
    {"connections", run_connections},
    {"literals", run_literals},
    {"names", run_names},
    {"datagram_round_trips", run_datagram_round_trips},
    {"datagram_sends", run_datagram_sends},
    {"parse", run_parse},
    {"format", run_format},
    {"look_up_literals", run_look_up_literals},
    {"look_up_names", run_look_up_names},
    {"hold", run_hold},
    {"nothing", run_nothing},
};

int main(int argc, char **argv)
{
    size_t i;

    if (argc != 4) {
        fprintf(stderr, "usage: workload WORKLOAD TIMEOUT|none N\n");
        return 2;
    }
    for (i = 0; i < sizeof workloads / sizeof workloads[0]; i++) {
        if (strcmp(workloads[i].name, argv[1]) == 0) {
            peer_start(strcmp(argv[2], "none") == 0 ? -1 : atof(argv[2]));
            workloads[i].run(atol(argv[3]));
            return 0;
        }
    }
    fprintf(stderr, "workload: no workload \"%s\"\n", argv[1]);
    return 2;
}
