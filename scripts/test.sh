#!/bin/sh
# Sets everything up, then runs every check but the slow tests, which are for scripts/slow.sh.
# Exit code 0 only if all of them passed.
# Arguments go to pytest: sh scripts/test.sh tests/test_math.py -x
set -eu
cd "$(dirname "$0")/.."
. scripts/setup.sh

environment dev
if on_linux; then environment fuzz; fi
pango
checkers
if [ ! -d ../shared ]; then
    say "Note: ../shared does not exist; the tests marked 'corpus' are left out."
fi

check "ruff check" .venv/bin/ruff check .
check "ruff format" .venv/bin/ruff format --check .
check mypy .venv/bin/mypy
check lint-imports .venv/bin/lint-imports
# -v takes back the -q of pyproject.toml, so that the closing line is pytest's own
check pytest .venv/bin/pytest -v -rs -n 2 --dist worksteal -m "not slow" "$@"
end_checks
