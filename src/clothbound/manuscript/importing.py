"""Imports the posts of an archive into a folder of Markdown, as often as there is a newer archive."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path

from msgspec import structs

from .. import api, formats
from ..diagnostics import DiagnosticCode
from ..errors import UsageError, WriteError, reason_of
from ..media.resources import Fetch
from ..run import Run, run_of
from ..source import refuse_empty
from .import_report import LAYOUTS, FolderLayout, ImportReport


def import_archive(
    source: formats.Source,
    folder: str | os.PathLike[str],
    format: str | formats.ReaderOptions | None = None,
    *,
    layout: FolderLayout | None = None,
    run: Run | None = None,
    choose_fetch: Callable[[Mapping[str, int]], Fetch | None] | None = None,
) -> ImportReport:
    """Writes the posts of an archive into ``folder`` as Markdown, a file each, or merges them into its files.

    A later call with a newer archive merges three states of each post: the text in the last archive
    (kept in ``folder/.clothbound``), the file as its author edited it, and the text in the new archive.
    Changes of one side are taken over; where both changed the same place, the file has both texts
    between marks, and a diagnostic names the line. No text of the author's is overwritten. Files may be
    moved and renamed, because the ``post_id`` identifies a post; deleted files are not written again; posts that
    the archive lacks are kept.

    ``layout``: ``flat`` or ``year`` (a folder for each) for new posts; None: as at the last time,
    else flat. Pictures that ``run.fetch`` gets are put beside the posts;
    without it they stay on the network, unless ``choose_fetch`` gives one: it is asked once, with the
    number of pictures by host that are on the network and in no file yet, if there are any. Posts that cannot be read are left out and stand in the
    diagnostics. Raises ReadError, UsageError, and WriteError where the folder cannot be written or
    another import is at work in it; what was done until then is whole.
    """
    if layout is not None and layout not in LAYOUTS:
        raise UsageError(f"unknown layout {layout!r}", hint=" or ".join(LAYOUTS))
    from .folder import Folder
    from .import_run import Import
    from .local_pictures import pictures_to_fetch

    target = Path(folder)
    if isinstance(source, (str, os.PathLike)) and os.path.realpath(source) == os.path.realpath(
        target
    ):
        raise UsageError("the folder cannot be imported into itself", source=str(target))
    run = run_of(run)
    collection = api.read(source, format, run=run, on_error="collect")
    if all(found.code is not DiagnosticCode.POST_UNREADABLE for found in collection.diagnostics):
        refuse_empty(collection, str(source) if isinstance(source, (str, os.PathLike)) else "")
    if target.exists() and not target.is_dir():
        raise WriteError("is a file; the posts need a folder", source=str(target))
    try:
        place = Folder(target, run.limits)
        with place.lock():
            if choose_fetch is not None and (remote := pictures_to_fetch(place, collection)):
                run = structs.replace(run, fetch=choose_fetch(remote))
            return Import(place, collection, layout, run).run()
    except OSError as error:
        name = os.fsdecode(error.filename or target)
        raise WriteError(f"cannot be written: {reason_of(error)}", source=name) from error
