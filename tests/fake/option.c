/* Options: what Windows and BSD write, and what they look at. */
#include "fake.h"

/* OPT-1: Windows writes one byte for a switch, and leaves the rest of the room as it was. */
/* Traps: OPT-1. */
START_TEST(switch_of_one_byte)
{
    static const unsigned char on[] = {1};
    static const unsigned char off[] = {0};
    static const unsigned char ttl[] = {200};
    ps_sock s;
    int value = 0x55555555;

    fake_socket(&s, AF_INET, SOCK_STREAM);
    expect(SYS_GETSOCKOPT, .level = SOL_SOCKET, .name = SO_KEEPALIVE, .size = sizeof(int),
           .bytes = on, .bytes_size = 1);
    ck_assert_ok(ps_getsockopt_int(&s, SOL_SOCKET, SO_KEEPALIVE, &value));
    ck_assert_int_eq(value, 1);
    value = 0x55555555;
    expect(SYS_GETSOCKOPT, .bytes = off, .bytes_size = 1);
    ck_assert_ok(ps_getsockopt_int(&s, IPPROTO_TCP, TCP_NODELAY, &value));
    ck_assert_int_eq(value, 0);
    /* A byte that is a number is that number. */
    expect(SYS_GETSOCKOPT, .bytes = ttl, .bytes_size = 1);
    ck_assert_ok(ps_getsockopt_int(&s, IPPROTO_IP, IP_TTL, &value));
    ck_assert_int_eq(value, 200);
    fake_end(&s);
}
END_TEST

/* OPT-2: BSD gives the option's bit for "on". */
/* Traps: OPT-2. */
START_TEST(switch_that_is_the_options_bit)
{
    static const int bit = 8;
    ps_sock s;
    int value;

    fake_socket(&s, AF_INET, SOCK_STREAM);
    expect(SYS_GETSOCKOPT, .bytes = &bit, .bytes_size = sizeof bit);
    ck_assert_ok(ps_getsockopt_int(&s, SOL_SOCKET, SO_KEEPALIVE, &value));
    ck_assert_int_eq(value, 1);
    expect(SYS_GETSOCKOPT, .bytes = &bit, .bytes_size = sizeof bit);
    ck_assert_ok(ps_getsockopt_int(&s, SOL_SOCKET, SO_RCVLOWAT, &value));
    ck_assert_int_eq(value, 8);
    fake_end(&s);
}
END_TEST

/* A number is one byte or four; whatever else it is, no piece of it is given. */
START_TEST(option_longer_than_a_number)
{
    static const socklen_t sizes[] = {2, 3, 8, 16, 200};
    static const char bytes[200] = {1, 1, 1, 1};
    ps_sock s;
    int value = 5;

    fake_socket(&s, AF_INET, SOCK_STREAM);
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        expect(SYS_GETSOCKOPT, .level = IPPROTO_IP, .name = IP_TTL, .bytes = bytes,
               .bytes_size = sizes[i]);
        ck_assert_code(ps_getsockopt_int(&s, IPPROTO_IP, IP_TTL, &value), PS_EINVAL);
        ck_assert_int_eq(value, 0);
    }
    /* Wine leaves the room as it was, and has written a number. */
    expect(SYS_GETSOCKOPT, .level = IPPROTO_IP, .name = IP_TTL);
    ck_assert_ok(ps_getsockopt_int(&s, IPPROTO_IP, IP_TTL, &value));
    /* Winsock's struct linger is as long as an int, and so is a short name of an interface. */
    ck_assert_code(ps_getsockopt_int(&s, SOL_SOCKET, SO_LINGER, &value), PS_EINVAL);
    ck_assert_code(ps_setsockopt_int(&s, SOL_SOCKET, SO_LINGER, 1), PS_EINVAL);
#ifdef SO_BINDTODEVICE
    ck_assert_code(ps_getsockopt_int(&s, SOL_SOCKET, SO_BINDTODEVICE, &value), PS_EINVAL);
#endif
    fake_end(&s);
}
END_TEST

