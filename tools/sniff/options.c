#include "sniff.h"

#include <stdlib.h>
#include <string.h>

static void usage(FILE *to)
{
    fprintf(to,
            "usage: " PROGRAM " [option...] [filter expression]\n"
            "Prints the packets of a network interface.\n"
            "\n"
            "  -i, --interface NAME      capture on this interface: a name, a number or an address "
            "of -D;\n"
            "                            on Linux \"any\" for all (default: the one of the default "
            "route)\n"
            "  -D, --list-interfaces     list the interfaces\n"
            "      --check               report what prevents a capture\n"
            "  -c, --count N             end after N packets\n"
            "  -w, --write FILE          write the packets to FILE, or \"-\": as pcapng; as pcap "
            "if its name ends so\n"
            "      --print               with -w: print them, too\n"
            "  -r, --read FILE           read the packets from a capture file, or \"-\"\n"
            "  -F, --filter-file FILE    read the filter from FILE: an expression, or what tcpdump "
            "-ddd prints\n"
            "  -p, --no-promiscuous      no promiscuous mode\n"
            "  -Q, --direction WHICH     in, out or inout\n"
            "  -s, --snap-length N       keep N bytes of a packet (default 262144)\n"
            "  -B, --buffer-size KIB     size of the capture buffer (default 8192)\n"
            "      --immediate           show each packet at once, at a higher cost\n"
            "  -x                        show the packet in hexadecimal; -xx with its link header\n"
            "  -X                        the same with ASCII; -XX with its link header\n"
            "  -t                        show no time stamps\n"
            "  -q, --quiet               show no packets, count them only\n"
            "      --top[=SECONDS]       show a summary instead: protocols, talkers and rates, "
            "each second\n"
            "  -n                        show numbers, no names: this is always so\n"
            "  -l                        write each line at once: this is always so\n"
            "  -h, --help                show this\n"
            "      --version             show the version\n"
            "\n"
            "The filter is in tcpdump's language: tcp port 80 and not host 192.0.2.1\n");
}

/* Ends the program. */
static _Noreturn void refuse(const char *what, const char *why)
{
    fputs(PROGRAM ": ", stderr);
    print_name(stderr, what);
    fprintf(stderr, ": %s\n", why);
    exit(EXIT_USAGE);
}

static _Noreturn void refuse_number(const char *option, const char *text, unsigned long long least,
                                    unsigned long long most)
{
    fputs(PROGRAM ": ", stderr);
    print_name(stderr, option); /* "--count=VALUE" is in it whole */
    fputs(": \"", stderr);
    print_name(stderr, text);
    fprintf(stderr, "\" is no number from %llu to %llu\n", least, most);
    exit(EXIT_USAGE);
}

static unsigned long long number(const char *option, const char *text, unsigned long long least,
                                 unsigned long long most)
{
    char *end;
    unsigned long long value = strtoull(text, &end, 10);

    if (*text < '0' || *text > '9' || *end != '\0' || value < least || value > most)
        refuse_number(option, text, least, most);
    return value;
}

static double seconds(const char *option, const char *text)
{
    char *end;
    double value = strtod(text, &end);

    if (end == text || *end != '\0' || !(value >= 0.1 && value <= 86400))
        refuse(option, "this must be from 0.1 to 86400 seconds");
    return value;
}

static unsigned directions(const char *option, const char *text)
{
    if (strcmp(text, "in") == 0)
        return PS_DIRECTION_IN;
    if (strcmp(text, "out") == 0)
        return PS_DIRECTION_OUT;
    if (strcmp(text, "inout") != 0)
        refuse(option, "this must be in, out or inout");
    return PS_DIRECTION_IN | PS_DIRECTION_OUT;
}

/* Options without a letter have a number above letters. */
enum { OPTION_CHECK = 256, OPTION_PRINT, OPTION_IMMEDIATE, OPTION_TOP, OPTION_VERSION };

typedef struct option {
    int letter;
    const char *name; /* NULL: only a letter */
    enum { NO_VALUE, VALUE, MAYBE } value;
} option;

static const option options[] = {
    {'i', "interface", VALUE},
    {'D', "list-interfaces", NO_VALUE},
    {OPTION_CHECK, "check", NO_VALUE},
    {'c', "count", VALUE},
    {'w', "write", VALUE},
    {OPTION_PRINT, "print", NO_VALUE},
    {'r', "read", VALUE},
    {'F', "filter-file", VALUE},
    {'p', "no-promiscuous", NO_VALUE},
    {'Q', "direction", VALUE},
    {'s', "snap-length", VALUE},
    {OPTION_IMMEDIATE, "immediate", NO_VALUE},
    {'B', "buffer-size", VALUE},
    {'x', NULL, NO_VALUE},
    {'X', NULL, NO_VALUE},
    {'t', NULL, NO_VALUE},
    {'q', "quiet", NO_VALUE},
    {OPTION_TOP, "top", MAYBE},
    {'n', NULL, NO_VALUE},
    {'l', NULL, NO_VALUE},
    {'h', "help", NO_VALUE},
    {OPTION_VERSION, "version", NO_VALUE},
};

