#include "config.h"

#include "common/error/explain.h"

#include "portsock.h"

/* clang-format off */
#define ROW(code, operation, text) {PS_##code, PS_OPERATION_##operation, text}

static const ps__explanation rows[] = {
    /* ---- making sockets ---------------------------------------------------------------------- */
    ROW(EACCES, SOCKET,
        "Raw and packet sockets need CAP_NET_RAW or root, on Windows an administrator."),
    ROW(EPERM, SOCKET,
        "A socket of this type needs CAP_NET_RAW or root, on Windows an administrator."),
    ROW(EAFNOSUPPORT, SOCKET,
        "This system has no sockets of this family, or IPv6 is switched off: try AF_INET."),
    ROW(EPROTONOSUPPORT, SOCKET,
        "Family, type and protocol do not go together: use 0 as the protocol for the usual "
        "one."),
    ROW(ESOCKTNOSUPPORT, SOCKET,
        "The family has no sockets of this type: most have SOCK_STREAM and SOCK_DGRAM."),
    ROW(EOPNOTSUPP, SOCKETPAIR,
        "Only AF_UNIX, AF_INET and AF_INET6 can be paired, and AF_UNIX not on Windows."),
    ROW(EAFNOSUPPORT, SOCKETPAIR, "Ask for PS_DEFAULT_PAIR_FAMILY, which every system can pair."),
    ROW(EADDRNOTAVAIL, SOCKETPAIR,
        "No local port is left for a pair over loopback: close sockets, or ask for "
        "PS_DEFAULT_PAIR_FAMILY."),
    ROW(ECONNABORTED, SOCKETPAIR,
        "Another program kept connecting to the loopback pair: try again, and look for what "
        "scans local ports."),
    ROW(ENOTSOCK, FROMFD,
        "The handle is a file or a pipe, or it was closed and its number used again."),

    /* ---- addresses of one's own -------------------------------------------------------------- */
    ROW(EADDRINUSE, BIND,
        "Another program has the port, or an old connection (set SO_REUSEADDR before bind); "
        "an AF_UNIX path whose server is gone must be removed first."),
    ROW(EADDRNOTAVAIL, BIND,
        "The address belongs to no interface of this machine (bind to \"\" or to one that it "
        "has), or port 0 was asked for and no port is left."),
    ROW(EACCES, BIND,
        "Ports below 1024 need root or CAP_NET_BIND_SERVICE, and Windows reserves ranges and "
        "does not let an exclusive port be shared."),
    ROW(EINVAL, BIND,
        "The socket is bound already: a socket is bound once, and connect binds it, too."),
    ROW(EAFNOSUPPORT, BIND,
        "The address is of another family than the socket: make both AF_INET or both "
        "AF_INET6."),
    ROW(ENOENT, BIND, "The directory of the AF_UNIX path does not exist."),
    ROW(EROFS, BIND,
        "The AF_UNIX path is on a read-only file system: choose a directory that can be "
        "written to."),
    ROW(ENOTDIR, BIND, "A part of the AF_UNIX path is a file where a directory should be."),
    ROW(EEXIST, BIND,
        "There is a file at the AF_UNIX path: remove it if no server uses it any more."),
    ROW(EDESTADDRREQ, BIND, "The address is empty: make one with ps_addr_inet or its like first."),
    ROW(ENODEV, BIND,
        "The network interface has gone or never was: compare with the names that the system "
        "lists."),
    ROW(EADDRINUSE, LISTEN,
        "Another socket listens on the port: SO_REUSEADDR does not let two listen at once."),
    ROW(EADDRNOTAVAIL, LISTEN,
        "The socket was not bound, and no local port is left for it: close sockets, or wait "
        "for old connections to end."),
    ROW(EOPNOTSUPP, LISTEN, "Datagram sockets do not listen: receive with ps_recvfrom instead."),
    ROW(EINVAL, LISTEN, "A connected socket cannot listen: make a new one."),

    /* ---- connections ------------------------------------------------------------------------- */
    ROW(EINVAL, ACCEPT, "The socket does not listen: call ps_listen first, once it is bound."),
    ROW(EMFILE, ACCEPT,
        "Close connections that are done, or raise the limit (ulimit -n): the new one stays "
        "queued meanwhile."),
    ROW(EOPNOTSUPP, ACCEPT,
        "Only connection-oriented sockets accept: a datagram socket receives at once."),
    ROW(TIMED_OUT, ACCEPT, "No client has connected within the socket's timeout or deadline."),
    ROW(EWOULDBLOCK, ACCEPT, "No connection is queued: wait until the socket is readable."),
    ROW(ECONNREFUSED, CONNECT,
        "Nothing listens at that address and port: is the server running, and is the port "
        "right?"),
    ROW(ETIMEDOUT, CONNECT,
        "No answer came: the host is down, the address is wrong, or a firewall drops the "
        "packets."),
    ROW(TIMED_OUT, CONNECT,
        "No answer came within the socket's timeout or deadline: a firewall may drop the "
        "packets, or the time is too short."),
    ROW(EINPROGRESS, CONNECT,
        "The attempt has begun: wait until the socket is writable, then call ps_connect again"
        " for its end."),
    ROW(EALREADY, CONNECT, "The attempt is pending: wait until the socket is writable."),
    ROW(EISCONN, CONNECT, "The socket has its connection: make a new one for another peer."),
    ROW(EADDRNOTAVAIL, CONNECT,
        "No local port is left, since open sockets and connections that ended shortly before "
        "have them all, or port 0 was asked for."),
    ROW(ENETUNREACH, CONNECT,
        "There is no route to that network: is the interface up, and for IPv6, is there IPv6 "
        "at all?"),
    ROW(EHOSTUNREACH, CONNECT, "A router or a firewall says that the host cannot be reached."),
    ROW(EACCES, CONNECT,
        "A firewall rule forbids it, the AF_UNIX path may not be written to, or it is a "
        "broadcast address without SO_BROADCAST."),
    ROW(EPERM, CONNECT, "A firewall rule of this machine forbids the connection."),
    ROW(EAFNOSUPPORT, CONNECT,
        "Address and socket are of different families: make the socket for the address's "
        "family."),
    ROW(ENOENT, CONNECT, "There is no AF_UNIX socket at that path: has the server been started?"),
    ROW(EPROTOTYPE, CONNECT,
        "The AF_UNIX server has a socket of another type: SOCK_STREAM and SOCK_DGRAM do not "
        "meet."),
    ROW(EWOULDBLOCK, CONNECT, "The AF_UNIX server's queue is full: try again after a while."),
    ROW(ECONNRESET, CONNECT,
        "The peer took the connection and dropped it at once: it may have too many, or not "
        "want this client."),
    ROW(ECONNREFUSED, CREATE_CONNECTION,
        "No address of the host has a server at that port: is it running, and is the port "
        "right?"),
    ROW(TIMED_OUT, CREATE_CONNECTION,
        "Neither the name server nor any address of the host has answered in time."),
    ROW(EAI_ADDRFAMILY, CREATE_CONNECTION,
        "The host has no address of the source address's family."),
    ROW(ENOTCONN, SHUTDOWN, "There is no connection to shut down, or the peer has reset it."),
    ROW(TIMED_OUT, CLOSE,
        "The peer has not closed its side in time, or another thread's call on the socket has"
        " not ended."),
    ROW(EINVAL, SHUTDOWN, "Say SHUT_RD, SHUT_WR or SHUT_RDWR."),

    /* ---- data -------------------------------------------------------------------------------- */
    ROW(ECONNRESET, RECEIVE,
        "The peer's program ended, or closed with data unread: its log may say why."),
    ROW(ETIMEDOUT, RECEIVE,
        "The peer has stopped answering: its machine or the network between is down."),
    ROW(TIMED_OUT, RECEIVE,
        "Nothing came within the socket's timeout or deadline: the connection is as it was, "
        "and can be used on."),
    ROW(EWOULDBLOCK, RECEIVE, "Nothing is there yet: wait until the socket is readable."),
    ROW(ENOTCONN, RECEIVE,
        "Connect the socket first, or accept on it and receive on the socket that ps_accept "
        "returns."),
    ROW(ENOBUFS, RECEIVE,
        "Messages came faster than they were received, and some are lost: raise SO_RCVBUF, "
        "and ask for the whole state again."),
    ROW(ECONNREFUSED, RECEIVE, "An earlier datagram found no socket at the peer's port."),
    ROW(EPIPE, SEND,
        "The peer has closed the connection, or ps_shutdown was called: nothing can be sent "
        "any more."),
    ROW(ECONNRESET, SEND,
        "The peer's program ended or dropped the connection: what was sent last may be lost."),
    ROW(TIMED_OUT, SEND,
        "The peer does not read as fast as this program sends, or cannot be reached any more:"
        " ps_sendall reports how much was sent."),
    ROW(ETIMEDOUT, SEND,
        "The peer has not confirmed what was sent: its machine or the network between is "
        "down, or a cable is pulled."),
    ROW(EWOULDBLOCK, SEND, "The system's buffer is full: wait until the socket is writable."),
    ROW(EMSGSIZE, SEND,
        "A datagram cannot be that long: UDP takes 65507 bytes at most, and far fewer pass "
        "without fragments."),
    ROW(EDESTADDRREQ, SEND,
        "There is no peer: call ps_connect first, or ps_sendto with an address."),
    ROW(ENOTCONN, SEND, "The socket was never connected: call ps_connect first."),
    ROW(EACCES, SEND, "A broadcast needs SO_BROADCAST, and a firewall rule may forbid sending."),
    ROW(EPERM, SEND, "A firewall rule of this machine forbids sending this."),
    ROW(ENOBUFS, SEND, "The interface's queue is full: send more slowly."),
    ROW(EISCONN, SEND, "The socket is connected: use ps_send, or a socket that is not."),
    ROW(EADDRNOTAVAIL, SEND,
        "The destination or the scope of the link-local address does not fit any interface, "
        "or no local port is left for the socket."),
    ROW(ECONNREFUSED, SEND,
        "The peer's machine reported that no socket has the port of an earlier datagram."),

    /* ---- options ----------------------------------------------------------------------------- */
    ROW(ENOPROTOOPT, SETSOCKOPT,
        "The option is not one of this system or this type of socket: look its name up with "
        "ps_constant."),
    ROW(ENOPROTOOPT, GETSOCKOPT,
        "There is no such option to read at this level: some can only be set."),
    ROW(EINVAL, SETSOCKOPT,
        "The value or its size does not fit, or the option must be set before bind or "
        "connect."),
    ROW(EPERM, SETSOCKOPT, "This option needs CAP_NET_ADMIN or root."),
    ROW(EOPNOTSUPP, IOCTL,
        "Only Windows has WSAIoctl: elsewhere a packet socket sees all traffic."),
    ROW(EACCES, IOCTL,
        "Run the program as an administrator: SIO_RCVALL shows other programs' traffic."),
    ROW(EINVAL, IOCTL, "Bind the raw socket to the address of one interface first."),
    ROW(BAD_TIMEOUT, SETTIMEOUT, "Pass 0 or more seconds, or PS_NO_TIMEOUT for blocking mode."),

    /* ---- names ------------------------------------------------------------------------------- */
    ROW(TIMED_OUT, LOOKUP, "The name server has not answered in time."),

    /* ---- any operation ----------------------------------------------------------------------- */
    ROW(EBADF, NONE, "The socket was closed, perhaps in another thread, or never made."),
    ROW(ENOTSOCK, NONE,
        "The handle is no socket: its number may have been closed, and used again for "
        "something else."),
    ROW(EFAULT, NONE, "A pointer is NULL where none may be."),
    ROW(ECANCELED, NONE, "The socket's cancel token was fired: ps_cancel_reset makes it as new."),
    ROW(EINTR, NONE, "The interrupt hook asked for it: the call can be repeated."),
    ROW(EMFILE, NONE,
        "The process has as many open files and sockets as it may: close some, or raise the "
        "limit (ulimit -n)."),
    ROW(ENFILE, NONE, "The whole system has no more files to open."),
    ROW(ENOBUFS, NONE,
        "The system is out of memory for network buffers: send less at a time, or close "
        "sockets."),
    ROW(ENOMEM, NONE, "Memory is short, or a limit of this process is reached."),
    ROW(ENETDOWN, NONE, "The network interface is down: bring it up or use another."),
    ROW(ENETUNREACH, NONE,
        "No route leads there: look at the routing table and the default gateway."),
    ROW(EHOSTUNREACH, NONE,
        "The host does not answer on its network, or a router sends packets back."),
    ROW(ESYSNOTREADY, NONE, "Windows' network services do not run."),
    ROW(ECONNREFUSED, NONE, "No socket listens there."),
    ROW(ECONNRESET, NONE, "The peer ended the connection without a word."),
    ROW(EADDRINUSE, NONE, "Another socket has this address and port."),
    ROW(EADDRNOTAVAIL, NONE,
        "No interface of this machine has this address, or no local port is left."),
    ROW(EAFNOSUPPORT, NONE, "The address is of a family that does not go here."),
    ROW(EACCES, NONE,
        "The system's rights or a firewall forbid it: try as root or administrator to find "
        "out which."),
    ROW(ENOTCONN, NONE, "The connection was never made or has broken."),
    ROW(TIMED_OUT, NONE,
        "The timeout or deadline has expired: ps_settimeout and ps_setdeadline allow more."),
    ROW(ETIMEDOUT, NONE,
        "No answer came from the other machine: it is down, or the network between is, or a "
        "firewall drops the packets."),
    ROW(EWOULDBLOCK, NONE,
        "In non-blocking mode the call would have to wait: try again when the socket is "
        "ready."),
    ROW(EAI_NONAME, NONE,
        "The name does not exist: look for a typing error, or ask for it with its full "
        "domain."),
    ROW(EAI_AGAIN, NONE,
        "The name server did not answer: try again, and look at the network and its settings."),
    ROW(EAI_FAIL, NONE, "The name server answered with a failure of its own."),
    ROW(EAI_NODATA, NONE, "The name exists, but has no address of this family: ask for AF_UNSPEC."),
    ROW(EAI_FAMILY, NONE,
        "Names have addresses of AF_INET and AF_INET6 only, or AF_UNSPEC for both."),
    ROW(EAI_SERVICE, NONE,
        "The service is not in the system's list for this type: pass the port as a number."),
    ROW(EAI_IDN_ENCODE, NONE,
        "The name has characters that a host name cannot have, or is not UTF-8."),
    ROW(HOST_NOT_FOUND, NONE,
        "No host has that name or address: is it in the DNS or in the hosts file?"),
    ROW(TRY_AGAIN, NONE, "The lookup failed for the moment: the name server may be out of reach."),
    ROW(NO_DATA, NONE, "The host is known, without an address."),
    ROW(BAD_PORT, NONE, "A port is a number from 0 to 65535."),
    ROW(BAD_SCOPE, NONE,
        "The part behind the % must be an interface of this machine: fe80::1%eth0, on Windows"
        " a number."),
    ROW(BAD_ADDRESS, NONE, "Write it as 192.0.2.1, 2001:db8::1 or [2001:db8::1]:80."),
    ROW(BAD_LENGTH, NONE,
        "The buffer is too small for the result, or the size too large to be meant."),
    ROW(PATH_TOO_LONG, NONE,
        "Use a shorter path, or change the directory and use a relative path."),
    ROW(NO_SERVICE, NONE,
        "The service is not in the system's list (/etc/services): pass its port."),
    ROW(NO_PROTOCOL, NONE, "The protocol is not in the system's list: use an IPPROTO_ constant."),
};
/* clang-format on */

enum { ROW_COUNT = sizeof rows / sizeof rows[0] };

const ps__explanation *ps__explanations(size_t *count)
{
    *count = ROW_COUNT;
    return rows;
}

const char *ps_explain(int code, int operation)
{
    size_t i;

    for (i = 0; i < ROW_COUNT; i++) {
        if (rows[i].code == code &&
            (rows[i].operation == operation || rows[i].operation == PS_OPERATION_NONE))
            return rows[i].text;
    }
    return "";
}
