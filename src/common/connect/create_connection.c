/* ps_create_connection: RFC 8305 (Happy Eyeballs) over the addresses of a host, with one
 * deadline; or the one address that the host is. */
#include "config.h"

#include "common/address/literal.h"
#include "common/compiler.h"
#include "common/connect/candidates.h"
#include "common/connect/connect.h"
#include "common/sized_struct.h"
#include "common/socket/normalize.h"
#include "common/socket/socket.h"
#include "common/wait/cancel.h"
#include "common/wait/wait.h"
#include "family/loopback.h"

/* How many attempts run at the same time; with a quarter of a second between them that many
 * seconds pass first. */
enum { ATTEMPTS_MAX = 64 };

#define ATTEMPT_DELAY 0.25

/* What a step says while the race goes on; otherwise it says how it ended. */
enum { GOES_ON = 1 };

/* ---- the record ------------------------------------------------------------------------------ */

/* Where the attempts are recorded, and when the call began. */
typedef struct diary {
    const ps_connect_options *options;
    int64_t begin;
} diary;

static double seconds_since(int64_t begin)
{
    return (double)(ps__sys_clock() - begin) / 1e9;
}

static ps_connect_attempt *record_of(const diary *d, size_t number)
{
    return number < d->options->attempts_capacity ? &d->options->attempts[number] : NULL;
}

static void record_start(const diary *d, size_t number, const ps_addr *a)
{
    ps_connect_attempt *record = record_of(d, number);

    if (d->options->attempts_count)
        *d->options->attempts_count = number + 1;
    if (!record)
        return;
    record->address = *a;
    record->started = seconds_since(d->begin);
}

static void record_end(const diary *d, size_t number, int code)
{
    ps_connect_attempt *record = record_of(d, number);

    if (!record)
        return;
    record->ended = seconds_since(d->begin);
    record->code = code;
}

/* ---- the race -------------------------------------------------------------------------------- */

typedef struct attempt {
    ps_sock sock;
    ps_addr address; /* a copy: addresses that come later may move the others */
    size_t number;
} attempt;

typedef struct race {
    const ps_connect_options *options;
    ps__limit limit;
    diary diary;
    ps__candidates candidates;
    ps__deadline next; /* when the next attempt starts, if none fails before */
    size_t started;
    attempt attempts[ATTEMPTS_MAX];
    size_t count;
    int failure;           /* what is returned when all have failed */
    size_t failure_number; /* of the attempt that failed so */
} race;

/* A failure that this machine reports by itself, having no route, says less than one from the
 * other end. */
static bool is_local_failure(int code)
{
    return code == PS_ENETUNREACH || code == PS_EADDRNOTAVAIL || code == PS_EAFNOSUPPORT;
}

/* Of two failures the one that says more is kept, else that of the later attempt, whichever came
 * first. */
static void keep_failure(race *r, size_t number, int code)
{
    bool first = r->failure == PS_EAI_ADDRFAMILY;
    bool same = is_local_failure(code) == is_local_failure(r->failure);

    if (first || (same ? number > r->failure_number : !is_local_failure(code))) {
        r->failure = code;
        r->failure_number = number;
    }
}

static void fail(race *r, attempt *a, int code)
{
    ps_close(&a->sock);
    record_end(&r->diary, a->number, code);
    keep_failure(r, a->number, code);
    r->next = ps__deadline_after(0);
}

static int open_socket(ps_sock *s, int family)
{
    ps_handle h = PS_INVALID_HANDLE;
    int code = ps__sys_socket(family, SOCK_STREAM, IPPROTO_TCP, true, &h);

    if (code == 0)
        ps__sock_init(s, h, family, SOCK_STREAM, IPPROTO_TCP, PS__UNCONNECTED, true, 0);
    return code;
}

/* Starts to connect, or returns how that has ended. No server listens at a port to which a socket
 * has connected itself. */
static int connect_attempt(attempt *a)
{
    int code = ps_connect(&a->sock, &a->address);

    return code == 0 && ps__is_connected_to_itself(&a->sock, &a->address) ? PS_ECONNREFUSED : code;
}

