#include "config.h"

#include "common/backend.h"
#include "common/text.h"

#include <string.h>
#include <wchar.h>

const char *ps__sys_number_label(ps_kind kind, int native)
{
    (void)native;
    return kind == PS_KIND_GAI ? "EAI" : kind == PS_KIND_HOST ? "h_errno" : "errno";
}

/* There are two functions of the name strerror_r: one returns the text, the other writes it and returns a number. */
typedef char *text_returned(int number, char *room, size_t size);

static const char *text_of_text(char *text, const char *room)
{
    (void)room;
    return text;
}

static const char *text_of_number(int failed, const char *room)
{
    return failed ? "" : room;
}

#define TEXT_OF(number, room, size)       \
    _Generic(&strerror_r, text_returned * \
             : text_of_text, default      \
             : text_of_number)(strerror_r(number, room, size), room)

static const char *system_text(ps_kind kind, int native, char *room, size_t size)
{
    const char *text = NULL;

    room[0] = '\0';
    if (kind == PS_KIND_GAI)
        text = gai_strerror(native);
#if PS__HAVE_HSTRERROR
    else if (kind == PS_KIND_HOST)
        text = hstrerror(native);
#endif
    else if (kind == PS_KIND_OS)
        text = TEXT_OF(native, room, size);
    return text ? text : "";
}

/* One character; room for four bytes. Returns how many it has. */
static size_t utf8_from_wide(wchar_t wide, char *to)
{
    unsigned long c = (unsigned long)wide;

    if (c < 0x80) {
        to[0] = (char)c;
        return 1;
    }
    if (c < 0x800) {
        to[0] = (char)(0xc0 | c >> 6);
        to[1] = (char)(0x80 | (c & 0x3f));
        return 2;
    }
    if (c < 0x10000) {
        to[0] = (char)(0xe0 | c >> 12);
        to[1] = (char)(0x80 | (c >> 6 & 0x3f));
        to[2] = (char)(0x80 | (c & 0x3f));
        return 3;
    }
    to[0] = (char)(0xf0 | (c >> 18 & 0x07));
    to[1] = (char)(0x80 | (c >> 12 & 0x3f));
    to[2] = (char)(0x80 | (c >> 6 & 0x3f));
    to[3] = (char)(0x80 | (c & 0x3f));
    return 4;
}

/* The system's texts are in the encoding of the user's locale. */
static int copy_as_utf8(char *to, size_t size, const char *text)
{
    mbstate_t state;
    size_t left = strlen(text);
    size_t length = 0;

    memset(&state, 0, sizeof state);
    while (left > 0) {
        char bytes[4];
        wchar_t wide;
        size_t n = mbrtowc(&wide, text, left, &state);
        size_t count;
        if (n == 0 || n > left) {
            memset(&state, 0, sizeof state);
            wide = L'?';
            n = 1;
        }
        count = utf8_from_wide(wide, bytes);
        if (count >= size - length)
            return PS_BAD_LENGTH;
        memcpy(to + length, bytes, count);
        length += count;
        text += n;
        left -= n;
    }
    to[length] = '\0';
    return 0;
}

int ps__sys_number_text(ps_kind kind, int native, char *text, size_t size)
{
    char room[256];
    const char *native_text = system_text(kind, native, room, sizeof room);

    if (ps__text_is_ascii(native_text))
        return ps__text_copy(text, size, native_text, strlen(native_text));
    return copy_as_utf8(text, size, native_text);
}
