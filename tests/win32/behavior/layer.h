/*
 * The behavior layer: in front of the unchanged library and its tests, it emulates what Windows is
 * documented to do and Wine does not. Test code, no part of the library.
 *
 * layer.c defines every function of functions.def, under the name by which the linker would take
 * it from its DLL. So each call of the program comes here first, also one by a pointer that
 * GetProcAddress or SIO_GET_EXTENSION_FUNCTION_POINTER returned. It goes through the rules that are
 * active, in the order of rules.def, and ends in the system's own function:
 *
 *     program -> rule -> rule -> records of sockets -> Wine
 *
 * A rule is one file in rules/: a documented behavior, its source, the versions that have it.
 *
 *     static functions next;
 *
 *     static int WSAAPI rule_listen(SOCKET s, int backlog)
 *     {
 *         return next.listen(s, backlog < 200 ? backlog : 200);
 *     }
 *
 *     const rule backlog_is_cut_rule = {
 *         .from = WINDOWS_8_1,
 *         .next = &next,
 *         .stands_before = {.listen = rule_listen},
 *     };
 *
 * `next` has every function of functions.def, not only those that the rule stands before: what the
 * rules behind this one make of it. To add a rule:
 *
 *   - its file in rules/, which begins with the behavior and its source;
 *   - a line in rules.def;
 *   - a field in records.h for what it has to remember of a socket;
 *   - a row in docs/windows-behavior.md;
 *   - a test, if no other fails without the library's repair: in tests/conformance if it can be the
 *     same on every system, else in a file beside this one, a line in behavior.cmake.
 *
 * The environment variable PORTSOCK_BEHAVIOR has the name of a profile (profiles.def), which
 * determines the active rules; without it none is. A test that a profile makes
 * impossible is skipped there, by a tag:
 *
 *     Skipped: windows-7, windows-7-sp1: WHY
 */
#ifndef TESTS_WIN32_LAYER_H
#define TESTS_WIN32_LAYER_H

#include <stdbool.h>
#include <winsock2.h>
#include <ws2tcpip.h>

#include <iphlpapi.h>
#include <mswsock.h>
#include <netioapi.h>
#include <windows.h>
#include <winternl.h>

#ifndef SIO_UDP_NETRESET
#define SIO_UDP_NETRESET _WSAIOW(IOC_VENDOR, 15)
#endif

typedef LPWSAOVERLAPPED_COMPLETION_ROUTINE completion_routine;

/* A pointer to each function. */
typedef struct functions {
#define FUNCTION(module, name, bytes, type, convention, parameters, arguments) \
    type(convention *name) parameters;
#define PROCEDURE(module, name, bytes, convention, parameters, arguments) \
    void(convention * name) parameters;
#define EXTENSION(id, name, bytes, type, failure, parameters, arguments) \
    type(WSAAPI *name) parameters;
#include "functions.def"
} functions;

/* The builds of the versions that rules name. */
enum {
    WINDOWS_7 = 7600,
    WINDOWS_7_SP1 = 7601,
    WINDOWS_8 = 9200,
    WINDOWS_8_1 = 9600,
    WINDOWS_10 = 10240,
    WINDOWS_10_1607 = 14393,
    WINDOWS_10_1703 = 15063,
    WINDOWS_10_1709 = 16299,
    WINDOWS_10_1803 = 17134,
    WINDOWS_10_1809 = 17763,
    WINDOWS_10_2004 = 19041,
    SERVER_2022 = 20348,
    WINDOWS_11 = 22000
};

typedef enum condition {
    ALWAYS,
    LAYERED_PROVIDER,
    IMPERSONATION,
    LOOPBACK_DATAGRAMS_DROPPED,
    FIREWALL_POLICY,
    NO_AFD
} condition;

typedef struct rule {
    unsigned from;           /* the first build that has it; 0: the first of all */
    unsigned before;         /* the first build that does not have it any more; 0: all have it */
    condition condition;     /* ALWAYS: by version alone */
    functions *next;         /* filled in when the program starts */
    functions stands_before; /* NULL: the rule does not care */
} rule;

typedef struct profile {
    const char *name; /* NULL: no rule is active */
    unsigned major, minor, build;
    bool server;
    condition condition;
} profile;

/* The one that the environment names. */
const profile *active_profile(void);

/* The functions of Windows themselves, NULL for what is missing there. */
const functions *system_functions(void);

/* What the layer has in the place of a function of Windows. NULL: nothing. For inject.c. */
void (*stand_in_of(void (*original)(void)))(void);

#endif
