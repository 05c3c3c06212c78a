"""A ``book.toml`` read and checked: every error names the line and the key, and what was meant."""

from __future__ import annotations

import dataclasses
import types
import typing
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Any, Literal, TypeVar, cast

from .. import formats
from ..anthology.post_dates import first_moment, zone_of
from ..errors import ClothboundError, ManifestError, ReadError, UsageError, did_you_mean
from ..limits import Limits
from ..media.sniffing import sniff
from ..model.book_info import checked_number
from ..model.collection import Role
from ..model.isbn import isbn13
from ..model.language_tags import checked_language
from ..model.links import checked_site
from ..model.placeholders import checked_path, checked_text
from ..source import refuse_address
from .edits import is_below
from .schema import (
    ARRAYS,
    HEADINGS,
    LISTS,
    BookFields,
    Chapter,
    Manifest,
    Output,
    PartLines,
    PostFields,
    Removal,
    Replacement,
    Texts,
    key_of,
)
from .toml_lines import Statement, quoted, statements

_HEAD = 4096
"""The bytes by which a file's type is told."""

T = TypeVar("T")
R = TypeVar("R")


def read_manifest(path: Path) -> Manifest:
    """The manifest in a file. Raises ReadError where it cannot be read, ManifestError for what it says."""
    try:
        with path.open("rb") as stream:
            data = stream.read(Limits().post_bytes + 1)
        text = data.decode("utf-8-sig")
    except OSError as error:
        raise ReadError(f"cannot be read: {error.strerror}", source=str(path)) from error
    except UnicodeDecodeError as error:
        raise ReadError("is not UTF-8; save it as UTF-8", source=str(path)) from error
    return parse_manifest(text, path)


def parse_manifest(text: str, path: Path) -> Manifest:
    """The manifest in a text; paths in it are seen from ``path``. Raises ManifestError."""
    source = path.name
    blocks = list(_blocks(statements(text, source), source))
    single = {block.name: block for block in blocks if block.name not in ARRAYS | LISTS}
    made = Manifest(
        path=path,
        text=text,
        book=_fields(BookFields, single.get("book"), source),
        posts=_fields(PostFields, single.get("posts"), source),
        outputs=tuple(_fields(Output, b, source) for b in blocks if b.name == "output"),
        rules=tuple(
            _rule(Removal if block.name == "remove" else Replacement, block, source)
            for block in blocks
            if block.name in ("remove", "replace")
        ),
        parts=tuple(_part(b, source) for b in blocks if b.name in LISTS),
    )
    _refuse_doubles(made)
    return _checked(made, single)


@dataclasses.dataclass(slots=True)
class _Block:
    """A heading and the keys below it."""

    name: str
    title: str
    line: int
    last: int
    keys: list[Statement]

    def line_of(self, key: str) -> int:
        return next((s.line for s in self.keys if s.key == key), self.line)


def _blocks(found: Sequence[Statement], source: str) -> Iterable[_Block]:
    block: _Block | None = None
    for statement in found:
        if statement.value is not None:
            if block is None:
                where = _home(statement.key) or "[book]"
                raise ManifestError(
                    f"{statement.key!r} stands above the first heading",
                    source=source,
                    line=statement.line,
                    hint=f"put it below {where}",
                )
            block.keys.append(statement)
            block.last = statement.last
            continue
        if statement.heading == ("output", "options") and block and block.name == "output":
            block.last = statement.last
            continue
        if block is not None:
            yield block
        name, title = _heading(statement, source)
        block = _Block(name, title, statement.line, statement.last, [])
    if block is not None:
        yield block


def _heading(statement: Statement, source: str) -> tuple[str, str]:
    """A heading's name, and the title in that of a part."""
    name, *rest = statement.heading
    known = [*HEADINGS, *LISTS]

    def wrong(message: str, hint: str) -> ManifestError:
        return ManifestError(message, source=source, line=statement.line, hint=hint)

    shown = {n: f"[[{n}]]" if n in ARRAYS else f"[{n}]" for n in HEADINGS}
    shown |= {"part": '[part."Title"]', "chapters": "[chapters]"}
    if name not in known:
        written = f"[{'.'.join(statement.heading)}]"
        message = f"there is no heading {written}{did_you_mean(name, known)}"
        raise wrong(message, f"the headings are {', '.join(shown.values())}")
    if name == "part":
        if len(rest) != 1 or not rest[0].strip() or statement.is_array:
            raise wrong(
                "a part has a title in its heading",
                'in quotation marks: [part."The first winter"]',
            )
        return name, rest[0]
    if rest or statement.is_array != (name in ARRAYS):
        raise wrong(f"this heading is written {shown[name]}", "")
    return name, ""


def _home(key: str) -> str:
    """The heading under which a key belongs, as it is written; empty for none."""
    for name, kind in HEADINGS.items():
        if key in {key_of(f) for f in dataclasses.fields(kind)} - {""}:
            return f"[[{name}]]" if name in ARRAYS else f"[{name}]"
    return ""


