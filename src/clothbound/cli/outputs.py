"""Plans and makes the outputs of the command: the format, options and path of each."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import msgspec
from msgspec import structs

from .. import api, format_detection, formats
from ..artifact import names_folder
from ..console_text import format_count
from ..diagnostics import LossReport
from ..errors import ClothboundError, LossError, OptionError, UsageError, WriteError, reason_of
from ..fields import is_path, say_lacking, settings
from ..late_names import late_function
from ..model.collection import Collection
from ..model.slugs import file_name
from ..naming import file_names
from ..progress import HearProgress
from ..protected_files import ProtectedFiles
from ..run import Run

if TYPE_CHECKING:
    from ..isolated import WaitingWorkers
    from ..page_list import PrintedPages
    from .spared_pictures import spare_picture
else:
    # What only a file that is there already needs.
    spare_picture = late_function("clothbound.cli.spared_pictures", "spare_picture")


class OutputTarget(msgspec.Struct, frozen=True):
    """One output: where it goes, in which format, with which options."""

    path: str
    format: str
    options: Any

    @classmethod
    def of(
        cls,
        path: str,
        writer: str | None,
        settings: Sequence[str],
        css: str | None = None,
        theme: str | None = None,
    ) -> OutputTarget:
        """Returns the output of ``-o path -t writer -O settings --css css --theme theme``. Raises UsageError."""
        if path == "-" and writer is None:
            raise UsageError(
                "the format of stdout must be named", hint="add --to html, for example"
            )
        if writer is None and names_folder(path):
            raise UsageError(
                f"{path} is a folder, which does not imply a format",
                hint="add --to site, for example",
            )
        name = writer or format_detection.writer_for(path)
        options_type = formats.writer(name).options_type
        values = {}
        for setting in settings:
            key, equals, value = setting.partition("=")
            if not equals:
                raise UsageError(f"-O needs KEY=VALUE, not {setting!r}")
            scope, dot, rest = key.partition(".")
            if dot and scope != name:
                formats.writer(scope)
                continue
            values[rest if dot else key] = value
        if css:
            values["css"] = css
        if theme and takes_theme(options_type, theme):
            values["theme"] = theme
        return cls(path, name, _options(options_type, values))


def takes_theme(options_type: type[msgspec.Struct], theme: str) -> bool:
    """Whether a format has the theme: EPUB, pages and sites have only the style sheet of a theme of one's own."""
    found = [setting for setting in settings(options_type) if setting.name == "theme"]
    return bool(found) and (bool(found[0].choices) or is_path(theme))


def _options(options_type: type, values: dict[str, str]) -> Any:
    """Raises OptionError, which names the formats that have an option which this one lacks."""
    try:
        return formats.make_options(options_type, values)
    except OptionError as error:
        own = {setting.name for setting in settings(options_type)}
        for key, value in values.items():
            wanted = key.replace("-", "_")
            others = [] if wanted in own else formats.writers_with_option(wanted)
            if others:
                raise OptionError(
                    f"{say_lacking(options_type, key)}, which is one of {', '.join(others)}",
                    hint=f"for the {others[0]} among several outputs: -O {others[0]}.{key}={value}",
                ) from error
        raise


Follow: TypeAlias = Callable[[OutputTarget], AbstractContextManager[HearProgress | None]]
"""Gives what hears the progress of one output, as long as it is being made."""


class Product(msgspec.Struct, frozen=True):
    """The path and report of a product, or the error that prevented it."""

    path: str
    report: LossReport
    error: ClothboundError | None = None


def plan_outputs(
    jobs: Sequence[tuple[Collection, OutputTarget]], protected: ProtectedFiles, run: Run
) -> list[tuple[Collection, OutputTarget]]:
    """Returns the jobs, each with the final path of its product. Nothing is made.

    Whether a product is one file or several may depend on what ``run`` lets be public. Raises UsageError
    where a product cannot be written to its path, where two have the same path, and where one would
    replace an original.
    """
    found = []
    seen: set[str] = set()
    for collection, target in jobs:
        is_tree, only_page = _is_tree(collection, target, run)
        path = _path(collection, target, is_tree=is_tree, names_itself=bool(only_page))
        if path != "-":
            into = Path(path) / only_page if only_page and names_folder(path) else path
            protected.refuse(into, is_tree=is_tree)
            if Path(into).is_file():
                spare_picture(Path(into), formats.writer(target.format).extension)
        place = path if path == "-" else os.path.realpath(path)
        if place in seen:
            raise UsageError(
                f"two outputs would be written to {path!r}",
                hint="put {year} or {title} into the name",
            )
        seen.add(place)
        found.append((collection, structs.replace(target, path=path)))
    return found


