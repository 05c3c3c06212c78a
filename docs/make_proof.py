"""Write docs/reference/proof.md from the checks of clothbound.proof and their table of thresholds."""

from __future__ import annotations

from pathlib import Path

from clothbound.proof.findings import CHECKS, FindingKind
from clothbound.proof.thresholds import THRESHOLDS

TARGET = Path(__file__).parent / "reference" / "proof.md"
INTRODUCTION = """\
# Checks of finished pages

What `clothbound check book.pdf` and `check --proof` look for ([how to use it](../how-to/proof-read.md)). Errors are
diagnostics with the code `page-fault`, advice has `page-advice`; the name of the check stands in the message and in
`findings.json`. This page is made from the source by `python docs/make_proof.py`.
"""


def page() -> str:
    parts = [INTRODUCTION]
    for kind, title in ((FindingKind.ERROR, "Errors"), (FindingKind.ADVICE, "Advice")):
        rows = [one for one in CHECKS.values() if one.kind is kind]
        parts.append(f"\n## {title}\n\n| check | what it finds | what mends it |\n|:--|:--|:--|\n")
        parts += [f"| {one.name} | {one.what} | {one.hint} |\n" for one in rows]
    parts.append(
        "\n## Numbers\n\nThe only place of each is `proof/thresholds.py`. One changes only with pictures of what the new"
        " one would miss.\n\n| check | number | of what | why |\n|:--|--:|:--|:--|\n"
    )
    parts += [
        f"| {one.check} | {one.value:g} | {one.unit} | {one.reason} |\n" for one in THRESHOLDS
    ]
    return "".join(parts)


if __name__ == "__main__":
    TARGET.write_text(page(), encoding="utf-8")
