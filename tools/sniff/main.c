/*
 * portsock-sniff: shows the packets that pass a network interface, as tcpdump does. The same on
 * Windows, without a driver, and on Linux. docs/sniffer.md is its manual.
 */
#include "sniff.h"

#include "utf8.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

/* "portsock-sniff: NAME", and what comes behind it. */
static void say_of(const char *name, const char *behind)
{
    fputs(PROGRAM ": ", stderr);
    print_name(stderr, name);
    fputs(behind, stderr);
}

void complain(const char *what, int code)
{
    say_of(what, ": ");
    fprintf(stderr, "%s\n", ps_strerror(code));
}

/* ---- Ctrl-C ---------------------------------------------------------------------------------- */

static ps_capture *capture_in_use;
static volatile sig_atomic_t stopped;

static void stop(int signal_number)
{
    stopped = 1;
    ps_capture_stop(capture_in_use);
    signal(signal_number, stop); /* some systems forget it */
}

static void watch_signals(void)
{
    signal(SIGINT, stop);
    signal(SIGTERM, stop);
}

/* ---- output ---------------------------------------------------------------------------------- */

typedef struct sink {
    const settings *settings;
    ps_capture_writer *writer;
    uint64_t packets;
    bool failed; /* the output; the failure was reported */
} sink;

static bool ends_in(const char *text, const char *end)
{
    size_t length = strlen(text), end_length = strlen(end);

    return length >= end_length && strcmp(text + length - end_length, end) == 0;
}

static int open_writer(sink *k, int link_type)
{
    const settings *s = k->settings;
    int format, code;

    if (!s->write_path)
        return 0;
    format = ends_in(s->write_path, ".pcap") ? PS_CAPTURE_FILE_PCAP : PS_CAPTURE_FILE_PCAPNG;
    code = ps_capture_writer_open(&k->writer, s->write_path, format, link_type, s->snap_length);
    if (code != 0)
        complain(s->write_path, code);
    return code;
}

/* Returns 0, or an error that it has reported. */
static int take(sink *k, const ps_packet *packet)
{
    const settings *s = k->settings;
    ps_dissection d;
    int code = 0;

    k->packets++;
    if (s->lines || s->top > 0)
        ps_dissect(packet, &d);
    if (s->lines)
        print_packet(s, packet, &d);
    if (s->top > 0)
        top_count(packet, &d);
    if (k->writer)
        code = ps_capture_writer_packet(k->writer, packet);
    if (code != 0)
        complain(s->write_path, code);
    return code;
}

static bool has_enough(const sink *k)
{
    return k->settings->count > 0 && k->packets >= k->settings->count;
}

/* What remains unwritten is dropped, for instance on a full disk. */
static int close_output(sink *k, int status)
{
    int code = ps_capture_writer_close(k->writer);

    if (code != 0 && status == EXIT_OK) {
        complain(k->settings->write_path, code);
        status = EXIT_FAILED;
    }
    if ((fflush(stdout) != 0 || ferror(stdout)) && status == EXIT_OK) {
        fprintf(stderr, PROGRAM ": standard output cannot be written\n");
        status = EXIT_FAILED;
    }
    return status;
}

/* ---- from a file ----------------------------------------------------------------------------- */

/* Names the packet's interface in the file that is written, as in the one that is read. */
static void hand_on_interface(const sink *k, const ps_capture_reader *r, const ps_packet *packet)
{
    ps_capture_file_interface i = {0};

    if (k->writer && ps_capture_reader_getinterface(r, packet->interface_index, &i) == 0 &&
        *i.name != '\0')
        (void)ps_capture_writer_setinterface(k->writer, packet->link_type, packet->interface_index,
                                             i.name);
}

static bool passes(const ps_packet *packet, const ps_filter_instruction *program, size_t count)
{
    return count == 0 ||
           ps_filter_run(program, count, packet->data, packet->length, packet->original_length) > 0;
}

static int read_packet(sink *k, const ps_capture_reader *r, const ps_packet *packet)
{
    const ps_filter_instruction *program;
    size_t count;
    int code = filter_for(k->settings, packet->link_type, &program, &count);

    if (code == 0 && k->packets == 0 && !k->writer)
        code = open_writer(k, packet->link_type);
    if (code != 0 || !passes(packet, program, count))
        return code;
    hand_on_interface(k, r, packet);
    return take(k, packet);
}

