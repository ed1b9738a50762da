/*
 * Runs an unchanged program with LAUNCH_DLL (rcvall.dll, behavior.dll) loaded before its first
 * instruction:
 *   rcvall_launch PROGRAM ARGUMENT...
 *   behavior_launch PROGRAM ARGUMENT...
 * The DLL stands beside this program. Standard handles and the exit status are PROGRAM's; Ctrl-C
 * is passed on to it in the way of Windows, by a thread that begins in it. 125: it could not be
 * started.
 */
#include "command_line.h"

#include <stdio.h>
#include <string.h>

enum { CANNOT = 125, LOAD_MS = 60000 };

typedef void (*any_function)(void);

static HANDLE program;

static LPTHREAD_START_ROUTINE function_of(const char *module, const char *name)
{
    return (LPTHREAD_START_ROUTINE)(any_function)GetProcAddress(GetModuleHandleA(module), name);
}

static int complain(const char *what)
{
    fprintf(stderr, "launch of " LAUNCH_DLL ": %s: error %lu\n", what, GetLastError());
    return CANNOT;
}

static void name_of_dll(char name[MAX_PATH])
{
    DWORD length = GetModuleFileNameA(NULL, name, MAX_PATH - 16);

    while (length > 0 && name[length - 1] != '\\' && name[length - 1] != '/')
        length--;
    strcpy(name + length, LAUNCH_DLL);
}

/* Makes the program load it, and waits until it has. */
static BOOL load(const char *dll)
{
    void *name = VirtualAllocEx(program, NULL, MAX_PATH, MEM_COMMIT, PAGE_READWRITE);
    HANDLE thread;
    DWORD loaded = 0;

    if (name == NULL || !WriteProcessMemory(program, name, dll, strlen(dll) + 1, NULL))
        return FALSE;
    thread = CreateRemoteThread(program, NULL, 0, function_of("kernel32.dll", "LoadLibraryA"), name,
                                0, NULL);
    if (thread == NULL)
        return FALSE;
    if (WaitForSingleObject(thread, LOAD_MS) == WAIT_OBJECT_0)
        GetExitCodeThread(thread, &loaded);
    CloseHandle(thread);
    return loaded != 0;
}

/* Wine cannot always start a process at once on a busy machine. */
static BOOL create(wchar_t *command, STARTUPINFOW *start, PROCESS_INFORMATION *process)
{
    enum { TRIES = 20, PAUSE_MILLISECONDS = 200 };

    for (int i = 1;; i++) {
        if (CreateProcessW(NULL, command, NULL, NULL, TRUE, CREATE_SUSPENDED, NULL, NULL, start,
                           process))
            return TRUE;
        if (GetLastError() != ERROR_INTERNAL_ERROR || i == TRIES)
            return FALSE;
        Sleep(PAUSE_MILLISECONDS);
    }
}

static BOOL WINAPI pass_on(DWORD event)
{
    LPTHREAD_START_ROUTINE routine = function_of("kernelbase.dll", "CtrlRoutine");
    HANDLE thread;

    if (routine == NULL)
        routine = function_of("kernel32.dll", "CtrlRoutine");
    if (routine == NULL)
        return FALSE;
    thread = CreateRemoteThread(program, NULL, 0, routine, (void *)(ULONG_PTR)event, 0, NULL);
    if (thread != NULL)
        CloseHandle(thread);
    return TRUE;
}

int main(void)
{
    STARTUPINFOW start = {.cb = sizeof start, .dwFlags = STARTF_USESTDHANDLES};
    PROCESS_INFORMATION process;
    wchar_t *command = rest_of_command_line();
    char dll[MAX_PATH];
    DWORD status = CANNOT;

    if (*command == L'\0') {
        fprintf(stderr, "usage, to load " LAUNCH_DLL ": PROGRAM ARGUMENT...\n");
        return CANNOT;
    }
    start.hStdInput = GetStdHandle(STD_INPUT_HANDLE);
    start.hStdOutput = GetStdHandle(STD_OUTPUT_HANDLE);
    start.hStdError = GetStdHandle(STD_ERROR_HANDLE);
    if (!create(command, &start, &process))
        return complain("the program cannot be started");
    program = process.hProcess;
    name_of_dll(dll);
    if (!load(dll)) {
        TerminateProcess(program, CANNOT);
        return complain(dll);
    }
    SetConsoleCtrlHandler(pass_on, TRUE);
    ResumeThread(process.hThread);
    WaitForSingleObject(program, INFINITE);
    GetExitCodeProcess(program, &status);
    return (int)status;
}
