/* ps_create_connection: RFC 8305 (Happy Eyeballs) over the addresses of a host, with one deadline. */
#include "getaddrinfo.h"
#include "socket.h"
#include "text.h"
#include "wait.h"

/* How many attempts run at the same time; with a quarter of a second between them that many seconds pass first. */
enum { UNDER_WAY_MAX = 64 };

#define ATTEMPT_DELAY 0.25

/* What a step says while the race goes on; otherwise it says how it ended. */
enum { GOES_ON = 1 };

/* ---- the order of attempts ----------------------------------------------------------------------------- */

/* The addresses, the two families in turn, the first one's first. */
typedef struct turns {
    const ps_addrinfo *next[2]; /* of the first address's family, and of the other */
    int first_family;
    int only; /* the one family that may be used, or AF_UNSPEC */
    int turn;
} turns;

static const ps_addrinfo *find(const turns *t, const ps_addrinfo *entry, int which)
{
    for (; entry; entry = entry->next) {
        if ((t->only == AF_UNSPEC || entry->family == t->only) && (entry->family == t->first_family) == (which == 0))
            return entry;
    }
    return NULL;
}

static turns make_turns(const ps_addrinfo *list, const ps_addr *source)
{
    turns t = {.only = source ? source->sa.sa_family : AF_UNSPEC};

    t.first_family = source ? t.only : list->family;
    t.next[0] = find(&t, list, 0);
    t.next[1] = find(&t, list, 1);
    return t;
}

static bool has_more(const turns *t)
{
    return t->next[0] || t->next[1];
}

static const ps_addrinfo *take(turns *t)
{
    int which = t->next[t->turn] ? t->turn : !t->turn;
    const ps_addrinfo *entry = t->next[which];

    t->next[which] = find(t, entry->next, which);
    t->turn = !which;
    return entry;
}

/* ---- the race ------------------------------------------------------------------------------------------ */

typedef struct attempt {
    ps_sock sock;
    const ps_addrinfo *entry;
    size_t number;
} attempt;

typedef struct race {
    const ps_connect_options *options;
    ps__limit limit;
    int64_t begin;
    turns turns;
    ps__deadline next; /* when the next attempt starts, if none fails before */
    size_t started;
    attempt under_way[UNDER_WAY_MAX];
    size_t count;
    int failure; /* what is told when all have failed: that of attempt `told` */
    size_t told;
} race;

static double seconds_since(int64_t begin)
{
    return (double)(ps__sys_clock() - begin) / 1e9;
}

static ps_connect_attempt *record_of(const race *r, size_t number)
{
    return number < r->options->attempts_room ? &r->options->attempts[number] : NULL;
}

static void record_start(const race *r, size_t number, const ps_addr *a)
{
    ps_connect_attempt *record = record_of(r, number);

    if (r->options->attempts_count)
        *r->options->attempts_count = number + 1;
    if (!record)
        return;
    record->address = *a;
    record->started = seconds_since(r->begin);
}

static void record_end(const race *r, size_t number, int code)
{
    ps_connect_attempt *record = record_of(r, number);

    if (!record)
        return;
    record->ended = seconds_since(r->begin);
    record->code = code;
}

/* What this machine says by itself of an address that it has no way to tells less than what came from the other end. */
static bool tells_little(int code)
{
    return code == PS_ENETUNREACH || code == PS_EADDRNOTAVAIL || code == PS_EAFNOSUPPORT;
}

/* Of two failures the one that tells more is kept, else that of the later attempt, whichever came first. */
static void keep_failure(race *r, size_t number, int code)
{
    bool first = r->failure == PS_EAI_ADDRFAMILY;
    bool same = tells_little(code) == tells_little(r->failure);

    if (first || (same ? number > r->told : !tells_little(code))) {
        r->failure = code;
        r->told = number;
    }
}

static void fail(race *r, attempt *a, int code)
{
    ps_close(&a->sock);
    record_end(r, a->number, code);
    keep_failure(r, a->number, code);
    r->next = ps__deadline_after(0);
}

static int open_socket(ps_sock *s, const ps_addrinfo *entry)
{
    ps_handle h;
    int code = ps__sys_socket(entry->family, entry->type, entry->proto, true, &h);

    return code != 0 ? code : ps__sock_adopt(s, h, entry->family, entry->type, entry->proto, PS__UNCONNECTED, true, 0);
}

/* Starts to connect, or tells how that has ended. Nobody else listens at a port to which a socket has connected itself. */
static int connect_attempt(attempt *a)
{
    int code = ps_connect(&a->sock, &a->entry->addr);

    return code == 0 && ps__is_connected_to_itself(&a->sock) ? PS_ECONNREFUSED : code;
}

static int start(attempt *a, const ps_addr *source)
{
    int code;

    ps__sock_clear(&a->sock);
    code = open_socket(&a->sock, a->entry);
    if (code == 0 && source)
        code = ps_bind(&a->sock, source);
    return code == 0 ? connect_attempt(a) : code;
}

/* Moves an attempt that has succeeded to where the caller wants it. */
static int win(race *r, attempt *a, ps_sock *winner)
{
    record_end(r, a->number, 0);
    *winner = a->sock;
    ps__sock_clear(&a->sock);
    return 0;
}

