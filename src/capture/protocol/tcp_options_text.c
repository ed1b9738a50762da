#include "config.h"

#include "capture/protocol/tcp.h"
#include "capture/protocol/tcp_options.h"

static void text_kind(ps__text *text, uint8_t kind)
{
    static const char *const names[] = {[PS__TCP_END] = "eol",
                                        [PS__TCP_NOP] = "nop",
                                        [PS__TCP_MSS] = "mss",
                                        [PS__TCP_SCALE] = "wscale",
                                        [PS__TCP_SACK_PERMITTED] = "sackOK",
                                        [PS__TCP_SACK] = "sack",
                                        [PS__TCP_TIMESTAMP] = "TS",
                                        [19] = "md5",
                                        [28] = "uto",
                                        [29] = "tcp-ao",
                                        [30] = "mptcp",
                                        [PS__TCP_FAST_OPEN] = "tfo"};

    if (kind < sizeof names / sizeof names[0] && names[kind])
        ps__line_text(text->line, names[kind]);
    else if (kind == 253 || kind == 254)
        PS__PUT(text->line, "exp");
    else
        PS__PUT_NUMBER(text->line, "unknown-", kind);
}

static void text_sacks(ps__text *text, const unsigned char *p, unsigned length)
{
    unsigned i;

    PS__PUT_NUMBER(text->line, " ", length / 8);
    PS__PUT(text->line, " ");
    for (i = 0; i + 8 <= length; i += 8) {
        PS__PUT_NUMBER(text->line, "{", ps__read32(p + i));
        PS__PUT_NUMBER(text->line, ":", ps__read32(p + i + 4));
        PS__PUT(text->line, "}");
    }
}

static void text_fast_open(ps__text *text, const unsigned char *p, unsigned length)
{
    if (length == 0) {
        PS__PUT(text->line, "  cookiereq");
    } else if (length % 2 != 0 || length < 4 || length > 16) {
        PS__PUT(text->line, "  (invalid)");
    } else {
        PS__PUT(text->line, "  cookie ");
        ps__line_bytes(text->line, p, length);
    }
}

static void text_unknown(ps__text *text, const unsigned char *p, unsigned length)
{
    if (length > 0)
        PS__PUT(text->line, " 0x");
    ps__line_bytes(text->line, p, length);
}

/* The value of an option: `length` bytes at p. That of a wrong length is shown as bytes. */
static void text_value(ps__text *text, uint8_t kind, const unsigned char *p, unsigned length)
{
    if (kind == PS__TCP_MSS && length == 2) {
        PS__PUT_NUMBER(text->line, " ", ps__read16(p));
    } else if (kind == PS__TCP_SCALE && length == 1) {
        PS__PUT_NUMBER(text->line, " ", p[0]);
    } else if (kind == PS__TCP_SACK && length % 8 == 0) {
        text_sacks(text, p, length);
    } else if (kind == PS__TCP_TIMESTAMP && length == 8) {
        PS__PUT_NUMBER(text->line, " val ", ps__read32(p));
        PS__PUT_NUMBER(text->line, " ecr ", ps__read32(p + 4));
    } else if (kind == PS__TCP_FAST_OPEN) {
        text_fast_open(text, p, length);
    } else {
        text_unknown(text, p, length);
    }
}

/* What is left where the options do not go on: a kind, if more than that of the option is there. */
static bool text_end(ps__text *text, const ps__tcp_options *options, ps__tcp_option_state state)
{
    const unsigned char *p = ps__text_need(text, options->at, 2);

    if (p && state == PS__TCP_OPTION_BAD) {
        PS__PUT(text->line, "[bad opt]]");
        return false;
    }
    if (p)
        text_kind(text, p[0]);
    return ps__text_ends(text, "tcp");
}

bool ps__tcp_options_text(ps__text *text, uint32_t at, uint32_t end)
{
    ps__tcp_options options = {text->packet->data, at, end, text->end, NULL, 0};
    ps__tcp_option_state state;

    PS__PUT(text->line, ", options [");
    while ((state = ps__tcp_options_next(&options)) == PS__TCP_OPTION_FOUND) {
        uint8_t kind = options.option[0];

        text_kind(text, kind);
        if (kind > PS__TCP_NOP)
            text_value(text, kind, options.option + 2, options.length - 2);
        if (options.at < end)
            PS__PUT(text->line, ",");
    }
    if (state != PS__TCP_OPTIONS_DONE)
        return text_end(text, &options, state);
    PS__PUT(text->line, "]");
    return true;
}
