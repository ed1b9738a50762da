/*
 * Streams: a buffer for reading and one for writing over a socket's connection.
 *
 * Nothing is lost on failure, because bytes leave a buffer only when they have been handed on: received bytes when the
 * call that gives them succeeds, written bytes when the system has taken them.
 */
#include "portsock/stream.h"

#include "call.h"
#include "deadline.h"
#include "socket.h"
#include "stream_hold.h"

#include <stdlib.h>
#include <string.h>

enum { DEFAULT_SIZE = 8192 };

/* ---- a buffer: the bytes from start to end ------------------------------------------------------------- */

typedef struct buffer {
    char *bytes;
    size_t start;
    size_t end;
    size_t capacity;
} buffer;

static size_t buffer_held(const buffer *b)
{
    return b->end - b->start;
}

static size_t grown_capacity(const buffer *b, size_t needed)
{
    size_t doubled = b->capacity * 2; /* no overflow: what the heap gives is at most PTRDIFF_MAX */

    return doubled > needed ? doubled : needed;
}

/* Makes room for `more` bytes at the end. False, and nothing has changed, when there is no memory for them. */
static bool buffer_reserve(buffer *b, size_t more)
{
    size_t held = buffer_held(b);

    if (more <= b->capacity - b->end)
        return true;
    if (more > PTRDIFF_MAX - held)
        return false;
    if (held + more <= b->capacity) {
        memmove(b->bytes, b->bytes + b->start, held);
    } else {
        size_t capacity = grown_capacity(b, held + more);
        char *bytes = malloc(capacity);
        if (!bytes)
            return false;
        if (held > 0)
            memcpy(bytes, b->bytes + b->start, held);
        free(b->bytes);
        b->bytes = bytes;
        b->capacity = capacity;
    }
    b->start = 0;
    b->end = held;
    return true;
}

/* Adds bytes that room has been made for. */
static void buffer_append(buffer *b, const char *from, size_t n)
{
    if (n > 0)
        memcpy(b->bytes + b->end, from, n);
    b->end += n;
}

/* Forgets the first n bytes. An empty buffer of more than `keep` bytes gives its memory back, so that one long line or
 * one large write does not cost it for the stream's life. */
static void buffer_drop(buffer *b, size_t n, size_t keep)
{
    b->start += n;
    if (b->start < b->end)
        return;
    b->start = 0;
    b->end = 0;
    if (b->capacity > keep) {
        free(b->bytes);
        b->bytes = NULL;
        b->capacity = 0;
    }
}

/* ---- the hold ------------------------------------------------------------------------------------------ */

static struct ps__stream_hold *hold_make(const ps_sock *s)
{
    struct ps__stream_hold *hold = malloc(sizeof *hold);

    if (!hold)
        return NULL;
    atomic_init(&hold->owners, 1);
    atomic_init(&hold->owned, true);
    ps__sock_clear(&hold->socket);
    hold->socket.handle = s->handle;
    hold->socket.family = s->family;
    hold->socket.type = s->type;
    hold->socket.proto = s->proto;
    atomic_init(&hold->timeout, ps__timeout(s));
    atomic_init(&hold->connection, (unsigned char)ps__connection(s));
    atomic_init(&hold->cancel, ps__token(s));
    atomic_init(&hold->marks, ps__marks(s));
    return hold;
}

bool ps__stream_hold_drop(struct ps__stream_hold *hold)
{
    if (atomic_fetch_sub(&hold->owners, 1) != 1)
        return false;
    if (atomic_load(&hold->owned))
        ps__sys_close(hold->socket.handle);
    free(hold);
    return true;
}

void ps__stream_hold_detach(struct ps__stream_hold *hold)
{
    atomic_store(&hold->owned, false);
    atomic_store(&hold->cancel, NULL);
}

void ps__stream_hold_settimeout(struct ps__stream_hold *hold, double seconds)
{
    atomic_store(&hold->timeout, seconds);
}

void ps__stream_hold_setcancel(struct ps__stream_hold *hold, ps_cancel *token)
{
    atomic_store(&hold->cancel, token);
}

void ps__stream_hold_mark(struct ps__stream_hold *hold, unsigned char marks)
{
    atomic_fetch_or(&hold->marks, marks);
}

void ps__stream_hold_connection(struct ps__stream_hold *hold, unsigned char connection)
{
    atomic_store(&hold->connection, connection);
}

/* ---- a stream ------------------------------------------------------------------------------------------ */

