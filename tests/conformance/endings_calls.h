/*
 * What ends a call that waits: a row for each call, a cell for each way to end it. endings.c
 * runs every cell. docs/threads.md has the same table for readers, and tests/house/endings.sh
 * sees to it that the two agree, and that every function of the public headers is here: in the
 * table, or in one of the lists below it.
 */
#ifndef TESTS_CONFORMANCE_ENDINGS_CALLS_H
#define TESTS_CONFORMANCE_ENDINGS_CALLS_H

/*
 * X(call, what it waits for, then how it ends by
 *   its timeout, the socket's deadline, a token, ps_close of the socket, ps_shutdown(SHUT_RDWR)
 *   of the socket on Linux, the same on Windows, and the interrupt hook after a signal)
 * What it waits for is a function of endings.c, which tells where that cannot be had. A cell is
 *   PS_..., 0   what the call gives
 *   POLL...     what ps_poll says of the socket
 *   GOES_ON     the call is not ended by this, and is by something else
 *   EITHER      as on Linux, or it goes on; later calls are as on Linux
 *   NO_WAY      there is no such way, or nothing that waits
 */
#define CALLS_THAT_WAIT(X)                                                                         \
    X(ps_accept, a_client, PS_TIMED_OUT, PS_TIMED_OUT, PS_ECANCELED, PS_EBADF, PS_EINVAL, GOES_ON, \
      PS_EINTR)                                                                                    \
    X(ps_connect, an_answer, PS_TIMED_OUT, PS_TIMED_OUT, PS_ECANCELED, PS_EBADF, GOES_ON, GOES_ON, \
      PS_EINTR)                                                                                    \
    X(ps_connect_ex, an_answer, PS_EWOULDBLOCK, PS_EWOULDBLOCK, PS_ECANCELED, PS_EBADF, GOES_ON,   \
      GOES_ON, PS_EINTR)                                                                           \
    X(ps_recv, bytes, PS_TIMED_OUT, PS_TIMED_OUT, PS_ECANCELED, PS_EBADF, 0, 0, PS_EINTR)          \
    X(ps_recvfrom, bytes, PS_TIMED_OUT, PS_TIMED_OUT, PS_ECANCELED, PS_EBADF, 0, 0, PS_EINTR)      \
    X(ps_recvmsg, bytes, PS_TIMED_OUT, PS_TIMED_OUT, PS_ECANCELED, PS_EBADF, 0, 0, PS_EINTR)       \
    X(ps_recv_fds, fds, PS_TIMED_OUT, PS_TIMED_OUT, PS_ECANCELED, PS_EBADF, 0, NO_WAY, PS_EINTR)   \
    X(ps_recvmany, datagrams, PS_TIMED_OUT, PS_TIMED_OUT, PS_ECANCELED, PS_EBADF, 0, 0, PS_EINTR)  \
    X(ps_sendmany, room_for_datagrams, PS_TIMED_OUT, PS_TIMED_OUT, PS_ECANCELED, PS_EBADF,         \
      PS_EPIPE, NO_WAY, PS_EINTR)                                                                  \
    X(ps_send, room, PS_TIMED_OUT, PS_TIMED_OUT, PS_ECANCELED, PS_EBADF, PS_EPIPE, EITHER,         \
      PS_EINTR)                                                                                    \
    X(ps_sendall, room, PS_TIMED_OUT, PS_TIMED_OUT, PS_ECANCELED, PS_EBADF, PS_EPIPE, EITHER,      \
      PS_EINTR)                                                                                    \
    X(ps_sendfile, room, PS_TIMED_OUT, PS_TIMED_OUT, PS_ECANCELED, PS_EBADF, PS_EPIPE, EITHER,     \
      PS_EINTR)                                                                                    \
    X(ps_sendto, room, PS_TIMED_OUT, PS_TIMED_OUT, PS_ECANCELED, PS_EBADF, PS_EPIPE, EITHER,       \
      PS_EINTR)                                                                                    \
    X(ps_sendmsg, room, PS_TIMED_OUT, PS_TIMED_OUT, PS_ECANCELED, PS_EBADF, PS_EPIPE, EITHER,      \
      PS_EINTR)                                                                                    \
    X(ps_send_fds, room_for_fds, PS_TIMED_OUT, PS_TIMED_OUT, PS_ECANCELED, PS_EBADF, PS_EPIPE,     \
      NO_WAY, PS_EINTR)                                                                            \
    X(ps_close_gracefully, the_end, PS_TIMED_OUT, PS_TIMED_OUT, PS_ECANCELED, PS_EBADF, 0, 0,      \
      PS_EINTR)                                                                                    \
    X(ps_poll, bytes, 0, GOES_ON, POLLERR, POLLNVAL, POLLIN, POLLIN, PS_EINTR)                     \
    X(ps_poll_with, bytes, 0, GOES_ON, PS_ECANCELED, POLLNVAL, POLLIN, POLLIN, PS_EINTR)           \
    X(ps_poller_wait, bytes, 0, GOES_ON, PS_ECANCELED, GOES_ON, POLLIN, POLLIN, PS_EINTR)          \
    X(ps_file_read, stream_bytes, PS_TIMED_OUT, PS_TIMED_OUT, PS_ECANCELED, GOES_ON, 0, 0,         \
      PS_EINTR)                                                                                    \
    X(ps_file_readline, stream_bytes, PS_TIMED_OUT, PS_TIMED_OUT, PS_ECANCELED, GOES_ON, 0, 0,     \
      PS_EINTR)                                                                                    \
    X(ps_file_write, stream_room, PS_TIMED_OUT, PS_TIMED_OUT, PS_ECANCELED, GOES_ON, PS_EPIPE,     \
      EITHER, PS_EINTR)                                                                            \
    X(ps_file_flush, stream_flush, PS_TIMED_OUT, PS_TIMED_OUT, PS_ECANCELED, GOES_ON, PS_EPIPE,    \
      EITHER, PS_EINTR)                                                                            \
    X(ps_file_close, stream_flush, PS_TIMED_OUT, PS_TIMED_OUT, PS_ECANCELED, GOES_ON, PS_EPIPE,    \
      EITHER, PS_EINTR)                                                                            \
    X(ps_getaddrinfo_within, a_name, PS_TIMED_OUT, NO_WAY, PS_ECANCELED, NO_WAY, NO_WAY, NO_WAY,   \
      PS_EINTR)                                                                                    \
    X(ps_getnameinfo_within, a_name, PS_TIMED_OUT, NO_WAY, PS_ECANCELED, NO_WAY, NO_WAY, NO_WAY,   \
      PS_EINTR)                                                                                    \
    X(ps_getfqdn_within, a_name, PS_TIMED_OUT, NO_WAY, PS_ECANCELED, NO_WAY, NO_WAY, NO_WAY,       \
      PS_EINTR)                                                                                    \
    X(ps_gethostbyname_within, a_name, PS_TIMED_OUT, NO_WAY, PS_ECANCELED, NO_WAY, NO_WAY, NO_WAY, \
      PS_EINTR)                                                                                    \
    X(ps_gethostbyname_ex_within, a_name, PS_TIMED_OUT, NO_WAY, PS_ECANCELED, NO_WAY, NO_WAY,      \
      NO_WAY, PS_EINTR)                                                                            \
    X(ps_gethostbyaddr_within, a_name, PS_TIMED_OUT, NO_WAY, PS_ECANCELED, NO_WAY, NO_WAY, NO_WAY, \
      PS_EINTR)                                                                                    \
    X(ps_addr_inet_within, a_name, PS_TIMED_OUT, NO_WAY, PS_ECANCELED, NO_WAY, NO_WAY, NO_WAY,     \
      PS_EINTR)                                                                                    \
    X(ps_addr_inet6_within, a_name, PS_TIMED_OUT, NO_WAY, PS_ECANCELED, NO_WAY, NO_WAY, NO_WAY,    \
      PS_EINTR)                                                                                    \
    X(ps_create_connection, an_answer, PS_TIMED_OUT, NO_WAY, NO_WAY, NO_WAY, NO_WAY, NO_WAY,       \
      PS_EINTR)                                                                                    \
    X(ps_create_connection_with, an_answer, PS_TIMED_OUT, NO_WAY, PS_ECANCELED, NO_WAY, NO_WAY,    \
      NO_WAY, PS_EINTR)

