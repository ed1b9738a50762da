/* The layer itself: no call of the program goes around it, and the profile is what it says. */
#include "layer.h"
#include "rules/layered_provider.h"
#include "test.h"

#include <stdio.h>
#include <string.h>

typedef void (*any_function)(void);

/* ---- by the import table --------------------------------------------------------------------- */

/* They touch no socket and no name. */
static bool needs_no_rule(const char *name)
{
    static const char *const harmless[] = {
        "WSAStartup", "WSACleanup",    "WSAGetLastError", "WSASetLastError", "WSACreateEvent",
        "htons",      "WSACloseEvent", "WSASetEvent",     "WSAResetEvent",   "inet_addr",
        "htonl",      "inet_pton",     "inet_ntop",       "inet_ntoa",       "ntohs",
        "ntohl",      "__WSAFDIsSet",
    };

    for (size_t i = 0; i < sizeof harmless / sizeof harmless[0]; i++) {
        if (strcmp(name, harmless[i]) == 0)
            return true;
    }
    return false;
}

static void look_at_imports(const char *module, const char *base, const ULONG_PTR *names)
{
    for (; *names != 0; names++) {
        const IMAGE_IMPORT_BY_NAME *import = (const IMAGE_IMPORT_BY_NAME *)(base + *names);
        ck_assert_msg(!(*names & IMAGE_ORDINAL_FLAG), "an import by number from %s", module);
        ck_assert_msg(needs_no_rule((const char *)import->Name), "%s of %s is not in functions.def",
                      (const char *)import->Name, module);
    }
}

START_TEST(imports_pass_the_layer)
{
    const char *base = (const char *)GetModuleHandleW(NULL);
    const IMAGE_NT_HEADERS *headers =
        (const IMAGE_NT_HEADERS *)(base + ((const IMAGE_DOS_HEADER *)base)->e_lfanew);
    DWORD imports =
        headers->OptionalHeader.DataDirectory[IMAGE_DIRECTORY_ENTRY_IMPORT].VirtualAddress;
    const IMAGE_IMPORT_DESCRIPTOR *from = (const IMAGE_IMPORT_DESCRIPTOR *)(base + imports);
    int modules = 0;

    for (; from->Name != 0; from++, modules++) {
        const char *module = base + from->Name;
        if (_stricmp(module, "ws2_32.dll") == 0 || _stricmp(module, "mswsock.dll") == 0 ||
            _stricmp(module, "iphlpapi.dll") == 0)
            look_at_imports(module, base, (const ULONG_PTR *)(base + from->OriginalFirstThunk));
    }
    ck_assert_int_gt(modules, 0);
}
END_TEST

/* ---- by pointers ----------------------------------------------------------------------------- */

static any_function found(const wchar_t *module, const char *name)
{
    return (any_function)GetProcAddress(GetModuleHandleW(module), name);
}

START_TEST(pointers_pass_the_layer)
{
    static const GUID to_receive = WSAID_WSARECVMSG;
    GUID id = to_receive;
    any_function extension = NULL;
    ps_sock s = test_socket(AF_INET, SOCK_DGRAM);
    DWORD size;

    ck_assert(found(L"ws2_32.dll", "recv") == (any_function)recv);
    ck_assert(found(L"kernel32.dll", "CancelIoEx") == (any_function)CancelIoEx);
    ck_assert(found(L"kernel32.dll", "GetProcAddress") == (any_function)GetProcAddress);
    ck_assert(found(L"ntdll.dll", "NtDeviceIoControlFile") !=
              (any_function)system_functions()->NtDeviceIoControlFile);
    ck_assert(found(L"kernel32.dll", "CreateFileW") != NULL);
    ck_assert(found(L"ws2_32.dll", "NtDeviceIoControlFile") == NULL);
    ck_assert_int_eq(WSAIoctl(ps_fileno(&s), SIO_GET_EXTENSION_FUNCTION_POINTER, &id, sizeof id,
                              &extension, sizeof extension, &size, NULL, NULL),
                     0);
    ck_assert_ptr_nonnull((void *)(uintptr_t)extension);
    ck_assert(extension != (any_function)system_functions()->WSARecvMsg);
    ck_assert_ok(ps_close(&s));
}
END_TEST

/* ---- the profile ----------------------------------------------------------------------------- */

