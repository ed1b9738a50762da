# Every example that takes arguments reads them in UTF-8 (examples/utf8.h): on Windows main has them in the ANSI code page.
. "$(dirname "$0")/common.sh"

report "takes arguments, and does not call utf8_arguments" "$(grep -l '^int main(int argc' examples/*.c tools/*/*.c |
    xargs grep -LE '^    utf8_arguments\(&argc, &argv\);$' | grep -vxE 'examples/(inetd_echo|netlink_links)\.c')" # numbers only
finish
