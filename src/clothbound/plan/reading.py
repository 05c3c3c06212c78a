"""Reads and checks a ``book.toml``: every error names the line and the key, and suggests a correction."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Sequence
from os import PathLike
from pathlib import Path
from typing import Any, TypeAlias, TypeVar, cast

import msgspec

from .. import formats
from ..errors import ClothboundError, ManifestError, did_you_mean
from ..fields import REQUIRED, Setting, WrongTypeError, from_toml, make_struct, settings
from ..installer import command_to_upgrade
from ..limits import Limits
from ..media.sniffing import sniff
from ..model.collection import Role
from ..readers.source_bytes import source_text
from ..run import Run
from ..source import identify, refuse_address
from ..toml_lines import Statement, quoted, statements
from .edits import is_below
from .option_texts import option_texts
from .schema import (
    ARRAYS,
    HEADINGS,
    INDEX,
    KEEP,
    LEAVE_OUT,
    LISTS,
    PICTURES,
    REPEATED,
    SEE,
    SEE_ALSO,
    SPELLINGS,
    VERSION,
    WITH_OPTIONS,
    BookFields,
    ChapterLine,
    IndexLine,
    Manifest,
    Output,
    PartLines,
    PictureLine,
    PostFields,
    Removal,
    RepeatedLine,
    Replacement,
    Texts,
    exists,
    is_file,
    written,
)

_HEAD = 4096
"""The number of first bytes from which the type of a file is detected."""

_VERSION = "clothbound"
"""The key above the first heading that names the version of the file's format."""

T = TypeVar("T", bound=msgspec.Struct)


def read_manifest(path: str | PathLike[str], limits: Limits = Limits()) -> Manifest:  # noqa: B008 - it is frozen
    """Returns the manifest in a file of at most ``limits.post_bytes``.

    Raises ReadError if the file cannot be read or is too long, ManifestError if it is invalid.
    """
    path = Path(path)
    return parse_manifest(source_text(path, limits.post_bytes), path)


def parse_manifest(text: str, path: Path) -> Manifest:
    """Returns the manifest in a text; its paths are relative to the file ``path``. Raises ManifestError."""
    source = path.name
    blocks = list(_group_statements(_check_version(statements(text, source), source), source))
    single = {block.name: block for block in blocks if block.name not in ARRAYS | LISTS}
    manifest = Manifest(
        path=path,
        text=text,
        book=_read_fields(BookFields, single.get("book"), source),
        posts=_read_fields(PostFields, single.get("posts"), source),
        outputs=tuple(_read_fields(Output, b, source) for b in blocks if b.name == "output"),
        rules=tuple(
            _read_rule(Removal if block.name == "remove" else Replacement, block, source)
            for block in blocks
            if block.name in ("remove", "replace")
        ),
        parts=tuple(_read_part(b, source) for b in blocks if b.name in LISTS),
        repeated=_read_repeated(single.get(REPEATED), source),
        index=_read_index(single.get(INDEX), source),
        pictures=_read_pictures(single.get(PICTURES), source),
        line_of_pictures=single[PICTURES].last if PICTURES in single else 0,
    )
    _refuse_duplicates(manifest)
    return _check_manifest(manifest, single)


