#!/bin/sh
# Writes constraints.txt anew: the newest versions of everything that pyproject.toml allows, as an environment
# of its own has them. Takes minutes. Afterwards run scripts/test.sh, which installs these versions.
set -eu
cd "$(dirname "$0")/.."
. scripts/setup.sh

base=$(find_python) || stop "please install Python 3.11 or newer."
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$base" -m venv "$folder"
"$folder/bin/python" -m pip install --quiet --upgrade 'pip>=25.1'
"$folder/bin/python" -m pip install --quiet -e '.[heic,typst]' --group dev
{
    echo "# The versions that scripts/setup.sh installs for tests. Written by scripts/lock.sh; see CONTRIBUTING.md."
    "$folder/bin/python" -m pip freeze --exclude-editable | grep -v '^pip=' | LC_ALL=C sort -f
} >constraints.txt
say "$(grep -c == constraints.txt) versions are in constraints.txt."
