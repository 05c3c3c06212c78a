#!/bin/sh
# Sets everything up, then feeds readers, and the writers behind them, with inputs that a fuzzer makes: sh scripts/fuzz.sh
# [HOURS] [HARNESS...]. HOURS, of which the default is 1, are for each harness; two run at a time. The harnesses stand in
# tests/fuzz/harnesses.py, all of them run if none is named. Linux only, since atheris is.
# The corpus stays in .fuzz, which git ignores; so does each finding, with its traceback. Exit code 1 if there is one.
set -eu
cd "$(dirname "$0")/.."
. scripts/setup.sh

hours=${1:-1}
[ $# -eq 0 ] || shift
on_linux || stop "atheris, which fuzzes, is for Linux alone."
environment dev
environment fuzz
seconds=$(awk "BEGIN { print $hours * 3600 }")
exec .venv/bin/python tests/fuzz/run_harnesses.py --seconds "$seconds" --jobs 2 --corpus .fuzz "$@"
