/* Workloads on datagrams of 64 bytes, over UDP. */
#include "workload.h"

/* To another process and back. */
void run_datagram_round_trips(long n)
{
    peer *s = peer_datagrams(FAR_DATAGRAM_ECHO);
    long i;

    begin();
    for (i = 0; i < n; i++) {
        require(peer_send_to(s, buffer, SMALL) == SMALL, "send of a datagram");
        require(peer_receive_from(s, buffer, SMALL) == SMALL, "receive of a datagram");
    }
    end(n);
    peer_close(s);
}

/* To a socket that no process reads. */
void run_datagram_sends(long n)
{
    peer *s = peer_datagrams(FAR_DATAGRAM_SINK);
    long i;

    begin();
    for (i = 0; i < n; i++)
        require(peer_send_to(s, buffer, SMALL) == SMALL, "send of a datagram");
    end(n);
    peer_close(s);
}
