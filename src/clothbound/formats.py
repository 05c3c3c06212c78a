"""The protocols of formats, the table of built-in formats, and the functions that load a format by its name.

Listing names imports nothing; the module of a format is imported when it is used. Entry points of the groups
``clothbound.readers``, ``clothbound.writers`` and ``clothbound.transforms`` have the shape of the
tables here. ``format_detection`` finds the format of a file.
"""

from __future__ import annotations

import importlib
import operator
from collections.abc import Callable, Mapping, Sequence
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
from .errors import OptionError, UnknownFormatError, UsageError, did_you_mean
from .model.slugs import HTML_FILES, NOTEBOOK_FILES, TEXT_FILES, WRITTEN_FILES

if TYPE_CHECKING:
    from .artifact import Artifact
    from .context import Context
    from .model.collection import Collection
    from .model.post import Post
    from .page_list import PrintedPages
    from .plugin_code import PluginKind

Source: TypeAlias = Path | str | bytes | BinaryIO
"""The path of a file, a folder or an archive; or bytes, or a stream of bytes."""

Produces: TypeAlias = Literal["file", "tree", "page"]
"""One file for a collection, a folder of files, or a file for each post."""


Kind: TypeAlias = Literal["reader", "writer"]
"""The two sides of a format."""


class ReaderOptions(msgspec.Struct, frozen=True, kw_only=True):
    """The options of one reader, which know its name. Each reader has a class of its own that inherits from this."""

    format: ClassVar[str]


class WriterOptions(msgspec.Struct, frozen=True, kw_only=True):
    """The options of one writer, which know its name. Each writer has a class of its own that inherits from this."""

    format: ClassVar[str]


O_contra = TypeVar("O_contra", contravariant=True)


class Reader(Protocol[O_contra]):
    """Turns a source into posts. A plug-in is any object of this shape. What is a property here may be an attribute."""

    @property
    def extensions(self) -> tuple[str, ...]:
        """The extensions, in lower case with their dots, of the files for which this reader is asked before others."""
        ...

    @property
    def options_type(self) -> type[Any]:
        """The class of its options."""
        ...

    def accepts(self, head: bytes, name: str) -> bool:
        """Returns whether the first bytes (4096 at most; empty for a folder) or the name show this format.

        ``name`` is a file's name or a folder's path, empty for a source without one. Any text may be Markdown, so
        a format of text that no bytes mark is told by its name.
        """
        ...

    def read(self, source: Source, options: O_contra, context: Context) -> Collection: ...


class Writer(Protocol[O_contra]):
    """Turns posts into files. A plug-in is any object of this shape; it never sees a path. What is a property here
    may be an attribute.
    """

    @property
    def extension(self) -> str:
        """The extension with its dot: of the product for ``file``, of each page for ``page``; empty for ``tree``."""
        ...

    @property
    def media_type(self) -> str:
        """The media type of the product, or of each page."""
        ...

    @property
    def options_type(self) -> type[Any]:
        """The class of its options."""
        ...

    @property
    def produces(self) -> Produces:
        """One file for a collection, a folder of files, or a file for each post."""
        ...

    @property
    def public(self) -> bool:
        """True if the product is meant for the public: secret posts are left out, and unless the run names audiences,
        posts that are not for everyone and paid parts, too.
        """
        ...

    @property
    def transforms(self) -> tuple[str, ...]:
        """Names of transforms that are applied to each post before it is written, in order."""
        ...

    def write(self, collection: Collection, options: O_contra, context: Context) -> Artifact: ...


class ArchiveFiles(Protocol):
    """The files of a ZIP or of a folder, by which a reader of archives tells whether one is its own."""

    @property
    def names(self) -> tuple[str, ...]:
        """The paths of the files, relative and with slashes."""
        ...

    def read(self, name: str) -> bytes: ...

    def read_start(self, name: str, size: int) -> bytes:
        """Returns the first ``size`` bytes of a file."""
        ...


@runtime_checkable
class ReadsArchives(Protocol):
    """A reader of archives and folders that tells them by the files in them."""

    def accepts_files(self, files: ArchiveFiles) -> bool:
        """Returns whether these files are an archive of this format."""
        ...


@runtime_checkable
class AcceptsLater(Protocol):
    """A reader of files that may show their format behind the first bytes only, as the members of JSON have no order."""

    def accepts_later(self, start: bytes, name: str) -> bool:
        """Returns whether a longer beginning shows this format. It is asked where no reader is certain."""
        ...


@runtime_checkable
class AcceptsPlaces(Protocol):
    """A reader that takes a file for the folder in which it stands, whatever is in it."""

    def accepts_place(self, path: Path) -> bool:
        """Returns whether the file at ``path`` belongs to a folder of this format."""
        ...


