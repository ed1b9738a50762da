/* What the files of portsock-sniff share: main.c captures, options.c reads the command line,
 * filter.c the filter, print.c writes lines, top.c counts, terminal.c knows the terminal. */
#ifndef SNIFF_H
#define SNIFF_H

#include <portsock-capture.h>

#include <stdio.h>

#define PROGRAM "portsock-sniff"

enum { EXIT_OK = 0, EXIT_FAILED = 1, EXIT_USAGE = 2 };

/* What to do; from the command line. */
typedef struct settings {
    enum { CAPTURE, LIST, CHECK } task;
    const char *interface_name; /* NULL: the default one */
    const char *read_path;      /* NULL: live */
    const char *write_path;
    const char *filter_path;
    char *expression; /* of the filter; "" for none */
    uint64_t count;   /* 0: no limit */
    size_t snap_length;
    size_t buffer_size;
    unsigned directions;
    bool not_promiscuous;
    bool immediate;
    bool lines; /* a line for each packet */
    bool no_time;
    int hex; /* 1: bytes from the network header on; 2: from the link header on */
    bool ascii;
    double top; /* seconds between summaries; 0: none */
} settings;

/* Ends the program when the command line is wrong, or asks for help. */
void read_options(int argc, char **argv, settings *s);

/* Writes a name from outside: what would move the cursor, or is no UTF-8, as "\xNN". Returns how
 * many characters it wrote. */
int print_name(FILE *to, const char *name);

/* The length of the character at `text`; 0 when it cannot be printed as it is. */
size_t printable(const char *text);

/* "portsock-sniff: WHAT: text of the code" on standard error. */
void complain(const char *what, int code);

/* ---- the filter ------------------------------------------------------------------------------ */

/* The program for a link type, made once for each; NULL with a count of 0 when there is no
 * filter. Returns 0, or an error, and has said then what is wrong. */
int filter_for(const settings *s, int link_type, const ps_filter_instruction **program,
               size_t *count);

/* ---- lines ----------------------------------------------------------------------------------- */

const char *link_name(int link_type);
void print_packet(const settings *s, const ps_packet *packet, const ps_dissection *d);
int print_interfaces(void);

/* ---- the summary ----------------------------------------------------------------------------- */

void top_count(const ps_packet *packet, const ps_dissection *d);

/* Shows what has been counted: redrawn on a terminal, else as plain lines. `seconds` since it
 * was shown last. */
void top_show(const char *source, double seconds);

/* ---- the terminal ---------------------------------------------------------------------------- */

/* Whether standard output is one that can be redrawn; its lines. */
bool terminal_is_there(int *rows);

/* Seconds on a clock that never jumps. */
double terminal_clock(void);

#endif
