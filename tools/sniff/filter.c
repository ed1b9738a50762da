#include "sniff.h"

#include "utf8.h"

#include <stdlib.h>
#include <string.h>

/* A file may have packets of several link types. */
enum { LINK_TYPES = 16, FILE_MAX = 1 << 20 };

typedef struct compiled {
    int link_type;
    size_t count;
    ps_filter_instruction *program;
} compiled;

static compiled made[LINK_TYPES];
static int made_count;

/* The position of the syntax error, in a text of one line. */
static void point_at(const char *text, size_t offset)
{
    size_t i, length;

    fputs("  ", stderr);
    for (i = 0; text[i] != '\0'; i += length > 0 ? length : 1) {
        length = printable(text + i);
        if (length > 0)
            utf8_print(stderr, text + i, length);
        else
            fputc(text[i] == '\t' ? '\t' : ' ', stderr);
    }
    fputs("\n  ", stderr);
    for (i = 0; i<offset; i += length> 0 ? length : 1) {
        length = printable(text + i);
        fputc(text[i] == '\t' ? '\t' : ' ', stderr);
    }
    fputs("^\n", stderr);
}

/* Whether the expression is valid, and only this link type lacks what it tests. */
static bool is_right_elsewhere(const char *text)
{
    static ps_filter_instruction program[PS_FILTER_MAX];
    size_t count = PS_FILTER_MAX;

    return ps_filter_compile(text, PS_LINK_ETHERNET, program, &count, NULL) == 0;
}

static void explain(const char *text, int link_type, int code, size_t offset)
{
    if (code == PS_BAD_LENGTH) {
        fprintf(stderr, PROGRAM ": the filter is too long\n");
    } else if (code != PS_BAD_FILTER) {
        complain("filter", code);
    } else if (is_right_elsewhere(text)) {
        fprintf(stderr, PROGRAM ": packets of this link type (%s) have nothing of this:\n",
                link_name(link_type));
        point_at(text, offset);
    } else {
        fprintf(stderr, PROGRAM ": the filter is not understood here:\n");
        point_at(text, offset);
    }
}

/* ---- the text -------------------------------------------------------------------------------- */

/* As -r does: "-" is standard input. */
static FILE *open_text(const char *path)
{
    return strcmp(path, "-") == 0 ? stdin : utf8_open(path, "rb");
}

static char *read_text(const char *path)
{
    char *text = calloc(FILE_MAX + 1, 1);
    FILE *f = open_text(path);
    size_t length = f && text ? fread(text, 1, FILE_MAX, f) : 0;
    bool failed = !f || !text || ferror(f);

    if (f && f != stdin)
        fclose(f);
    if (failed) {
        fputs(PROGRAM ": ", stderr);
        print_name(stderr, path);
        fputs(": the filter cannot be read\n", stderr);
        free(text);
        return NULL;
    }
    while (length > 0 &&
           (text[length - 1] == '\n' || text[length - 1] == ' ' || text[length - 1] == '\r'))
        text[--length] = '\0';
    return text;
}

/* The expression on the command line, or what is in the file. */
static const char *filter_text(const settings *s)
{
    static char *from_file;

    if (!s->filter_path)
        return s->expression;
    if (!from_file)
        from_file = read_text(s->filter_path);
    return from_file;
}

/* ---- the program ----------------------------------------------------------------------------- */

/* A file may have a program instead: tcpdump's numbers. */
static int make(const settings *s, const char *text, int link_type, ps_filter_instruction *program,
                size_t *count)
{
    size_t offset;
    int code;

    if (s->filter_path && ps_filter_parse(text, program, count) == 0)
        return 0;
    *count = PS_FILTER_MAX;
    code = ps_filter_compile(text, link_type, program, count, &offset);
    if (code != 0)
        explain(text, link_type, code, offset);
    return code;
}

static int add(const settings *s, const char *text, int link_type)
{
    static ps_filter_instruction program[PS_FILTER_MAX];
    size_t count = PS_FILTER_MAX;
    int code = make(s, text, link_type, program, &count);
    compiled *c = &made[made_count];

    if (code != 0)
        return code;
    c->program = calloc(count, sizeof *program);
    if (!c->program || made_count == LINK_TYPES - 1) {
        complain("filter", PS_ENOMEM);
        return PS_ENOMEM;
    }
    memcpy(c->program, program, count * sizeof *program);
    c->link_type = link_type;
    c->count = count;
    made_count++;
    return 0;
}

int filter_for(const settings *s, int link_type, const ps_filter_instruction **program,
               size_t *count)
{
    const char *text = filter_text(s);
    int i, code;

    *program = NULL;
    *count = 0;
    if (!text)
        return PS_ENOENT;
    if (*text == '\0')
        return 0;
    for (i = 0; i < made_count && made[i].link_type != link_type; i++)
        continue;
    code = i == made_count ? add(s, text, link_type) : 0;
    if (code == 0) {
        *program = made[i].program;
        *count = made[i].count;
    }
    return code;
}
