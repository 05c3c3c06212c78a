"""Prepares a collection for a writer: what may go out, transforms, and the context that goes with it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from msgspec import structs

from . import formats
from .context import Context
from .diagnostics import Diagnostic, DiagnosticCode, LossReport, Severity
from .language.detect import book_language
from .media.resources import Resources
from .model.collection import Collection, LazyPosts
from .model.index import IndexEntry
from .model.post import Post
from .run import Run

_RESOLVING = ("links", "links-of-page")
"""Transforms that ask for anchors, and change none."""


def context_of(run: Run, target: str) -> Context:
    """A context for a conversion of this run; ``target`` is the report's."""
    resources = None
    if run.fetch is not None:
        from .substack.picture_addresses import RULES

        resources = Resources(run.limits, run.fetch, RULES)
    return Context(run, report=LossReport(target), resources=resources)


def prepare(
    collection: Collection, writer: formats.Writer[Any], options: Any, target: str, run: Run
) -> tuple[Collection, Context]:
    """The posts as ``writer`` takes them, and the context in which it writes them.

    Only the writer's own transforms, not those of its options, change what may be linked to.
    ``target`` is the report's. Raises UsageError for a state or an audience that nobody knows.
    """
    from .anthology import publishing

    context = context_of(run, target)
    context.posts_as_read = collection
    context.is_public = writer.public
    states = publishing.check_states(run.states, collection.index.whole, context.moment)
    found = collection.diagnostics
    if writer.public:
        collection = _for_the_public(collection, states, context)
    elif secrets := _secrets_in(collection, states, writer, context):
        context.diagnostics.add(secrets)
    context.withheld = publishing.withheld_keys(collection.index, context.moment)
    if context.withheld:
        hidden = [collection.index.whole[key] for key in context.withheld]
        found = publishing.drop_diagnostics_of(found, {metadata.source for metadata in hidden})
        extra = publishing.drop_extra_of(collection.extra, {metadata.id for metadata in hidden})
        collection = structs.replace(collection, extra=extra)
    context.diagnostics.extend(found)
    names = (*writer.transforms, *getattr(options, "transforms", ()))
    apply = _chain_transforms(names)

    def load(position: int) -> Post:
        post = collection.posts[position]
        context.show_progress(position, len(collection), post.metadata.title)
        context.open_account(post, collection.roles.get(post.metadata.key, ""))
        return apply(post, context)

    context.language = book_language(collection)
    load_anchors = _anchor_loader(collection, writer.transforms, context)
    context.index = collection.index.rebuilt(load=load_anchors)
    posts = LazyPosts(load, range(len(collection)))
    prepared = structs.replace(collection, posts=posts, index=context.index)
    if getattr(options, "list_of_links", False):
        prepared = _with_list_of_links(prepared, context)
    return prepared, context


def _with_list_of_links(collection: Collection, context: Context) -> Collection:
    """The posts, and one more that lists the addresses that they link to."""
    from .transforms.link_list import list_metadata, list_of_links

    metadata = list_metadata(collection.index, context.language)
    last = len(collection)

    def load(position: int) -> Post:
        if position < last:
            return collection.posts[position]
        return list_of_links(metadata, context)

    index = collection.index.rebuilt(
        (*collection.index.entries, IndexEntry(metadata)), texts=[metadata.key]
    )
    return structs.replace(
        collection,
        posts=LazyPosts(load, range(last + 1)),
        index=index,
        roles={**collection.roles, metadata.key: "appendix"},
    )


def _anchor_loader(
    collection: Collection, names: Sequence[str], context: Context
) -> Callable[[int], Post]:
    """What the index parses to learn a post's anchors: the post as it will be written.

    Headings have got their ids by then, and what was cut is no place to link to.
    """
    apply = _chain_transforms(name for name in names if name not in _RESOLVING)

    def load(position: int) -> Post:
        # Accounts and diagnostics are for the post that is written, not for a look at it.
        return apply(collection.posts[position], context.aside())

    return load


def _chain_transforms(names: Iterable[str]) -> formats.Transform:
    """Returns the transforms as one, behind the one that every product begins with."""
    from .transforms.withheld import cut_ways

    steps = [cut_ways, *map(formats.transform, names)]

    def apply(post: Post, context: Context) -> Post:
        for step in steps:
            post = step(post, context)
        return post

    return apply


def _for_the_public(collection: Collection, states: frozenset[str], context: Context) -> Collection:
    from .anthology import publishing
    from .anthology.select import pick
    from .anthology.traits import unknown_word

    audiences = context.run.audiences
    allowed = frozenset({"everyone"} if audiences is None else audiences)
    known = collection.index.whole
    # A post by itself need not have every audience that a run over many of them is for.
    if unknown := unknown_word("audiences", sorted(allowed), known, only_near=True):
        raise unknown
    positions, told = publishing.for_the_public(
        context.report.target, collection.index, allowed, states, context.moment
    )
    context.diagnostics.extend(tuple(told))
    return pick(collection, positions)


def _secrets_in(
    collection: Collection, states: frozenset[str], writer: formats.Writer[Any], context: Context
) -> Diagnostic | None:
    """Names the posts of a private product that are not public, unless they were asked for."""
    from .anthology import publishing

    held = publishing.secrets_held(collection.index, states | collection.states, context.moment)
    if not held:
        return None
    message = f"not for the public: {held}"
    severity = Severity.INFO if formats.is_authors_copy(writer) else Severity.WARNING
    return Diagnostic(DiagnosticCode.PUBLICATION_STATE, message, severity=severity)
