// Sends a datagram to itself over loopback, from C++.
#include <portsock.h>

#include <iostream>
#include <stdexcept>
#include <string>

static ptrdiff_t checked(const char *what, ptrdiff_t result)
{
    if (result < 0)
        throw std::runtime_error(std::string(what) + ": " + ps_strerror(static_cast<int>(result)));
    return result;
}

class Socket
{
  public:
    Socket()
    {
        checked("socket", ps_socket(&s, AF_INET, SOCK_DGRAM, 0));
    }
    ~Socket()
    {
        ps_close(&s);
    }
    Socket(const Socket &) = delete;
    Socket &operator=(const Socket &) = delete;

    ps_sock s = PS_SOCK_INIT;
};

static std::string exchange(const std::string &text)
{
    Socket socket;
    ps_addr address, from;
    checked("address", ps_addr_inet(&address, "127.0.0.1", 0));
    checked("bind", ps_bind(&socket.s, &address));
    checked("getsockname", ps_getsockname(&socket.s, &address));
    checked("settimeout", ps_settimeout(&socket.s, 10));
    checked("send", ps_sendto(&socket.s, text.data(), text.size(), 0, &address));
    std::string buffer(text.size() + 1, '\0');
    buffer.resize(static_cast<size_t>(
        checked("receive", ps_recvfrom(&socket.s, &buffer[0], buffer.size(), 0, &from))));
    if (!ps_addr_equal(&from, &address))
        throw std::runtime_error("a stranger sent something");
    return buffer;
}

int main()
{
    try {
        if (exchange("hello") != "hello")
            throw std::runtime_error("something else came back");
        std::cout << "ok\n";
        return 0;
    } catch (const std::exception &error) {
        std::cerr << error.what() << '\n';
        return 1;
    }
}
