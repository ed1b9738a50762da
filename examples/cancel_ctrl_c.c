/*
 * Ends a receive that waits, on Ctrl-C: the handler fires a cancel token, and the receive returns
 * PS_ECANCELED. So the program ends in its own way, with its sockets closed.
 *
 *   $ cancel_ctrl_c
 *   Listening on 127.0.0.1:PORT
 *   ^C
 *   recvfrom: ECANCELED, operation canceled
 *   Ending
 */
#include "example.h"

#include <signal.h>

static ps_cancel *stop;

#ifdef _WIN32
/* Runs in a thread of its own. When the console is closed or the user logs off, the system ends the
 * process as soon as this returns, so main ends it first. */
static BOOL WINAPI on_console_event(DWORD event)
{
    ps_cancel_fire(stop);
    if (event != CTRL_C_EVENT && event != CTRL_BREAK_EVENT)
        Sleep(INFINITE);
    return TRUE;
}

static bool catch_ctrl_c(void)
{
    return SetConsoleCtrlHandler(on_console_event, TRUE);
}
#else
/* ps_cancel_fire is async-signal-safe. */
static void on_signal(int number)
{
    (void)number;
    ps_cancel_fire(stop);
}

static bool catch_ctrl_c(void)
{
    struct sigaction action = {.sa_handler = on_signal};

    return sigaction(SIGINT, &action, NULL) == 0 && sigaction(SIGTERM, &action, NULL) == 0;
}
#endif

int main(void)
{
    char data[1024];
    ps_addr address;
    ps_sock s;
    ptrdiff_t n;

    check("address", ps_addr_inet(&address, "127.0.0.1", 0));
    check("socket", ps_socket(&s, AF_INET, SOCK_DGRAM, 0));
    check("bind", ps_bind(&s, &address));
    check("cancel token", ps_cancel_open(&stop)); /* before the handler that fires it */
    check("setcancel", ps_setcancel(&s, stop));
    if (!catch_ctrl_c()) {
        fprintf(stderr, "Ctrl-C cannot be caught\n");
        return 1;
    }
    print_listening(&s);
    while ((n = ps_recvfrom(&s, data, sizeof data, 0, &address)) >= 0)
        (void)ps_sendto(&s, data, (size_t)n, 0, &address); /* a datagram may be lost anyway */
    report("recvfrom", (int)n);
    printf("Ending\n");
    ps_close(&s);
    return n == PS_ECANCELED ? 0 : 1; /* the token stays open: the handler may run again */
}
