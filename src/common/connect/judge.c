#include "config.h"

#include "common/connect/judge.h"

#include "common/compiler.h"
#include "common/poller/pollers.h"
#include "common/socket/call.h"
#include "common/socket/gate.h"
#include "common/socket/normalize.h"
#include "common/socket/port_sharing.h"
#include "common/socket/socket.h"

/* ---- what is known --------------------------------------------------------------------------- */

void ps__add_ending(ps_sock *s, unsigned char bits)
{
    struct ps__attached *a;

    (void)__atomic_fetch_or(&s->ending, bits, __ATOMIC_SEQ_CST);
    a = ps__attached(s);
    if (a)
        (void)atomic_fetch_or(&a->ending, bits);
}

unsigned char ps__ending(const ps_sock *s)
{
    return __atomic_load_n(&s->ending, __ATOMIC_SEQ_CST);
}

static bool has_ending(const ps_sock *s, unsigned char bits)
{
    const struct ps__attached *a = ps__attached(s);

    return ((ps__ending(s) | (a ? atomic_load(&a->ending) : 0)) & bits) != 0;
}

static int known_failure(const ps_sock *s)
{
    const struct ps__attached *a = ps__attached(s);
    int failed = __atomic_load_n(&s->failed, __ATOMIC_ACQUIRE);

    return failed != 0 || !a ? failed : atomic_load(&a->failed);
}

void ps__share_failure(const ps_sock *s, struct ps__attached *a)
{
    int failed = __atomic_load_n(&s->failed, __ATOMIC_SEQ_CST);
    int none = 0;

    if (failed != 0)
        (void)atomic_compare_exchange_strong(&a->failed, &none, failed);
}

/* Keeps a failure, the first of them, and returns that. */
static int keep_failure(ps_sock *s, int code)
{
    struct ps__attached *a;
    int first = 0;
    int known = 0;

    code = ps__judge_silent_peer(s, code);
    if (!__atomic_compare_exchange_n(&s->failed, &first, code, false, __ATOMIC_SEQ_CST,
                                     __ATOMIC_SEQ_CST))
        code = first;
    a = ps__attached(s); /* only now: a block that is made meanwhile copies what is in the socket */
    if (a && !atomic_compare_exchange_strong(&a->failed, &known, code))
        code = known;
    if (!ps__sys_end_is_certain()) {
        ps__sys_wake_waits(s->handle);
        if (ps__is_in_poller(s))
            ps__pollers_look(s);
    }
    return code;
}

int ps__connection_failure(const ps_sock *s)
{
    return ps__connection(s) >= PS__ESTABLISHED ? known_failure(s) : 0;
}

/* ---- SO_ERROR -------------------------------------------------------------------------------- */

static unsigned short exchange_reported(ps_sock *s, int error)
{
    return __atomic_exchange_n(&s->error_reported, (unsigned short)error, __ATOMIC_RELAXED);
}

static int system_error(const ps_sock *s)
{
    int error = 0;
    socklen_t size = sizeof error;

    return ps__sys_getsockopt(s->handle, SOL_SOCKET, SO_ERROR, &error, &size) == 0 ? error : 0;
}

/* A call has just reported why the connection failed, as SO_ERROR would: SO_ERROR does not report
 * it again. */
static void remember_reported_error(ps_sock *s)
{
    (void)exchange_reported(s, system_error(s));
}

void ps__judge_reported(ps_sock *s)
{
    if (ps__is_stream(s) && ps__connection(s) == PS__UNCONNECTED &&
        !has_ending(s, PS__ATTEMPT_FAILED))
        remember_reported_error(s);
}

/* POSIX reports SO_ERROR once and clears it; Winsock keeps it until the next connection. */
static bool is_new_error(ps_sock *s, int error)
{
    bool stays = error != 0 && system_error(s) == error;

    return exchange_reported(s, stays ? error : 0) != error || !stays;
}

/* ---- the result of an attempt ---------------------------------------------------------------- */

/* How an attempt has ended. A wait on Windows may report that it has failed a moment before the
 * system has the error (LuaSocket sleeps for 10 ms because of that): PS_ENOTCONN until then. */
static int attempt_result(const ps_sock *s)
{
    enum { TRIES = 20, PAUSE_NANOSECONDS = 1000000 };
    int code = ps__sys_connect_result(s->handle);

    for (int tries = 1; code == PS_ENOTCONN && tries < TRIES; tries++) {
        ps__sleep(PAUSE_NANOSECONDS);
        code = ps__sys_connect_result(s->handle);
    }
    return code;
}

