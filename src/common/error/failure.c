#include "config.h"

#include "common/backend.h"
#include "common/socket/gate.h"
#include "common/socket/socket.h"
#include "common/text.h"

#include <string.h>

/* ---- writing a record ------------------------------------------------------------------------ */

static void empty(ps_failure *f)
{
    f->operation = PS_OPERATION_NONE;
    f->code = 0;
    f->own.len = 0;
    f->peer.len = 0;
    f->name[0] = '\0';
}

/* An inet socket that has no port yet has no address, whatever the system says. */
static void fill_own(ps_sock *s, ps_failure *f)
{
    if (ps__sys_getsockname(s->handle, &f->own) != 0 ||
        (ps__is_inet(s) && ps_addr_port(&f->own) == 0))
        f->own.len = 0;
}

/* The peer that was passed, or that of the connection; one that the system has forgotten stays as
 * it was. */
static void fill_peer(ps_sock *s, ps_failure *f, const ps_addr *given)
{
    ps_addr peer;

    if (given)
        f->peer = *given;
    else if (ps__sys_getpeername(s->handle, &peer) == 0)
        f->peer = peer;
    else if (ps__has_no_peer(s))
        f->peer.len = 0;
}

static void fill_addresses(ps_sock *s, ps_failure *f, int operation, const ps_addr *given)
{
    bool names_own = operation == PS_OPERATION_BIND;

    fill_own(s, f);
    fill_peer(s, f, names_own ? NULL : given);
    if (names_own && given)
        f->own = *given;
}

void ps__write_failure(ps_failure *f, ps_sock *s, int operation, const ps_addr *peer, int code)
{
    f->operation = operation;
    f->code = code;
    f->name[0] = '\0';
    if (code != PS_EWOULDBLOCK)
        fill_addresses(s, f, operation, peer);
    else if (peer)
        f->peer = *peer;
}

/* Of a socket that has a block. */
static ps_failure *record_of(const ps_sock *s)
{
    return atomic_load(&ps__attached(s)->failure);
}

void ps__record_failure(ps_sock *s, int operation, const ps_addr *peer, int code)
{
    ps_failure *f = record_of(s);

    if (f && !ps__closing(s))
        ps__write_failure(f, s, operation, peer, code);
}

ptrdiff_t ps__record_and_leave(ps_sock *s, int operation, const ps_addr *peer, ptrdiff_t failure)
{
    ps__record_failure(s, operation, peer, (int)failure);
    return ps__leave(s) ? PS_EBADF : failure;
}

void ps__record_peer(ps_sock *s, const ps_addr *peer)
{
    ps_failure *f = record_of(s);

    if (f)
        f->peer = *peer;
}

void ps__empty_failure(ps_failure *f, ps_sock *s)
{
    empty(f);
    fill_addresses(s, f, PS_OPERATION_NONE, NULL);
}

static ptrdiff_t set_record(ps_sock *s, void *record)
{
    struct ps__attached *a = record ? ps__attach(s) : ps__attached(s);

    if (record && !a)
        return PS_ENOMEM;
    if (record)
        ps__empty_failure(record, s);
    if (a)
        atomic_store(&a->failure, record);
    return 0;
}

/* Not recorded: which record would it be? */
int ps_setfailure(ps_sock *s, ps_failure *record)
{
    return (int)ps__gate(s, PS_OPERATION_NONE, NULL, set_record, record);
}

/* The bytes of a character that is whole in the first n bytes of a text, at most. */
static size_t whole_characters(const char *text, size_t n)
{
    while (n > 0 && ((unsigned char)text[n] & 0xc0) == 0x80)
        n--;
    return n;
}

int ps_failure_fill(ps_failure *f, int code, int operation, const ps_addr *peer, const char *name)
{
    size_t length = name ? strlen(name) : 0;

    if (!f)
        return PS_EFAULT;
    empty(f);
    f->operation = operation;
    f->code = code;
    if (peer)
        f->peer = *peer;
    if (length >= sizeof f->name)
        length = whole_characters(name, sizeof f->name - 1);
    if (name)
        (void)ps__text_copy(f->name, sizeof f->name, name, length);
    return 0;
}

/* ---- the texts ------------------------------------------------------------------------------- */

