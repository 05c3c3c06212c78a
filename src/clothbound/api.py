"""The library's verbs. This is the one place where readers, transforms and writers meet."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, tzinfo
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, get_args

from . import formats
from .artifact import Artifact
from .context import Context
from .diagnostics import Code, Diagnostic, Diagnostics, LossReport, Severity
from .errors import LimitError, OptionError, ReadError, UnknownFormatError, UsageError, did_you_mean
from .language.detect import book_language
from .limits import Limits
from .media import Converter
from .media.resources import Fetch, Resources
from .model.bounds import within_bounds
from .model.index import Index, IndexEntry
from .model.lazy import LazyPosts
from .model.node import Node
from .model.post import Collection, Part, Post, Role
from .moment import moment_of_run
from .protected_files import Originals
from .source import Kind, look_at, refuse_other

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from .anthology.arrange import Parts, Sort

Progress: TypeAlias = Callable[[int, int, str], None]
Overrides: TypeAlias = Mapping[type[Node], Callable[[Any], str]]
OnError: TypeAlias = Literal["raise", "collect"]

_COPIES = frozenset({"json", "jsonl", "markdown", "substack", "substack-editor", "substack-paste"})
"""Formats of an author's own copies, in which each post says for whom it is."""
_DEPTH = Limits().depth


def read(
    source: formats.Source,
    format: str | None = None,
    options: object | None = None,
    *,
    limits: Limits | None = None,
    on_error: OnError = "raise",
) -> Collection:
    """Reads posts: a file, a folder, an archive (by path), bytes, or a binary stream.

    ``format`` is a reader's name; without it the extension proposes one and the first bytes decide.
    The plan of a book and a finished book are no posts, and raise UsageError. Posts are parsed when
    they are asked for. A bad post (not decodable, over a limit) raises ReadError, or,
    with ``on_error="collect"``, is left out and stands in ``Collection.diagnostics``. A source that
    is one post, and bad, raises ReadError always.
    """
    bounds = limits or Limits()
    found = look_at(source, bounds)
    if format is None:
        refuse_other(found, {Kind.POSTS})
    reader = formats.reader(format or found.reader())
    collection = reader.read(found.content, _options(reader, options), _context("", bounds))
    bad = [d for d in collection.diagnostics if d.code is Code.POST_UNREADABLE]
    if bad and on_error == "raise":
        raise ReadError(bad[0].message, source=bad[0].source, line=bad[0].line)
    load = partial(_load_within_bounds, collection.posts, bounds)
    posts = LazyPosts(load, range(len(collection.posts)))
    return dataclasses.replace(collection, posts=posts)


def _load_within_bounds(posts: Sequence[Post], limits: Limits, position: int) -> Post:
    return within_bounds(posts[position], limits)


