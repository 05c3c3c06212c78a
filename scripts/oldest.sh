#!/bin/sh
# Runs the tests with the oldest versions that pyproject.toml allows of what clothbound needs, in .venv-oldest.
# Arguments go to pytest: sh scripts/oldest.sh tests/test_math.py
# OLDEST="lxml==5.0 click==8.0" tries other versions than the bounds.
set -eu
cd "$(dirname "$0")/.."
. scripts/setup.sh

if good_python python3.11; then base=python3.11; else base=$(find_python) || stop "please install Python 3.11."; fi
[ -x .venv-oldest/bin/python ] || "$base" -m venv .venv-oldest
python=.venv-oldest/bin/python
"$python" - "${OLDEST:-}" >.venv-oldest/oldest.txt <<'PYTHON'
import re
import sys
import tomllib

with open("pyproject.toml", "rb") as stream:
    project = tomllib.load(stream)["project"]
lines = [*project["dependencies"], *sum(project["optional-dependencies"].values(), [])]
oldest = dict(re.match(r"([\w.-]+)>=([\w.]+)", line).groups() for line in lines)
oldest.update(pair.split("==") for pair in sys.argv[1].split())
print(*(f"{name}=={version}" for name, version in sorted(oldest.items())), sep="\n")
PYTHON
say "Installing $(grep -c == .venv-oldest/oldest.txt) oldest versions into .venv-oldest ..."
"$python" -m pip install --quiet --upgrade 'pip>=25.1'
"$python" -m pip install --quiet -c .venv-oldest/oldest.txt -e '.[heic,preview,typst]' --group dev ||
    stop "pip could not install the oldest versions; its message stands above."
exec "$python" -m pytest "$@"
