/*
 * Names and services: host names, service names, protocol names, interface names, and ps_create_connection.
 *
 * Lists are on the heap; each kind has a function that frees it. Names are UTF-8; those with letters outside ASCII are encoded
 * by the system's IDNA.
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

/* One way to reach a service: the reference's 5-tuple. canonname is set in the first entry if AI_CANONNAME is given, else "". */
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
 *   host     a name, a literal (see ps_addr_inet for what is none), or NULL (or ""): loopback, or with AI_PASSIVE every interface
 *   service  a name, a decimal number 0 to 65535, or NULL: port 0
 *   family, type, proto  narrow the list; 0 for any
 *   flags    AI_* constants; with AI_NUMERICHOST and AI_NUMERICSERV no name is looked up
 *   list     the result, to be freed with ps_freeaddrinfo; NULL on failure
 * For each address there is an entry for each type that fits: SOCK_STREAM/IPPROTO_TCP, SOCK_DGRAM/IPPROTO_UDP,
 * SOCK_RAW. Without a host IPv6 comes first.
 * Returns 0; PS_BAD_PORT, before any name is looked up; PS_BAD_ADDRESS for a host that is not UTF-8;
 * PS_EAI_NONAME (also when host and service are both NULL), PS_EAI_SERVICE, PS_EAI_SOCKTYPE, PS_EAI_FAMILY,
 * PS_EAI_BADFLAGS, PS_EAI_AGAIN, ...; PS_ENOMEM.
 * Normalizes: port 65536, which wraps to 0; on Windows, lists without type and protocol, the meaning of "" and "[::1]", and
 * flags that are ignored; a name without addresses, which is PS_EAI_NONAME; "localhost" where the system does not know it, and
 * names below it ("name.localhost"), which have the addresses of loopback and are not asked for; the sharp s and the other
 * characters that IDNA 2003 and 2008 encode differently, which are encoded as in 2003. Source: the reference, getaddrinfo; RFC 3493.
 */
PS_API int ps_getaddrinfo(const char *host, const char *service, int family, int type, int proto, int flags,
                          ps_addrinfo **list);

/*
 * As ps_getaddrinfo, but returns when `timeout` is over, also when the name server does not answer.
 *   timeout  seconds for the look-up of host; PS_NO_TIMEOUT; PS_DEFAULT_TIMEOUT; 0: no name is looked up
 *   token    a token that ends the call when it is fired (cancel.h), or NULL
 * A look-up that the call has abandoned finishes in the background, in memory of its own: on POSIX in a thread that the library starts
 * for it, with every signal blocked; on Windows in the system's own threads, which are told to stop. On POSIX a thread is started only
 * for a name, not for a literal, and only with a timeout or a token. From the first such look-up on the library's code stays mapped,
 * so a plug-in with the library in it may be unloaded meanwhile. A service name is looked up in the system's database, without
 * a limit of time.
 * With a name server that drops one of the two kinds of question (usually AAAA), on POSIX each such look-up of both families lasts as
 * long as the resolver's own patience, 15 seconds with glibc's defaults, or until the timeout: the C library remembers such servers for
 * one thread only, and each look-up is made in a new one. ps_create_connection asks for the families apart, too, and begins with what
 * is there.
 * Returns as ps_getaddrinfo; PS_TIMED_OUT; PS_ECANCELED, also when the token was fired before; PS_BAD_TIMEOUT; PS_EINTR
 * (ps_set_interrupt); PS_EAI_AGAIN while 64 abandoned look-ups of this process have not finished, or when no thread can be started,
 * be it for want of memory, a limit, or a sandbox; PS_EMFILE, PS_ENFILE: it needs one or two handles.
 * Source: none; the reference cannot end a look-up.
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
 * As ps_getnameinfo, ps_getfqdn, ps_gethostbyname, ps_gethostbyname_ex, ps_gethostbyaddr, ps_addr_inet and ps_addr_inet6, but they
 * return when `timeout` is over, also when the name server does not answer.
 *   timeout  seconds for all look-ups of the call; PS_NO_TIMEOUT; PS_DEFAULT_TIMEOUT; 0: nothing is looked up
 *   token    a token that ends the call when it is fired (cancel.h), or NULL
 * What the call has abandoned finishes in the background, as with ps_getaddrinfo_within: the name of an address in a thread that the
 * library starts, on Windows, too, where the system cannot be told to stop. A literal, NI_NUMERICHOST and a service take no time.
 * Return as these; PS_TIMED_OUT; PS_ECANCELED, also when the token was fired before; PS_BAD_TIMEOUT; PS_EINTR (ps_set_interrupt);
 * PS_EAI_AGAIN while 64 abandoned look-ups of this process have not finished, or when no thread can be started
 * (ps_getnameinfo_within gives the numeric text then, and ps_getfqdn_within the name as it is); PS_EMFILE, PS_ENFILE; PS_ENOMEM.
 * On failure nothing is left in the results. Source: none; the reference cannot end a look-up.
 */