/* OPT-2: Windows looks at the lowest byte only. */
/* Traps: OPT-2. */
START_TEST(switch_set_by_a_number_without_a_low_byte)
{
    ps_sock s;

    fake_socket(&s, AF_INET, SOCK_STREAM);
    expect(SYS_SETSOCKOPT, .level = SOL_SOCKET, .name = SO_KEEPALIVE, .size = sizeof(int),
           .value = 1);
    ck_assert_ok(ps_setsockopt_int(&s, SOL_SOCKET, SO_KEEPALIVE, 0x100));
    expect(SYS_SETSOCKOPT, .name = SO_RCVBUF, .value = 0x100);
    ck_assert_ok(ps_setsockopt_int(&s, SOL_SOCKET, SO_RCVBUF, 0x100));
    fake_end(&s);
}
END_TEST

/* OPT-14, OPT-15: the system's refusals are handed on, and nothing is written. */
/* Traps: OPT-14 OPT-15. */
START_TEST(option_that_the_system_refuses)
{
    static const int codes[] = {PS_ENOPROTOOPT, PS_EOPNOTSUPP, PS_EINVAL};
    ps_sock s;

    fake_socket(&s, AF_INET, SOCK_STREAM);
    for (int i = 0; i < 3; i++) {
        int value = 5;
        char bytes[4];
        size_t size = sizeof bytes;

        expect(SYS_GETSOCKOPT, .result = codes[i]);
        ck_assert_code(ps_getsockopt_int(&s, SOL_SOCKET, SO_KEEPALIVE, &value), codes[i]);
        ck_assert_int_eq(value, 0);
        expect(SYS_GETSOCKOPT, .result = codes[i]);
        ck_assert_code(ps_getsockopt(&s, SOL_SOCKET, SO_KEEPALIVE, bytes, &size), codes[i]);
        ck_assert_uint_eq(size, 0);
        expect(SYS_SETSOCKOPT, .result = codes[i]);
        ck_assert_code(ps_setsockopt_int(&s, IPPROTO_TCP, TCP_NODELAY, 1), codes[i]);
        expect(SYS_SETSOCKOPT, .size = 4, .result = codes[i]);
        ck_assert_code(ps_setsockopt(&s, SOL_SOCKET, SO_KEEPALIVE, bytes, 4), codes[i]);
    }
    fake_end(&s);
}
END_TEST

/* DSC-5, RAW-3, OPT-11. */
/* Traps: OPT-11 DSC-5 RAW-3. */
START_TEST(controls_of_windows)
{
    ps_sock s, d, u;

    fake_socket(&s, AF_INET, SOCK_STREAM);
    fake_socket(&d, AF_INET, SOCK_DGRAM);
    fake_socket(&u, AF_UNIX, SOCK_STREAM);
    expect(SYS_IOCTL, .name = 77, .option = 3, .result = PS_EOPNOTSUPP);
    ck_assert_code(ps_ioctl(&s, 77, 3), PS_EOPNOTSUPP);
    expect(SYS_KEEPALIVE, .mode = FAKE_ON, .value = 1000, .name = 100);
    ck_assert_ok(ps_ioctl_keepalive(&s, true, 1000, 100));
    expect(SYS_KEEPALIVE, .mode = FAKE_OFF);
    ck_assert_ok(ps_ioctl_keepalive(&s, false, 0, 0));
    ck_assert_code(ps_ioctl_keepalive(&s, true, 0, 100), PS_EINVAL);
    ck_assert_code(ps_ioctl_keepalive(&s, true, 1000, 0), PS_EINVAL);
    ck_assert_code(ps_ioctl_keepalive(&d, true, 1000, 100), PS_ENOPROTOOPT);
    ck_assert_code(ps_ioctl_keepalive(&u, true, 1000, 100), PS_ENOPROTOOPT);
    ck_assert_ok(ps_close(&s));
    ck_assert_ok(ps_close(&d));
    fake_end(&u);
}
END_TEST

