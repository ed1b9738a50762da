/*
 * Names and services: host names, service names, protocol names, interface names, and ps_create_connection.
 *
 * Lists are made on the heap and freed with the function that goes with them. Names are UTF-8; those with
 * letters outside ASCII go through the system's IDNA.
 */
#ifndef PORTSOCK_NAMES_H
#define PORTSOCK_NAMES_H

#include "address.h"
#include "cancel.h"
#include "platform.h"
#include "socket.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Room for every host text and service name, their NUL included. */
#define PS_HOST_MAX 1025
#define PS_SERVICE_MAX 32

/* One way to reach a service: the reference's 5-tuple. canonname is "" unless AI_CANONNAME asked for it (first entry only). */
typedef struct ps_addrinfo {
    int family;
    int type;
    int proto;
    const char *canonname;
    ps_addr addr;
    struct ps_addrinfo *next;
} ps_addrinfo;

/* A host's names and addresses: the reference's triple. The lists end in NULL; the addresses are text. */
typedef struct ps_hostent {
    const char *name;
    char **aliases;
    char **addresses;
} ps_hostent;

/*
 * Translates host and service into a list of ways to make a socket.
 *   host     a name, a literal, or NULL (or ""): loopback, with AI_PASSIVE every interface
 *   service  a name, a decimal number 0 to 65535, or NULL: port 0
 *   family, type, proto  narrow the list; 0 for any
 *   flags    AI_* constants; AI_NUMERICHOST and AI_NUMERICSERV look no name up
 *   list     the result, to be freed with ps_freeaddrinfo; NULL on failure
 * For each address there is an entry for each type that fits: SOCK_STREAM/IPPROTO_TCP, SOCK_DGRAM/IPPROTO_UDP,
 * SOCK_RAW. For no host IPv6 comes first.
 * Returns 0; PS_BAD_PORT, before any name is looked up; PS_BAD_ADDRESS for a host that is not UTF-8;
 * PS_EAI_NONAME (also when host and service are both NULL), PS_EAI_SERVICE, PS_EAI_SOCKTYPE, PS_EAI_FAMILY,
 * PS_EAI_BADFLAGS, PS_EAI_AGAIN, ...; PS_ENOMEM.
 * Normalizes: port 65536 that wraps to 0, Windows' lists without type and protocol, its reading of "" and
 * "[::1]", flags that it ignores. Source: the reference, getaddrinfo; RFC 3493.
 */
PS_API int ps_getaddrinfo(const char *host, const char *service, int family, int type, int proto, int flags,
                          ps_addrinfo **list);

/*
 * As ps_getaddrinfo, but no longer than `timeout`, also when the name server is silent.
 *   timeout  seconds for the look-up of host; PS_NO_TIMEOUT; PS_DEFAULT_TIMEOUT; with 0 no name is looked up
 *   token    ends the call when it is fired (cancel.h), or NULL
 * A look-up that is given up finishes alone, in memory of its own: on POSIX in a thread that the library starts for it, with
 * every signal blocked, on Windows in the system's own threads, which are told to end it. The thread is there only for names,
 * not for literals, and only with a timeout or a token. A service name is looked up in the system's database, which has no limit.
 * Returns as ps_getaddrinfo; PS_TIMED_OUT; PS_ECANCELED, also when the token was fired before; PS_BAD_TIMEOUT; PS_EINTR
 * (ps_set_interrupt); PS_EAI_AGAIN while 64 look-ups that were given up have not finished, or when there is no thread to be
 * had; PS_EMFILE, PS_ENFILE: it needs one or two handles. Source: none; the reference cannot end a look-up.
 */
PS_API int ps_getaddrinfo_within(const char *host, const char *service, int family, int type, int proto, int flags,
                                 double timeout, ps_cancel *token, ps_addrinfo **list);

/* Frees a list of ps_getaddrinfo; NULL is allowed. */
PS_API void ps_freeaddrinfo(ps_addrinfo *list);

