/* The look-ups of names that a limit ends: threads for what the system cannot do apart;
 * localhost; names beyond ASCII. */
#include "fake.h"

#include "common/resolve/in_thread.h"

static const char *const one_host[] = {"192.0.2.1:0", NULL};

static char packed[] = {(char)192, 0, 2, 1};
static char *addresses[] = {packed, NULL};
static char name[] = "host.example";
static struct hostent entry = {
    .h_name = name, .h_addrtype = AF_INET, .h_length = 4, .h_addr_list = addresses};

/* A thread of the call, which has run when the call waits for it. */
static void thread(void)
{
    expect(SYS_NOTIFIER_OPEN);
    expect(SYS_START_THREAD);
}

static void thread_has_ended(void)
{
    expect(SYS_WAIT, .events = PS__NOTIFIED, .result = PS__NOTIFIED);
}

static void look_up_in_background(const char *const *found)
{
    expect(SYS_NOTIFIER_OPEN);
    expect(SYS_RESOLVE_START, .addresses = found);
    expect(SYS_WAIT, .result = PS__NOTIFIED);
}

/* ---- in time --------------------------------------------------------------------------------- */

START_TEST(names_within_a_limit)
{
    ps_addr a = fake_address("192.0.2.1:80");
    char text[PS_HOST_MAX], quad[16];
    ps_hostent *h;

    thread();
    expect(SYS_HOST_NAME, .to = "192.0.2.1:80", .output = "host.example");
    thread_has_ended();
    ck_assert_ok(ps_getnameinfo_within(&a, 0, 2, NULL, text, sizeof text, NULL, 0));
    ck_assert_str_eq(text, "host.example");

    thread();
    expect(SYS_HOST_BY_ADDRESS, .to = "192.0.2.1:0", .entry = &entry);
    thread_has_ended();
    ck_assert_ok(ps_gethostbyaddr_within("192.0.2.1", 2, NULL, &h));
    ck_assert_str_eq(h->name, "host.example");
    ps_freehostent(h);

    look_up_in_background(one_host);
    thread();
    expect(SYS_HOST_BY_NAME, .text = "a.example", .family = AF_INET, .entry = &entry);
    thread_has_ended();
    ck_assert_ok(ps_gethostbyname_ex_within("a.example", 2, NULL, &h));
    ck_assert_str_eq(h->addresses[0], "192.0.2.1");
    ps_freehostent(h);

    look_up_in_background(one_host);
    ck_assert_ok(ps_gethostbyname_within("a.example", 2, NULL, quad));
    ck_assert_str_eq(quad, "192.0.2.1");

    thread();
    expect(SYS_HOST_BY_ADDRESS, .entry = &entry);
    thread_has_ended();
    ck_assert_ok(ps_getfqdn_within("192.0.2.1", 2, NULL, text, sizeof text));
    ck_assert_str_eq(text, "host.example");

    look_up_in_background(one_host);
    ck_assert_ok(ps_addr_inet_within(&a, "a.example", 80, 2, NULL));
    look_up_in_background((const char *const[]){"[2001:db8::1]:0", NULL});
    ck_assert_ok(ps_addr_inet6_within(&a, "a.example", 80, 0, 0, 2, NULL));
    fake_done();
}
END_TEST

static void look_up_name(void *nothing)
{
    ps_addr a = fake_address("192.0.2.2:80");
    char text[PS_HOST_MAX];

    (void)nothing;
    ck_assert_code(ps_getnameinfo_within(&a, 0, 2, NULL, text, sizeof text, NULL, 0), PS_TIMED_OUT);
}

static void look_up_two_names(void *nothing)
{
    look_up_name(nothing);
    look_up_name(nothing);
}

/* A thread that has done its work does the next, and ends after two seconds without any. A second
 * look-up at the same time is not kept waiting for it. */