/* CON-4: Winsock tells SO_ERROR again and again until the next connection, POSIX once. */
/* Traps: CON-4. */
START_TEST(error_of_the_socket_is_told_once)
{
    static const int error = 111;
    static const int other = 104;
    char bytes[8];
    size_t size = sizeof bytes;
    ps_sock s;
    int value;

    fake_socket(&s, AF_INET, SOCK_DGRAM);
    /* It stays: the second time it has been told. */
    for (int i = 0; i < 2; i++) {
        expect(SYS_GETSOCKOPT, .name = SO_ERROR, .bytes = &error, .bytes_size = sizeof error);
        expect(SYS_GETSOCKOPT, .name = SO_ERROR, .bytes = &error, .bytes_size = sizeof error);
        ck_assert_ok(ps_getsockopt_int(&s, SOL_SOCKET, SO_ERROR, &value));
        ck_assert_int_eq(value, i == 0 ? error : 0);
    }
    /* Another one is news. */
    expect(SYS_GETSOCKOPT, .bytes = &other, .bytes_size = sizeof other);
    expect(SYS_GETSOCKOPT, .bytes = &other, .bytes_size = sizeof other);
    ck_assert_ok(ps_getsockopt_int(&s, SOL_SOCKET, SO_ERROR, &value));
    ck_assert_int_eq(value, other);
    /* It goes, or the system fails: told as it was. */
    expect(SYS_GETSOCKOPT, .bytes = &error, .bytes_size = sizeof error);
    expect(SYS_GETSOCKOPT, .bytes = &other, .bytes_size = sizeof other);
    ck_assert_ok(ps_getsockopt_int(&s, SOL_SOCKET, SO_ERROR, &value));
    ck_assert_int_eq(value, error);
    expect(SYS_GETSOCKOPT, .bytes = &error, .bytes_size = sizeof error);
    expect(SYS_GETSOCKOPT, .result = PS_ENOBUFS);
    ck_assert_ok(ps_getsockopt_int(&s, SOL_SOCKET, SO_ERROR, &value));
    ck_assert_int_eq(value, error);
    /* Not an int: as the system gives it. */
    expect(SYS_GETSOCKOPT, .name = SO_ERROR, .bytes = "ab", .bytes_size = 2);
    ck_assert_ok(ps_getsockopt(&s, SOL_SOCKET, SO_ERROR, bytes, &size));
    ck_assert_uint_eq(size, 2);
    fake_end(&s);
}
END_TEST

/* OPT-4: BSD takes these as one byte. */
/* Traps: OPT-4. */
START_TEST(multicast_options_of_one_byte)
{
    static const int names[] = {IP_MULTICAST_TTL, IP_MULTICAST_LOOP};
    ps_sock s;

    fake_socket(&s, AF_INET, SOCK_DGRAM);
    for (int i = 0; i < 2; i++) {
        expect(SYS_SETSOCKOPT, .level = IPPROTO_IP, .name = names[i], .size = sizeof(int),
               .result = PS_EINVAL);
        expect(SYS_SETSOCKOPT, .level = IPPROTO_IP, .name = names[i], .size = 1);
        ck_assert_ok(ps_setsockopt_int(&s, IPPROTO_IP, names[i], 1));
        /* No byte has that value, and a byte was tried by the program already. */
        expect(SYS_SETSOCKOPT, .size = sizeof(int), .result = PS_EINVAL);
        ck_assert_code(ps_setsockopt_int(&s, IPPROTO_IP, names[i], 256), PS_EINVAL);
        expect(SYS_SETSOCKOPT, .size = sizeof(int), .result = PS_EINVAL);
        ck_assert_code(ps_setsockopt_int(&s, IPPROTO_IP, names[i], -1), PS_EINVAL);
        expect(SYS_SETSOCKOPT, .size = 1, .result = PS_EINVAL);
        ck_assert_code(ps_setsockopt(&s, IPPROTO_IP, names[i], "x", 1), PS_EINVAL);
        expect(SYS_SETSOCKOPT, .size = sizeof(int), .result = PS_ENOBUFS);
        ck_assert_code(ps_setsockopt_int(&s, IPPROTO_IP, names[i], 1), PS_ENOBUFS);
    }
    expect(SYS_SETSOCKOPT, .name = IP_TTL, .result = PS_EINVAL);
    ck_assert_code(ps_setsockopt_int(&s, IPPROTO_IP, IP_TTL, 1), PS_EINVAL);
    fake_end(&s);
}
END_TEST

/* An interface by its address, by its index in an address as on Windows, and by its index in a
 * longer struct as on Linux. */
