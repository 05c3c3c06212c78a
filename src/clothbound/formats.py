"""The protocols of formats, the table of built-in formats, and the functions that find a format.

A name, a file name's extension, or the first bytes lead to a format. Listing names imports nothing;
the module of a format is imported when it is used. Entry points of the groups
``clothbound.readers``, ``clothbound.writers`` and ``clothbound.transforms`` have the shape of the
tables here, and are looked up only for a name that the table lacks.
"""

from __future__ import annotations

import importlib
import operator
import typing
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import (
    TYPE_CHECKING,
    Any,
    BinaryIO,
    ClassVar,
    Literal,
    Protocol,
    TypeAlias,
    TypeVar,
    runtime_checkable,
)

import msgspec

from . import fields
from .errors import OptionError, UnknownFormatError, did_you_mean
from .lazy_pattern import lazy_pattern
from .model.slugs import HTML_FILES, MARKDOWN_FILES

if TYPE_CHECKING:
    from .artifact import Artifact
    from .context import Context
    from .model.collection import Collection
    from .model.post import Post
    from .page_list import PrintedPages

Source: TypeAlias = Path | str | bytes | BinaryIO
"""The path of a file, a folder or an archive; or bytes, or a stream of bytes."""

Produces: TypeAlias = Literal["file", "tree", "page"]
"""One file for a collection, a folder of files, or a file for each post."""


class ReaderOptions(msgspec.Struct, frozen=True, kw_only=True):
    """The options of one reader, which know its name. Each reader has a class of its own that inherits from this."""

    format: ClassVar[str]


class WriterOptions(msgspec.Struct, frozen=True, kw_only=True):
    """The options of one writer, which know its name. Each writer has a class of its own that inherits from this."""

    format: ClassVar[str]


O_contra = TypeVar("O_contra", contravariant=True)


class Reader(Protocol[O_contra]):
    """Turns a source into posts. A plug-in is any object of this shape."""

    options_type: type[Any]

    def accepts(self, head: bytes, name: str) -> bool:
        """Returns whether the first bytes (4096 at most; empty for a folder) or the name show this format."""
        ...

    def read(self, source: Source, options: O_contra, context: Context) -> Collection: ...


class Writer(Protocol[O_contra]):
    """Turns posts into files. A plug-in is any object of this shape; it never sees a path."""

    extension: str
    """The extension with its dot: of the product for ``file``, of each page for ``page``; empty for ``tree``."""
    media_type: str
    options_type: type[Any]
    produces: Produces
    public: bool
    """True if the product is meant for the public: posts that are not for everyone are left out, and paid parts cut."""
    transforms: tuple[str, ...]
    """Names of transforms that are applied to each post before it is written, in order."""

    def write(self, collection: Collection, options: O_contra, context: Context) -> Artifact: ...


# Members that a writer or its options may have besides. Whoever lacks one is treated as if it were false or empty.


@runtime_checkable
class HoldsFiles(Protocol):
    """A writer that says whether its products show only files that they contain, so that they lack pictures on the
    network.
    """

    holds_files: bool


@runtime_checkable
class IsAuthorsCopy(Protocol):
    """A writer that says whether its products are the author's own copy, in which each post states its audience."""

    is_authors_copy: bool


@runtime_checkable
class AddsTransforms(Protocol):
    """Options that add transforms to those of the writer."""

    @property
    def transforms(self) -> tuple[str, ...]:
        """Names of transforms that are applied after those of the writer, in order."""
        ...


@runtime_checkable
class ListsLinks(Protocol):
    """Options that say whether the posts are followed by one that lists the addresses that they link to."""

    @property
    def list_of_links(self) -> bool: ...


@runtime_checkable
class MarksPages(Protocol):
    """Options of a product that can mark the pages of a printed edition."""

    @property
    def pages(self) -> PrintedPages | None:
        """The pages of the edition; an edition that is written beside the product fills them in."""
        ...


Transform: TypeAlias = "Callable[[Post, Context], Post]"

