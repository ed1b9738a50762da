# The frontend knows no platform, and the public headers ask which one it is in one file only.
. "$(dirname "$0")/common.sh"

platforms='_WIN(32|64)|WIN32|__MINGW|__CYGWIN__|_MSC_VER|__linux|__gnu_linux__|__unix|__APPLE__|__MACH__|BSD__|__sun'
platforms="$platforms|__ANDROID__|__BIONIC__|__GLIBC__|__HAIKU__|_AIX"
frontend=$(find src/common src/capture -name '*.[ch]')
condition='^[[:space:]]*#[[:space:]]*(if|ifdef|ifndef|elif)[[:space:]].*'
standard='assert|complex|ctype|errno|fenv|float|inttypes|iso646|limits|locale|math|setjmp|signal|stdalign|stdarg'
standard="$standard|stdatomic|stdbool|stddef|stdint|stdio|stdlib|stdnoreturn|string|tgmath|threads|time|uchar|wchar|wctype"

report "the frontend tests for a platform" "$(grep -nE "$condition($platforms)" $frontend)"

report "the frontend includes a header that is not standard C's" \
    "$(grep -nE '^[[:space:]]*#[[:space:]]*include[[:space:]]*<' $frontend |
        grep -vE "<($standard)\\.h>")"

report "the frontend includes a header of a backend" \
    "$(grep -nE '^[[:space:]]*#[[:space:]]*include[[:space:]]*"(posix|win32)/' $frontend src/family/*.[ch])"

report "a family tests for a platform, not for a feature" \
    "$(grep -nE "$condition($platforms)" src/family/*.[ch])"

report "more than one public header tests for Windows" \
    "$(grep -lE "$condition(_WIN32)" $public_header_files | sed 1d)"

finish