START_TEST(names_by_a_thread_that_is_idle)
{
    ps_addr a = fake_address("192.0.2.1:80");
    char text[PS_HOST_MAX];

    thread();
    expect(SYS_HOST_NAME, .to = "192.0.2.1:80", .output = "host.example");
    expect(SYS_OFFER_THREAD, .result = 1);
    expect(SYS_AWAIT_WORK, .nanoseconds = SECONDS(2), .during = look_up_two_names);
    expect(SYS_NOTIFIER_OPEN);
    expect(SYS_WAIT, .result = 0, .advance = SECONDS(2));
    thread();
    expect(SYS_HOST_NAME, .to = "192.0.2.2:80", .output = "another.example");
    expect(SYS_WAIT, .result = 0, .advance = SECONDS(2));
    expect(SYS_HOST_NAME, .to = "192.0.2.2:80", .output = "another.example");
    expect(SYS_OFFER_THREAD, .result = 1);
    expect(SYS_AWAIT_WORK, .nanoseconds = SECONDS(2));
    thread_has_ended();
    ck_assert_ok(ps_getnameinfo_within(&a, 0, 2, NULL, text, sizeof text, NULL, 0));
    ck_assert_str_eq(text, "host.example");
    fake_done();
}
END_TEST

/* Without a limit that may come they are the plain calls, without a thread. */
START_TEST(names_without_a_limit)
{
    ps_addr a = fake_address("192.0.2.1:80");
    char text[PS_HOST_MAX], quad[16];
    ps_hostent *h;

    expect(SYS_HOST_NAME, .output = "host.example");
    ck_assert_ok(ps_getnameinfo_within(&a, 0, PS_NO_TIMEOUT, NULL, text, sizeof text, NULL, 0));
    expect(SYS_HOST_BY_ADDRESS, .entry = &entry);
    ck_assert_ok(ps_gethostbyaddr_within("192.0.2.1", PS_NO_TIMEOUT, NULL, &h));
    ps_freehostent(h);
    expect(SYS_RESOLVE, .addresses = one_host);
    ck_assert_ok(ps_gethostbyname_within("a.example", PS_DEFAULT_TIMEOUT, NULL, quad));
    fake_done();
}
END_TEST

/* What is no name takes no time. */
START_TEST(names_without_time)
{
    ps_addr a = fake_address("192.0.2.1:80");
    char text[PS_HOST_MAX], quad[16];
    ps_hostent *h;

    ck_assert_ok(ps_getnameinfo_within(&a, NI_NUMERICHOST, 0, NULL, text, sizeof text, NULL, 0));
    ck_assert_ok(ps_gethostbyname_within("192.0.2.1", 0, NULL, quad));
    ck_assert_ok(ps_gethostbyname_ex_within("192.0.2.1", 0, NULL, &h));
    ps_freehostent(h);
    ck_assert_code(ps_getnameinfo_within(&a, 0, 0, NULL, text, sizeof text, NULL, 0), PS_TIMED_OUT);
    ck_assert_str_eq(text, "");
    ck_assert_code(ps_gethostbyaddr_within("192.0.2.1", 0, NULL, &h), PS_TIMED_OUT);
    ck_assert_ptr_null(h);
    ck_assert_code(ps_getfqdn_within("192.0.2.1", 0, NULL, text, sizeof text), PS_TIMED_OUT);
    ck_assert_str_eq(text, "");
    ck_assert_code(ps_gethostbyname_within("a.example", 0, NULL, quad), PS_TIMED_OUT);
    ck_assert_str_eq(quad, "");
    fake_done();
}
END_TEST

START_TEST(names_with_bad_arguments)
{
    ps_addr a = fake_address("192.0.2.1:80");
    char text[PS_HOST_MAX] = "x", quad[16];
    ps_hostent *h;

    ck_assert_code(ps_getnameinfo_within(&a, 0, -2, NULL, text, sizeof text, NULL, 0),
                   PS_BAD_TIMEOUT);
    ck_assert_str_eq(text, "");
    ck_assert_code(ps_getnameinfo_within(NULL, 0, 1, NULL, text, sizeof text, NULL, 0), PS_EFAULT);
    ck_assert_code(ps_gethostbyaddr_within("192.0.2.1", -2, NULL, &h), PS_BAD_TIMEOUT);
    ck_assert_code(ps_gethostbyaddr_within("192.0.2.1", 1, NULL, NULL), PS_EFAULT);
    ck_assert_code(ps_gethostbyname_ex_within("192.0.2.1", -2, NULL, &h), PS_BAD_TIMEOUT);
    ck_assert_code(ps_gethostbyname_ex_within("192.0.2.1", 1, NULL, NULL), PS_EFAULT);
    ck_assert_code(ps_gethostbyname_within("192.0.2.1", -2, NULL, quad), PS_BAD_TIMEOUT);
    ck_assert_code(ps_gethostbyname_within("192.0.2.1", 1, NULL, NULL), PS_EFAULT);
    ck_assert_code(ps_getfqdn_within("192.0.2.1", -2, NULL, text, 0), PS_BAD_TIMEOUT);
    ck_assert_code(ps_getfqdn_within("192.0.2.1", 1, NULL, NULL, 0), PS_EFAULT);
    ck_assert_code(ps_addr_inet_within(&a, "192.0.2.1", 80, -2, NULL), PS_BAD_TIMEOUT);
    ck_assert_int_eq(a.len, 0);
    ck_assert_code(ps_addr_inet_within(NULL, "192.0.2.1", 80, 1, NULL), PS_EFAULT);
    ck_assert_code(ps_addr_inet6_within(&a, "::1", 80, 0, 0, -2, NULL), PS_BAD_TIMEOUT);
    ck_assert_int_eq(a.len, 0);
    ck_assert_code(ps_addr_inet6_within(NULL, "::1", 80, 0, 0, 1, NULL), PS_EFAULT);
}
END_TEST

