"""Writes a version and its day into the files that name them, and the set-up from an index into the pages with one.

    python scripts/release_texts.py 0.1.0 2027-01-31

It writes nothing if one of the files is not as expected.
"""

from __future__ import annotations

import re
import sys
import tomllib
from collections.abc import Mapping
from pathlib import Path

from packaging.version import InvalidVersion, Version

_VERSION = re.compile(r'^__version__ = "(.*)"$', re.M)
_HEAD = re.compile(r"^## (\S+) \((.*)\)$", re.M)
_SET_UP = {
    "README.md": (
        "    git clone THIS-REPOSITORY clothbound && cd clothbound\n",
        "    pip install clothbound               # into an environment of your own\n"
        "    pipx install clothbound              # or the command alone, in your path\n"
        "    uv tool install 'clothbound[typst]'  # or so, with PDF where Pango is missing\n",
    ),
    "docs/how-to/install.md": (
        "One of these, in a checkout, puts the command in your path,\nin an environment of its own:\n\n"
        "    pipx install .\n"
        "    uv tool install '.[typst]'\n",
        "One of these puts the command in your path,\nin an environment of its own:\n\n"
        "    pipx install clothbound\n"
        "    uv tool install 'clothbound[typst]'\n",
    ),
    "docs/how-to/web-service.md": (
        "Start it, and send it a post. `CHECKOUT` is the folder of clothbound:\n\n"
        "    pip install CHECKOUT starlette uvicorn\n",
        "Start it, and send it a post:\n\n    pip install clothbound starlette uvicorn\n",
    ),
    "docs/tutorial.md": (
        "    Put the folder `clothbound`, this project, into Downloads too, and type:\n\n"
        '        uv tool install "./clothbound[typst]"\n',
        '    Type:\n\n        uv tool install "clothbound[typst]"\n',
    ),
}
"""The set-up from a checkout, and from an index, by page."""


class NotReadyError(Exception):
    """The project cannot be released as it is."""


def released(project: Path, version: str, day: str) -> Mapping[Path, str]:
    """Returns the files that a release changes, with their new texts. Raises NotReadyError."""
    settings = tomllib.loads(_read(project / "pyproject.toml"))
    if not settings["tool"]["hatch"]["metadata"]["hooks"]["custom"]["address"]:
        raise NotReadyError("pyproject.toml: the address of the project is empty")
    package, changes = project / "src/clothbound/__init__.py", project / "CHANGELOG.md"
    return {
        package: _with_version(_read(package), version),
        changes: _with_day(_read(changes), version, day),
        **{project / page: _from_an_index(_read(project / page), page) for page in _SET_UP},
    }


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def _with_version(text: str, version: str) -> str:
    (before,) = _VERSION.findall(text)
    try:
        new = Version(version)
    except InvalidVersion as error:
        raise NotReadyError(f"{version!r} is not a version") from error
    if str(new) != version or new < Version(before):
        raise NotReadyError(f"{version} does not follow {before}, or is written {new}")
    return _VERSION.sub(f'__version__ = "{version}"', text)


def _with_day(text: str, version: str, day: str) -> str:
    """Dates the newest section of the change log, which must be of this version and unreleased."""
    head = _HEAD.search(text)
    if head is None or head.groups() != (version, "unreleased"):
        raise NotReadyError(f"CHANGELOG.md does not begin with '## {version} (unreleased)'")
    return f"{text[: head.start()]}## {version} ({day}){text[head.end() :]}"


def _from_an_index(text: str, page: str) -> str:
    checkout, index = _SET_UP[page]
    if text.count(checkout) + text.count(index) != 1:
        raise NotReadyError(f"{page}: the first line of the set-up is not known")
    return text.replace(checkout, index)


def main(version: str, day: str) -> None:
    """Changes the files of the checkout."""
    try:
        changed = released(Path(__file__).resolve().parents[1], version, day)
    except NotReadyError as error:
        sys.exit(f"clothbound: {error}.")
    for path, text in changed.items():
        path.write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
