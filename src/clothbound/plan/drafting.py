"""Writes the first ``book.toml`` for a set of posts, with a line for each post, to be edited by hand."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, tzinfo
from pathlib import Path
from typing import Any

from ..anthology.post_dates import month_of
from ..console_text import format_count
from ..errors import UsageError
from ..fields import Setting, given, settings
from ..language.detect import book_language
from ..model.book_info import BookInfo
from ..model.census import tally
from ..model.collection import Collection, Part
from ..model.edge_blocks import EdgeBlocks
from ..model.language_tags import check_language
from ..model.post import Metadata, Post
from ..moment import moment_of_run
from ..progress import COUNTING, counted
from ..run import Run, run_of
from ..toml_lines import name, quoted
from ..writers.pdf.engine_choice import engine_for
from .chapter_names import listed_name
from .index_list import INDEX_HEADING, IndexList
from .making import choose
from .pattern import Pattern
from .pictures import HEADING, PictureList
from .repeated import REPEATED_HEADING, repeated_line
from .schema import VERSION, BookFields, PostFields

_HEAD = """\
# The plan of a book. When you have changed it, make the book with:  clothbound book {file}
#
# - A line below a [part...] is a post: the name by which it is found, which you leave as it is, and
#   its title in the book, in quotation marks, which you may change.
# - Text after a # is ignored. Put a # before a post to leave it out.
# - Move lines to put posts into another order or part.
# - A part begins with [part."Its title"]. Change the title, add parts, take some away.
# - When you have written new posts:  clothbound update {file}  adds them, and changes nothing else.

clothbound = {version}

"""
_WIDEST = 66
"""The width in columns up to which the facts behind titles are aligned; they follow a longer title directly."""

_MAX_TAGS = 5
"""The number of a post's tags that are shown."""


def draft(
    collection: Collection,
    path: Path,
    wishes: PostFields,
    *,
    info: BookInfo | None = None,
    pattern: Pattern | None = None,
    run: Run | None = None,
) -> tuple[str, Collection]:
    """Returns the text of a new manifest at ``path``, and the book that it plans.

    ``wishes.source`` is the folder or file of the posts in ``collection``. ``pattern`` is what another plan passes on.
    This parses every post, because the draft says how many words each has. Raises UsageError if no post is selected.
    """
    run = run_of(run)
    now = moment_of_run(run.now)
    book = choose(wishes, collection, now, info)
    words = {}
    pictures = PictureList()
    index = IndexList()

    def look(post: Post) -> Post:
        words[post.metadata.key] = tally(post).words
        pictures.add(post)
        index.add(post)
        return post

    edges = EdgeBlocks(map(look, counted(book.posts, COUNTING, run.progress)))
    text = _HEAD.format(file=path.name, version=VERSION)
    text += "\n".join((pattern and pattern.book) or _book_lines(book)) + "\n\n"
    text += "\n".join(_posts_lines(path, wishes)) + "\n\n"
    text += "\n".join((pattern and pattern.others) or _other_lines(book_language(book))) + "\n"
    if repeated := edges.repeated():
        left_out = pattern.left_out if pattern is not None else ()
        # Blocks that begin with the same words have one line.
        shown = {
            block.text: repeated_line(block, edges.total, is_left_out=block.text in left_out)
            for block in reversed(repeated)
        }
        text += "\n" + "\n".join((*REPEATED_HEADING, *reversed(shown.values()))) + "\n"
    width = column(book.index)
    metadata = {m.key: m for m in book.index}
    parts = book.parts or (Part("", tuple(metadata)),)
    for part in parts:
        lines = [chapter_line(metadata[key], words[key], now, width) for key in part.keys]
        heading = part_heading(part.title) if part.title else "[chapters]"
        text += f"\n{heading}\n" + "\n".join(lines) + "\n"
    if pattern is not None and pattern.index:
        text += "\n" + "\n".join(pattern.index) + "\n"
    elif proposed := list(index.lines(book.info.language)):
        text += "\n" + "\n".join((*INDEX_HEADING, *proposed)) + "\n"
    if undescribed := pictures.lines():
        text += "\n" + "\n".join((*HEADING, *undescribed)) + "\n"
    return text, book


def part_heading(title: str) -> str:
    return f"[part.{quoted(title)}]"


def column(posts: Iterable[Metadata]) -> int:
    """Returns the column in which the facts behind the titles begin. Titles of unusual length do not count."""
    return max((len(start) for m in posts if len(start := _start(m)) <= _WIDEST), default=0)


def chapter_line(metadata: Metadata, words: int, now: datetime, width: int = 0) -> str:
    """Returns a post's line: its name, its title and, after a ``#``, facts that help the author choose."""
    return f"{_start(metadata):<{width}}  # {facts(metadata, words, now)}"


def _start(metadata: Metadata) -> str:
    return f"{name(listed_name(metadata))} = {quoted(metadata.title)}"