/* ---- given up -------------------------------------------------------------------------------- */

/* What the thread finds when nobody waits any more is given back. */
START_TEST(names_that_take_too_long)
{
    ps_addr a = fake_address("192.0.2.1:80");
    char text[PS_HOST_MAX];
    ps_hostent *h;

    for (int i = 0; i < 3; i++) {
        expect(SYS_NOTIFIER_OPEN);
        expect(SYS_START_THREAD, .later = true);
        expect(SYS_WAIT, .nanoseconds = SECONDS(2), .advance = SECONDS(2));
    }
    ck_assert_code(ps_getnameinfo_within(&a, 0, 2, NULL, text, sizeof text, NULL, 0), PS_TIMED_OUT);
    ck_assert_str_eq(text, "");
    ck_assert_code(ps_gethostbyaddr_within("192.0.2.1", 2, NULL, &h), PS_TIMED_OUT);
    ck_assert_ptr_null(h);
    ck_assert_code(ps_getfqdn_within("192.0.2.1", 2, NULL, text, sizeof text), PS_TIMED_OUT);
    expect(SYS_HOST_NAME, .output = "host.example");
    fake_end_lookup(NULL);
    expect(SYS_HOST_BY_ADDRESS, .entry = &entry);
    fake_end_lookup(NULL);
    expect(SYS_HOST_BY_ADDRESS, .result = PS_HOST_NOT_FOUND);
    fake_end_lookup(NULL);
    fake_done();
}
END_TEST

static void fire(void *token)
{
    ps_cancel_fire(token);
}

static int end_it(void *context)
{
    (void)context;
    return 1;
}

/* Ends: lookup-token lookup-hook. */
START_TEST(names_ended_by_a_token_and_the_hook)
{
    char text[PS_HOST_MAX];
    ps_cancel *token;
    ps_hostent *h;
    ps_addr a;

    token = fake_token();
    expect(SYS_NOTIFIER_OPEN);
    expect(SYS_START_THREAD, .later = true);
    expect(SYS_WAIT, .nanoseconds = PS__FOREVER, .during = fire, .context = token,
           .result = FAKE_WOKEN);
    ck_assert_code(ps_getfqdn_within("192.0.2.1", PS_NO_TIMEOUT, token, text, sizeof text),
                   PS_ECANCELED);
    expect(SYS_HOST_BY_ADDRESS, .entry = &entry);
    fake_end_lookup(NULL);
    ck_assert_code(ps_addr_inet_within(&a, "192.0.2.1", 80, 2, token), PS_ECANCELED);

    ps_set_interrupt(end_it, NULL);
    expect(SYS_NOTIFIER_OPEN);
    expect(SYS_START_THREAD, .later = true);
    expect(SYS_WAIT, .result = PS_EINTR);
    ck_assert_code(ps_getfqdn_within("192.0.2.1", 2, NULL, text, sizeof text), PS_EINTR);
    expect(SYS_HOST_BY_ADDRESS, .entry = &entry);
    fake_end_lookup(NULL);

    /* Between two look-ups of one call. */
    ck_assert_ok(ps_cancel_reset(token));
    expect(SYS_NOTIFIER_OPEN);
    expect(SYS_RESOLVE_START, .addresses = one_host);
    expect(SYS_WAIT, .result = PS__NOTIFIED, .advance = SECONDS(2));
    ck_assert_code(ps_gethostbyaddr_within("a.example", 2, token, &h), PS_TIMED_OUT);
    ps_cancel_close(token);
    fake_done();
}
END_TEST

