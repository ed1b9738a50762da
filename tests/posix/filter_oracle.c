/*
 * ps_filter_compile against libpcap: for each expression, the program that `tcpdump -ddd` prints
 * and ours say the same of many packets, both run by ps_filter_run. libpcap is tcpdump's, loaded
 * at run time: to start tcpdump for each expression would take too long.
 */
/* All skipped: linux-musl, linux-s390x: a static program loads no libpcap */
#include "test.h"

#include <portsock-capture.h>

#include <dlfcn.h>

#include <stdio.h>
#include <unistd.h>

/* ---- packets --------------------------------------------------------------------------------- */

enum { SIZE = 160, PACKETS = 600 };

typedef struct frame {
    unsigned char data[SIZE];
    size_t length;
} frame;

static frame frames[PACKETS], unchanged[PACKETS];
static size_t frame_count;

static void add_bytes(frame *f, const void *data, size_t size)
{
    ck_assert_uint_le(f->length + size, SIZE);
    memcpy(f->data + f->length, data, size);
    f->length += size;
}

/* Hexadecimal digits, with spaces to read them by. */
static void add_hex(frame *f, const char *text)
{
    unsigned byte;
    int used;

    for (; sscanf(text, " %2x%n", &byte, &used) == 1; text += used) {
        unsigned char one = (unsigned char)byte;
        add_bytes(f, &one, 1);
    }
    ck_assert_str_eq(text + strspn(text, " "), "");
}

/* A network layer's packet behind a link's header; filled up, so that no load is behind its end. */
static void add_frame(const char *link, const char *network)
{
    frame *f = &frames[frame_count++];

    ck_assert_uint_lt(frame_count, PACKETS);
    f->length = 0;
    add_hex(f, link);
    add_hex(f, network);
    memset(f->data + f->length, 0x35, SIZE - f->length);
    f->length = SIZE - frame_count % 40;
}

#define A4 "c0000201 " /* 192.0.2.1 */
#define B4 "c0000202 "
#define C4 "0a010203 " /* 10.1.2.3 */
#define A6 "20010db8000000000000000000000001 "
#define B6 "20010db8000100000000000000000002 "
#define M6 "ff0200000000000000000000000000fb "
#define IP4(fragment, protocol, from, to) \
    "4500 0040 0001 " fragment " 40 " protocol " 0000 " from to
#define IP6(next, from, to) "60000000 0040 " next " 40 " from to
#define PORTS_80 "0050 3039 "
#define PORTS_53 "3039 0035 "
#define PORTS_443 "01bb 01bb "

static const char *const four[] = {
    IP4("4000", "06", A4, B4) PORTS_80,
    IP4("4000", "06", B4, A4) PORTS_443,
    IP4("4000", "06", C4, "e0000001 ") PORTS_53,
    IP4("0000", "11", A4, C4) PORTS_53,
    IP4("2000", "11", A4, B4) PORTS_80,
    IP4("00b9", "11", A4, B4) PORTS_80, /* a later fragment */
    IP4("2001", "06", A4, B4) PORTS_80,
    IP4("0000", "84", A4, B4) PORTS_80,
    IP4("0000", "01", A4, B4) "0800 0000 0001 0001",
    IP4("0000", "02", A4, "e0000016 ") "2200",
    IP4("0000", "67", A4, B4) "00",
    IP4("0000", "70", A4, B4) "00",
    IP4("0000", "32", A4, B4) "00",
    IP4("0000", "33", A4, B4) "00",
    IP4("0000", "11", "00000000 ", "ffffffff ") "0044 0043 ",
    "4600 0040 0001 0000 40 11 0000 " A4 B4 "94040000 " PORTS_53, /* an option */
    "4f00 0060 0001 0000 40 06 0000 " A4 B4
    "01010101 01010101 01010101 01010101 01010101 01010101 01010101 01010101 "
    "01010101 01010101 " PORTS_80,
};

