/*
 * The third backend: a system that does what a script says, and a clock that moves when the
 * script says so.
 *
 * A test writes down the calls of src/common/backend.h that the library is expected to make, in
 * order, each with the arguments that matter and with its answer, and then calls the library:
 *
 *     fake_connected(&s, AF_INET, SOCK_STREAM); expect(SYS_SEND, .size = 100, .result = 40);
 *     expect(SYS_SEND, .size = 60, .result = PS_EWOULDBLOCK); expect(SYS_WAIT, .events =
 *     PS__WRITABLE, .nanoseconds = SECONDS(1), .advance = MILLISECONDS(10), .result =
 *     PS__WRITABLE); expect(SYS_SEND, .size = 60, .result = 60); ck_assert_ok(ps_sendall(&s,
 *     data, 100, 0, NULL)); ps_close(&s); fake_done();
 *
 * A call beyond or unlike the script fails the test at once, and a script that is not finished
 * fails it in the end. So do a handle that is closed twice or never, a call on a handle after
 * its close, memory that is not given back, and a host entry that is not released.
 *
 * Some things are in no script, since they cannot fail: ps__sys_clock, ps__families, the
 * functions that lay out ancillary data, what is done to a notifier once it is open, and the
 * leave of a look-up apart, which is counted. ps__sys_close need not be in one: it is always
 * counted, and may be expected where its place matters; so may ps__sys_report_refusals, the
 * option SO_ERROR, which is 0 then, the system's own timeout, of which there is none then, and
 * what it may know of an attempt at once, which is nothing then; that a thread offers itself for
 * more work, which it may not then; and ps__sys_notifier_renew, which finds it open then.
 */
#ifndef TESTS_FAKE_H
#define TESTS_FAKE_H

#include "common/backend.h"
#include "test.h"

#include <limits.h>

/* The functions of the contract that a script has. */
#define FAKE_CALLS(X)                       \
    X(SOCKET, socket)                       \
    X(SOCKETPAIR, socketpair)               \
    X(DUPLICATE, duplicate)                 \
    X(DESCRIBE, describe)                   \
    X(CLOSE, close)                         \
    X(SET_NONBLOCKING, set_nonblocking)     \
    X(SET_INHERITABLE, set_inheritable)     \
    X(GET_INHERITABLE, get_inheritable)     \
    X(SET_EXCLUSIVE, set_exclusive)         \
    X(BIND, bind)                           \
    X(HAS_LISTENER, has_listener)           \
    X(REPORT_REFUSALS, report_refusals)     \
    X(LISTEN, listen)                       \
    X(ACCEPT, accept)                       \
    X(CONNECT, connect)                     \
    X(CONNECTED_AT_ONCE, connected_at_once) \
    X(REACHED_ANOTHER, reached_another)     \
    X(CONNECT_RESULT, connect_result)       \
    X(SHUTDOWN, shutdown)                   \
    X(WAKE, wake)                           \
    X(WAKE_WAITS, wake_waits)               \
    X(RECV, recv)                           \
    X(RECVFROM, recvfrom)                   \
    X(SEND, send)                           \
    X(SENDTO, sendto)                       \
    X(SENDFILE, sendfile)                   \
    X(READ_FILE, read_file)                 \
    X(GETSOCKNAME, getsockname)             \
    X(GETPEERNAME, getpeername)             \
    X(SENDMSG, sendmsg)                     \
    X(RECVMSG, recvmsg)                     \
    X(SENDMANY, sendmany)                   \
    X(RECVMANY, recvmany)                   \
    X(CAN_SEGMENT, can_segment)             \
    X(COALESCE, coalesce)                   \
    X(REPORT_INFO, report_info)             \
    X(PEER_CREDENTIALS, peer_credentials)   \
    X(SHARE, share)                         \
    X(FROM_SHARE, from_share)               \
    X(GETSOCKOPT, getsockopt)               \
    X(SETSOCKOPT, setsockopt)               \
    X(MULTICAST, multicast)                 \
    X(IOCTL, ioctl)                         \
    X(KEEPALIVE, keepalive)                 \
    X(WAIT, wait)                           \
    X(SO_TIMEOUT, so_timeout)               \
    X(BLOCKS, blocks)                       \
    X(BARRIER, barrier)                     \
    X(SET_SO_TIMEOUT, set_so_timeout)       \
    X(NOTIFIER_OPEN, notifier_open)         \
    X(NOTIFIER_RENEW, notifier_renew)       \
    X(POLLER_OPEN, poller_open)             \
    X(POLLER_SET, poller_set)               \
    X(POLLER_REMOVE, poller_remove)         \
    X(POLLER_WATCH, poller_watch)           \
    X(POLLER_UNWATCH, poller_unwatch)       \
    X(POLLER_WAIT, poller_wait)             \
    X(LOCK_OPEN, lock_open)                 \
    X(RESOLVE, resolve)                     \
    X(RESOLVE_START, resolve_start)         \
    X(START_THREAD, start_thread)           \
    X(OFFER_THREAD, offer_thread)           \
    X(AWAIT_WORK, await_work)               \
    X(HOST_NAME, host_name)                 \
    X(HOST_BY_NAME, host_by_name)           \
    X(HOST_BY_ADDRESS, host_by_address)     \
    X(SERVICE_PORT, service_port)           \
    X(SERVICE_NAME, service_name)           \
    X(PROTOCOL, protocol)                   \
    X(HOST_SELF, host_self)                 \
    X(INTERFACE_INDEX, interface_index)     \
    X(INTERFACE_NAME, interface_name)       \
    X(INTERFACES, interfaces)

