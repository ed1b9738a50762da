#include "config.h"

#include "common/error/error.h"

#include "common/backend.h"

/* Where numbers without a portable name live: each kind has a band around its middle, wide
 * enough for every errno, WSA, EAI and h_errno number, negative ones included. */
enum {
    BAND_REACH = 0x07ffffff,
    BAND_OS = 0x20000000,
    BAND_RESOLVER = 0x30000000,
    BAND_HOST = 0x40000000
};

static int band_middle(ps_kind kind)
{
    return kind == PS_KIND_OS ? BAND_OS : kind == PS_KIND_GAI ? BAND_RESOLVER : BAND_HOST;
}

static bool in_band(int code, int middle)
{
    return code >= -(middle + BAND_REACH) && code <= -(middle - BAND_REACH);
}

int ps__code_unknown(ps_kind kind, int native)
{
    if (native == 0 || native > BAND_REACH || native < -BAND_REACH)
        return kind == PS_KIND_OS ? PS_EIO : kind == PS_KIND_GAI ? PS_EAI_FAIL : PS_NO_RECOVERY;
    return -(band_middle(kind) + native);
}

int ps_error_native(int code)
{
    static const int middles[] = {BAND_OS, BAND_RESOLVER, BAND_HOST};
    size_t i;

    for (i = 0; i < sizeof middles / sizeof middles[0]; i++) {
        if (in_band(code, middles[i]))
            return -code - middles[i];
    }
    return ps__to_native(code);
}

int ps_error_from_native(ps_kind kind, int number)
{
    if (number == 0)
        return 0;
    switch (kind) {
    case PS_KIND_OS:
        return ps__from_os(number);
    case PS_KIND_GAI:
        return ps__from_resolver(number);
    case PS_KIND_HOST:
        return ps__from_host(number);
    default:
        return PS_EINVAL;
    }
}

ps_kind ps_error_kind(int code)
{
    if (code >= 0)
        return PS_KIND_NONE;
    if (code == PS_TIMED_OUT)
        return PS_KIND_TIMEOUT;
    if ((code <= -200 && code > -300) || in_band(code, BAND_RESOLVER))
        return PS_KIND_GAI;
    if ((code <= -300 && code > -400) || in_band(code, BAND_HOST))
        return PS_KIND_HOST;
    if (code <= -400 && code > -500)
        return PS_KIND_ARGUMENT;
    return PS_KIND_OS;
}

const char *ps_error_name(int code)
{
    switch (code) {
#define OS_ROW(name, number, windows, text) \
    case PS_##name:                         \
        return #name;
        PS_OS_ERRORS(OS_ROW)
#undef OS_ROW
#define ROW(name, number, text) \
    case PS_##name:             \
        return #name;
        PS_GAI_ERRORS(ROW)
        PS_HOST_ERRORS(ROW)
        PS_ARGUMENT_ERRORS(ROW)
#undef ROW
    case PS_TIMED_OUT:
        return "TIMED_OUT";
    default:
        break;
    }
    switch (ps_error_kind(code)) {
    case PS_KIND_NONE:
        return "OK";
    case PS_KIND_GAI:
        return "EAI_ERROR";
    case PS_KIND_HOST:
        return "HOST_ERROR";
    default:
        return "OS_ERROR";
    }
}

const char *ps_strerror(int code)
{
    switch (code) {
#define OS_ROW(name, number, windows, text) \
    case PS_##name:                         \
        return text;
        PS_OS_ERRORS(OS_ROW)
#undef OS_ROW
#define ROW(name, number, text) \
    case PS_##name:             \
        return text;
        PS_GAI_ERRORS(ROW)
        PS_HOST_ERRORS(ROW)
        PS_ARGUMENT_ERRORS(ROW)
#undef ROW
    case PS_TIMED_OUT:
        return "timed out";
    default:
        break;
    }
    switch (ps_error_kind(code)) {
    case PS_KIND_NONE:
        return "no error";
    case PS_KIND_GAI:
        return "name resolution failed for a reason of this system's own";
    case PS_KIND_HOST:
        return "host lookup failed for a reason of this system's own";
    default:
        return "failed for a reason of this system's own";
    }
}