# For bytes without a name, readers are tried in this order; Markdown accepts any text.
READERS = {
    "json": "clothbound.readers.json:READER",
    "pandoc": "clothbound.readers.pandoc:READER",
    "substack": "clothbound.readers.substack:READER",
    "html": "clothbound.readers.html:READER",
    "rss": "clothbound.readers.rss:READER",
    "obsidian": "clothbound.readers.markdown:OBSIDIAN",
    "markdown": "clothbound.readers.markdown:READER",
}
WRITERS = {
    "epub": "clothbound.writers.epub:WRITER",
    "html": "clothbound.writers.html:PAGE",
    "html-fragment": "clothbound.writers.html:FRAGMENT",
    "json": "clothbound.writers.json:JSON",
    "jsonl": "clothbound.writers.json:JSONL",
    "markdown": "clothbound.writers.markdown:WRITER",
    "pandoc": "clothbound.writers.pandoc:WRITER",
    "pdf": "clothbound.writers.pdf:WRITER",
    "rss": "clothbound.writers.rss:WRITER",
    "site": "clothbound.writers.site:WRITER",
    "substack": "clothbound.writers.substack.archive:WRITER",
    "substack-editor": "clothbound.writers.substack.editor:WRITER",
    "substack-paste": "clothbound.writers.substack.paste:WRITER",
    "text": "clothbound.writers.text:WRITER",
    # This comes last, because an option that a PDF also has is more likely to be meant for the PDF.
    "kdp": "clothbound.kdp.writer:WRITER",
}
TRANSFORMS = {
    "footnotes": "clothbound.transforms.footnotes:order_notes",
    "headings": "clothbound.transforms.headings:fit_levels",
    "link-endnotes": "clothbound.transforms.link_notes:addresses_at_end",
    "link-footnotes": "clothbound.transforms.link_notes:addresses_in_notes",
    "link-words": "clothbound.transforms.link_words:give_words",
    "links": "clothbound.transforms.links:resolve_links",
    "links-of-page": "clothbound.transforms.links:resolve_links_of_page",
    "mentions": "clothbound.transforms.mentions:add_mentions",
    "paywall": "clothbound.transforms.paywall:cut_at_paywall",
    "language": "clothbound.transforms.scripts:name_language",
    "scripts": "clothbound.transforms.scripts:mark_scripts",
    "typography": "clothbound.transforms.typography:set_type",
    "widgets": "clothbound.transforms.widgets:leave_out_chrome",
}
READER_EXTENSIONS = {
    **dict.fromkeys(MARKDOWN_FILES, "markdown"),
    ".txt": "markdown",
    ".json": "json",
    ".jsonl": "json",
    ".zip": "substack",
    **dict.fromkeys(HTML_FILES, "html"),
    ".atom": "rss",
    ".rss": "rss",
    ".xml": "rss",
}
"""What proposes a reader for a file. ``.txt`` may be a post that is named, but none in a folder."""
_FILE_TYPE = lazy_pattern(r"\.[a-z][a-z0-9_+-]{0,9}")
"""An extension that says what a file is; that of ``Vol. 2`` or ``2023.05.01`` says nothing."""
WRITER_EXTENSIONS = {
    ".epub": "epub",
    ".htm": "html",
    ".html": "html",
    ".json": "json",
    ".jsonl": "jsonl",
    ".md": "markdown",
    ".markdown": "markdown",
    ".pdf": "pdf",
    ".rss": "rss",
    ".txt": "text",
    ".xml": "rss",
    ".zip": "substack",
}


def reader(name: str) -> Reader[Any]:
    """Returns the reader of this name. Raises UnknownFormatError."""
    found: Reader[Any] = _load("reader", READERS, name)
    return found


def writer(name: str) -> Writer[Any]:
    """Returns the writer of this name. Raises UnknownFormatError."""
    found: Writer[Any] = _load("writer", WRITERS, name)
    return found


Options = TypeVar("Options", ReaderOptions, WriterOptions)
S = TypeVar("S", bound=msgspec.Struct)


def name_and_options(format: str | Options, wanted: type[Options]) -> tuple[str, Options | None]:
    """Returns the name and the options of a format that was given by either.

    Raises OptionError for anything else, and for the options of a writer where those of a reader are ``wanted``.
    """
    if isinstance(format, str):
        return format, None
    given = format if isinstance(format, type) else type(format)
    name = getattr(given, "format", None)
    if not isinstance(name, str):
        raise OptionError(f"{given.__name__} is neither a format's name nor its options")
    if given is format:
        raise OptionError(f"{name} is given a class of options", hint=f"write {given.__name__}()")
    kinds = {ReaderOptions: "reader", WriterOptions: "writer"}
    # The options of a plug-in may be of neither class.
    is_other = issubclass(given, tuple(kinds)) and not issubclass(given, wanted)
    if is_other:
        other = next(kind for base, kind in kinds.items() if base is not wanted)
        raise OptionError(
            f"{given.__name__} has the options of a {other}, and those of a {kinds[wanted]} are needed"
        )
    return name, format


def post_extensions(name: str) -> frozenset[str]:
    """Returns the extensions of the files in a folder that a reader reads as posts."""
    return frozenset(e for e, reader in READER_EXTENSIONS.items() if reader == name) - {".txt"}


def writers_with_option(option: str) -> list[str]:
    """Returns the built-in writers that have an option of this name. Loads all writers."""
    return [
        name
        for name in WRITERS
        if any(one.name == option for one in fields.settings(writer(name).options_type))
    ]


def holds_files(name: str) -> bool:
    """Returns whether a product of this writer shows only files that it contains."""
    found = writer(name)
    return isinstance(found, HoldsFiles) and found.holds_files


def is_authors_copy(writer: Writer[Any]) -> bool:
    """Returns whether a product is the author's own copy, in which each post states its audience."""
    return isinstance(writer, IsAuthorsCopy) and writer.is_authors_copy


def transform(name: str) -> Transform:
    """Returns the transform of this name. Raises UnknownFormatError."""
    found: Transform = _load("transform", TRANSFORMS, name)
    return found