/* ---- without means --------------------------------------------------------------------------- */

/* No thread: the resolver cannot answer now, which for some functions means the text as it is.
 * No handle, no memory: nobody was asked. */
START_TEST(names_without_a_thread)
{
    static const int shortages[] = {PS_EMFILE, PS_ENFILE};
    ps_addr a = fake_address("192.0.2.1:80");
    char text[PS_HOST_MAX];
    ps_hostent *h;

    expect(SYS_NOTIFIER_OPEN);
    expect(SYS_START_THREAD, .result = PS_EAGAIN);
    ck_assert_code(ps_gethostbyaddr_within("192.0.2.1", 2, NULL, &h), PS_EAI_AGAIN);
    expect(SYS_NOTIFIER_OPEN);
    expect(SYS_START_THREAD, .result = PS_EAGAIN);
    ck_assert_ok(ps_getnameinfo_within(&a, 0, 2, NULL, text, sizeof text, NULL, 0));
    ck_assert_str_eq(text, "192.0.2.1");
    expect(SYS_NOTIFIER_OPEN, .result = PS_EMFILE);
    ck_assert_code(ps_getnameinfo_within(&a, 0, 2, NULL, text, sizeof text, NULL, 0), PS_EMFILE);
    expect(SYS_NOTIFIER_OPEN);
    expect(SYS_START_THREAD, .result = PS_EAGAIN);
    ck_assert_ok(ps_getfqdn_within("192.0.2.1", 2, NULL, text, sizeof text));
    ck_assert_str_eq(text, "192.0.2.1");
    for (int i = 0; i < 2; i++) {
        expect(SYS_NOTIFIER_OPEN, .result = shortages[i]);
        ck_assert_code(ps_getfqdn_within("192.0.2.1", 2, NULL, text, sizeof text), shortages[i]);
        ck_assert_str_eq(text, "");
        expect(SYS_HOST_BY_ADDRESS, .result = shortages[i]);
        ck_assert_code(ps_getfqdn("192.0.2.1", text, sizeof text), shortages[i]);
        ck_assert_str_eq(text, "");
    }
    fake_fail_allocation(1);
    ck_assert_code(ps_getfqdn_within("192.0.2.1", 2, NULL, text, sizeof text), PS_ENOMEM);
    ck_assert_str_eq(text, "");
    fake_fail_allocation(1);
    ck_assert_code(ps_getnameinfo_within(&a, 0, 2, NULL, text, sizeof text, NULL, 0), PS_ENOMEM);
    fake_fail_allocation(1);
    ck_assert_code(ps_gethostbyaddr_within("192.0.2.1", 2, NULL, &h), PS_ENOMEM);
    fake_done();
}
END_TEST

/* ---- localhost ------------------------------------------------------------------------------- */

static void gives(const char *host, int family, const char *first, const char *second)
{
    char text[PS_HOST_MAX];
    ps_addrinfo *list;

    ck_assert_ok(ps_getaddrinfo(host, NULL, family, SOCK_STREAM, 0, AI_CANONNAME, &list));
    ck_assert_str_eq(list->canonname, host);
    ck_assert_ok(ps_addr_get_host(&list->addr, text, sizeof text));
    ck_assert_str_eq(text, first);
    ck_assert((list->next != NULL) == (second != NULL));
    if (second) {
        ck_assert_ok(ps_addr_get_host(&list->next->addr, text, sizeof text));
        ck_assert_str_eq(text, second);
    }
    ps_freeaddrinfo(list);
}

/* RFC 6761, 6.3: names below it are never asked for; the name itself has what the system says,
 * or else loopback. */