/* The same of the capture library. */
#define CALLS_OF_CAPTURES_THAT_WAIT(X)                                                       \
    X(ps_capture_next, a_packet, PS_TIMED_OUT, NO_WAY, PS_ECANCELED, NO_WAY, NO_WAY, NO_WAY, \
      PS_EINTR)

/* They wait as long as the system's resolver and its databases do, and nothing ends them. */
#define CALLS_WITHOUT_AN_END                                                                \
    "ps_addr_inet ps_addr_inet6 ps_getaddrinfo ps_getnameinfo ps_getfqdn ps_gethostbyname " \
    "ps_gethostbyname_ex "                                                                  \
    "ps_gethostbyaddr ps_getprotobyname ps_getservbyname ps_getservbyport ps_filter_compile "

/* They end by themselves: ps_close when the calls have left that it ends, or after the time of
 * ps_setlinger. */
#define CALLS_THAT_END_BY_THEMSELVES "ps_close ps_socketpair "

/* They read and write files, and wait as long as the file does. */
#define CALLS_ON_FILES                                                                \
    "ps_capture_writer_open ps_capture_writer_setinterface ps_capture_writer_packet " \
    "ps_capture_writer_statistics "                                                   \
    "ps_capture_writer_flush ps_capture_writer_close ps_capture_reader_open "         \
    "ps_capture_reader_next "                                                         \
    "ps_capture_reader_getinterface ps_capture_reader_getformat ps_capture_reader_close "