typedef enum fake_call {
    SYS_NOTHING,
#define FAKE_ROW(call, function) SYS_##call,
    FAKE_CALLS(FAKE_ROW)
#undef FAKE_ROW
} fake_call;

/* An argument that is 0 in a step may be anything. These stand for a 0 that matters. */
enum { FAKE_ZERO = INT_MIN, FAKE_BLOCKING = 1, FAKE_NONBLOCKING = 2, FAKE_OFF = 1, FAKE_ON = 2 };
#define FAKE_NO_BYTES SIZE_MAX
#define FAKE_AT_ONCE INT64_MIN
/* In the result of a wait for one handle: the other one, of a token, is readable. */
#define FAKE_WOKEN 0x10000
/* Of `on`: PS_INVALID_HANDLE. */
#define FAKE_NO_HANDLE (-1)

/* A family that only this system has; its addresses are compared by their bytes. */
#define FAKE_FAMILY 250

/* The levels of ancillary data with a datagram's info, whose type is its PS_INFO_*, and with the
 * size of one of several datagrams. */
enum { FAKE_INFO_LEVEL = 1001, FAKE_SIZE_LEVEL = 1002 };

#define MILLISECONDS(n) ((int64_t)(n)*1000000)
#define SECONDS(n) ((int64_t)(n)*1000000000)

/* An entry of a wait: the handle and the events that are expected, and what is there. Of a poller's
 * wait: a handle of the poller and what is there, the same before its last change (FAKE_STALE), or
 * what is none any more (FAKE_NONE). */
enum { FAKE_STALE = 1, FAKE_NONE = 2 };
typedef struct fake_entry {
    int on;
    int events;
    int ready;
} fake_entry;

/* A step of a script: a call, what is expected of its arguments, and its answer. */
typedef struct fake_step {
    fake_call call;
    const char *file;
    int line;
    int times; /* how often the step comes; 0: once */

    /* Expected. */
    int on;   /* which of the handles that were given out: 1, 2, ...; FAKE_NO_HANDLE */
    int mode; /* FAKE_BLOCKING, FAKE_NONBLOCKING; FAKE_ON, FAKE_OFF */
    int family;
    int type;
    int proto;
    size_t size;
    uint64_t offset; /* in a file */
    int flags;
    int events;
    int wake;                  /* as `on` */
    const fake_entry *entries; /* in their order; NULL: any, and none is ready */
    size_t entry_count;
    int64_t nanoseconds;
    int level;
    int name;
    int value;            /* an option's value, a backlog, a shutdown's direction, a port */
    unsigned long option; /* of an ioctl */
    const char *to;       /* an address, as ps_addr_format writes it */
    const char *text;     /* a host, a service, a protocol, an interface */
    const char *service_proto;

    /* The answer. */
    ptrdiff_t result;
    int64_t advance;      /* how far the clock moves during the call; may be negative */
    const char *data;     /* what is received; expected of what is sent, as far as it goes */
    const char *from;     /* an address, as ps_addr_parse reads it; NULL: "no address" */
    const void *bytes;    /* an option's value, */
    socklen_t bytes_size; /* and how much the system writes of it */
    bool on_now;          /* get_inheritable */
    int64_t limit;        /* the system's own timeout; 0: none */
    /* A port, a protocol, an index; how many interfaces; of a shared socket: its type. */
    int number;
    const char *output;           /* a name */
    const char *const *addresses; /* what a host or each interface has, ended by NULL */
    const char *canonname;
    const struct hostent *entry;
    bool later; /* a look-up apart ends when fake_end_lookup says so, not at once, */
    int code;   /* with this outcome */
    const ps_control *controls; /* ancillary data that comes with a message, */
    size_t control_count;       /* so many items, */
    size_t rights;              /* and an item with so many new handles behind them */
    int says;                   /* the flags that the system says of a message */
    ps_credentials credentials;
    void (*during)(void *context); /* what happens meanwhile, in another thread as it were */
    void *context;
} fake_step;

