# The libraries and the program that runs their tests on Windows itself have no error or warning for
# Windows on ARM64. Debian has no C library for it; clang reads them with the headers of MinGW-w64.
. "$(dirname "$0")/common.sh"

command -v clang >/dev/null || {
    echo "skipped: there is no clang"
    exit 77
}
winsock=$(printf "#include <winsock2.h>\n" | "$cc" -E -x c - |
    sed -n 's|^# [0-9]* "\(.*\)/winsock2.h".*|\1|p')
headers=$(printf "%s\n" "$winsock" | sed q)
[ -n "$headers" ] || {
    echo "$cc has no winsock2.h"
    exit 1
}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# The headers of Windows are large: they are read once. Lists are split at line ends.
flags="--target=aarch64-w64-windows-gnu
-std=c11
-Wall
-Wextra
-Iinclude
-Isrc
-D_WIN32_WINNT=0x0A00
-isystem
$headers"
# shellcheck disable=SC2086
clang $flags -x c-header -o "$work/portsock.pch" include/portsock.h

# compile FILE...: what the compiler says about them.
compile() {
    # shellcheck disable=SC2086
    clang $flags -fsyntax-only -include-pch "$work/portsock.pch" "$@" 2>&1 || :
}

# shellcheck disable=SC2046
report "what clang says for Windows on ARM64" \
    "$(compile $(find src/common src/family src/win32 src/capture tests/win32/check -name '*.c'))"

# Without the right target or headers it may have compiled nothing of Windows' own.
printf '%s\n' '#include <winsock2.h>' '#ifndef __aarch64__' '#error no ARM64' '#endif' \
    'SOCKET s = INVALID_SOCKET;' >"$work/whole.c"
printf '%s\n' '#include <winsock2.h>' 'SOCKET s = no_such_name;' >"$work/broken.c"
report "a file of Windows is refused" "$(compile "$work/whole.c")"
[ -n "$(compile "$work/broken.c")" ] || report "what is wrong is not found" "$work/broken.c"
finish
