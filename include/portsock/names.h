/**
 * @file
 * Names and services: host names, service names, protocol names, interface names, and
 * ps_create_connection.
 *
 * Lists are on the heap; each kind has a function that frees it. Names are UTF-8; those with
 * letters outside ASCII are encoded by the system's IDNA.
 *
 * The functions that end in _within return when `timeout` is over, or when the token is fired,
 * also when the name server does not answer. A lookup that the call has abandoned finishes in the
 * background, in memory of its own: of a host, on POSIX in a thread that the library starts for
 * it, with every signal blocked, and on Windows in the system's own threads, which are asked to
 * stop; of the name of an address, in a thread that the library starts, on Windows, too, where
 * the system cannot be asked to stop. On POSIX a thread is started only for a name, not for a
 * literal, and only with a timeout or a token. From the first such lookup on the library's code
 * stays mapped, so a plug-in with the library in it may be unloaded meanwhile. A service name is
 * looked up in the system's database, without a limit of time.
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

/** The size of a buffer that every host text fits into, its NUL included. */
#define PS_HOST_MAX 1025

/** The size of a buffer that the usual service names fit into, their NUL included. */
#define PS_SERVICE_MAX 32

/**
 * One way to reach a service: Python 2.7's 5-tuple. The library makes it, and a later version may
 * add members at its end.
 */
typedef struct ps_addrinfo {
    int family;               /**< AF_* */
    int type;                 /**< SOCK_* */
    int proto;                /**< IPPROTO_* */
    const char *canonname;    /**< in the first entry with AI_CANONNAME, else "" */
    ps_addr addr;             /**< the address */
    struct ps_addrinfo *next; /**< the next entry, or NULL */
} ps_addrinfo;

/**
 * A host's names and addresses: Python 2.7's triple. The library makes it, and a later version
 * may add members at its end.
 */
typedef struct ps_hostent {
    const char *name; /**< the host's name */
    char **aliases;   /**< its other names; the list ends in NULL */
    char **addresses; /**< its addresses as text; the list ends in NULL */
} ps_hostent;

/**
 * Translates host and service into a list of ways to make a socket. For each address there is an
 * entry for each type that fits: SOCK_STREAM/IPPROTO_TCP, SOCK_DGRAM/IPPROTO_UDP, SOCK_RAW.
 * Without a host IPv6 comes first.
 *
 * @param host     a name, a literal (see ps_addr_inet for what is none), or NULL (or ""):
 *                 loopback, or with AI_PASSIVE every interface
 * @param service  a name, a decimal number 0 to 65535, or NULL: port 0
 * @param family   narrows the list; 0 for any
 * @param type     narrows the list; 0 for any
 * @param proto    narrows the list; 0 for any
 * @param flags    AI_* constants; with AI_NUMERICHOST and AI_NUMERICSERV no name is looked up
 * @param list     the result, to be freed with ps_freeaddrinfo; NULL on failure
 * @retval 0                *list is made
 * @retval PS_BAD_PORT      port out of range, before any name is looked up
 * @retval PS_BAD_ADDRESS   a host that is not UTF-8
 * @retval PS_EAI_NONAME    no such name; also when host and service are both NULL
 * @retval PS_EAI_SERVICE   no such service
 * @retval PS_EAI_SOCKTYPE  a type that does not go with the rest
 * @retval PS_EAI_FAMILY    a family without such addresses
 * @retval PS_EAI_BADFLAGS  unknown flags
 * @retval PS_EAI_AGAIN     the lookup has failed; other codes PS_EAI_* likewise
 * @retval PS_ENOMEM        no memory
 * @threadsafety Any thread. A name blocks for as long as the system's resolver does.
 * @normalizes Port 65536, which wraps to 0; on Windows, lists without type and protocol, the
 * meaning of "" and "[::1]", and flags that are ignored; a name without addresses, which is
 * PS_EAI_NONAME; "localhost" where the system does not know it, and names below it
 * ("name.localhost"), which have the addresses of loopback and are not asked for; the sharp s and
 * the other characters that IDNA 2003 and 2008 encode differently, which are encoded as in 2003.
 * @since 0.1
 * @source Python 2.7, getaddrinfo; RFC 3493.
 */
PS_API int ps_getaddrinfo(const char *host, const char *service, int family, int type, int proto,
                          int flags, ps_addrinfo **list);