START_TEST(localhost_that_the_system_does_not_know)
{
    static const char *const below[] = {"a.localhost", "A.b.LocalHost.", "x.LOCALHOST"};
    static const int codes[] = {PS_EAI_NONAME, PS_EAI_AGAIN, PS_EAI_FAIL, PS_EAI_NODATA,
                                PS_EAI_ADDRFAMILY};
    ps_hostent *h;
    ps_addrinfo *list;

    for (size_t i = 0; i < sizeof below / sizeof below[0]; i++) {
        gives(below[i], AF_UNSPEC, "::1", "127.0.0.1");
        gives(below[i], AF_INET, "127.0.0.1", NULL);
        gives(below[i], AF_INET6, "::1", NULL);
    }
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++) {
        expect(SYS_RESOLVE, .text = "localhost", .result = codes[i]);
        gives("localhost", AF_UNSPEC, "::1", "127.0.0.1");
    }
    expect(SYS_RESOLVE, .text = "LOCALHOST.", .result = PS_EAI_AGAIN);
    gives("LOCALHOST.", AF_INET6, "::1", NULL);
    look_up_in_background(NULL);
    ck_assert_code(ps_getaddrinfo_within("localhost", NULL, 0, SOCK_STREAM, 0, 0, 2, NULL, &list),
                   PS_EAI_NONAME);
    expect(SYS_NOTIFIER_OPEN);
    expect(SYS_RESOLVE_START, .code = PS_EAI_AGAIN);
    expect(SYS_WAIT, .result = PS__NOTIFIED);
    ck_assert_ok(ps_getaddrinfo_within("localhost", NULL, 0, SOCK_STREAM, 0, 0, 2, NULL, &list));
    ck_assert_ptr_nonnull(list->next);
    ps_freeaddrinfo(list);

    ck_assert_ok(ps_gethostbyname_ex("a.localhost", &h));
    ck_assert_str_eq(h->name, "a.localhost");
    ck_assert_str_eq(h->addresses[0], "127.0.0.1");
    ps_freehostent(h);
    expect(SYS_RESOLVE, .family = AF_INET, .result = PS_EAI_NONAME);
    expect(SYS_HOST_BY_NAME, .text = "localhost", .result = PS_HOST_NOT_FOUND);
    ck_assert_ok(ps_gethostbyname_ex("localhost", &h));
    ck_assert_str_eq(h->addresses[0], "127.0.0.1");
    ps_freehostent(h);
    expect(SYS_RESOLVE, .result = PS_EAI_NONAME);
    expect(SYS_HOST_BY_NAME, .result = PS_EMFILE);
    ck_assert_code(ps_gethostbyname_ex("localhost", &h), PS_EMFILE);
    fake_done();
}
END_TEST

/* A look-up of localhost that nobody answers: the wait ends after `span`. */
static void resolver_is_silent(int64_t span)
{
    expect(SYS_NOTIFIER_OPEN);
    expect(SYS_RESOLVE_START, .text = "localhost", .later = true, .code = PS_EAI_AGAIN);
    expect(SYS_WAIT, .nanoseconds = span, .advance = span);
}

static void end_silent_look_up(void)
{
    expect(SYS_HOST_BY_NAME, .text = "localhost", .result = PS_TRY_AGAIN);
    fake_end_lookup(NULL);
}

static void assert_loopback_entry(double timeout)
{
    ps_hostent *h;

    ck_assert_ok(ps_gethostbyname_ex_within("localhost", timeout, NULL, &h));
    ck_assert_str_eq(h->name, "localhost");
    ck_assert_str_eq(h->addresses[0], "127.0.0.1");
    ck_assert_ptr_null(h->addresses[1]);
    ps_freehostent(h);
    fake_end_lookup(NULL);
}

/* No answer within a second, or within a shorter limit, is the answer that the system does not
 * know it. A token is none. */
START_TEST(localhost_of_a_silent_name_server)
{
    ps_cancel *token = fake_token();
    ps_addrinfo *list;
    ps_hostent *h;

    resolver_is_silent(SECONDS(1));
    ck_assert_ok(ps_getaddrinfo_within("localhost", NULL, 0, SOCK_STREAM, 0, 0, 10, NULL, &list));
    ps_freeaddrinfo(list);
    fake_end_lookup(NULL);

    resolver_is_silent(SECONDS(1));
    expect(SYS_NOTIFIER_OPEN);
    expect(SYS_START_THREAD, .later = true);
    expect(SYS_WAIT, .nanoseconds = SECONDS(1), .advance = SECONDS(1));
    assert_loopback_entry(10);
    end_silent_look_up();
    resolver_is_silent(SECONDS(1) / 2);
    assert_loopback_entry(0.5);

    look_up_in_background((const char *const[]){"127.0.0.1:0", NULL});
    expect(SYS_NOTIFIER_OPEN);
    expect(SYS_START_THREAD, .later = true);
    expect(SYS_WAIT, .nanoseconds = SECONDS(1), .during = fire, .context = token,
           .result = FAKE_WOKEN);
    ck_assert_code(ps_gethostbyname_ex_within("localhost", PS_NO_TIMEOUT, token, &h), PS_ECANCELED);
    ck_assert_ptr_null(h);
    end_silent_look_up();
    ck_assert_code(ps_gethostbyname_ex_within("localhost", 0, NULL, &h), PS_TIMED_OUT);
    ps_cancel_close(token);
    fake_done();
}
END_TEST

