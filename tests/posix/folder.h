/* A folder of a test's own, for sockets that have a path. */
#ifndef TESTS_POSIX_FOLDER_H
#define TESTS_POSIX_FOLDER_H

#include "test.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct folder {
    char name[64];
    int back; /* the folder that the test ran in */
} folder;

/* Makes it, and runs there from now on. Anybody may enter it. */
static inline folder folder_enter(void)
{
    folder f = {.name = "/tmp/portsock-XXXXXX"};

    f.back = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    ck_assert_int_ge(f.back, 0);
    ck_assert_ptr_nonnull(mkdtemp(f.name));
    ck_assert_int_eq(chmod(f.name, 0755), 0);
    ck_assert_int_eq(chdir(f.name), 0);
    return f;
}

/* Everything in it has been removed, or this fails. */
static inline void folder_leave(const folder *f)
{
    ck_assert_int_eq(fchdir(f->back), 0);
    ck_assert_int_eq(close(f->back), 0);
    ck_assert_int_eq(rmdir(f->name), 0);
}

#endif
