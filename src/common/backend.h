/*
 * The contract between the frontend (src/common) and a backend (src/posix, src/win32,
 * tests/fake).
 *
 * A backend has exactly the functions below, src/posix and src/win32 each in the file that the
 * heading names. CMake picks the directory. Which side repairs a difference between the systems:
 *
 *   What a number of the system means is the backend's. What needs the socket's state is the
 *   frontend's (socket/normalize.h, and option/table.c for options).
 *
 * The rules:
 *
 *   - A function is ONE step of the system, and returns what happened. It does not wait (except
 *     for ps__sys_wait and ps__sys_await_work, and for what the system itself waits for: a
 *     blocking socket, the resolver), does not retry (not even after a signal), and decides
 *     nothing: what is an error, how long to go on, and what is reported to the user is the
 *     frontend's.
 *   - It returns 0 or a count on success, and a negative code (error.h) on failure. The code
 *     comes from one of the three converters below, since a native number alone does not say of
 *     which kind it is.
 *   - Handles it makes are never inheritable, from the first moment on where the system can do
 *     that.
 *   - It starts what it needs by itself, once, safely from many threads (Winsock), and allocates
 *     nothing on the heap except where it says so.
 *   - A call never raises a signal (SIGPIPE), and does not change the process's settings.
 *   - An out-parameter is written on success only, unless it says otherwise.
 *
 * `h` is a handle that the frontend took from a ps_sock: it may be PS_INVALID_HANDLE, which
 * returns PS_EBADF, or no socket, which returns PS_ENOTSOCK.
 */
#ifndef PS_BACKEND_H
#define PS_BACKEND_H

#include "config.h"

#include "portsock.h"

/* ---- errors (error.c) ------------------------------------------------------------------------ */

/* The three converters: of errno or WSAGetLastError, of getaddrinfo and getnameinfo, of h_errno.
 * `native` is a failure's number. A number without a portable name is kept by ps__code_unknown.
 * EAI_SYSTEM is never passed. */
int ps__from_os(int native);
int ps__from_resolver(int native);
int ps__from_host(int native);

/* The opposite: the native number of a named code of the kinds OS, GAI and HOST, or 0 when there
 * is none. */
int ps__to_native(int code);

/* As ps__to_native, for what a program calls connect's number: WSAEWOULDBLOCK for PS_EINPROGRESS
 * on Windows. */
int ps__to_native_connect(int code);

/* What precedes a native number of a kind in a text: "errno", "WSA", "EAI", ... */
const char *ps__sys_number_label(ps_kind kind, int native);

/* ---- handles (handle.c) ---------------------------------------------------------------------- */

/* A backend may define the next two in its handle.h, to be inlined. */
#ifdef PS__INLINE_HANDLE
#include PS__INLINE_HANDLE
#else

/* Makes a socket, non-blocking if asked so. Its IPV6_V6ONLY is off, whatever the system's
 * default; a datagram socket does not report that an earlier datagram found a port closed. */
int ps__sys_socket(int family, int type, int proto, bool nonblocking, ps_handle *h);

/* Closes a handle. It is gone afterwards whatever the system says, so nothing is returned. Never
 * called twice. */
void ps__sys_close(ps_handle h);

#endif

/* Makes two sockets connected to each other; PS_EOPNOTSUPP or PS_EAFNOSUPPORT when the system
 * cannot pair the family, and the frontend pairs inet and inet6 itself. */
int ps__sys_socketpair(int family, int type, int proto, bool nonblocking, ps_handle h[2]);

/* Makes a duplicate of a handle, which shares everything but its inheritance. */
int ps__sys_duplicate(ps_handle h, ps_handle *copy);

/* What a socket is, as the system knows it. `proto` is 0 where the system does not report it. */
int ps__sys_describe(ps_handle h, int *family, int *type, int *proto);

int ps__sys_set_nonblocking(ps_handle h, bool on);
int ps__sys_set_inheritable(ps_handle h, bool on);
int ps__sys_get_inheritable(ps_handle h, bool *on);

/* Sets whether a datagram socket reports that an earlier datagram found a port closed, where that
 * can be chosen. POSIX: the connected ones do, the others do not. */
void ps__sys_report_refusals(ps_handle h, bool on);

/* ---- who may have a port (port.c) ------------------------------------------------------------ */