def book(
    collection: Collection,
    *,
    year: int | None = None,
    month: str = "",
    after: datetime | None = None,
    before: datetime | None = None,
    tags: Sequence[str] = (),
    kinds: Sequence[str] = (),
    audiences: Sequence[str] = (),
    drafts: bool = False,
    states: Sequence[str] = (),
    now: datetime | None = None,
    min_words: int = 0,
    timezone: tzinfo | None = None,
    title: str = "",
    subtitle: str = "",
    authors: Sequence[str] = (),
    editors: Sequence[str] = (),
    language: str = "",
    publisher: str = "",
    rights: str = "",
    description: str = "",
    identifier: str = "",
    isbn: str = "",
    series: str = "",
    series_position: str = "",
    subjects: Sequence[str] = (),
    cover: str = "",
    sites: Sequence[str] = (),
    parts: Parts = "none",
    sort: Sort = "date",
    reverse: bool = False,
    chapters: Sequence[str | Part] | None = None,
    titles: Mapping[str, str] | None = None,
    texts: Mapping[Role, Post | str | os.PathLike[str]] | None = None,
) -> Collection:
    """A book of the selected posts, oldest first. No post is parsed, but for ``min_words``.

    ``month`` is ``2023-05``. ``chapters`` are the keys of the book's posts in order, and parts of
    such keys; of these the selection takes its choice, and ``parts``, ``sort`` and ``reverse`` do
    nothing. ``titles`` renames posts, by their keys. ``texts`` are what is no chapter: a foreword,
    a dedication, a colophon, each a post or the path of a file. What is not given is inferred from
    the posts and reported as ``inferred``. Secret posts are left out, but for drafts and scheduled ones
    with ``drafts``, and those that ``states`` names: ``private``, ``pending`` ... ``now`` is the moment
    at which that is decided; else SOURCE_DATE_EPOCH, else the clock tells it. Raises UsageError if no
    post is selected or a value cannot be.
    """
    from datetime import UTC

    from .anthology import arrange, publishing
    from .anthology.traits import Trait, unknown_word
    from .model.book_info import BookInfo, Series, checked_number
    from .model.isbn import isbn13
    from .model.links import checked_site
    from .model.publication import DRAFTS

    now = moment_of_run(now)
    asked = publishing.checked_states(states, collection.index, now) | (DRAFTS if drafts else set())
    traits: dict[Trait, Sequence[str]]
    traits = {"tags": tags, "kinds": kinds, "audiences": audiences}
    for trait, words in traits.items():
        # A word that secret posts alone have is told to nobody.
        named = (m for m in collection.index.whole if m.verdict(now).withheld(asked) is None)
        if words and (unknown := unknown_word(trait, words, named)):
            raise unknown
    zone = timezone or UTC
    selection = arrange.Selection(
        year=year,
        month=month,
        after=after,
        before=before,
        tags=frozenset(tags),
        kinds=frozenset(kinds),
        audiences=frozenset(audiences),
        states=asked,
        now=now,
        min_words=min_words,
        timezone=zone,
    )
    if sites:
        for site in sites:
            checked_site(site)
        index = collection.index.rebuilt(load=collection.posts.__getitem__, sites=sites)
        collection = dataclasses.replace(collection, index=index)
    checked_number(series_position)
    if series_position and not (series or collection.info.series):
        raise UsageError(
            f"the book has the number {series_position}, and is in no series",
            hint="name the series too (--series)",
        )
    known = collection.info.series or Series("")
    try:
        info = BookInfo(
            subtitle=subtitle,
            authors=tuple(authors),
            editors=tuple(editors),
            language=language,
            publisher=publisher,
            rights=rights,
            description=description,
            identifier=identifier,
            isbn=isbn13(isbn) if isbn else "",
            series=Series(series or known.name, series_position or known.position)
            if series or known.name
            else None,
            subjects=tuple(subjects),
            cover=cover,
        )
    except ValueError as error:
        raise UsageError(str(error)) from error
    chosen = dataclasses.replace(
        arrange.select(
            arrange.retitled(arrange.in_zone(collection, zone), titles or {}), selection
        ),
        info=info.completed(collection.info),
    )
    made = arrange.arrange(
        chosen,
        title=title,
        parts=parts,
        sort=sort,
        timezone=zone,
        reverse=reverse,
        chapters=chapters,
        hosts_given=bool(sites),
        now=now,
    )
    return arrange.with_texts(made, _texts(texts)) if texts else made


def _texts(texts: Mapping[Role, Post | str | os.PathLike[str]]) -> dict[Role, Post]:
    known = get_args(Role)
    read_texts: dict[Role, Post] = {}
    for role, text in texts.items():
        if role not in known:
            near = did_you_mean(role, known)
            raise UsageError(f"a book has no {role!r}{near}", hint=", ".join(known))
        if not isinstance(text, Post):
            posts = read(Path(text)).posts
            if len(posts) != 1:
                raise UsageError(f"the {role} is one text, not {len(posts)}", source=str(text))
            text = posts[0]  # noqa: PLW2901 - a path stands for the post in it
        read_texts[role] = text
    return read_texts