PS_API int ps_getnameinfo_within(const ps_addr *a, int flags, double timeout, ps_cancel *token, char *host,
                                 size_t hostlen, char *service, size_t servicelen);
PS_API int ps_getfqdn_within(const char *name, double timeout, ps_cancel *token, char *buf, size_t n);
PS_API int ps_gethostbyname_within(const char *name, double timeout, ps_cancel *token, char text[16]);
PS_API int ps_gethostbyname_ex_within(const char *name, double timeout, ps_cancel *token, ps_hostent **h);
PS_API int ps_gethostbyaddr_within(const char *host, double timeout, ps_cancel *token, ps_hostent **h);
PS_API int ps_addr_inet_within(ps_addr *a, const char *host, int port, double timeout, ps_cancel *token);
PS_API int ps_addr_inet6_within(ps_addr *a, const char *host, int port, unsigned flowinfo, unsigned scopeid,
                                double timeout, ps_cancel *token);

/*
 * Gives this machine's host name, not necessarily fully qualified.
 *   buf, n   the name and its NUL; PS_HOST_MAX bytes are always enough
 * Returns 0; PS_BAD_LENGTH when n is too small (buf is then "" if n is not 0).
 * Normalizes: Windows' NetBIOS names and code page. Source: the reference, gethostname.
 */
PS_API int ps_gethostname(char *buf, size_t n);

/*
 * Gives the fully qualified name of a host: the first name with a dot that ps_gethostbyaddr finds for it; if there
 * is none, the host name; if the look-up fails, `name` as it is.
 *   name     NULL, "" or "0.0.0.0": this machine; white space around it is ignored
 *   buf, n   the result and its NUL
 * Returns 0; PS_BAD_LENGTH when n is too small; PS_ENOMEM, PS_EMFILE and PS_ENFILE when the look-up could not be made for want of memory
 * or a handle; what ps_gethostname returns, for this machine. Source: the reference, getfqdn.
 */
PS_API int ps_getfqdn(const char *name, char *buf, size_t n);

/*
 * Gives the first IPv4 address of a host, as text.
 *   name     a name; a dotted quad is returned normalized; "" is "0.0.0.0", "<broadcast>" is "255.255.255.255"
 * Returns 0; PS_EAI_*; PS_BAD_ADDRESS for NULL or a name that is not UTF-8. text is "" on failure.
 * Source: the reference, gethostbyname.
 */
PS_API int ps_gethostbyname(const char *name, char text[16]);

/*
 * Gives all names and IPv4 addresses of a host.
 *   h        the result, to be freed with ps_freehostent; NULL on failure
 * Returns 0; PS_EAI_* when the name cannot be resolved; when the look-up of the host entry that follows fails, PS_HOST_NOT_FOUND,
 * PS_TRY_AGAIN, PS_NO_RECOVERY, PS_NO_DATA; PS_BAD_ADDRESS; PS_ENOMEM. Source: the reference, gethostbyname_ex.
 */
PS_API int ps_gethostbyname_ex(const char *name, ps_hostent **h);

/*
 * Gives all names of the host that has an IPv4 or IPv6 address.
 *   host     an address as text, or a name, which is resolved first; "" is PS_BAD_ADDRESS, since it means both 0.0.0.0 and ::
 *   h        the result, to be freed with ps_freehostent; NULL on failure
 * Returns as ps_gethostbyname_ex. Source: the reference, gethostbyaddr.
 */
PS_API int ps_gethostbyaddr(const char *host, ps_hostent **h);

/* Frees a result of ps_gethostbyname_ex or ps_gethostbyaddr; NULL is allowed. */
PS_API void ps_freehostent(ps_hostent *h);

/*
 * Gives the number of an Internet protocol by its name ("icmp"), for the third argument of ps_socket.
 * The system's database is asked first; the usual names are known without one.
 * Returns 0; PS_NO_PROTOCOL (*proto is then 0). Source: the reference, getprotobyname.
 */
PS_API int ps_getprotobyname(const char *name, int *proto);

/*
 * Gives the port of a service by its name ("http").
 *   name, proto  as the databases spell them: "HTTP" and "TCP" are not found; proto is "tcp", "udp", or NULL for any
 * The system's database is asked first; the usual names are known without one.
 * Returns 0; PS_NO_SERVICE (*port is then 0). Source: the reference, getservbyname.
 */
PS_API int ps_getservbyname(const char *name, const char *proto, int *port);

