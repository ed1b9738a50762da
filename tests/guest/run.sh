#!/bin/sh
# Runs the tests of tests/tipc in a guest machine whose kernel has what most kernels lack: AF_TIPC, AF_VSOCK's loopback,
# AF_CAN. The kernel is Debian's own, unpacked into the cache folder, not installed; QEMU runs it, without KVM.
#   sh tests/guest/run.sh PROGRAM RESULTS      PROGRAM: the built guest_tests; RESULTS: "passed NAME" or "failed NAME" a line
# Needs qemu-system-x86, busybox-static, cpio, iproute2. The exit status is 0 if every test passed.
set -eu
sources=$(cd "$(dirname "$0")/.." && pwd)
program=${1:?usage: run.sh PROGRAM RESULTS}
results=${2:?usage: run.sh PROGRAM RESULTS}
cache=${PORTSOCK_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/portsock}/guest
work=$(mktemp -d "${TMPDIR:-/tmp}/guest.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM

# In the order in which they are loaded.
modules="net/ipv4/udp_tunnel net/ipv6/ip6_udp_tunnel net/tipc/tipc
    net/vmw_vsock/vsock net/vmw_vsock/vmw_vsock_virtio_transport_common net/vmw_vsock/vsock_loopback
    net/can/can net/can/can-raw drivers/net/can/dev/can-dev drivers/net/can/vcan drivers/net/veth"

fail() {
    echo "guest: $*" >&2
    exit 1
}

kernel_package() {
    apt-cache depends linux-image-amd64 2>/dev/null | sed -n 's/.*Depends: \(linux-image-[0-9].*\)/\1/p' | head -n 1
}

# Puts vmlinuz and the modules into the cache.
make_kernel() {
    package=$(kernel_package)
    [ -n "$package" ] || fail "apt knows no linux-image-amd64; run apt-get update first"
    (cd "$work" && apt-get -q -o APT::Sandbox::User=root download "$package" >&2) || fail "$package cannot be had"
    mkdir "$work/kernel"
    wanted=./boot/vmlinuz-${package#linux-image-}
    for module in $modules; do
        wanted="$wanted ./lib/modules/${package#linux-image-}/kernel/$module.ko"
    done
    # shellcheck disable=SC2086
    dpkg-deb --fsys-tarfile "$work/$package"_*.deb | tar -xf - -C "$work/kernel" $wanted || fail "$package lacks a module"
    rm -rf "$cache.new"
    mkdir -p "$cache.new/modules"
    mv "$work/kernel/boot/vmlinuz-"* "$cache.new/vmlinuz"
    for module in $modules; do
        mv "$work/kernel/lib/modules/"*"/kernel/$module.ko" "$cache.new/modules/"
        basename "$module" >>"$cache.new/modules/order"
    done
    rm -rf "$cache"
    mv "$cache.new" "$cache"
}

# add_program FILE NAME: puts a program into the guest, with the libraries that it is linked with.
add_program() {
    mkdir -p "$work/root$(dirname "$2")"
    cp -L "$1" "$work/root$2"
    ldd "$1" | grep -o '/[^ )]*' | while read -r library; do
        mkdir -p "$work/root$(dirname "$library")"
        cp -L "$library" "$work/root$library"
    done
}

# "FILE.TEST" for each test, as the build reads them.
list_tests() {
    for file in "$sources"/tipc/*.c; do
        name=$(basename "$file" .c)
        sed -n "s/^[[:space:]]*ADD_TEST_CASE(suite, \([a-z0-9_]*\));.*/$name.\1/p" "$file"
    done
}

make_root() {
    mkdir -p "$work/root/bin" "$work/root/tests"
    cp "$sources/guest/init" "$work/root/init"
    chmod 755 "$work/root/init"
    cp /bin/busybox "$work/root/bin/busybox"
    cp -r "$cache/modules" "$work/root/modules"
    add_program "$program" /tests/program
    add_program "$(command -v ip || echo /sbin/ip)" /sbin/ip
    add_program "$(command -v tipc || echo /sbin/tipc)" /sbin/tipc
    list_tests >"$work/root/tests/list"
    (cd "$work/root" && find . | cpio -o -H newc --quiet | gzip -1) >"$work/initrd"
}

boot() {
    timeout 240 qemu-system-x86_64 -machine q35 -accel tcg -cpu max -smp 1 -m 512 -nographic -no-reboot -nodefaults \
        -serial stdio -monitor none -nic none -kernel "$cache/vmlinuz" -initrd "$work/initrd" \
        -append "console=ttyS0 quiet panic=-1" </dev/null | tr -d '\r'
}

[ -e "$cache/vmlinuz" ] && [ -s "$cache/modules/order" ] || make_kernel
make_root
boot >"$work/console" || true
sed -n 's/^.*GUEST \(\(passed\|failed\) .*\)/\1/p' "$work/console" >"$results"
# What the guest did not come to has failed, too.
while read -r name; do
    grep -q "^[a-z]* $name\( \|\$\)" "$results" || echo "failed $name (the guest did not run it)" >>"$results"
done <"$work/root/tests/list"
if grep -q '^failed ' "$results" || ! grep -q 'GUEST end' "$work/console"; then
    cat "$work/console"
    exit 1
fi
