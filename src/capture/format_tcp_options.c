#include "config.h"

#include "capture/format.h"

static void text_kind(ps__text *t, uint8_t kind)
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

    if (kind < sizeof names / sizeof names[0] && names[kind] != NULL)
        ps__line_text(t->line, names[kind]);
    else if (kind == 253 || kind == 254)
        PS__PUT(t->line, "exp");
    else
        PS__PUT_NUMBER(t->line, "unknown-", kind);
}

static void text_sacks(ps__text *t, const unsigned char *p, unsigned length)
{
    unsigned i;

    PS__PUT_NUMBER(t->line, " ", length / 8);
    PS__PUT(t->line, " ");
    for (i = 0; i + 8 <= length; i += 8) {
        PS__PUT_NUMBER(t->line, "{", ps__read32(p + i));
        PS__PUT_NUMBER(t->line, ":", ps__read32(p + i + 4));
        PS__PUT(t->line, "}");
    }
}

static void text_fast_open(ps__text *t, const unsigned char *p, unsigned length)
{
    if (length == 0) {
        PS__PUT(t->line, "  cookiereq");
    } else if (length % 2 != 0 || length < 4 || length > 16) {
        PS__PUT(t->line, "  (invalid)");
    } else {
        PS__PUT(t->line, "  cookie ");
        ps__line_bytes(t->line, p, length);
    }
}

static void text_unknown(ps__text *t, const unsigned char *p, unsigned length)
{
    if (length > 0)
        PS__PUT(t->line, " 0x");
    ps__line_bytes(t->line, p, length);
}

/* What the option holds: `length` bytes at p, all there. An option of a wrong length is shown as bytes. */
static void text_value(ps__text *t, uint8_t kind, const unsigned char *p, unsigned length)
{
    if (kind == PS__TCP_MSS && length == 2) {
        PS__PUT_NUMBER(t->line, " ", ps__read16(p));
    } else if (kind == PS__TCP_SCALE && length == 1) {
        PS__PUT_NUMBER(t->line, " ", p[0]);
    } else if (kind == PS__TCP_SACK && length % 8 == 0) {
        text_sacks(t, p, length);
    } else if (kind == PS__TCP_TIMESTAMP && length == 8) {
        PS__PUT_NUMBER(t->line, " val ", ps__read32(p));
        PS__PUT_NUMBER(t->line, " ecr ", ps__read32(p + 4));
    } else if (kind == PS__TCP_FAST_OPEN) {
        text_fast_open(t, p, length);
    } else {
        text_unknown(t, p, length);
    }
}

/* One option of those that have `left` bytes. Returns its length; 0: it cannot be, or its bytes are not there. */
static uint32_t text_option(ps__text *t, uint32_t at, uint32_t left)
{
    const unsigned char *p = ps__text_need(t, at, 1);
    uint8_t kind;

    if (p == NULL) {
        ps__text_ends(t, "tcp");
        return 0;
    }
    kind = p[0];
    if (kind == PS__TCP_END || kind == PS__TCP_NOP) {
        text_kind(t, kind);
        return 1;
    }
    if (ps__text_need(t, at, 2) == NULL) {
        ps__text_ends(t, "tcp");
        return 0;
    }
    if (p[1] < 2 || p[1] > left) {
        PS__PUT(t->line, "[bad opt]]");
        return 0;
    }
    text_kind(t, kind);
    if (ps__text_need(t, at, p[1]) == NULL) {
        ps__text_ends(t, "tcp");
        return 0;
    }
    text_value(t, kind, p + 2, p[1] - 2u);
    return p[1];
}

bool ps__text_tcp_options(ps__text *t, uint32_t at, uint32_t length)
{
    PS__PUT(t->line, ", options [");
    while (length > 0) {
        uint32_t taken = text_option(t, at, length);

        if (taken == 0)
            return false;
        if (t->packet->data[at] == PS__TCP_END)
            break;
        at += taken;
        length -= taken;
        if (length > 0)
            PS__PUT(t->line, ",");
    }
    PS__PUT(t->line, "]");
    return true;
}
