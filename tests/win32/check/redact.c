/* The file of results is sent to other people: it has no name of a user, a computer or a directory
 * of the machine. */
#include "windows_check.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

enum { SECRETS_MAX = 32, SECRET_SIZE = 1024 };

typedef struct secret {
    char text[SECRET_SIZE];
    const char *instead;
    bool is_word; /* not a part of a longer word */
} secret;

static secret secrets[SECRETS_MAX];
static size_t secret_count;

/* ---- what is secret -------------------------------------------------------------------------- */

/* In one encoding in which a program may print it. */
static void add_encoded(UINT encoding, const wchar_t *text, const char *instead, bool is_word)
{
    secret *s = &secrets[secret_count];
    if (secret_count == SECRETS_MAX ||
        !WideCharToMultiByte(encoding, 0, text, -1, s->text, SECRET_SIZE, NULL, NULL))
        return;
    size_t length = strlen(s->text);
    /* A directory is one with and without a separator at the end; a root is no secret. */
    while (!is_word && length > 0 && strchr("\\/", s->text[length - 1]))
        s->text[--length] = '\0';
    if (length < (is_word ? 1 : 4))
        return;
    s->instead = instead;
    s->is_word = is_word;
    secret_count++;
}

static void add(const wchar_t *text, const char *instead, bool is_word)
{
    add_encoded(CP_UTF8, text, instead, is_word);
    add_encoded(CP_ACP, text, instead, is_word);
}

static void add_variable(const wchar_t *name, const char *instead)
{
    wchar_t text[PATH_MAX_WIDE];
    DWORD length = GetEnvironmentVariableW(name, text, PATH_MAX_WIDE);
    if (length > 0 && length < PATH_MAX_WIDE)
        add(text, instead, false);
}

static void add_computer_name(COMPUTER_NAME_FORMAT format)
{
    wchar_t text[PATH_MAX_WIDE];
    DWORD size = PATH_MAX_WIDE;
    if (GetComputerNameExW(format, text, &size) && size > 0)
        add(text, "<computer>", true);
}

/* The longer ones first: what is in a directory of the user has the name of the user in it. */
void redact_open(const wchar_t *directory)
{
    wchar_t user[256];
    DWORD size = 256;
    add(directory, "<directory>", false);
    add_variable(L"TEMP", "<temp>");
    add_variable(L"TMP", "<temp>");
    add_variable(L"USERPROFILE", "<profile>");
    add_computer_name(ComputerNameDnsFullyQualified);
    add_computer_name(ComputerNameDnsHostname);
    add_computer_name(ComputerNameNetBIOS);
    add_computer_name(ComputerNameDnsDomain);
    if (GetUserNameW(user, &size))
        add(user, "<user>", true);
}

/* ---- a line ---------------------------------------------------------------------------------- */

static bool is_word_character(char c)
{
    return isalnum((unsigned char)c) || c == '_' || (unsigned char)c >= 0x80;
}

/* Whether the secret is at `at`, in a line that begins at `line`. */
static bool is_at(const secret *s, const char *line, const char *at)
{
    size_t length = strlen(s->text);
    if (_strnicmp(at, s->text, length) != 0)
        return false;
    return !s->is_word ||
           ((at == line || !is_word_character(at[-1])) && !is_word_character(at[length]));
}

static const secret *secret_at(const char *line, const char *at)
{
    for (size_t i = 0; i < secret_count; i++)
        if (is_at(&secrets[i], line, at))
            return &secrets[i];
    return NULL;
}

void redact(const char *line, char *to, size_t size)
{
    const char *at = line;
    size_t used = 0;
    to[0] = '\0';
    while (*at && used + 16 < size) {
        const secret *s = secret_at(line, at);
        bool is_printable = (unsigned char)*at >= ' ' && (unsigned char)*at <= '~';
        if (s)
            used += (size_t)snprintf(to + used, size - used, "%s", s->instead);
        else
            used += (size_t)snprintf(to + used, size - used, is_printable ? "%c" : "\\x%02x",
                                     (unsigned)(unsigned char)*at);
        at += s ? strlen(s->text) : 1;
    }
}
