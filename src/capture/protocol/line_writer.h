/* A line of text that is being written: what fits of it, and whether something did not. */
#ifndef PS_CAPTURE_PROTOCOL_LINE_WRITER_H
#define PS_CAPTURE_PROTOCOL_LINE_WRITER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

typedef struct ps__line {
    char *at;
    char *end; /* behind it is the place for the NUL */
    bool cut;
} ps__line;

/* What fits of a text that does not fit. */
void ps__line_put_part(ps__line *line, const char *text);

/* With a constant length this is a few stores. */
static inline void ps__line_put(ps__line *line, const char *text, size_t length)
{
    if (length > (size_t)(line->end - line->at)) {
        ps__line_put_part(line, text);
        return;
    }
    memcpy(line->at, text, length);
    line->at += length;
}

void ps__line_text(ps__line *line, const char *text);
void ps__line_number(ps__line *line, uint32_t number);
void ps__line_hex(ps__line *line, uint32_t number,
                  unsigned digits);                        /* that many digits, no fewer */
void ps__line_hex_number(ps__line *line, uint32_t number); /* as many as it needs */
void ps__line_bytes(ps__line *line, const unsigned char *bytes, size_t length);
void ps__line_inet(ps__line *line, const unsigned char address[4]);
void ps__line_inet6(ps__line *line, const unsigned char address[16]);
void ps__line_hardware(ps__line *line, const unsigned char *address, size_t length);

/* A string literal, and one with a number behind it. The "" makes a pointer an error. */
#define PS__PUT(line, literal) ps__line_put(line, "" literal, sizeof("" literal) - 1)
#define PS__PUT_NUMBER(line, literal, number) \
    (PS__PUT(line, literal), ps__line_number(line, number))

#endif