def facts(metadata: Metadata, words: int, now: datetime) -> str:
    """Returns the date, words and tags of a post, and the reasons why not everyone may read it."""
    found = [metadata.published.day if metadata.published else "no date"]
    found.append(format_count(words, "word"))
    if metadata.tags:
        more = ", ..." if len(metadata.tags) > _MAX_TAGS else ""
        found.append(", ".join(metadata.tags[:_MAX_TAGS]) + more)
    if metadata.kind not in ("", "newsletter"):
        found.append(metadata.kind)
    found.extend(metadata.verdict(now).names)
    # A tag may contain a line end, which would end the comment.
    return " ".join("; ".join(found).split())


def _book_lines(book: Collection) -> list[str]:
    """Returns ``[book]`` with the values that are known, and the other keys commented out, with an example."""
    year = next((y for m in reversed(list(book.index)) if (y := month_of(m)[:4])), "")
    by = book.info.authors[0] if book.info.authors else "Your Name"
    authors = ", ".join(quoted(name) for name in book.info.authors if name.strip())
    lines = {
        "title": f"title = {quoted(book.info.title)}",
        "authors": f"authors = [{authors}]" if authors else '# authors = ["Your Name"]',
        "rights": f"# rights = {quoted(f'© {year} {by}'.replace('  ', ' '))}",
        "language": _language_line(book.info.language),
    }
    offered = [s for s in settings(BookFields) if not s.default and s.toml not in _NOT_OFFERED]
    return ["[book]", *(lines.get(s.toml) or f"# {s.toml} = {_example(s)}" for s in offered)]


_NOT_OFFERED = frozenset({"filters"})
"""Keys that most books need not have, since they run code."""
_EXAMPLES = {"isbn": "978-...", "number": "1", "cover": "cover.jpg"}


def _example(setting: Setting) -> str:
    if setting.kind is bool:
        return "true"
    if setting.is_many:
        return '["...", "..."]'
    return quoted(_EXAMPLES.get(setting.toml, "..."))


def _language_line(language: str) -> str:
    """Returns the line for the language, commented out if the posts name none that is valid.

    Readers accept whatever a header says.
    """
    try:
        return f"language = {quoted(check_language(language))}"
    except UsageError:
        return '# language = "en"'


def _posts_lines(path: Path, wishes: PostFields) -> list[str]:
    """Returns ``[posts]``: the source and the selection, by which ``update`` selects new posts."""
    lines = ["[posts]", f"source = {quoted(_make_relative(wishes.source, path))}"]
    chosen = given(wishes)
    for setting in settings(PostFields):
        is_shown = setting.name in chosen or setting.toml == "parts"
        if setting.toml not in ("", "source") and is_shown:
            value = chosen.get(setting.name, setting.default)
            lines.append(f"{setting.toml} = {_as_toml(value)}")
    return lines


def _as_toml(value: str | float | date | tzinfo | Mapping[str, Any] | Iterable[str]) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict):
        return f"{{ {', '.join(f'{name(key)} = {_as_toml(one)}' for key, one in value.items())} }}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (str, tzinfo)):
        return quoted(str(value))
    return str(value) if isinstance(value, (int, float)) else f"[{', '.join(map(quoted, value))}]"


def _make_relative(source: str, path: Path) -> str:
    """Returns a path relative to the folder of a file, or absolute where that is impossible (another drive
    of Windows).
    """
    try:
        found = os.path.relpath(os.path.realpath(source), os.path.realpath(path.parent))
    except ValueError:
        return os.path.realpath(source)
    found = found.replace(os.sep, "/")
    return f"{found}/" if Path(source).is_dir() else found


def _other_lines(language: str) -> Iterator[str]:
    """Yields the lines about texts and files. The engine is named, so that the pages stay the same elsewhere."""
    engine = engine_for(language)
    pinned = f', engine = "{engine}"' if engine else ""
    for line in _OTHER_LINES:
        yield line.replace(" }", f"{pinned} }}") if line.startswith("options") else line


_OTHER_LINES = (
    "# Texts of your own around the posts: Markdown files beside this one.",
    "[texts]",
    '# dedication = "dedication.md"',
    '# foreword = "foreword.md"  # by somebody else',
    '# introduction = "introduction.md"  # your own',
    '# afterword = "afterword.md"',
    '# about-the-author = "author.md"',
    "",
    "# The files to make.",
    "[[output]]",
    'path = "{title}.epub"',
    "",
    "[[output]]",
    'path = "{title}.pdf"',
    'options = { page = "6x9" }',
    "",
    "# Paragraphs to leave out of this book. A * matches any words.",
    "# [[remove]]",
    '# paragraph = "Thanks for reading*"',
    "#",
    "# [[replace]]",
    '# text = "in last week\'s letter"',
    '# with = "in the chapter before"',
)
