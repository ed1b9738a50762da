#include "config.h"

#include "common/backend.h"
#include "win32/utf16.h"

/* Winsock's own numbers; those below it are of Windows in general. */
enum { WINSOCK_FIRST = 10000, WINSOCK_END = 12000 };

const char *ps__sys_number_label(ps_kind kind, int native)
{
    if (kind == PS_KIND_OS && (native < WINSOCK_FIRST || native >= WINSOCK_END))
        return "Windows";
    return "WSA";
}

static bool is_space(wchar_t c)
{
    return c == L' ' || c == L'\r' || c == L'\n' || c == L'\t';
}

int ps__sys_number_text(ps_kind kind, int native, char *text, size_t size)
{
    wchar_t wide[512];
    DWORD length =
        FormatMessageW(FORMAT_MESSAGE_FROM_SYSTEM | FORMAT_MESSAGE_IGNORE_INSERTS | FORMAT_MESSAGE_MAX_WIDTH_MASK, NULL,
                       (DWORD)native, 0, wide, sizeof wide / sizeof wide[0], NULL);

    (void)kind;
    while (length > 0 && is_space(wide[length - 1]))
        length--;
    if (length == 0) {
        text[0] = '\0';
        return 0;
    }
    wide[length] = L'\0';
    return ps__utf8_from_utf16(text, size, wide) ? 0 : PS_BAD_LENGTH;
}
