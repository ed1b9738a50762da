# What this POSIX system has beyond the standard: portsock_features becomes a list of PS__HAVE_X=1, one for each thing
# that is there. Tested by compiling and linking, so it holds for a cross compiler, too. PORTSOCK_FEATURES_OFF is a list of
# X that are taken for missing: so a system that has them compiles and tests what is there for systems that have not.

include(CheckCSourceCompiles)
include(CheckStructHasMember)
include(CheckSymbolExists)

set(portsock_features)

set(PORTSOCK_FEATURES_OFF "" CACHE STRING "Things of this POSIX system that are taken for missing")

macro(portsock_feature_found feature)
    if(PORTSOCK_HAVE_${feature} AND NOT "${feature}" IN_LIST PORTSOCK_FEATURES_OFF)
        list(APPEND portsock_features PS__HAVE_${feature}=1)
    endif()
endmacro()

# A macro: a block would not let the answers out, and the checks read CMAKE_REQUIRED_*.
macro(portsock_feature_symbol feature symbol headers)
    check_symbol_exists(${symbol} "${headers}" PORTSOCK_HAVE_${feature})
    portsock_feature_found(${feature})
endmacro()

macro(portsock_feature_member feature struct member header)
    check_struct_has_member("struct ${struct}" ${member} ${header} PORTSOCK_HAVE_${feature})
    portsock_feature_found(${feature})
endmacro()

macro(portsock_feature_source feature source)
    check_c_source_compiles("${source}" PORTSOCK_HAVE_${feature})
    portsock_feature_found(${feature})
endmacro()

set(CMAKE_REQUIRED_DEFINITIONS -D_GNU_SOURCE)

portsock_feature_symbol(ACCEPT4 accept4 sys/socket.h)
portsock_feature_symbol(SOCK_CLOEXEC SOCK_CLOEXEC sys/socket.h)
portsock_feature_symbol(MSG_NOSIGNAL MSG_NOSIGNAL sys/socket.h)
portsock_feature_symbol(SO_NOSIGPIPE SO_NOSIGPIPE sys/socket.h)
portsock_feature_symbol(EVENTFD EFD_CLOEXEC sys/eventfd.h)
portsock_feature_symbol(PPOLL ppoll poll.h)
portsock_feature_symbol(TLS_SIZE dl_iterate_phdr link.h)
portsock_feature_symbol(GLIBC gnu_get_libc_version gnu/libc-version.h)
portsock_feature_symbol(USELOCALE uselocale locale.h)
portsock_feature_symbol(HSTRERROR hstrerror netdb.h)
portsock_feature_symbol(DUP_CLOEXEC F_DUPFD_CLOEXEC fcntl.h)

portsock_feature_member(SA_LEN sockaddr sa_len sys/socket.h)

# Credentials and descriptors in messages.
portsock_feature_symbol(MSG_CMSG_CLOEXEC MSG_CMSG_CLOEXEC sys/socket.h)
portsock_feature_member(PADDED_MSGHDR msghdr __pad1 sys/socket.h)
portsock_feature_member(UCRED ucred pid sys/socket.h)
portsock_feature_symbol(GETPEEREID getpeereid "sys/types.h;unistd.h")

# Families beside inet, inet6 and unix.
portsock_feature_symbol(NETLINK AF_NETLINK "sys/socket.h;linux/netlink.h")
portsock_feature_symbol(TIPC AF_TIPC "sys/socket.h;linux/tipc.h")
portsock_feature_symbol(PACKET AF_PACKET "sys/socket.h;linux/if_packet.h")
portsock_feature_symbol(VSOCK AF_VSOCK "sys/socket.h;linux/vm_sockets.h")
portsock_feature_symbol(CAN AF_CAN "sys/socket.h;linux/can.h")

# Interfaces and captures.
portsock_feature_symbol(AF_LINK AF_LINK "sys/types.h;sys/socket.h;net/if_dl.h")
portsock_feature_symbol(BPF BIOCSETIF "sys/types.h;sys/time.h;sys/ioctl.h;net/bpf.h")

# Three systems have three signatures for these; only the one with a result pointer and an int is meant.
portsock_feature_source(GETHOSTBYNAME_R "
#include <netdb.h>
#include <sys/socket.h>
int main(void)
{
    struct hostent entry, *result;
    char memory[1024], address[4] = {0};
    int error;
    int one = gethostbyname2_r(\"localhost\", AF_INET, &entry, memory, sizeof memory, &result, &error);
    int two = gethostbyaddr_r(address, sizeof address, AF_INET, &entry, memory, sizeof memory, &result, &error);
    return one + two;
}
")
portsock_feature_source(GETSERVBYNAME_R "
#include <netdb.h>
int main(void)
{
    struct servent service, *service_result;
    struct protoent protocol, *protocol_result;
    char memory[1024];
    int one = getservbyname_r(\"http\", \"tcp\", &service, memory, sizeof memory, &service_result);
    int two = getservbyport_r(80, \"tcp\", &service, memory, sizeof memory, &service_result);
    int three = getprotobyname_r(\"tcp\", &protocol, memory, sizeof memory, &protocol_result);
    return one + two + three;
}
")

unset(CMAKE_REQUIRED_DEFINITIONS)

# Known of a system, not to be found by compiling. Linux: poll says POLLERR or POLLHUP when a connection has failed, so
# that nobody need ask for SO_ERROR when it says neither; and shutdown wakes all who wait for a socket. LINUX in
# PORTSOCK_FEATURES_OFF is for these.
if(CMAKE_SYSTEM_NAME STREQUAL "Linux" AND NOT "LINUX" IN_LIST PORTSOCK_FEATURES_OFF)
    list(APPEND portsock_features PS__POLL_TELLS_CONNECT_ERRORS=1 PS__SHUTDOWN_WAKES=1)
endif()
