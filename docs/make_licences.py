"""Write the table of all packages in docs/explanation/licences.md from the metadata of what is installed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

PAGE = Path(__file__).parent / "explanation" / "licences.md"
HEADING = "## Every package\n"
INTRODUCTION = """
What clothbound needs with all its extras, and what each says of its licence. This table is made from the packages'
metadata by `python docs/make_licences.py`.

| package | licence |
|:--|:--|
"""
_MIT = "Permission is hereby granted, free of charge, to any person obtaining a copy"
_LICENCE = re.compile(r"(?i)licen[cs]e")
_FIELDS = ("License-Expression", "Classifier", "License")


def page() -> str:
    """Returns the whole page, with the table as it should be."""
    before = PAGE.read_text(encoding="utf-8").split(HEADING)[0]
    rows = "".join(f"| {name} | {text} |\n" for name, text in sorted(licences().items()))
    return f"{before}{HEADING}{INTRODUCTION}{rows}"


def licences() -> dict[str, str]:
    """The licence of each installed distribution that clothbound needs, with all its extras."""
    return {name: licence_of(found) for name, found in _needed() if name != "clothbound"}


def _needed() -> Iterator[tuple[str, Distribution]]:
    extras = distribution("clothbound").metadata.get_all("Provides-Extra") or []
    waiting, known = [("clothbound", ("", *extras))], set[tuple[str, tuple[str, ...]]]()
    while waiting:
        one = waiting.pop()
        if one in known:
            continue
        known.add(one)
        name, wanted = one
        try:
            found = distribution(name)
        except PackageNotFoundError:
            continue  # for another system
        yield canonicalize_name(name), found
        for line in found.requires or ():
            needs = Requirement(line)
            if needs.marker is None or any(needs.marker.evaluate({"extra": e}) for e in wanted):
                waiting.append((canonicalize_name(needs.name), ("", *sorted(needs.extras))))


def licence_of(found: Distribution) -> str:
    """Returns what the metadata say: an expression of SPDX, classifiers, a licence's file, or the old field."""
    told = {name: found.metadata.get_all(name) or [] for name in _FIELDS}
    classifiers = [
        line.rpartition(" :: ")[2]
        for line in told["Classifier"]
        if line.startswith("License :: ") and line != "License :: OSI Approved"
    ]
    if named := told["License-Expression"] or classifiers:
        return "; ".join(named)
    texts = [f.read_text() or "" for f in found.files or () if _LICENCE.search(f.name)]
    if any(_MIT in " ".join(text.split()) for text in texts):
        return "MIT"
    heads = [text.strip().partition("\n")[0] for text in (*told["License"], *texts) if text]
    return heads[0] if heads else "not said"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
