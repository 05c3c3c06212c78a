"""Write docs/book-toml.md from the schema of clothbound.plan and its docstrings."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

from clothbound.plan.schema import ARRAYS, HEADINGS, key_of
from clothbound.report import field_docs

HERE = Path(__file__).parent
INTRODUCTION = """\
# book.toml

What a `book.toml` may say; [the guide](guide.md#a-book-of-your-own-making-booktoml) shows how one is
used. `clothbound init` writes the first one. This page is made from the source by
`python docs/make_book_toml.py`.

A heading stands in square brackets; `[[output]]`, `[[remove]]` and `[[replace]]`, of which there may be
several, in double ones. Below it each line is a name, `=`, and a value: `"a text"`,
`["several", "texts"]`, `2023`, `true`. What stands after a `#` is ignored. Files are seen from
the `book.toml`.

## The chapters

    [part."The first winter"]
    31001001 = "The net loft"
    # 31001002 = "A cat called Quire"
    "2021/2021-02-05-folding-a-sheet.md" = "Folding a sheet"

    [chapters]
    31001003 = "A chapter in no part"

A line is a post and its title in the book; a title of `""` leaves the post its own. A post is named by
its key (the number in its `post_id`, else its slug), its file as seen from the folder of the posts, its
`post_id` or its slug. Parts and chapters stand in the book as they stand here.
"""


def page() -> str:
    """The whole page."""
    text = INTRODUCTION
    for name, kind in HEADINGS.items():
        heading = f"[[{name}]]" if name in ARRAYS else f"[{name}]"
        about = " ".join((kind.__doc__ or "").split()).partition(": ")[2]
        text += f"\n## {heading}\n\n{about[:1].upper()}{about[1:]}\n\n| name | what it says |\n|:--|:--|\n"
        docs = _docs(kind)
        for field in dataclasses.fields(kind):
            if key_of(field):
                text += f"| `{key_of(field)}` | {docs[field.name]} |\n"
    return text


def _docs(kind: type[Any]) -> dict[str, str]:
    """The docstring line of each field, inherited ones included."""
    return {
        name: doc for base in reversed(kind.__mro__[:-1]) for name, doc in field_docs(base).items()
    }


if __name__ == "__main__":
    (HERE / "book-toml.md").write_text(page(), encoding="utf-8")
