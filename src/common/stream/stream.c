/*
 * Streams: a buffer for reading and one for writing over a socket's connection.
 *
 * Nothing is lost on failure, because bytes leave a buffer only when they have been handed on:
 * received bytes when the call that returns them succeeds, written bytes when the system has
 * taken them.
 */
#include "config.h"

#include "portsock/stream.h"

#include "common/socket/call.h"
#include "common/socket/gate.h"
#include "common/socket/socket.h"
#include "common/transfer/transfer.h"

#include <stdlib.h>
#include <string.h>

enum { DEFAULT_SIZE = 8192 };

/* ---- a buffer: the bytes from start to end --------------------------------------------------- */

typedef struct buffer {
    char *bytes;
    size_t start;
    size_t end;
    size_t capacity;
} buffer;

static size_t buffer_size(const buffer *b)
{
    return b->end - b->start;
}

static size_t grown_capacity(const buffer *b, size_t needed)
{
    /* No overflow: what the heap returns is at most PTRDIFF_MAX. */
    size_t doubled = b->capacity * 2;

    return doubled > needed ? doubled : needed;
}

/* Makes space for `more` bytes at the end. False, and nothing has changed, when there is no
 * memory for them. */
static bool buffer_reserve(buffer *b, size_t more)
{
    size_t size = buffer_size(b);

    if (more <= b->capacity - b->end)
        return true;
    if (more > PTRDIFF_MAX - size)
        return false;
    if (size + more <= b->capacity) {
        memmove(b->bytes, b->bytes + b->start, size);
    } else {
        size_t capacity = grown_capacity(b, size + more);
        char *bytes = malloc(capacity);
        if (!bytes)
            return false;
        if (size > 0)
            memcpy(bytes, b->bytes + b->start, size);
        free(b->bytes);
        b->bytes = bytes;
        b->capacity = capacity;
    }
    b->start = 0;
    b->end = size;
    return true;
}

/* Adds bytes that there is space for. */
static void buffer_append(buffer *b, const char *from, size_t n)
{
    if (n > 0)
        memcpy(b->bytes + b->end, from, n);
    b->end += n;
}

/* Forgets the first n bytes. An empty buffer of more than `keep` bytes returns its memory, so
 * that one long line or one large write does not cost it for the stream's life. */
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

/* ---- a stream -------------------------------------------------------------------------------- */