static void explain_file(const char *path, int code, uint64_t packets)
{
    if (code == PS_BAD_CAPTURE_FILE && packets > 0) {
        say_of(path, ": the file is cut or damaged behind packet ");
        fprintf(stderr, "%llu\n", (unsigned long long)packets);
    } else {
        complain(path, code);
    }
}

static int read_file(const settings *s)
{
    sink k = {.settings = s};
    ps_capture_reader *r;
    ps_packet packet;
    uint64_t seen = 0;
    int status = EXIT_OK, code = ps_capture_reader_open(&r, s->read_path);

    if (code != 0) {
        explain_file(s->read_path, code, 0);
        return EXIT_FAILED;
    }
    while (!stopped && !has_enough(&k) && status == EXIT_OK) {
        code = ps_capture_reader_next(r, &packet);
        if (code <= 0)
            break;
        seen++;
        if (read_packet(&k, r, &packet) != 0)
            status = EXIT_FAILED;
    }
    if (code < 0) {
        fflush(stdout);
        explain_file(s->read_path, code, seen);
        status = EXIT_FAILED;
    }
    if (status == EXIT_OK && !k.writer && open_writer(&k, PS_LINK_ETHERNET) != 0)
        status = EXIT_FAILED;
    if (s->top > 0)
        top_show(s->read_path, 1);
    ps_capture_reader_close(r);
    return close_output(&k, status);
}

/* ---- live ------------------------------------------------------------------------------------ */

/* What prevents a capture, a line each. */
static int check(const settings *s)
{
    char text[PS_PREFLIGHT_TEXT_MAX];
    size_t found;
    int code =
        ps_capture_preflight(s->interface_name, !s->not_promiscuous, text, sizeof text, &found);

    if (code != 0) {
        complain("check", code);
        return EXIT_FAILED;
    }
    fputs(found > 0 ? text : "nothing found that prevents a capture\n", stdout);
    return found > 0 ? EXIT_FAILED : EXIT_OK;
}

/* The reason as the system reports it, then an explanation if there is one. */
static void explain_open(const settings *s, int code)
{
    char text[PS_PREFLIGHT_TEXT_MAX], *line;

    complain(s->interface_name ? s->interface_name : "capture", code);
    if (ps_capture_preflight(s->interface_name, !s->not_promiscuous, text, sizeof text, NULL) != 0)
        return;
    for (line = strtok(text, "\n"); line; line = strtok(NULL, "\n"))
        fprintf(stderr, "  %s\n", line);
}

static int open_capture(const settings *s, ps_capture **c)
{
    ps_capture_options o = PS_CAPTURE_OPTIONS_INIT;
    const ps_filter_instruction *program;
    size_t count;
    int code;

    o.interface_name = s->interface_name;
    o.promiscuous = !s->not_promiscuous;
    o.snap_length = s->snap_length;
    o.buffer_size = s->buffer_size;
    o.immediate = s->immediate;
    o.directions = s->directions;
    o.timeout = 0;
    code = ps_capture_open(c, &o);
    if (code != 0) {
        explain_open(s, code);
        return code;
    }
    code = filter_for(s, ps_capture_getlinktype(*c), &program, &count);
    if (code != 0)
        return code;
    code = ps_capture_setfilter(*c, program, count);
    if (code != 0)
        complain("filter", code);
    return code;
}

static void print_statistics(ps_capture *c, sink *k)
{
    ps_capture_statistics n = {0};

    fflush(stdout);
    fprintf(stderr, "%llu packets captured\n", (unsigned long long)k->packets);
    if (ps_capture_getstatistics(c, &n) != 0)
        return;
    fprintf(stderr, "%llu packets received by filter\n", (unsigned long long)n.received);
    if (n.dropped_known)
        fprintf(stderr, "%llu packets dropped by kernel\n", (unsigned long long)n.dropped);
    else
        fprintf(stderr, "packets dropped by kernel: this system does not count them\n");
    if (n.interface_dropped > 0)
        fprintf(stderr, "%llu packets dropped by interface\n",
                (unsigned long long)n.interface_dropped);
    if (k->writer)
        (void)ps_capture_writer_statistics(k->writer, &n);
}

