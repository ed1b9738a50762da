/* Files as the system knows them, for ps_sendfile. */
#ifndef TESTS_SUPPORT_NATIVE_FILE_H
#define TESTS_SUPPORT_NATIVE_FILE_H

#include "test.h"

#include <stdint.h>

/* An open file, of a name that no other process here has. */
typedef struct native_file {
    ps_native_file file;
    char path[64];
} native_file;

/* For reading, in each of the ways that the system has for that. */
enum { WAYS_TO_OPEN = 2 };
native_file native_file_open(const char *path, int way);
void native_file_close(native_file *f);

/* A file of `size` bytes of a long text that begin at `offset`, behind a hole. It is gone when it
 * is closed. */
native_file native_file_make(uint64_t offset, size_t size, int way);

/* What cannot be sent. */
native_file native_file_for_writing(void);
native_file native_file_directory(void);
native_file native_file_pipe(void);
native_file native_file_closed(void);

#endif