/*
 * Translates an address into host and service.
 *   flags    NI_NUMERICHOST, NI_NUMERICSERV, NI_NAMEREQD, NI_NOFQDN, NI_DGRAM
 *   host, hostlen, service, servicelen  texts with their NUL; either pointer may be NULL
 * Without a name, or when the system cannot ask for one, the numeric text is given, unless NI_NAMEREQD says otherwise.
 * Returns 0; PS_EAI_NONAME; PS_EAI_OVERFLOW when a buffer is too small; PS_EAI_FAMILY for a family other
 * than inet and inet6; PS_EAI_BADFLAGS. On failure both texts are "". Source: the reference; RFC 3493.
 */
PS_API int ps_getnameinfo(const ps_addr *a, int flags, char *host, size_t hostlen, char *service, size_t servicelen);

/*
 * This machine's host name, not necessarily fully qualified.
 *   buf, n   the name and its NUL; PS_HOST_MAX bytes are always enough
 * Returns 0; PS_BAD_LENGTH when n is too small (buf is then "" if n is not 0).
 * Normalizes: Windows' NetBIOS names and code page. Source: the reference, gethostname.
 */
PS_API int ps_gethostname(char *buf, size_t n);

/*
 * The fully qualified name of a host: of the names that ps_gethostbyaddr knows the first with a dot; if there
 * is none, the host name; if the look-up fails, name as it is.
 *   name     NULL, "" or "0.0.0.0": this machine
 * Returns 0; PS_BAD_LENGTH when n is too small. Source: the reference, getfqdn.
 */
PS_API int ps_getfqdn(const char *name, char *buf, size_t n);

/*
 * The first IPv4 address of a host, as text.
 *   name     a name; a dotted quad is given back normalized; "" is "0.0.0.0", "<broadcast>" is "255.255.255.255"
 * Returns 0; PS_EAI_*; PS_BAD_ADDRESS for NULL or a name that is not UTF-8. text is "" on failure.
 * Source: the reference, gethostbyname.
 */
PS_API int ps_gethostbyname(const char *name, char text[16]);

/*
 * All names and IPv4 addresses of a host.
 *   h        the result, to be freed with ps_freehostent; NULL on failure
 * Returns 0; PS_EAI_* when the name cannot be resolved; then PS_HOST_NOT_FOUND, PS_TRY_AGAIN, PS_NO_RECOVERY,
 * PS_NO_DATA; PS_BAD_ADDRESS; PS_ENOMEM. Source: the reference, gethostbyname_ex.
 */
PS_API int ps_gethostbyname_ex(const char *name, ps_hostent **h);

/*
 * All names of the host that has an address, IPv4 or IPv6; a name is resolved first. "" stands for two addresses, and is
 * PS_BAD_ADDRESS.
 * Returns as ps_gethostbyname_ex. Source: the reference, gethostbyaddr.
 */
PS_API int ps_gethostbyaddr(const char *host, ps_hostent **h);

/* Frees a result of ps_gethostbyname_ex or ps_gethostbyaddr; NULL is allowed. */
PS_API void ps_freehostent(ps_hostent *h);

/*
 * The number of an Internet protocol by its name ("icmp"), for the third argument of ps_socket.
 * The system's database is asked first; the usual names are known without one.
 * Returns 0; PS_NO_PROTOCOL (*proto is then 0). Source: the reference, getprotobyname.
 */
PS_API int ps_getprotobyname(const char *name, int *proto);

/*
 * The port of a service by its name ("http").
 *   name, proto  as the databases spell them: "HTTP" and "TCP" are not found; proto is "tcp", "udp", or NULL for any
 * The system's database is asked first; the usual names are known without one.
 * Returns 0; PS_NO_SERVICE (*port is then 0). Source: the reference, getservbyname.
 */
PS_API int ps_getservbyname(const char *name, const char *proto, int *port);

/*
 * The name of the service at a port.
 *   port     0 to 65535
 *   buf, n   the name and its NUL; PS_SERVICE_MAX bytes are enough for the usual names
 * Returns 0; PS_BAD_PORT; PS_NO_SERVICE; PS_BAD_LENGTH when n is too small. Source: the reference, getservbyport.
 */
PS_API int ps_getservbyport(int port, const char *proto, char *buf, size_t n);