/* The summary's clock. */
typedef struct ticker {
    double interval; /* 0: none */
    double last;
} ticker;

static double until_tick(const ticker *t)
{
    double rest = t->last + t->interval - terminal_clock();

    if (t->interval <= 0)
        return PS_NO_TIMEOUT;
    return rest > 0.001 ? rest : 0.001;
}

static void tick(ticker *t, const char *source, bool now)
{
    double clock = terminal_clock();

    if (t->interval <= 0 || (!now && clock < t->last + t->interval))
        return;
    top_show(source, clock > t->last ? clock - t->last : t->interval);
    t->last = clock;
}

/* The next packet. Before it waits for one, all output is flushed. */
static int next_packet(ps_capture *c, sink *k, const ticker *t, ps_packet *packet)
{
    int code = ps_capture_next(c, packet);

    if (code != PS_EWOULDBLOCK)
        return code;
    fflush(stdout);
    code = k->writer ? ps_capture_writer_flush(k->writer) : 0;
    if (code != 0) {
        complain(k->settings->write_path, code);
        k->failed = true;
        return code;
    }
    ps_capture_settimeout(c, until_tick(t));
    code = ps_capture_next(c, packet);
    ps_capture_settimeout(c, 0);
    return code;
}

/* Returns 0 to continue. */
static int handle(ps_capture *c, sink *k, int code, const ps_packet *packet)
{
    switch (code) {
    case 1:
        return take(k, packet);
    case PS_TIMED_OUT:
    case PS_EINTR:
    case PS_EWOULDBLOCK:
        return 0;
    case PS_ENETDOWN:
        fflush(stdout);
        say_of(ps_capture_getinterface(c), " was switched off; waiting for it\n");
        fflush(stderr); /* some C libraries buffer it */
        return 0;
    case PS_ENODEV:
        fflush(stdout);
        say_of(ps_capture_getinterface(c), ": the interface is gone\n");
        return code;
    default:
        if (!k->failed)
            complain(ps_capture_getinterface(c), code);
        return code;
    }
}

static int run(ps_capture *c, sink *k)
{
    ticker t = {k->settings->top, terminal_clock()};
    ps_packet packet;
    int code = 0;

    while (!stopped && !has_enough(k) && code == 0) {
        code = handle(c, k, next_packet(c, k, &t, &packet), &packet);
        tick(&t, ps_capture_getinterface(c), false);
    }
    tick(&t, ps_capture_getinterface(c), true);
    return code == 0 ? EXIT_OK : EXIT_FAILED;
}

static int capture_live(const settings *s)
{
    sink k = {.settings = s};
    ps_capture *c = NULL;
    int status = EXIT_FAILED;

    if (open_capture(s, &c) == 0 && open_writer(&k, ps_capture_getlinktype(c)) == 0) {
        capture_in_use = c;
        watch_signals();
        fputs(PROGRAM ": listening on ", stderr);
        print_name(stderr, ps_capture_getinterface(c));
        fprintf(stderr, ", link type %s, snapshot length %zu bytes\n",
                link_name(ps_capture_getlinktype(c)),
                s->snap_length > 0 ? s->snap_length : (size_t)PS_SNAP_LENGTH_MAX);
        fflush(stderr);
        status = run(c, &k);
        print_statistics(c, &k);
        status = close_output(&k, status);
        signal(SIGINT, SIG_DFL);
        signal(SIGTERM, SIG_DFL);
        capture_in_use = NULL;
    }
    ps_capture_close(c);
    return status;
}

int main(int argc, char **argv)
{
    settings s;
    int status;

    utf8_arguments(&argc, &argv);
    read_options(argc, argv, &s);
    if (s.task == LIST)
        status = print_interfaces();
    else if (s.task == CHECK)
        status = check(&s);
    else if (s.read_path)
        status = read_file(&s);
    else
        status = capture_live(&s);
    free(s.expression);
    return status;
}