/* Sets whether the port is the handle's alone, whatever options another socket has; called before
 * ps__sys_bind. PS_EOPNOTSUPP where that is always so. */
int ps__sys_set_exclusive(ps_handle h, bool on);

/* Whether a TCP socket of any program listens at the address's port, at the same host or where
 * one of the two hosts is the wildcard: 1, 0, or a code when the system's list cannot be read.
 * `dual`: whether :: is the wildcard of IPv4, too, as an address and as a listener's. The list does
 * not report which listeners at :: are for IPv6 only. Called only where ps__sys_set_exclusive
 * works. Uses the heap. */
int ps__sys_has_listener(const ps_addr *a, bool dual);

/* ---- addresses and connections of a handle (connection.c) ------------------------------------ */

/* PS_EADDRINUSE; PS_EACCES also for a port that another socket has exclusively (Winsock). */
int ps__sys_bind(ps_handle h, const ps_addr *a);

int ps__sys_listen(ps_handle h, int backlog);

/* How an attempt to connect that was in progress has ended: 0 or its error. Called after
 * ps__sys_wait reported PS__FAILED, or after a transfer reported that the connection was reset. A
 * system may report the error only once. After that POSIX returns 0, which therefore does not
 * always mean that there is a connection. Windows returns PS_ENOTCONN when the handle has no error
 * and is not writable: an error may follow in a moment. */
int ps__sys_connect_result(ps_handle h);

int ps__sys_shutdown(ps_handle h, int how);

/* Whether the system cannot shut the receiving side down as POSIX does (Winsock): it resets a
 * stream's connection when data is unread or comes later, and does not end a receive that waits. If
 * so, SHUT_RD of a stream never reaches ps__sys_shutdown: a flag of the frontend ends later
 * receives, and ps__sys_wake_waits ends those that wait. */
bool ps__sys_cannot_shut_receiving(void);

/* Ends what other threads do with a handle that is about to be closed; called again and again
 * until they are gone, since one may be on its way into the system. What the ended calls return,
 * and what becomes of the connection, does not matter. ps__sys_wake_reach returns which calls it
 * ends on sockets of a family and type: */
void ps__sys_wake(ps_handle h);
#define PS__WAKES_CALLS 1   /* calls that block in the system, except connect */
#define PS__WAKES_CONNECT 2 /* a blocking connect, or that ends by itself within seconds */
#define PS__WAKES_WAITS 4   /* ps__sys_wait, which ps__sys_wake_waits ends, too */

/* Ends ps__sys_wait in other threads on a handle that stays open, with 0 or PS_EINTR, but no call
 * that blocks in the system. Where ps__sys_cannot_shut_receiving, ps_shutdown calls it again and
 * again, as ps_close does ps__sys_wake. Without ps__sys_end_is_certain it is called once for each
 * failure that is found, so that other threads look at the connection again. */
void ps__sys_wake_waits(ps_handle h);

/* A backend may define the next four in its connection.h, to be inlined: they are most of what a
 * connection costs. */
#ifdef PS__INLINE_CONNECTION
#include PS__INLINE_CONNECTION
#else

int ps__sys_wake_reach(int family, int type);

/* Accepts one connection, non-blocking if asked so whatever the listener is. `peer` may be NULL;
 * it becomes "no address" when the system does not report one. PS_ECONNABORTED: a connection was
 * queued and is gone. */
int ps__sys_accept(ps_handle h, bool nonblocking, ps_handle *connection, ps_addr *peer);

/* Starts to connect. 0.0.0.0 and :: are this machine; a sockaddr of AF_UNSPEC, all zeros,
 * disconnects a datagram socket. A stream to this machine is refused at once where the system can
 * do that. 0: connected. PS_EINPROGRESS: in progress, wait for PS__CONNECTED. PS_EALREADY: was in
 * progress before. PS_EWOULDBLOCK: cannot start now, and no attempt is in progress (AF_UNIX, full
 * backlog). */
int ps__sys_connect(ps_handle h, const ps_addr *a);

/* Whether an attempt of a stream that has just begun has succeeded already. Looks, and does not
 * wait; false where the system cannot tell that by a look. */
bool ps__sys_is_connected_at_once(ps_handle h);

#endif

/* As ps__sys_is_connected_at_once, also of an attempt that was not in progress; and whether it has
 * certainly reached another socket than this one. */
bool ps__sys_has_reached_another(ps_handle h);