START_TEST(multicast_interfaces)
{
    static const unsigned char address[] = {192, 0, 2, 1}, index[] = {0, 1, 2, 3},
                               any[] = {0, 0, 0, 0};
    static const int names[] = {IP_MULTICAST_IF, IP_ADD_MEMBERSHIP, IP_DROP_MEMBERSHIP};
    unsigned char request[12] = {239, 1, 2, 3};
    const int seven = 7;
    ps_sock s;

    fake_socket(&s, AF_INET, SOCK_DGRAM);
    expect(SYS_MULTICAST, .name = IP_MULTICAST_IF, .text = "0.0.0.0 192.0.2.1 0");
    ck_assert_ok(ps_setsockopt(&s, IPPROTO_IP, IP_MULTICAST_IF, address, 4));
    expect(SYS_MULTICAST, .name = IP_MULTICAST_IF, .text = "0.0.0.0 0.1.2.3 66051");
    ck_assert_ok(ps_setsockopt(&s, IPPROTO_IP, IP_MULTICAST_IF, index, 4));
    expect(SYS_MULTICAST, .name = IP_MULTICAST_IF, .text = "0.0.0.0 0.0.0.0 0",
           .result = PS_ENODEV);
    ck_assert_code(ps_setsockopt(&s, IPPROTO_IP, IP_MULTICAST_IF, any, 4), PS_ENODEV);
    for (int i = 0; i < 3; i++) {
        memcpy(request + 4, index, 4);
        memset(request + 8, 0, 4);
        expect(SYS_MULTICAST, .name = names[i], .text = "239.1.2.3 0.1.2.3 66051");
        ck_assert_ok(ps_setsockopt(&s, IPPROTO_IP, names[i], request, 8));
        expect(SYS_MULTICAST, .name = names[i], .text = "239.1.2.3 0.1.2.3 66051");
        ck_assert_ok(ps_setsockopt(&s, IPPROTO_IP, names[i], request, 12));
        memcpy(request + 8, &seven, 4);
        expect(SYS_MULTICAST, .name = names[i], .text = "239.1.2.3 0.1.2.3 7");
        ck_assert_ok(ps_setsockopt(&s, IPPROTO_IP, names[i], request, 12));
        /* Other sizes and levels are the system's affair. */
        expect(SYS_SETSOCKOPT, .level = IPPROTO_IP, .name = names[i], .size = 3,
               .result = PS_EINVAL);
        ck_assert_code(ps_setsockopt(&s, IPPROTO_IP, names[i], request, 3), PS_EINVAL);
        expect(SYS_SETSOCKOPT, .level = IPPROTO_UDP, .name = names[i], .size = 8);
        ck_assert_ok(ps_setsockopt(&s, IPPROTO_UDP, names[i], request, 8));
    }
    expect(SYS_SETSOCKOPT, .level = IPPROTO_IP, .name = IP_ADD_MEMBERSHIP, .size = 4,
           .result = PS_EINVAL);
    ck_assert_code(ps_setsockopt(&s, IPPROTO_IP, IP_ADD_MEMBERSHIP, request, 4), PS_EINVAL);
    fake_end(&s);
}
END_TEST

/* OPT-5: Linux takes a negative size for the largest. */
/* Traps: OPT-5. */
START_TEST(buffers_below_zero)
{
    ps_sock s;

    fake_socket(&s, AF_INET, SOCK_STREAM);
    ck_assert_code(ps_setsockopt_int(&s, SOL_SOCKET, SO_SNDBUF, -1), PS_EINVAL);
    ck_assert_code(ps_setsockopt_int(&s, SOL_SOCKET, SO_RCVBUF, -1), PS_EINVAL);
    expect(SYS_SETSOCKOPT, .name = SO_SNDBUF, .value = 5);
    ck_assert_ok(ps_setsockopt_int(&s, SOL_SOCKET, SO_SNDBUF, 5));
    fake_end(&s);
    ck_assert_code(ps_setsockopt_int(&s, SOL_SOCKET, SO_RCVBUF, -1), PS_EBADF);
}
END_TEST

void add_option_tests(Suite *suite)
{
    ADD_TEST_CASE(suite, switch_of_one_byte);
    ADD_TEST_CASE(suite, switch_that_is_the_options_bit);
    ADD_TEST_CASE(suite, option_longer_than_a_number);
    ADD_TEST_CASE(suite, switch_set_by_a_number_without_a_low_byte);
    ADD_TEST_CASE(suite, option_that_the_system_refuses);
    ADD_TEST_CASE(suite, controls_of_windows);
    ADD_TEST_CASE(suite, error_of_the_socket_is_told_once);
    ADD_TEST_CASE(suite, multicast_options_of_one_byte);
    ADD_TEST_CASE(suite, multicast_interfaces);
    ADD_TEST_CASE(suite, buffers_below_zero);
}
