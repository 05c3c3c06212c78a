#!/bin/sh
# Sets everything up, then runs the tests that scripts/test.sh leaves out because they take long, and, without arguments,
# scripts/installers.sh.
# Arguments go to pytest: sh scripts/slow.sh tests/test_math.py -x
set -eu
cd "$(dirname "$0")/.."
. scripts/setup.sh

environment dev
pango
checkers
if [ ! -d ../shared ]; then
    say "Note: ../shared does not exist; the tests marked 'corpus' are left out."
fi
.venv/bin/pytest -v -rs -n 2 --dist worksteal -m slow "$@"
[ $# -gt 0 ] || exec sh scripts/installers.sh