/* It is not asked why there is no memory, and other names are none of these. */
START_TEST(localhost_and_what_is_not_it)
{
    static const char *const others[] = {"localhost.example", "xlocalhost", "localhos",
                                         "a.localhosT.b", "a.lokalhost"};
    ps_addrinfo *list;

    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        expect(SYS_RESOLVE, .text = others[i], .result = PS_EAI_NONAME);
        ck_assert_code(ps_getaddrinfo(others[i], NULL, 0, SOCK_STREAM, 0, 0, &list), PS_EAI_NONAME);
    }
    expect(SYS_RESOLVE, .result = PS_EAI_MEMORY);
    ck_assert_code(ps_getaddrinfo("localhost", NULL, 0, SOCK_STREAM, 0, 0, &list), PS_EAI_MEMORY);
    expect(SYS_RESOLVE, .result = PS_EMFILE);
    ck_assert_code(ps_getaddrinfo("localhost", NULL, 0, SOCK_STREAM, 0, 0, &list), PS_EMFILE);
    fake_fail_allocation(1);
    ck_assert_code(ps_getaddrinfo("a.localhost", NULL, 0, SOCK_STREAM, 0, 0, &list), PS_ENOMEM);
    ck_assert_code(ps_getaddrinfo("a.localhost", NULL, 0, SOCK_STREAM, 0, AI_NUMERICHOST, &list),
                   PS_EAI_NONAME);
    fake_done();
}
END_TEST

/* ---- one name on every system ---------------------------------------------------------------- */

/* What IDNA 2003 and IDNA 2008 encode differently is looked up as in 2003, the reference's. */
START_TEST(names_that_idna_encodes_in_two_ways)
{
    static const struct {
        const char *host;
        const char *looked_up;
    } rows[] = {
        {"stra\xc3\x9f"
         "e.example",
         "strasse.example"},
        {"b\xc3\xbc\xc3\x9f.example", "b\xc3\xbcss.example"},
        {"\xce\xbb\xcf\x82.example", "\xce\xbb\xcf\x83.example"},
        {"a\xe2\x80\x8c"
         "b\xe2\x80\x8d"
         "c.example",
         "abc.example"},
    };
    ps_addrinfo *list;
    ps_addr a;

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (rows[i].looked_up[0] != 's' &&
            rows[i].looked_up[0] != 'a') /* beyond ASCII: is it an address? */
            expect(SYS_RESOLVE, .text = rows[i].looked_up, .flags = AI_NUMERICHOST,
                   .result = PS_EAI_NONAME);
        expect(SYS_RESOLVE, .text = rows[i].looked_up, .addresses = one_host);
        ck_assert_ok(ps_addr_inet(&a, rows[i].host, 80));
    }
    /* What is left may be an address, a name below localhost, or nothing. */
    ck_assert_code(ps_addr_inet(&a, "127.0.0\xe2\x80\x8d.1", 80), PS_EAI_NONAME);
    ck_assert_ok(ps_addr_inet(&a,
                              "\xe2\x80\x8d"
                              "a.localhost",
                              80));
    ck_assert_code(ps_addr_inet(&a, "\xe2\x80\x8d", 80), PS_EAI_NONAME);
    /* The name of an interface is taken as it is. */
    expect(SYS_INTERFACE_INDEX, .text = "stra\xc3\x9f", .number = 7);
    ck_assert_ok(ps_getaddrinfo("fe80::1%stra\xc3\x9f", NULL, 0, SOCK_STREAM, 0, 0, &list));
    ps_freeaddrinfo(list);
    fake_done();
}
END_TEST

START_TEST(name_beyond_ascii_that_is_too_long)
{
    static char host[2 * PS_HOST_MAX];
    ps_addr a;

    for (size_t i = 0; i + 2 < sizeof host; i += 2)
        memcpy(host + i, "\xc3\xbc", 2);
    ck_assert_code(ps_addr_inet(&a, host, 80), PS_EAI_NONAME);
}
END_TEST

