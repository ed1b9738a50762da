#!/bin/sh
# windows_check with tests that pass, fail, are skipped, hang and crash: what is in the file of
# results, and that nothing of the machine is.
#   runner.sh WINDOWS-CHECK CHECK-SAMPLE [EMULATOR]
set -eu
runner=$1
sample=$2
shift 2

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/programs"
cp "$runner" "$sample" "$work/programs"
cat >"$work/programs/tests.txt" <<'END'
# a fact of the build
check_sample 3 a.passes a.fails a.passes_too a.skips a.hangs a.is_alone_again a.crashes
check_sample 3 a.ends_early a.last
check_sample 3 b.is_silent
check_sample 3 c.passes_and_dies
no_such_program 3 d.cannot_start
END

status=0
"$@" "$work/programs/windows_check.exe" >"$work/said" 2>&1 || status=$?
results=$(echo "$work"/portsock-results-*.txt)
tr -d '\r' <"$results" >"$work/results"
show() {
    echo "$*"
    cat "$work/said" "$work/results"
    exit 1
}
[ "$status" = 1 ] || show "exit status $status"

grep -v '^#' "$work/results" >"$work/found" || true
cat >"$work/expected" <<'END'
passed a.passes
failed a.fails (exit status 1)
passed a.passes_too
skipped a.skips (for a reason)
failed a.hangs (ended after 3 s)
passed a.is_alone_again
failed a.crashes (exit status 0xc0000005)
failed a.ends_early (exit status 0)
passed a.last
failed b.is_silent (exit status 5)
failed c.passes_and_dies (passed, and then: exit status 9)
failed d.cannot_start (the program cannot be started: error 2)
END
diff -u "$work/expected" "$work/found" || show "other results than expected"

for line in '# a fact of the build' '# tests: 12' '#     I hang' '# 4 passed, 7 failed, 1 skipped' \
    '#     I am <user> on <computer> in <directory>\programs\x, \xc3\xa9'; do
    grep -qxF "$line" "$work/results" || show "no line: $line"
done
again='# check_sample ended before its first test, and is started again'
[ "$(grep -cx "$again" "$work/results")" = 2 ] ||
    show "a program that ends without a word is not started three times"

# Only some of the tests; and names that no test has.
"$@" "$work/programs/windows_check.exe" a.passes >"$work/said" 2>&1 ||
    show "a.passes: exit status $?"
tr -d '\r' <"$results" | grep -v '^#' >"$work/found"
printf 'passed a.passes\npassed a.passes_too\n' | diff -u - "$work/found" ||
    show "not what was asked for"
status=0
"$@" "$work/programs/windows_check.exe" nothing. >"$work/said" 2>&1 || status=$?
[ "$status" = 2 ] || show "no test has such a name: exit status $status"
