/* Stands in for a suite in the test of windows_check: its tests pass, fail, are skipped, hang and
 * crash. It prints what tests/support/main.c prints. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <windows.h>

static const char held_file[] = "held.tmp";

/* Nothing else can open the file while a process has the handle. */
static HANDLE hold_file(DWORD flags)
{
    SECURITY_ATTRIBUTES inherited = {.nLength = sizeof inherited, .bInheritHandle = TRUE};
    return CreateFileA(held_file, GENERIC_WRITE, 0, &inherited, OPEN_ALWAYS, flags, NULL);
}

/* A program that a test starts has to end with the test. This one holds the file until then. */
static void start_holder(void)
{
    char command[] = "check_sample --hold";
    STARTUPINFOA startup = {.cb = sizeof startup};
    PROCESS_INFORMATION process;
    if (hold_file(0) == INVALID_HANDLE_VALUE ||
        !CreateProcessA(NULL, command, NULL, NULL, TRUE, 0, NULL, NULL, &startup, &process))
        exit(3);
}

static int file_is_free(void)
{
    for (int tries = 0; tries < 100; tries++) {
        if (hold_file(FILE_FLAG_DELETE_ON_CLOSE) != INVALID_HANDLE_VALUE)
            return 0;
        Sleep(100);
    }
    return 4;
}

/* What must not go into the file of results. */
static void print_names(void)
{
    char user[256] = "", directory[1024] = "", computer[256] = "";
    DWORD size = sizeof user;
    GetUserNameA(user, &size);
    size = sizeof computer;
    GetComputerNameExA(ComputerNameDnsHostname, computer, &size);
    GetCurrentDirectoryA(sizeof directory, directory);
    printf("I am %s on %s in %s\\x, \xc3\xa9\n", user, computer, directory);
}

static int run(const char *name)
{
    if (strcmp(name, "fails") == 0) {
        print_names();
        return 1;
    }
    if (strcmp(name, "skips") == 0) {
        puts("skipped: for a reason");
        return 77;
    }
    if (strcmp(name, "hangs") == 0) {
        puts("I hang");
        start_holder();
        Sleep(INFINITE);
    }
    if (strcmp(name, "crashes") == 0)
        RaiseException(0xc0000005, EXCEPTION_NONCONTINUABLE, 0, NULL);
    if (strcmp(name, "is_alone_again") == 0)
        return file_is_free();
    if (strcmp(name, "ends_early") == 0)
        exit(0);
    return 0;
}

int main(int argc, char **argv)
{
    setvbuf(stdout, NULL, _IONBF, 0);
    if (argc == 2 && strcmp(argv[1], "--hold") == 0)
        Sleep(INFINITE);
    if (argc > 2 && strcmp(argv[2], "is_silent") == 0)
        return 5;
    for (int i = 2; i < argc; i++) {
        printf("begin %s\n", argv[i]);
        int status = run(argv[i]);
        if (status != 0)
            return status;
        printf("passed %s\n", argv[i]);
        if (strcmp(argv[i], "passes_and_dies") == 0)
            return 9;
    }
    return 0;
}
