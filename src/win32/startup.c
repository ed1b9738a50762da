#include "config.h"

#include "win32/startup.h"

#include "common/backend.h"

static BOOL CALLBACK start(PINIT_ONCE once, PVOID parameter, PVOID *context)
{
    int *error = parameter;
    WSADATA data;

    (void)once;
    (void)context;
    *error = WSAStartup(MAKEWORD(2, 2), &data);
    if (*error == 0 && data.wVersion != MAKEWORD(2, 2))
        *error = WSAVERNOTSUPPORTED;
    return *error == 0;
}

int ps__winsock_start(void)
{
    static INIT_ONCE once = INIT_ONCE_STATIC_INIT;
    int error = 0;

    if (InitOnceExecuteOnce(&once, start, &error, NULL))
        return 0;
    return ps__from_os(error != 0 ? error : (int)GetLastError());
}
