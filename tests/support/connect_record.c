#include "connect_record.h"

void record_init(record *r, double timeout)
{
    static const ps_connect_options usual = PS_CONNECT_OPTIONS_INIT;

    memset(r->attempts, 0x5a, sizeof r->attempts);
    r->count = 99;
    r->options = usual;
    r->options.timeout = timeout;
    r->options.attempts = r->attempts;
    r->options.attempts_capacity = ATTEMPTS_MAX;
    r->options.attempts_count = &r->count;
}
