#!/bin/sh
# Runs a fuzz target:  sh fuzz.sh NAME PROGRAM MAKE-CORPUS SOURCES WORK OPTION...
# It starts from the inputs of make_corpus and of SOURCES/NAME.corpus. What it finds new is in WORK/found, and is taken
# up by the next run for a time (-max_total_time); an input that fails is in WORK/failed-*, and told.
set -eu
name=$1
program=$2
make_corpus=$3
sources=$4
work=$5
shift 5

mkdir -p "$work/seeds" "$work/found"
"$make_corpus" "$name" "$work/seeds"
set -- "$@" -artifact_prefix="$work/failed-" -print_final_stats=1 -verbosity=0
case "$*" in
*-max_total_time=*) new=$work/found ;;
*) # the same run each time: nothing of an earlier one
    new=$work/run
    rm -rf "$new"
    mkdir "$new"
    ;;
esac
# New inputs go to the first folder.
set -- "$@" "$new" "$work/seeds"
[ ! -d "$sources/$name.corpus" ] || set -- "$@" "$sources/$name.corpus"
exec "$program" "$@"
