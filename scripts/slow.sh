#!/bin/sh
# Sets everything up, then runs the tests that scripts/test.sh leaves out because they take long, and, without arguments,
# properties with ten times as many examples where a test does not say how many, and scripts/installers.sh.
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
[ $# -eq 0 ] || exit 0
.venv/bin/pytest -v -n 2 --dist worksteal -m "hypothesis and not slow" --hypothesis-profile=many
exec sh scripts/installers.sh