static const char *const six[] = {
    IP6("06", A6, B6) PORTS_80,
    IP6("06", B6, A6) PORTS_443,
    IP6("11", A6, M6) PORTS_53,
    IP6("3a", A6, B6) "8000 0000",
    IP6("2c", A6, B6) "0600 0001 00000001 " PORTS_80, /* fragments */
    IP6("2c", A6, B6) "1100 0001 00000001 " PORTS_53,
    IP6("2c", A6, B6) "3a00 00b9 00000001 " PORTS_53,
    IP6("00", A6, B6) "0600 0502 0000 0100 " PORTS_80, /* hop by hop */
    IP6("84", A6, B6) PORTS_80,
    IP6("32", A6, B6) "00",
    IP6("67", A6, B6) "00",
};

#define MACS "020000000002 020000000001 "

static const char *const link_of_ethernet[] = {
    MACS,
    "ffffffffffff 020000000001 ",
    "01005e000001 020000000003 ",
    MACS "8100 0007 ",
    MACS "8100 2008 ",
    MACS "88a8 0064 8100 0007 ",
    MACS "9100 0007 ",
};

static const char *const other_of_ethernet[] = {
    MACS "0806 0001 0800 0604 0001 020000000001 " A4 "000000000000 " B4,
    "ffffffffffff 020000000001 0806 0001 0800 0604 0002 020000000001 " B4 "000000000000 " C4,
    MACS "8100 0007 0806 0001 0800 0604 0001 020000000001 " A4 "000000000000 " B4,
    MACS "8035 0001 0800 0604 0003 020000000001 " A4 "000000000000 " C4,
    MACS "0026 4242 03 000000 0000",
    MACS "88cc 0207",
    MACS "0600 45000000",
};

#define COUNT(list) (sizeof(list) / sizeof(list)[0])

/* Both lists, behind a link's header for each. */
static void add_networks(const char *link, const char *type4, const char *type6)
{
    char header[200];
    size_t i;

    for (i = 0; i < COUNT(four); i++) {
        snprintf(header, sizeof header, "%s%s", link, type4);
        add_frame(header, four[i]);
    }
    for (i = 0; i < COUNT(six); i++) {
        snprintf(header, sizeof header, "%s%s", link, type6);
        add_frame(header, six[i]);
    }
}

static void make_frames(int link_type)
{
    size_t i;

    frame_count = 0;
    switch (link_type) {
    case PS_LINK_ETHERNET:
        for (i = 0; i < COUNT(link_of_ethernet); i++)
            add_networks(link_of_ethernet[i], "0800 ", "86dd ");
        for (i = 0; i < COUNT(other_of_ethernet); i++)
            add_frame(other_of_ethernet[i], "");
        break;
    case PS_LINK_COOKED:
        add_networks("0000 0001 0006 020000000001 0000 ", "0800 ", "86dd ");
        add_frame("0000 0001 0006 020000000001 0000 0806 ",
                  "0001 0800 0604 0001 020000000001 " A4 "000000000000 " B4);
        break;
    case PS_LINK_COOKED2:
        add_networks("0800 0000 00000002 0001 00 06 0200000000010000 ", "", "");
        add_networks("86dd 0000 00000002 0001 00 06 0200000000010000 ", "", "");
        break;
    case PS_LINK_NULL:
        add_networks("", "02000000 ", "1e000000 ");
        add_networks("", "02000000 ", "18000000 ");
        break;
    case PS_LINK_LOOP:
        add_networks("", "00000002 ", "0000001c ");
        break;
    default:
        add_networks("", "", "");
        break;
    }
}

/* Bytes of the first headers changed, the same ones each time; 0 changes nothing. */
static void change_frames(unsigned seed)
{
    size_t i;

    memcpy(frames, unchanged, sizeof frames);
    if (seed == 0)
        return;
    for (i = 0; i < frame_count; i++) {
        unsigned changes;
        for (changes = 0; changes < 3; changes++) {
            seed = seed * 1103515245 + 12345;
            frames[i].data[(seed >> 8) % 64] ^= (unsigned char)(1u << (seed >> 20) % 8);
        }
    }
}

/* ---- libpcap --------------------------------------------------------------------------------- */

/* Its struct bpf_program; the instructions have our layout. */
typedef struct pcap_program {
    unsigned count;
    ps_filter_instruction *instructions;
} pcap_program;

static struct {
    void *(*open_offline)(const char *path, char *error);
    int (*compile)(void *pcap, pcap_program *program, const char *expression, int optimize,
                   uint32_t netmask);
    void (*freecode)(pcap_program *program);
    void (*close)(void *pcap);
} pcap;

