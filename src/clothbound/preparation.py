"""Prepares a collection for a writer: what may go out, transforms, and the context that goes with it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from msgspec import structs

from . import formats
from .context import Context
from .diagnostics import Diagnostic, DiagnosticCode, LossReport
from .language.detect import book_language
from .media.resources import Resources
from .model.collection import Collection, LazyPosts, content_digest, pick
from .model.index import IndexEntry, Mentions, all_mentions, keep_links, take_mentions
from .model.post import Post
from .model.publication import EVERYONE
from .moment import moment_of_run
from .progress import FILTERING, WRITING, counted
from .run import Run

if TYPE_CHECKING:
    from .artifact import Artifact
    from .filters import Filters
    from .isolated import WaitingWorkers
    from .model.edge_blocks import RepeatedBlock

_REPEATED = "repeated"
"""The transform that must know all posts."""
_MENTIONS = "mentions"
"""The transform that asks for the links of all posts."""
_RESOLVING = ("links", "links-of-page")
"""Transforms that ask for anchors, and change none."""


def resources_of(run: Run) -> Resources | None:
    """What fetches pictures in this run, also from Substack's CDN; None without the network."""
    if run.fetch is None:
        return None
    from .substack.picture_addresses import RULES

    return Resources(run.limits, run.fetch, RULES)


def prepare(
    posts: Collection,
    writer: formats.Writer[Any],
    options: Any,
    target: str,
    run: Run,
    write_other: Callable[..., Artifact],
    write_again: Callable[..., Artifact],
    waiting_workers: WaitingWorkers | None = None,
    mentions: Mentions | None = None,
) -> tuple[Collection, Context]:
    """The posts as ``writer`` takes them, and the context in which it writes them.

    Only the writer's own transforms, not those of its options, change what may be linked to.
    ``target`` is the report's; ``write_other`` and ``waiting_workers`` are the context's, and ``write_again`` makes the
    product ready in another process, from a run and from the ``mentions`` that this one has found. Raises UsageError for
    a state or an audience that nobody knows.
    """
    from .anthology import publishing

    moment = moment_of_run(run.now)
    audiences = _audiences_of(posts, writer, run)
    posts, reported = _choose(posts, writer, target, run, audiences, moment)
    withheld = publishing.withheld_keys(posts.index, moment)
    collection = _without_traces(posts, withheld) if withheld else posts
    filters = _filters_of(run)
    trial = Context(
        structs.replace(run, diagnostics=None),
        filters=filters,
        index=collection.index,
        moment=moment,
        is_public=writer.public,
        product_audiences=audiences,
        withheld=withheld,
    )
    if filters is not None and filters.has_posts:
        collection = _with_filtered_metadata(collection, _chain_transforms((), filters), trial)
    loading = _Loading(collection, writer, options, filters)
    repeated: Sequence[RepeatedBlock] = ()
    if _REPEATED in loading.added:
        repeated, found = _find_repeated(collection, _chain_transforms((), filters), trial)
        reported = (*reported, *found)
    index = collection.index.rebuilt(load=lambda position: loading.look_at(position, context))
    take_mentions(index, mentions)
    if loading.lists_links:
        keep_links(index)

    def make_again(run: Run) -> Callable[[], Artifact]:
        # All posts are parsed for these, which each process would do again.
        known = all_mentions(index) if _MENTIONS in loading.added else None
        return partial(write_again, run=run, mentions=known)

    context = Context(
        run,
        report=LossReport(target),
        resources=resources_of(run),
        filters=filters,
        index=index,
        moment=moment,
        language=book_language(collection),
        is_public=writer.public,
        product_audiences=audiences,
        withheld=withheld,
        posts_as_read=posts,
        repeated=repeated,
        write_other=write_other,
        load_post=loading.load,
        write_again=make_again,
        waiting_workers=waiting_workers,
    )
    # A plan says that its filters are not run, unless it is told of some.
    known = [d for d in collection.diagnostics if not (run.filters and d.setting == "filters")]
    context.diagnostics.extend((*reported, *known))
    return loading.prepared(context), context


