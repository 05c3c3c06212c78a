#!/bin/sh
# Measures clothbound beside Hugo, pandoc and bare mistune, in one run; prints Markdown. Takes half an hour.
# Options are those of benchmarks/run.py.
set -eu
cd "$(dirname "$0")/.."
. scripts/setup.sh

environment dev
pango
exec .venv/bin/python benchmarks/run.py "$@"