/* They never wait. */
#define CALLS_THAT_NEVER_WAIT                                                                     \
    "ps_addr_unix ps_addr_netlink ps_addr_tipc ps_addr_packet ps_addr_vsock ps_addr_can "         \
    "ps_addr_parse "                                                                              \
    "ps_addr_format ps_addr_get_host ps_addr_get_inet6 ps_addr_get_unix ps_addr_get_netlink "     \
    "ps_addr_get_tipc "                                                                           \
    "ps_addr_get_packet ps_addr_get_vsock ps_addr_get_can ps_addr_family ps_addr_port "           \
    "ps_addr_equal "                                                                              \
    "ps_addr_literal ps_addr_none ps_addr_set_port ps_addr_hash ps_addr_unmap ps_addr_same_host " \
    "ps_addr_in "                                                                                 \
    "ps_addr_is_loopback ps_addr_is_multicast ps_addr_is_link_local ps_addr_is_private "          \
    "ps_addr_is_wildcard "                                                                        \
    "ps_addr_from_native ps_inet_aton ps_inet_ntoa ps_inet_pton ps_inet_ntop ps_htonl ps_ntohl "  \
    "ps_htons "                                                                                   \
    "ps_ntohs "                                                                                   \
    "ps_cancel_open ps_cancel_fire ps_cancel_reset ps_cancel_fired ps_cancel_close ps_setcancel " \
    "ps_capture_open ps_capture_stop ps_capture_settimeout ps_capture_setcancel "                 \
    "ps_capture_getstatistics "                                                                   \
    "ps_capture_setfilter ps_capture_getlinktype ps_capture_getinterface ps_capture_fileno "      \
    "ps_capture_close "                                                                           \
    "ps_capture_preflight "                                                                       \
    "ps_constant ps_constants "                                                                   \
    "ps_dissect ps_dissection_format ps_dissection_checksum ps_checksum ps_layer_name "           \
    "ps_setlinger ps_getlinger "                                                                  \
    "ps_error_kind ps_error_name ps_strerror ps_error_native ps_error_from_native "               \
    "ps_setfailure ps_file_setfailure ps_failure_fill ps_failure_format "                         \
    "ps_explain "                                                                                 \
    "ps_filter_check ps_filter_run ps_filter_parse "                                              \
    "ps_getinterfaces ps_freeinterfaces "                                                         \
    "ps_cmsg_space ps_cmsg_len ps_getpeercred ps_share ps_fromshare ps_setreceiveinfo "           \
    "ps_coalesce "                                                                                \
    "ps_freeaddrinfo ps_gethostname ps_freehostent ps_has_ipv6 ps_if_nametoindex "                \
    "ps_if_indextoname "                                                                          \
    "ps_create_server ps_has_dualstack_ipv6 "                                                     \
    "ps_socket ps_fromfd ps_adopt ps_detach ps_set_inheritable ps_get_inheritable ps_fileno "     \
    "ps_bind ps_listen "                                                                          \
    "ps_shutdown ps_getsockname ps_getpeername ps_getsockopt ps_setsockopt ps_getsockopt_int "    \
    "ps_setsockopt_int "                                                                          \
    "ps_geterror ps_ioctl ps_ioctl_keepalive ps_settimeout ps_gettimeout ps_setblocking "         \
    "ps_setdefaulttimeout "                                                                       \
    "ps_getdefaulttimeout ps_monotonic ps_setdeadline ps_set_interrupt "                          \
    "ps_makefile ps_file_eof ps_file_buffered "                                                   \
    "ps_poller_open ps_poller_add ps_poller_modify ps_poller_setdeadline ps_poller_remove "       \
    "ps_poller_wake ps_poller_close ps_poller_add_capture ps_poller_remove_capture "

#endif
