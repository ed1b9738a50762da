/* A module with the library in it, which the program of unload.c loads and unloads. */
#include <portsock.h>
#include <stdlib.h>

#ifdef _WIN32
#define EXPORT __declspec(dllexport)
#else
#define EXPORT __attribute__((visibility("default")))
#endif

EXPORT int plugin_use_sockets(void);
EXPORT int plugin_look_up(void);
EXPORT int plugin_poll_many(void);

/* No thread, but a wait. */
int plugin_use_sockets(void)
{
    ps_sock pair[2];
    char byte;
    int code = ps_socketpair(pair, AF_INET, SOCK_STREAM, 0);

    if (code == 0)
        code = ps_settimeout(&pair[0], 0.001);
    if (code == 0 && ps_recv(&pair[0], &byte, 1, 0) != PS_TIMED_OUT)
        code = -1;
    if (code == 0)
        code = ps_close(&pair[0]);
    if (code == 0)
        code = ps_close(&pair[1]);
    return code;
}

/* In a thread of the library's. */
int plugin_look_up(void)
{
    ps_addrinfo *list;
    int code =
        ps_getaddrinfo_within("localhost", "80", AF_INET, SOCK_STREAM, 0, 0, 30, NULL, &list);

    if (code == 0)
        ps_freeaddrinfo(list);
    return code;
}

/* So many that the lists are not on the stack. */
int plugin_poll_many(void)
{
    enum { MANY = 1000 };
    ps_pollfd *entries = calloc(MANY, sizeof *entries);
    ps_sock pair[2];
    int code = entries ? ps_socketpair(pair, AF_INET, SOCK_STREAM, 0) : PS_ENOMEM;

    if (code == 0) {
        for (int i = 0; i < MANY; i++) {
            entries[i].sock = &pair[i % 2];
            entries[i].events = POLLIN;
        }
        code = ps_poll(entries, MANY, 0);
        ps_close(&pair[0]);
        ps_close(&pair[1]);
    }
    free(entries);
    return code;
}