def write(
    collection: Collection | Post | Sequence[Post],
    format: str,
    options: object | None = None,
    *,
    limits: Limits | None = None,
    overrides: Overrides | None = None,
    audiences: Sequence[str] | None = None,
    states: Sequence[str] = (),
    now: datetime | None = None,
    progress: Progress | None = None,
    fetch: Fetch | None = None,
    cache: str | os.PathLike[str] | None = None,
    executor: Executor | None = None,
) -> Artifact:
    """Prepares a product; it is made when the artifact is saved. ``format`` is a writer's name.

    ``overrides`` renders single kinds of nodes in HTML-based formats: from the node to markup.
    A public format (``site``) takes posts that are for everyone, up to the paywall, unless
    ``audiences`` names whose posts it may hold, and none that is secret at the moment ``now`` (see
    ``book``), unless ``states`` names it: ``draft``, ``scheduled``, ``private`` ... ``fetch`` gets pictures from the network
    (``fetching.Fetcher``); without it they stay there. ``cache`` is a folder in which converted
    pictures lie between runs, ``executor`` converts them in the place of threads of ours.
    """
    common: dict[str, Any] = {
        "limits": limits,
        "overrides": overrides,
        "audiences": audiences,
        "states": states,
        "now": now,
        "progress": progress,
        "fetch": fetch,
        "cache": cache,
        "executor": executor,
    }
    posts = as_collection(collection)
    if format in formats.KITS:
        kit = formats.kit(format)
        artifact: Artifact = kit.assemble(posts, _options(kit, options), **common)
        return artifact
    return write_with(formats.writer(format), format, posts, options, **common)


def write_with(
    writer: formats.Writer[Any],
    name: str,
    collection: Collection,
    options: object | None = None,
    *,
    limits: Limits | None = None,
    overrides: Overrides | None = None,
    audiences: Sequence[str] | None = None,
    states: Sequence[str] = (),
    now: datetime | None = None,
    progress: Progress | None = None,
    fetch: Fetch | None = None,
    cache: str | os.PathLike[str] | None = None,
    executor: Executor | None = None,
) -> Artifact:
    """``write`` for a writer at hand, which need not be installed; ``name`` is the report's target."""
    options = _options(writer, options)
    prepared, context = prepare(
        name,
        collection,
        writer.transforms,
        getattr(options, "transforms", ()),
        is_public=writer.public,
        lists_links=getattr(options, "list_of_links", False),
        limits=limits,
        overrides=overrides,
        audiences=audiences,
        states=states,
        now=now,
        progress=progress,
        fetch=fetch,
        cache=cache,
        executor=executor,
    )
    return writer.write(prepared, options, context)


def prepare(
    target: str,
    collection: Collection,
    transforms: Sequence[str],
    further: Sequence[str] = (),
    *,
    is_public: bool = False,
    lists_links: bool = False,
    limits: Limits | None = None,
    overrides: Overrides | None = None,
    audiences: Sequence[str] | None = None,
    states: Sequence[str] = (),
    now: datetime | None = None,
    progress: Progress | None = None,
    fetch: Fetch | None = None,
    cache: str | os.PathLike[str] | None = None,
    executor: Executor | None = None,
) -> tuple[Collection, Context]:
    """Posts as they are handed to what writes them, and the context that goes with them.

    ``transforms`` and ``further`` are names, applied in this order; only the former change what may be
    linked to. ``target`` is that of the report.
    """
    from .anthology import publishing
    from .transforms.withheld import cut_ways

    context = _context(target, limits, fetch)
    context.converter = Converter(context.limits, cache=cache, executor=executor)
    context.overrides = overrides or {}
    context.audiences = None if audiences is None else frozenset(audiences)
    context.now = moment_of_run(now)
    context.states = publishing.checked_states(states, collection.index.whole, context.now)
    if progress is not None:
        context.progress = progress
    context.is_public = is_public
    found = collection.diagnostics
    if is_public:
        collection = _for_the_public(collection, context)
    else:
        _tell_secrets(collection, context)
    context.withheld = publishing.withheld_keys(collection.index, context.now)
    if context.withheld:
        hidden = [collection.index.whole[key] for key in context.withheld]
        found = publishing.told_of_others(found, {metadata.source for metadata in hidden})
        extra = publishing.extra_of_others(collection.extra, {metadata.id for metadata in hidden})
        collection = dataclasses.replace(collection, extra=extra)
    context.diagnostics.extend(found)
    steps = [cut_ways, *(formats.transform(name) for name in (*transforms, *further))]

    def load(position: int) -> Post:
        post = collection.posts[position]
        context.progress(position, len(collection), post.metadata.title)
        context.open_account(post, collection.roles.get(post.metadata.key, ""))
        for step in steps:
            post = step(post, context)
        return post

    context.language = book_language(collection)
    context.index = collection.index.rebuilt(load=_anchor_loader(collection, transforms, context))
    posts = LazyPosts(load, range(len(collection)))
    prepared = dataclasses.replace(collection, posts=posts, index=context.index)
    if lists_links:
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
    return dataclasses.replace(
        collection,
        posts=LazyPosts(load, range(last + 1)),
        index=index,
        roles={**collection.roles, metadata.key: "appendix"},
    )


