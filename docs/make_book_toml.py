"""Write docs/book-toml.md from the fields of the structs in clothbound.plan.schema."""

from __future__ import annotations

from pathlib import Path

from clothbound.fields import Setting, settings
from clothbound.plan.schema import HEADINGS, VERSION, written

HERE = Path(__file__).parent
INTRODUCTION = """\
# book.toml

What a `book.toml` may say; [the guide](guide.md#a-book-of-your-own-making-booktoml) shows how one is
used. `clothbound init` writes the first one. This page is made from the source by
`python docs/make_book_toml.py`.

A heading stands in square brackets; `[[output]]`, `[[remove]]` and `[[replace]]`, of which there may be
several, in double ones. Below it each line is a name, `=`, and a value: `"a text"`,
`["several", "texts"]`, `2023`, `true`. What stands after a `#` is ignored. Files are seen from
the `book.toml`. A text in three quotation marks at each end may have several lines.

The first line that is not a comment may name the version of this format: `clothbound = VERSION`. A file
without one is read as version 1; one of a later version than this clothbound reads is refused.

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
""".replace("VERSION", str(VERSION))


def page() -> str:
    """The whole page."""
    text = INTRODUCTION
    for name, kind in HEADINGS.items():
        about = " ".join((kind.__doc__ or "").split())
        text += f"\n## {written(name)}\n\n{about}\n\n| name | what it says |\n|:--|:--|\n"
        text += "".join(f"| `{s.toml}` | {_help(s)} |\n" for s in settings(kind) if s.toml)
    return text


def _help(setting: Setting) -> str:
    return f"{setting.help} Several stand in square brackets." if setting.is_many else setting.help


if __name__ == "__main__":
    (HERE / "book-toml.md").write_text(page(), encoding="utf-8")
