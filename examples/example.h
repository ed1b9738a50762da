/*
 * What the examples share: they end with a message where Python's would end with an exception,
 * and print what Python's print.
 */
#ifndef EXAMPLE_H
#define EXAMPLE_H

#include <portsock.h>

#include "utf8.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Prints what failed and why: "connect: ECONNREFUSED, connection refused". */
static inline void report(const char *what, int code)
{
    fprintf(stderr, "%s: %s, %s\n", what, ps_error_name(code), ps_strerror(code));
}

/* Passes a result on, unless it is an error, which ends the program. */
static inline ptrdiff_t check(const char *what, ptrdiff_t result)
{
    if (result < 0) {
        report(what, (int)result);
        exit(1);
    }
    return result;
}

/* A port number from the command line; whether it is in range is the library's business. */
static inline int port_number(const char *text)
{
    char *end;
    long number = strtol(text, &end, 10);

    if (end == text || *end != '\0' || number < INT_MIN || number > INT_MAX) {
        fprintf(stderr, "\"%s\" is not a port number\n", text);
        exit(2);
    }
    return (int)number;
}

/* Python's repr() of a byte string. */
static inline void print_repr(const char *data, size_t n)
{
    char quote = memchr(data, '\'', n) && !memchr(data, '"', n) ? '"' : '\'';
    size_t i;

    putchar(quote);
    for (i = 0; i < n; i++) {
        unsigned char c = (unsigned char)data[i];
        if (c == '\t')
            fputs("\\t", stdout);
        else if (c == '\n')
            fputs("\\n", stdout);
        else if (c == '\r')
            fputs("\\r", stdout);
        else if (c < ' ' || c >= 127)
            printf("\\x%02x", c);
        else if (c == (unsigned char)quote || c == '\\')
            printf("\\%c", c);
        else
            putchar(c);
    }
    putchar(quote);
}

/* An address as the tuple that Python prints: ('127.0.0.1', 50007), or ('::1', 50007, 0, 0). */
static inline void print_address(const ps_addr *a)
{
    char host[PS_HOST_MAX];
    unsigned flowinfo, scopeid;

    check("address", ps_addr_get_host(a, host, sizeof host));
    printf("('%s', %d", host, ps_addr_port(a));
    if (ps_addr_get_inet6(a, &flowinfo, &scopeid) == 0)
        printf(", %u, %u", flowinfo, scopeid);
    putchar(')');
}

/* Says where a server listens: with port 0 the system has chosen one. */
static inline void print_listening(ps_sock *s)
{
    ps_addr address;
    char text[PS_ADDR_TEXT_MAX];

    check("getsockname", ps_getsockname(s, &address));
    check("address", ps_addr_format(&address, text, sizeof text));
    printf("Listening on ");
    utf8_print(stdout, text, strlen(text)); /* the path of a socket may have any letters */
    printf("\n");
    fflush(stdout);
}

#endif
