/*
 * What the driver of Winsock's own providers answers to a poll is not documented: in which order it
 * lists the sockets that are ready, what the list is after a timeout, and with which status it
 * refuses. Here the order is the reverse, the list that of the request, and a test chooses the
 * status.
 *
 * Polls that wait are left alone, since their answer comes past this layer.
 *
 * ReactOS, drivers/network/afd/afd/select.c: the list after a timeout is that of the request.
 */
#include "driver_answers.h"

#include "../layer.h"

#include <string.h>

enum { AFD_POLL = 0x00012024 };

typedef struct listed_socket {
    HANDLE handle;
    ULONG events;
    LONG status;
} listed_socket;

typedef struct socket_list {
    LARGE_INTEGER timeout;
    ULONG count;
    ULONG exclusive;
    listed_socket sockets[];
} socket_list;

static functions next;
static LONG volatile refusal;

void refuse_polls(long status)
{
    InterlockedExchange(&refusal, status);
}

static void reverse(socket_list *list)
{
    for (ULONG i = 0; i < list->count / 2; i++) {
        ULONG k = list->count - 1 - i;
        listed_socket earlier = list->sockets[i];

        list->sockets[i] = list->sockets[k];
        list->sockets[k] = earlier;
    }
}

static NTSTATUS change(const void *input, ULONG size, socket_list *answer, NTSTATUS status)
{
    if (status == STATUS_TIMEOUT || (status == 0 && answer->count == 0)) {
        memcpy(answer, input, size);
        return STATUS_TIMEOUT;
    }
    if (status == 0)
        reverse(answer);
    return status;
}

static NTSTATUS NTAPI rule_NtDeviceIoControlFile(HANDLE handle, HANDLE event, PIO_APC_ROUTINE done,
                                                 void *context, IO_STATUS_BLOCK *status,
                                                 ULONG control, void *input, ULONG input_size,
                                                 void *output, ULONG output_size)
{
    NTSTATUS result;

    if (control == AFD_POLL && refusal != 0)
        return refusal;
    result = next.NtDeviceIoControlFile(handle, event, done, context, status, control, input,
                                        input_size, output, output_size);
    if (control != AFD_POLL || input_size > output_size ||
        ((const socket_list *)input)->timeout.QuadPart != 0)
        return result;
    while (result == STATUS_PENDING) { /* for a moment: the poll does not wait */
        next.WaitForSingleObject(event, INFINITE);
        result = status->Status;
    }
    return change(input, input_size, output, result);
}

const rule driver_answers_rule = {
    .next = &next,
    .stands_before = {.NtDeviceIoControlFile = rule_NtDeviceIoControlFile},
};