/**
 * As ps_getaddrinfo, with a timeout and a token (see the top of this file).
 *
 * With a name server that drops one of the two kinds of question (usually AAAA), on POSIX each
 * such lookup of both families lasts as long as the resolver's own patience, 15 seconds with
 * glibc's defaults, or until the timeout: the C library remembers such servers for one thread
 * only, and each lookup is made in a new one. ps_create_connection asks for the families
 * separately, too, and begins with what is there.
 *
 * @param host     as for ps_getaddrinfo
 * @param service  as for ps_getaddrinfo
 * @param family   as for ps_getaddrinfo
 * @param type     as for ps_getaddrinfo
 * @param proto    as for ps_getaddrinfo
 * @param flags    as for ps_getaddrinfo
 * @param timeout  seconds for the lookup of host; PS_NO_TIMEOUT; PS_DEFAULT_TIMEOUT; 0: no name
 *                 is looked up
 * @param token    a token that ends the call when it is fired (cancel.h), or NULL
 * @param list     as for ps_getaddrinfo
 * @retval PS_TIMED_OUT    the timeout has expired
 * @retval PS_ECANCELED    the token was fired, also before the call
 * @retval PS_BAD_TIMEOUT  a negative number or NaN
 * @retval PS_EINTR        the interrupt hook ended the call (ps_set_interrupt)
 * @retval PS_EAI_AGAIN    64 abandoned lookups of this process have not finished, or no thread
 *                         can be started, be it for want of memory, a limit, or a sandbox
 * @retval PS_EMFILE       the process has no handle left; the call needs one or two
 * @retval PS_ENFILE       the system has no handle left
 * @return any other code as ps_getaddrinfo.
 * @threadsafety Any thread.
 * @normalizes As ps_getaddrinfo.
 * @since 0.1
 * @source none; Python 2.7 cannot end a lookup.
 */
PS_API int ps_getaddrinfo_within(const char *host, const char *service, int family, int type,
                                 int proto, int flags, double timeout, ps_cancel *token,
                                 ps_addrinfo **list);

/**
 * Frees a list of ps_getaddrinfo.
 *
 * @param list  the list; NULL is allowed
 * @threadsafety Any thread; the list is the caller's.
 * @since 0.1
 * @source POSIX, freeaddrinfo.
 */
PS_API void ps_freeaddrinfo(ps_addrinfo *list);

/**
 * Translates an address into host and service. Without a name, or when the system cannot ask for
 * one, the host is the numeric text, unless NI_NAMEREQD says otherwise. On failure both texts are
 * "".
 *
 * @param a           the address
 * @param flags       NI_NUMERICHOST, NI_NUMERICSERV, NI_NAMEREQD, NI_NOFQDN, NI_DGRAM
 * @param host        the host's name and its NUL; may be NULL
 * @param hostlen     the size of host
 * @param service     the service's name and its NUL; may be NULL
 * @param servicelen  the size of service
 * @retval 0                the texts are written
 * @retval PS_EAI_NONAME    NI_NAMEREQD, and there is no name
 * @retval PS_EAI_OVERFLOW  a buffer is too small
 * @retval PS_EAI_FAMILY    a family other than inet and inet6
 * @retval PS_EAI_BADFLAGS  unknown flags
 * @threadsafety Any thread. A name blocks for as long as the system's resolver does.
 * @since 0.1
 * @source Python 2.7, getnameinfo; RFC 3493.
 */
PS_API int ps_getnameinfo(const ps_addr *a, int flags, char *host, size_t hostlen, char *service,
                          size_t servicelen);