/* ---- a connection ---------------------------------------------------------------------------- */

static bool is_connected(const ps_sock *s)
{
    return ps__is_connection_type(s) && ps__connection(s) >= PS__ESTABLISHED;
}

static bool has_lost_its_peer(const ps_sock *s)
{
    ps_addr peer;

    return ps__sys_getpeername(s->handle, &peer) == PS_ENOTCONN;
}

static bool is_an_end(ptrdiff_t code)
{
    return code == PS_ECONNRESET || code == PS_ECONNABORTED || code == PS_ENETRESET ||
           code == PS_ETIMEDOUT;
}

/* An ICMP error ends an attempt to connect, but need not end a connection. */
static bool may_be_an_end(ptrdiff_t code)
{
    switch (code) {
    case PS_ECONNREFUSED:
    case PS_EHOSTDOWN:
    case PS_EHOSTUNREACH:
    case PS_ENETDOWN:
    case PS_ENETUNREACH:
    case PS_EPROTO:
        return true;
    default:
        return false;
    }
}

/* Whether a connection is over after such a code. */
static bool ends_connection(const ps_sock *s, ptrdiff_t code)
{
    return is_an_end(code) || (may_be_an_end(code) && has_lost_its_peer(s));
}

/* What systems return for a connection that is over, once they have reported how it ended. */
static bool says_that_it_is_over(ptrdiff_t result)
{
    return result == 0 || result == PS_EPIPE || result == PS_ENOTCONN;
}

/* A stream's calls are on a ps_sock of its own, and counted in the block. */
static bool is_of_a_stream(const ps_sock *s)
{
    return !ps__has_own_calls(s);
}

/* The calls in flight on the socket and on its streams, but for those that ask this. A stream
 * does not see the socket's. */
static int other_calls(const ps_sock *s)
{
    const struct ps__attached *a = ps__attached(s);
    int others = ps__calls_in_flight(s) - __atomic_load_n(&s->judging, __ATOMIC_ACQUIRE);

    return a ? others + atomic_load(&a->calls) - atomic_load(&a->judging) : others;
}

static bool is_only_call(const ps_sock *s)
{
    return !is_of_a_stream(s) && other_calls(s) <= 1;
}

static void count_judging(ps_sock *s, int change)
{
    if (is_of_a_stream(s))
        (void)atomic_fetch_add(&ps__attached(s)->judging, change);
    else
        (void)__atomic_add_fetch(&s->judging, (unsigned char)change, __ATOMIC_SEQ_CST);
}

/* Whether ps_connect of a stream's socket blocks in the system, which is no call that a stream
 * sees. */
static bool has_socket_blocked_in_connect(const ps_sock *s)
{
    const struct ps__attached *a = ps__attached(s);

    return is_of_a_stream(s) && atomic_load(&a->flags) & PS__IN_PROGRESS &&
           atomic_load(&a->connection) == PS__UNCONNECTED;
}

/* Another call may be between the system's answer and keep_failure. This wait is not the call's
 * own: it does not look at its timeout or mode. It is short, since no call on a connection that is
 * over takes long, unless a thread is stopped. A stream, which does not see the socket's calls,
 * allows them a moment. */
static int failure_reported_to_another(ps_sock *s)
{
    enum { MOMENT = 300000, PATIENCE = 100000000 };
    /* Calls that were in flight at the fork are counted, and never end. */
    bool inherited = ps__is_inherited(s);
    ps__deadline moment =
        ps__deadline_after_nanoseconds(inherited || is_of_a_stream(s) ? MOMENT : 0);
    ps__deadline deadline = ps__deadline_after_nanoseconds(PATIENCE);
    int64_t pause = 0;
    int failure;

    count_judging(s, 1);
    for (;;) {
        /* First this: a call keeps its failure before it leaves. */
        bool others = (!inherited && other_calls(s) > 0) || has_socket_blocked_in_connect(s) ||
                      ps__deadline_left(&moment) > 0;

        failure = known_failure(s);
        if (failure != 0 || !others || ps__deadline_left(&deadline) == 0)
            break;
        ps__sleep_longer(&pause);
    }
    count_judging(s, -1);
    return failure;
}

/* Whether a connection is over in both directions. An end that this side caused itself, on a
 * stream without other calls, needs no explanation. */
static bool is_over(const ps_sock *s)
{
    int ready;

    if (is_of_a_stream(s) && other_calls(s) <= 1 && has_ending(s, PS__SHUT_SEND))
        return false;
    if (has_lost_its_peer(s))
        return true;
    ready = ps__look(s->handle, 0);
    return ready > 0 && ready & PS__HUNG_UP;
}