def convert(
    source: formats.Source,
    target: str | os.PathLike[str],
    *,
    reader: str | None = None,
    writer: str | None = None,
    reader_options: object | None = None,
    writer_options: object | None = None,
    limits: Limits | None = None,
    strict: bool = False,
    on_error: OnError = "raise",
    fetch: Fetch | None = None,
) -> LossReport:
    """Reads ``source`` and saves it at ``target``; the formats follow from the names unless given."""
    collection = read(source, reader, reader_options, limits=limits, on_error=on_error)
    name = writer or formats.writer_for(os.fspath(target))
    artifact = write(collection, name, writer_options, limits=limits, fetch=fetch)
    root = os.fspath(source) if isinstance(source, (str, os.PathLike)) else ""
    return artifact.save(target, strict=strict, originals=Originals(root=root))


def to_html(post: Post) -> str:
    """A post as a fragment of HTML: its title block, text and notes, safe to put into a page."""
    return write(post, "html-fragment").to_bytes().decode()


def check(
    book: Collection | Post | str | os.PathLike[str],
    target: str = "epub",
    *,
    limits: Limits | None = None,
) -> tuple[Diagnostic, ...]:
    """What a conversion to ``target`` would report, without keeping its product.

    ``target`` is a format or a destination (``kindle``, ``apple`` ...): for the latter an EPUB is made
    by its rules, and what it would still refuse is reported as ``store-rule``. What is not canonical
    or not consistent in a post's tree comes first. A path is that of a finished EPUB, which is held
    against the destination's rules (those of ``safe`` where ``target`` is ``epub``). Raises ReadError
    where it is none, UnknownFormatError for another target.
    """
    from .destinations import DESTINATIONS
    from .model.check import problems

    bounds = limits or Limits()
    if isinstance(book, (str, os.PathLike)):
        return _check_file(Path(book), "safe" if target == "epub" else target, bounds)
    if target not in DESTINATIONS:
        _writer_or_destination(target)
    collection = as_collection(book)
    found = Diagnostics()
    for post in collection.posts:
        for problem in problems(post):
            found.add(Diagnostic(Code.MARKUP_REPAIRED, problem, post.metadata.source))
    if target in DESTINATIONS:
        found.extend(_check_for(collection, target, bounds))
    else:
        artifact = write(collection, target, limits=bounds)
        artifact.to_bytes()
        found.extend(artifact.report.diagnostics)
    return tuple(found)


def _check_for(collection: Collection, destination: str, limits: Limits) -> tuple[Diagnostic, ...]:
    """What is reported of an EPUB made for ``destination``, and what that would still refuse."""
    from .destinations import DESTINATIONS
    from .preflight import Origin, examine
    from .writers.epub.content import chapter_file

    options = formats.make_options(
        formats.writer("epub").options_type, {"destination": destination}
    )
    artifact = write(collection, "epub", options, limits=limits)
    data = artifact.to_bytes()
    posts = (post for post in collection.posts if post.metadata.source)
    origins = {chapter_file(post.metadata.key): Origin.of(post) for post in posts}
    name = collection.info.title or "book"
    refused = examine(data, name, DESTINATIONS[destination], limits, origins)
    return (*artifact.report.diagnostics, *refused)


def _check_file(path: Path, target: str, limits: Limits) -> tuple[Diagnostic, ...]:
    from .destinations import DESTINATIONS
    from .preflight import examine

    if target not in DESTINATIONS:
        raise UsageError(
            f"a finished book is checked for a destination, not for {target!r}"
            f"{did_you_mean(target, DESTINATIONS)}",
            hint=f"one of {', '.join(DESTINATIONS)}",
        )
    try:
        data = path.read_bytes()
    except OSError as error:
        raise ReadError(f"cannot be read: {error.strerror}", source=str(path)) from error
    return examine(data, path.name, DESTINATIONS[target], limits)