class _Loading:
    """How the posts of a product are loaded, each when it is written."""

    def __init__(
        self,
        collection: Collection,
        writer: formats.Writer[Any],
        options: Any,
        filters: Filters | None,
    ) -> None:
        self._collection = collection
        self.added = options.transforms if isinstance(options, formats.AddsTransforms) else ()
        """The transforms that the options add to those of the writer."""
        self.lists_links = isinstance(options, formats.ListsLinks) and options.list_of_links
        self._apply = _chain_transforms((*writer.transforms, *self.added), filters)
        before_links = [name for name in writer.transforms if name not in _RESOLVING]
        self._apply_before_links = _chain_transforms(before_links, filters)

    def load(self, position: int, own: Context) -> Post:
        """Returns a post as the writer takes it, and opens its account."""
        from .transforms.paywall import has_restricted_parts

        if self.lists_links and position == len(self._collection):
            if own.questions is not None:
                own.questions.are_complete = False
            return _list_links(own)
        post = self._collection.posts[position]
        own.open_account(post, self._collection.roles.get(post.metadata.key, ""))
        if own.questions is not None and has_restricted_parts(post, own):
            own.questions.are_complete = False  # Nothing of such a post is kept.
        return self._apply(post, own)

    def look_at(self, position: int, context: Context) -> Post:
        """Returns a post as it will be written: headings have their ids, and no link leads to what was cut.

        Accounts and diagnostics are for the post that is written, not for a look at it.
        """
        return self._apply_before_links(self._collection.posts[position], context.aside())

    def prepared(self, context: Context) -> Collection:
        """Returns the posts as the writer takes them."""
        prepared = structs.replace(self._collection, index=context.index)
        digest: Callable[[int], str] | None = partial(content_digest, self._collection.posts)
        if self.lists_links:
            prepared, digest = _with_list_of_links(prepared, context), None
        count = len(prepared.index)

        def load(position: int) -> Post:
            context.show_progress(WRITING, position, count)
            return self.load(position, context)

        return structs.replace(prepared, posts=LazyPosts(load, range(count), digest))


def _find_repeated(
    collection: Collection, apply: formats.Transform, context: Context
) -> tuple[Sequence[RepeatedBlock], Sequence[Diagnostic]]:
    """Returns the blocks that begin or end many posts of a collection, and diagnostics that name them.

    Each post is parsed once more for it, one after another. The texts of a book's own do not count.
    """
    from .model.edge_blocks import EdgeBlocks
    from .transforms.repeated import report_repeated

    posts = counted(collection.posts, FILTERING, context.run.progress)
    edges = EdgeBlocks(
        apply(post, context) for post in posts if post.metadata.key not in collection.roles
    )
    repeated = edges.repeated()
    return repeated, report_repeated(repeated, edges.total)


def _with_filtered_metadata(
    collection: Collection, apply: formats.Transform, context: Context
) -> Collection:
    """Returns the collection with the titles and other metadata in its index that filters give its posts.

    Each post is parsed once more for it, one after another.
    """
    posts = counted(collection.posts, FILTERING, context.run.progress)
    entries = tuple(
        structs.replace(entry, metadata=apply(post, context).metadata)
        for entry, post in zip(collection.index.entries, posts, strict=True)
    )
    index = collection.index.rebuilt(entries, load=collection.posts.__getitem__)
    return structs.replace(collection, index=index)


def _with_list_of_links(collection: Collection, context: Context) -> Collection:
    """The collection with an index of its posts and of one more, which ``_list_links`` makes."""
    from .transforms.link_list import list_metadata

    metadata = list_metadata(collection.index, context.language)
    index = collection.index.rebuilt(
        (*collection.index.entries, IndexEntry(metadata)), texts=[metadata.key]
    )
    roles = {**collection.roles, metadata.key: "appendix"}
    return structs.replace(collection, index=index, roles=roles)