/* AF_UNIX reports to a sender only that there is no peer, and to a receive that the connection was
 * reset. */
static int failure_that_waits(ps_sock *s)
{
    int error = system_error(s);
    int code = error != 0 ? ps__from_os(error) : 0;

    if (!ends_connection(s, code))
        return 0;
    (void)exchange_reported(s, error);
    return keep_failure(s, code);
}

/* Where the system's end of a stream is not certain: a connection that is gone, though this side
 * has not shut it down, was reset. */
static int failure_like_an_end(ps_sock *s)
{
    if (ps__sys_end_is_certain() || has_ending(s, PS__SHUT_SEND) || !has_lost_its_peer(s))
        return 0;
    return keep_failure(s, PS_ECONNRESET);
}

/* The system reports the end of a connection, and no failure: has it reported one to another
 * call? */
static ptrdiff_t judge_end(ps_sock *s, ptrdiff_t result)
{
    int failure = known_failure(s);

    if (failure == 0)
        failure = result == 0 ? failure_like_an_end(s) : failure_that_waits(s);
    if (failure == 0 && is_only_call(s)) {
        failure = known_failure(s); /* of a call that has left meanwhile */
    } else if (failure == 0 && !has_ending(s, PS__ENDED_WELL) && is_over(s)) {
        failure = failure_reported_to_another(s);
        if (failure == 0)
            ps__add_ending(s, PS__ENDED_WELL);
    }
    if (failure == 0 && result == 0 && !(ps__flags(s) & PS__SHUT_RECEIVE))
        ps__add_ending(s, PS__END_REPORTED);
    return failure != 0 ? failure : result;
}

static int fail_attempt(ps_sock *s, int code);

static bool is_reset(ptrdiff_t code)
{
    return code == PS_ECONNRESET || code == PS_ECONNABORTED;
}

/* Whether the attempt of a handle from elsewhere was refused. Wine says of that, too, that the
 * connection was reset, or has ended. */
static bool is_refusal(const ps_sock *s, ptrdiff_t result)
{
    if (result == PS_ECONNREFUSED)
        return has_lost_its_peer(s);
    return !ps__sys_end_is_certain() && ps__flags(s) & PS__IN_PROGRESS &&
           (is_reset(result) || says_that_it_is_over(result)) &&
           attempt_result(s) == PS_ECONNREFUSED;
}

/* What the result of a connected socket's call means that transferred nothing. */
static ptrdiff_t judge_connection(ps_sock *s, ptrdiff_t result)
{
    /* The peer has closed its side, and sending on makes it reset the connection: the end stays
     * the end. */
    if (is_reset(result) && has_ending(s, PS__END_REPORTED) && known_failure(s) == 0)
        return PS_EPIPE;
    if (ps__connection(s) == PS__STATE_UNKNOWN && is_refusal(s, result)) {
        remember_reported_error(s);
        return fail_attempt(s, PS_ECONNREFUSED);
    }
    if (says_that_it_is_over(result))
        return judge_end(s, result);
    if (!ends_connection(s, result))
        return result;
    result = keep_failure(s, (int)result);
    remember_reported_error(s);
    return result;
}

/* ---- an attempt at a connection -------------------------------------------------------------- */

bool ps__judge_begin(ps_sock *s)
{
    struct ps__attached *a = ps__attached(s);
    bool failed_before = has_ending(s, PS__ATTEMPT_FAILED);

    __atomic_store_n(&s->error_reported, 0, __ATOMIC_RELAXED);
    __atomic_store_n(&s->failed, 0, __ATOMIC_RELAXED);
    __atomic_store_n(&s->ending, 0, __ATOMIC_RELAXED);
    if (a) {
        atomic_store(&a->failed, 0);
        atomic_store(&a->ending, 0);
    }
    return failed_before;
}

static void end_attempt(ps_sock *s, int connection)
{
    ps__set_connection(s, connection);
    if (ps__flags(s) & PS__IN_PROGRESS)
        ps__clear_flags(s, PS__IN_PROGRESS);
}

static int fail_attempt(ps_sock *s, int code)
{
    code = keep_failure(s, code);
    ps__add_ending(s, PS__ATTEMPT_FAILED);
    end_attempt(s, PS__UNCONNECTED);
    return code;
}

/* SO_ERROR reports nothing: the attempt has succeeded all the same, or the error was reported to
 * another call. PS_ENOTCONN: it has failed. */
