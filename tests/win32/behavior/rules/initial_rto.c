/*
 * A refused TCP connect sends its SYN twice more, half a second apart, also to this machine, and
 * reports the refusal only then. SIO_TCP_INITIAL_RTO came with Windows 8; its value "no
 * retransmission" (254) with Windows 10 1709. It prevents both.
 *
 * Here a blocking connect reports its refusal after a moment, and no SYN is repeated. How many
 * connects would repeat theirs is counted: no test can wait for seconds.
 *
 * Sources: Microsoft, SIO_TCP_INITIAL_RTO and TCP_INITIAL_RTO_PARAMETERS; Go, internal/syscall/
 * windows, SupportTCPInitialRTONoSYNRetransmissions; libuv, src/win/tcp.c.
 */
#include "initial_rto.h"

#include "../records.h"

#include <mstcpip.h>

static functions next;

enum { NO_RETRANSMISSION = 254, MOMENT = 40 };

static volatile LONG unknown, that_repeat, that_do_not;

long rto_values_unknown(void)
{
    return unknown;
}

long connects_that_repeat(void)
{
    return that_repeat;
}

long connects_that_do_not(void)
{
    return that_do_not;
}

static int refuse(int error)
{
    InterlockedIncrement(&unknown);
    WSASetLastError(error);
    return SOCKET_ERROR;
}

static int WSAAPI rule_WSAIoctl(SOCKET s, DWORD control, void *input, DWORD input_size,
                                void *output, DWORD output_size, DWORD *returned,
                                WSAOVERLAPPED *overlapped, completion_routine done)
{
    const TCP_INITIAL_RTO_PARAMETERS *parameters = input;
    socket_record *record;

    if (control != SIO_TCP_INITIAL_RTO)
        return next.WSAIoctl(s, control, input, input_size, output, output_size, returned,
                             overlapped, done);
    if (active_profile()->build < WINDOWS_8)
        return refuse(WSAEOPNOTSUPP);
    if (parameters->MaxSynRetransmissions == NO_RETRANSMISSION &&
        active_profile()->build < WINDOWS_10_1709)
        return refuse(WSAEINVAL);
    record = hold_record(s);
    if (record != NULL)
        record->repeats_no_syn = parameters->MaxSynRetransmissions == NO_RETRANSMISSION;
    release_record(record);
    return record != NULL ? 0 : SOCKET_ERROR;
}

static bool is_this_machine(const struct sockaddr *name)
{
    const struct sockaddr_in *inet = (const struct sockaddr_in *)name;
    const struct sockaddr_in6 *inet6 = (const struct sockaddr_in6 *)name;

    return (name->sa_family == AF_INET && inet->sin_addr.s_net == 127) ||
           (name->sa_family == AF_INET6 && IN6_IS_ADDR_LOOPBACK(&inet6->sin6_addr));
}

static bool repeats(SOCKET s, const struct sockaddr *name)
{
    socket_record *record = is_this_machine(name) ? hold_record(s) : NULL;
    bool is_stream = record != NULL && record->type == SOCK_STREAM;
    bool again = is_stream && !record->repeats_no_syn;

    release_record(record);
    if (is_stream)
        InterlockedIncrement(again ? &that_repeat : &that_do_not);
    return again;
}

static int WSAAPI rule_connect(SOCKET s, const struct sockaddr *name, int length)
{
    bool again = repeats(s, name);
    int result = next.connect(s, name, length);
    int error = WSAGetLastError();

    if (again && result != 0 && error == WSAECONNREFUSED)
        Sleep(MOMENT);
    WSASetLastError(error);
    return result;
}

const rule initial_rto_rule = {
    .next = &next,
    .stands_before = {.WSAIoctl = rule_WSAIoctl, .connect = rule_connect},
};