struct ps_file {
    struct ps__stream_hold *hold;
    ps_sock socket;     /* the connection as it was when the call on the stream began */
    int bufsize;        /* as the program gave it */
    size_t read_ahead;  /* how many bytes are asked for at a time; 1: none ahead of need */
    size_t write_limit; /* how many bytes are collected before they are sent; 0: none */
    size_t keep;        /* the memory that an empty buffer keeps */
    buffer in;
    size_t scanned;        /* that many bytes at the start of `in` have no '\n' */
    ps__deadline deadline; /* of the read that is under way */
    bool received;         /* whether that read has received something */
    bool ended;            /* the last receive found the end; whatever came before has been given then */
    int pending;           /* an error for the next read to report */
    buffer out;
};

static void set_sizes(ps_file *f, int bufsize)
{
    size_t size = bufsize > 1 ? (size_t)bufsize : DEFAULT_SIZE;

    f->bufsize = bufsize;
    f->read_ahead = bufsize == 0 ? 1 : size;
    f->write_limit = bufsize == 0 ? 0 : size;
    f->keep = size * 2;
}

static int makefile_entered(ps_file **f, ps_sock *s, int bufsize)
{
    ps_file *file;

    if (!f)
        return PS_EFAULT;
    if (s->handle == PS_INVALID_HANDLE)
        return PS_EBADF;
    file = calloc(1, sizeof *file);
    if (!file)
        return PS_ENOMEM;
    if (!s->streams)
        s->streams = hold_make(s);
    if (!s->streams) {
        free(file);
        return PS_ENOMEM;
    }
    atomic_fetch_add(&s->streams->owners, 1);
    file->hold = s->streams;
    file->socket = s->streams->socket;
    set_sizes(file, bufsize);
    *f = file;
    return 0;
}

int ps_makefile(ps_file **f, ps_sock *s, const char *mode, int bufsize)
{
    int code;

    (void)mode; /* as in the reference, it refuses nothing */
    if (f)
        *f = NULL;
    code = ps__begin(s);
    return code != 0 ? code : ps__end(s, PS_OPERATION_MAKEFILE, NULL, makefile_entered(f, s, bufsize));
}

/* A call that uses the connection begins: it goes by what has been said to the socket up to now. */
static void begin(ps_file *f)
{
    f->socket.timeout = atomic_load(&f->hold->timeout);
    f->socket.connection = atomic_load(&f->hold->connection);
    f->socket.marks = atomic_load(&f->hold->marks) & PS__SHUT_RECEIVE;
    ps__set_token(&f->socket, atomic_load(&f->hold->cancel));
    f->socket.nonblocking = ps__must_not_block(&f->socket, f->socket.timeout, f->socket.cancel);
}

/* ---- reading ------------------------------------------------------------------------------------------- */

static void begin_reading(ps_file *f)
{
    begin(f);
    f->received = false;
    f->deadline.at = PS__FOREVER;
    if (f->socket.timeout > 0)
        f->deadline = ps__deadline_after(f->socket.timeout);
}

/* Between two receives: is there time left, and did a signal come that neither of them noticed? */
static int check_before_more(ps_file *f)
{
    if (f->socket.timeout == 0)
        return 0;
    if (f->deadline.at != PS__FOREVER) {
        int64_t left = ps__deadline_left(&f->deadline);
        if (left == 0)
            return PS_TIMED_OUT;
        f->socket.timeout = (double)left * 1e-9;
    }
    return ps__interrupted();
}

/* One receive. The first has the whole timeout, those after it what is left. */
static ptrdiff_t receive(ps_file *f, char *to, size_t n)
{
    ptrdiff_t got;

    if (f->received) {
        int code = check_before_more(f);
        if (code != 0)
            return code;
    }
    got = ps_recv(&f->socket, to, n, 0);
    f->received = true;
    f->ended = got == 0;
    return got;
}

/* One receive into the buffer. */
static ptrdiff_t fill(ps_file *f)
{
    ptrdiff_t got;

    if (!buffer_reserve(&f->in, f->read_ahead))
        return PS_ENOMEM;
    got = receive(f, f->in.bytes + f->in.end, f->read_ahead);
    if (got > 0)
        f->in.end += (size_t)got;
    return got;
}

/* Gives the first n bytes of the buffer. */
static ptrdiff_t give(ps_file *f, char *to, size_t n)
{
    if (n > 0)
        memcpy(to, f->in.bytes + f->in.start, n);
    buffer_drop(&f->in, n, f->keep);
    f->scanned = 0;
    return (ptrdiff_t)n;
}

/* A read that fits the buffer. */
static ptrdiff_t read_buffered(ps_file *f, char *to, size_t n)
{
    size_t held;

    while ((held = buffer_held(&f->in)) < n) {
        ptrdiff_t got = fill(f);
        if (got < 0)
            return got;
        if (got == 0)
            break;
    }
    return give(f, to, held < n ? held : n);
}

/* A larger read. What comes goes straight to its place behind that of the buffered bytes; those are given last, so
 * that on failure only what is new goes into the buffer. */