/* PS_EINVAL: not bound (Winsock). */
int ps__sys_getsockname(ps_handle h, ps_addr *a);
int ps__sys_getpeername(ps_handle h, ps_addr *a);

/* ---- transfers (transfer.c) ------------------------------------------------------------------ */

/* The most bytes that the frontend asks for in one transfer: every system can count them. */
#define PS__TRANSFER_MAX 0x7ffff000

/* Whether 0 from a receive is always the peer's end of a stream. If not (Wine), a connection that
 * was reset may look the same; then it no longer has a peer's name, and shutting it down may
 * succeed. If another thread's call learns of such a reset, a wait for space in the send buffer
 * that is in progress does not end by itself, but a new one does (ps__sys_wake_waits). */
bool ps__sys_end_is_certain(void);

/* A backend may define the next four in its transfer.h, to be inlined in the fast path of a
 * call. */
#ifdef PS__INLINE_TRANSFER
#include PS__INLINE_TRANSFER
#else

/* One receive of at most `size` bytes: up to PS__TRANSFER_MAX, and above 0 on a stream.
 * MSG_WAITALL only on a blocking handle. A datagram longer than the buffer is cut, not an error;
 * the end of a stream and one's own SHUT_RD are 0. */
ptrdiff_t ps__sys_recv(ps_handle h, void *buffer, size_t size, int flags);

/* As ps__sys_recv. `from` becomes "no address" when the system does not report one. */
ptrdiff_t ps__sys_recvfrom(ps_handle h, void *buffer, size_t size, int flags, ps_addr *from);

/* One send of at most `size` bytes, up to PS__TRANSFER_MAX; a stream may take less, also because
 * the system's own largest number is less. The sending side being shut is PS_EPIPE. 0.0.0.0 and ::
 * are this machine. */
ptrdiff_t ps__sys_send(ps_handle h, const void *buffer, size_t size, int flags);
ptrdiff_t ps__sys_sendto(ps_handle h, const void *buffer, size_t size, int flags,
                         const ps_addr *to);

#endif

/* ---- files (sendfile.c) ---------------------------------------------------------------------- */

/* One transfer of at most `size` bytes, from 1 to PS__TRANSFER_MAX, of a file to a stream, from
 * `offset` on. `may_block`: nothing but ps__sys_wake is to end it. 0: the file ends there.
 * PS_EOPNOTSUPP: the system does not send this file to this socket in this way. Then
 * ps__sys_read_file and ps__sys_send do, and say what is wrong with either. */
ptrdiff_t ps__sys_sendfile(ps_handle h, ps_native_file file, uint64_t offset, size_t size,
                           bool may_block);

/* One read of at most `size` bytes. 0: the file ends there. PS_EBADF also for a file that is not
 * open for reading; PS_EISDIR, PS_ESPIPE. */
ptrdiff_t ps__sys_read_file(ps_native_file file, uint64_t offset, void *buffer, size_t size);

/* ---- messages, credentials, handles for other processes (message.c) -------------------------- */

/* One message. `control` is ancillary data in the system's own form, aligned for its header; for a
 * receive `control_size` is the capacity, then the size of what came, and `flags` becomes the
 * flags that the system reports for the message. */
typedef struct ps__message {
    const ps_buffer *buffers;
    size_t count; /* at most PS_BUFFERS_MAX */
    void *control;
    size_t control_size;
    int flags;
    const ps_addr *to;
    ps_addr *from;
} ps__message;

/* As ps__sys_sendto, or as ps__sys_send where `to` is NULL. */
ptrdiff_t ps__sys_sendmsg(ps_handle h, const ps__message *message);

/* As ps__sys_recv; a longer datagram is cut and MSG_TRUNC set. Descriptors that come are closed
 * on exec. */
ptrdiff_t ps__sys_recvmsg(ps_handle h, ps__message *message);

/* The header of an item of `size` bytes of data, written at `at`; and the one there, whose
 * length with the header is returned. The memory need not be aligned. */
void ps__sys_control_put(void *at, int level, int type, size_t size);
size_t ps__sys_control_get(const void *at, int *level, int *type);

/* The length of an item with its header, and with the padding behind it, too. The data begin at
 * the length of none. */
size_t ps__sys_control_length(size_t size);
size_t ps__sys_control_space(size_t size);

/* Whether an item carries descriptors, and the level and type of one that does; false where
 * there is no such thing. */
bool ps__sys_control_rights(int *level, int *type);