/**
 * As ps_getnameinfo, with a timeout and a token (see the top of this file). NI_NUMERICHOST and a
 * service take no time. On failure nothing is left in the results.
 *
 * @param a           as for ps_getnameinfo
 * @param flags       as for ps_getnameinfo
 * @param timeout     seconds for all lookups of the call; PS_NO_TIMEOUT; PS_DEFAULT_TIMEOUT; 0:
 *                    nothing is looked up
 * @param token       a token that ends the call when it is fired (cancel.h), or NULL
 * @param host        as for ps_getnameinfo
 * @param hostlen     as for ps_getnameinfo
 * @param service     as for ps_getnameinfo
 * @param servicelen  as for ps_getnameinfo
 * @retval PS_TIMED_OUT    the timeout has expired
 * @retval PS_ECANCELED    the token was fired, also before the call
 * @retval PS_BAD_TIMEOUT  a negative number or NaN
 * @retval PS_EINTR        the interrupt hook ended the call (ps_set_interrupt)
 * @retval PS_EMFILE       the process has no handle left
 * @retval PS_ENFILE       the system has no handle left
 * @retval PS_ENOMEM       no memory
 * @return any other code as ps_getnameinfo. While 64 abandoned lookups of this process have not
 * finished, or when no thread can be started, the host is the numeric text.
 * @threadsafety Any thread.
 * @since 0.1
 * @source none; Python 2.7 cannot end a lookup.
 */
PS_API int ps_getnameinfo_within(const ps_addr *a, int flags, double timeout, ps_cancel *token,
                                 char *host, size_t hostlen, char *service, size_t servicelen);

/**
 * As ps_getfqdn, with a timeout and a token (see the top of this file). On failure nothing is
 * left in the result.
 *
 * @param name     as for ps_getfqdn
 * @param timeout  seconds for all lookups of the call; PS_NO_TIMEOUT; PS_DEFAULT_TIMEOUT; 0:
 *                 nothing is looked up
 * @param token    a token that ends the call when it is fired (cancel.h), or NULL
 * @param buf      as for ps_getfqdn
 * @param n        as for ps_getfqdn
 * @retval PS_TIMED_OUT    the timeout has expired
 * @retval PS_ECANCELED    the token was fired, also before the call
 * @retval PS_BAD_TIMEOUT  a negative number or NaN
 * @retval PS_EINTR        the interrupt hook ended the call (ps_set_interrupt)
 * @return any other code as ps_getfqdn. While 64 abandoned lookups of this process have not
 * finished, or when no thread can be started, the result is the name as it is.
 * @threadsafety Any thread.
 * @since 0.1
 * @source none; Python 2.7 cannot end a lookup.
 */
PS_API int ps_getfqdn_within(const char *name, double timeout, ps_cancel *token, char *buf,
                             size_t n);

/**
 * As ps_gethostbyname, with a timeout and a token (see the top of this file). A literal takes no
 * time. On failure text is "".
 *
 * @param name     as for ps_gethostbyname
 * @param timeout  seconds for all lookups of the call; PS_NO_TIMEOUT; PS_DEFAULT_TIMEOUT; 0:
 *                 nothing is looked up
 * @param token    a token that ends the call when it is fired (cancel.h), or NULL
 * @param text     as for ps_gethostbyname
 * @retval PS_TIMED_OUT    the timeout has expired
 * @retval PS_ECANCELED    the token was fired, also before the call
 * @retval PS_BAD_TIMEOUT  a negative number or NaN
 * @retval PS_EINTR        the interrupt hook ended the call (ps_set_interrupt)
 * @retval PS_EAI_AGAIN    as for ps_getaddrinfo_within
 * @retval PS_EMFILE       the process has no handle left
 * @retval PS_ENFILE       the system has no handle left
 * @retval PS_ENOMEM       no memory
 * @return any other code as ps_gethostbyname.
 * @threadsafety Any thread.
 * @since 0.1
 * @source none; Python 2.7 cannot end a lookup.
 */
PS_API int ps_gethostbyname_within(const char *name, double timeout, ps_cancel *token,
                                   char text[16]);

/**
 * As ps_gethostbyname_ex, with a timeout and a token (see the top of this file).
 *
 * @param name     as for ps_gethostbyname_ex
 * @param timeout  seconds for all lookups of the call; PS_NO_TIMEOUT; PS_DEFAULT_TIMEOUT; 0:
 *                 nothing is looked up
 * @param token    a token that ends the call when it is fired (cancel.h), or NULL
 * @param h        as for ps_gethostbyname_ex
 * @retval PS_TIMED_OUT    the timeout has expired
 * @retval PS_ECANCELED    the token was fired, also before the call
 * @retval PS_BAD_TIMEOUT  a negative number or NaN
 * @retval PS_EINTR        the interrupt hook ended the call (ps_set_interrupt)
 * @retval PS_EAI_AGAIN    as for ps_getaddrinfo_within
 * @retval PS_EMFILE       the process has no handle left
 * @retval PS_ENFILE       the system has no handle left
 * @return any other code as ps_gethostbyname_ex.
 * @threadsafety Any thread.
 * @since 0.1
 * @source none; Python 2.7 cannot end a lookup.
 */
