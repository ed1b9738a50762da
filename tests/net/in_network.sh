#!/bin/sh
# Runs a command in a network of its own, of which nothing is left afterwards:
#   sh in_network.sh COMMAND ARGUMENT...
# In it are
#   127.0.0.1, ::1, 10.9.1.1, 2001:db8:1::1   this machine
#   10.9.0.0/24, 2001:db8::/64                a link whose neighbours 77 to 79 never answer: connections hang
#   2001:db8:ffff::1, 10.9.9.9                no way there
#   127.0.0.1:53                              the name server, if the command is one
# and, for a test whose name begins with ports_, only four ports that the system gives to sockets.
# A Windows program gets a Wine server of its own, since that is what makes its sockets: on a copy of the prefix that exists
# in memory only. The exit status is the command's, or 77 where one may not make networks.
set -eu

if [ "${1:-}" != --inside ]; then
    if ! unshare -nmpf true 2>/dev/null; then
        echo "skipped: this needs root, and namespaces"
        exit 77
    fi
    command -v ip >/dev/null || {
        echo "there is no ip: install iproute2"
        exit 1
    }
    # All processes end with the first of their namespace.
    exec unshare -nmpf --kill-child --mount-proc sh "$0" --inside "$@"
fi
shift

# bound PATH: standard input becomes what is at that path.
bound() {
    cat >"$room/$(basename "$1")"
    mount --bind "$room/$(basename "$1")" "$1"
}

network() {
    ip link set lo up
    ip address add 10.9.1.1/32 dev lo
    ip -6 address add 2001:db8:1::1/128 dev lo nodad
    ip link add here type veth peer name there
    ip link set here up
    ip link set there up
    ip address add 10.9.0.1/24 dev here
    ip -6 address add 2001:db8::1/64 dev here nodad
    for last in 77 78 79; do
        ip neighbour add "10.9.0.$last" lladdr "02:00:00:00:00:$last" dev here
        ip -6 neighbour add "2001:db8::$last" lladdr "02:00:00:00:00:$last" dev here
    done
}

names() {
    bound /etc/hosts <<END
127.0.0.1 localhost
END
    bound /etc/nsswitch.conf <<END
hosts: files dns
services: files
protocols: files
END
    bound /etc/resolv.conf <<END
nameserver 127.0.0.1
options timeout:2 attempts:5
END
}

wine_of_its_own() {
    prefix=${WINEPREFIX:-${HOME:-/root}/.wine}
    [ -d "$prefix" ] || return 0
    mkdir "$room/upper" "$room/work" "$room/prefix"
    mount -t overlay -o "lowerdir=$prefix,upperdir=$room/upper,workdir=$room/work" overlay "$room/prefix"
    WINEPREFIX=$room/prefix
    export WINEPREFIX
}

mount --make-rprivate /
room=/mnt
mount -t tmpfs tmpfs "$room"
network
names
case $* in
*" ports_"*) echo 40000 40003 >/proc/sys/net/ipv4/ip_local_port_range ;;
esac
case $* in
*.exe*) wine_of_its_own ;;
esac
"$@"
