#!/bin/sh
# Writes constraints.txt and lock.txt anew: the newest versions that pyproject.toml and Python 3.11 allow. Newer Pythons take
# these versions too, while the newest packages for them may not install on 3.11. Takes minutes. Afterwards run
# scripts/test.sh, which installs these versions.
set -eu
cd "$(dirname "$0")/.."
. scripts/setup.sh

good_python python3.11 || stop "please install Python 3.11, the oldest that clothbound runs on."
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3.11 -m venv "$folder"
"$folder/bin/python" -m pip install --quiet --upgrade 'pip>=25.1'
"$folder/bin/python" -m pip install --quiet -e '.[heic,preview,typst]' --group dev --group fuzz
# Debian 12 has 3.11.2, and some packages want a later 3.11 than that.
too_new() {
    "$folder/bin/python" - <<'PYTHON'
from importlib.metadata import distributions

from packaging.specifiers import SpecifierSet

for found in distributions():
    wanted = found.metadata["Requires-Python"]
    if wanted and "3.11.0" not in SpecifierSet(wanted):
        print(f"{found.name}<{found.version}")
PYTHON
}
while older=$(too_new) && [ -n "$older" ]; do
    # shellcheck disable=SC2086  # one word for each package
    "$folder/bin/python" -m pip install --quiet $older
done
{
    echo "# The versions that scripts/setup.sh installs for tests. Written by scripts/lock.sh; see CONTRIBUTING.md."
    "$folder/bin/python" -m pip freeze --exclude-editable | grep -v '^pip=' | LC_ALL=C sort -f
} >constraints.txt
# The same versions once more, with the hashes of all their files, and when each is needed on other systems and Pythons.
"$folder/bin/python" -m pip install --quiet uv
{
    echo "# The files that scripts/setup.sh installs for tests, by their hashes. Written by scripts/lock.sh; see CONTRIBUTING.md."
    "$folder/bin/uv" pip compile pyproject.toml --extra heic --extra preview --extra typst --group dev --group fuzz \
        --constraint constraints.txt --python-version 3.11 --universal --generate-hashes \
        --no-header --no-annotate --quiet
} >lock.txt
say "$(grep -c == constraints.txt) versions are in constraints.txt."