def _fields(kind: type[T], block: _Block | None, source: str) -> T:
    """An instance of a dataclass of the schema from the keys of a block."""
    fields = {key_of(f): f for f in dataclasses.fields(kind)}  # type: ignore[arg-type]
    fields.pop("", None)
    hints = typing.get_type_hints(kind)
    values: dict[str, Any] = {}
    for statement in block.keys if block else ():
        found = fields.get(statement.key)
        if found is None and block and block.name == "output" and statement.heading[1:]:
            values.setdefault("options", {})[statement.key] = statement.value
            continue
        if found is None:
            raise _unknown(statement, fields, source)
        value = _value(statement, hints[found.name], source)
        if isinstance(value, dict):
            value = {**values.get(found.name, {}), **value}
        values[found.name] = value
    if block:
        spans = {"line": block.line, "last": block.last}
        own = {f.name for f in dataclasses.fields(kind)}  # type: ignore[arg-type]
        values |= {name: number for name, number in spans.items() if name in own}
    for key, wanted in fields.items():
        needed = (
            wanted.default is dataclasses.MISSING
            and wanted.default_factory is dataclasses.MISSING
            and wanted.name not in values
        )
        if needed and block:
            raise ManifestError(
                f"{key!r} is missing here", source=source, line=block.line, hint=f'{key} = "..."'
            )
    return kind(**values)


def _unknown(statement: Statement, fields: Iterable[str], source: str) -> ManifestError:
    name = statement.heading[0]
    home = _home(statement.key)
    near = did_you_mean(statement.key, fields)
    hint = f"it belongs under {home}" if home else f"here may stand {', '.join(fields)}"
    heading = f"[[{name}]]" if name in ARRAYS else f"[{name}]"
    return ManifestError(
        f"{heading} has no {statement.key!r}{near}",
        source=source,
        line=statement.line,
        hint=hint,
    )


def _value(statement: Statement, hint: Any, source: str) -> Any:
    value = statement.value
    kinds = _kinds(hint)

    def wrong(wanted: str, example: str) -> ManifestError:
        return ManifestError(
            f"{statement.key!r} is {wanted}",
            source=source,
            line=statement.line,
            hint=f"{statement.key} = {example}",
        )

    if typing.get_origin(hint) is Literal:
        allowed = typing.get_args(hint)
        if value not in allowed:
            near = did_you_mean(str(value), allowed)
            raise wrong(f"one of {', '.join(allowed)}, not {value!r}{near}", quoted(allowed[0]))
        return value
    if typing.get_origin(hint) is tuple:
        items = value if isinstance(value, list) else [value]
        if not all(_is_wordlike(item) for item in items):
            raise wrong("one text, or a list of texts", '["one", "another"]')
        texts = tuple(str(item).strip() for item in items)
        if not all(texts):
            raise ManifestError(
                f"one of {statement.key!r} is empty",
                source=source,
                line=statement.line,
                hint="take the empty one out, or put a # before the line",
            )
        return texts
    if bool in kinds:
        if not isinstance(value, bool):
            raise wrong("true or false, without quotation marks", "true")
        return value
    if int in kinds:
        if not isinstance(value, int) or isinstance(value, bool):
            raise wrong("a number, without quotation marks", "2023")
        return value
    if date in kinds:
        return _day(value, wrong)
    if dict in kinds:
        if not isinstance(value, dict):
            raise wrong("a table in curly brackets", '{ page = "A5" }')
        return value
    if not _is_wordlike(value):
        raise wrong("one text", '"..."')
    return str(value)


def _is_wordlike(value: object) -> bool:
    """Whether a value is a text, or a number that stands for one: a title 1984, an ISBN."""
    return isinstance(value, (str, int, float)) and not isinstance(value, bool)


def _day(value: object, wrong: Any) -> date:
    if isinstance(value, str):
        try:
            return datetime.fromisoformat(value)
        except ValueError as error:
            raise wrong("a day", "2023-03-01") from error
    if not isinstance(value, date):  # a datetime is one too
        raise wrong("a day", "2023-03-01")
    return value


def _kinds(hint: Any) -> tuple[Any, ...]:
    if typing.get_origin(hint) in (typing.Union, types.UnionType):
        return typing.get_args(hint)
    return (typing.get_origin(hint) or hint,)


def _rule(kind: type[Removal], block: _Block, source: str) -> Removal:
    rule = _fields(kind, block, source)

    def wrong(message: str, hint: str) -> ManifestError:
        return ManifestError(message, source=source, line=block.line, hint=hint)

    if bool(rule.paragraph.strip()) == bool(rule.text.strip()):
        raise wrong(
            "a rule has a 'paragraph' or a 'text'" + (", not both" if rule.text else ""),
            'paragraph = "Thanks for reading*"',
        )
    if rule.paragraph and not rule.paragraph.replace("*", "").strip():
        raise wrong("this 'paragraph' would take every one", "write some of its words")
    if rule.made_for and len(rule.post) != 1:
        raise wrong("'made-for' belongs to a rule for one post", "take it out")
    if isinstance(rule, Replacement) and not rule.replacement:
        raise wrong("'with' is missing here", "to put nothing in its place use [[remove]]")
    return rule


