/*
 * What bench/capture.py runs, in a network namespace:
 *   capture send ADDRESS RATE SECONDS    sends UDP datagrams of 64 bytes, RATE a second (0: as many
 *                                         as it can), and prints how many
 *   capture sniff WAY INTERFACE          counts them until SIGINT; prints packets, drops and
 *                                         nanoseconds of CPU
 *   capture ways                         prints the ways that there are; libpcap's only where it
 *                                         was built with it
 */
#define _GNU_SOURCE

#include <portsock-capture.h>

#include <linux/filter.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#ifdef HAVE_PCAP
#include <pcap/pcap.h>
#define WAYS "portsock portsock-immediate recvfrom recvmmsg pcap pcap-immediate"
#else
#define WAYS "portsock portsock-immediate recvfrom recvmmsg"
#endif

enum { PORT = 7005, PAYLOAD = 64, BUFFER = 8 * 1024 * 1024, SNAP = PS_SNAP_LENGTH_MAX };

/* The filter of every way: "udp dst port 7005" over IPv4. */
static ps_filter_instruction filter[] = {{0x28, 0, 0, 12},   {0x15, 0, 6, 0x800}, {0x30, 0, 0, 23},
                                         {0x15, 0, 4, 17},   {0xb1, 0, 0, 14},    {0x48, 0, 0, 16},
                                         {0x15, 0, 1, PORT}, {0x06, 0, 0, SNAP},  {0x06, 0, 0, 0}};
enum { FILTER_COUNT = sizeof filter / sizeof filter[0] };

static void die(const char *what)
{
    perror(what);
    exit(1);
}

