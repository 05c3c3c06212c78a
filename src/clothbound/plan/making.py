"""From a ``book.toml`` and its posts to a book."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path

import msgspec

from .. import api, formats
from ..anthology.order import Order
from ..anthology.select import FILTERS, NoPostsError, Select, pick
from ..anthology.wishes import Wishes
from ..diagnostics import Diagnostic, DiagnosticCode
from ..errors import ManifestError, UnknownFormatError
from ..fields import make, settings
from ..limits import Limits
from ..model.book_info import WITH_PLACEHOLDERS, BookInfo
from ..model.collection import Collection, LazyPosts, Part
from ..model.post import Post
from ..run import Run
from ..source import identify
from .chapter_names import Names
from .edits import Edit, PostChanges, apply_changes, changed, find_edits, misplaced, stale
from .filters import nothing_left, nothing_there, refuse_unknown
from .schema import ChapterLine, Manifest, Output, PostFields, Removal

_AS_PLANNED = Wishes()


def read_posts(
    manifest: Manifest,
    format: str | None = None,
    *,
    exclude: Sequence[str] = (),
    encoding: str = "",
    run: Run | None = None,
) -> Collection:
    """The posts that the file names as its source, bad ones left out and named.

    ``format`` is a reader's name, and wins over the file's, as ``encoding`` does; ``exclude`` are
    patterns beside the file's.
    """
    run = run or Run()
    posts = manifest.posts
    source = manifest.beside(posts.source)
    name = format or posts.format or identify(source, run.limits).reader()
    wishes = {"exclude": (*posts.exclude, *exclude), "encoding": encoding or posts.encoding}
    options = formats.reader_options(name, wishes)
    return api.read(source, options or name, run=run, on_error="collect")


def make_book(
    manifest: Manifest,
    collection: Collection,
    wishes: Wishes = _AS_PLANNED,
    *,
    run: Run | None = None,
) -> Collection:
    """The book that a file plans, out of all its posts.

    ``wishes`` win over the file; an order among them puts the file's posts into another one. Of ``run``,
    the bounds hold for edited texts, and ``now`` decides which posts are out unless ``wishes`` say it.
    Raises ManifestError where the file names a post that is not there.
    """
    run = run or Run()
    if run.now is not None:
        wishes = wishes.over(Wishes(select={"now": run.now}))
    collection = everything = without_own_files(manifest, collection)
    names = Names(collection.index)
    refuse_unknown(manifest, collection.index.whole)
    planned = Wishes.of(manifest.posts.select, manifest.book.info, manifest.posts.order)
    missing: list[Diagnostic] = []
    if manifest.parts:
        chapters, titles, missing = _chapters(manifest, collection, names)
        keys = {k for c in chapters for k in (c.keys if isinstance(c, Part) else (c,))}
        places = [p for p, metadata in enumerate(collection.index) if metadata.key in keys]
        collection = pick(collection, places)
        select = _select_listed(planned, wishes)
        order = wishes.make_order() if wishes.order else Order(chapters=chapters)
        order = msgspec.structs.replace(order, titles=titles)
    else:
        select, order = wishes.over(planned).make_select(), wishes.over(planned).make_order()
    year = select.year or manifest.posts.select.year or select.month[:4]
    values = wishes.over(planned).info
    filled = {
        n: v.replace("{year}", str(year)) for n, v in values.items() if n in WITH_PLACEHOLDERS
    }
    info = make(BookInfo, {**values, **filled})
    try:
        book = api.book(collection, select, info, order=order, texts=manifest.texts)
    except NoPostsError as error:
        explained = nothing_left(manifest, collection.index, select, wishes.select)
        raise (explained or nothing_there(manifest, error)) from error
    told, by_position = _changes(manifest, book, everything, names, run.limits)
    book = msgspec.structs.replace(book, diagnostics=(*book.diagnostics, *missing, *told))
    return _with_changes(book, by_position, run.limits)


def _select_listed(planned: Wishes, wishes: Wishes) -> Select:
    """The choice among the posts that a file lists by hand: its own filters are for ``update``.

    A post that has become private since it was listed was not so then.
    """
    kept = {name: value for name, value in planned.select.items() if name not in FILTERS}
    states = (*planned.select.get("states", ()), *wishes.select.get("states", ()))
    return make(Select, {**kept, **wishes.select, "drafts": True, "states": states})


def without_own_files(manifest: Manifest, collection: Collection) -> Collection:
    """The collection without the book's own texts and edits, which may lie among the posts."""
    folder = manifest.beside(manifest.posts.source).resolve()
    edits = manifest.beside(manifest.book.edits).resolve()
    texts = {path.resolve() for path in manifest.texts.values()}
    paths = [(folder / metadata.source).resolve() for metadata in collection.index]
    kept = [p for p, path in enumerate(paths) if path not in texts and edits not in path.parents]
    return collection if len(kept) == len(paths) else pick(collection, kept)