PS_API int ps_gethostbyname_ex_within(const char *name, double timeout, ps_cancel *token,
                                      ps_hostent **h);

/**
 * As ps_gethostbyaddr, with a timeout and a token (see the top of this file).
 *
 * @param host     as for ps_gethostbyaddr
 * @param timeout  seconds for all lookups of the call; PS_NO_TIMEOUT; PS_DEFAULT_TIMEOUT; 0:
 *                 nothing is looked up
 * @param token    a token that ends the call when it is fired (cancel.h), or NULL
 * @param h        as for ps_gethostbyaddr
 * @retval PS_TIMED_OUT    the timeout has expired
 * @retval PS_ECANCELED    the token was fired, also before the call
 * @retval PS_BAD_TIMEOUT  a negative number or NaN
 * @retval PS_EINTR        the interrupt hook ended the call (ps_set_interrupt)
 * @retval PS_EAI_AGAIN    as for ps_getaddrinfo_within
 * @retval PS_EMFILE       the process has no handle left
 * @retval PS_ENFILE       the system has no handle left
 * @return any other code as ps_gethostbyaddr.
 * @threadsafety Any thread.
 * @since 0.1
 * @source none; Python 2.7 cannot end a lookup.
 */
PS_API int ps_gethostbyaddr_within(const char *host, double timeout, ps_cancel *token,
                                   ps_hostent **h);

/**
 * As ps_addr_inet, with a timeout and a token (see the top of this file). A literal takes no
 * time.
 *
 * @param a        as for ps_addr_inet
 * @param host     as for ps_addr_inet
 * @param port     as for ps_addr_inet
 * @param timeout  seconds for the lookup; PS_NO_TIMEOUT; PS_DEFAULT_TIMEOUT; 0: nothing is looked
 *                 up
 * @param token    a token that ends the call when it is fired (cancel.h), or NULL
 * @retval PS_TIMED_OUT    the timeout has expired
 * @retval PS_ECANCELED    the token was fired, also before the call
 * @retval PS_BAD_TIMEOUT  a negative number or NaN
 * @retval PS_EINTR        the interrupt hook ended the call (ps_set_interrupt)
 * @retval PS_EAI_AGAIN    as for ps_getaddrinfo_within
 * @retval PS_EMFILE       the process has no handle left
 * @retval PS_ENFILE       the system has no handle left
 * @retval PS_ENOMEM       no memory
 * @return any other code as ps_addr_inet.
 * @threadsafety Any thread.
 * @since 0.1
 * @source none; Python 2.7 cannot end a lookup.
 */
PS_API int ps_addr_inet_within(ps_addr *a, const char *host, int port, double timeout,
                               ps_cancel *token);

/**
 * As ps_addr_inet6, with a timeout and a token (see the top of this file). A literal takes no
 * time.
 *
 * @param a         as for ps_addr_inet6
 * @param host      as for ps_addr_inet6
 * @param port      as for ps_addr_inet6
 * @param flowinfo  as for ps_addr_inet6
 * @param scopeid   as for ps_addr_inet6
 * @param timeout   seconds for the lookup; PS_NO_TIMEOUT; PS_DEFAULT_TIMEOUT; 0: nothing is
 *                  looked up
 * @param token     a token that ends the call when it is fired (cancel.h), or NULL
 * @retval PS_TIMED_OUT    the timeout has expired
 * @retval PS_ECANCELED    the token was fired, also before the call
 * @retval PS_BAD_TIMEOUT  a negative number or NaN
 * @retval PS_EINTR        the interrupt hook ended the call (ps_set_interrupt)
 * @retval PS_EAI_AGAIN    as for ps_getaddrinfo_within
 * @retval PS_EMFILE       the process has no handle left
 * @retval PS_ENFILE       the system has no handle left
 * @retval PS_ENOMEM       no memory
 * @return any other code as ps_addr_inet6.
 * @threadsafety Any thread.
 * @since 0.1
 * @source none; Python 2.7 cannot end a lookup.
 */