/* X(operation, its name in a text, the word before the address or the name). */
#define OPERATIONS(X)                                  \
    X(NONE, "operation", "with")                       \
    X(SOCKET, "make a socket", "for")                  \
    X(SOCKETPAIR, "make a pair of sockets", "for")     \
    X(FROMFD, "take over a handle", "for")             \
    X(BIND, "bind", "to")                              \
    X(LISTEN, "listen", "on")                          \
    X(ACCEPT, "accept", "on")                          \
    X(CONNECT, "connect", "to")                        \
    X(CREATE_CONNECTION, "create a connection", "to")  \
    X(RECEIVE, "receive", "from")                      \
    X(SEND, "send", "to")                              \
    X(SHUTDOWN, "shut down", "to")                     \
    X(GETSOCKNAME, "get the socket's name", "of")      \
    X(GETPEERNAME, "get the peer's name", "of")        \
    X(GETSOCKOPT, "get an option", "of")               \
    X(SETSOCKOPT, "set an option", "of")               \
    X(IOCTL, "control the socket", "of")               \
    X(SETTIMEOUT, "set the timeout", "of")             \
    X(SETCANCEL, "set the cancel token", "of")         \
    X(INHERITANCE, "change the inheritance", "of")     \
    X(GETPEERCRED, "get the peer's credentials", "of") \
    X(SHARE, "share the socket", "of")                 \
    X(MAKEFILE, "make a stream", "of")                 \
    X(SETDEADLINE, "set the deadline", "of")           \
    X(CLOSE, "close the connection", "to")             \
    X(LOOKUP, "look up", "at")                         \
    X(REVERSE_LOOKUP, "look up the name", "of")

static const char *operation_text(int operation)
{
    switch (operation) {
#define ROW(name, text, word) \
    case PS_OPERATION_##name: \
        return text;
        OPERATIONS(ROW)
#undef ROW
    default:
        return "operation";
    }
}

static const char *word_before_object(int operation)
{
    switch (operation) {
#define ROW(name, text, word) \
    case PS_OPERATION_##name: \
        return word;
        OPERATIONS(ROW)
#undef ROW
    default:
        return "with";
    }
}

/* A text that is being written; one that is too long is cut, which its length shows. */
typedef struct writer {
    char *text;
    size_t size;
    size_t length;
} writer;

static void write_text(writer *w, const char *text)
{
    size_t n = strlen(text);

    if (w->length < w->size && n < w->size - w->length)
        memcpy(w->text + w->length, text, n + 1);
    w->length += n;
}

/* A name comes from anywhere, and the text is one line. */
static void write_name(writer *w, const char *name)
{
    char character[5];
    size_t n;

    for (; *name != '\0'; name += n) {
        n = ps__text_printable(name);
        if (n > 0) {
            memcpy(character, name, n);
            character[n] = '\0';
        } else {
            *ps__text_escape((unsigned char)*name, character) = '\0';
            n = 1;
        }
        write_text(w, character);
    }
}

static void write_number(writer *w, int number)
{
    char text[24];

    if (number < 0)
        write_text(w, "-");
    ps__number_to_text(number < 0 ? 0UL - (unsigned long)number : (unsigned long)number, text);
    write_text(w, text);
}

static int finish(writer *w)
{
    if (w->length < w->size)
        return 0;
    if (w->size > 0)
        w->text[0] = '\0';
    return PS_BAD_LENGTH;
}

/* Of the two addresses the one that the operation is about. */
static const ps_addr *subject(const ps_failure *f)
{
    switch (f->operation) {
    case PS_OPERATION_BIND:
    case PS_OPERATION_LISTEN:
    case PS_OPERATION_ACCEPT:
        return &f->own;
    default:
        return f->peer.len > 0 ? &f->peer : &f->own;
    }
}

/* What the operation was about: an address, a name, both or nothing. */
static void write_object(writer *w, const ps_failure *f)
{
    char address[PS_ADDR_TEXT_MAX];
    const ps_addr *a = subject(f);

    if (f->name[0] != '\0') {
        if (f->operation != PS_OPERATION_LOOKUP) {
            write_text(w, " ");
            write_text(w, word_before_object(f->operation));
        }
        write_text(w, " \"");
        write_name(w, f->name);
        write_text(w, "\"");
    }
    if (a->len > 0) {
        (void)ps_addr_format(a, address, sizeof address); /* it is large enough for every address */
        write_text(w, " ");
        write_text(w, f->name[0] != '\0' ? "at" : word_before_object(f->operation));
        write_text(w, " ");
        write_text(w, address);
    }
}

int ps_failure_format(const ps_failure *f, char *buf, size_t n)
{
    writer w = {buf, n, 0};
    int native;

    if (!f || (!buf && n > 0))
        return PS_EFAULT;
    if (f->code >= 0) {
        write_text(&w, "no error");
        return finish(&w);
    }
    write_text(&w, operation_text(f->operation));
    write_object(&w, f);
    write_text(&w, ": ");
    write_text(&w, ps_error_name(f->code));
    write_text(&w, ", ");
    write_text(&w, ps_strerror(f->code));
    native = ps_error_native(f->code);
    if (native != 0) {
        write_text(&w, " (");
        write_text(&w, ps__sys_number_label(ps_error_kind(f->code), native));
        write_text(&w, " ");
        write_number(&w, native);
        write_text(&w, ")");
    }
    return finish(&w);
}