# Members that a writer or its options may have besides. Whoever lacks one is treated as if it were false or empty.


@runtime_checkable
class HoldsFiles(Protocol):
    """A writer that says whether its products show only files that they contain, so that they lack pictures on the
    network.
    """

    holds_files: bool


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

# Readers are asked in this order; a file's extension puts one of them first.
READERS = {
    "json": "clothbound.readers.json:READER",
    "jsonfeed": "clothbound.readers.json_feed:READER",
    "pandoc": "clothbound.readers.pandoc:READER",
    "substack": "clothbound.readers.substack:READER",
    "epub": "clothbound.readers.epub:READER",
    "medium": "clothbound.readers.exports.medium:READER",
    "blogger": "clothbound.readers.exports.blogger:READER",
    "wordpress": "clothbound.readers.exports.wordpress:READER",
    "buttondown": "clothbound.readers.exports.buttondown:READER",
    "beehiiv": "clothbound.readers.exports.beehiiv:READER",
    "bear-blog": "clothbound.readers.exports.bear_blog:READER",
    "devto": "clothbound.readers.exports.dev_to:READER",
    "write-as": "clothbound.readers.exports.write_as:READER",
    "tumblr": "clothbound.readers.exports.tumblr:READER",
    "movable-type": "clothbound.readers.exports.movable_type:READER",
    "ghost": "clothbound.readers.exports.ghost.reader:READER",
    "html": "clothbound.readers.html:READER",
    "rss": "clothbound.readers.rss:READER",
    "site": "clothbound.readers.site:READER",
    "obsidian": "clothbound.readers.markdown:OBSIDIAN",
    "markdown": "clothbound.readers.markdown:READER",
}
WRITERS = {
    "epub": "clothbound.writers.epub:WRITER",
    "html": "clothbound.writers.html:PAGE",
    "html-fragment": "clothbound.writers.html:FRAGMENT",
    "json": "clothbound.writers.json:JSON",
    "jsonfeed": "clothbound.writers.json_feed:WRITER",
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
    "covers": "clothbound.transforms.cover_pictures:show_cover",
    "covers-described": "clothbound.transforms.cover_pictures:show_described_cover",
    "equations": "clothbound.transforms.equations:number_equations",
    "footnotes": "clothbound.transforms.footnotes:order_notes",
    "forms": "clothbound.transforms.widgets:leave_out_forms",
    "headings": "clothbound.transforms.headings:fit_levels",
    "link-endnotes": "clothbound.transforms.link_notes:addresses_at_end",
    "link-footnotes": "clothbound.transforms.link_notes:addresses_in_notes",
    "link-words": "clothbound.transforms.link_words:give_words",
    "links": "clothbound.transforms.links:resolve_links",
    "links-of-page": "clothbound.transforms.links:resolve_links_of_page",
    "mentions": "clothbound.transforms.mentions:add_mentions",
    "language": "clothbound.transforms.scripts:name_language",
    "repeated": "clothbound.transforms.repeated:leave_out_repeated",
    "scripts": "clothbound.transforms.scripts:mark_scripts",
    "typography": "clothbound.transforms.typography:set_type",
    "widgets": "clothbound.transforms.widgets:leave_out_chrome",
}
READER_EXTENSIONS = {
    **dict.fromkeys((*WRITTEN_FILES, *NOTEBOOK_FILES, *TEXT_FILES), "markdown"),
    ".json": "json",
    ".jsonl": "json",
    ".epub": "epub",
    ".zip": "substack",
    **dict.fromkeys(HTML_FILES, "html"),
    ".atom": "rss",
    ".rss": "rss",
    ".xml": "rss",
}
"""What proposes a reader for a file. ``.txt`` may be a post that is named, but none in a folder."""
_DIALECT_READER, _DIALECT = "markdown", "dialect"
"""The option whose values, but for the default, are names of readers too: ``-f gfm``."""
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


def reader_extensions(name: str) -> tuple[str, ...]:
    """Returns the extensions that propose a built-in reader."""
    return tuple(e for e, reader in READER_EXTENSIONS.items() if reader == name)


def post_extensions(name: str) -> frozenset[str]:
    """Returns the extensions of the files in a folder that a reader reads as posts."""
    return frozenset(reader_extensions(name)) - frozenset(TEXT_FILES)


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


def transform(name: str) -> Transform:
    """Returns the transform of this name. Raises UnknownFormatError."""
    found: Transform = _load("transform", TRANSFORMS, name)
    return found