static int judge_silent_attempt(ps_sock *s, int result, int reported)
{
    int failure;

    if (reported != 0)
        return reported;
    if (result == 0 && !has_lost_its_peer(s))
        return 0;
    failure = is_only_call(s) ? known_failure(s) : failure_reported_to_another(s);
    return failure != 0 ? failure : PS_ECONNABORTED;
}

/* For the socket's streams, or the stream's socket, too. */
static void set_established(ps_sock *s)
{
    struct ps__attached *a;

    end_attempt(s, PS__ESTABLISHED);
    a = ps__attached(s);
    if (a)
        atomic_store(&a->connection, PS__ESTABLISHED);
}

void ps__judge_ready(ps_sock *s, int ready)
{
    if (ready > 0 && ps__connection(s) == PS__CONNECTING && ready & PS__CONNECTED &&
        !(ready & (PS__FAILED | PS__HUNG_UP)))
        ps__add_ending(s, PS__IS_THERE);
}

/* The wait for an attempt has reported an error, which SO_ERROR need not confirm. */
static NOINLINE int judge_doubtful_attempt(ps_sock *s, int reported)
{
    int code = attempt_result(s);

    if (code == 0 || code == PS_ENOTCONN)
        code = judge_silent_attempt(s, code, reported);
    if (code == 0) {
        set_established(s);
        return 0;
    }
    code = fail_attempt(s, code);
    remember_reported_error(s);
    return code;
}

int ps__judge_attempt(ps_sock *s, int ready, int reported)
{
    if (ready & (PS__FAILED | PS__INVALID))
        return judge_doubtful_attempt(s, reported);
    set_established(s);
    return 0;
}

ptrdiff_t ps__judge_waiter(ps_sock *s, ptrdiff_t code)
{
    int failure;

    if (ps__connection(s) != PS__UNCONNECTED)
        return code;
    failure = known_failure(s);
    /* Linux returns ECONNABORTED from a blocking connect when the reason was reported to another
     * call. */
    if (failure == 0 && (says_that_it_is_over(code) || code == PS_ECONNABORTED))
        failure = failure_reported_to_another(s);
    if (failure == 0 && (is_an_end(code) || may_be_an_end(code))) {
        failure = fail_attempt(s, (int)code);
        remember_reported_error(s);
    }
    return failure != 0 ? failure : code;
}

/* What a transfer's result means while an attempt to connect was in progress: a transfer waits for
 * the attempt, and returns why it failed. */
static ptrdiff_t judge_connecting(ps_sock *s, ptrdiff_t result)
{
    int ready = result == PS_EINTR ? PS_EINTR : ps__look(s->handle, PS__CONNECTED);
    int reported = result == PS_EWOULDBLOCK || says_that_it_is_over(result) ? 0 : (int)result;
    int code;

    if (ready <= 0)
        return ready == 0 ? PS_EWOULDBLOCK : ready;
    /* What was reset has been there, unless the system says of a refused attempt, too, that it
     * was reset. */
    if (is_reset(result)) {
        int error = attempt_result(s);

        if (error == 0 || error == PS_ENOTCONN || is_reset(error)) {
            set_established(s);
            return judge_connection(s, result);
        }
        reported = error;
    }
    code = ps__judge_attempt(s, ready, reported);
    if (code != 0)
        return code;
    return result == PS_ENOTCONN ? PS_EWOULDBLOCK : judge_connection(s, result);
}

/* Whether an attempt is in progress, and neither ps_poll nor another user of the socket has found
 * that it has succeeded. */
static bool is_connecting(ps_sock *s)
{
    const struct ps__attached *a = ps__attached(s);

    if (ps__connection(s) != PS__CONNECTING)
        return false;
    if (!has_ending(s, PS__IS_THERE) && !(a && atomic_load(&a->connection) == PS__ESTABLISHED))
        return true;
    end_attempt(s, PS__ESTABLISHED);
    return false;
}

void ps__judge_transferred(ps_sock *s)
{
    ps__judge_ready(s, PS__CONNECTED);
    ps__clear_flags(s, PS__IN_PROGRESS);
}

void ps__judge_rest(ps_sock *s, ptrdiff_t code)
{
    if (is_connecting(s))
        (void)judge_connecting(s, code);
    else if (is_connected(s))
        (void)judge_connection(s, code);
}

/* Of a handle from elsewhere only a refusal is certainly that of an attempt. */
static bool is_of_an_attempt(ps_sock *s, int code)
{
    return (code != 0 && (is_connecting(s) || ps__is_blocked_in_connect(s))) ||
           (code == PS_ECONNREFUSED && ps__connection(s) == PS__STATE_UNKNOWN &&
            s->type != SOCK_DGRAM);
}

