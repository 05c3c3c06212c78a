#!/bin/sh
# Changes the code in small ways, and names each change that no test notices. Takes an hour or more.
# Arguments go to scripts/mutants.py: sh scripts/mutants.sh --skip 100 --number 100
set -eu
cd "$(dirname "$0")/.."
. scripts/setup.sh

environment dev
pango
exec .venv/bin/python scripts/mutants.py "$@"
