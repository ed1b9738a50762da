#include "sniff.h"

#include <string.h>
#include <time.h>

typedef struct counts {
    uint64_t packets, bytes;               /* in all */
    uint64_t recent_packets, recent_bytes; /* since it was shown last */
} counts;

typedef struct talker {
    unsigned char address[16];
    uint8_t version; /* of IP; 0: free */
    counts counts;
} talker;

typedef struct named {
    const char *name;
    counts counts;
} named;

/* Further addresses are counted together. */
enum { TALKERS = 4096, PROTOCOLS = 24, PLAIN_TALKERS = 5, HEAD_ROWS = 8, SOURCE_COLUMNS = 33 };

static counts all;
static talker talkers[TALKERS];
static counts other_talkers;
static named protocols[PROTOCOLS];

/* ---- counting -------------------------------------------------------------------------------- */

static void add(counts *c, uint64_t bytes)
{
    c->packets++;
    c->recent_packets++;
    c->bytes += bytes;
    c->recent_bytes += bytes;
}

static const char *protocol_name(const ps_dissection *d)
{
    static const uint32_t layers[] = {PS_LAYER_TCP,  PS_LAYER_UDP, PS_LAYER_ICMP, PS_LAYER_ICMPV6,
                                      PS_LAYER_IGMP, PS_LAYER_ARP, PS_LAYER_IPV4, PS_LAYER_IPV6};
    size_t i;

    for (i = 0; i < sizeof layers / sizeof layers[0]; i++) {
        if ((d->layers & layers[i]) != 0)
            return ps_layer_name(layers[i]);
    }
    return "other";
}

static void count_protocol(const char *name, uint64_t bytes)
{
    named *p = protocols;

    while (p < protocols + PROTOCOLS - 1 && p->name && strcmp(p->name, name) != 0)
        p++;
    if (!p->name)
        p->name = name;
    add(&p->counts, bytes);
}

/* FNV-1a. */
static uint32_t hash(const unsigned char *data, size_t length)
{
    uint32_t h = 2166136261u;
    size_t i;

    for (i = 0; i < length; i++)
        h = (h ^ data[i]) * 16777619u;
    return h;
}

static void count_talker(const unsigned char *address, uint8_t version, uint64_t bytes)
{
    size_t length = version == 4 ? 4 : 16, tries;
    uint32_t at = hash(address, length);

    for (tries = 0; tries < 64; tries++, at++) {
        talker *t = &talkers[at % TALKERS];
        if (t->version == 0) {
            t->version = version;
            memcpy(t->address, address, length);
        }
        if (t->version == version && memcmp(t->address, address, length) == 0) {
            add(&t->counts, bytes);
            return;
        }
    }
    add(&other_talkers, bytes);
}

void top_count(const ps_packet *packet, const ps_dissection *d)
{
    uint64_t bytes = packet->original_length;

    add(&all, bytes);
    count_protocol(protocol_name(d), bytes);
    if ((d->layers & (PS_LAYER_IPV4 | PS_LAYER_IPV6)) == 0)
        return;
    count_talker(d->ip.source, d->ip.version, bytes);
    if (memcmp(d->ip.source, d->ip.destination, d->ip.version == 4 ? 4 : 16) != 0)
        count_talker(d->ip.destination, d->ip.version, bytes);
}

/* ---- showing --------------------------------------------------------------------------------- */

/* "1.23 M", 9 characters. */
static const char *scaled(double value, char text[16])
{
    static const char units[] = " kMGT";
    size_t unit = 0;

    while (value >= 1000 && unit + 2 < sizeof units) {
        value /= 1000;
        unit++;
    }
    snprintf(text, 16, unit == 0 ? "%7.0f %c" : "%7.2f %c", value, units[unit]);
    return text;
}

static void print_counts(const counts *c, double seconds)
{
    char rate[16], bits[16], bytes[16];

    printf("%10llu packets %sB %s/s %sbit/s", (unsigned long long)c->packets,
           scaled((double)c->bytes, bytes), scaled((double)c->recent_packets / seconds, rate),
           scaled((double)c->recent_bytes * 8 / seconds, bits));
}

/* The one with the most bytes since the last time, of those below `limit`. */
static talker *next_talker(const talker *before)
{
    talker *best = NULL, *t;

    for (t = talkers; t < talkers + TALKERS; t++) {
        if (t->version == 0)
            continue;
        if (before && (t->counts.recent_bytes > before->counts.recent_bytes ||
                       (t->counts.recent_bytes == before->counts.recent_bytes && t <= before)))
            continue;
        if (!best || t->counts.recent_bytes > best->counts.recent_bytes)
            best = t;
    }
    return best;
}

static void print_talkers(int rows, double seconds)
{
    char host[PS_HOST_MAX];
    talker *t = next_talker(NULL);

    for (; rows > 0 && t; rows--, t = next_talker(t)) {
        if (ps_inet_ntop(t->version == 4 ? AF_INET : AF_INET6, t->address, t->version == 4 ? 4 : 16,
                         host, sizeof host) != 0)
            continue;
        printf("  %-40s", host);
        print_counts(&t->counts, seconds);
        putchar('\n');
    }
}

static void print_protocols(double seconds)
{
    named *p;

    for (p = protocols; p < protocols + PROTOCOLS && p->name; p++) {
        printf("  %-40s", p->name);
        print_counts(&p->counts, seconds);
        putchar('\n');
    }
}

static void print_source(const char *source)
{
    int characters = print_name(stdout, source);

    for (; characters < SOURCE_COLUMNS; characters++)
        putchar(' ');
}

static void forget_recent(counts *c)
{
    c->recent_packets = c->recent_bytes = 0;
}

static void begin_again(void)
{
    size_t i;

    forget_recent(&all);
    forget_recent(&other_talkers);
    for (i = 0; i < TALKERS; i++)
        forget_recent(&talkers[i].counts);
    for (i = 0; i < PROTOCOLS; i++)
        forget_recent(&protocols[i].counts);
}

static int protocol_rows(void)
{
    int rows = 0;

    while (rows < PROTOCOLS && protocols[rows].name)
        rows++;
    return rows;
}

void top_show(const char *source, double seconds)
{
    int rows = 0, talker_rows;
    bool redraw = terminal_is_there(&rows);
    time_t now = time(NULL);
    const struct tm *t = localtime(&now);

    talker_rows = redraw ? rows - HEAD_ROWS - protocol_rows() : PLAIN_TALKERS;
    if (redraw)
        fputs("\033[H\033[J", stdout); /* to the first line, and the rest is blank */
    if (t)
        printf("%02d:%02d:%02d ", t->tm_hour, t->tm_min, t->tm_sec);
    print_source(source);
    print_counts(&all, seconds);
    puts("\nProtocols:");
    print_protocols(seconds);
    puts("Talkers (packets from and to them):");
    print_talkers(talker_rows > 0 ? talker_rows : 1, seconds);
    if (other_talkers.packets > 0) {
        printf("  %-40s", "others");
        print_counts(&other_talkers, seconds);
        putchar('\n');
    }
    fflush(stdout);
    begin_again();
}