struct ps_file {
    /* the connection as it was when the call on the stream began; its block is the real
     * socket's, too */
    ps_sock socket;
    ps_failure *failure;
    int bufsize;        /* as the program passed it */
    size_t read_ahead;  /* how many bytes are asked for at a time; 1: none ahead of need */
    size_t write_limit; /* how many bytes are collected before they are sent; 0: none */
    size_t keep;        /* the memory that an empty buffer keeps */
    buffer in;
    size_t scanned;  /* that many bytes at the start of `in` have no '\n' */
    ps__limit limit; /* of the call in flight */
    bool counted;    /* whether that call is in the block's count of calls */
    bool received;   /* whether it has received something */
    bool ended;      /* the last receive found the end; what came before has been returned then */
    int pending;     /* an error for the next read to report */
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

/* The stream becomes an owner of the socket's block. */
static int share_handle(ps_file *f, ps_sock *s)
{
    struct ps__attached *a = ps__attach(s);

    if (!a)
        return PS_ENOMEM;
    atomic_fetch_add(&a->owners, 1);
    (void)ps__attached_update(s);
    ps__sock_clear(&f->socket);
    f->socket.handle = s->handle;
    f->socket.family = s->family;
    f->socket.type = s->type;
    f->socket.proto = s->proto;
    f->socket.generation = s->generation;
    f->socket.attached = a;
    return 0;
}

typedef struct makefile_arguments {
    ps_file **file;
    int bufsize;
} makefile_arguments;

static ptrdiff_t make_stream(ps_sock *s, void *arguments)
{
    const makefile_arguments *a = arguments;
    ps_file *made;
    int code;

    if (!a->file)
        return PS_EFAULT;
    made = calloc(1, sizeof *made);
    if (!made)
        return PS_ENOMEM;
    code = share_handle(made, s);
    if (code != 0) {
        free(made);
        return code;
    }
    set_sizes(made, a->bufsize);
    *a->file = made;
    return 0;
}

int ps_makefile(ps_file **f, ps_sock *s, const char *mode, int bufsize)
{
    makefile_arguments arguments = {f, bufsize};

    (void)mode; /* as in Python 2.7, it refuses nothing */
    if (f)
        *f = NULL;
    return (int)ps__gate(s, PS_OPERATION_MAKEFILE, NULL, make_stream, &arguments);
}

static unsigned char flags_now(struct ps__attached *a)
{
    int flags = atomic_load(&a->flags) & (PS__SHUT_RECEIVE | PS__IN_PROGRESS | PS__HAS_SO_TIMEOUT);

    if (atomic_load(&a->cancel))
        flags |= PS__HAS_TOKEN;
    if (atomic_load(&a->deadlines[PS__FOR_RECEIVING]) != PS__FOREVER ||
        atomic_load(&a->deadlines[PS__FOR_SENDING]) != PS__FOREVER)
        flags |= PS__HAS_DEADLINE;
    return (unsigned char)flags;
}

static void bring_up_to_date(ps_file *f)
{
    struct ps__attached *a = f->socket.attached;

    f->socket.timeout = atomic_load(&a->timeout);
    f->socket.connection = atomic_load(&a->connection);
    f->socket.flags = flags_now(a) | (f->socket.flags & PS__WAITED);
    f->socket.failed = 0; /* what is known is in the block */
    f->socket.ending &= PS__WAITS_IN_TURN;
    ps__set_nonblocking(&f->socket, ps__must_not_block(&f->socket));
}

/* A call that uses the connection begins: it uses the settings that the socket has now. It is
 * counted before it looks, so that a setter which does not see it has been seen by it. */
static void begin(ps_file *f, int events)
{
    atomic_fetch_add(&f->socket.attached->calls, 1);
    f->counted = true;
    bring_up_to_date(f);
    ps__sock_limit(&f->socket, events, f->socket.flags, &f->limit);
}

/* A call ends. */
static ptrdiff_t end(ps_file *f, int operation, ptrdiff_t result)
{
    if (f->counted)
        atomic_fetch_sub(&f->socket.attached->calls, 1);
    f->counted = false;
    if (result < 0 && f->failure)
        ps__write_failure(f->failure, &f->socket, operation, NULL, (int)result);
    return result;
}

/* ---- reading --------------------------------------------------------------------------------- */

static void begin_reading(ps_file *f)
{
    begin(f, PS__READABLE);
    f->received = false;
    if (f->limit.waits)
        ps__deadline_start(&f->limit.deadline);
}

/* One receive. Those after the first have what is left of the time. */
static ptrdiff_t receive(ps_file *f, char *to, size_t n)
{
    ptrdiff_t got;

    if (f->received) {
        int code = ps__check_before_more(&f->socket, &f->limit);
        if (code != 0)
            return code;
    }
    got = ps__receive_within(&f->socket, to, n, &f->limit);
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

/* Returns the first n bytes of the buffer. */
static ptrdiff_t take(ps_file *f, char *to, size_t n)
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
    size_t size;

    while ((size = buffer_size(&f->in)) < n) {
        ptrdiff_t got = fill(f);
        if (got < 0)
            return got;
        if (got == 0)
            break;
    }
    return take(f, to, size < n ? size : n);
}

/* A larger read. What comes goes straight to its place behind that of the buffered bytes; those
 * are copied last, so that on failure only what is new goes into the buffer. */
static ptrdiff_t read_direct(ps_file *f, char *to, size_t n)
{
    size_t size = buffer_size(&f->in);
    size_t count = size;
    ptrdiff_t got = 1;

    while (count < n && got > 0) {
        got = receive(f, to + count, n - count);
        if (got > 0)
            count += (size_t)got;
    }
    if (got < 0) {
        if (buffer_reserve(&f->in, count - size)) {
            buffer_append(&f->in, to + size, count - size);
            return got;
        }
        /* No memory to keep the bytes in: they are returned now, the error by the next read. */
        f->pending = (int)got;
    }
    take(f, to, size);
    return (ptrdiff_t)count;
}

/* What every read asks first: 0 to go on, or its result. */
static int read_refused(ps_file *f, const char *to, size_t n)
{
    int code;

    if (!to && n > 0)
        return PS_EFAULT;
    if (n > PTRDIFF_MAX)
        return PS_BAD_LENGTH;
    code = f->pending;
    f->pending = 0;
    return code;
}

static ptrdiff_t read_bytes(ps_file *f, char *to, size_t n)
{
    int refused = read_refused(f, to, n);

    if (refused != 0)
        return refused;
    if (n <= buffer_size(&f->in))
        return take(f, to, n);
    begin_reading(f);
    return n < f->read_ahead ? read_buffered(f, to, n) : read_direct(f, to, n);
}

ptrdiff_t ps_file_read(ps_file *f, void *buf, size_t n)
{
    return f ? end(f, PS_OPERATION_RECEIVE, read_bytes(f, buf, n)) : PS_EFAULT;
}

/* Whether the buffer begins with a whole line, or with n bytes of one. *length is how much can be
 * returned. */
static bool find_line(ps_file *f, size_t n, size_t *length)
{
    size_t size = buffer_size(&f->in);
    size_t limit = size < n ? size : n;

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

static ptrdiff_t read_line(ps_file *f, char *line, size_t n)
{
    int refused = read_refused(f, line, n);
    size_t length;

    if (refused != 0)
        return refused;
    if (find_line(f, n, &length))
        return take(f, line, length);
    begin_reading(f);
    do {
        ptrdiff_t got = fill(f);
        if (got < 0)
            return got;
        if (got == 0)
            break;
    } while (!find_line(f, n, &length));
    return take(f, line, length);
}

ptrdiff_t ps_file_readline(ps_file *f, char *line, size_t n)
{
    return f ? end(f, PS_OPERATION_RECEIVE, read_line(f, line, n)) : PS_EFAULT;
}

int ps_file_eof(const ps_file *f)
{
    if (!f)
        return PS_EFAULT;
    return f->ended;
}

size_t ps_file_buffered(const ps_file *f)
{
    return f ? buffer_size(&f->in) : 0;
}

/* ---- writing --------------------------------------------------------------------------------- */

/* Whether these bytes and all before them are to be sent now. */
static bool is_due(const ps_file *f, const char *from, size_t n)
{
    if (f->bufsize == 1 && memchr(from, '\n', n))
        return true;
    return buffer_size(&f->out) + n >= f->write_limit;
}

static int send_all(ps_file *f, const char *from, size_t n, size_t *sent)
{
    begin(f, PS__WRITABLE);
    return ps__send_all_within(&f->socket, from, n, sent, &f->limit);
}

/* Sends past the empty buffer, which has space for all n bytes, and keeps there what could not
 * be sent. */
static int send_direct(ps_file *f, const char *from, size_t n)
{
    size_t sent = 0;
    int code;

    code = send_all(f, from, n, &sent);
    buffer_append(&f->out, from + sent, n - sent);
    buffer_drop(&f->out, 0, f->keep);
    return code;
}

static int flush(ps_file *f)
{
    size_t sent = 0;
    int code;

    if (buffer_size(&f->out) == 0)
        return 0;
    code = send_all(f, f->out.bytes + f->out.start, buffer_size(&f->out), &sent);
    buffer_drop(&f->out, sent, f->keep);
    return code;
}

static ptrdiff_t write_bytes(ps_file *f, const char *from, size_t n)
{
    bool due;
    int code = 0;

    if (!from && n > 0)
        return PS_EFAULT;
    if (n > PTRDIFF_MAX)
        return PS_BAD_LENGTH;
    if (n == 0)
        return 0;
    if (!buffer_reserve(&f->out, n))
        return PS_ENOMEM;
    due = is_due(f, from, n);
    if (due && buffer_size(&f->out) == 0) {
        code = send_direct(f, from, n);
    } else {
        buffer_append(&f->out, from, n);
        if (due)
            code = flush(f);
    }
    return code < 0 ? code : (ptrdiff_t)n;
}

ptrdiff_t ps_file_write(ps_file *f, const void *buf, size_t n)
{
    return f ? end(f, PS_OPERATION_SEND, write_bytes(f, buf, n)) : PS_EFAULT;
}

int ps_file_flush(ps_file *f)
{
    return f ? (int)end(f, PS_OPERATION_SEND, flush(f)) : PS_EFAULT;
}

int ps_file_close(ps_file *f)
{
    int code;

    if (!f)
        return 0;
    code = ps_file_flush(f);
    ps__attached_drop(f->socket.attached);
    free(f->in.bytes);
    free(f->out.bytes);
    free(f);
    return code;
}

int ps_file_setfailure(ps_file *f, ps_failure *record)
{
    if (!f)
        return PS_EFAULT;
    bring_up_to_date(f);
    if (record)
        ps__empty_failure(record, &f->socket);
    f->failure = record;
    return 0;
}
