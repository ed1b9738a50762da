/* A program that is ended, with all that it has started, when its time is over. */
#include "windows_check.h"

#include <stdlib.h>
#include <string.h>

/* How long a step waits. Nothing is measured by it. */
enum { STEP_MILLISECONDS = 20 };

/* More than this of a program's output is read and dropped. */
enum { OUTPUT_MAX = 4 * 1024 * 1024 };

/* A job ends its processes when its last handle is closed, also when this program is ended. */
static HANDLE new_job(void)
{
    JOBOBJECT_EXTENDED_LIMIT_INFORMATION limits = {.BasicLimitInformation.LimitFlags =
                                                       JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE};
    HANDLE job = CreateJobObjectW(NULL, NULL);
    if (job)
        SetInformationJobObject(job, JobObjectExtendedLimitInformation, &limits, sizeof limits);
    return job;
}

/* Opens both ends of the output, and an empty input. */
static DWORD open_streams(child *c, STARTUPINFOW *startup)
{
    SECURITY_ATTRIBUTES inherited = {.nLength = sizeof inherited, .bInheritHandle = TRUE};
    HANDLE output;
    if (!CreatePipe(&c->pipe, &output, &inherited, 0))
        return GetLastError();
    SetHandleInformation(c->pipe, HANDLE_FLAG_INHERIT, 0);
    startup->cb = sizeof *startup;
    startup->dwFlags = STARTF_USESTDHANDLES;
    startup->hStdInput = CreateFileW(L"NUL", GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_WRITE,
                                     &inherited, OPEN_EXISTING, 0, NULL);
    startup->hStdOutput = output;
    startup->hStdError = output;
    return 0;
}

static void close_streams(const STARTUPINFOW *startup)
{
    CloseHandle(startup->hStdInput);
    CloseHandle(startup->hStdOutput);
}

DWORD child_start(child *c, const wchar_t *program, wchar_t *command_line)
{
    STARTUPINFOW startup = {0};
    PROCESS_INFORMATION process;
    *c = (child){0};
    DWORD error = open_streams(c, &startup);
    if (error != 0)
        return error;
    c->job = new_job();
    /* A group of its own: Ctrl-C is for this program, whose end is the end of the job. */
    bool started =
        CreateProcessW(program, command_line, NULL, NULL, TRUE,
                       CREATE_SUSPENDED | CREATE_NEW_PROCESS_GROUP, NULL, NULL, &startup, &process);
    error = started ? 0 : GetLastError();
    close_streams(&startup);
    if (!started) {
        child_free(c);
        return error;
    }
    c->process = process.hProcess;
    /* Windows 7 refuses this where the programs are in a job already; then there is no job. */
    if (c->job && !AssignProcessToJobObject(c->job, c->process)) {
        CloseHandle(c->job);
        c->job = NULL;
    }
    ResumeThread(process.hThread);
    CloseHandle(process.hThread);
    return 0;
}

static void keep(child *c, const char *data, size_t size)
{
    if (c->size + size + 1 > c->capacity) {
        size_t capacity = (c->size + size + 1) * 2;
        char *larger = capacity > OUTPUT_MAX ? NULL : realloc(c->output, capacity);
        if (!larger)
            return;
        c->output = larger;
        c->capacity = capacity;
    }
    memcpy(c->output + c->size, data, size);
    c->size += size;
    c->output[c->size] = '\0';
}

static void read_output(child *c)
{
    char data[4096];
    DWORD available, size;
    while (PeekNamedPipe(c->pipe, NULL, 0, NULL, &available, NULL) && available > 0) {
        DWORD wanted = available < sizeof data ? available : sizeof data;
        if (!ReadFile(c->pipe, data, wanted, &size, NULL))
            return;
        keep(c, data, size);
    }
}

bool child_step(child *c)
{
    bool ended = WaitForSingleObject(c->process, STEP_MILLISECONDS) == WAIT_OBJECT_0;
    read_output(c);
    return ended;
}

void child_kill(child *c)
{
    if (c->job)
        TerminateJobObject(c->job, 1);
    TerminateProcess(c->process, 1);
    WaitForSingleObject(c->process, INFINITE);
    read_output(c);
}

DWORD child_status(child *c)
{
    DWORD status = 1;
    GetExitCodeProcess(c->process, &status);
    return status;
}

void child_free(child *c)
{
    if (c->process)
        CloseHandle(c->process);
    if (c->job)
        CloseHandle(c->job);
    CloseHandle(c->pipe);
    free(c->output);
}
