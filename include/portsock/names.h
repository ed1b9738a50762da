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
 * Evens out: port 65536 that wraps to 0, Windows' lists without type and protocol, its reading of "" and
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
 * Evens out: Windows' NetBIOS names and code page. Source: the reference, gethostname.
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
 * Connects to a TCP service: tries every address of host in order until one accepts.
 *   s        the connected socket, with the timeout given; closed on failure
 *   host     a name or literal, IPv4 or IPv6
 *   port     0 to 65535
 *   timeout  seconds, one deadline over all attempts; PS_NO_TIMEOUT; PS_DEFAULT_TIMEOUT for the process's
 *            default; 0 starts the first connection and gives PS_EINPROGRESS
 *   source   the address to bind to first, or NULL
 * Returns 0; PS_BAD_PORT and PS_BAD_TIMEOUT, before any name is looked up; PS_EAI_*; the error of the last
 * attempt; PS_TIMED_OUT. Nothing stays open on failure.
 * Source: the reference, create_connection (there each attempt gets the whole timeout).
 */
PS_API int ps_create_connection(ps_sock *s, const char *host, int port, double timeout, const ps_addr *source);

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
