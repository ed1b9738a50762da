/*
 * SO_ERROR may still read 0 when a wait has already reported that an attempt to connect has failed.
 * Here the first read after the failure is that one. Wine has the error at once.
 *
 * Source: LuaSocket, src/wsocket.c, socket_connect: "give windows time to set the error", and 10 ms
 * of sleep before it asks for SO_ERROR.
 */
#include "../layer.h"

#include "../records.h"

static functions next;

static int WSAAPI rule_getsockopt(SOCKET s, int level, int option, char *value, int *length)
{
    int result = next.getsockopt(s, level, option, value, length);
    socket_record *record;

    if (result != 0 || level != SOL_SOCKET || option != SO_ERROR || *(int *)value == 0)
        return result;
    record = hold_record(s);
    if (record != NULL && record->connected && !record->error_asked) {
        record->error_asked = true;
        *(int *)value = 0;
    }
    release_record(record);
    return result;
}

static int WSAAPI rule_connect(SOCKET s, const struct sockaddr *name, int length)
{
    int result = next.connect(s, name, length);
    bool in_progress = result != 0 && WSAGetLastError() == WSAEWOULDBLOCK;
    socket_record *record = hold_record(s);

    if (record != NULL)
        record->error_asked = !in_progress;
    release_record(record);
    return result;
}

/* A call that fails itself has the error. */
static int note_failure(SOCKET s, int result)
{
    socket_record *record;

    if (result != SOCKET_ERROR || WSAGetLastError() == WSAEWOULDBLOCK)
        return result;
    record = hold_record(s);
    if (record != NULL)
        record->error_asked = true;
    release_record(record);
    return result;
}

static int WSAAPI rule_recv(SOCKET s, char *data, int size, int flags)
{
    return note_failure(s, next.recv(s, data, size, flags));
}

static int WSAAPI rule_send(SOCKET s, const char *data, int size, int flags)
{
    return note_failure(s, next.send(s, data, size, flags));
}

const rule error_comes_late_rule = {
    .next = &next,
    .stands_before = {.getsockopt = rule_getsockopt,
                      .connect = rule_connect,
                      .recv = rule_recv,
                      .send = rule_send},
};
