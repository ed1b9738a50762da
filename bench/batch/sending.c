/* Ways to send a batch. */
#include "batch.h"

#include "../workload/workload.h"

#include <netinet/udp.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>

static void send_one_by_one(endpoints *e)
{
    int i;

    for (i = 0; i < BATCH; i++)
        require(sendto(ps_fileno(&e->near), e->data[i], DATAGRAM, 0, &e->to.sa, e->to.len) ==
                    DATAGRAM,
                "sendto");
}

static void send_one_by_one_portsock(endpoints *e)
{
    int i;

    for (i = 0; i < BATCH; i++)
        require(ps_sendto(&e->near, e->data[i], DATAGRAM, 0, &e->to) == DATAGRAM, "ps_sendto");
}

static void send_messages(endpoints *e)
{
    struct mmsghdr messages[BATCH] = {0};
    struct iovec parts[BATCH];
    int i;

    for (i = 0; i < BATCH; i++) {
        parts[i].iov_base = e->data[i];
        parts[i].iov_len = DATAGRAM;
        messages[i].msg_hdr.msg_iov = &parts[i];
        messages[i].msg_hdr.msg_iovlen = 1;
        messages[i].msg_hdr.msg_name = &e->to.sa;
        messages[i].msg_hdr.msg_namelen = e->to.len;
    }
    require(sendmmsg(ps_fileno(&e->near), messages, BATCH, 0) == BATCH, "sendmmsg");
}

void send_segments(endpoints *e)
{
    union {
        struct cmsghdr header;
        char bytes[CMSG_SPACE(sizeof(uint16_t))];
    } control;
    struct iovec whole = {.iov_base = e->data, .iov_len = sizeof e->data};
    struct msghdr message = {.msg_name = &e->to.sa,
                             .msg_namelen = e->to.len,
                             .msg_iov = &whole,
                             .msg_iovlen = 1,
                             .msg_control = control.bytes,
                             .msg_controllen = sizeof control.bytes};
    uint16_t size = DATAGRAM;
    struct cmsghdr *segment = CMSG_FIRSTHDR(&message);

    segment->cmsg_level = IPPROTO_UDP;
    segment->cmsg_type = UDP_SEGMENT;
    segment->cmsg_len = CMSG_LEN(sizeof size);
    memcpy(CMSG_DATA(segment), &size, sizeof size);
    require(sendmsg(ps_fileno(&e->near), &message, 0) == sizeof e->data, "sendmsg");
}

static void send_batch(endpoints *e)
{
    static ps_datagram messages[BATCH];
    int i;

    for (i = 0; i < BATCH; i++) {
        messages[i].data = e->data[i];
        messages[i].size = DATAGRAM;
        messages[i].info.fields = PS_INFO_SENDER;
        messages[i].info.sender = e->to;
    }
    require(ps_sendmany(&e->near, messages, BATCH, 0) == BATCH, "ps_sendmany");
}

const struct way sending_ways[] = {
    {"sendto", NULL, send_one_by_one}, {"ps_sendto", NULL, send_one_by_one_portsock},
    {"sendmmsg", NULL, send_messages}, {"gso", NULL, send_segments},
    {"ps_sendmany", NULL, send_batch}, {NULL, NULL, NULL},
};
