/* Makes a filter, a packet that it keeps, and its line: the smallest program that uses
 * portsock-capture without a right. It calls no function of portsock itself. */
#include <portsock-capture.h>

#include <stdio.h>
#include <string.h>

static int fail(const char *what, int code)
{
    fprintf(stderr, "%s: code %d\n", what, code);
    return 1;
}

/* A UDP datagram from 192.0.2.1:5000 to 192.0.2.2:53, without data or checksums. */
static const unsigned char datagram[] = {
    0x45, 0, 0,   28, 0, 0, 0,    0,    64, 17, 0, 0, 192, 0,
    2,    1, 192, 0,  2, 2, 0x13, 0x88, 0,  53, 0, 8, 0,   0,
};

int main(void)
{
    static ps_filter_instruction program[PS_FILTER_MAX];
    ps_packet packet = {
        datagram, sizeof datagram, sizeof datagram, 0, PS_LINK_RAW, PS_DIRECTION_UNKNOWN, 0};
    size_t count = PS_FILTER_MAX;
    ps_dissection d;
    ps_capture *capture;
    int code = ps_filter_compile("udp port 53", PS_LINK_RAW, program, &count, NULL);

    if (code < 0)
        return fail("compile", code);
    if (ps_filter_run(program, count, packet.data, packet.length, packet.original_length) == 0)
        return fail("run the filter", 0);
    ps_dissect(&packet, &d);
    if (!(d.layers & PS_LAYER_UDP) || d.destination_port != 53)
        return fail("dissect", 0);
    code = ps_capture_open(&capture, NULL); /* with the right, and where there are captures */
    if (code == 0)
        ps_capture_close(capture);
    puts("ok");
    return 0;
}