def plugins(kind: str) -> dict[str, str]:
    """Returns ``module:attribute`` of the entry points of ``kind`` (reader, writer, transform), by name."""
    from importlib.metadata import entry_points

    return {e.name: e.value for e in entry_points(group=f"clothbound.{kind}s")}


def _load(kind: str, table: Mapping[str, str], name: str) -> Any:
    target = table.get(name)
    if target is None:
        installed = plugins(kind)
        target = installed.get(name)
        if target is None:
            known = sorted({*table, *installed})
            raise UnknownFormatError(
                f"there is no {kind} {name!r}{did_you_mean(name, known)}",
                hint=f"known {kind}s: {', '.join(known)}",
            )
    module, _, attribute = target.partition(":")
    if name in table:
        return getattr(importlib.import_module(module), attribute)
    whose = f"the {kind} {name!r} of {module.split('.')[0]}"
    hint = "it is installed beside clothbound; update or uninstall it"
    try:
        found = operator.attrgetter(attribute)(importlib.import_module(module))
    except (Exception, SystemExit) as error:  # A plug-in's module may raise anything on import.
        raise UnknownFormatError(
            f"{whose} cannot be loaded: {_reason(error)}", hint=hint
        ) from error
    if table is not TRANSFORMS:
        try:
            check_options_type(getattr(found, "options_type", None))
        except OptionError as error:
            raise UnknownFormatError(
                f"{whose} cannot be used: {error.message}", hint=hint
            ) from error
    return found


def check_options_type(options_type: Any) -> None:
    """Raises OptionError for a type of options whose fields cannot be set by name."""
    is_struct = isinstance(options_type, type) and issubclass(options_type, msgspec.Struct)
    # ``__match_args__`` names the fields that are positional.
    if not is_struct or not options_type.__struct_config__.frozen or options_type.__match_args__:
        name = getattr(options_type, "__name__", repr(options_type))
        raise OptionError(f"options are frozen keyword msgspec.Structs, and {name!r} is not one")


def _reason(error: BaseException) -> str:
    said = " ".join(str(error).split())
    if isinstance(error, (ImportError, AttributeError)) and said:
        return said
    return f"{type(error).__name__}: {said}" if said else type(error).__name__


def reader_for(name: str, head: bytes) -> str:
    """Returns the name of the reader for a source. Raises UnknownFormatError.

    The extension proposes a reader, and the first bytes decide; if they do not, the proposal is used. Markdown,
    which accepts any text, is not tried if the extension belongs to another type of file. Installed readers are
    tried last.
    """
    suffix = "" if not head and Path(name).is_dir() else Path(name).suffix.lower()
    proposed = READER_EXTENSIONS.get(suffix)
    if proposed == "substack" or (proposed == "markdown" and suffix != ".txt"):
        return proposed  # a damaged archive is one, and Markdown may begin with any markup
    by_bytes = [reader for reader in READERS if reader not in ("obsidian", "markdown")]
    by_bytes.sort(key=lambda reader: reader != proposed)  # what is asked first is loaded alone
    found = _accepting(by_bytes, head, name) or proposed
    if found is None and not _FILE_TYPE.fullmatch(suffix):
        found = _accepting(("markdown",), head, name)
    # Looking up what is installed takes longer than reading a post, so it comes last.
    found = found or _accepting(plugins("reader"), head, name)
    if found is None:
        raise UnknownFormatError(
            f"cannot detect the format of {name or 'the input'}",
            hint="name it with --from (--from markdown for any text)",
        )
    return found


def _accepting(names: typing.Iterable[str], head: bytes, name: str) -> str | None:
    return next((n for n in names if reader(n).accepts(head, name)), None)


def writer_for(name: str) -> str:
    """Returns the name of the writer for a file name's extension. Raises UnknownFormatError."""
    suffix = Path(name).suffix.lower()
    found = WRITER_EXTENSIONS.get(suffix)
    if found is None:
        raise UnknownFormatError(
            f"cannot detect the format of {name!r} from its extension", hint="name it with --to"
        )
    return found


def reader_options(name: str, values: Mapping[str, Any]) -> Any:
    """Returns a reader's options with those of these values that are not empty; None if all are empty.

    Raises OptionError if the reader has no such option.
    """
    given = {option: value for option, value in values.items() if value}
    if not given:
        return None
    options_type = reader(name).options_type
    return options_type(**{fields.find(options_type, key).name: given[key] for key in given})


def make_options(options_type: type[S], values: Mapping[str, str]) -> S:
    """Returns options with values from texts, as in ``-O key=value``. Hyphens in keys count as underscores.

    Raises OptionError for an unknown key and for an invalid value.
    """
    known = fields.settings(options_type)
    arguments = {}
    for key, text in values.items():
        setting = fields.find(options_type, key)
        arguments[setting.name] = fields.from_text(setting, text)
    try:
        checked = {
            one.name: one.checked(arguments[one.name]) for one in known if one.name in arguments
        }
        return fields.make_struct(options_type, checked)
    except (TypeError, ValueError) as error:  # one that must be given, or a value that it refuses
        raise OptionError(f"the options are incomplete or invalid: {error}") from error
