#include "long_text.h"

enum { REST_AFTER = 512 * 1024 };

unsigned char byte_at(size_t place)
{
    return (unsigned char)(place * 7 + (place >> 8) * 13 + (place >> 16) * 31);
}

unsigned char *long_text(size_t n)
{
    unsigned char *text = malloc(n);

    ck_assert_ptr_nonnull(text);
    for (size_t i = 0; i < n; i++)
        text[i] = byte_at(i);
    return text;
}

reader reader_of(ps_sock *s, double rest)
{
    reader r = {.socket = s, .rest = rest, .right = true, .end = 99};

    return r;
}

void read_to_the_end(void *argument)
{
    unsigned char buffer[16 * 1024];
    reader *r = argument;

    while ((r->end = ps_recv(r->socket, buffer, sizeof buffer, 0)) > 0) {
        size_t count = (size_t)r->end;
        for (size_t i = 0; i < count; i++)
            r->right = r->right && buffer[i] == byte_at(r->count + i);
        if (r->rest > 0 && (r->count + count) / REST_AFTER > r->count / REST_AFTER)
            test_sleep(r->rest);
        r->count += count;
    }
}

void assert_read(const reader *r, size_t n)
{
    ck_assert_code(r->end, 0);
    ck_assert_uint_eq(r->count, n);
    ck_assert(r->right);
}
