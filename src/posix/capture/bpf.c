#include "config.h"

#if PS__HAVE_BPF && !PS__HAVE_PACKET

#include "capture/backend.h"
#include "posix/capture/error.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/time.h>
#include <unistd.h>

#include <net/if.h>

#include <net/bpf.h>

#include "posix/capture/bpf_buffer.h"

/* /dev/bpf, as bpf(4) of FreeBSD, NetBSD, OpenBSD and macOS describes it. */

struct ps__sys_capture {
    ps_sock device; /* in the form that ps_poll takes */
    ps__bpf_buffer buffer;
    unsigned char *memory;
    size_t size; /* of the memory: what a read must ask for */
    int link_type;
    unsigned index;
    size_t snap_length;
    uint64_t received;
    uint64_t dropped;
    struct bpf_stat before; /* the device's counts, of 32 bits, when they were last looked at */
};

/* ---- opening --------------------------------------------------------------------------------- */

static int open_path(const char *path)
{
    return open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
}

/* One device that makes as many as are wanted, or numbered ones, each for one program. */
static int open_device(int *device)
{
    enum { DEVICES = 256 };
    char path[32];
    int n;

    *device = open_path("/dev/bpf");
    for (n = 0; *device < 0 && n < DEVICES; n++) {
        if (errno != ENOENT && errno != EBUSY && errno != ENXIO)
            break;
        snprintf(path, sizeof path, "/dev/bpf%d", n);
        *device = open_path(path);
        if (*device < 0 && errno == ENOENT)
            break;
    }
    if (*device >= 0)
        return 0;
    return errno == ENOENT ? PS_EOPNOTSUPP : ps__last_native_error();
}

/* ps_poll waits for any descriptor, and ps_fromfd makes a duplicate of any. The device is
 * non-blocking already. */
static int keep_device(ps__sys_capture *c, int device)
{
    int code = ps_fromfd(&c->device, device, AF_UNSPEC, SOCK_RAW, 0);

    close(device);
    return code;
}

static int control(const ps__sys_capture *c, unsigned long request, void *argument)
{
    return ioctl(ps_fileno(&c->device), request, argument) != 0 ? ps__last_native_error() : 0;
}

/* Of the sizes that the system takes, the largest up to the one that was asked for. */
static void set_buffer_size(const ps__sys_capture *c, size_t size)
{
    enum { LEAST = 4096 };
    u_int wanted;

    for (wanted = (u_int)size; wanted >= LEAST; wanted /= 2) {
        u_int got = wanted;
        if (control(c, BIOCSBLEN, &got) == 0)
            return;
    }
}

static int attach_to(const ps__sys_capture *c, const char *name)
{
    struct ifreq request;
    size_t length = strlen(name);

    memset(&request, 0, sizeof request);
    if (length >= sizeof request.ifr_name)
        return PS_ENODEV;
    memcpy(request.ifr_name, name, length);
    return control(c, BIOCSETIF, &request);
}

/* Packets come when the buffer is full or this time is over, or each at once. */
static int set_delivery(const ps__sys_capture *c, bool immediate)
{
    struct timeval delay = {0, 10000};
    u_int on = 1;

    return immediate ? control(c, BIOCIMMEDIATE, &on) : control(c, BIOCSRTIMEOUT, &delay);
}

/* A packet does not show its direction here: the device leaves out what is not wanted, or there
 * is no such capture. */
static int set_directions(const ps__sys_capture *c, unsigned directions)
{
    bool in = (directions & PS_DIRECTION_IN) != 0, out = (directions & PS_DIRECTION_OUT) != 0;

#ifdef BIOCSDIRECTION
    u_int value = in && out ? BPF_D_INOUT : in ? BPF_D_IN : BPF_D_OUT;
    return control(c, BIOCSDIRECTION, &value);
#else
    u_int see_sent = out;
    return in ? control(c, BIOCSSEESENT, &see_sent) : PS_EOPNOTSUPP;
#endif
}

static int read_link_type(ps__sys_capture *c)
{
    u_int type;
    int code = control(c, BIOCGDLT, &type);

    if (code != 0)
        return code;
    switch (type) {
    case DLT_RAW:
        c->link_type = PS_LINK_RAW;
        break;
#ifdef DLT_LOOP
    case DLT_LOOP:
        c->link_type = PS_LINK_LOOP;
        break;
#endif
    default: /* the numbers of the others are those of capture files */
        c->link_type = (int)type;
        break;
    }
    return 0;
}

static int allocate_buffer(ps__sys_capture *c)
{
    u_int size;
    int code = control(c, BIOCGBLEN, &size);

    if (code != 0)
        return code;
    c->size = size;
    c->memory = malloc(size);
    return c->memory ? 0 : PS_ENOMEM;
}

static int set_up(ps__sys_capture *c, const ps__capture_setup *setup)
{
    int device;
    int code = open_device(&device);

    if (code == 0)
        code = keep_device(c, device);
    if (code != 0)
        return code;
    set_buffer_size(c, setup->buffer_size);
    code = attach_to(c, setup->name);
    if (code == 0)
        code = set_delivery(c, setup->immediate);
    if (code == 0)
        code = set_directions(c, setup->directions);
    if (code == 0)
        code = read_link_type(c);
    if (code == 0)
        code = allocate_buffer(c);
    if (code == 0 && setup->promiscuous && !setup->loopback)
        code = control(c, BIOCPROMISC, NULL);
    return code;
}