static int start_next(race *r, ps_sock *winner)
{
    attempt *a = &r->under_way[r->count];
    int code;

    a->entry = take(&r->turns);
    a->number = r->started++;
    record_start(r, a->number, &a->entry->addr);
    code = start(a, r->options->source);
    if (code == 0)
        return win(r, a, winner);
    if (code != PS_EINPROGRESS) {
        fail(r, a, code);
        return GOES_ON;
    }
    r->count++;
    r->next = ps__deadline_after(r->options->attempt_delay);
    ps__deadline_start(&r->next);
    return r->options->timeout == 0 ? PS_EINPROGRESS : GOES_ON;
}

static bool may_start(const race *r)
{
    return has_more(&r->turns) && r->count < UNDER_WAY_MAX;
}

static int start_due(race *r, ps_sock *winner)
{
    int code = GOES_ON;

    while (code == GOES_ON && may_start(r) && (r->count == 0 || ps__deadline_left(&r->next) == 0))
        code = start_next(r, winner);
    return code;
}

/* Looks at the attempts that are ready, in the order they started, and drops those that have failed. */
static int judge(race *r, const ps__wait_entry *wait, ps_sock *winner)
{
    size_t kept = 0;
    int code = GOES_ON;

    for (size_t i = 0; i < r->count; i++) {
        attempt *a = &r->under_way[i];
        int result = wait[i].ready != 0 && code == GOES_ON ? connect_attempt(a) : PS_EALREADY;

        if (result == 0)
            code = win(r, a, winner);
        else if (result == PS_EALREADY)
            r->under_way[kept++] = *a;
        else
            fail(r, a, result);
    }
    r->count = kept;
    return code;
}

/* Waits for the attempts under way, the end of the call, and the time of the next attempt. */
static int wait_once(race *r, ps_sock *winner)
{
    ps__wait_entry wait[UNDER_WAY_MAX + 1];
    ps__limit limit = r->limit;
    int ready;

    if (ps__deadline_left(&r->limit.deadline) == 0)
        return PS_TIMED_OUT;
    if (may_start(r))
        limit.deadline = ps__deadline_earlier(r->next, r->limit.deadline.at);
    for (size_t i = 0; i < r->count; i++)
        wait[i] = (ps__wait_entry){.handle = ps_fileno(&r->under_way[i].sock), .events = PS__CONNECTED};
    ready = ps__wait(wait, r->count, &limit);
    if (ready <= 0)
        return ready == 0 ? GOES_ON : ready;
    return judge(r, wait, winner);
}

static int run(race *r, ps_sock *winner)
{
    for (;;) {
        int code = start_due(r, winner);

        if (code == GOES_ON && r->count == 0)
            return r->failure;
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
        ps_close(&r->under_way[i].sock);
        record_end(r, r->under_way[i].number, code == 0 ? PS_ECANCELED : code);
    }
}

static int connect_first(ps_sock *s, const ps_addrinfo *list, const ps_connect_options *options, const ps__limit *limit,
                         int64_t begin)
{
    race r = {.options = options, .limit = *limit, .begin = begin, .failure = PS_EAI_ADDRFAMILY};
    int code;

    r.turns = make_turns(list, options->source);
    code = run(&r, s);
    close_losers(&r, code);
    if (code == 0)
        code = ps_settimeout(s, options->timeout);
    if (code != 0)
        ps_close(s);
    return code;
}

/* ---- the call ------------------------------------------------------------------------------------------ */

/* With a timeout of 0 the look-up takes its time, as in the reference: it is the connection that is not waited for. */
static int find_addresses(const char *host, int port, const ps_connect_options *options, const ps__limit *limit,
                          ps_addrinfo **list)
{
    ps__limit own = *limit;
    char service[24];

    if (options->timeout == 0)
        own.deadline = ps__deadline_at(PS__FOREVER);
    ps__number_to_text((unsigned long)port, service);
    return ps__getaddrinfo_until(host, service, AF_UNSPEC, SOCK_STREAM, 0, 0, &own, list);
}

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
        options->attempts_room = 0;
    return 0;
}

static int connect_with(ps_sock *s, const char *host, int port, ps_connect_options options)
{
    int64_t begin = ps__sys_clock();
    ps_addrinfo *list;
    ps__limit limit;
    int code;

    if (options.attempts_count)
        *options.attempts_count = 0;
    if (port < 0 || port > 65535)
        return PS_BAD_PORT;
    code = check_options(&options);
    if (code != 0)
        return code;
    limit = ps__limit_after(options.timeout, options.token);
    ps__deadline_start(&limit.deadline);
    code = find_addresses(host, port, &options, &limit, &list);
    if (code != 0)
        return code;
    code = connect_first(s, list, &options, &limit, begin);
    ps_freeaddrinfo(list);
    return code;
}

int ps_create_connection_with(ps_sock *s, const char *host, int port, const ps_connect_options *options)
{
    static const ps_connect_options usual = PS_CONNECT_OPTIONS_INIT;

    if (!s)
        return PS_EFAULT;
    ps__sock_clear(s);
    return connect_with(s, host, port, options ? *options : usual);
}

int ps_create_connection(ps_sock *s, const char *host, int port, double timeout, const ps_addr *source)
{
    const ps_connect_options options = {.timeout = timeout, .source = source};

    return ps_create_connection_with(s, host, port, &options);
}
