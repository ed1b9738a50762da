#include "config.h"

#include "capture/backend.h"
#include "capture/live/interface_choice.h"

#include <string.h>

/* What is reported of each obstacle of the system. */
static const struct {
    unsigned obstacle;
    const char *text;
} texts[] = {
    {PS__NO_CAPTURES, "This system has no way to capture packets (Linux: AF_PACKET; BSD, macOS: "
                      "/dev/bpf; Windows: raw "
                      "sockets, which Wine lacks)."},
    {PS__CONTAINER_WITHOUT_RAW,
     "This container does not have the capability NET_RAW, and no program in it can get it: "
     "start the container with it."},
    {PS__NEEDS_RAW_CAPABILITY,
     "This process does not have the capability CAP_NET_RAW: run it as root, or grant it to the "
     "program (setcap cap_net_raw=ep PROGRAM)."},
    {PS__NEEDS_ADMINISTRATOR,
     "Raw sockets are for administrators: start the program with \"Run as administrator\"."},
    {PS__NEEDS_BPF_RIGHTS,
     "/dev/bpf may not be opened: run the program as root, or get the right to read it."},
    {PS__NO_CAPTURE_OF_ALL,
     "This system cannot capture on all interfaces at once (\"any\"): name one of them."},
    {PS__NEEDS_ADDRESS,
     "The interface has no IPv4 address, and this system captures by address: assign one."},
    {PS__LOOPBACK_IS_PARTIAL,
     "On the loopback interface this system shows only packets to the address that is captured "
     "at, and may show none: capture on another interface."},
    {PS__FIREWALL_IS_ON,
     "The firewall is on, and hides packets that it blocks: allow this program inbound traffic, or "
     "switch the firewall off while capturing."},
    {PS__WIRELESS_MAY_REFUSE,
     "The interface is wireless, and most of its drivers refuse promiscuous mode: capture without "
     "it, which shows this machine's own packets."},
};

/* The report in the making. */
typedef struct report {
    char *text;
    size_t size;
    size_t used;
    bool full;
    size_t count;
} report;

static void add_reason(report *r, const char *text)
{
    size_t length = strlen(text);

    r->count++;
    if (r->full || r->size - r->used < length + 2) {
        r->full = true;
        return;
    }
    memcpy(r->text + r->used, text, length);
    r->used += length;
    r->text[r->used++] = '\n';
    r->text[r->used] = '\0';
}

static void report_obstacles(report *r, unsigned obstacles)
{
    size_t i;

    for (i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        if (obstacles & texts[i].obstacle)
            add_reason(r, texts[i].text);
    }
}

static void report_interface(report *r, const ps_interface *i)
{
    if (!i->up)
        add_reason(r, "The interface is switched off: switch it on first.");
    else if (!i->running)
        add_reason(r,
                   "The interface has no link: no cable, no radio, or nothing at the other end.");
}

static const char *unknown_interface(const char *name)
{
    if (!name)
        return "There is no network interface.";
    if (ps__is_wildcard(name))
        return "A wildcard address (0.0.0.0, ::) names no interface: name one, or one of its "
               "addresses.";
    return "There is no interface with this name, index or address: ps_getinterfaces lists those "
           "that there are.";
}

static int finish(const report *r, size_t *count)
{
    if (r->full && r->size > 0) {
        *r->text = '\0';
        return PS_BAD_LENGTH;
    }
    if (count)
        *count = r->count;
    return 0;
}

int ps_capture_preflight(const char *interface_name, bool promiscuous, char *buf, size_t n,
                         size_t *count)
{
    report r = {buf, n, 0, n == 0, 0};
    const ps_interface *chosen = NULL;
    ps_interface *list;
    ps_addr address;
    int code;

    if (count)
        *count = 0;
    if (!buf && n > 0)
        return PS_EFAULT;
    if (n > 0)
        *buf = '\0';
    code = ps_getinterfaces(&list);
    if (code != 0)
        return code;
    if (!ps__is_any(interface_name)) {
        chosen = ps__choose_interface(list, interface_name, &address);
        if (chosen)
            report_interface(&r, chosen);
        else
            add_reason(&r, unknown_interface(interface_name));
    }
    report_obstacles(&r,
                     ps__sys_capture_preflight(chosen, ps__is_any(interface_name), promiscuous));
    ps_freeinterfaces(list);
    return finish(&r, count);
}