/* Systems that tell a name without addresses from one that is not there are not heard. */
START_TEST(name_without_addresses)
{
    static const int codes[] = {PS_EAI_NODATA, PS_EAI_ADDRFAMILY};
    ps_addrinfo *list;

    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++) {
        expect(SYS_RESOLVE, .result = codes[i]);
        ck_assert_code(ps_getaddrinfo("a.example", NULL, AF_INET6, SOCK_STREAM, 0, 0, &list),
                       PS_EAI_NONAME);
        expect(SYS_NOTIFIER_OPEN);
        expect(SYS_RESOLVE_START, .code = codes[i]);
        expect(SYS_WAIT, .result = PS__NOTIFIED);
        ck_assert_code(
            ps_getaddrinfo_within("a.example", NULL, AF_INET6, SOCK_STREAM, 0, 0, 2, NULL, &list),
            PS_EAI_NONAME);
    }
    fake_done();
}
END_TEST

/* ---- a lookup in a thread, for backends ------------------------------------------------------ */

typedef struct outcome {
    int addresses;
    int ends;
    int code;
} outcome;

static int count_address(void *context, const ps_addr *a, const char *canonname)
{
    ps_addr expected = fake_address("192.0.2.1:0");
    outcome *o = context;

    (void)canonname;
    ck_assert(ps_addr_equal(a, &expected));
    ck_assert_int_eq(o->ends, 0);
    o->addresses++;
    return 0;
}

static void record_end(void *context, int code)
{
    outcome *o = context;

    o->ends++;
    o->code = code;
}

static int resolve_in_thread(outcome *o)
{
    const ps__resolve_request request = {
        .host = "a.example",
        .family = AF_INET,
        .flags = AI_CANONNAME,
        .sink = count_address,
        .end = record_end,
        .context = o,
    };

    *o = (outcome){0};
    return ps__resolve_in_thread(&request);
}

START_TEST(names_resolved_in_a_thread)
{
    outcome o;

    expect(SYS_START_THREAD);
    expect(SYS_RESOLVE, .text = "a.example", .family = AF_INET, .flags = AI_CANONNAME,
           .addresses = one_host);
    ck_assert_ok(resolve_in_thread(&o));
    ck_assert_int_eq(o.addresses, 1);
    ck_assert_int_eq(o.ends, 1);
    ck_assert_code(o.code, 0);

    expect(SYS_START_THREAD);
    expect(SYS_RESOLVE, .result = PS_EAI_AGAIN);
    ck_assert_ok(resolve_in_thread(&o));
    ck_assert_int_eq(o.ends, 1);
    ck_assert_code(o.code, PS_EAI_AGAIN);
    fake_done();
}
END_TEST

/* Without a thread or memory `end` is not called. */
START_TEST(names_resolved_in_no_thread)
{
    outcome o;

    expect(SYS_START_THREAD, .result = PS_EAGAIN);
    ck_assert_code(resolve_in_thread(&o), PS_EAGAIN);
    ck_assert_int_eq(o.ends, 0);
    for (unsigned n = 1; n <= 2; n++) {
        fake_fail_allocation(n);
        ck_assert_code(resolve_in_thread(&o), PS_ENOMEM);
        ck_assert_int_eq(o.ends, 0);
    }
    fake_done();
}
END_TEST

void add_name_lookup_tests(Suite *suite)
{
    ADD_TEST_CASE(suite, names_within_a_limit);
    ADD_TEST_CASE(suite, names_by_a_thread_that_is_idle);
    ADD_TEST_CASE(suite, names_without_a_limit);
    ADD_TEST_CASE(suite, names_without_time);
    ADD_TEST_CASE(suite, names_with_bad_arguments);
    ADD_TEST_CASE(suite, names_that_take_too_long);
    ADD_TEST_CASE(suite, names_ended_by_a_token_and_the_hook);
    ADD_TEST_CASE(suite, names_without_a_thread);
    ADD_TEST_CASE(suite, localhost_that_the_system_does_not_know);
    ADD_TEST_CASE(suite, localhost_of_a_silent_name_server);
    ADD_TEST_CASE(suite, localhost_and_what_is_not_it);
    ADD_TEST_CASE(suite, names_that_idna_encodes_in_two_ways);
    ADD_TEST_CASE(suite, name_beyond_ascii_that_is_too_long);
    ADD_TEST_CASE(suite, name_without_addresses);
    ADD_TEST_CASE(suite, names_resolved_in_a_thread);
    ADD_TEST_CASE(suite, names_resolved_in_no_thread);
}