class Installed(msgspec.Struct, frozen=True):
    """A reader or writer of a plug-in, and what it declares."""

    name: str
    module: str
    extensions: tuple[str, ...] = ()
    fault: str = ""
    """Why it cannot be used; empty if it can."""


def installed(kind: Kind) -> list[Installed]:
    """Returns the readers or writers of plug-ins, without those that have the name of a built-in one. Loads them."""
    from .plugin_code import targets_by_name

    table = READERS if kind == "reader" else WRITERS
    found = []
    for name, target in sorted(targets_by_name(kind).items()):
        if name in table:
            continue
        module = target.partition(":")[0]
        try:
            loaded = _load(kind, table, name)
        except UnknownFormatError as error:
            found.append(Installed(name, module, fault=error.message))
            continue
        declared = getattr(loaded, "extensions", ()) if kind == "reader" else (loaded.extension,)
        found.append(Installed(name, module, tuple(e.lower() for e in declared if e)))
    return found


def _load(kind: PluginKind, table: Mapping[str, str], name: str) -> Any:
    target = table.get(name)
    if target is None:
        from .plugin_code import targets_by_name

        installed = targets_by_name(kind)
        target = installed.get(name)
        if target is None:
            known = sorted({*table, *installed, *(dialects() if kind == "reader" else ())})
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


def dialects() -> dict[str, str]:
    """Returns the names that stand for a reader with an option set, each with its reader and setting:
    ``markdown -I dialect=gfm``. Loads that reader.
    """
    setting = _dialect()
    return {
        name: f"{_DIALECT_READER} -I {setting.key}={name}"
        for name in setting.choices
        if name != setting.default and name not in READERS
    }


def _dialect() -> fields.Setting:
    return fields.find(reader(_DIALECT_READER).options_type, _DIALECT)


def _dialect_named(name: str) -> fields.Setting | None:
    """Returns the option whose value ``name`` is; None for the name of a reader."""
    return _dialect() if name not in READERS and name in dialects() else None


def reader_and_options(
    format: str | ReaderOptions,
) -> tuple[str, ReaderOptions | None]:
    """Returns the name and the options of a reader that was given by either, or by a dialect.

    Raises OptionError.
    """
    name, options = name_and_options(format, ReaderOptions)
    if options is None and _dialect_named(name) is not None:
        return name_and_options(reader_options(name), ReaderOptions)
    return name, options


def reader_options(
    name: str, values: Mapping[str, Any] | None = None, texts: Sequence[str] = ()
) -> str | ReaderOptions:
    """Returns what ``api.read`` takes as a format: a reader's options, or its name if it has none of its own.

    ``name`` is a reader's name or that of a dialect (``gfm``). ``texts`` are options as ``-I`` takes them,
    ``KEY=VALUE``; those of ``values`` that are not empty are typed, and several values of one option add up. Raises
    UsageError for a text without a key, and OptionError for an option that the reader does not have.
    """
    dialect = _dialect_named(name)
    given = {key: value for key, value in (values or {}).items() if value}
    if not given and not texts and dialect is None:
        return name
    options_type = reader(_DIALECT_READER if dialect else name).options_type
    arguments: dict[str, Any] = {dialect.name: name} if dialect else {}
    for text in texts:
        key, equals, value = text.partition("=")
        if not equals:
            raise UsageError(f"an option of a reader needs KEY=VALUE, not {text!r}")
        setting = fields.find(options_type, key)
        arguments[setting.name] = fields.from_text(setting, value)
    for key, value in given.items():
        setting = fields.find(options_type, key)
        earlier = arguments.get(setting.name, ()) if setting.is_many else ()
        arguments[setting.name] = (*earlier, *value) if setting.is_many else value
    options: ReaderOptions = _make_checked(options_type, arguments)
    return options


def make_options(options_type: type[S], values: Mapping[str, str]) -> S:
    """Returns options with values from texts, as in ``-O key=value``. Hyphens in keys count as underscores.

    Raises OptionError for an unknown key and for an invalid value.
    """
    arguments = {}
    for key, text in values.items():
        setting = fields.find(options_type, key)
        arguments[setting.name] = fields.from_text(setting, text)
    return _make_checked(options_type, arguments)


def _make_checked(options_type: type[S], arguments: Mapping[str, Any]) -> S:
    known = fields.settings(options_type)
    try:
        checked = {
            one.name: one.checked(arguments[one.name]) for one in known if one.name in arguments
        }
        return fields.make_struct(options_type, checked)
    except (TypeError, ValueError) as error:  # one that must be given, or a value that it refuses
        raise OptionError(f"the options are incomplete or invalid: {error}") from error
