# Sourced by tests/run.sh: counts, and what is said of them.
# shellcheck shell=sh disable=SC2034,SC2154

passed=0
failed=0
skipped=0
part_count=0
part_number=0
began=$(date +%s)
summary=
row='%-20s %-27s %-20s %6s %6s %7s %7s' # of the table at the end

seconds_since() {
    echo $(($(date +%s) - $1))
}

# progress TEXT...: a line with how far the run is.
progress() {
    last_progress=$(date +%s)
    run_seconds=$(seconds_since "$began")
    elapsed=$(printf '%d:%02d' $((run_seconds / 60)) $((run_seconds % 60)))
    say "[$part_number/$part_count $elapsed] $*"
}

# pause WHAT LOG: a moment; every half a minute, a line with how far ninja or ctest is by its
# output.
pause() {
    sleep 0.2
    [ "$(seconds_since "$last_progress")" -ge 30 ] || return 0
    how_far=$(grep -aoE '^(\[[0-9]+/[0-9]+\]| *[0-9]+/[0-9]+ Test)' "$2" | tail -n 1)
    how_far=$(printf '%s' "$how_far" | tr -dc '0-9/')
    progress "$1: ${how_far%/*} of ${how_far#*/}"
}

begin_part() {
    part_number=$((part_number + 1))
    part_began=$(date +%s)
    before_passed=$passed
    before_failed=$failed
    before_skipped=$skipped
    progress "$1: $(describe "$1")"
}

# end_part PART: a line of the table at the end, and the seconds, for the next run to expect.
end_part() {
    part_seconds=$(seconds_since "$part_began")
    part_passed=$((passed - before_passed))
    part_failed=$((failed - before_failed))
    part_skipped=$((skipped - before_skipped))
    result="$part_passed passed, $part_failed failed, $part_skipped skipped"
    progress "$1: $result in $part_seconds s"
    summary="$summary$(printf "$row" "$1" "$(system_of "$1")" "$(compiler_of "$1")" \
        "$part_passed" "$part_failed" "$part_skipped" "$part_seconds")
"
}

finish() {
    say
    say "$(printf "$row" part system compiler passed failed skipped seconds)"
    printf '%s' "$summary"
    say
    [ "$failed" = 0 ] || sed 's/^/FAILED: /' "$logs/failures"
    say "$passed passed, $failed failed, $skipped skipped"
    [ "$failed" = 0 ]
    exit
}

# failure TEXT...: one more, said now and at the end.
failure() {
    failed=$((failed + 1))
    echo "$*" >>"$logs/failures"
    say "FAILED: $*"
}

give_up() {
    failure "$*"
    finish
}

# counted NAME COMMAND...: a command that is one test.
counted() {
    name=$1
    shift
    if "$@" >"$logs/$name.log" 2>&1; then
        passed=$((passed + 1))
        return 0
    fi
    tail -n 60 "$logs/$name.log"
    failure "$name (build/logs/$name.log)"
    return 1
}

count_results() {
    grep -c "^$1 " "$2"
}

# add_results PART: adds build/logs/PART.results to the sums.
add_results() {
    passed=$((passed + $(count_results passed "$logs/$1.results")))
    skipped=$((skipped + $(count_results skipped "$logs/$1.results")))
    sed -n 's/^failed //p' "$logs/$1.results" >"$logs/$1.failed"
    while read -r line; do
        failure "$1: $line"
    done <"$logs/$1.failed"
    rm -f "$logs/$1.failed"
}