/* SO_ERROR reports nothing while an attempt is in progress. It may have failed all the same:
 * Windows reports that before it has the error. */
static int late_error_of_attempt(ps_sock *s)
{
    int ready = ps__look(s->handle, PS__CONNECTED);
    int code;

    ps__judge_ready(s, ready);
    if (ready <= 0 || !(ready & PS__FAILED))
        return 0;
    code = attempt_result(s);
    return code < 0 && code != PS_ENOTCONN ? ps__to_native(code) : 0;
}

int ps__judge_error(ps_sock *s, int error)
{
    int code;

    if (error == 0 && ps__connection(s) == PS__CONNECTING)
        error = late_error_of_attempt(s);
    code = error != 0 ? ps__from_os(error) : 0;
    if (!is_new_error(s, error))
        return 0;
    if (is_of_an_attempt(s, code))
        (void)fail_attempt(s, code);
    else if (is_connected(s) && ends_connection(s, code))
        (void)keep_failure(s, code);
    return error;
}

/* ---- receives and sends ---------------------------------------------------------------------- */

/* A datagram that was sent earlier found a port closed, or a router dropped it, and Windows fails
 * a later call for it. That is the peer's refusal for a connected socket; one without a peer goes
 * on. */
static ptrdiff_t judge_datagram(const ps_sock *s, ptrdiff_t code)
{
    ps_addr peer;

    if (s->type != SOCK_DGRAM || !ps__is_inet(s) || (code != PS_ECONNRESET && code != PS_ENETRESET))
        return code;
    if (code == PS_ENETRESET)
        return PS__AGAIN;
    if (!ps__has_no_peer(s) && ps__sys_getpeername(s->handle, &peer) == 0)
        return PS_ECONNREFUSED;
    return ps__port_has(s, PS__PORT_REFUSALS) ? PS_ECONNREFUSED : PS__AGAIN;
}

static ptrdiff_t judge_any(ps_sock *s, ptrdiff_t result)
{
    return is_connected(s) ? judge_connection(s, result) : judge_datagram(s, result);
}

ptrdiff_t ps__judge_sendto(ps_sock *s, const ps_addr *to, ptrdiff_t code)
{
    /* Linux says EINVAL; Windows and BSD say that it is no address. */
    if (code == PS_EADDRNOTAVAIL && s->type == SOCK_DGRAM && ps_addr_port(to) == 0)
        return PS_EINVAL;
    return judge_any(s, ps__judge_shortage_of_send(s, code));
}

ptrdiff_t ps__judge_receive(ps_sock *s, ptrdiff_t result)
{
    if (result > 0) {
        ps__note_transfer(s);
        return result;
    }
    if (is_connecting(s))
        return judge_connecting(s, result);
    /* An empty datagram or record, or what Linux returns once it has reported a reset. */
    if (result == 0 && !ps__is_stream(s))
        return ps__connection_failure(s);
    if (has_ending(s, PS__END_REPORTED) && (result == 0 || is_reset(result)))
        return 0;
    /* The end of a stream that never began: Linux returns that after a connection was refused. */
    if (result == 0 && ps__has_no_peer(s))
        return has_lost_its_peer(s) ? PS_ENOTCONN : 0;
    if (result == PS_EINVAL && s->type == SOCK_DGRAM) {
        result = ps__bind_unbound(s);
        return result == 0 ? PS_EWOULDBLOCK : result;
    }
    return judge_any(s, result);
}

ptrdiff_t ps__judge_send(ps_sock *s, ptrdiff_t code)
{
    if (is_connecting(s))
        return judge_connecting(s, code);
    code = ps__judge_shortage_of_send(s, code);
    if (!ps__has_no_peer(s) || !ps__is_inet(s))
        return judge_any(s, code);
    if (ps__is_stream(s) && (code == PS_EPIPE || code == PS_ECONNRESET))
        return PS_ENOTCONN;
    if (s->type == SOCK_DGRAM && (code == PS_ENOTCONN || code == PS_EINVAL))
        return PS_EDESTADDRREQ;
    return code;
}

ptrdiff_t ps__judge_send_after_part(ps_sock *s, ptrdiff_t code)
{
    if (code == PS_EPIPE && ps__is_inet(s) && !has_ending(s, PS__SHUT_SEND) && has_lost_its_peer(s))
        code = PS_ECONNRESET;
    return ps__judge_send(s, code);
}