/* The options of what is printed. */
static void set_output(settings *s, int letter, const char *name, const char *value)
{
    switch (letter) {
    case 'x':
    case 'X':
        s->hex++;
        s->ascii = letter == 'X';
        break;
    case 't':
        s->no_time = true;
        break;
    case 'q':
        s->lines = false;
        break;
    case OPTION_TOP:
        s->top = value ? seconds(name, value) : 1;
        break;
    case 'h':
        usage(stdout);
        exit(EXIT_OK);
    case OPTION_VERSION:
        printf(PROGRAM " %d.%d.%d\n", PS_VERSION_MAJOR, PS_VERSION_MINOR, PS_VERSION_PATCH);
        exit(EXIT_OK);
    default: /* -n, -l */
        break;
    }
}

static void set(settings *s, int letter, const char *name, const char *value, bool *print)
{
    switch (letter) {
    case 'i':
        s->interface_name = value;
        break;
    case 'D':
        s->task = LIST;
        break;
    case OPTION_CHECK:
        s->task = CHECK;
        break;
    case 'c':
        s->count = number(name, value, 1, UINT64_MAX);
        break;
    case 'w':
        s->write_path = value;
        break;
    case OPTION_PRINT:
        *print = true;
        break;
    case 'r':
        s->read_path = value;
        break;
    case 'F':
        s->filter_path = value;
        break;
    case 'p':
        s->not_promiscuous = true;
        break;
    case 'Q':
        s->directions = directions(name, value);
        break;
    case 's':
        s->snap_length = (size_t)number(name, value, 1, PS_SNAP_LENGTH_MAX);
        break;
    case 'B':
        s->buffer_size = (size_t)number(name, value, 1, 2097151) * 1024;
        break;
    case OPTION_IMMEDIATE:
        s->immediate = true;
        break;
    default:
        set_output(s, letter, name, value);
        break;
    }
}

/* "--name", "--name value", "--name=value". Returns how many arguments it took. */
static int take_long(settings *s, char **arguments, bool *print)
{
    const char *name = arguments[0] + 2, *equals = strchr(name, '=');
    size_t length = equals ? (size_t)(equals - name) : strlen(name);
    const char *value = equals ? equals + 1 : NULL;
    size_t i;

    for (i = 0; i < sizeof options / sizeof options[0]; i++) {
        const option *o = &options[i];
        bool next = o->value == VALUE && !value;
        if (!o->name || strlen(o->name) != length || strncmp(o->name, name, length) != 0)
            continue;
        if (next && !arguments[1])
            refuse(arguments[0], "this needs a value");
        if (o->value == NO_VALUE && value)
            refuse(arguments[0], "this takes no value");
        set(s, o->letter, arguments[0], next ? arguments[1] : value, print);
        return next ? 2 : 1;
    }
    refuse(arguments[0], "no such option; --help shows them");
}

/* "-nx", "-c 5", "-c5". */
static int take_letters(settings *s, char **arguments, bool *print)
{
    const char *at;

    for (at = arguments[0] + 1; *at != '\0'; at++) {
        char name[3] = {'-', *at, '\0'};
        const option *found = NULL;
        size_t i;
        for (i = 0; i < sizeof options / sizeof options[0]; i++) {
            if (options[i].letter == *at)
                found = &options[i];
        }
        if (!found)
            refuse(name, "no such option; --help shows them");
        if (found->value == NO_VALUE) {
            set(s, *at, name, NULL, print);
            continue;
        }
        if (at[1] == '\0' && !arguments[1])
            refuse(name, "this needs a value");
        set(s, *at, name, at[1] != '\0' ? at + 1 : arguments[1], print);
        return at[1] != '\0' ? 1 : 2;
    }
    return 1;
}

/* The arguments with spaces between. */
static char *join(char **arguments)
{
    size_t size = 1;
    char *joined, **a;

    for (a = arguments; *a; a++)
        size += strlen(*a) + 1;
    joined = calloc(size, 1);
    if (!joined) {
        complain("filter", PS_ENOMEM);
        exit(EXIT_FAILED);
    }
    for (a = arguments; *a; a++) {
        if (a != arguments)
            strcat(joined, " ");
        strcat(joined, *a);
    }
    return joined;
}

void read_options(int argc, char **argv, settings *s)
{
    char **a = argc > 0 ? argv + 1 : argv;
    bool print = false;

    *s = (settings){.lines = true};
    while (*a && **a == '-' && (*a)[1] != '\0') {
        if (strcmp(*a, "--") == 0) {
            a++;
            break;
        }
        a += (*a)[1] == '-' ? take_long(s, a, &print) : take_letters(s, a, &print);
    }
    s->expression = join(a);
    if (s->filter_path && *s->expression != '\0')
        refuse("-F", "there is a filter on the command line, too");
    if (s->filter_path && s->read_path && strcmp(s->filter_path, "-") == 0 &&
        strcmp(s->read_path, "-") == 0)
        refuse("-F", "standard input is taken by -r -");
    if (s->read_path && s->interface_name)
        refuse("-r", "packets come from a file or from an interface (-i), not from both");
    if (s->top > 0 && s->write_path && strcmp(s->write_path, "-") == 0)
        refuse("--top", "standard output is taken by -w -");
    if ((s->write_path && !print) || s->top > 0)
        s->lines = false;
    if (s->lines && s->write_path && strcmp(s->write_path, "-") == 0)
        refuse("--print", "standard output is taken by -w -");
}