/* expect(SYS_SEND, .size = 100, .result = 40): adds a step to the script. */
#define expect(...) \
    fake_expect(&(const fake_step){.file = __FILE__, .line = __LINE__, .call = __VA_ARGS__})
void fake_expect(const fake_step *step);

/* The script is finished, every handle is closed, all memory given back. A test that ends
 * otherwise fails, too. */
#define fake_done() fake_check_done(__FILE__, __LINE__)
void fake_check_done(const char *file, int line);

/* What a test left undone, or NULL; and puts back what the functions below have set. */
const char *fake_after_test(void);

/* The n-th handle that was given out, from 1 on, and how many there were. */
ps_handle fake_handle(int n);
int fake_handles(void);

/* Ends the look-up apart that was started first of those that have not ended, or runs the
 * thread; also as `during` of a step. */
void fake_end_lookup(void *nothing);

/* The same for the n-th that was started, from 1 on, since the last fake_done. */
void fake_end_lookup_number(int n);

/* Whether the notifier that was opened as n-th handle has been notified. */
bool fake_is_notified(int n);

/* Another thread of this process begins to close a socket; also as `during` of a step. */
void fake_begin_closing(void *sock);

/* What fork does in the process that it makes, to what the library keeps for the whole process. */
void fake_fork(void);

/* The only file that ps_sendfile may be given. */
extern const ps_native_file
    fake_file; /* From now on sockets have owners, where the library is built with them. */
void fake_have_barrier(void);

/* The clock, in nanoseconds, and how often the library has asked for it. */
int64_t fake_clock(void);
void fake_set_clock(int64_t nanoseconds);
unsigned fake_clock_reads(void);

/* Lets the n-th allocation from now on fail, and only that one; 0: none. Whether it has come to
 * that. */
void fake_fail_allocation(unsigned n);
bool fake_allocation_failed(void);

/* Runs a function during the next allocation, as another thread would. */
void fake_during_allocation(void (*during)(void *context), void *context);

/* Releases what the library keeps until it is unloaded. */
void fake_unload(void);

/* What is on the heap now stays there as long as the process lives, as it is meant to. */
void fake_keep_memory(void);

/* Whether any socket may take a port of another one here, unless that is exclusive
 * (SYS_SET_EXCLUSIVE); it may not, until this says otherwise. */
void fake_set_stealing(bool on);

/* What this system can end in other threads: PS__WAKES_*, all of it until this says otherwise. */
void fake_set_reach(int reach);

/* Lets the next n tries of the library to change a number that others change, too, come to
 * nothing. */
void fake_contend(unsigned n);

/* Whether 0 is for certain the peer's end of a stream; it is, until this says otherwise. */
void fake_set_certain_end(bool on);

/* Whether this system can shut the receiving side down as POSIX does; it can, until this says
 * otherwise. */
void fake_set_shut_receiving(bool on);

/* Whether this system can send handles with a message; it can, until this says otherwise. */
void fake_set_rights(bool on);

/* A socket of the given kind, and one that is connected, made by a script of their own. */
void fake_socket(ps_sock *s, int family, int type);
void fake_connected(ps_sock *s, int family, int type);

/* Makes a cancel token, by a script of its own. */
ps_cancel *fake_token(void);

/* Sets a timeout, by a script of its own. */
void fake_timeout(ps_sock *s, double seconds);

/* A connected stream of AF_INET and its token, made by a script of their own: handles 1 and 2
 * where they are the first. */
ps_cancel *fake_with_token(ps_sock *s, double timeout);

/* Closes the last socket of a story, and ends it. */
void fake_end(ps_sock *s);

/* An address from its text form. */
ps_addr fake_address(const char *text);

#endif