def _part(block: _Block, source: str) -> PartLines:
    chapters = []
    for statement in block.keys:
        if not isinstance(statement.value, str):
            home = _home(statement.key)
            hint = f'{statement.key} = "Title"'
            if isinstance(statement.value, dict):
                hint = "a name with a dot in it stands in quotation marks"
            raise ManifestError(
                f"{statement.key!r} stands among the chapters, and its title is not a text",
                source=source,
                line=statement.line,
                hint=f"it belongs under {home}" if home else hint,
            )
        chapters.append(Chapter(statement.key, statement.value, statement.line, statement.last))
    return PartLines(block.title, block.line, tuple(chapters))


def _refuse_doubles(made: Manifest) -> None:
    """Raises ManifestError where one post stands in two parts; TOML refuses two in one."""
    seen: dict[str, int] = {}
    for part in made.parts:
        for chapter in part.chapters:
            if chapter.post in seen:
                raise ManifestError(
                    f"the post {chapter.post!r} stands in line {seen[chapter.post]} too",
                    source=made.name,
                    line=chapter.line,
                    hint="take one of the lines out",
                )
            seen[chapter.post] = chapter.line


def _is_picture(path: Path) -> bool:
    try:
        with path.open("rb") as stream:
            return sniff(stream.read(_HEAD)).startswith("image/")
    except OSError:
        return True  # which whoever uses it has more to say about


def _checked(made: Manifest, single: dict[str, _Block]) -> Manifest:
    """The manifest with what needs more than a type checked: files, ISBN, days, time zone."""

    def fail(block: str, key: str, message: str, hint: str = "") -> ManifestError:
        line = single[block].line_of(key) if block in single else 0
        return ManifestError(f"{key!r}: {message}", source=made.name, line=line, hint=hint)

    def checked(block: str, key: str, check: Callable[[T], R], value: T) -> R:
        try:
            return check(value)
        except ClothboundError as error:
            raise fail(block, key, error.message, error.hint) from error
        except ValueError as error:
            raise fail(block, key, str(error)) from error

    book, posts = made.book, made.posts
    if book.isbn:
        book = dataclasses.replace(book, isbn=checked("book", "isbn", isbn13, book.isbn))
    if book.language:
        language = checked("book", "language", checked_language, book.language)
        book = dataclasses.replace(book, language=language)
    checked("book", "title", checked_text, book.title)
    checked("book", "subtitle", checked_text, book.subtitle)
    checked("book", "number", checked_number, book.number)
    if book.number and not book.series:
        raise fail("book", "number", "the book is in no series", 'name it above: series = "..."')
    if book.cover and not made.beside(book.cover).is_file():
        raise fail("book", "cover", f"there is no file {book.cover!r}", "seen from this file")
    if book.cover and not _is_picture(made.beside(book.cover)):
        raise fail("book", "cover", f"{book.cover} is not a picture", "a JPEG or PNG, say")
    if not is_below(made.beside(book.edits), made.beside(".")):
        message = f"{book.edits!r} leads out of the folder of this file"
        raise fail("book", "edits", message, 'edits = "edits", say')
    zone = checked("posts", "timezone", zone_of, posts.timezone)
    for key, day in (("after", posts.after), ("before", posts.before)):
        if day is not None:
            checked("posts", key, partial(first_moment, zone=zone), day)
    for site in posts.sites:
        checked("posts", "sites", checked_site, site)
    checked("posts", "source", refuse_address, posts.source)
    if not made.beside(posts.source).exists():
        message = f"there is no folder or file {posts.source!r}"
        raise fail("posts", "source", message, "where the posts lie, seen from this file")
    if posts.format:
        checked("posts", "format", formats.reader, posts.format)
    if posts.min_words < 0:
        raise fail("posts", "min-words", "is 0 or more", "0 takes posts of any length")
    for output in made.outputs:
        try:
            checked_path(output.path)
        except UsageError as error:
            raise ManifestError(
                f"'path': {error.message}", source=made.name, line=output.line, hint=error.hint
            ) from error
    return dataclasses.replace(made, book=book, texts=_texts(made, single.get("texts")))


def _texts(made: Manifest, block: _Block | None) -> dict[Role, Path]:
    """The files under ``[texts]``. Raises ManifestError for one that is not there."""
    texts: dict[Role, Path] = {}
    for statement in block.keys if block else ():
        path = made.beside(_text_path(statement, made.name))
        if not path.is_file():
            raise ManifestError(
                f"{statement.key!r}: there is no file {statement.value!r}",
                source=made.name,
                line=statement.line,
                hint="seen from this file",
            )
        texts[cast("Role", statement.key)] = path
    return texts


def _text_path(statement: Statement, source: str) -> str:
    fields = [key_of(field) for field in dataclasses.fields(Texts)]
    if statement.key not in fields:
        raise _unknown(statement, fields, source)
    return cast("str", _value(statement, str, source))
