"""A ``book.toml`` read and checked: every error names the line and the key, and what was meant."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, TypeAlias, TypeVar, cast

import msgspec

from .. import formats
from ..errors import ClothboundError, ManifestError, ReadError, did_you_mean
from ..fields import REQUIRED, Setting, WrongTypeError, from_toml, make, settings
from ..limits import Limits
from ..media.sniffing import sniff
from ..model.collection import Role
from ..source import refuse_address
from .edits import is_below
from .schema import (
    ARRAYS,
    HEADINGS,
    LISTS,
    VERSION,
    BookFields,
    ChapterLine,
    Manifest,
    Output,
    PartLines,
    PostFields,
    Removal,
    Replacement,
    Texts,
    written,
)
from .toml_lines import Statement, statements

_HEAD = 4096
"""The bytes by which a file's type is told."""

_VERSION = "clothbound"
"""The key above the first heading that names the version of the file's format."""

T = TypeVar("T", bound=msgspec.Struct)


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
    blocks = list(_blocks(_below_version(statements(text, source), source), source))
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
    return _check_manifest(made, single)


def _below_version(found: Sequence[Statement], source: str) -> Sequence[Statement]:
    """The statements without the version, which may stand first. Raises ManifestError for one that
    this clothbound does not read.

    A file without a version is of the first one.
    """
    if not found or found[0].heading or found[0].key != _VERSION:
        return found
    version, line = found[0].value, found[0].line
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        raise ManifestError(
            f"{_VERSION!r} is the version of the file's format, a whole number",
            source=source,
            line=line,
            hint=f"{_VERSION} = {VERSION}",
        )
    if version > VERSION:
        raise ManifestError(
            f"the file has version {version} of its format; this clothbound reads {VERSION}",
            source=source,
            line=line,
            hint="a newer clothbound wrote it: pip install --upgrade clothbound",
        )
    return found[1:]


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

    shown = {name: written(name) for name in HEADINGS}
    shown |= {"part": '[part."Title"]', "chapters": "[chapters]"}
    if name not in known:
        message = f"there is no heading [{'.'.join(statement.heading)}]{did_you_mean(name, known)}"
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


def _keys(kind: type[msgspec.Struct]) -> dict[str, Setting]:
    """The settings of a heading's struct by their keys in the file."""
    return {setting.toml: setting for setting in settings(kind) if setting.toml}


def _home(key: str) -> str:
    """The heading under which a key belongs, as it is written; empty for none."""
    return next((written(name) for name, kind in HEADINGS.items() if key in _keys(kind)), "")


def _fields(kind: type[T], block: _Block | None, source: str) -> T:
    """A struct of the schema from the keys of a block."""
    if block is None:
        return kind()
    keys = _keys(kind)
    values: dict[str, Any] = {}
    for statement in block.keys:
        found = keys.get(statement.key)
        if found is None and block.name == "output" and statement.heading[1:]:
            values.setdefault("options", {})[statement.key] = statement.value
            continue
        if found is None:
            raise _unknown(statement, keys, source)
        value = _value(statement, found, source)
        if isinstance(value, dict):
            value = {**values.get(found.name, {}), **value}
        values[found.name] = value
    for key, setting in keys.items():
        if setting.default is REQUIRED and setting.name not in values:
            message, hint = f"{key!r} is missing here", f'{key} = "..."'
            raise ManifestError(message, source=source, line=block.line, hint=hint)
    made = make(kind, values)
    places = {"line": block.line, "last": block.last}
    own = {name: line for name, line in places.items() if name in kind.__struct_fields__}
    return msgspec.structs.replace(made, **own)


def _unknown(statement: Statement, keys: Iterable[str], source: str) -> ManifestError:
    home = _home(statement.key)
    near = did_you_mean(statement.key, keys)
    hint = f"it belongs under {home}" if home else f"here may stand {', '.join(keys)}"
    return ManifestError(
        f"{written(statement.heading[0])} has no {statement.key!r}{near}",
        source=source,
        line=statement.line,
        hint=hint,
    )


