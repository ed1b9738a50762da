/* Sockets handed to another process: by ps_share, and as the standard input of a server (rows
 * R117 and R118). */
#include "test.h"

#include <stdio.h>
#include <wchar.h>
#include <windows.h>

/* Long enough for what one machine does, on a busy machine, too. */
#define PATIENCE 15.0

/* ---- helpers --------------------------------------------------------------------------------- */

enum { PATH_SIZE = 1024, LINE_SIZE = PATH_SIZE + 64 };

/* "PROGRAM ARGUMENTS", of a program in the directory of this one, whose name may be in any
 * script. */
static void write_command(const char *name, const char *arguments, wchar_t line[LINE_SIZE])
{
    wchar_t path[PATH_SIZE];
    DWORD length = GetModuleFileNameW(NULL, path, PATH_SIZE);
    ck_assert(length > 0 && length < PATH_SIZE);
    wchar_t *end = wcsrchr(path, L'\\');
    ck_assert_ptr_nonnull(end);
    *end = L'\0';
    ck_assert_int_gt(swprintf(line, LINE_SIZE, L"\"%ls\\%hs\" %hs", path, name, arguments), 0);
}

/* Starts a program beside this one; its standard input is `input`, which it inherits, and
 * nothing else that it needs. */
static HANDLE start(const char *name, const char *arguments, HANDLE input, DWORD *pid)
{
    wchar_t line[LINE_SIZE];
    STARTUPINFOW startup = {
        .cb = sizeof startup, .dwFlags = STARTF_USESTDHANDLES, .hStdInput = input};
    PROCESS_INFORMATION process;

    write_command(name, arguments, line);
    ck_assert(CreateProcessW(NULL, line, NULL, NULL, TRUE, 0, NULL, NULL, &startup, &process));
    CloseHandle(process.hThread);
    *pid = process.dwProcessId;
    return process.hProcess;
}

static void await_end(HANDLE process)
{
    DWORD status = 1;

    ck_assert_uint_eq(WaitForSingleObject(process, (DWORD)(PATIENCE * 1000)), WAIT_OBJECT_0);
    ck_assert(GetExitCodeProcess(process, &status));
    ck_assert_uint_eq(status, 0);
    CloseHandle(process);
}

static void receive_text(ps_sock *s, const char *text)
{
    char room[64];

    ck_assert_int_eq(ps_recv(s, room, strlen(text), MSG_WAITALL), (ptrdiff_t)strlen(text));
    ck_assert_mem_eq(room, text, strlen(text));
}

/* ---- sharing --------------------------------------------------------------------------------- */

START_TEST(processes_share_a_socket)
{
    unsigned char blob[PS_SHARE_SIZE];
    size_t size = sizeof blob;
    ps_sock client, server;
    HANDLE input, output, child;
    DWORD pid, written;

    test_tcp_pair(&client, &server);
    ck_assert_ok(ps_settimeout(&client, PATIENCE));
    ck_assert(CreatePipe(&input, &output, NULL, 0));
    ck_assert(SetHandleInformation(input, HANDLE_FLAG_INHERIT, HANDLE_FLAG_INHERIT));
    child = start("share_child.exe", "", input, &pid);
    CloseHandle(input);

    ck_assert_ok(ps_share(&server, pid, blob, &size));
    ck_assert_uint_le(size, PS_SHARE_SIZE);
    ck_assert(WriteFile(output, blob, (DWORD)size, &written, NULL));
    ck_assert_uint_eq(written, size);
    CloseHandle(output);
    receive_text(&client, "child");
    /* The child's is a socket of its own. */
    ck_assert_ok(ps_close(&server));
    ck_assert_ok(ps_sendall(&client, "parent", 6, 0, NULL));
    await_end(child);
    ck_assert_int_eq(ps_recv(&client, blob, 1, 0), 0);
    ck_assert_ok(ps_close(&client));
}
END_TEST

/* ---- standard input -------------------------------------------------------------------------- */

/* Rows: R118. */
START_TEST(processes_server_has_a_connection_as_standard_input)
{
    ps_sock client, server;
    HANDLE child;
    DWORD pid;
    char byte;

    test_tcp_pair(&client, &server);
    ck_assert_ok(ps_settimeout(&client, PATIENCE));
    ck_assert_ok(ps_set_inheritable(&server, true));
    child = start("inetd_echo.exe", "10", (HANDLE)ps_fileno(&server), &pid);
    ck_assert_ok(ps_close(&server));
    ck_assert_ok(ps_sendall(&client, "hello", 5, 0, NULL));
    receive_text(&client, "hello");
    ck_assert_ok(ps_shutdown(&client, SHUT_WR));
    ck_assert_int_eq(ps_recv(&client, &byte, 1, 0), 0);
    await_end(child);
    ck_assert_ok(ps_close(&client));
}
END_TEST

void add_processes_tests(Suite *suite)
{
    ADD_TEST_CASE(suite, processes_share_a_socket);
    ADD_TEST_CASE(suite, processes_server_has_a_connection_as_standard_input);
}
