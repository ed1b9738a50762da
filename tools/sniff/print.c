#include "sniff.h"

#include "utf8.h"

#include <string.h>
#include <time.h>

const char *link_name(int link_type)
{
    switch (link_type) {
    case PS_LINK_NULL:
        return "BSD loopback";
    case PS_LINK_ETHERNET:
        return "Ethernet";
    case PS_LINK_RAW:
        return "raw IP";
    case PS_LINK_LOOP:
        return "OpenBSD loopback";
    case PS_LINK_COOKED:
        return "Linux cooked v1";
    case PS_LINK_IPV4:
        return "raw IPv4";
    case PS_LINK_IPV6:
        return "raw IPv6";
    case PS_LINK_COOKED2:
        return "Linux cooked v2";
    default:
        return "unknown";
    }
}

/* ---- packets --------------------------------------------------------------------------------- */

/* "12:34:56.789012 ", in local time. */
static void print_time(int64_t time_ns)
{
    time_t seconds = (time_t)(time_ns / 1000000000);
    const struct tm *t = localtime(&seconds);

    if (t)
        printf("%02d:%02d:%02d.%06d ", t->tm_hour, t->tm_min, t->tm_sec,
               (int)(time_ns % 1000000000 / 1000));
}

enum { ROW = 16 };

static void print_row(const unsigned char *data, size_t length, bool ascii)
{
    size_t i;

    for (i = 0; i < length; i++)
        printf(i % 2 == 0 ? " %02x" : "%02x", data[i]);
    if (!ascii)
        return;
    for (; i < ROW; i++)
        fputs(i % 2 == 0 ? "   " : "  ", stdout);
    fputs("  ", stdout);
    for (i = 0; i < length; i++)
        putchar(data[i] > ' ' && data[i] < 127 ? data[i] : '.');
}

static void print_bytes(const unsigned char *data, size_t length, bool ascii)
{
    size_t at;

    for (at = 0; at < length; at += ROW) {
        printf("\t0x%04zx: ", at);
        print_row(data + at, length - at < ROW ? length - at : ROW, ascii);
        putchar('\n');
    }
}

void print_packet(const settings *s, const ps_packet *packet, const ps_dissection *d)
{
    char text[PS_DISSECTION_TEXT_MAX];
    size_t from = s->hex > 1 || d->network_offset > packet->length ? 0 : d->network_offset;

    ps_dissection_format(packet, d, text, sizeof text);
    if (!s->no_time)
        print_time(packet->time_ns);
    puts(text);
    if (s->hex > 0)
        print_bytes(packet->data + from, packet->length - from, s->ascii);
}

/* ---- names ----------------------------------------------------------------------------------- */

/* The least and the most that the second byte of a character may be. */
static bool is_second(unsigned char first, unsigned char second)
{
    unsigned char least = first == 0xe0 ? 0xa0 : first == 0xf0 ? 0x90 : first == 0xc2 ? 0xa0 : 0x80;
    unsigned char most = first == 0xed ? 0x9f : first == 0xf4 ? 0x8f : 0xbf;

    return second >= least && second <= most;
}

/* Separators of lines, and what turns the direction of the text that follows: U+061C, U+200E,
 * U+200F, U+2028 to U+202E, and U+2066 to U+2069. */
static bool is_format_mark(const unsigned char *text)
{
    if (text[0] == 0xd8)
        return text[1] == 0x9c;
    if (text[0] != 0xe2)
        return false;
    if (text[1] == 0x80)
        return text[2] == 0x8e || text[2] == 0x8f || (text[2] >= 0xa8 && text[2] <= 0xae);
    return text[1] == 0x81 && text[2] >= 0xa6 && text[2] <= 0xa9;
}

/* 0 also for control characters and those above, and for what is no UTF-8. */
size_t printable(const char *from)
{
    const unsigned char *text = (const unsigned char *)from;
    size_t length = text[0] < 0xe0 ? 2 : text[0] < 0xf0 ? 3 : 4;

    if (text[0] < 0x80)
        return text[0] >= 0x20 && text[0] != 0x7f;
    if (text[0] < 0xc2 || text[0] > 0xf4 || !is_second(text[0], text[1]))
        return 0;
    for (size_t i = 2; i < length; i++) {
        if ((text[i] & 0xc0) != 0x80)
            return 0;
    }
    return is_format_mark(text) ? 0 : length;
}

int print_name(FILE *to, const char *name)
{
    int characters = 0;

    while (*name != '\0') {
        size_t length = printable(name);

        if (length > 0)
            utf8_print(to, name, length);
        else
            fprintf(to, "\\x%02x", (unsigned char)*name);
        characters += length > 0 ? 1 : 4;
        name += length > 0 ? length : 1;
    }
    return characters;
}

/* ---- interfaces ------------------------------------------------------------------------------ */

static void print_flags(const ps_interface *i)
{
    const char *const flags[] = {i->up ? "up" : "down", i->running ? "running" : NULL,
                                 i->loopback ? "loopback" : NULL, i->wireless ? "wireless" : NULL,
                                 i->point_to_point ? "point-to-point" : NULL};
    const char *before = " [";
    size_t f;

    for (f = 0; f < sizeof flags / sizeof flags[0]; f++) {
        if (flags[f]) {
            printf("%s%s", before, flags[f]);
            before = ", ";
        }
    }
    putchar(']');
}

static void print_interface(const ps_interface *i)
{
    char text[PS_ADDR_TEXT_MAX];
    size_t a;

    printf("%u. ", i->index);
    print_name(stdout, i->name);
    if (*i->description != '\0') {
        fputs(" (", stdout);
        print_name(stdout, i->description);
        putchar(')');
    }
    print_flags(i);
    for (a = 0; a < i->address_count; a++) {
        if (ps_addr_get_host(&i->addresses[a], text, sizeof text) == 0)
            printf(" %s/%u", text, i->prefix_lengths[a]);
    }
    putchar('\n');
}

int print_interfaces(void)
{
    ps_interface *list, *i;
    int code = ps_getinterfaces(&list);

    if (code != 0) {
        complain("interfaces", code);
        return EXIT_FAILED;
    }
    for (i = list; i; i = i->next)
        print_interface(i);
    ps_freeinterfaces(list);
    return EXIT_OK;
}
