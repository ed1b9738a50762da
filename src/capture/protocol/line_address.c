#include "config.h"

#include "address_text.h"
#include "capture/protocol/line_writer.h"

void ps__line_inet(ps__line *line, const unsigned char address[4])
{
    char text[PS__INET_TEXT_MAX];

    if (line->end - line->at >= PS__INET_TEXT_MAX)
        line->at = ps__write_inet(address, line->at);
    else
        ps__line_put(line, text, (size_t)(ps__write_inet(address, text) - text));
}

void ps__line_inet6(ps__line *line, const unsigned char address[16])
{
    char text[PS__INET6_TEXT_MAX];

    if (line->end - line->at >= PS__INET6_TEXT_MAX)
        line->at = ps__write_inet6(address, line->at);
    else
        ps__line_put(line, text, (size_t)(ps__write_inet6(address, text) - text));
}

void ps__line_hardware(ps__line *line, const unsigned char *address, size_t length)
{
    size_t i;

    if (length == 0)
        PS__PUT(line, "<empty>");
    for (i = 0; i < length; i++) {
        if (i > 0)
            PS__PUT(line, ":");
        ps__line_hex(line, address[i], 2);
    }
}