static int start(attempt *a, const ps_addr *source)
{
    int code;

    ps__sock_clear(&a->sock);
    code = open_socket(&a->sock, a->address.sa.sa_family);
    if (code == 0 && source)
        code = ps_bind(&a->sock, source);
    return code == 0 ? connect_attempt(a) : code;
}

/* Moves an attempt that has succeeded to where the caller wants it. */
static int win(race *r, attempt *a, ps_sock *winner)
{
    record_end(&r->diary, a->number, 0);
    *winner = a->sock;
    ps__sock_clear(&a->sock);
    return 0;
}

/* Many attempts that fail at once take time, too. With a timeout of 0 each is started all the
 * same. */
static int check_limit(race *r)
{
    int code = r->options->timeout != 0 ? ps__limit_over(&r->limit) : 0;

    return code != 0 ? code : GOES_ON;
}

static int start_next(race *r, ps_sock *winner)
{
    attempt *a = &r->attempts[r->count];
    int code;

    a->address = *ps__candidates_take(&r->candidates);
    a->number = r->started++;
    record_start(&r->diary, a->number, &a->address);
    code = start(a, r->options->source);
    if (code == 0)
        return win(r, a, winner);
    if (code != PS_EINPROGRESS) {
        fail(r, a, code);
        return check_limit(r);
    }
    r->count++;
    r->next = ps__deadline_after(r->options->attempt_delay);
    ps__deadline_start(&r->next);
    return r->options->timeout == 0 ? PS_EINPROGRESS : GOES_ON;
}

static bool may_start(race *r)
{
    return r->count < ATTEMPTS_MAX && ps__candidates_available(&r->candidates);
}

static int start_due(race *r, ps_sock *winner)
{
    int code = GOES_ON;

    while (code == GOES_ON && may_start(r) && (r->count == 0 || ps__deadline_left(&r->next) == 0))
        code = start_next(r, winner);
    return code;
}

/* Looks at the attempts that are ready, in the order they started, and drops those that have
 * failed. */
static int judge(race *r, const ps__wait_entry *wait, ps_sock *winner)
{
    size_t kept = 0;
    int code = GOES_ON;

    for (size_t i = 0; i < r->count; i++) {
        attempt *a = &r->attempts[i];
        int result = wait[i].ready != 0 && code == GOES_ON ? connect_attempt(a) : PS_EALREADY;

        if (result == 0)
            code = win(r, a, winner);
        else if (result == PS_EALREADY)
            r->attempts[kept++] = *a;
        else
            fail(r, a, result);
    }
    r->count = kept;
    return code;
}

/* The end of the call, or what is to be done before. */
static ps__limit next_limit(race *r)
{
    ps__limit limit = r->limit;

    limit.deadline = ps__deadline_earlier(limit.deadline, ps__candidates_due(&r->candidates));
    if (may_start(r))
        limit.deadline = ps__deadline_earlier(r->next, limit.deadline.at);
    return limit;
}

/* Waits for the attempts in progress and the pending lookups, until the call's deadline or the
 * time of the next step. */
static int wait_once(race *r, ps_sock *winner)
{
    ps__wait_entry wait[ATTEMPTS_MAX + PS__LOOKUPS + 1];
    size_t attempts = r->count;
    ps__limit limit;
    int ready;

    if (ps__deadline_left(&r->limit.deadline) == 0)
        return PS_TIMED_OUT;
    limit = next_limit(r);
    for (size_t i = 0; i < attempts; i++)
        wait[i] =
            (ps__wait_entry){.handle = ps_fileno(&r->attempts[i].sock), .events = PS__CONNECTED};
    ready = ps__wait(wait, attempts + ps__candidates_wait(&r->candidates, wait + attempts), &limit);
    if (ready <= 0)
        return ready == 0 ? GOES_ON : ready;
    ready = ps__candidates_collect(&r->candidates, wait + attempts);
    return ready != 0 ? ready : judge(r, wait, winner);
}

static int all_have_failed(const race *r)
{
    return r->started == 0 && r->candidates.failure != 0 ? r->candidates.failure : r->failure;
}