int ps__sys_capture_open(ps__sys_capture **c, const ps__capture_setup *setup, int *link_type)
{
    static const ps_sock closed = PS_SOCK_INIT;
    ps__sys_capture *made;
    int code;

    if (setup->index == 0)
        return PS_EOPNOTSUPP;
    made = calloc(1, sizeof *made);
    if (!made)
        return PS_ENOMEM;
    made->device = closed;
    made->index = setup->index;
    made->snap_length = setup->snap_length;
    code = set_up(made, setup);
    if (code != 0) {
        ps__sys_capture_close(made);
        return code;
    }
    *link_type = made->link_type;
    *c = made;
    return 0;
}

/* Promiscuous mode ends with the device's last close. */
void ps__sys_capture_close(ps__sys_capture *c)
{
    ps_close(&c->device);
    free(c->memory);
    free(c);
}

/* ---- the filter ------------------------------------------------------------------------------ */

_Static_assert(sizeof(ps_filter_instruction) == sizeof(struct bpf_insn),
               "the layouts are the same");

/* The device cuts packets to what the filter keeps. */
static int attach(ps__sys_capture *c, const ps_filter_instruction *program, size_t count)
{
    struct bpf_program native;

    native.bf_len = (u_int)count;
    native.bf_insns = (struct bpf_insn *)(uintptr_t)program;
    return control(c, BIOCSETF, &native);
}

/* Setting a filter drains the device's buffers. Old kernels do not know every instruction. */
int ps__sys_capture_filter(ps__sys_capture *c, const ps_filter_instruction *program, size_t count)
{
    const ps_filter_instruction everything = {0x06, 0, 0, (uint32_t)c->snap_length};
    int code = count > 0 ? attach(c, program, count) : attach(c, &everything, 1);

    if (code == PS_EINVAL && count > 0)
        code = attach(c, &everything, 1) == 0 ? PS_EOPNOTSUPP : PS_EINVAL;
    c->buffer.next = c->buffer.length;
    return code;
}

int ps__sys_capture_start(ps__sys_capture *c)
{
    int code = control(c, BIOCFLUSH, NULL);

    return code != 0 ? code : control(c, BIOCGSTATS, &c->before);
}

/* ---- packets --------------------------------------------------------------------------------- */

/* ENXIO: the interface has been taken away. */
static int from_device(int error)
{
    return error == ENXIO ? PS_ENODEV : ps__native_error(error);
}

static int fill_buffer(ps__sys_capture *c)
{
    ssize_t length = read(ps_fileno(&c->device), c->memory, c->size);

    if (length < 0)
        return errno == EAGAIN ? PS_EWOULDBLOCK : from_device(errno);
    c->buffer.data = c->memory;
    c->buffer.length = (size_t)length;
    c->buffer.next = 0;
    return length == 0 ? PS_EWOULDBLOCK : 0;
}

int ps__sys_capture_next(ps__sys_capture *c, ps_packet *packet)
{
    while (!ps__bpf_next(&c->buffer, packet)) {
        int code = fill_buffer(c);

        if (code != 0)
            return code;
    }
    if (packet->length > c->snap_length)
        packet->length = c->snap_length;
    packet->link_type = c->link_type;
    packet->direction = PS_DIRECTION_UNKNOWN;
    packet->interface_index = c->index;
    return 0;
}

ps_sock *ps__sys_capture_socket(ps__sys_capture *c)
{
    return &c->device;
}

double ps__sys_capture_pause(const ps__sys_capture *c)
{
    (void)c;
    return PS_NO_TIMEOUT;
}

/* After an error a read reports what it is. */
int ps__sys_capture_look(ps__sys_capture *c, int revents)
{
    (void)c;
    (void)revents;
    return 0;
}

/* Differences of unsigned numbers are right when one has gone round. */
int ps__sys_capture_statistics(ps__sys_capture *c, ps_capture_statistics *statistics)
{
    struct bpf_stat now;
    int code = control(c, BIOCGSTATS, &now);

    if (code != 0)
        return code;
    c->received += (u_int)(now.bs_recv - c->before.bs_recv);
    c->dropped += (u_int)(now.bs_drop - c->before.bs_drop);
    c->before = now;
    statistics->received = c->received;
    statistics->dropped = c->dropped;
    statistics->dropped_known = true;
    return 0;
}

/* ---- obstacles ------------------------------------------------------------------------------- */

unsigned ps__sys_capture_preflight(const ps_interface *i, bool any, bool promiscuous)
{
    unsigned found = any ? PS__NO_CAPTURE_OF_ALL : 0;
    int device;
    int code = open_device(&device);

    (void)i;
    (void)promiscuous;
    if (code == 0)
        close(device);
    if (code == PS_EACCES || code == PS_EPERM)
        found |= PS__NEEDS_BPF_RIGHTS;
    if (code == PS_EOPNOTSUPP)
        found |= PS__NO_CAPTURES;
    return found;
}

#endif
