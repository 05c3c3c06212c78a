#!/bin/sh
# Measures clothbound beside pandoc and bare mistune, in one run; prints Markdown. Takes minutes.
set -eu
cd "$(dirname "$0")/.."
. scripts/setup.sh

environment dev
pango
exec .venv/bin/python benchmarks/run.py