START_TEST(profile_is_the_version)
{
    typedef NTSTATUS(NTAPI * get_version)(RTL_OSVERSIONINFOW * version);
    RTL_OSVERSIONINFOW version = {.dwOSVersionInfoSize = sizeof version};
    get_version ask = (get_version)found(L"ntdll.dll", "RtlGetVersion");
    const profile *p = active_profile();
    bool has = found(L"ws2_32.dll", "GetAddrInfoExCancel") != NULL;

    ck_assert_ptr_nonnull((const void *)p->name);
    ck_assert_int_eq(ask(&version), 0);
    ck_assert_uint_eq(version.dwBuildNumber, p->build);
    ck_assert_uint_eq(version.dwMajorVersion, p->major);
    ck_assert_uint_eq(version.dwMinorVersion, p->minor);
    ck_assert_int_eq(has, p->build >= WINDOWS_8);
}
END_TEST

/* ---- waits ----------------------------------------------------------------------------------- */

/* A stream whose attempt to connect has failed. */
static ps_sock refused_stream(void)
{
    ps_sock s = test_socket(AF_INET, SOCK_STREAM);
    ps_addr closed;

    ck_assert_ok(ps_addr_inet(&closed, "127.0.0.1", 1));
    ck_assert_ok(ps_settimeout(&s, 0));
    ck_assert_code(ps_connect(&s, &closed), PS_EINPROGRESS);
    return s;
}

/* What WSAPoll keeps to itself before Windows 10 2004, ps_poll reports. */
START_TEST(failed_connect_is_seen_where_wsapoll_is_silent)
{
    ps_sock s = refused_stream();
    ps_pollfd entry = {.sock = &s, .events = POLLOUT};
    WSAPOLLFD native = {.fd = ps_fileno(&s), .events = POLLOUT};
    bool is_silent = active_profile()->build < WINDOWS_10_2004;

    ck_assert_int_eq(ps_poll(&entry, 1, 20), 1);
    ck_assert(entry.revents & POLLERR);
    ck_assert_int_eq(WSAPoll(&native, 1, 50), is_silent ? 0 : 1);
    ck_assert_ok(ps_close(&s));
}
END_TEST

/* A wait that falls back to select would look at the sockets now and then only. */
START_TEST(waits_ask_for_base_handles)
{
    ps_sock pair[2];
    ps_pollfd entry = {.sock = &pair[0], .events = POLLIN};

    ck_assert_ok(ps_socketpair(pair, AF_INET, SOCK_STREAM, 0));
    ck_assert_int_eq(ps_poll(&entry, 1, 0.05), 0);
    ck_assert_int_eq(ps_send(&pair[1], "x", 1, 0), 1);
    ck_assert_int_eq(ps_poll(&entry, 1, 20), 1);
    ck_assert_int_eq(selects_of_layered_sockets(), 0);
    ck_assert_ok(ps_close(&pair[0]));
    ck_assert_ok(ps_close(&pair[1]));
}
END_TEST

/* select reports a failed attempt as an exception alone: neither as readable nor as writable. */
START_TEST(failed_connect_is_an_exception_of_select_alone)
{
    ps_sock s = refused_stream();
    ps_handle h = ps_fileno(&s);
    fd_set readable, writable, failed;
    struct timeval patience = {.tv_sec = 20}, none = {0};

    FD_ZERO(&failed);
    FD_SET(h, &failed);
    ck_assert_int_eq(select(0, NULL, NULL, &failed, &patience), 1);
    FD_ZERO(&readable);
    FD_SET(h, &readable);
    FD_ZERO(&writable);
    FD_SET(h, &writable);
    ck_assert_int_eq(select(0, &readable, &writable, &failed, &none), 1);
    ck_assert(FD_ISSET(h, &failed));
    ck_assert(!FD_ISSET(h, &readable));
    ck_assert(!FD_ISSET(h, &writable));
    ck_assert_ok(ps_close(&s));
}
END_TEST

void add_behavior_tests(Suite *suite);
void add_behavior_tests(Suite *suite)
{
    ADD_TEST_CASE(suite, imports_pass_the_layer);
    ADD_TEST_CASE(suite, pointers_pass_the_layer);
    ADD_TEST_CASE(suite, profile_is_the_version);
    ADD_TEST_CASE(suite, failed_connect_is_seen_where_wsapoll_is_silent);
    ADD_TEST_CASE(suite, waits_ask_for_base_handles);
    ADD_TEST_CASE(suite, failed_connect_is_an_exception_of_select_alone);
}
