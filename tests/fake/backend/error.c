/* The native numbers of this system are the portable ones. */
#include "common/error/error.h"

#include "common/backend.h"

#include <string.h>

static bool is_named(int code)
{
    const char *name = ps_error_name(code);

    return strcmp(name, "OS_ERROR") != 0 && strcmp(name, "EAI_ERROR") != 0 &&
           strcmp(name, "HOST_ERROR") != 0;
}

static int from_native(int native, ps_kind kind)
{
    return ps_error_kind(-native) == kind && is_named(-native) ? -native
                                                               : ps__code_unknown(kind, native);
}

int ps__from_os(int native)
{
    return from_native(native, PS_KIND_OS);
}

int ps__from_resolver(int native)
{
    return from_native(native, PS_KIND_GAI);
}

int ps__from_host(int native)
{
    return from_native(native, PS_KIND_HOST);
}

int ps__to_native(int code)
{
    ps_kind kind = ps_error_kind(code);

    return is_named(code) && (kind == PS_KIND_OS || kind == PS_KIND_GAI || kind == PS_KIND_HOST)
               ? -code
               : 0;
}

/* As on Windows, a connect that is under way has another number here. */
int ps__to_native_connect(int code)
{
    return code == PS_EINPROGRESS ? ps__to_native(PS_EWOULDBLOCK) : ps__to_native(code);
}

const char *ps__sys_number_label(ps_kind kind, int native)
{
    (void)native;
    return kind == PS_KIND_OS ? "number" : kind == PS_KIND_GAI ? "resolver" : "host";
}
