"""Decides whether pictures are fetched from the network: the command line or book.toml says so, or the user is
asked once.
"""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ..console_text import agree, format_count, printable
from ..diagnostics import LossReport
from ..errors import UsageError
from ..progress import SEARCHING, HearProgress, counted
from ..source import is_address
from .report import host_names, on_hosts

if TYPE_CHECKING:
    from ..media.fetch import Fetcher
    from ..model.collection import Collection


KEPT = "kept-pictures"
"""The name of the folder beside an edition that keeps its pictures."""


def fetcher_of(
    fetch: bool,
    images: Path | None,
    cache: Path | None,
    *,
    keep: Path | None = None,
    caches: bool = True,
) -> Fetcher | None:
    """Returns what fetches pictures from the network, from the folder ``images``, or of those in the folder ``keep``;
    None if nothing does. ``caches``: whether it keeps downloads.
    """
    if not (fetch or images or keep):
        return None
    from ..media.fetch import Fetcher, default_cache

    return Fetcher(
        network=fetch,
        images=images,
        cache=(cache or default_cache()) if fetch and caches else None,
        keep=keep,
    )


def kept_beside(products: Sequence[str]) -> Path:
    """Returns the folder that keeps pictures, beside the first product that is a file or a folder.

    Raises UsageError if there is none, or if a product would be that folder.
    """
    files = [path for path in products if path != "-"]
    if not files:
        raise UsageError(
            "--keep-pictures keeps them beside a product, but this one goes to stdout",
            hint="name a file with -o",
        )
    first = Path(files[0])
    folder = (first if first.name else first.resolve()).parent / KEPT
    places = [Path(path).resolve() for path in files]
    if any(folder.resolve() in (place, *place.parents) for place in places):
        raise UsageError(f"{KEPT} is the folder of the kept pictures", hint="name another with -o")
    return folder


def fetches_pictures(source: str, fetch: bool | None, images: Path | None) -> bool | None:
    """Returns whether pictures are fetched: those of an address too, unless options say otherwise; None if nothing
    says so.
    """
    return True if fetch is None and images is None and is_address(source) else fetch


def may_ask(fetch: bool | None, images: Path | None, *, quiet: bool) -> bool:
    """Returns whether a user at a terminal can be asked, and has not decided by an option."""
    return fetch is None and images is None and is_watched(quiet=quiet)


def is_watched(*, quiet: bool) -> bool:
    """Returns whether a user is at a terminal who can be asked."""
    watched = sys.stdin.isatty() and sys.stderr.isatty()
    return watched and not quiet and not os.environ.get("CI")


def ask(remote: Mapping[str, int]) -> bool:
    """Asks whether to fetch the pictures on the network, given by host, and returns the answer."""
    what = agree(sum(remote.values()), "it", "them")
    return click.confirm(f"{on_hosts(remote)}; fetch {what}?", default=True, err=True)


def remote_in(
    books: Iterable[Collection], hear: HearProgress | None = None, keep: Path | None = None
) -> Counter[str]:
    """Returns the number of the books' pictures that are on the network and not in the folder ``keep``, by host."""
    from ..post_pictures import remote_pictures
    from ..preparation import resources_of
    from ..run import Run

    kept = fetcher_of(False, None, None, keep=keep)
    resources = resources_of(Run(fetch=kept))
    found: Counter[str] = Counter()
    for book in books:
        for post in counted(book.posts, SEARCHING, hear):
            for address, host in remote_pictures(post):
                if not (kept and resources and kept.holds(resources.address_of(post, address))):
                    found[host] += 1
    return found


def say_what_was_not_fetched(reports: Sequence[LossReport], *, kept: bool = False) -> None:
    """Prints how many pictures were not fetched, and the command with ``--fetch``.

    A post in several products counts once. ``kept``: those that stay on the network are meant, which
    a manuscript could hold.
    """
    by_post: dict[str, Counter[str]] = {}
    for report in reports:
        for key, account in report.accounts.items():
            # One product may lack what another shows.
            by_post[key] = by_post.get(key, Counter()) | (
                account.remote if kept else account.unfetched
            )
    found = sum(by_post.values(), Counter())
    if not found:
        return
    if kept:
        said = on_hosts(found, agree(found.total(), "stays", "stay"))
    else:
        # Previews of embeds among them, without which nothing is missing.
        were = agree(found.total(), "was", "were")
        number = format_count(found.total(), "picture")
        said = f"{number} on {host_names(found)} {were} not fetched"
    them = agree(found.total(), "it", "them")
    command = _with_fetch(click.get_current_context().find_root().obj) or "--fetch"
    click.echo(f"clothbound: {said}. To fetch {them}: {command}", err=True)


def _with_fetch(arguments: object) -> str:
    """Returns the command with ``--fetch``, quoted for a shell; empty if its arguments are unknown."""
    if not isinstance(arguments, tuple):
        return ""
    wanted = [argument for argument in arguments if argument != "--no-fetch"]
    # The option follows the command's name, because nothing after a "--" is an option.
    return printable(
        " ".join(_quote(part) for part in ("clothbound", wanted[0], "--fetch", *wanted[1:]))
    )


def _quote(argument: str) -> str:
    if os.name != "nt":
        import shlex

        return shlex.quote(argument)
    return f'"{argument}"' if not argument or " " in argument else argument