int ps__sys_peer_credentials(ps_handle h, ps_credentials *credentials);

/* PS_EOPNOTSUPP where there is none. `size` is the capacity, PS_BAD_LENGTH when it is too small,
 * then what was written. */
int ps__sys_share(ps_handle h, unsigned long pid, void *blob, size_t *size);
int ps__sys_from_share(const void *blob, size_t size, ps_handle *h, int *family, int *type,
                       int *proto);

/* ---- batches of datagrams (batch.c) ---------------------------------------------------------- */

/* Sends messages of a datagram socket, in their order, all with the flags of the first. Returns how
 * many went, or why the first did not; PS_EOPNOTSUPP where no call takes several, or none may. */
ptrdiff_t ps__sys_sendmany(ps_handle h, const ps__message *messages, size_t count);

/* As ps__sys_recvmsg for the first, with its flags; the others without a wait. Returns how many
 * came, with the bytes of each in `sizes`; PS_EOPNOTSUPP as above. */
ptrdiff_t ps__sys_recvmany(ps_handle h, ps__message *messages, size_t count, ptrdiff_t *sizes);

/* Whether the system cuts what is sent with an item of ancillary data that states the size into
 * datagrams of that size, the last of which may be shorter. */
bool ps__sys_can_segment(ps_handle h);

/* The data of such an item, or of one of ps__sys_info_item. */
typedef struct ps__control_data {
    _Alignas(8) unsigned char bytes[32];
} ps__control_data;

/* Makes the item. Called only where ps__sys_can_segment. */
void ps__sys_segment_item(size_t size, ps__control_data *data, ps_control *item);

/* Lets the system receive datagrams of equal size together, the last of which may be shorter, with
 * an item of ancillary data that states the size. PS_EOPNOTSUPP where it cannot. */
int ps__sys_coalesce(ps_handle h);

/* The size that such an item states; 0 of every other item. */
size_t ps__sys_coalesced_size(const ps_control *item);

/* ---- what comes with a datagram (datagram_info.c) -------------------------------------------- */

/* Sets whether ancillary data with one field (PS_INFO_*) comes with each datagram.
 * PS_INFO_DESTINATION is the interface, too, where the system has both in one. */
int ps__sys_report_info(ps_handle h, int family, unsigned field, bool on);

/* Reads one item of ancillary data into *info, and sets its bits in `fields`. */
void ps__sys_read_info(const ps_control *item, ps_receive_info *info);

/* Makes the item that sets a field of a datagram that goes to info->sender, or to an address of
 * the family. PS_INFO_DESTINATION: source and interface, of which one may be blank. False where
 * the system has no such item. */
bool ps__sys_info_item(int family, unsigned field, const ps_receive_info *info,
                       ps__control_data *data, ps_control *item);

/* ---- options (option.c) ---------------------------------------------------------------------- */

/* `size` is the capacity of `value`, then what the system wrote. */
int ps__sys_getsockopt(ps_handle h, int level, int name, void *value, socklen_t *size);
int ps__sys_setsockopt(ps_handle h, int level, int name, const void *value, socklen_t size);

/* The interface of IP_MULTICAST_IF, IP_ADD_MEMBERSHIP or IP_DROP_MEMBERSHIP, by its index or, if
 * that is 0, by an address. */
typedef struct ps__multicast_request {
    unsigned char group[4]; /* not of IP_MULTICAST_IF */
    unsigned char address[4];
    unsigned index;
} ps__multicast_request;

int ps__sys_multicast(ps_handle h, int name, const ps__multicast_request *request);

/* ---- controls (ioctl.c) ---------------------------------------------------------------------- */

/* WSAIoctl with one DWORD. PS_EOPNOTSUPP where there is none; PS_BAD_CONTROL for a control it
 * does not know. */
int ps__sys_ioctl(ps_handle h, unsigned long control, unsigned long option);

/* Keep-alive on or off, with idle time and interval in milliseconds. */
int ps__sys_keepalive(ps_handle h, bool on, unsigned time_ms, unsigned interval_ms);

/* ---- waiting (wait.c) ------------------------------------------------------------------------ */

/* Where poll has the same, these are the numbers that most systems use. */
#define PS__READABLE 1 /* a receive or accept would not block, or would fail */
#define PS__URGENT 2   /* urgent data has come */
#define PS__WRITABLE 4 /* a send would not block, or would fail */
/* Asked for: whether a connection that is being made has failed. An answer: the system has an error
 * for the handle, asked for or not; with PS__CONNECTED: ps__sys_connect_result must be asked. */
