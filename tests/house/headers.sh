# Sourced by headers_c.sh and headers_cxx.sh.
# shellcheck shell=sh disable=SC2154

# The public headers of this platform.
public_headers() {
    case $platform in
    windows) other='platform_posix|constants_linux' ;;
    *) other=platform_windows ;;
    esac
    (cd include && ls portsock.h portsock/*.h portsock-capture.h portsock-capture/*.h) | grep -Ev "/($other)\.h\$"
}

# compile_headers LANGUAGE COMPILER OPTION...: reports what the compiler says of each header alone; and of the one for
# applications as the shared library's.
compile_headers() {
    language=$1
    shift
    precompile "$@"
    for header in $(public_headers); do
        report "$header alone" "$(compile_header "$header" "$@")"
    done
    for header in portsock.h portsock-capture.h; do
        report "$header of the shared library" "$(compile_header "$header" "$@" -DPS_SHARED)"
    done
    report "the initializers" "$(initializers | compile "$@")"
}

# A variable for each struct that has an initializer: PS_SOCK_INIT is one of ps_sock.
initializers() {
    printf '#include "portsock-capture.h"\nextern const void *some_variables[];\n'
    names=$(sed -n 's/^#define PS_\([A-Z_]*\)_INIT .*/\1/p' $public_header_files | sort -u)
    for name in $names; do
        type=ps_$(printf '%s' "$name" | tr 'A-Z' 'a-z')
        printf 'static %s a_%s = PS_%s_INIT;\n' "$type" "$type" "$name"
    done
    printf 'const void *some_variables[] = {'
    for name in $names; do
        printf '&a_ps_%s, ' "$(printf '%s' "$name" | tr 'A-Z' 'a-z')"
    done
    printf 'NULL};\n'
}

# strict COMPILER OPTION...
strict() {
    "$@" -Iinclude -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror
}

# On Windows platform.h, which each of the others includes first, brings in all of <windows.h>: it is read once.
precompiled=
precompile() {
    [ "$platform" = windows ] || return 0
    precompiled=$(mktemp -d)
    trap 'rm -rf "$precompiled"' EXIT
    mkdir "$precompiled/portsock"
    echo "#include \"$root/include/portsock/platform.h\"" >"$precompiled/portsock/platform.h" # for a second time
    strict "$@" -x "$language-header" include/portsock/platform.h -o "$precompiled/portsock/platform.h.gch" ||
        report "platform.h" "(it cannot be precompiled)"
}

compile_header() {
    header=$1
    shift
    if [ -n "$precompiled" ] && [ "$header" != portsock/platform.h ]; then
        set -- "$@" "-I$precompiled" -include portsock/platform.h
    fi
    printf '#include "%s"\nextern int some_declaration;\n' "$header" | compile "$@"
}

# What the compiler says of standard input.
compile() {
    strict "$@" -fsyntax-only -x "$language" - 2>&1 || echo "(the compiler failed)"
}