static void find(void *library, const char *name, void *function)
{
    void *found = dlsym(library, name);

    ck_assert_msg(found != NULL, "libpcap has no %s", name);
    memcpy(function, &found, sizeof found);
}

static bool load_pcap(void)
{
    void *library = dlopen("libpcap.so.0.8", RTLD_NOW);

    if (library == NULL)
        library = dlopen("libpcap.so.1", RTLD_NOW);
    if (library == NULL)
        return false;
    find(library, "pcap_open_offline", &pcap.open_offline);
    find(library, "pcap_compile", &pcap.compile);
    find(library, "pcap_freecode", &pcap.freecode);
    find(library, "pcap_close", &pcap.close);
    return true;
}

/* A capture without packets: programs for a file's link type are as tcpdump's for the file. */
static void *open_empty_file(int link_type)
{
    char path[] = "/tmp/portsock-filter-XXXXXX", error[256];
    uint32_t header[6] = {0xa1b2c3d4, 4u << 16 | 2, 0, 0, 65535, (uint32_t)link_type};
    int file = mkstemp(path);
    void *opened;

    ck_assert_int_ge(file, 0);
    ck_assert_int_eq(write(file, header, sizeof header), sizeof header);
    close(file);
    opened = pcap.open_offline(path, error);
    unlink(path);
    ck_assert_msg(opened != NULL, "libpcap: %s", error);
    return opened;
}

/* Whether libpcap takes the expression; then its program. */
static bool ask_pcap(void *opened, const char *expression, ps_filter_instruction *program,
                     size_t *count)
{
    const uint32_t unknown = 0xffffffff;
    pcap_program made;

    if (pcap.compile(opened, &made, expression, 1, unknown) != 0)
        return false;
    ck_assert_uint_le(made.count, PS_FILTER_MAX);
    memcpy(program, made.instructions, made.count * sizeof *program);
    *count = made.count;
    pcap.freecode(&made);
    return true;
}

/* ---- the comparison -------------------------------------------------------------------------- */

static unsigned differences;

/* All that differs is told before the test fails. */
static void differ(const char *expression, const char *how, size_t where)
{
    printf("%s: %s %zu\n", expression, how, where);
    differences++;
}

/* Returns how many packets both keep. */
static unsigned compare_verdicts(const char *expression, const ps_filter_instruction *ours,
                                 size_t our_count, const ps_filter_instruction *theirs,
                                 size_t their_count)
{
    unsigned kept = 0;
    size_t i;

    for (i = 0; i < frame_count; i++) {
        const frame *f = &frames[i];
        bool mine = ps_filter_run(ours, our_count, f->data, f->length, f->length) > 0;
        bool other = ps_filter_run(theirs, their_count, f->data, f->length, f->length) > 0;
        if (mine != other) {
            differ(expression, mine ? "only ours keeps packet" : "only libpcap's keeps packet", i);
            break;
        }
        kept += mine;
    }
    return kept;
}

static void compare(void *opened, int link_type, const char *expression)
{
    static ps_filter_instruction ours[PS_FILTER_MAX], theirs[PS_FILTER_MAX];
    size_t our_count = PS_FILTER_MAX, their_count, offset;
    unsigned kept = 0, seed;
    int code = ps_filter_compile(expression, link_type, ours, &our_count, &offset);

    if (!ask_pcap(opened, expression, theirs, &their_count)) {
        if (code != PS_BAD_FILTER)
            differ(expression, "only we take it", 0);
        return;
    }
    if (code != 0) {
        differ(expression, "we do not take it, at", offset);
        return;
    }
    ck_assert_int_eq(ps_filter_check(ours, our_count), 0);
    for (seed = 0; seed <= 10; seed++) {
        change_frames(seed);
        kept += compare_verdicts(expression, ours, our_count, theirs, their_count);
    }
    if (getenv("PORTSOCK_SHOW_FILTERS") != NULL)
        printf("%-60s %4zu instructions, libpcap's %4zu, kept %u\n", expression, our_count,
               their_count, kept);
}