#define PS__FAILED 8
#define PS__HUNG_UP 16   /* an answer only: there is no connection any more, or none yet */
#define PS__INVALID 32   /* an answer only: the handle is no open socket */
#define PS__CONNECTED 64 /* an attempt to connect has succeeded or failed */
#define PS__NOTIFIED 128 /* only of a notifier, and its only event: it has been notified */
#define PS__FOREVER INT64_MAX

/* Small, since ps_poll has one for each socket. */
typedef struct ps__wait_entry {
    ps_handle handle;
    short events;
    short ready;
    const ps_sock *sock; /* the frontend's: whose closing ends the wait; NULL: no socket's */
    ps_cancel *token; /* the frontend's, too: whose notifier this is, or the token of the socket */
} ps__wait_entry;

/* Waits once for the events of any of the entries, at most `nanoseconds` (PS__FOREVER: no
 * limit), rounded up to what the system can count. Entries with PS_INVALID_HANDLE are
 * ignored, and without any other it sleeps. Returns how many entries have something `ready`, which
 * it writes for each; 0 when the time is over or ps__sys_wake ended the wait (it may be early: the
 * frontend reads the clock); PS_EINTR when a signal came; PS_EMFILE for more entries than the
 * process may have handles. Uses the heap for more than a hundred entries. */
int ps__sys_wait(ps__wait_entry *entries, size_t count, int64_t nanoseconds);

/* The time after which the system itself ends a blocking call on `h`, in nanoseconds:
 * SO_RCVTIMEO where `events` is PS__READABLE, SO_SNDTIMEO else; PS__FOREVER: none. Above 0, or a
 * code; setting rounds up to what the system can count. */
int64_t ps__sys_so_timeout(ps_handle h, int events);
int ps__sys_set_so_timeout(ps_handle h, int events, int64_t nanoseconds);

/* Whether a handle that has just returned "would block" is in blocking mode, so that its own time
 * was over. Winsock never does: it reports WSAETIMEDOUT then. */
bool ps__sys_blocks(ps_handle h);

/* ---- waking a wait (notifier.c) -------------------------------------------------------------- */

/* With a notifier one thread wakes others that wait in ps__sys_wait: an entry with wait_handle is
 * PS__NOTIFIED after ps__sys_notify, until the notifier is cleared. The handle is for that only.
 * The two handles may be one. */
typedef struct ps__notifier {
    ps_handle wait_handle;
    ps_handle notify_handle;
    struct ps__notifier *next, **link; /* the backend's, as the next */
    long notified;
    bool outlives_fork;
} ps__notifier;

/* A notifier belongs to one process. A process that fork makes gets its own in place of it,
 * which is notified if this one was; or none (PS_INVALID_HANDLE) where it does not outlive the
 * fork, since it is for a call in flight. *notifier MUST stay where it is. */
int ps__sys_notifier_open(ps__notifier *notifier, bool outlives_fork);

/* Opens a notifier in a process that fork has made without handles for it, and notifies it, since
 * it may have been notified before. 0 also if it is open. Other threads may notify it meanwhile. */
int ps__sys_notifier_renew(ps__notifier *notifier);

/* Never blocks and never fails; may be called in a signal handler, where the system has them,
 * and leaves errno alone. */
void ps__sys_notify(const ps__notifier *notifier);
void ps__sys_notifier_clear(const ps__notifier *notifier);
void ps__sys_notifier_close(ps__notifier *notifier);

/* ---- pollers (poller.c) ---------------------------------------------------------------------- */

/* An object of the system that keeps the sockets to wait for between waits. Uses the heap.
 * PS_EOPNOTSUPP: there is none here, and the frontend waits by ps__sys_wait. */
typedef struct ps__sys_poller ps__sys_poller;
int ps__sys_poller_open(ps__sys_poller **poller);

/* No thread waits. Of a poller that fork has copied only the copy ends. */
void ps__sys_poller_close(ps__sys_poller *poller);

/* From now on, whenever a socket is ready for `events`, a wait finds that, with this key. The low
 * half of the key stays a socket's as long as it is in the poller. The frontend calls this and the
 * next two with a lock, one at a time, also while other threads wait. PS_EOPNOTSUPP: the system
 * has no such `how`, or cannot wait for such a socket here. */
