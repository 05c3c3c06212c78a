"""``clothbound preview`` shows posts in a browser while they are written."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any, NamedTuple

import click
import msgspec

from .. import api, fields, formats
from ..console_text import format_count, format_post_count, printable
from ..destinations import DESTINATIONS
from ..diagnostics import DiagnosticCode
from ..errors import OptionError, UsageError
from ..filters import Filters, as_files
from ..model.collection import Collection
from ..protected_files import ProtectedFiles
from ..source import IdentifiedSource, SourceKind, refuse_address, refuse_empty
from .completion import complete_path, complete_writer_option
from .help import GroupedCommand
from .messages import print_diagnostics, spare
from .options import (
    css_option,
    filter_option,
    picture_options,
    reader_options,
    telling_options,
    trust_option,
)
from .outputs import OutputTarget
from .print_options import KITS, complete_destination, named, scoped, theme_option
from .source_posts import POSTS_OR_PLAN, look
from .trust import trusted

if TYPE_CHECKING:
    from ..kdp.options import Kdp
    from ..plan import Manifest
    from ..preview.server import Preview
    from ..preview.shown_source import RunSettings, ShownFormats, ShownPosts, ShownSource
    from ..writers.pdf import Pdf

_SHOWN = {"page": "html", "chapter": "epub", "print": "pdf"}
"""The formats that are shown, by the fields of ``ShownFormats``."""


@click.command(cls=GroupedCommand)
@click.argument("source", shell_complete=complete_path)
@telling_options
@reader_options
@picture_options(asks=False, keeps_products=False)
@filter_option
@trust_option
@click.option(
    "--for",
    "destination",
    metavar="NAME",
    callback=named(DESTINATIONS),
    shell_complete=complete_destination,
    help=f"Show what a store or device gets, and what it would refuse: {', '.join(DESTINATIONS)}; safe means all of"
    " them. With kdp, print is the interior of the paperback.",
)
@css_option
@theme_option
@click.option(
    "-O",
    "settings",
    multiple=True,
    metavar="[FORMAT.]KEY=VALUE",
    shell_complete=complete_writer_option,
    help="An option of html, epub or pdf (-O pdf.theme=novel), or, with --for kdp, of kdp; may be repeated.",
)
@click.option(
    "--open/--no-open",
    "opens",
    default=None,
    help="Open the page in a browser, or do not. Without either option, it is opened on a terminal.",
)
def preview(
    *,
    source: str,
    reader: str | None,
    reader_settings: tuple[str, ...],
    exclude: tuple[str, ...],
    encoding: str,
    fetch: bool | None,
    images: Path | None,
    cache: Path | None,
    filters: tuple[str, ...],
    trust: bool,
    destination: str | None,
    css: str | None,
    theme: str | None,
    settings: tuple[str, ...],
    quiet: bool,
    verbose: bool,
    opens: bool | None,
) -> int:
    """Show the posts of SOURCE in a browser, and show them again whenever a file is saved.

    The page shows a post as web page, as chapter of an e-book and as printed pages, with what
    `clothbound check` reports of it. SOURCE is a file, a folder, an export, or a book.toml, whose book
    is shown as it is planned. All posts are shown, drafts and private posts too: the page is on this
    machine alone, under an address that only you are told. A style sheet and a theme of your own
    are watched, too.

    No product is written, and temporary files are removed at the end. Press Ctrl-C to end.
    """
    from ..preview.extra import require

    require()
    from ..preview.server import preview as open_preview
    from ..preview.shown_source import RunSettings

    refuse_address(source)
    identified = look(source, reader, POSTS_OR_PLAN)
    if identified.path is None:
        raise UsageError(
            "only a file or a folder can be watched", hint="give its name instead of -"
        )
    Filters.of(as_files(filters))
    run_settings = RunSettings(fetch=bool(fetch), images=images, downloads=cache, filters=filters)
    shown = _shown(
        identified,
        _Wishes(
            reader=reader,
            reader_settings=reader_settings,
            exclude=exclude,
            encoding=encoding,
            destination=destination,
            css=css,
            theme=theme,
            settings=settings,
            run_settings=run_settings,
            trust=trust,
            quiet=quiet,
        ),
    )
    with open_preview(shown) as made:
        collection = made.library.reading.collection
        files = made.library.reading.shown.watched().files
        spare(partial(ProtectedFiles.of, identified.path, collection, files))
        if not collection.posts:
            print_diagnostics(collection.diagnostics, quiet=True, verbose=False)
            refuse_empty(collection, identified.called)
        print_diagnostics(_about_the_whole(collection), quiet=quiet, verbose=verbose)
        return _serve(made, collection, quiet=quiet, opens=opens)


def _serve(made: Preview, collection: Collection, *, quiet: bool, opens: bool | None) -> int:
    def started() -> None:
        if not quiet:
            said = format_post_count(len(collection) - len(collection.roles), len(collection.roles))
            click.echo(f"clothbound: {said}; Ctrl-C ends the preview", err=True)
        click.echo(made.address)
        sys.stdout.flush()
        if opens or (opens is None and sys.stderr.isatty() and not os.environ.get("CI")):
            import webbrowser

            # Starting a browser may take its time, and the page waits for nobody.
            Thread(target=webbrowser.open, args=(made.opening_address,), daemon=True).start()

    # Ctrl-C is how a preview ends, and no failure.
    with suppress(KeyboardInterrupt):
        made.serve(started)
    if not quiet:
        if sys.stderr.isatty():  # The terminal shows ^C, and the cursor is behind it.
            click.echo(err=True)
        click.echo("clothbound: the preview has ended", err=True)
    return 0


def _about_the_whole(collection: Collection) -> list[Any]:
    """Returns the diagnostics that the page does not show beside a post."""
    sources = {metadata.source for metadata in collection.index}
    return [
        found
        for found in collection.diagnostics
        if found.source not in sources or found.code is DiagnosticCode.POST_UNREADABLE
    ]


class _Wishes(NamedTuple):
    """What the command line asks for."""

    reader: str | None
    reader_settings: Sequence[str]
    exclude: Sequence[str]
    encoding: str
    destination: str | None
    css: str | None
    theme: str | None
    settings: Sequence[str]
    run_settings: RunSettings
    trust: bool
    quiet: bool


def _shown(identified: IdentifiedSource, wishes: _Wishes) -> ShownSource:
    from ..preview.shown_source import ShownPosts, ShownSource

    path = identified.path
    assert path is not None
    name = printable(path.resolve().name or str(path))
    if identified.kind is SourceKind.PLAN:
        return _of_plan(path, name, wishes)
    values = {"exclude": tuple(wishes.exclude), "encoding": wishes.encoding}
    reader = wishes.reader or identified.reader()
    format = formats.reader_options(reader, values, wishes.reader_settings)
    shown_formats = _formats({}, wishes)
    is_folder = path.is_dir()

    def read() -> ShownPosts:
        return ShownPosts(
            collection=api.read(path, format, on_error="collect"),
            formats=shown_formats,
            run_settings=wishes.run_settings,
            folders=(path,) if is_folder else (),
            files=(*_filter_paths(wishes.run_settings), *(() if is_folder else (path,))),
            root=path if is_folder else path.parent,
        )

    return ShownSource(name=name, read=read)


def _of_plan(path: Path, name: str, wishes: _Wishes) -> ShownSource:
    """Returns the book that a ``book.toml`` plans, with the options of its outputs."""
    from ..plan import make_book, read_manifest, read_posts
    from ..preview.shown_source import ShownPosts, ShownSource

    first = read_manifest(path)
    # What is run are the bytes that were trusted, so these files are not watched.
    planned_filters = trusted(first, wishes.trust, quiet=wishes.quiet) if first.book.filters else ()

    def read() -> ShownPosts:
        manifest = read_manifest(path)
        if manifest.book.filters != first.book.filters:
            raise UsageError(
                "the filters of the plan have changed, and those that it had are applied",
                source=manifest.name,
                hint="start the preview again, which asks whether they may run",
            )
        posts = read_posts(
            manifest,
            wishes.reader,
            exclude=wishes.exclude,
            encoding=wishes.encoding,
            settings=wishes.reader_settings,
        )
        source = manifest.beside(manifest.posts.source)
        folders = (source, manifest.beside(manifest.book.edits))
        run_settings = wishes.run_settings
        return ShownPosts(
            collection=make_book(manifest, posts),
            formats=_formats(_planned(manifest), wishes),
            run_settings=msgspec.structs.replace(
                run_settings,
                fetch=run_settings.fetch or bool(manifest.book.fetch),
                filters=(*planned_filters, *run_settings.filters),
            ),
            folders=tuple(folder for folder in folders if folder.is_dir()),
            files=(
                path,
                *manifest.texts.values(),
                *_filter_paths(run_settings),
                *(() if source.is_dir() else (source,)),
            ),
            root=source if source.is_dir() else None,
        )

    return ShownSource(name=name, read=read)


def _planned(manifest: Manifest) -> Mapping[str, Sequence[str]]:
    """Returns the settings of the first output of each format in a plan, each with its format (``pdf.page=5x8``)."""
    from ..plan.making import settings_of

    planned: dict[str, Sequence[str]] = {}
    for output in manifest.outputs:
        _, format, texts = settings_of(manifest, output)
        planned.setdefault(format, [f"{format}.{text}" for text in texts])
    return planned


def _filter_paths(run_settings: RunSettings) -> list[Path]:
    return [Path(name) for name in run_settings.filters if isinstance(name, str)]


def _formats(planned: Mapping[str, Sequence[str]], wishes: _Wishes) -> ShownFormats:
    """Returns the options of the formats that are shown; ``planned`` has those of a plan, by format.

    Raises OptionError for an option that none of them has.
    """
    from ..preview.shown_source import ShownFormats

    kit = wishes.destination if wishes.destination in KITS else ""
    names = (*_SHOWN.values(), *filter(None, [kit]))
    settings = (
        *(text for name in names for text in planned.get(name, ())),
        *(text for setting in wishes.settings for text in _scoped(setting, names)),
    )
    settings = scoped(wishes.destination, None, settings)

    def options_of(name: str) -> Any:
        return OutputTarget.of(f"shown.{name}", name, settings, wishes.css, wishes.theme).options

    made: dict[str, Any] = {field: options_of(name) for field, name in _SHOWN.items()}
    if kit:
        made["print"] = _interior(options_of(kit))
    is_named = wishes.destination is not None or any(
        text.startswith("epub.destination=") for text in settings
    )
    return ShownFormats(**made, checks_store=is_named)


def _interior(kit: Kdp) -> Pdf:
    """Returns the options of a PDF whose pages look like those of the kit's printed book.

    The margin at the spine is narrower, since it grows with the number of all pages.
    """
    from ..writers.pdf import Pdf

    return Pdf(
        engine="weasyprint",
        theme=kit.theme,
        page=kit.trim,
        recto=kit.recto,
        openers=kit.openers,
        links=kit.links,
        page_references=kit.page_references,
        grayscale=kit.grayscale,
        css=kit.css,
    )


def _scoped(setting: str, names: Sequence[str]) -> list[str]:
    """Returns ``FORMAT.KEY=VALUE`` for each of the formats ``names`` that has the option."""
    key, equals, _ = setting.partition("=")
    if not equals or "." in key:
        return [setting]
    wanted = key.replace("-", "_")
    having = [
        name
        for name in names
        if any(one.name == wanted for one in fields.settings(formats.writer(name).options_type))
    ]
    if not having:
        raise OptionError(
            f"neither {', '.join(names[:-1])} nor {names[-1]} has an option {key!r}",
            hint=f"`clothbound formats NAME` lists those of each of the {format_count(len(names), 'format')}",
        )
    return [f"{name}.{setting}" for name in having]
