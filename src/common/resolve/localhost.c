#include "config.h"

#include "common/resolve/localhost.h"

#include "family/family.h"

#include <string.h>

static const char localhost[] = "localhost";

enum { LENGTH = sizeof localhost - 1 };

static size_t length_without_dot(const char *name)
{
    size_t length = strlen(name);

    return name[length - 1] == '.' ? length - 1 : length;
}

/* Capitals do not count in names; one bit distinguishes them from the small letters. */
static bool is_localhost_at(const char *text)
{
    for (size_t i = 0; i < LENGTH; i++) {
        if ((text[i] | 0x20) != localhost[i])
            return false;
    }
    return true;
}

bool ps__is_localhost(const char *name)
{
    return length_without_dot(name) == LENGTH && is_localhost_at(name);
}

bool ps__is_below_localhost(const char *name)
{
    size_t length = length_without_dot(name);

    return length > LENGTH + 1 && name[length - LENGTH - 1] == '.' &&
           is_localhost_at(name + length - LENGTH);
}

ps__limit ps__localhost_limit(const ps__limit *limit)
{
    enum { PATIENCE = 1000000000 };
    ps__limit brief = *limit;

    brief.deadline = ps__deadline_earlier(brief.deadline, ps__sys_clock() + PATIENCE);
    return brief;
}

int ps__report_localhost(const char *name, int family, ps__address_sink sink, void *context)
{
    ps_addr a;
    int code = 0;

    if (family != AF_INET) {
        ps__addr_loopback(&a, AF_INET6);
        code = sink(context, &a, name);
        name = NULL;
    }
    if (code == 0 && family != AF_INET6) {
        ps__addr_loopback(&a, AF_INET);
        code = sink(context, &a, name);
    }
    return code;
}