PS_API int ps_addr_inet6_within(ps_addr *a, const char *host, int port, unsigned flowinfo,
                                unsigned scopeid, double timeout, ps_cancel *token);

/**
 * Gets this machine's host name, not necessarily fully qualified.
 *
 * @param buf  the name and its NUL
 * @param n    the size of buf; PS_HOST_MAX is always enough
 * @retval 0              the name is in buf
 * @retval PS_BAD_LENGTH  n is too small; buf is then "" if n is not 0
 * @threadsafety Any thread.
 * @normalizes Windows' NetBIOS names and code page.
 * @since 0.1
 * @source Python 2.7, gethostname.
 */
PS_API int ps_gethostname(char *buf, size_t n);

/**
 * Gets the fully qualified name of a host: the first name with a dot that ps_gethostbyaddr finds
 * for it; if there is none, the host name; if the lookup fails, `name` as it is.
 *
 * @param name  NULL, "" or "0.0.0.0": this machine; white space around it is ignored
 * @param buf   the result and its NUL
 * @param n     the size of buf
 * @retval 0              the result is in buf
 * @retval PS_BAD_LENGTH  n is too small
 * @retval PS_ENOMEM      the lookup could not be made for want of memory
 * @retval PS_EMFILE      the lookup could not be made: the process has no handle left
 * @retval PS_ENFILE      the lookup could not be made: the system has no handle left
 * @return for this machine also what ps_gethostname returns.
 * @threadsafety Any thread. A name blocks for as long as the system's resolver does.
 * @since 0.1
 * @source Python 2.7, getfqdn.
 */
PS_API int ps_getfqdn(const char *name, char *buf, size_t n);

/**
 * Gets the first IPv4 address of a host, as text.
 *
 * @param name  a name; a dotted quad is returned normalized; "" is "0.0.0.0", "<broadcast>" is
 *              "255.255.255.255"
 * @param text  the address and its NUL; "" on failure
 * @retval 0               the address is in text
 * @retval PS_EAI_NONAME   no such name, or it has no IPv4 address
 * @retval PS_EAI_AGAIN    the lookup has failed; other codes PS_EAI_* likewise
 * @retval PS_BAD_ADDRESS  NULL, or a name that is not UTF-8
 * @threadsafety Any thread. A name blocks for as long as the system's resolver does.
 * @since 0.1
 * @source Python 2.7, gethostbyname.
 */
PS_API int ps_gethostbyname(const char *name, char text[16]);

/**
 * Gets all names and IPv4 addresses of a host.
 *
 * @param name  a name or an address as text
 * @param h     the result, to be freed with ps_freehostent; NULL on failure
 * @retval 0                  *h is made
 * @retval PS_EAI_NONAME      the name cannot be resolved
 * @retval PS_EAI_AGAIN       the lookup has failed; other codes PS_EAI_* likewise
 * @retval PS_HOST_NOT_FOUND  the lookup of the host entry that follows has failed
 * @retval PS_TRY_AGAIN       the same
 * @retval PS_NO_RECOVERY     the same
 * @retval PS_NO_DATA         the same
 * @retval PS_BAD_ADDRESS     NULL, or a name that is not UTF-8
 * @retval PS_ENOMEM          no memory
 * @threadsafety Any thread. A name blocks for as long as the system's resolver does.
 * @since 0.1
 * @source Python 2.7, gethostbyname_ex.
 */
PS_API int ps_gethostbyname_ex(const char *name, ps_hostent **h);

/**
 * Gets all names of the host that has an IPv4 or IPv6 address.
 *
 * @param host  an address as text, or a name, which is resolved first; "" is PS_BAD_ADDRESS,
 *              since it means both 0.0.0.0 and ::
 * @param h     the result, to be freed with ps_freehostent; NULL on failure
 * @retval 0  *h is made
 * @return any other code as ps_gethostbyname_ex.
 * @threadsafety Any thread. A name blocks for as long as the system's resolver does.
 * @since 0.1
 * @source Python 2.7, gethostbyaddr.
 */
PS_API int ps_gethostbyaddr(const char *host, ps_hostent **h);

/**
 * Frees a result of ps_gethostbyname_ex or ps_gethostbyaddr.
 *
 * @param h  the result; NULL is allowed
 * @threadsafety Any thread; the result is the caller's.
 * @since 0.1
 * @source none.
 */