/*
 * Connects to a TCP service at whichever address of host answers first, by RFC 8305 (Happy Eyeballs): the addresses in the
 * resolver's order with the two families in turn, the next attempt a quarter of a second after the last one, or at once when
 * one fails; the first connection is taken, and the other attempts are given up.
 *   s        the connected socket, with the timeout given; closed on failure
 *   host     a name or literal, IPv4 or IPv6
 *   port     0 to 65535
 *   timeout  seconds, one deadline over the look-up (see ps_getaddrinfo_within) and all attempts; PS_NO_TIMEOUT;
 *            PS_DEFAULT_TIMEOUT for the process's default; 0 looks host up, starts the first connection and gives PS_EINPROGRESS
 *   source   the address to bind to first, or NULL; only addresses of its family are tried
 * Returns 0; PS_BAD_PORT and PS_BAD_TIMEOUT, before any name is looked up; PS_EAI_*, PS_EAI_ADDRFAMILY when source fits no
 * address; PS_TIMED_OUT when the deadline ended it. When all attempts failed, the error of the last address in the order
 * above; one that this machine gave by itself, for want of a way (PS_ENETUNREACH, PS_EADDRNOTAVAIL, PS_EAFNOSUPPORT), only
 * when there is no other. Nothing stays open on failure.
 * Source: the reference, create_connection (there one address after the other, and each attempt gets the whole timeout).
 */
PS_API int ps_create_connection(ps_sock *s, const char *host, int port, double timeout, const ps_addr *source);

/* One attempt of ps_create_connection_with. Times are seconds since the call began. */
typedef struct ps_connect_attempt {
    ps_addr address;
    double started;
    double ended;
    int code; /* 0: this one is connected; PS_ECANCELED: another one was; else why it ended */
} ps_connect_attempt;

/* What ps_create_connection_with may be told. Start from PS_CONNECT_OPTIONS_INIT. */
typedef struct ps_connect_options {
    double timeout;        /* as for ps_create_connection */
    const ps_addr *source; /* the same */
    ps_cancel *token;      /* ends the call when it is fired, or NULL; the socket does not get it */
    double
        attempt_delay; /* seconds between attempts; 0: the usual 0.25; PS_NO_TIMEOUT: one after the other has failed */
    ps_connect_attempt *attempts; /* where the attempts are recorded, in the order they started, or NULL */
    size_t attempts_room;         /* how many fit there */
    size_t *attempts_count;       /* becomes how many there were, also above attempts_room; or NULL */
} ps_connect_options;

#define PS_CONNECT_OPTIONS_INIT                          \
    {                                                    \
        PS_DEFAULT_TIMEOUT, NULL, NULL, 0, NULL, 0, NULL \
    }

/*
 * As ps_create_connection, and can be ended by a token, and tells which addresses it tried, when, and why each failed.
 *   options  NULL: PS_CONNECT_OPTIONS_INIT. The record is valid on success and on failure; it is empty when no
 *            address was found. Attempts that were under way when time was over, or the token fired, ended with that code
 * Returns as ps_create_connection; PS_ECANCELED; PS_BAD_TIMEOUT for attempt_delay, too. At most 64 attempts run at a time.
 */
PS_API int ps_create_connection_with(ps_sock *s, const char *host, int port, const ps_connect_options *options);

/* Whether IPv6 sockets can be made on this machine, now; the reference's has_ipv6 tells of its build only. */
PS_API bool ps_has_ipv6(void);

/* The number of an interface by its name. Returns 0; PS_BAD_SCOPE when there is none (*index is then 0). Source: RFC 3493. */
PS_API int ps_if_nametoindex(const char *name, unsigned *index);

/*
 * The name of an interface by its number; IF_NAMESIZE bytes are enough on POSIX, 257 on Windows.
 * Returns 0; PS_BAD_SCOPE when there is none; PS_BAD_LENGTH when n is too small. Source: RFC 3493.
 */
PS_API int ps_if_indextoname(unsigned index, char *name, size_t n);

#ifdef __cplusplus
}
#endif

#endif
