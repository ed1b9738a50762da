#include "config.h"

#include "common/address/hash.h"
#include "common/backend.h"
#include "common/text.h"
#include "family/family.h"
#include "family/unix_native.h"

#include <string.h>

/*
 * AF_UNIX: a path, or on Linux an abstract name with a leading NUL, of bytes of any value.
 *
 * Text: "unix:/path", "unix:@name" for an abstract name, "unix:" for the unnamed address. What a
 * reader could not see or a parser could mistake is written \xHH: control characters, backslash,
 * a leading '@' of a path, and bytes above 0x7f of a path that is not UTF-8.
 */

enum {
    PATH_OFFSET = offsetof(struct sockaddr_un, sun_path),
    PATH_MAX_LENGTH = sizeof(((struct sockaddr_un *)0)->sun_path)
};

static unsigned char *path_of(ps_addr *a)
{
    return (unsigned char *)&a->storage + PATH_OFFSET;
}

/* `path_max`: the longest path that is not abstract. */
static int make(ps_addr *a, const unsigned char *bytes, size_t len, size_t path_max)
{
    bool abstract = len > 0 && bytes[0] == 0;

    if (len > (abstract ? PATH_MAX_LENGTH : path_max))
        return PS_PATH_TOO_LONG;
    if (!abstract && len > 0 && memchr(bytes, 0, len))
        return PS_BAD_ADDRESS;
    ps__addr_clear(a, AF_UNIX,
                   PATH_OFFSET + len + (abstract || len == 0 || len == PATH_MAX_LENGTH ? 0 : 1));
    if (len > 0)
        memcpy(path_of(a), bytes, len);
    return 0;
}

/* As in Python 2.7 a path has its NUL, also where the system does without. */
int ps_addr_unix(ps_addr *a, const void *path, size_t len)
{
    if (!a)
        return PS_EFAULT;
    a->len = 0;
    if (!path && len > 0)
        return PS_BAD_ADDRESS;
    return make(a, path, len, PATH_MAX_LENGTH - 1);
}

int ps_addr_get_unix(const ps_addr *a, const void **path, size_t *len)
{
    const unsigned char *bytes;
    size_t size;

    if (path)
        *path = NULL;
    if (len)
        *len = 0;
    if (!a || !path || !len)
        return PS_EFAULT;
    if (ps_addr_family(a) != AF_UNIX)
        return PS_BAD_FAMILY;
    bytes = (const unsigned char *)&a->storage + PATH_OFFSET;
    size = (size_t)a->len > PATH_OFFSET ? (size_t)a->len - PATH_OFFSET : 0;
    if (size > PATH_MAX_LENGTH)
        size = PATH_MAX_LENGTH;
    if (size > 0 && bytes[0] != 0) {
        const unsigned char *end = memchr(bytes, 0, size);
        if (end)
            size = (size_t)(end - bytes);
    }
    *path = bytes;
    *len = size;
    return 0;
}

#if PS__HAVE_AFUNIX_H
static bool has_only_nuls(const ps_addr *a)
{
    const unsigned char *path = (const unsigned char *)&a->storage + PATH_OFFSET;
    size_t i = 0;

    while (i < PATH_MAX_LENGTH && path[i] == 0)
        i++;
    return i == PATH_MAX_LENGTH;
}

void ps__unix_name_from_system(ps_addr *a)
{
    if (a->sa.sa_family == AF_UNIX && a->len > PATH_OFFSET && has_only_nuls(a))
        a->len = PATH_OFFSET;
}
#else
void ps__unix_name_from_system(ps_addr *a)
{
    (void)a;
}
#endif

/* How many bytes from here on are written as they are: a character, or none. */
static size_t plain_length(const unsigned char *bytes, bool utf8)
{
    if (bytes[0] == '\\' || (bytes[0] >= 0x80 && !utf8))
        return 0;
    return ps__text_printable((const char *)bytes);
}

static int format_unix(const ps_addr *a, char *text, size_t size)
{
    char whole[sizeof "unix:@" + 4 * PATH_MAX_LENGTH];
    char copy[PATH_MAX_LENGTH + 1];
    const void *path;
    const unsigned char *bytes;
    size_t len, n, i = 0;
    char *to = whole;
    bool utf8;

    (void)ps_addr_get_unix(a, &path, &len);
    bytes = path;
    memcpy(to, "unix:", 5);
    to += 5;
    if (len > 0 && bytes[0] == 0) {
        *to++ = '@';
        i = 1;
    } else if (len > 0 && bytes[0] == '@') {
        to = ps__text_escape(bytes[0], to);
        i = 1;
    }
    memcpy(copy, bytes + i, len - i);
    copy[len - i] = '\0';
    utf8 = !memchr(copy, 0, len - i) && ps__text_is_utf8(copy);
    for (; i < len; i += n) {
        n = plain_length(bytes + i, utf8);
        memcpy(to, bytes + i, n);
        to += n;
        if (n == 0) {
            to = ps__text_escape(bytes[i], to);
            n = 1;
        }
    }
    return ps__text_copy(text, size, whole, (size_t)(to - whole));
}

static int hex_digit(char digit)
{
    if (digit >= '0' && digit <= '9')
        return digit - '0';
    if (digit >= 'a' && digit <= 'f')
        return digit - 'a' + 10;
    return digit >= 'A' && digit <= 'F' ? digit - 'A' + 10 : -1;
}

/* Reads one byte of the text form and moves on; -1 for an escape that is none. */
static int read_byte(const char **text)
{
    int high, low;

    if (**text != '\\')
        return (unsigned char)*(*text)++;
    if ((*text)[1] != 'x')
        return -1;
    high = hex_digit((*text)[2]);
    low = high < 0 ? -1 : hex_digit((*text)[3]);
    if (low < 0)
        return -1;
    *text += 4;
    return high * 16 + low;
}

static int parse_unix(ps_addr *a, const char *text)
{
    unsigned char path[PATH_MAX_LENGTH + 1];
    size_t len = 0;

    if (*text == '@') {
        path[len++] = 0;
        text++;
    }
    while (*text) {
        int byte = read_byte(&text);
        if (byte < 0)
            return PS_BAD_ADDRESS;
        if (len == sizeof path)
            return PS_PATH_TOO_LONG;
        path[len++] = (unsigned char)byte;
    }
    return make(a, path, len, PS__UNIX_PATH_MAX);
}

static bool equal_unix(const ps_addr *a, const ps_addr *b)
{
    const void *path_a, *path_b;
    size_t len_a, len_b;

    (void)ps_addr_get_unix(a, &path_a, &len_a);
    (void)ps_addr_get_unix(b, &path_b, &len_b);
    return len_a == len_b && memcmp(path_a, path_b, len_a) == 0;
}

static uint64_t hash_unix(const ps_addr *a, uint64_t hash)
{
    const void *path;
    size_t len;

    (void)ps_addr_get_unix(a, &path, &len);
    return ps__hash_bytes(hash, path, len);
}

/* Linux reports 111 bytes for a path of 108 without a NUL. */
const ps__family ps__family_unix = {
    .from_system = ps__unix_name_from_system,
    .family = AF_UNIX,
    .prefix = "unix:",
    .length_min = PATH_OFFSET,
    .length_max = sizeof(struct sockaddr_un) + 1,
    .parse = parse_unix,
    .format = format_unix,
    .equal = equal_unix,
    .hash = hash_unix,
};
