#include "config.h"

#include "common/interface/text.h"

#include "common/text.h"
#include "portsock/error.h"
#include "portsock/names.h"

#include <limits.h>
#include <string.h>

int ps__interface_parse(const char *text, unsigned *index)
{
    unsigned long number;

    *index = 0;
    if (*text == '\0')
        return 0;
    if (*text == '#') {
        if (!ps__text_to_number(text + 1, INT_MAX, &number))
            return PS_BAD_ADDRESS;
        *index = (unsigned)number;
        return 0;
    }
    return ps_if_nametoindex(text, index) == 0 ? 0 : PS_ENODEV;
}

static bool is_readable(const char *name)
{
    size_t n = 1;

    if (*name == '#' || strchr(name, ':'))
        return false;
    for (; *name != '\0' && n > 0; name += n)
        n = ps__text_printable(name);
    return n > 0;
}

char *ps__interface_format(unsigned index, char *text)
{
    if (index == 0) {
        *text = '\0';
        return text;
    }
    if (ps_if_indextoname(index, text, PS__INTERFACE_TEXT_MAX) == 0 && is_readable(text))
        return text + strlen(text);
    *text = '#';
    return ps__number_to_text(index, text + 1);
}