static ptrdiff_t read_direct(ps_file *f, char *to, size_t n)
{
    size_t held = buffer_held(&f->in);
    size_t count = held;
    ptrdiff_t got = 1;

    while (count < n && got > 0) {
        got = receive(f, to + count, n - count);
        if (got > 0)
            count += (size_t)got;
    }
    if (got < 0) {
        if (buffer_reserve(&f->in, count - held)) {
            buffer_append(&f->in, to + held, count - held);
            return got;
        }
        f->pending = (int)got; /* no memory to keep the bytes in: they are given now, the error with the next read */
    }
    give(f, to, held);
    return (ptrdiff_t)count;
}

/* What every read asks first: 0 to go on, or its result. */
static int read_refused(ps_file *f, const char *to, size_t n)
{
    int code;

    if (!f || (!to && n > 0))
        return PS_EFAULT;
    if (n > PTRDIFF_MAX)
        return PS_BAD_LENGTH;
    code = f->pending;
    f->pending = 0;
    return code;
}

ptrdiff_t ps_file_read(ps_file *f, void *buf, size_t n)
{
    int refused = read_refused(f, buf, n);

    if (refused != 0)
        return refused;
    if (n <= buffer_held(&f->in))
        return give(f, buf, n);
    begin_reading(f);
    return n < f->read_ahead ? read_buffered(f, buf, n) : read_direct(f, buf, n);
}

/* Whether the buffer begins with a whole line, or with n bytes of one. *length is what can be given. */
static bool find_line(ps_file *f, size_t n, size_t *length)
{
    size_t held = buffer_held(&f->in);
    size_t limit = held < n ? held : n;

    if (limit > f->scanned) {
        const char *start = f->in.bytes + f->in.start;
        const char *end = memchr(start + f->scanned, '\n', limit - f->scanned);
        if (end) {
            *length = (size_t)(end - start) + 1;
            return true;
        }
        f->scanned = limit;
    }
    *length = limit;
    return limit == n;
}

ptrdiff_t ps_file_readline(ps_file *f, char *line, size_t n)
{
    int refused = read_refused(f, line, n);
    size_t length;

    if (refused != 0)
        return refused;
    if (find_line(f, n, &length))
        return give(f, line, length);
    begin_reading(f);
    do {
        ptrdiff_t got = fill(f);
        if (got < 0)
            return got;
        if (got == 0)
            break;
    } while (!find_line(f, n, &length));
    return give(f, line, length);
}

int ps_file_eof(const ps_file *f)
{
    if (!f)
        return PS_EFAULT;
    return f->ended;
}

/* ---- writing ------------------------------------------------------------------------------------------- */

/* Whether these bytes and all before them are to be sent now. */
static bool is_due(const ps_file *f, const char *from, size_t n)
{
    if (f->bufsize == 1 && memchr(from, '\n', n))
        return true;
    return buffer_held(&f->out) + n >= f->write_limit;
}

/* Sends past the empty buffer, which has room for all n bytes, and keeps there what could not be sent. */
static int send_direct(ps_file *f, const char *from, size_t n)
{
    size_t sent = 0;
    int code;

    begin(f);
    code = ps_sendall(&f->socket, from, n, 0, &sent);
    buffer_append(&f->out, from + sent, n - sent);
    buffer_drop(&f->out, 0, f->keep);
    return code;
}

ptrdiff_t ps_file_write(ps_file *f, const void *buf, size_t n)
{
    bool due;
    int code = 0;

    if (!f || (!buf && n > 0))
        return PS_EFAULT;
    if (n > PTRDIFF_MAX)
        return PS_BAD_LENGTH;
    if (n == 0)
        return 0;
    if (!buffer_reserve(&f->out, n))
        return PS_ENOMEM;
    due = is_due(f, buf, n);
    if (due && buffer_held(&f->out) == 0) {
        code = send_direct(f, buf, n);
    } else {
        buffer_append(&f->out, buf, n);
        if (due)
            code = ps_file_flush(f);
    }
    return code < 0 ? code : (ptrdiff_t)n;
}

int ps_file_flush(ps_file *f)
{
    size_t sent = 0;
    int code;

    if (!f)
        return PS_EFAULT;
    if (buffer_held(&f->out) == 0)
        return 0;
    begin(f);
    code = ps_sendall(&f->socket, f->out.bytes + f->out.start, buffer_held(&f->out), 0, &sent);
    buffer_drop(&f->out, sent, f->keep);
    return code;
}

int ps_file_close(ps_file *f)
{
    int code;

    if (!f)
        return 0;
    code = ps_file_flush(f);
    ps__stream_hold_drop(f->hold);
    free(f->in.bytes);
    free(f->out.bytes);
    free(f);
    return code;
}

int ps_file_setfailure(ps_file *f, ps_failure *record)
{
    if (!f)
        return PS_EFAULT;
    begin(f);
    return ps_setfailure(&f->socket, record);
}