def _writer_or_destination(target: str) -> None:
    from .destinations import DESTINATIONS

    try:
        formats.writer(target)
    except UnknownFormatError as error:
        near = did_you_mean(target, (*DESTINATIONS, *formats.WRITERS))
        raise UnknownFormatError(
            f"there is no writer or destination {target!r}{near}",
            hint=f"destinations: {', '.join(DESTINATIONS)}; `clothbound formats` lists the formats",
        ) from error


def as_collection(posts: Collection | Post | Sequence[Post]) -> Collection:
    """One post, or posts at hand, as a collection; keys are made where they are missing."""
    if isinstance(posts, Collection):
        return posts
    import msgspec

    from .model.check import max_depth

    given = (posts,) if isinstance(posts, Post) else tuple(posts)
    for post in given:
        # Readers keep this bound; a post that a program made may be far beyond what recursion takes.
        if max_depth(post.body) > _DEPTH:
            raise LimitError(
                f"the post is deeper than {_DEPTH} levels", source=post.metadata.source
            )
    index = Index.of(given)
    keyed = tuple(
        msgspec.structs.replace(post, metadata=metadata)
        for post, metadata in zip(given, index, strict=True)
    )
    return Collection(posts=keyed, index=Index.of(keyed))


_RESOLVING = ("links", "links-of-page")
"""Transforms that ask for anchors, and change none."""


def _anchor_loader(
    collection: Collection, names: Sequence[str], context: Context
) -> Callable[[int], Post]:
    """What the index parses to learn a post's anchors: the post as it will be written.

    Headings have got their ids by then, and what was cut is no place to link to.
    """
    from .transforms.withheld import cut_ways

    made = (formats.transform(name) for name in names if name not in _RESOLVING)
    transforms = [cut_ways, *made]

    def load(position: int) -> Post:
        # Accounts and diagnostics are for the post that is written, not for a look at it.
        aside = Context(
            limits=context.limits,
            audiences=context.audiences,
            index=context.index,
            now=context.now,
            withheld=context.withheld,
        )
        post = collection.posts[position]
        for transform in transforms:
            post = transform(post, aside)
        return post

    return load


def _for_the_public(collection: Collection, context: Context) -> Collection:
    from .anthology import arrange, publishing
    from .anthology.traits import unknown_word

    allowed = frozenset({"everyone"}) if context.audiences is None else context.audiences
    known = collection.index.whole
    # A post by itself need not have every audience that a run over many of them is for.
    if unknown := unknown_word("audiences", sorted(allowed), known, only_near=True):
        raise unknown
    positions, told = publishing.for_the_public(
        context.report.target, collection.index, allowed, context.states, context.now
    )
    context.diagnostics.extend(tuple(told))
    return arrange.pick(collection, positions)


def _tell_secrets(collection: Collection, context: Context) -> None:
    """Says which posts of a product of the author's own are for nobody else, unless they were asked for."""
    from .anthology import publishing

    held = publishing.secrets_held(
        collection.index, context.states | collection.states, context.now
    )
    if held:
        message = f"not for the public: {held}"
        is_copy = context.report.target in _COPIES
        severity = Severity.INFO if is_copy else Severity.WARNING
        context.diagnostics.add(Diagnostic(Code.PUBLICATION_STATE, message, severity=severity))


def _context(target: str, limits: Limits | None, fetch: Fetch | None = None) -> Context:
    bounds = limits or Limits()
    resources = Resources(bounds)
    if fetch is not None:
        from .substack.pictures import other_addresses

        resources = Resources(bounds, fetch, other_addresses)
    return Context(limits=bounds, resources=resources, report=LossReport(target))


def _options(format: formats.Reader[Any] | formats.Writer[Any], options: object | None) -> Any:
    """The options as given, or the format's own defaults. Raises OptionError for another's options."""
    wanted = format.options_type
    if options is None:
        return wanted()
    if not isinstance(options, wanted):
        raise OptionError(
            f"the options are {type(options).__name__}, and the format takes {wanted.__name__}"
        )
    return options
