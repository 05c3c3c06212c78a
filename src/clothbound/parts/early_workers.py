"""Decides which conversions start their other processes before the posts are read, so that these load meanwhile what they
will need.

The posts of a folder must all be read before the first is written, since they link to each other, and until then one
process is at work. A process that starts later costs the same, so this decides only where it is all but certain that
several are needed; elsewhere they start when that is known.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from functools import partial
from itertools import islice

from .. import format_detection
from ..errors import ClothboundError
from ..isolated import WaitingWorkers
from ..model.slugs import WRITTEN_FILES
from ..run import Run
from .part_maker import PAYING_POSTS, jobs_that_pay

IN_PARTS = frozenset({"epub", "html", "site"})
"""The writers whose products have a part for each post, which several processes may make."""
_MOST_ENTRIES = 5_000
"""The most files and folders that are looked at."""
_MOST_BYTES = 65_536
"""The most bytes of the post by which processes find out what they will need."""


def start_early(
    source: str,
    target: str | os.PathLike[str],
    writer: str,
    run: Run,
    load: Callable[[str, str], None],
) -> WaitingWorkers:
    """Returns processes that wait for the conversion of the folder ``source``: none where it may not need them.

    ``writer`` is the name of the format; if it is empty, the name of ``target`` says it. Each process calls ``load`` with
    the path of a post of the source and the name of the format.
    """
    count, least = 0, PAYING_POSTS if run.jobs is None else run.jobs
    format, path = _format_in_parts(target, writer), ""
    if format and _needs_all_parts(target, run):
        paths = list(islice(_post_files(source), least))
        if len(paths) == least:
            count = run.jobs or jobs_that_pay(least)
            path = next(filter(_is_short, paths), "")
    return WaitingWorkers(count if path and count > 1 else 0, partial(load, path, format))


def _needs_all_parts(target: str | os.PathLike[str], run: Run) -> bool:
    """Returns whether other processes are allowed, and no part of the product is likely to have been kept."""
    if run.jobs == 1 or run.fetch is not None:
        return False
    # What is there already was probably made by a run that kept its parts.
    return run.cache is None or not os.path.exists(target)  # noqa: PTH110 - it takes any text


def _format_in_parts(target: str | os.PathLike[str], writer: str) -> str:
    """Returns the name of the format of a product; empty if it is not known, or one that one process makes."""
    try:
        format = writer or format_detection.writer_for(os.fspath(target))
    except ClothboundError:
        return ""
    return format if format in IN_PARTS else ""


def _is_short(path: str) -> bool:
    try:
        return os.path.getsize(path) <= _MOST_BYTES  # noqa: PTH202 - a path takes longer
    except OSError:
        return False


def _post_files(folder: str) -> Iterator[str]:
    """Yields the paths of files that may be posts, in any order."""
    folders, looked_at = [folder], 0
    while folders and looked_at < _MOST_ENTRIES:
        try:
            entries = list(islice(os.scandir(folders.pop()), _MOST_ENTRIES - looked_at))
        except (OSError, ValueError):
            continue
        looked_at += len(entries)
        for entry in entries:
            if entry.name.startswith("."):
                continue
            if entry.name.lower().endswith(WRITTEN_FILES):
                if entry.is_file(follow_symlinks=False):  # A pipe may never end.
                    yield entry.path
            elif entry.is_dir(follow_symlinks=False):
                folders.append(entry.path)
