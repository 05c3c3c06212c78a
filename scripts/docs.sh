#!/bin/sh
# Builds the documentation into build/docs, with warnings as errors, and checks its links.
# `sh scripts/docs.sh serve` shows it on this machine and again after each change.
set -eu
cd "$(dirname "$0")/.."
. scripts/setup.sh

environment dev
export NO_MKDOCS_2_WARNING=1
if [ "${1:-}" = serve ]; then
    exec .venv/bin/mkdocs serve
fi
.venv/bin/mkdocs build --strict --quiet
.venv/bin/python scripts/check_docs.py build/docs
say "The documentation is in build/docs; open build/docs/index.html"