static int run(race *r, ps_sock *winner)
{
    for (;;) {
        int code;

        ps__candidates_go_on(&r->candidates);
        code = start_due(r, winner);
        if (code == GOES_ON && r->count == 0 && !ps__candidates_pending(&r->candidates))
            return all_have_failed(r);
        if (code == GOES_ON)
            code = wait_once(r, winner);
        if (code != GOES_ON)
            return code;
    }
}

/* `code` is how the race ended: the others lost, or ran out of time with it. */
static void close_losers(race *r, int code)
{
    for (size_t i = 0; i < r->count; i++) {
        ps_close(&r->attempts[i].sock);
        record_end(&r->diary, r->attempts[i].number, code == 0 ? PS_ECANCELED : code);
    }
}

static int connect_first(race *r, ps_sock *s, const char *host, int port)
{
    const ps_addr *source = r->options->source;
    int code = ps__candidates_begin(&r->candidates, host, port,
                                    source ? source->sa.sa_family : AF_UNSPEC, &r->limit);

    if (code == 0)
        code = run(r, s);
    close_losers(r, code);
    ps__candidates_free(&r->candidates);
    if (code == 0)
        code = ps_settimeout(s, r->options->timeout);
    if (code != 0)
        ps_close(s);
    return code;
}

/* What is not set here is set when it is first used: the whole is large. */
static NOINLINE int race_to(ps_sock *s, const char *host, int port, const diary *d)
{
    const ps_connect_options *options = d->options;
    race r;
    int code;

    r.options = options;
    r.diary = *d;
    r.next = ps__deadline_at(PS__FOREVER);
    r.started = r.count = r.failure_number = 0;
    r.failure = PS_EAI_ADDRFAMILY;
    /* With a timeout of 0 the lookup takes its time, as in Python 2.7: it is the connection that
     * is not waited for. */
    code = ps__limit_begin(&r.limit, options->timeout == 0 ? PS_NO_TIMEOUT : options->timeout,
                           options->token);
    return code != 0 ? code : connect_first(&r, s, host, port);
}

/* ---- one address ----------------------------------------------------------------------------- */

/* Whether the handle is to be non-blocking while it connects. One that is to block later blocks now
 * only on loopback, where that mostly does not take long, and where no hook is to end the call
 * after a signal: the system may go on by itself after one (SA_RESTART). */
static ALWAYS_INLINE bool connects_without_blocking(const ps_addr *a, double timeout,
                                                    const ps_cancel *token)
{
    return token || !ps__is_on_loopback(a) || ps__has_interrupt() ||
           ps__new_must_not_block(a->sa.sa_family, SOCK_STREAM, timeout);
}

static ALWAYS_INLINE int connect_in_mode(ps_sock *s, const ps_addr *a, double timeout,
                                         const ps_addr *source, ps_cancel *token, bool nonblocking)
{
    int family = a->sa.sa_family;
    int code;

    ps__sock_init(s, PS_INVALID_HANDLE, family, SOCK_STREAM, IPPROTO_TCP, PS__UNCONNECTED,
                  nonblocking, timeout);
    code = ps__sys_socket(family, SOCK_STREAM, IPPROTO_TCP, nonblocking, &s->handle);
    if (code == 0 && source)
        code = ps_bind(s, source);
    if (LIKELY(code == 0))
        code = ps__connect_new(s, a, token);
    if (LIKELY(code == 0) && UNLIKELY(nonblocking && timeout == PS_NO_TIMEOUT))
        code = ps__sock_set_mode(s);
    if (UNLIKELY(code != 0))
        ps_close(s);
    return code;
}

static NOINLINE int connect_blocking(ps_sock *s, const ps_addr *a, const ps_addr *source)
{
    return connect_in_mode(s, a, PS_NO_TIMEOUT, source, NULL, false);
}

static NOINLINE int connect_nonblocking(ps_sock *s, const ps_addr *a, const ps_addr *source,
                                        ps_cancel *token)
{
    return connect_in_mode(s, a, PS_NO_TIMEOUT, source, token, true);
}