def _check_version(found: Sequence[Statement], source: str) -> Sequence[Statement]:
    """Returns the statements after the version. Raises ManifestError for a version that this clothbound cannot
    read.

    The version is the first statement of a file; a file without one has version 1.
    """
    if not found or found[0].heading or found[0].key != _VERSION:
        return found
    version, line = found[0].value, found[0].line
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        raise ManifestError(
            f"{_VERSION!r} must be the version of the file's format, a whole number",
            source=source,
            line=line,
            hint=f"{_VERSION} = {VERSION}",
        )
    if version > VERSION:
        raise ManifestError(
            f"the file has version {version} of its format; this clothbound reads version {VERSION}",
            source=source,
            line=line,
            hint=f"a newer clothbound wrote it: {command_to_upgrade()}",
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


def _group_statements(found: Sequence[Statement], source: str) -> Iterable[_Block]:
    block: _Block | None = None
    for statement in found:
        if statement.value is not None:
            if block is None:
                where = _find_heading(statement.key) or "[book]"
                raise ManifestError(
                    f"{statement.key!r} is above the first heading",
                    source=source,
                    line=statement.line,
                    hint=f"put it below {where}",
                )
            block.keys.append(statement)
            block.last = statement.last
            continue
        if block and block.name in WITH_OPTIONS and statement.heading == (block.name, "options"):
            block.last = statement.last
            continue
        if block is not None:
            yield block
        name, title = _parse_heading(statement, source)
        block = _Block(name, title, statement.line, statement.last, [])
    if block is not None:
        yield block


def _parse_heading(statement: Statement, source: str) -> tuple[str, str]:
    """Returns the name of a heading, and the title in the heading of a part."""
    name, *rest = statement.heading
    known = [*HEADINGS, *LISTS, REPEATED, INDEX, PICTURES]

    def wrong(message: str, hint: str) -> ManifestError:
        return ManifestError(message, source=source, line=statement.line, hint=hint)

    shown = {name: written(name) for name in HEADINGS}
    shown |= {"part": '[part."Title"]', "chapters": "[chapters]"}
    shown |= {name: written(name) for name in (REPEATED, INDEX, PICTURES)}
    if name not in known:
        message = f"there is no heading [{'.'.join(statement.heading)}]{did_you_mean(name, known)}"
        raise wrong(message, f"the headings are {', '.join(shown.values())}")
    if name == "part":
        if len(rest) != 1 or not rest[0].strip() or statement.is_array:
            raise wrong(
                "the heading of a part needs its title",
                'write it in quotation marks: [part."The first winter"]',
            )
        return name, rest[0]
    if rest or statement.is_array != (name in ARRAYS):
        raise wrong(f"this heading is written {shown[name]}", "")
    return name, ""


def _settings_by_key(kind: type[msgspec.Struct]) -> dict[str, Setting]:
    """Returns the settings of a heading's struct by their keys in the file."""
    return {setting.toml: setting for setting in settings(kind) if setting.toml}


def _find_heading(key: str) -> str:
    """Returns the heading under which a key belongs, as the file writes it; empty if there is none."""
    return next(
        (written(name) for name, kind in HEADINGS.items() if key in _settings_by_key(kind)), ""
    )


def _read_fields(kind: type[T], block: _Block | None, source: str) -> T:
    """Returns a struct of the schema with the values of a block."""
    if block is None:
        return kind()
    keys = _settings_by_key(kind)
    values: dict[str, Any] = {}
    for statement in block.keys:
        found = keys.get(statement.key)
        if found is None and block.name in WITH_OPTIONS and statement.heading[1:]:
            values.setdefault("options", {})[statement.key] = statement.value
            continue
        if found is None:
            raise _unknown_key_error(statement, keys, source)
        value = _read_value(statement, found, source)
        if isinstance(value, dict):
            value = {**values.get(found.name, {}), **value}
        values[found.name] = value
    for key, setting in keys.items():
        if setting.default is REQUIRED and setting.name not in values:
            message, hint = f"{key!r} is missing under this heading", f'{key} = "..."'
            raise ManifestError(message, source=source, line=block.line, hint=hint)
    struct = make_struct(kind, values)
    places = {"line": block.line, "last": block.last}
    own = {name: line for name, line in places.items() if name in kind.__struct_fields__}
    return msgspec.structs.replace(struct, **own)


def _unknown_key_error(statement: Statement, keys: Iterable[str], source: str) -> ManifestError:
    home = _find_heading(statement.key)
    near = did_you_mean(statement.key, keys)
    if (statement.heading[0], statement.key) == ("posts", "format"):  # as [[output]] has it
        home, near = "", "; did you mean 'from'?"
    hint = f"it belongs under {home}" if home else f"the keys are {', '.join(keys)}"
    return ManifestError(
        f"{written(statement.heading[0])} has no {statement.key!r}{near}",
        source=source,
        line=statement.line,
        hint=hint,
    )


def _read_value(statement: Statement, setting: Setting, source: str) -> Any:
    """Returns the value of a key after its check. Raises ManifestError."""
    key, line = statement.key, statement.line
    try:
        value = from_toml(setting, statement.value)
    except WrongTypeError as error:
        message, hint = f"{key!r} must be {error.wanted}", f"{key} = {error.example}"
        raise ManifestError(message, source=source, line=line, hint=hint) from error
    except ValueError as error:
        message, hint = (
            f"one of the values of {key!r} is empty",
            "remove the empty value, or put a # before the line",
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


def _read_rule(kind: type[Removal], block: _Block, source: str) -> Removal:
    rule = _read_fields(kind, block, source)

    def wrong(message: str, hint: str) -> ManifestError:
        return ManifestError(message, source=source, line=block.line, hint=hint)

    if bool(rule.paragraph.strip()) == bool(rule.text.strip()):
        raise wrong(
            "a rule needs a 'paragraph' or a 'text'" + (", not both" if rule.text else ""),
            'paragraph = "Thanks for reading*"',
        )
    if rule.paragraph and not rule.paragraph.replace("*", "").strip():
        raise wrong("this 'paragraph' matches every paragraph", "add some words of the paragraph")
    if rule.made_for and len(rule.post) != 1:
        raise wrong("'made-for' belongs to a rule for one post", "remove it")
    if isinstance(rule, Replacement) and not rule.replacement:
        raise wrong("'with' is missing in this rule", "to replace it with nothing, use [[remove]]")
    return rule


def _read_part(block: _Block, source: str) -> PartLines:
    chapters = []
    for statement in block.keys:
        if not isinstance(statement.value, str):
            home = _find_heading(statement.key)
            hint = f'{statement.key} = "Title"'
            if isinstance(statement.value, dict):
                hint = "put a name with a dot in quotation marks"
            raise ManifestError(
                f"{statement.key!r} is in the list of chapters, but its value is not a title in quotation marks",
                source=source,
                line=statement.line,
                hint=f"it belongs under {home}" if home else hint,
            )
        chapters.append(ChapterLine(statement.key, statement.value, statement.line, statement.last))
    return PartLines(block.title, block.line, tuple(chapters))


def _read_pictures(block: _Block | None, source: str) -> tuple[PictureLine, ...]:
    found = []
    for statement in block.keys if block else ():
        if not isinstance(statement.value, str):
            home = _find_heading(statement.key)
            hint = f"it belongs under {home}" if home else f'{quoted(statement.key)} = "Words"'
            if isinstance(statement.value, dict):
                hint = "put a name with a dot in quotation marks"
            raise ManifestError(
                f"{statement.key!r} is in the list of pictures, but its value is not words in quotation marks",
                source=source,
                line=statement.line,
                hint=hint,
            )
        words = " ".join(statement.value.split())
        found.append(PictureLine(statement.key, words, statement.line, statement.last))
    return tuple(found)


def _read_repeated(block: _Block | None, source: str) -> tuple[RepeatedLine, ...]:
    found = []
    for statement in block.keys if block else ():
        if statement.value not in (KEEP, LEAVE_OUT):
            home = _find_heading(statement.key)
            raise ManifestError(
                f"{statement.key!r} is a repeated block, so its value is {KEEP!r} or {LEAVE_OUT!r}",
                source=source,
                line=statement.line,
                hint=f"it belongs under {home}" if home else f'{quoted(statement.key)} = "{KEEP}"',
            )
        found.append(RepeatedLine(statement.key, statement.value == LEAVE_OUT, statement.line))
    return tuple(found)


def _read_index(block: _Block | None, source: str) -> tuple[IndexLine, ...]:
    """Returns the terms of the index. A term's value is its other spellings, or these with references."""
    found = []
    for statement in block.keys if block else ():
        term, value = statement.key, statement.value
        given = value if isinstance(value, dict) else {SPELLINGS: value}
        names = {
            key: (one,) if isinstance(one, str) else tuple(one) if isinstance(one, list) else None
            for key, one in given.items()
        }
        is_good = names.keys() <= {SPELLINGS, SEE, SEE_ALSO} and all(
            one is not None and all(isinstance(name, str) and name.strip() for name in one)
            for one in names.values()
        )
        if not is_good or not term.strip() or len(names.get(SEE) or ()) > 1:
            hint = f'{quoted(term)} = ["another spelling"], or {{ see = "Term" }}'
            if not isinstance(value, dict | list) and (home := _find_heading(term)):
                hint = f"it belongs under {home}"
            raise ManifestError(
                f"{term!r} is a term of the index, so its value is a list of other spellings, or a table of "
                f"{SPELLINGS!r}, {SEE!r} and {SEE_ALSO!r}",
                source=source,
                line=statement.line,
                hint=hint,
            )
        see = next(iter(names.get(SEE) or ()), "")
        spellings, also = names.get(SPELLINGS) or (), names.get(SEE_ALSO) or ()
        found.append(IndexLine(term, spellings, see, also, statement.line))
    return tuple(found)


def _refuse_duplicates(manifest: Manifest) -> None:
    """Raises ManifestError if a post is in two parts; TOML refuses a duplicate within one."""
    seen: dict[str, int] = {}
    for part in manifest.parts:
        for chapter in part.chapters:
            if chapter.post in seen:
                raise ManifestError(
                    f"the post {chapter.post!r} is also in line {seen[chapter.post]}",
                    source=manifest.name,
                    line=chapter.line,
                    hint="remove one of the lines",
                )
            seen[chapter.post] = chapter.line


def _is_picture(path: Path) -> bool:
    try:
        with path.open("rb") as stream:
            return sniff(stream.read(_HEAD)).startswith("image/")
    except OSError:
        return True  # The code that opens the cover reports why it cannot be read.


def _check_manifest(manifest: Manifest, single: dict[str, _Block]) -> Manifest:
    """Checks what concerns several values, files or formats, and returns the manifest with resolved paths."""

    def fail(block: str, key: str, message: str, hint: str = "") -> ManifestError:
        line = single[block].line_of(key) if block in single else 0
        return ManifestError(f"{key!r}: {message}", source=manifest.name, line=line, hint=hint)

    book = _check_book(manifest, fail)
    _check_posts(manifest, fail)
    return msgspec.structs.replace(
        manifest,
        book=book,
        texts=_read_texts(manifest, single.get("texts")),
        line_of_filters=single["book"].line_of("filters") if book.filters else 0,
    )


Fail: TypeAlias = Callable[..., ManifestError]
"""Makes an error that names the line, from a heading, a key, a message and a hint."""


def _check_book(manifest: Manifest, fail: Fail) -> BookFields:
    """Checks ``[book]`` and returns it with the path of its cover resolved."""
    book = manifest.book
    if book.info.series and not book.info.series.name:
        message = "the book has no series"
        raise fail("book", "number", message, 'name the series: series = "..."')
    if not is_below(manifest.beside(book.edits), manifest.beside(".")):
        message = f"{book.edits!r} is outside the folder of this file"
        raise fail("book", "edits", message, 'for example edits = "edits"')
    for name in book.filters:
        if not is_file(manifest.beside(name)):
            raise fail(
                "book", "filters", f"there is no file {name!r}", "the path is relative to this file"
            )
    if not book.info.cover:
        return book
    cover = manifest.beside(book.info.cover)
    if not is_file(cover):
        message = f"there is no file {book.info.cover!r}"
        raise fail("book", "cover", message, "the path is relative to this file")
    if not _is_picture(cover):
        message = f"{book.info.cover} is not a picture"
        raise fail("book", "cover", message, "use a JPEG or PNG, for example")
    return msgspec.structs.replace(book, info=msgspec.structs.replace(book.info, cover=str(cover)))


def _check_posts(manifest: Manifest, fail: Fail) -> None:
    posts = manifest.posts
    for key, check, value in (
        ("source", refuse_address, posts.source),
        ("from", _refuse_unknown_reader, posts.format),
    ):
        try:
            if value:
                check(value)
        except ClothboundError as error:
            raise fail("posts", key, error.message, error.hint) from error
    if not exists(manifest.beside(posts.source)):
        message = f"there is no folder or file {posts.source!r}"
        raise fail("posts", "source", message, "the path is relative to this file")
    if posts.options:
        try:
            name = posts.format or identify(manifest.beside(posts.source), Run()).reader()
            formats.reader_options(name, texts=option_texts(posts.options, manifest.path))
        except ClothboundError as error:
            raise fail("posts", "options", error.message, error.hint) from error


def _refuse_unknown_reader(name: str) -> None:
    formats.reader(formats.reader_and_options(name)[0])


def _read_texts(manifest: Manifest, block: _Block | None) -> dict[Role, Path]:
    """Returns the files under ``[texts]``. Raises ManifestError for one that does not exist."""
    texts: dict[Role, Path] = {}
    for statement in block.keys if block else ():
        path = manifest.beside(_read_text_path(statement, manifest.name))
        if not is_file(path):
            raise ManifestError(
                f"{statement.key!r}: there is no file {statement.value!r}",
                source=manifest.name,
                line=statement.line,
                hint="the path is relative to this file",
            )
        texts[cast("Role", statement.key)] = path
    return texts


def _read_text_path(statement: Statement, source: str) -> str:
    keys = _settings_by_key(Texts)
    if statement.key not in keys:
        raise _unknown_key_error(statement, keys, source)
    return cast("str", _read_value(statement, keys[statement.key], source))