int ps__sys_poller_set(ps__sys_poller *poller, uint64_t key, ps_handle h, int events, int how);
#define PS__POLLER_NEW 1  /* of `how`: the socket is not in the poller yet */
#define PS__POLLER_ONCE 2 /* is found once, until it is set again */
#define PS__POLLER_EDGE 4 /* is found when something has come, not as long as something is there */

/* No wait that begins from now on finds the socket; one in progress may. */
void ps__sys_poller_remove(ps__sys_poller *poller, uint64_t key, ps_handle h);

/* What a wait has found. Its layout is that of Linux, so that nothing is copied. */
typedef struct ps__poller_event {
    uint32_t ready; /* as ps__wait_entry has it */
    uint64_t key;
} PS__POLLER_EVENT_LAYOUT ps__poller_event;

/* The key of a notifier that ps__sys_poller_watch has added. */
#define PS__POLLER_NOTIFIED UINT64_MAX

/* From now on a wait, in one of the threads, ends when the notifier is notified, and not again
 * while it remains so. */
int ps__sys_poller_watch(ps__sys_poller *poller, const ps__notifier *notifier);
void ps__sys_poller_unwatch(ps__sys_poller *poller, const ps__notifier *notifier);

/* Waits once, in any number of threads, as ps__sys_wait does. Returns how many events there are, 0
 * or more; PS_EINTR; PS_ECANCELED: `token` is notified, which may be NULL. */
int ps__sys_poller_wait(ps__sys_poller *poller, ps__poller_event *events, size_t count,
                        int64_t nanoseconds, const ps__notifier *token);

/* Completes an event that a wait has found, with the lock of ps__sys_poller_set. False: it is none
 * any more. PS__SPENT is `ready` where the system reports once only: the socket must be set again,
 * after the program has used it. */
bool ps__sys_poller_take(ps__sys_poller *poller, ps__poller_event *event);
#define PS__SPENT 256

/* ---- locks (lock.c) -------------------------------------------------------------------------- */

/* A lock of this process's threads. A fork waits until no thread has any, so that a child finds
 * what they protect whole, and none of them locked. NULL is a lock that is always there; a thread
 * that takes two takes it first. Uses the heap. */
typedef struct ps__lock ps__lock;
int ps__sys_lock_open(ps__lock **lock);
void ps__sys_lock_close(ps__lock *lock);
void ps__sys_lock(ps__lock *lock);
void ps__sys_unlock(ps__lock *lock);

/* ---- time (clock.c) -------------------------------------------------------------------------- */

/* A clock in nanoseconds that never jumps. */
int64_t ps__sys_clock(void);

/* ---- threads (thread.c) ---------------------------------------------------------------------- */

/* Runs `work` in a thread of its own, which is not joined and which no signal interrupts.
 * PS_EAGAIN when there is no thread to be had, for whatever reason. May use the heap. */
int ps__sys_start_thread(void (*work)(void *context), void *context);

/* One thread of the library's that has no work waits for more, so that the next work need not start
 * another. The calling thread, one of the library's, offers itself: from now on it may be given
 * work, and ps__sys_await_work MUST follow soon. false: another thread has offered itself, or this
 * is not possible. A process that fork makes has no such thread. */
bool ps__sys_offer_thread(void);

/* Waits until the thread that has offered itself is given work, for about so long. Returns the
 * work; NULL: none, and it is not offered any more. */
void *ps__sys_await_work(int64_t nanoseconds);

/* Hands work, which is not NULL, to the thread that has offered itself. false: there is none. */
bool ps__sys_give_work(void *work);

/* From now on the library's code is not unmapped, whatever the program unloads: a thread of its
 * own is about to run. */
void ps__sys_stay_mapped(void);

/* ---- unloading (unload.c) -------------------------------------------------------------------- */

/* Calls `release` when the library's code is unmapped while the process goes on; when the process
 * ends it may be called, too, on POSIX. For a few functions, each once. */
void ps__sys_at_unload(void (*release)(void));

/* ---- a memory barrier in all threads (barrier.c) --------------------------------------------- */

/* Whether there is one. Not where ps__sys_cannot_shut_receiving: a ps_sock has one place for what
 * either needs. Leaves errno alone. */
bool ps__sys_has_barrier(void);