static void compare_all(int link_type, const char *const *expressions, size_t count)
{
    void *opened;
    size_t i;

    if (!load_pcap())
        test_skip("there is no libpcap");
    opened = open_empty_file(link_type);
    make_frames(link_type);
    memcpy(unchanged, frames, sizeof frames);
    for (i = 0; i < count; i++)
        compare(opened, link_type, expressions[i]);
    pcap.close(opened);
    ck_assert_uint_eq(differences, 0);
}

/* For every link that has IP. */
static const char *const of_ip[] = {
    "",
    "ip",
    "ip6",
    "tcp",
    "udp",
    "sctp",
    "icmp",
    "icmp6",
    "igmp",
    "pim",
    "vrrp",
    "ah",
    "esp",
    "host 192.0.2.1",
    "src 192.0.2.1",
    "dst host 192.0.2.1",
    "src and dst host 192.0.2.1",
    "src or dst host 10.1.2.3",
    "ip host 10.1.2.3",
    "ip src 192.0.2.2",
    "not host 192.0.2.1",
    "host 192.0.2.1 and host 192.0.2.2",
    "host 2001:db8::1",
    "ip6 host 2001:db8::1",
    "src host 2001:db8::1",
    "ip6 dst 2001:db8:1::2",
    "not ip6 host 2001:db8::1",
    "net 192.0.2.0/24",
    "net 192.0.2",
    "net 10",
    "src net 10.1",
    "dst net 10.0.0.0/8",
    "net 192.0.2.0 mask 255.255.255.0",
    "net 192.0.2.1",
    "net 0.0.0.0/0",
    "net 10.0.0.0/9",
    "net 2001:db8::/32",
    "src net 2001:db8:1::/48",
    "net 2001:db8::/33",
    "ip6 net ::/0",
    "net 2001:db8::1",
    "port 80",
    "port 53",
    "src port 80",
    "dst port 80",
    "src and dst port 443",
    "src or dst port 53",
    "tcp port 80",
    "udp port 53",
    "sctp port 80",
    "tcp src port 80",
    "not port 80",
    "not tcp port 80",
    "port http",
    "port ssh",
    "tcp port http",
    "port ntp",
    "port domain",
    "udp port domain",
    "portrange 1-100",
    "portrange 50-80",
    "portrange 80-81",
    "src portrange 443-444",
    "portrange 100-1",
    "tcp portrange 400-500",
    "udp src portrange 0-65535",
    "dst portrange 53-53",
    "portrange 80",
    "port 0x50",
    "port 0120",
    "proto 6",
    "ip proto 17",
    "ip6 proto 58",
    "ip proto \\tcp",
    "proto \\udp",
    "ip6 proto 6",
    "ip proto 50",
    "proto 132",
    "ip multicast",
    "ip6 multicast",
    "not ip multicast",
    "less 130",
    "greater 150",
    "less 140 and greater 130",
    "greater 0",
    "not less 135",
    "tcp and port 80",
    "tcp or udp",
    "tcp or udp and port 80",
    "tcp and port 80 or udp and port 53",
    "not tcp and not udp",
    "not (tcp or udp)",
    "tcp port 80 or 443",
    "port 80 or 53 or 443",
    "host 192.0.2.1 or 10.1.2.3",
    "port (80 or 443)",
    "host (192.0.2.1 or 10.1.2.3) and not port 80",
    "src host 192.0.2.1 and dst host 192.0.2.2 and tcp",
    "tcp && port 80 || ! udp",
    "!tcp",
    "! (tcp && port 80)",
    "not not tcp",
    "((tcp))",
    "(ip or ip6) and (port 80 or icmp)",
    "tcp src port 80 and dst net 192.0.2.0/24 or ip6",
    "ip and not tcp port 80 and not udp port 53 or icmp6",
    "tcp port 1 or 2 or 3 or 4 or 5 or 6 or 7 or 8 or 9 or 10 or 11 or 12 or 13 or 14 or 15 or 16 "
    "or 17 or 18 or 80",
    "port 1 or 2 or 3 or 4 or 5 or 6 or 7 or 8 or 9 or 10 or 11 or 12 or 13 or 14 or 15 or 16 or "
    "17 or 18 or 80",
    /* mistakes */
    "tcp host 192.0.2.1",
    "host",
    "port",
    "port 65536",
    "net 192.0.2.1/24",
    "net 192.0.2.0/33",
    "net 192.0.2.1 mask 255.255.255.0",
    "net 2001:db8::1/32",
    "tcp and",
    "and tcp",
    "tcp udp",
    "(tcp",
    "tcp)",
    "host 192.0.2.1/32",
    "ip6 host 192.0.2.1",
    "ip host 2001:db8::1",
    "arp host 2001:db8::1",
    "icmp port 80",
    "ip port 80",
    "not",
    "()",
    "port 80-90x",
    "less",
    "less x",
    "src",
    "src tcp",
    "port nosuchservice",
    "tcp port 80 or",
    "@",
    "ether",
    "src proto 6",
    "portrange 1-",
    "portrange -1",
    "portrange 1-70000",
    "ip ip",
    "broadcast multicast",
    "net 1.2.3.4.5",
};