static ALWAYS_INLINE int connect_without_timeout(ps_sock *s, const ps_addr *a,
                                                 const ps_addr *source, ps_cancel *token)
{
    return connects_without_blocking(a, PS_NO_TIMEOUT, token)
               ? connect_nonblocking(s, a, source, token)
               : connect_blocking(s, a, source);
}

static ALWAYS_INLINE int connect_one(ps_sock *s, const ps_addr *a, double timeout,
                                     const ps_addr *source, ps_cancel *token)
{
    return LIKELY(timeout < PS_NO_TIMEOUT) ? connect_in_mode(s, a, timeout, source, token, true)
                                           : connect_without_timeout(s, a, source, token);
}

/* Makes *a of a host and a port. A name is for the race; so is everything that is no address. */
static bool is_one_address(const char *host, int port, ps_addr *a)
{
    if (!host || !ps__literal_read_usual(host, a))
        return false;
    a->in.sin_port = ps_htons((uint16_t)port); /* at the same place in both families */
    return true;
}

static int connect_to_literal(ps_sock *s, const ps_addr *a, const diary *d)
{
    const ps_connect_options *o = d->options;
    int code;

    if (ps__is_fired(o->token))
        return PS_ECANCELED;
    if (o->source && o->source->sa.sa_family != a->sa.sa_family)
        return PS_EAI_ADDRFAMILY;
    record_start(d, 0, a);
    code = connect_one(s, a, o->timeout, o->source, o->token);
    record_end(d, 0, code);
    return code;
}

/* ---- the call -------------------------------------------------------------------------------- */

static int check_options(ps_connect_options *options)
{
    if (options->timeout == PS_DEFAULT_TIMEOUT)
        options->timeout = ps_getdefaulttimeout();
    if (options->attempt_delay == 0)
        options->attempt_delay = ATTEMPT_DELAY;
    if (!ps__timeout_valid(options->timeout) || !ps__timeout_valid(options->attempt_delay))
        return PS_BAD_TIMEOUT;
    if (options->source && options->source->len == 0)
        options->source = NULL;
    if (!options->attempts)
        options->attempts_capacity = 0;
    return 0;
}

/* With a timeout of 0 an attempt is in progress only to be closed: in the race. */
static NOINLINE int connect_with(ps_sock *s, const char *host, int port, ps_connect_options options)
{
    diary d = {&options, 0};
    ps_addr a;
    int code;

    if (options.attempts_count)
        *options.attempts_count = 0;
    if (port < 0 || port > 65535)
        return PS_BAD_PORT;
    code = check_options(&options);
    if (code != 0)
        return code;
    if (options.attempts)
        d.begin = ps__sys_clock();
    return options.timeout != 0 && is_one_address(host, port, &a) ? connect_to_literal(s, &a, &d)
                                                                  : race_to(s, host, port, &d);
}

int ps_create_connection_with(ps_sock *s, const char *host, int port,
                              const ps_connect_options *options)
{
    ps_connect_options known = PS_CONNECT_OPTIONS_INIT;

    if (!s)
        return PS_EFAULT;
    ps__sock_clear(s);
    if (options && !ps__sized_struct_read(&known, sizeof known, options, options->size))
        return PS_BAD_LENGTH;
    return connect_with(s, host, port, known);
}

static NOINLINE int connect_with_defaults(ps_sock *s, const char *host, int port, double timeout,
                                          const ps_addr *source)
{
    const ps_connect_options options = {
        .size = sizeof options, .timeout = timeout, .source = source};

    return ps_create_connection_with(s, host, port, &options);
}

/* What the call above does, in fewer steps, with the address of a host and no source. */
int ps_create_connection(ps_sock *s, const char *host, int port, double timeout,
                         const ps_addr *source)
{
    double seconds = timeout == PS_DEFAULT_TIMEOUT ? ps__default_timeout() : timeout;
    ps_addr a;

    if (s && !source && seconds > 0 && port >= 0 && port <= 65535 && is_one_address(host, port, &a))
        return connect_one(s, &a, seconds, NULL, NULL);
    return connect_with_defaults(s, host, port, timeout, source);
}
