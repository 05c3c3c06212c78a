#!/bin/sh
# Makes the files of a release, and publishes nothing: sh scripts/release.sh 0.1.0
# CONTRIBUTING.md, "A release", says what comes before and after.
set -eu
cd "$(dirname "$0")/.."
. scripts/setup.sh

[ $# -eq 1 ] || stop "please name the version: sh scripts/release.sh 0.1.0"
[ -z "$(git status --porcelain)" ] || stop "please commit or discard the changes that 'git status' names first."
environment dev
.venv/bin/python scripts/release_texts.py "$1" "$(date -u +%F)"
rm -rf dist
.venv/bin/python -m build --no-isolation --outdir dist .
.venv/bin/python -m twine check --strict dist/*
say "Please look at 'git diff' and at dist, run 'sh scripts/test.sh', then commit, tag the commit v$1 and upload dist."
