/* Workloads on addresses as text, and lookups. */
#include "workload.h"

static const char *const texts[] = {"8.8.8.8",         "127.0.0.1",   "192.168.100.200",
                                    "255.255.255.255", "10.0.0.1",    "172.16.254.3",
                                    "1.2.3.4",         "100.64.33.99"};
static const unsigned char packed[][4] = {
    {8, 8, 8, 8},  {127, 0, 0, 1},    {192, 168, 100, 200}, {255, 255, 255, 255},
    {10, 0, 0, 1}, {172, 16, 254, 3}, {1, 2, 3, 4},         {100, 64, 33, 99}};

void run_parse(long n)
{
    long i;

    begin();
    for (i = 0; i < n; i++)
        if (!peer_parse(texts[i % 8]))
            not_offered();
    end(n);
}

void run_format(long n)
{
    char text[64];
    long i;

    begin();
    for (i = 0; i < n; i++)
        if (!peer_format(packed[i % 8], text, sizeof text))
            not_offered();
    end(n);
}

static void look_up(const char *host, long n)
{
    long i;

    begin();
    for (i = 0; i < n; i++)
        if (!peer_look_up(host))
            not_offered();
    end(n);
}

/* getaddrinfo of the text of an address. */
void run_look_up_literals(long n)
{
    look_up("127.0.0.1", n);
}

/* getaddrinfo of a name that is in the hosts file. */
void run_look_up_names(long n)
{
    look_up("localhost", n);
}