static const char *const of_ethernet[] = {
    "arp",
    "rarp",
    "not arp",
    "arp host 192.0.2.1",
    "arp src 192.0.2.1",
    "rarp host 10.1.2.3",
    "arp net 192.0.2.0/24",
    "arp dst host 192.0.2.2",
    "ether host 02:00:00:00:00:01",
    "ether src 02:00:00:00:00:01",
    "ether dst 2:0:0:0:0:2",
    "ether src host 02-00-00-00-00-03",
    "ether broadcast",
    "broadcast",
    "multicast",
    "ether multicast",
    "not broadcast and not multicast",
    "ether src 02:00:00:00:00:01 and tcp",
    "ether proto 0x88cc",
    "ether proto \\ip",
    "ether proto \\arp",
    "ether proto 2048",
    "arp or icmp",
    "arp and host 192.0.2.1",
    "vlan",
    "vlan 7",
    "vlan 8",
    "vlan and tcp",
    "vlan 7 and tcp port 80",
    "vlan 7 and ip6 and udp port 53",
    "vlan and arp",
    "vlan 7 and host 192.0.2.1",
    "vlan 100 and vlan 7",
    "vlan and vlan",
    "vlan and vlan and port 80",
    "not vlan",
    "not vlan and tcp",
    "tcp or vlan",
    "vlan or tcp",
    "vlan and (host 10.1.2.3 or port 443)",
    "vlan 0x7",
    "vlan and not port 80",
    "vlan and ip6 host 2001:db8::1",
    "vlan and portrange 80-443",
    "vlan and ip multicast",
    "vlan and net 192.0.2.0/24 and not icmp",
    "vlan and ether src 02:00:00:00:00:01",
    "vlan 4096",
    "ether host 02:00:00:00:00",
    "ether host 192.0.2.1",
    "ether port 80",
    "host 02:00:00:00:00:01",
    "ether net 10",
};

#define LINK_TEST(name, type)                                   \
    START_TEST(filter_oracle_##name)                            \
    {                                                           \
        compare_all(type, of_ip, sizeof of_ip / sizeof *of_ip); \
    }                                                           \
    END_TEST

LINK_TEST(ethernet, PS_LINK_ETHERNET)
LINK_TEST(raw, PS_LINK_RAW)
LINK_TEST(ipv4, PS_LINK_IPV4)
LINK_TEST(ipv6, PS_LINK_IPV6)
LINK_TEST(cooked, PS_LINK_COOKED)
LINK_TEST(cooked2, PS_LINK_COOKED2)
LINK_TEST(null, PS_LINK_NULL)
LINK_TEST(loop, PS_LINK_LOOP)

START_TEST(filter_oracle_of_ethernet_alone)
{
    compare_all(PS_LINK_ETHERNET, of_ethernet, sizeof of_ethernet / sizeof *of_ethernet);
}
END_TEST

void add_filter_oracle_tests(Suite *suite)
{
    ADD_TEST_CASE(suite, filter_oracle_ethernet);
    ADD_TEST_CASE(suite, filter_oracle_raw);
    ADD_TEST_CASE(suite, filter_oracle_ipv4);
    ADD_TEST_CASE(suite, filter_oracle_ipv6);
    ADD_TEST_CASE(suite, filter_oracle_cooked);
    ADD_TEST_CASE(suite, filter_oracle_cooked2);
    ADD_TEST_CASE(suite, filter_oracle_null);
    ADD_TEST_CASE(suite, filter_oracle_loop);
    ADD_TEST_CASE(suite, filter_oracle_of_ethernet_alone);
}