def settings_of(manifest: Manifest, output: Output) -> tuple[str, str, tuple[str, ...]]:
    """An output's path, its format, and its options as ``-O`` takes them.

    Files among the options are seen from the manifest. Raises ManifestError.
    """
    path = str(manifest.beside(output.path)) + ("/" if output.path.endswith("/") else "")
    try:
        name = output.format or formats.writer_for(output.path)
        known = {each.name: each for each in settings(formats.writer(name).options_type)}
    except UnknownFormatError as error:
        raise ManifestError(
            error.message, source=manifest.name, line=output.line, hint='format = "epub", say'
        ) from error
    texts = []
    options = dict(output.options)
    if output.destination:
        if "destination" not in known:
            raise ManifestError(
                f"'for': {name} is the same for everybody",
                source=manifest.name,
                line=output.line,
                hint="take that line out",
            )
        options["destination"] = output.destination
    for key, value in options.items():
        setting = known.get(key.replace("-", "_"))
        text = str(value).lower() if isinstance(value, bool) else str(value)
        if isinstance(value, list):
            text = ",".join(str(item) for item in value)
        if setting is not None and setting.kind is Path:
            if not manifest.beside(text).is_file():
                raise ManifestError(
                    f"{key!r}: there is no file {text!r}",
                    source=manifest.name,
                    line=output.line,
                    hint="seen from this file",
                )
            text = str(manifest.beside(text))
        texts.append(f"{key}={text}")
    return path, name, tuple(texts)


def choose(
    posts: PostFields, collection: Collection, now: datetime, info: BookInfo | None = None
) -> Collection:
    """The book of the posts that ``[posts]`` lets through, in its order and parts.

    Raises UsageError for no post.
    """
    select = msgspec.structs.replace(posts.select, now=now)
    return api.book(collection, select, info, order=posts.order)


def _chapters(
    manifest: Manifest, collection: Collection, names: Names
) -> tuple[list[str | Part], dict[str, str], list[Diagnostic]]:
    """Keys and parts in order, titles by key, and what is said of posts that are not there."""
    bad = any(d.code is DiagnosticCode.POST_UNREADABLE for d in collection.diagnostics)
    chapters: list[str | Part] = []
    titles: dict[str, str] = {}
    missing: list[Diagnostic] = []
    lines: dict[str, int] = {}
    for part in manifest.parts:
        keys = []
        for chapter in part.chapters:
            if chapter.post not in names:
                error = _no_post(manifest, chapter, names)
                if not bad:
                    raise error
                # It may be one of those that could not be read, which stop no book.
                missing.append(stale(error.message, manifest.name, chapter.line))
                continue
            key = names[chapter.post]
            if key in lines:
                raise ManifestError(
                    f"{chapter.post!r} is the post of line {lines[key]}",
                    source=manifest.name,
                    line=chapter.line,
                    hint="take one of the lines out",
                )
            lines[key] = chapter.line
            titles[key] = chapter.title
            keys.append(key)
        chapters.extend([Part(part.title, tuple(keys))] if part.title and keys else keys)
    return chapters, titles, missing


def _no_post(manifest: Manifest, chapter: ChapterLine, names: Names) -> ManifestError:
    return ManifestError(
        f"there is no post {chapter.post!r} in {manifest.posts.source}{names.near(chapter.post)}",
        source=manifest.name,
        line=chapter.line,
        hint="put a # before the line, or name the post as `clothbound update` says",
    )


# --- what the book changes in its posts ---------------------------------------------------------