/*
 * Gives the name of the service at a port.
 *   port     0 to 65535
 *   buf, n   the name and its NUL; PS_SERVICE_MAX bytes are enough for the usual names
 * Returns 0; PS_BAD_PORT; PS_NO_SERVICE; PS_BAD_LENGTH when n is too small. Source: the reference, getservbyport.
 */
PS_API int ps_getservbyport(int port, const char *proto, char *buf, size_t n);

/*
 * Connects to a TCP service at whichever address of the host answers first, by RFC 8305 (Happy Eyeballs). The addresses are tried in
 * the resolver's order, but with the two families alternating. When the resolver takes longer than 50 ms each family is asked for
 * apart, too, and connecting begins with the one that has answered. An attempt starts a quarter of a second after the last one, or at
 * once when one fails. The first connection is taken, and the other attempts are closed.
 * A name is looked up in the background, as by ps_getaddrinfo_within, also without a timeout and a token: on POSIX in threads that the
 * library starts. A look-up that is not needed any more finishes there.
 *   s        the connected socket, with the timeout given; closed on failure
 *   host     a name or literal, IPv4 or IPv6
 *   port     0 to 65535
 *   timeout  seconds, one deadline for the look-up (see ps_getaddrinfo_within) and all attempts; PS_NO_TIMEOUT;
 *            PS_DEFAULT_TIMEOUT for the process's default; 0: looks the host up, starts the first attempt and returns PS_EINPROGRESS
 *   source   the address to bind to first, or NULL; only addresses of its family are tried
 * Returns 0; PS_BAD_PORT and PS_BAD_TIMEOUT, before any name is looked up; PS_EAI_*; PS_EAI_ADDRFAMILY when no address is of the
 * family of `source`; PS_TIMED_OUT; PS_EINTR (ps_set_interrupt). When all attempts have failed, the error of the last address in the
 * order above. Errors that this machine reports by itself, because it has no route to the address (PS_ENETUNREACH,
 * PS_EADDRNOTAVAIL, PS_EAFNOSUPPORT), are returned only when there is no other. Nothing stays open on failure.
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

/* Options of ps_create_connection_with. Initialize with PS_CONNECT_OPTIONS_INIT. */
typedef struct ps_connect_options {
    size_t size;           /* sizeof(ps_connect_options), set by PS_CONNECT_OPTIONS_INIT */
    double timeout;        /* as for ps_create_connection */
    const ps_addr *source; /* the same */
    ps_cancel *token;      /* ends the call when it is fired, or NULL; the socket does not get it */
    double
        attempt_delay; /* seconds between attempts; 0: the usual 0.25; PS_NO_TIMEOUT: one after the other has failed */
    ps_connect_attempt *attempts; /* where the attempts are recorded, in the order they started, or NULL */
    size_t attempts_capacity;     /* how many fit there */
    size_t *attempts_count;       /* becomes how many there were, also above attempts_capacity; or NULL */
} ps_connect_options;

#define PS_CONNECT_OPTIONS_INIT                                                      \
    {                                                                                \
        sizeof(ps_connect_options), PS_DEFAULT_TIMEOUT, NULL, NULL, 0, NULL, 0, NULL \
    }

/*
 * As ps_create_connection, but a token can end it, and it records which addresses it tried, when, and why each failed.
 *   options  NULL: PS_CONNECT_OPTIONS_INIT. The record is valid on success and on failure; it is empty when no address was
 *            found. Attempts that were under way when the call ended have the call's code, or PS_ECANCELED if it succeeded.
 * Returns as ps_create_connection; PS_ECANCELED; PS_BAD_TIMEOUT for attempt_delay, too. At most 64 attempts run at a time.
 * Source: RFC 8305.
 */
PS_API int ps_create_connection_with(ps_sock *s, const char *host, int port, const ps_connect_options *options);

/* Returns whether IPv6 sockets can be made on this machine, now; the reference's has_ipv6 says only how it was built.
 * Source: the reference, has_ipv6. */
PS_API bool ps_has_ipv6(void);

/*
 * Gives the number of an interface by its name.
 * Returns 0; PS_BAD_SCOPE when there is none; on POSIX, where a descriptor is needed to ask, PS_EMFILE or PS_ENFILE when none is left, but
 * PS_ENOENT with glibc, which hides why it could not make a socket. *index is 0 on failure. Source: RFC 3493.
 */
PS_API int ps_if_nametoindex(const char *name, unsigned *index);

/*
 * Gives the name of an interface by its number; IF_NAMESIZE bytes (<net/if.h>) are enough on POSIX, 257 on Windows.
 * Returns 0; PS_BAD_SCOPE when there is none; PS_BAD_LENGTH when n is too small; without a descriptor as ps_if_nametoindex. Source:
 * RFC 3493.
 */
PS_API int ps_if_indextoname(unsigned index, char *name, size_t n);

#ifdef __cplusplus
}
#endif

#endif