def _is_tree(collection: Collection, target: OutputTarget, run: Run) -> tuple[bool, str]:
    """Returns whether the product is several files, and the name of its only page in a folder."""
    produces = formats.writer(target.format).produces
    if produces != "page":
        return produces == "tree", ""
    # Preparing the product decides how many posts are for the public.
    try:
        made = api.write(collection, target.options, run=run)
        return made.is_tree, made.only_page
    except UsageError:
        raise
    except ClothboundError:  # It will stop this product alone, when the product is made.
        return len(collection) != 1, ""


def make_outputs(
    jobs: Sequence[tuple[Collection, OutputTarget]],
    *,
    protected: ProtectedFiles,
    strict: bool,
    run: Run,
    follow: Follow,
    waiting_workers: WaitingWorkers | None = None,
) -> list[Product]:
    """Makes each product at the path that ``plan_outputs`` has given it.

    A product that cannot be made does not stop the others. An EPUB gets the pages of the first PDF of the
    same collection, which is made before it. No product replaces one of ``protected``. ``follow`` gives
    what hears the progress of a target. Processes that wait make the parts of the first product that has some.
    """
    made: dict[int, Product] = {}
    pages: dict[int, PrintedPages] = {}
    order = sorted(range(len(jobs)), key=lambda n: _takes_pages(jobs[n][1]))
    for number in order:
        collection, target = jobs[number]
        printed = pages.get(id(collection))
        if printed is not None and _takes_pages(target):
            options = structs.replace(target.options, pages=printed)
            target = structs.replace(target, options=options)
        try:
            made[number], begun = _make(
                collection,
                target,
                protected=protected,
                strict=strict,
                run=run,
                follow=follow,
                waiting_workers=waiting_workers,
            )
            if begun is not None:
                pages.setdefault(id(collection), begun)
        except UsageError:
            raise
        except ClothboundError as error:
            made[number] = Product(target.path, LossReport(target.format), error)
    return [made[number] for number in range(len(jobs))]


def _takes_pages(target: OutputTarget) -> bool:
    """Returns whether the product can mark the pages of a printed edition."""
    return isinstance(target.options, formats.MarksPages)


def _make(
    collection: Collection,
    target: OutputTarget,
    *,
    protected: ProtectedFiles,
    strict: bool,
    run: Run,
    follow: Follow,
    waiting_workers: WaitingWorkers | None,
) -> tuple[Product, PrintedPages | None]:
    path = target.path
    with follow(target) as progress:
        artifact = api.write_with(
            formats.writer(target.format),
            target.format,
            collection,
            target.options,
            run=structs.replace(run, progress=progress),
            waiting_workers=waiting_workers,
        )
        data = b""
        try:
            if path == "-":
                data = artifact.to_bytes(strict=strict)
            else:
                artifact.save(path, strict=strict, protected=protected)
        except LossError as error:
            return Product(path, artifact.report, error), None
    if path == "-":
        _write_to_stdout(data)
    return Product(path, artifact.report), artifact.pages


def _write_to_stdout(data: bytes) -> None:
    """Raises WriteError, or BrokenPipeError if the reader closed the pipe, which ends the command."""
    try:
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        raise WriteError(f"cannot be written: {reason_of(error)}", source="stdout") from error


def _path(
    collection: Collection, target: OutputTarget, *, is_tree: bool, names_itself: bool
) -> str:
    """Returns the path of a product; in a folder, the product gets a file name of its own.

    ``names_itself``: the product takes the folder's path and names its file itself.
    """
    path = target.path
    if path == "-":
        if is_tree:
            raise UsageError("several files cannot go to stdout", hint="name a folder with -o")
        is_text = formats.writer(target.format).media_type.startswith("text/")
        if sys.stdout.isatty() and not is_text:
            raise UsageError(
                "this format is not text that a terminal can show", hint="name a file with -o"
            )
        return path
    is_folder = names_folder(path)
    if is_tree:
        extensions = (*formats.WRITER_EXTENSIONS, formats.writer(target.format).extension)
        if not is_folder and Path(path).suffix.lower() in filter(None, extensions):
            raise UsageError(
                f"{format_count(len(collection), 'post')} would be several files, but {path!r} names one",
                hint="name a folder, or another format with --to",
            )
        return path
    if not is_folder:
        return path
    if names_itself:
        return path
    writer = formats.writer(target.format)
    if len(collection) == 1:
        (name,) = file_names(collection.index).values()
    else:
        name = file_name(collection.info.title)
    return str(Path(path) / f"{name}{writer.extension}")
