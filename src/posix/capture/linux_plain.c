#include "config.h"

#if PS__HAVE_PACKET

#include "posix/capture/error.h"
#include "posix/capture/linux.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

static void enlarge_buffer(const ps__sys_capture *c, size_t size)
{
    int bytes = size < INT32_MAX / 2 ? (int)size : INT32_MAX / 2;

    /* The first goes beyond the system's limit, for who may. */
    if (ps__set_option(c, SOL_SOCKET, SO_RCVBUFFORCE, &bytes, sizeof bytes) != 0)
        (void)ps__set_option(c, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof bytes);
}

int ps__plain_open(ps__sys_capture *c, size_t buffer_size)
{
    int on = 1;
    int code = ps__set_option(c, SOL_PACKET, PACKET_AUXDATA, &on, sizeof on);

    if (code == 0)
        code = ps__set_option(c, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof on);
    if (code != 0)
        return code;
    enlarge_buffer(c, buffer_size);
    c->plain.size = c->snap_length;
    c->plain.memory = malloc(PS__HEADROOM + c->plain.size);
    return c->plain.memory ? 0 : PS_ENOMEM;
}

void ps__plain_close(ps__plain *p)
{
    free(p->memory);
    p->memory = NULL;
}

/* ---- reading --------------------------------------------------------------------------------- */

static void read_auxdata(ps__arrival *a, const void *data)
{
    struct tpacket_auxdata aux;

    memcpy(&aux, data, sizeof aux);
    a->original_length = aux.tp_len; /* before the filter cut it */
    a->tagged = (aux.tp_status & TP_STATUS_VLAN_VALID) != 0;
    a->tag = aux.tp_vlan_tci;
    a->tag_protocol = aux.tp_status & TP_STATUS_VLAN_TPID_VALID ? aux.tp_vlan_tpid : 0x8100;
}

static void read_stamp(ps__arrival *a, const void *data)
{
    struct timespec stamp;

    memcpy(&stamp, data, sizeof stamp);
    a->time_ns = (int64_t)stamp.tv_sec * 1000000000 + stamp.tv_nsec;
}

static void read_control(ps__arrival *a, struct msghdr *message)
{
    struct cmsghdr *item;

    for (item = CMSG_FIRSTHDR(message); item; item = CMSG_NXTHDR(message, item)) {
        if (item->cmsg_level == SOL_PACKET && item->cmsg_type == PACKET_AUXDATA)
            read_auxdata(a, CMSG_DATA(item));
        else if (item->cmsg_level == SOL_SOCKET && item->cmsg_type == SO_TIMESTAMPNS)
            read_stamp(a, CMSG_DATA(item));
    }
}

/* The last packet that the filter had not seen has been read. */
static int nothing_there(ps__sys_capture *c)
{
    c->stale_blocks = 0;
    return PS_EWOULDBLOCK;
}

static int receive(ps__sys_capture *c, ps__arrival *a, struct sockaddr_ll *from)
{
    union {
        struct cmsghdr header;
        char space[256];
    } control;
    struct iovec part = {a->data, c->plain.size};
    struct msghdr message = {
        .msg_name = from,
        .msg_namelen = sizeof *from,
        .msg_iov = &part,
        .msg_iovlen = 1,
        .msg_control = &control,
        .msg_controllen = sizeof control,
    };
    ssize_t length = recvmsg(ps_fileno(&c->socket), &message, MSG_DONTWAIT | MSG_TRUNC);

    if (length < 0)
        return errno == EAGAIN ? nothing_there(c) : ps__last_native_error();
    a->from = from;
    a->original_length = (size_t)length;
    a->length = a->original_length < c->plain.size ? a->original_length : c->plain.size;
    read_control(a, &message);
    return 0;
}

int ps__plain_next(ps__sys_capture *c, ps_packet *packet)
{
    enum { PACKETS = 1 << 24 };
    struct sockaddr_ll from;
    ps__arrival a;
    int code;

    do {
        memset(&a, 0, sizeof a);
        a.data = c->plain.memory + PS__HEADROOM;
        code = receive(c, &a, &from);
        if (code != 0)
            return code;
        if (c->until_sum-- == 0) {
            c->until_sum = PACKETS;
            (void)ps__sum_statistics(c);
        }
    } while (!ps__arrival_to_packet(c, &a, packet));
    return 0;
}

#endif
