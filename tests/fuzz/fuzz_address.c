/*
 * Fuzzes addresses: the input is a text, and a sockaddr as a system could give it. Nothing is
 * read behind the end of either; what a parser takes comes back equal from its own text; what it
 * refuses leaves "no address".
 */
#include "fuzz.h"

#include <portsock.h>

#include <string.h>

static char *text_of(const uint8_t *data, size_t size)
{
    char *text = malloc(size + 1);

    fuzz_check(text != NULL);
    memcpy(text, data, size);
    text[size] = '\0';
    return text;
}

/* Every getter, whatever the family. */
static void ask(const ps_addr *a)
{
    char host[PS_HOST_MAX], name[64];
    unsigned char hardware[8];
    size_t length = sizeof hardware;
    unsigned one, two, three;
    int number, other, third;
    const void *path;

    (void)ps_addr_family(a);
    (void)ps_addr_port(a);
    (void)ps_addr_get_host(a, host, sizeof host);
    (void)ps_addr_get_inet6(a, &one, &two);
    (void)ps_addr_get_unix(a, &path, &length);
    (void)ps_addr_get_netlink(a, &one, &two);
    (void)ps_addr_get_tipc(a, &number, &one, &two, &three, &other);
    length = sizeof hardware;
    (void)ps_addr_get_packet(a, name, sizeof name, &number, &other, &third, hardware, &length);
    (void)ps_addr_get_vsock(a, &one, &two);
    (void)ps_addr_get_can(a, name, sizeof name, &one, &two);
}

static void parse_again(const ps_addr *a)
{
    char text[PS_ADDR_TEXT_MAX];
    ps_addr again;

    fuzz_check(ps_addr_format(a, text, sizeof text) == 0);
    fuzz_check(ps_addr_parse(&again, AF_UNSPEC, text) == 0);
    fuzz_check(ps_addr_equal(a, &again));
    fuzz_check(ps_addr_hash(a) == ps_addr_hash(&again));
}

static void fuzz_text(const char *text)
{
    static const int families[] = {AF_UNSPEC,  AF_INET,   AF_INET6, AF_UNIX,
                                   AF_NETLINK, AF_PACKET, 77};

    for (size_t i = 0; i < sizeof families / sizeof families[0]; i++) {
        ps_addr a;

        if (ps_addr_parse(&a, families[i], text) != 0) {
            fuzz_check(a.len == 0);
            continue;
        }
        fuzz_check(families[i] == AF_UNSPEC || ps_addr_family(&a) == families[i]);
        ask(&a);
        parse_again(&a);
    }
}

/* The packed forms, whose results are untouched on failure. */
static void fuzz_packed(const char *text)
{
    unsigned char packed[16], again[16];
    char written[64];

    memset(packed, 0xa5, sizeof packed);
    if (ps_inet_aton(text, packed) == 0) {
        fuzz_check(ps_inet_ntoa(packed, 4, written) == 0 && ps_inet_aton(written, again) == 0);
        fuzz_check(memcmp(packed, again, 4) == 0);
    } else {
        fuzz_check(packed[0] == 0xa5 && packed[3] == 0xa5);
    }
    memset(packed, 0xa5, sizeof packed);
    if (ps_inet_pton(AF_INET6, text, packed) == 0) {
        fuzz_check(ps_inet_ntop(AF_INET6, packed, 16, written, sizeof written) == 0);
        fuzz_check(ps_inet_pton(AF_INET6, written, again) == 0 && memcmp(packed, again, 16) == 0);
    } else {
        fuzz_check(packed[0] == 0xa5 && packed[15] == 0xa5);
    }
}

/* A host as ps_getaddrinfo takes it, of which no name is looked up; ps_addr_literal takes the
 * same. */
static void fuzz_host(const char *text)
{
    ps_addrinfo *list = NULL;
    ps_addr a;

    if (ps_getaddrinfo(text, "80", AF_UNSPEC, SOCK_STREAM, 0, AI_NUMERICHOST | AI_NUMERICSERV,
                       &list) == 0) {
        fuzz_check(list != NULL && ps_addr_port(&list->addr) == 80);
        fuzz_check(*text == '\0' ||
                   (ps_addr_literal(&a, text, 80) == 0 && ps_addr_equal(&a, &list->addr)));
    } else {
        fuzz_check(list == NULL && ps_addr_literal(&a, text, 80) < 0 && a.len == 0);
    }
    ps_freeaddrinfo(list);
}

/* A prefix: the network is in itself, and so is its mapped form. */
static void fuzz_prefix(const char *text)
{
    size_t length = strcspn(text, "/");
    ps_addr a, plain;
    char host[64];

    if (length >= sizeof host)
        return;
    memcpy(host, text, length);
    host[length] = '\0';
    if (ps_addr_literal(&a, host, 80) != 0) {
        ps_addr_none(&a);
        fuzz_check(ps_addr_in(&a, text) == PS_BAD_ADDRESS);
        return;
    }
    plain = a;
    ps_addr_unmap(&plain);
    fuzz_check(ps_addr_same_host(&a, &plain) && ps_addr_hash(&a) == ps_addr_hash(&plain));
    fuzz_check(ps_addr_in(&a, text) == ps_addr_in(&plain, text));
    fuzz_check(ps_addr_in(&a, text) != 0 || ps_addr_family(&a) != ps_addr_family(&plain));
    fuzz_check(ps_addr_is_private(&a) == ps_addr_is_private(&plain));
}

/* Memory of just that length, so that a sanitizer sees each read behind it. */
static void fuzz_native(const uint8_t *data, size_t size)
{
    struct sockaddr *native = malloc(size > 0 ? size : 1);
    char text[PS_ADDR_TEXT_MAX];
    ps_addr a;

    fuzz_check(native != NULL);
    memcpy(native, data, size);
    if (ps_addr_from_native(&a, native, size) == 0) {
        fuzz_check((size_t)a.len <= size);
        ask(&a);
        if (ps_addr_format(&a, text, sizeof text) != 0)
            fuzz_check(text[0] == '\0');
    } else {
        fuzz_check(a.len == 0);
    }
    free(native);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = text_of(data, size);

    fuzz_text(text);
    fuzz_packed(text);
    fuzz_host(text);
    fuzz_prefix(text);
    fuzz_native(data, size);
    free(text);
    return 0;
}
