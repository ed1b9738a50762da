/* Ways to receive a batch. */
#include "batch.h"

#include "../workload/workload.h"

#include <netinet/udp.h>
#include <sys/socket.h>
#include <sys/uio.h>

static void receive_one_by_one(endpoints *e)
{
    int i;

    for (i = 0; i < BATCH; i++) {
        struct sockaddr_storage from;
        socklen_t length = sizeof from;
        require(recvfrom(ps_fileno(&e->far), e->data[i], DATAGRAM, 0, (struct sockaddr *)&from,
                         &length) == DATAGRAM,
                "recvfrom");
    }
}

static void receive_one_by_one_portsock(endpoints *e)
{
    int i;

    for (i = 0; i < BATCH; i++) {
        ps_addr from;
        require(ps_recvfrom(&e->far, e->data[i], DATAGRAM, 0, &from) == DATAGRAM, "ps_recvfrom");
    }
}

static void receive_messages(endpoints *e)
{
    struct mmsghdr messages[BATCH] = {0};
    struct sockaddr_storage from[BATCH];
    struct iovec parts[BATCH];
    int i, got = 0;

    for (i = 0; i < BATCH; i++) {
        parts[i].iov_base = e->data[i];
        parts[i].iov_len = DATAGRAM;
        messages[i].msg_hdr.msg_iov = &parts[i];
        messages[i].msg_hdr.msg_iovlen = 1;
        messages[i].msg_hdr.msg_name = &from[i];
        messages[i].msg_hdr.msg_namelen = sizeof from[i];
    }
    while (got < BATCH) {
        int n = recvmmsg(ps_fileno(&e->far), messages + got, (unsigned)(BATCH - got), 0, NULL);
        require(n > 0, "recvmmsg");
        got += n;
    }
}

static void ask_for_trains(endpoints *e)
{
    require(ps_setsockopt_int(&e->far, IPPROTO_UDP, UDP_GRO, 1) == 0, "UDP_GRO");
}

static void receive_trains(endpoints *e)
{
    size_t got = 0;

    while (got < sizeof e->data) {
        ssize_t n = recv(ps_fileno(&e->far), e->data, sizeof e->data, 0);
        require(n > 0, "recv");
        got += (size_t)n;
    }
}

static void coalesce(endpoints *e)
{
    require(ps_coalesce(&e->far) == 0, "ps_coalesce");
}

static void receive_batch(endpoints *e)
{
    static ps_datagram messages[BATCH];
    ptrdiff_t got = 0;
    int i;

    for (i = 0; i < BATCH; i++) {
        messages[i].data = e->data[i];
        messages[i].size = DATAGRAM;
    }
    while (got < BATCH) {
        ptrdiff_t n = ps_recvmany(&e->far, messages + got, (size_t)(BATCH - got), 0);
        require(n > 0, "ps_recvmany");
        got += n;
    }
}

const struct way receiving_ways[] = {
    {"recvfrom", NULL, receive_one_by_one},
    {"ps_recvfrom", NULL, receive_one_by_one_portsock},
    {"recvmmsg", NULL, receive_messages},
    {"gro", ask_for_trains, receive_trains},
    {"ps_recvmany", NULL, receive_batch},
    {"ps_recvmany_coalesced", coalesce, receive_batch},
    {NULL, NULL, NULL},
};