PS_API void ps_freehostent(ps_hostent *h);

/**
 * Gets the number of an Internet protocol by its name, for the third argument of ps_socket. The
 * system's database is asked first; the usual names are known without one.
 *
 * @param name   "icmp"
 * @param proto  becomes the number; 0 on failure
 * @retval 0               *proto is set
 * @retval PS_NO_PROTOCOL  no such protocol
 * @threadsafety Any thread.
 * @since 0.1
 * @source Python 2.7, getprotobyname.
 */
PS_API int ps_getprotobyname(const char *name, int *proto);

/**
 * Gets the port of a service by its name. The system's database is asked first; the usual names
 * are known without one.
 *
 * @param name   "http", as the databases spell it: "HTTP" is not found
 * @param proto  "tcp", "udp", or NULL for any; "TCP" is not found
 * @param port   becomes the port; 0 on failure
 * @retval 0              *port is set
 * @retval PS_NO_SERVICE  no such service
 * @threadsafety Any thread.
 * @since 0.1
 * @source Python 2.7, getservbyname.
 */
PS_API int ps_getservbyname(const char *name, const char *proto, int *port);

/**
 * Gets the name of the service at a port.
 *
 * @param port   0 to 65535
 * @param proto  "tcp", "udp", or NULL for any
 * @param buf    the name and its NUL
 * @param n      the size of buf; PS_SERVICE_MAX is enough for the usual names
 * @retval 0              the name is in buf
 * @retval PS_BAD_PORT    port out of range
 * @retval PS_NO_SERVICE  no service has this port
 * @retval PS_BAD_LENGTH  n is too small
 * @threadsafety Any thread.
 * @since 0.1
 * @source Python 2.7, getservbyport.
 */
PS_API int ps_getservbyport(int port, const char *proto, char *buf, size_t n);

/**
 * Connects to a TCP service at whichever address of the host answers first, by RFC 8305 (Happy
 * Eyeballs).
 *
 * The addresses are tried in the resolver's order, but with the two families alternating. When
 * the resolver takes longer than 50 ms each family is asked for separately, too, and connecting
 * begins with the one that has answered. An attempt starts a quarter of a second after the last
 * one, or at once when one fails. The first connection is taken, and the other attempts are
 * closed.
 *
 * A name is looked up in the background, as by ps_getaddrinfo_within, also without a timeout and
 * a token: on POSIX in threads that the library starts. A lookup that is not needed any more
 * finishes there.
 *
 * When all attempts have failed, the code is that of the last address in the order above. Errors
 * that this machine reports by itself, because it has no route to the address (PS_ENETUNREACH,
 * PS_EADDRNOTAVAIL, PS_EAFNOSUPPORT), are returned only when there is no other. Nothing stays
 * open on failure.
 *
 * @param s        the connected socket, with the timeout given; closed on failure. It is
 *                 overwritten, not closed first.
 * @param host     a name or literal, IPv4 or IPv6
 * @param port     0 to 65535
 * @param timeout  seconds, one deadline for the lookup (see ps_getaddrinfo_within) and all
 *                 attempts; PS_NO_TIMEOUT; PS_DEFAULT_TIMEOUT for the process's default; 0: looks
 *                 the host up, starts the first attempt and returns PS_EINPROGRESS
 * @param source   the address to bind to first, or NULL; only addresses of its family are tried
 * @retval 0                    connected
 * @retval PS_BAD_PORT          port out of range, before any name is looked up
 * @retval PS_BAD_TIMEOUT       a negative number or NaN, before any name is looked up
 * @retval PS_EAI_NONAME        no such name
 * @retval PS_EAI_AGAIN         the lookup has failed; other codes PS_EAI_* likewise
 * @retval PS_EAI_ADDRFAMILY    no address is of the family of `source`
 * @retval PS_TIMED_OUT         the timeout has expired
 * @retval PS_EINPROGRESS       a timeout of 0: the first attempt has started
 * @retval PS_EINTR             the interrupt hook ended the call (ps_set_interrupt)
 * @retval PS_ECONNREFUSED      the last address has no server at the port; other codes of
 *                              ps_connect likewise
 * @threadsafety Any thread.
 * @since 0.1
 * @source Python 2.7, create_connection (there one address after the other, and each attempt gets
 * the whole timeout); RFC 8305.
 */