/* Each thread of the process has passed a full memory barrier when this returns 0. Where the
 * process has several threads the first takes milliseconds. A sandbox may forbid it, also after
 * ps__sys_has_barrier. */
int ps__sys_barrier(void);

/* ---- processes (fork.c) ---------------------------------------------------------------------- */

/* From now on each process that is made by fork calls `child`, which does only what a signal
 * handler may, before fork returns in it. */
int ps__sys_at_fork(void (*child)(void));

/* ---- hosts (resolve.c) ----------------------------------------------------------------------- */

/* Hands the frontend one address (port 0) of a name, in the system's order. Returns 0 to go on,
 * or a code to stop. */
typedef int (*ps__address_sink)(void *context, const ps_addr *a, const char *canonname);

/* Looks a host name up, once and blocking, in the system's ways. `host` is not NULL, not empty,
 * and not a literal; valid UTF-8, so that the system's IDNA can encode it. `flags` are the
 * caller's AI_* without AI_PASSIVE, AI_NUMERICHOST and AI_NUMERICSERV; or AI_NUMERICHOST alone,
 * which asks whether IDNA makes an address of the host, and looks nothing up. An address may be
 * reported more than once; `canonname` with the first, if asked for. Uses the heap. */
int ps__sys_resolve(const char *host, int family, int flags, ps__address_sink sink, void *context);

/* The end of a lookup in the background: what ps__sys_resolve would have returned. */
typedef void (*ps__resolve_end)(void *context, int code);

/* Starts to look a host name up as ps__sys_resolve does, and does not wait for it: in some
 * thread of the system's, or in this one before it returns, `sink` gets the addresses and then
 * `end` the outcome, once and last. `host` and `context` must stay until then. On failure
 * neither is called; PS_EAGAIN when there is no thread to be had. `resolving` is for
 * ps__sys_resolve_leave, which must follow success. Uses the heap. */
int ps__sys_resolve_start(const char *host, int family, int flags, ps__address_sink sink,
                          ps__resolve_end end, void *context, void **resolving);

/* The caller's last use of a lookup, which may have ended. If not, the system may end it early;
 * `end` is called all the same, perhaps before this returns. */
void ps__sys_resolve_leave(void *resolving);

/* The name of an inet or inet6 address; PS_EAI_NONAME when it has none. `flags`: NI_NOFQDN and
 * the system's own. */
int ps__sys_host_name(const ps_addr *a, int flags, char *host, size_t size);

/* PS_BAD_LENGTH for a small buffer. */
int ps__sys_host_self(char *name, size_t size);

/* ---- the databases of hosts, services and protocols (netdb.c) -------------------------------- */

/* The system's host entry of a name, or of an address. Valid until ps__sys_host_release, which
 * must follow success, in the same thread. Uses the heap. */
typedef struct ps__host_entry {
    const struct hostent *entry;
    void *memory;
} ps__host_entry;
int ps__sys_host_by_name(const char *name, int family, ps__host_entry *e);
int ps__sys_host_by_address(const ps_addr *a, ps__host_entry *e);
void ps__sys_host_release(ps__host_entry *e);

/* The system's databases. `proto` may be NULL. PS_NO_SERVICE, PS_NO_PROTOCOL; PS_BAD_LENGTH for
 * a small buffer. */
int ps__sys_service_port(const char *name, const char *proto, int *port);
int ps__sys_service_name(int port, const char *proto, char *name, size_t size);
int ps__sys_protocol(const char *name, int *proto);

/* ---- names of interfaces (interface_name.c) -------------------------------------------------- */

/* PS_BAD_SCOPE for no such interface; PS_BAD_LENGTH for a small buffer. */
int ps__sys_interface_index(const char *name, unsigned *index);
int ps__sys_interface_name(unsigned index, char *name, size_t size);

/* ---- interfaces (interface.c) ---------------------------------------------------------------- */

/* Takes interfaces: `begin` an interface without its addresses, `address` each address of the
 * one before. What is passed to them is valid during the call. They return 0 to go on, or a code
 * to stop. */
typedef struct ps__interface_sink {
    int (*begin)(void *context, const ps_interface *i);
    int (*address)(void *context, const ps_addr *a, unsigned prefix_length);
    void *context;
} ps__interface_sink;

/* Hands over every interface once, in any order. One that goes meanwhile is left out, with its
 * addresses. */
int ps__sys_interfaces(const ps__interface_sink *sink);

#endif
