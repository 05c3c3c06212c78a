"""What ``clothbound check`` was given, whatever it is to check."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from ..anthology.wishes import Wishes
from ..model.collection import Collection
from ..run import Run
from ..source import IdentifiedSource
from .selection import asked_states, wishes_of
from .source_posts import posts_of

if TYPE_CHECKING:
    from ..plan import Manifest


class CheckRequest(msgspec.Struct, frozen=True, kw_only=True):
    """The options of the command, by the names under which click hands them over."""

    source: str
    product: Path | None
    targets: str
    """Formats, stores or devices, with commas between them."""
    explained_by: Path | None
    proof: bool
    """Whether the book is to be printed first, or a PRODUCT is to be held beside its SOURCE."""
    cut_outs: Path | None
    reader: str | None
    reader_settings: tuple[str, ...]
    exclude: tuple[str, ...]
    encoding: str
    report_file: Path | None
    quiet: bool
    verbose: bool
    now: datetime | None
    wishes: Wishes
    """Which posts are selected, and how."""
    run: Run

    @classmethod
    def of(cls, options: Mapping[str, Any]) -> CheckRequest:
        """Takes its own among the options; the others select posts."""
        own = {name: options[name] for name in cls.__struct_fields__ if name in options}
        selection = {name: value for name, value in options.items() if name not in own}
        states = asked_states(selection["states"], drafts=selection["drafts"])
        run = Run(audiences=selection["audiences"] or None, states=states, now=own["now"])
        return cls(**own, wishes=wishes_of(selection), run=run)

    def read(self, found: IdentifiedSource) -> tuple[Manifest | None, Collection]:
        """Returns the posts of a source, and the plan if the source is one."""
        return posts_of(
            found,
            self.reader,
            self.exclude,
            self.encoding,
            self.reader_settings,
            quiet=self.quiet,
        )

    def choose(self, manifest: Manifest | None, collection: Collection) -> Collection | None:
        """Returns the book of the posts that a plan or options select; None without either."""
        if manifest is None and self.wishes == Wishes():
            return None
        from .editions import maker

        return maker(manifest, collection)(self.wishes.over(Wishes(select={"now": self.now})))
