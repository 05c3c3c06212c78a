"""What ``convert`` and ``book`` have in common: their options, and how their products are made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import msgspec

from .. import api
from ..protected_files import ProtectedFiles
from ..run import Run
from ..source import SourceKind
from .fetching import fetcher_of, fetches_pictures, kept_beside, say_what_was_not_fetched
from .messages import finish, say_fetched, spare
from .options import converted_cache
from .outputs import OutputTarget, make_outputs, plan_outputs
from .print_options import refuse_unused
from .progress import following, say_time
from .selection import asked_states
from .source_posts import POSTS, look, posts_of, with_metadata

if TYPE_CHECKING:
    from ..filters import Filter
    from ..isolated import WaitingWorkers
    from ..model.collection import Collection
    from ..plan import Manifest

Jobs: TypeAlias = "Sequence[tuple[Collection, OutputTarget]]"


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """The options that both commands have, by the names under which click hands them over."""

    source: str
    reader: str | None
    reader_settings: tuple[str, ...]
    exclude: tuple[str, ...]
    encoding: str
    writer: str | None
    outputs: tuple[str, ...]
    metadata: tuple[str, ...]
    writer_options: tuple[str, ...]
    destination: str | None
    engine: str | None
    css: str | None
    theme: str | None
    filters: tuple[Filter, ...]
    strict: bool
    audiences: tuple[str, ...]
    drafts: bool
    states: tuple[str, ...]
    now: datetime | None
    fetch: bool | None
    images: Path | None
    cache: Path | None
    keep_pictures: bool | None = None
    jobs: int | None = None
    no_cache: bool = False
    clear_cache: bool = False
    report_file: Path | None
    quiet: bool
    verbose: bool

    @classmethod
    def of(cls, options: Mapping[str, Any]) -> Request:
        """Takes its own among all options of a command."""
        own = {name: options[name] for name in cls.__struct_fields__ if name in options}
        own["fetch"] = fetches_pictures(own["source"], own["fetch"], own["images"])
        request = cls(**own)
        return request.with_filters(request.filters)

    def with_filters(self, filters: Sequence[Filter]) -> Request:
        """Returns the request with these filters. Raises UsageError for a file that has none."""
        if not filters:
            return self
        from ..filters import Filters, as_files

        files = as_files(filters)
        Filters.of(files)
        return msgspec.structs.replace(self, filters=files)

    def read(self, takes: frozenset[SourceKind] = POSTS) -> tuple[Manifest | None, Collection]:
        """Returns the posts of SOURCE with what ``-M`` says, and the plan where SOURCE is one."""
        found = look(self.source, self.reader, takes, quiet=self.quiet)
        manifest, collection = posts_of(
            found,
            self.reader,
            self.exclude,
            self.encoding,
            self.reader_settings,
            quiet=self.quiet,
        )
        return manifest, with_metadata(collection, self.metadata)

    def plan(self, jobs: Jobs, protected: ProtectedFiles) -> Jobs:
        """Gives each product its final path. Raises UsageError for what cannot be made or written."""
        refuse_unused(self.destination, self.engine, self.theme, [target for _, target in jobs])
        planned = plan_outputs(jobs, protected, self._run())
        spare(lambda: protected)
        return planned

    def start_early(self) -> AbstractContextManager[WaitingWorkers | None]:
        """Returns processes that wait for the posts, if it is certain that the only product needs them."""
        if len(self.outputs) != 1:
            return nullcontext()
        run = msgspec.structs.replace(self._run(), jobs=1 if self.fetch else self.jobs)
        return api.start_early(self.source, self.outputs[0], self.writer or "", run)

    def make(
        self,
        jobs: Jobs,
        protected: ProtectedFiles,
        waiting_workers: WaitingWorkers | None = None,
    ) -> int:
        """Makes the products that were planned, reports on them, and returns the exit code."""
        keep = self.kept_folder(jobs)
        if self.clear_cache:
            from ..run_cache import clear

            clear(converted_cache(self.cache))
        fetcher = fetcher_of(
            bool(self.fetch), self.images, self.cache, keep=keep, caches=not self.no_cache
        )
        run = msgspec.structs.replace(self._run(), fetch=fetcher)
        made = make_outputs(
            jobs,
            protected=protected,
            strict=self.strict,
            run=run,
            follow=partial(following, quiet=self.quiet),
            waiting_workers=waiting_workers,
        )
        say_fetched(fetcher, quiet=self.quiet)
        code = finish(made, self.report_file, quiet=self.quiet, verbose=self.verbose)
        if not self.quiet:
            say_what_was_not_fetched([product.report for product in made])
            say_time([product.path for product in made if product.error is None])
        return code

    def kept_folder(self, jobs: Jobs) -> Path | None:
        """Returns the folder that keeps the pictures of these products; None if they are not kept."""
        return kept_beside([target.path for _, target in jobs]) if self.keep_pictures else None

    def _run(self) -> Run:
        return Run(
            audiences=self.audiences or None,
            states=asked_states(self.states, drafts=self.drafts),
            now=self.now,
            filters=self.filters,
            jobs=self.jobs,
            cache=None if self.no_cache else converted_cache(self.cache),
        )
