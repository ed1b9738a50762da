#include "config.h"

#include "win32/utf16.h"

#include "common/text.h"
#include "win32/system_function.h"

#include <limits.h>

bool ps__utf16_from_utf8(wchar_t *to, int capacity, const char *text)
{
    return MultiByteToWideChar(CP_UTF8, MB_ERR_INVALID_CHARS, text, -1, to, capacity) > 0;
}

bool ps__utf8_from_utf16(char *to, size_t size, const wchar_t *text)
{
    int capacity = size < INT_MAX ? (int)size : INT_MAX;

    return capacity > 0 && WideCharToMultiByte(CP_UTF8, 0, text, -1, to, capacity, NULL, NULL) > 0;
}

typedef int(WINAPI idn_to_ascii)(DWORD flags, LPCWSTR text, int length, LPWSTR ascii, int capacity);

/* By its path: Windows 7 refuses LOAD_LIBRARY_SEARCH_SYSTEM32 without an update. */
static HMODULE load_system_library(const wchar_t *name)
{
    wchar_t path[MAX_PATH];
    UINT length = GetSystemDirectoryW(path, MAX_PATH);

    if (length == 0 || length + 1 + wcslen(name) >= MAX_PATH)
        return NULL;
    path[length] = L'\\';
    wcscpy(path + length + 1, name);
    return LoadLibraryExW(path, NULL, LOAD_WITH_ALTERED_SEARCH_PATH);
}

/* Looked up at run time: where it is differs between the versions of Windows, and it is seldom
 * needed. */
static idn_to_ascii *find_idn_to_ascii(void)
{
    ps__system_function found = ps__find_function(L"kernel32.dll", "IdnToAscii");

    if (!found)
        found = ps__function_of(load_system_library(L"normaliz.dll"), "IdnToAscii");
    return (idn_to_ascii *)found;
}

int ps__host_to_utf16(wchar_t *to, int capacity, const char *host)
{
    wchar_t unicode[PS_HOST_MAX];
    idn_to_ascii *encode;

    if (ps__text_is_ascii(host))
        return ps__utf16_from_utf8(to, capacity, host) ? 0 : PS_EAI_NONAME;
    if (!ps__utf16_from_utf8(unicode, PS_HOST_MAX, host))
        return PS_EAI_NONAME;
    encode = find_idn_to_ascii();
    return encode && encode(0, unicode, -1, to, capacity) > 0 ? 0 : PS_EAI_IDN_ENCODE;
}