def _changes(
    manifest: Manifest, book: Collection, everything: Collection, names: Names, limits: Limits
) -> tuple[list[Diagnostic], dict[int, PostChanges]]:
    """What is said of edits and rules that concern nothing, and the changes by a post's position.

    ``everything`` are the posts of which the book's were chosen.
    """
    edits, told = _edits(manifest, names, limits)
    concerned: list[tuple[Removal, frozenset[str]]] = []
    for rule in manifest.rules:
        for name in rule.post:
            if name not in names:
                message = f"there is no post {name!r}{names.near(name)}"
                told.append(stale(message, manifest.name, rule.line))
        concerned.append((rule, frozenset(names[name] for name in rule.post if name in names)))
    by_position = {}
    for position, metadata in enumerate(book.index):
        key = metadata.key
        if key in book.roles:
            continue
        rules = tuple(rule for rule, keys in concerned if key in keys or not rule.post)
        if key in edits or rules:
            by_position[position] = PostChanges(edits.get(key), rules, manifest.name)
    general = tuple(rule for rule, _ in concerned if not rule.post)
    others = (
        (everything.posts[position], PostChanges(edits.get(metadata.key), general, manifest.name))
        for position, metadata in enumerate(everything.index)
        if metadata.key not in book.index
    )
    told.extend(_report_idle_rules(manifest, book, by_position, concerned, others, limits))
    return told, by_position


def _edits(
    manifest: Manifest, names: Names, limits: Limits
) -> tuple[dict[str, Edit], list[Diagnostic]]:
    """Returns the edited texts by the keys of posts, and the messages about those that are not used."""
    folder = manifest.beside(manifest.book.edits)
    edits: dict[str, Edit] = {}
    told = []
    for name, edit in find_edits(folder, limits).items():
        if name not in names:
            told.append(stale(f"there is no post {name!r}{names.near(name)}", edit.name, 1))
        elif (first := edits.setdefault(names[name], edit)) is not edit:
            message = f"not used: {first.name} is for the same post. Hint: delete one of them"
            told.append(stale(message, edit.name, 1))
    return edits, [*told, *misplaced(folder)]


def _report_idle_rules(
    manifest: Manifest,
    book: Collection,
    by_position: Mapping[int, PostChanges],
    concerned: Sequence[tuple[Removal, frozenset[str]]],
    others: Iterator[tuple[Post, PostChanges]],
    limits: Limits,
) -> list[Diagnostic]:
    """What is said of rules that find nothing. Posts are parsed until each rule has found something.

    A rule for all posts may find it in ``others``, which another year's book has.
    """
    key_at = [metadata.key for metadata in book.index]
    pending: dict[tuple[int, str], str] = {}
    for rule, keys in concerned:
        if not rule.post:
            pending[rule.line, ""] = "finds nothing in any post"
        for key in keys & set(key_at):
            pending[rule.line, key] = f"finds nothing in {book.index[key].source or key}"
    for position, changes in by_position.items():
        key = key_at[position]
        open_rules = {(rule.line, key if rule.post else "") for rule in changes.rules}
        if not open_rules & pending.keys():
            continue
        _, found = apply_changes(book.posts[position], changes, limits)
        for line in found:
            pending.pop((line, key), None)
            pending.pop((line, ""), None)
    while any(not key for _, key in pending) and (other := next(others, None)) is not None:
        for line in apply_changes(*other, limits)[1]:
            pending.pop((line, ""), None)
    hint = "Hint: copy the words from the post as it is now, or take the rule out"
    return [
        stale(f"this rule {what}. {hint}", manifest.name, line)
        for (line, _), what in sorted(pending.items())
    ]


def _with_changes(
    book: Collection, by_position: Mapping[int, PostChanges], limits: Limits
) -> Collection:
    if not by_position:
        return book
    load = partial(_load, book.posts, dict(by_position), limits)
    posts = LazyPosts(load, range(len(book)))
    return msgspec.structs.replace(book, posts=posts, index=book.index.rebuilt(load=load))


def _load(
    posts: Sequence[Post], by_position: Mapping[int, PostChanges], limits: Limits, position: int
) -> Post:
    post = posts[position]
    changes = by_position.get(position)
    return post if changes is None else changed(post, changes, limits)