static double seconds_of(clockid_t clock)
{
    struct timespec now;

    clock_gettime(clock, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* ---- sending --------------------------------------------------------------------------------- */

static void wait_for_turn(double start, double rate, unsigned long sent)
{
    struct timespec pause = {0, 50000};

    while (rate > 0 && (seconds_of(CLOCK_MONOTONIC) - start) * rate < (double)sent)
        nanosleep(&pause, NULL);
}

static int send_datagrams(const char *address, double rate, double length)
{
    static const char payload[PAYLOAD];
    enum { BURST = 16 };
    unsigned long sent = 0;
    ps_addr to;
    ps_sock s;

    if (ps_addr_inet(&to, address, PORT) != 0 || ps_socket(&s, AF_INET, SOCK_DGRAM, 0) != 0 ||
        ps_connect(&s, &to) != 0)
        die("send");
    double start = seconds_of(CLOCK_MONOTONIC);
    while (seconds_of(CLOCK_MONOTONIC) - start < length) {
        wait_for_turn(start, rate, sent);
        for (int i = 0; i < BURST; i++)
            sent += ps_send(&s, payload, PAYLOAD, 0) == PAYLOAD;
    }
    printf("%lu\n", sent);
    return 0;
}

/* ---- counting -------------------------------------------------------------------------------- */

static volatile sig_atomic_t stopped;
static unsigned long packets, drops, sum;
static double begin; /* of counting, in seconds of CPU */

static void tell_ready(void)
{
    puts("ready");
    begin = seconds_of(CLOCK_PROCESS_CPUTIME_ID);
}

/* What any program does at least: look at the headers. */
static void use(const unsigned char *data, size_t length)
{
    packets++;
    sum += data[23] + length;
}

static ps_capture *capture;

static void sniff_portsock(const char *interface, bool immediate)
{
    ps_capture_options o = PS_CAPTURE_OPTIONS_INIT;
    ps_capture_statistics counts = {0};
    ps_packet packet;

    o.interface_name = interface;
    o.immediate = immediate;
    o.filter = filter;
    o.filter_count = FILTER_COUNT;
    o.buffer_size = BUFFER;
    if (ps_capture_open(&capture, &o) != 0)
        die("ps_capture_open");
    tell_ready();
    while (ps_capture_next(capture, &packet) == 1)
        use(packet.data, packet.length);
    if (ps_capture_getstatistics(capture, &counts) == 0)
        drops = counts.dropped;
}

static int packet_socket(const char *interface)
{
    struct sock_fprog program = {FILTER_COUNT, (void *)filter};
    struct sockaddr_ll name = {.sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_ALL)};
    int s = socket(AF_PACKET, SOCK_RAW, 0), size = BUFFER;

    name.sll_ifindex = (int)if_nametoindex(interface);
    if (s < 0 || setsockopt(s, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program) != 0 ||
        setsockopt(s, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof size) != 0 ||
        bind(s, (struct sockaddr *)&name, sizeof name) != 0)
        die("packet socket");
    tell_ready();
    return s;
}

/* Loopback shows each packet twice. */
static void use_incoming(const unsigned char *data, size_t length, const struct sockaddr_ll *from)
{
    if (from->sll_pkttype != PACKET_OUTGOING)
        use(data, length);
}

static void count_drops(int s)
{
    struct tpacket_stats counts;
    socklen_t size = sizeof counts;

    if (getsockopt(s, SOL_PACKET, PACKET_STATISTICS, &counts, &size) == 0)
        drops = counts.tp_drops;
}

static void sniff_recvfrom(const char *interface)
{
    static unsigned char buffer[SNAP];
    int s = packet_socket(interface);

    while (!stopped) {
        struct sockaddr_ll from;
        socklen_t size = sizeof from;
        ssize_t length = recvfrom(s, buffer, sizeof buffer, 0, (struct sockaddr *)&from, &size);
        if (length > 0)
            use_incoming(buffer, (size_t)length, &from);
    }
    count_drops(s);
}

static void sniff_recvmmsg(const char *interface)
{
    enum { COUNT = 64, SIZE = 2048 };
    static unsigned char buffer[COUNT][SIZE];
    static struct sockaddr_ll from[COUNT];
    struct mmsghdr messages[COUNT] = {0};
    struct iovec parts[COUNT];
    int s = packet_socket(interface);

    for (int i = 0; i < COUNT; i++) {
        parts[i] = (struct iovec){buffer[i], SIZE};
        messages[i].msg_hdr = (struct msghdr){.msg_iov = &parts[i],
                                              .msg_iovlen = 1,
                                              .msg_name = &from[i],
                                              .msg_namelen = sizeof from[i]};
    }
    while (!stopped) {
        int count = recvmmsg(s, messages, COUNT, MSG_WAITFORONE, NULL);
        for (int i = 0; i < count; i++)
            use_incoming(buffer[i], messages[i].msg_len, &from[i]);
    }
    count_drops(s);
}

#ifdef HAVE_PCAP
static pcap_t *pcap;

static void use_pcap(u_char *context, const struct pcap_pkthdr *header, const u_char *data)
{
    (void)context;
    use(data, header->caplen);
}

static void sniff_pcap(const char *interface, int immediate)
{
    char text[PCAP_ERRBUF_SIZE];
    struct bpf_program program = {FILTER_COUNT, (void *)filter};
    struct pcap_stat counts;

    pcap = pcap_create(interface, text);
    if (!pcap || pcap_set_snaplen(pcap, SNAP) != 0 || pcap_set_timeout(pcap, 10) != 0 ||
        pcap_set_buffer_size(pcap, BUFFER) != 0 || pcap_set_immediate_mode(pcap, immediate) != 0 ||
        pcap_activate(pcap) != 0 || pcap_setfilter(pcap, &program) != 0)
        die("pcap");
    tell_ready();
    while (!stopped && pcap_dispatch(pcap, -1, use_pcap, NULL) >= 0)
        ;
    if (pcap_stats(pcap, &counts) == 0)
        drops = counts.ps_drop;
}
#endif

static void stop(int number)
{
    (void)number;
    stopped = 1;
    ps_capture_stop(capture);
#ifdef HAVE_PCAP
    if (pcap)
        pcap_breakloop(pcap);
#endif
}

static int sniff(const char *way, const char *interface)
{
    struct sigaction action = {.sa_handler = stop};

    sigaction(SIGINT, &action, NULL);
    setvbuf(stdout, NULL, _IOLBF, 0);
    if (strcmp(way, "portsock") == 0 || strcmp(way, "portsock-immediate") == 0)
        sniff_portsock(interface, way[8] != '\0');
    else if (strcmp(way, "recvfrom") == 0)
        sniff_recvfrom(interface);
    else if (strcmp(way, "recvmmsg") == 0)
        sniff_recvmmsg(interface);
#ifdef HAVE_PCAP
    else if (strcmp(way, "pcap") == 0 || strcmp(way, "pcap-immediate") == 0)
        sniff_pcap(interface, way[4] != '\0');
#endif
    else
        return 2;
    printf("%lu %lu %.0f\n", packets, drops, (seconds_of(CLOCK_PROCESS_CPUTIME_ID) - begin) * 1e9);
    return sum == 42; /* so that the compiler does not remove the reads */
}

int main(int argc, char **argv)
{
    if (argc == 5 && strcmp(argv[1], "send") == 0)
        return send_datagrams(argv[2], atof(argv[3]), atof(argv[4]));
    if (argc == 4 && strcmp(argv[1], "sniff") == 0)
        return sniff(argv[2], argv[3]);
    if (argc == 2 && strcmp(argv[1], "ways") == 0)
        return puts(WAYS) < 0;
    fprintf(
        stderr,
        "usage: capture send ADDRESS RATE SECONDS | capture sniff WAY INTERFACE | capture ways\n");
    return 2;
}
