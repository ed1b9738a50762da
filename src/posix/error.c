#include "config.h"

#include "common/error/error.h"

#include "common/backend.h"
#include "posix/errno_missing.h"

int ps__from_os(int native)
{
    switch (native) {
#define ROW(name, number, windows, text) \
    case name:                           \
        return PS_##name;
        PS_OS_ERRORS(ROW)
#undef ROW
    default:
        return ps__code_unknown(PS_KIND_OS, native);
    }
}

static int os_to_native(int code)
{
    switch (code) {
#define ROW(name, number, windows, text) \
    case PS_##name:                      \
        return name;
        PS_OS_ERRORS(ROW)
#undef ROW
    default:
        return 0;
    }
}

typedef struct row {
    int code;
    int native;
} row;

/* getaddrinfo's numbers: each C library has its own, and not all of them. */
static const row resolver_rows[] = {
    {PS_EAI_BADFLAGS, EAI_BADFLAGS},     {PS_EAI_NONAME, EAI_NONAME},
    {PS_EAI_AGAIN, EAI_AGAIN},           {PS_EAI_FAIL, EAI_FAIL},
#if defined EAI_NODATA && EAI_NODATA != EAI_NONAME
    {PS_EAI_NODATA, EAI_NODATA},
#endif
    {PS_EAI_FAMILY, EAI_FAMILY},         {PS_EAI_SOCKTYPE, EAI_SOCKTYPE},
    {PS_EAI_SERVICE, EAI_SERVICE},
#if defined EAI_ADDRFAMILY
    {PS_EAI_ADDRFAMILY, EAI_ADDRFAMILY},
#endif
    {PS_EAI_MEMORY, EAI_MEMORY},         {PS_EAI_SYSTEM, EAI_SYSTEM},
#if defined EAI_OVERFLOW
    {PS_EAI_OVERFLOW, EAI_OVERFLOW},
#endif
#if defined EAI_BADHINTS
    {PS_EAI_BADHINTS, EAI_BADHINTS},
#endif
#if defined EAI_PROTOCOL
    {PS_EAI_PROTOCOL, EAI_PROTOCOL},
#endif
#if defined EAI_IDN_ENCODE
    {PS_EAI_IDN_ENCODE, EAI_IDN_ENCODE},
#endif
};

static const row host_rows[] = {
    {PS_HOST_NOT_FOUND, HOST_NOT_FOUND},
    {PS_TRY_AGAIN, TRY_AGAIN},
    {PS_NO_RECOVERY, NO_RECOVERY},
    {PS_NO_DATA, NO_DATA},
};

static int find_code(const row *rows, size_t count, int native)
{
    size_t i;

    for (i = 0; i < count; i++) {
        if (rows[i].native == native)
            return rows[i].code;
    }
    return 0;
}

static int find_native(const row *rows, size_t count, int code)
{
    size_t i;

    for (i = 0; i < count; i++) {
        if (rows[i].code == code)
            return rows[i].native;
    }
    return 0;
}

#define COUNT(rows) (sizeof(rows) / sizeof(rows)[0])

int ps__from_resolver(int native)
{
    int code = find_code(resolver_rows, COUNT(resolver_rows), native);

    return code != 0 ? code : ps__code_unknown(PS_KIND_GAI, native);
}

int ps__from_host(int native)
{
    int code = find_code(host_rows, COUNT(host_rows), native);

    return code != 0 ? code : ps__code_unknown(PS_KIND_HOST, native);
}

int ps__to_native(int code)
{
    int native;

    switch (ps_error_kind(code)) {
    case PS_KIND_OS:
        native = os_to_native(code);
        return native > 0 ? native : 0;
    case PS_KIND_GAI:
        return find_native(resolver_rows, COUNT(resolver_rows), code);
    case PS_KIND_HOST:
        return find_native(host_rows, COUNT(host_rows), code);
    default:
        return 0;
    }
}

int ps__to_native_connect(int code)
{
    return ps__to_native(code);
}

const char *ps__sys_number_label(ps_kind kind, int native)
{
    (void)native;
    return kind == PS_KIND_GAI ? "EAI" : kind == PS_KIND_HOST ? "h_errno" : "errno";
}
