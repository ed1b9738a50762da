#include "config.h"

#include "common/address/number_fields.h"

#include "common/text.h"

#include <stdint.h>
#include <string.h>

size_t ps__fields_parse(const char *text, unsigned long *fields, size_t most)
{
    size_t count = 0;

    for (;;) {
        size_t length = strcspn(text, ":");
        char digits[12];

        if (count == most || length >= sizeof digits)
            return 0;
        memcpy(digits, text, length);
        digits[length] = '\0';
        if (!ps__text_to_number(digits, UINT32_MAX, &fields[count++]))
            return 0;
        if (text[length] == '\0')
            return count;
        text += length + 1;
    }
}

char *ps__fields_format(char *text, const unsigned long *fields, size_t count)
{
    size_t i;

    for (i = 0; i < count; i++) {
        *text++ = ':';
        text = ps__number_to_text(fields[i], text);
    }
    return text;
}
