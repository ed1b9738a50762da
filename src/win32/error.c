#include "config.h"

#include "common/error/error.h"

#include "common/backend.h"
#include "win32/system_function.h"
#include "win32/system_numbers.h"

/* GetAddrInfoW's and GetNameInfoW's numbers: X(code, native), one to one. */
#define RESOLVER_ROWS(X)                      \
    X(PS_EAI_BADFLAGS, WSAEINVAL)             \
    X(PS_EAI_NONAME, WSAHOST_NOT_FOUND)       \
    X(PS_EAI_AGAIN, WSATRY_AGAIN)             \
    X(PS_EAI_FAIL, WSANO_RECOVERY)            \
    X(PS_EAI_FAMILY, WSAEAFNOSUPPORT)         \
    X(PS_EAI_SOCKTYPE, WSAESOCKTNOSUPPORT)    \
    X(PS_EAI_SERVICE, WSATYPE_NOT_FOUND)      \
    X(PS_EAI_MEMORY, ERROR_NOT_ENOUGH_MEMORY) \
    X(PS_EAI_OVERFLOW, ERROR_INSUFFICIENT_BUFFER)

/* More of them, many to one; those of the DNS and of memory come from the providers of name spaces.
 * Windows does not distinguish WSANO_DATA: its EAI_NODATA is EAI_NONAME. */
#define OTHER_RESOLVER_ROWS(X)                      \
    X(PS_EAI_NONAME, WSANO_DATA)                    \
    X(PS_EAI_NONAME, DNS_ERROR_RCODE_NAME_ERROR)    \
    X(PS_EAI_NONAME, DNS_INFO_NO_RECORDS)           \
    X(PS_EAI_AGAIN, DNS_ERROR_RCODE_SERVER_FAILURE) \
    X(PS_EAI_AGAIN, ERROR_TIMEOUT)                  \
    X(PS_EAI_AGAIN, WSAETIMEDOUT)                   \
    X(PS_EAI_AGAIN, WSAENETDOWN)                    \
    X(PS_EAI_AGAIN, WSAENETUNREACH)                 \
    X(PS_EAI_AGAIN, WSAECANCELLED)                  \
    X(PS_EAI_AGAIN, WSA_E_CANCELLED)                \
    X(PS_EAI_FAIL, DNS_ERROR_RCODE_REFUSED)         \
    X(PS_EAI_FAIL, WSAEREFUSED)                     \
    X(PS_EAI_SERVICE, WSASERVICE_NOT_FOUND)         \
    X(PS_EAI_MEMORY, ERROR_OUTOFMEMORY)             \
    X(PS_EAI_MEMORY, ERROR_NO_SYSTEM_RESOURCES)     \
    X(PS_EAI_MEMORY, WSAENOBUFS)

#define HOST_ROWS(X)                        \
    X(PS_HOST_NOT_FOUND, WSAHOST_NOT_FOUND) \
    X(PS_TRY_AGAIN, WSATRY_AGAIN)           \
    X(PS_NO_RECOVERY, WSANO_RECOVERY)       \
    X(PS_NO_DATA, WSANO_DATA)

#define TO_CODE(code, native) \
    case native:              \
        return code;
#define TO_NATIVE(code, native) \
    case code:                  \
        return native;

/* 0: has none. */
static int code_of_number(int native)
{
    switch (native) {
#define ROW(name, number, windows, text) TO_CODE(PS_##name, windows)
        PS_OS_ERRORS(ROW)
#undef ROW
        PS_SYSTEM_NUMBERS(TO_CODE)
    default:
        return 0;
    }
}

typedef ULONG(WINAPI *to_number_function)(LONG status);

/* ERROR_MR_MID_NOT_FOUND for a status that Windows does not know; 0: cannot be asked. */
static int number_of_status(int status)
{
    to_number_function to_number =
        (to_number_function)ps__find_function(L"ntdll.dll", "RtlNtStatusToDosError");

    return to_number ? (int)to_number(status) : 0;
}

static int code_of_status(int status)
{
    enum { WARNING = 8, FAILURE = 12 }; /* the highest four bits */
    unsigned bits = (unsigned)status;

    if (bits >> 28 != WARNING && bits >> 28 != FAILURE)
        return 0;
    if (bits >> 16 != 0xc000)
        return code_of_number(number_of_status(status));
    switch (bits & 0xffff) {
        PS_STATUS_NUMBERS(TO_CODE)
    default:
        return code_of_number(number_of_status(status));
    }
}

int ps__from_os(int native)
{
    int code = native < 0 ? code_of_status(native) : code_of_number(native);

    return code != 0 ? code : ps__code_unknown(PS_KIND_OS, native);
}

/* Errors of Linux that Wine passes through. */
enum { GLIBC_NODATA = -5, GLIBC_ADDRFAMILY = -9, GLIBC_OVERFLOW = -12 };

int ps__from_resolver(int native)
{
    switch (native) {
        RESOLVER_ROWS(TO_CODE)
        OTHER_RESOLVER_ROWS(TO_CODE)
    case GLIBC_NODATA:
        return PS_EAI_NODATA;
    case GLIBC_ADDRFAMILY:
        return PS_EAI_ADDRFAMILY;
    case GLIBC_OVERFLOW:
        return PS_EAI_OVERFLOW;
    default:
        return ps__code_unknown(PS_KIND_GAI, native);
    }
}

int ps__from_host(int native)
{
    switch (native) {
        HOST_ROWS(TO_CODE)
    default:
        return ps__code_unknown(PS_KIND_HOST, native);
    }
}

static int to_native_or_absent(int code)
{
    switch (code) {
#define ROW(name, number, windows, text) TO_NATIVE(PS_##name, windows)
        PS_OS_ERRORS(ROW)
#undef ROW
        RESOLVER_ROWS(TO_NATIVE)
        HOST_ROWS(TO_NATIVE)
    default:
        return 0;
    }
}

int ps__to_native(int code)
{
    int native = to_native_or_absent(code);

    return native > 0 ? native : 0;
}

int ps__to_native_connect(int code)
{
    return code == PS_EINPROGRESS ? WSAEWOULDBLOCK : ps__to_native(code);
}

/* Winsock's own numbers; those below it are of Windows in general. */
enum { WINSOCK_FIRST = 10000, WINSOCK_END = 12000 };

const char *ps__sys_number_label(ps_kind kind, int native)
{
    if (kind == PS_KIND_OS && (native < WINSOCK_FIRST || native >= WINSOCK_END))
        return "Windows";
    return "WSA";
}
