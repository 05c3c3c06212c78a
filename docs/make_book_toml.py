"""Write docs/reference/book-toml.md from the fields of the structs in clothbound.plan.schema."""

from __future__ import annotations

from pathlib import Path

from clothbound.fields import Setting, settings
from clothbound.plan.schema import HEADINGS, VERSION, written

REFERENCE = Path(__file__).parent / "reference"
INTRODUCTION = """\
# book.toml

This page lists the headings and keys of `book.toml`; [the how-to](../how-to/curated-book.md)
shows how to use the file. `clothbound init` writes the first one.

A heading is in square brackets. `[[output]]`, `[[remove]]` and `[[replace]]`, which may occur several times, are
in double brackets. Each line below a heading is a key, `=`, and a value: `"a text"`,
`["several", "texts"]`, `2023`, `true`. Text after a `#` is ignored. Paths of files are relative to
the `book.toml`. A text between three quotation marks at each end may have several lines.

The first line that is not a comment may name the version of this format: `clothbound = VERSION`. A file
without a version is read as version 1; a version that this clothbound does not know is an error.

## The chapters

    [part."The first winter"]
    31001001 = "The net loft"
    # 31001002 = "A cat called Quire"
    "2021/2021-02-05-folding-a-sheet.md" = "Folding a sheet"

    [chapters]
    31001003 = "A chapter in no part"

A line is a post and its title in the book; with the title `""` the post keeps its own. A post is named by
its key (the number in its `post_id`, or else its slug), by its file relative to the folder of the posts, by its
`post_id` or by its slug. The book has its parts and chapters in the order of the file.

## Repeated blocks

    [repeated]
    "If you liked this letter, tell a friend …" = "leave out"  # at the end of 17 of 21 posts
    "Housekeeping:" = "keep"

A line is a block (a paragraph, a list, a heading) that begins or ends many posts, by its first words, with three dots
if there are more. `init` adds a line for each that is among the first four or the last eight blocks of more than a
third of the posts (at least three). Numbers, dates and addresses in it may differ from post to post, and half of its
words: a footer that changed a little each month is one. A heading over other words each time is not repeated.

`"keep"`, which `init` writes, changes nothing. `"leave out"` makes every product of this book without the block, in
all its forms; the report has the words that each post lost, and says how many posts had it. You may write lines of your
own, for a block that fewer posts have, too. Words with which no block begins are reported with their line. A text under
`[texts]` and an edited post that has no such block stay as they are.

## The index

    [index]
    "paste" = ["pastes", "glue"]
    "paper" = { spellings = ["papers"], see-also = ["paste"] }
    "adhesive" = { see = "paste" }
    "thread" = []

A line is a term of the index and its other spellings, which are found in the texts as whole words, small letters as
capitals; a term in capitals is found in capitals alone. `see` sends the reader to the term that has the pages, and
`see-also` names related ones. In print, the index stands at the end with the numbers of pages, in an EPUB with links. A
term that stands nowhere in the book, and a reference to a term that the index lacks, are reported with their line. `init`
proposes what several posts link to or have as a heading, behind a `#`.

A post can mark a place itself: `[bone folder]{.index}` in Markdown, with `term="..."` if the index has another word for
it, `sub="care of"` for a term below it, and `see="..."` or `see-also="..."`; in HTML `<span class="index">` with the
same attributes (or `data-see` ...), `epub:type="index-term"`, or `data-type="indexterm"` with `data-primary`; in
pandoc's Markdown also `\\index{bone folder!care of}`. A book with marks has an index without `[index]` too.

## The pictures

    [pictures]
    "31001004/pots.svg" = "Four pots of paste on a shelf"  # Four pots: after "... on the shelf:"
    "31001004/ornament.png" = "decorative"
    "logo.png" = ""

A line is a picture and its alternative text, the words for readers who do not see it. `init` and `update` add a line for each
picture of the book that has none, or only the name of a file; the comment shows its caption, or the words before it.
`""` leaves the picture as it is. `"decorative"` says that it shows nothing that matters: readers that speak pass over
it. Other words become its alternative text in every product of this book, also where the post has another.

The key is the post, as in the list of chapters (or `foreword` and the like for a text under `[texts]`), a slash, and
the file name of the picture. Two pictures of one name in a post have as many of their folders before it as tell them
apart, or the whole address. A key without a post is for a picture that several posts show. A key that means no picture,
or several, is reported with its line, and changes nothing.

The cover and the previews of cards have no line, since words beside them say what they show; neither have pictures in
raw HTML.
""".replace("VERSION", str(VERSION))


def page() -> str:
    """Returns the whole page."""
    text = INTRODUCTION
    for name, kind in HEADINGS.items():
        about = " ".join((kind.__doc__ or "").split())
        text += f"\n## {written(name)}\n\n{about}\n\n| key | meaning |\n|:--|:--|\n"
        text += "".join(f"| `{s.toml}` | {_help(s)} |\n" for s in settings(kind) if s.toml)
    return text


def _help(setting: Setting) -> str:
    return f"{setting.help} Write several in square brackets." if setting.is_many else setting.help


if __name__ == "__main__":
    (REFERENCE / "book-toml.md").write_text(page(), encoding="utf-8")