PS_API int ps_create_connection(ps_sock *s, const char *host, int port, double timeout,
                                const ps_addr *source);

/** One attempt of ps_create_connection_with. Frozen: attempts stand in an array. */
typedef struct ps_connect_attempt {
    ps_addr address; /**< where to */
    double started;  /**< seconds since the call began */
    double ended;    /**< seconds since the call began */
    int code; /**< 0: this one is connected; PS_ECANCELED: another one was; else why it ended */
} ps_connect_attempt;

/** Options of ps_create_connection_with. Initialize with PS_CONNECT_OPTIONS_INIT. */
typedef struct ps_connect_options {
    size_t size;           /**< sizeof(ps_connect_options), set by PS_CONNECT_OPTIONS_INIT */
    double timeout;        /**< as for ps_create_connection */
    const ps_addr *source; /**< as for ps_create_connection */
    ps_cancel *token; /**< ends the call when it is fired, or NULL; the socket does not get it */
    double attempt_delay; /**< seconds between attempts; 0: 0.25; PS_NO_TIMEOUT: after a failure */
    ps_connect_attempt *attempts; /**< the record, in the order the attempts started, or NULL */
    size_t attempts_capacity;     /**< how many fit there */
    size_t *attempts_count; /**< becomes how many there were, also above the capacity; or NULL */
} ps_connect_options;

/** The default timeout, no source, no token, the usual delay, no record. */
#define PS_CONNECT_OPTIONS_INIT                                                      \
    {                                                                                \
        sizeof(ps_connect_options), PS_DEFAULT_TIMEOUT, NULL, NULL, 0, NULL, 0, NULL \
    }

/**
 * As ps_create_connection, but a token can end it, and it records which addresses it tried, when,
 * and why each failed. The record is valid on success and on failure; it is empty when no address
 * was found. Attempts that were pending when the call ended have the call's code, or PS_ECANCELED
 * if it succeeded. At most 64 attempts run at a time.
 *
 * @param s        as for ps_create_connection
 * @param host     as for ps_create_connection
 * @param port     as for ps_create_connection
 * @param options  NULL: PS_CONNECT_OPTIONS_INIT
 * @retval PS_ECANCELED    the token was fired
 * @retval PS_BAD_TIMEOUT  of timeout or attempt_delay
 * @retval PS_BAD_LENGTH   the options' size is not that of options, or of those of a later
 *                         version
 * @return any other code as ps_create_connection.
 * @threadsafety Any thread.
 * @since 0.1
 * @source RFC 8305.
 */
PS_API int ps_create_connection_with(ps_sock *s, const char *host, int port,
                                     const ps_connect_options *options);

/**
 * Returns whether IPv6 sockets can be made on this machine, now; Python 2.7's has_ipv6 says only
 * how it was built.
 *
 * @return whether they can.
 * @threadsafety Any thread.
 * @since 0.1
 * @source Python 2.7, has_ipv6.
 */
PS_API bool ps_has_ipv6(void);

/**
 * Gets the number of an interface by its name.
 *
 * @param name   the name
 * @param index  becomes the number; 0 on failure
 * @retval 0             *index is set
 * @retval PS_BAD_SCOPE  there is no such interface
 * @retval PS_EMFILE     POSIX, where a descriptor is needed to ask: the process has none left
 * @retval PS_ENFILE     the same: the system has none left
 * @retval PS_ENOENT     the same, with glibc, which hides why it could not make a socket
 * @threadsafety Any thread.
 * @since 0.1
 * @source RFC 3493.
 */
PS_API int ps_if_nametoindex(const char *name, unsigned *index);

/**
 * Gets the name of an interface by its number.
 *
 * @param index  the number
 * @param name   the name and its NUL
 * @param n      the size of name; IF_NAMESIZE (<net/if.h>) is enough on POSIX, 257 on Windows
 * @retval 0              the name is written
 * @retval PS_BAD_SCOPE   there is no such interface
 * @retval PS_BAD_LENGTH  n is too small
 * @retval PS_EMFILE      without a descriptor, as ps_if_nametoindex, with its other codes
 * @threadsafety Any thread.
 * @since 0.1
 * @source RFC 3493.
 */
PS_API int ps_if_indextoname(unsigned index, char *name, size_t n);

#ifdef __cplusplus
}
#endif

#endif