def _value(statement: Statement, setting: Setting, source: str) -> Any:
    """The value of a key, checked. Raises ManifestError."""
    key, line = statement.key, statement.line
    try:
        value = from_toml(setting, statement.value)
    except WrongTypeError as error:
        message, hint = f"{key!r} is {error.wanted}", f"{key} = {error.example}"
        raise ManifestError(message, source=source, line=line, hint=hint) from error
    except ValueError as error:
        message, hint = (
            f"one of {key!r} is empty",
            "take the empty one out, or put a # before the line",
        )
        raise ManifestError(message, source=source, line=line, hint=hint) from error
    if value == setting.default:
        return value
    try:
        return setting.checked(value)
    except ClothboundError as error:
        message = f"{key!r}: {error.message}"
        raise ManifestError(message, source=source, line=line, hint=error.hint) from error
    except ValueError as error:
        raise ManifestError(f"{key!r}: {error}", source=source, line=line) from error


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
                hint = "put a name with a dot in quotation marks"
            raise ManifestError(
                f"{statement.key!r} stands among the chapters, and its title is not a text",
                source=source,
                line=statement.line,
                hint=f"it belongs under {home}" if home else hint,
            )
        chapters.append(ChapterLine(statement.key, statement.value, statement.line, statement.last))
    return PartLines(block.title, block.line, tuple(chapters))


def _refuse_doubles(made: Manifest) -> None:
    """Raises ManifestError if a post is in two parts; TOML refuses a duplicate within one."""
    seen: dict[str, int] = {}
    for part in made.parts:
        for chapter in part.chapters:
            if chapter.post in seen:
                raise ManifestError(
                    f"the post {chapter.post!r} is in line {seen[chapter.post]} too",
                    source=made.name,
                    line=chapter.line,
                    hint="remove one of the lines",
                )
            seen[chapter.post] = chapter.line


def _is_picture(path: Path) -> bool:
    try:
        with path.open("rb") as stream:
            return sniff(stream.read(_HEAD)).startswith("image/")
    except OSError:
        return True  # which whoever uses it has more to say about


def _check_manifest(made: Manifest, single: dict[str, _Block]) -> Manifest:
    """The manifest with what needs more than one value checked: files, and formats that there are."""

    def fail(block: str, key: str, message: str, hint: str = "") -> ManifestError:
        line = single[block].line_of(key) if block in single else 0
        return ManifestError(f"{key!r}: {message}", source=made.name, line=line, hint=hint)

    book = _check_book(made, fail)
    _check_posts(made, fail)
    return msgspec.structs.replace(made, book=book, texts=_texts(made, single.get("texts")))


Fail: TypeAlias = Callable[..., ManifestError]
"""From a heading, a key, a message and a hint to an error that names the line."""


def _check_book(made: Manifest, fail: Fail) -> BookFields:
    """``[book]`` with the path of its cover as seen from here."""
    book = made.book
    if book.info.series and not book.info.series.name:
        message = "the book is in no series"
        raise fail("book", "number", message, 'name it above: series = "..."')
    if not is_below(made.beside(book.edits), made.beside(".")):
        message = f"{book.edits!r} leads out of the folder of this file"
        raise fail("book", "edits", message, 'edits = "edits", say')
    if not book.info.cover:
        return book
    cover = made.beside(book.info.cover)
    if not cover.is_file():
        message = f"there is no file {book.info.cover!r}"
        raise fail("book", "cover", message, "seen from this file")
    if not _is_picture(cover):
        message = f"{book.info.cover} is not a picture"
        raise fail("book", "cover", message, "a JPEG or PNG, say")
    return msgspec.structs.replace(book, info=msgspec.structs.replace(book.info, cover=str(cover)))


def _check_posts(made: Manifest, fail: Fail) -> None:
    posts = made.posts
    for key, check, value in (
        ("source", refuse_address, posts.source),
        ("format", formats.reader, posts.format),
    ):
        try:
            if value:
                check(value)
        except ClothboundError as error:
            raise fail("posts", key, error.message, error.hint) from error
    if not made.beside(posts.source).exists():
        message = f"there is no folder or file {posts.source!r}"
        raise fail("posts", "source", message, "where the posts lie, seen from this file")


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
    keys = _keys(Texts)
    if statement.key not in keys:
        raise _unknown(statement, keys, source)
    return cast("str", _value(statement, keys[statement.key], source))