def _list_links(context: Context) -> Post:
    """The post that lists the addresses to which the others link."""
    from .transforms.link_list import list_metadata, list_of_links

    return list_of_links(list_metadata(context.index, context.language), context)


def _filters_of(run: Run) -> Filters | None:
    """Returns the filters of the run, checked. Their module is loaded if there are any."""
    if not run.filters:
        return None
    from .filters import Filters

    return Filters.of(run.filters)


def _chain_transforms(names: Iterable[str], filters: Filters | None) -> formats.Transform:
    """Returns the transforms as one, behind those that keep back what a product must not hold.

    Filters come between, since a filter may take out a paywall. What they return goes through the first again.
    """
    from .transforms.embedded_posts import embed_posts
    from .transforms.paywall import cut_at_paywall
    from .transforms.withheld import cut_ways

    keeping = [cut_ways, cut_at_paywall, embed_posts]
    steps = [*keeping, *map(formats.transform, names)]
    if filters is not None and filters.visitors:
        from .transforms.filters import apply_filters

        steps = [*keeping, apply_filters, *steps]

    def apply(post: Post, context: Context) -> Post:
        for step in steps:
            post = step(post, context)
        return post

    return apply


def _audiences_of(
    collection: Collection, writer: formats.Writer[Any], run: Run
) -> frozenset[str] | None:
    """Returns the audiences that a product is for; None if it is its author's own.

    Those of the selection and those of the run have to agree. A public product is for everyone unless the run says
    otherwise.
    """
    asked = collection.audiences or None
    given = frozenset({EVERYONE}) if writer.public else None
    if run.audiences is not None:
        given = frozenset(run.audiences)
    return asked if given is None else given if asked is None else given & asked


def _choose(
    collection: Collection,
    writer: formats.Writer[Any],
    target: str,
    run: Run,
    audiences: frozenset[str] | None,
    moment: datetime,
) -> tuple[Collection, Sequence[Diagnostic]]:
    """Returns the posts that the product of ``writer`` may contain, and diagnostics about the others."""
    from .anthology import publishing
    from .anthology.traits import unknown_word

    known = collection.index.whole
    states = publishing.check_states(run.states, known, moment)
    # A post by itself need not have every audience that a run over many of them is for.
    if unknown := unknown_word("audiences", sorted(run.audiences or ()), known, only_near=True):
        raise unknown
    reported: Sequence[Diagnostic] = ()
    if audiences is not None:
        positions, reported = publishing.for_audiences(
            target, collection, audiences, states, moment, public=writer.public
        )
        if len(positions) < len(collection):
            collection = pick(collection, positions)
    if not writer.public:
        reported = (*reported, *_secrets_in(collection, states, moment))
    return collection, reported


def _secrets_in(
    collection: Collection, states: frozenset[str], moment: datetime
) -> Sequence[Diagnostic]:
    """Names the posts of a private product that are not public, unless they were asked for."""
    from .anthology import publishing

    held = publishing.secrets_held(collection.index, states | collection.states, moment)
    if not held:
        return ()
    message = f"not for the public: {held}"
    return (Diagnostic(DiagnosticCode.PUBLICATION_STATE, message),)


def _without_traces(collection: Collection, withheld: frozenset[str]) -> Collection:
    """The collection without what it tells of withheld posts: diagnostics, and ids in ``extra``."""
    from .anthology import publishing

    hidden = [collection.index.whole[key] for key in withheld]
    return structs.replace(
        collection,
        diagnostics=publishing.drop_diagnostics_of(
            collection.diagnostics, {metadata.source for metadata in hidden}
        ),
        extra=publishing.drop_extra_of(collection.extra, {metadata.id for metadata in hidden}),
    )
