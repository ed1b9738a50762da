#include "script.h"

/* Interfaces with the numbers from step->number down to 1, the last one first, each with all of the
 * step's addresses, whose prefixes have the length step->says, or 24. */
static int report_interface(const ps__interface_sink *sink, const fake_step *step, int number)
{
    ps_interface i = {
        .name = "fake", .description = "of the script", .index = (unsigned)number, .up = true};
    int code = sink->begin(sink->context, &i);

    for (const char *const *text = step->addresses; code == 0 && text && *text; text++) {
        ps_addr a;

        ck_assert_ok(ps_addr_parse(&a, AF_UNSPEC, *text));
        code = sink->address(sink->context, &a, step->says ? (unsigned)step->says : 24);
    }
    return code;
}

int ps__sys_interfaces(const ps__interface_sink *sink)
{
    const fake_step *step = fake_take_free(SYS_INTERFACES);

    for (int number = step->number; number > 0; number--) {
        int code = report_interface(sink, step, number);

        if (code != 0)
            return code;
    }
    return (int)step->result;
}
