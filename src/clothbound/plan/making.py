"""Makes a book from a ``book.toml`` and its posts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path

import msgspec

from .. import api, format_detection, formats
from ..anthology.order import Order
from ..anthology.select import FILTERS, Select
from ..anthology.wishes import Wishes
from ..diagnostics import Diagnostic, DiagnosticCode
from ..errors import Hint, ManifestError, NoPostsError, UnknownFormatError, UsageError
from ..fields import make_struct, settings
from ..limits import Limits
from ..model.book_info import WITH_PLACEHOLDERS, BookInfo
from ..model.collection import Collection, LazyPosts, Part, content_digest, pick
from ..model.post import Post
from ..model.subject_terms import SubjectTerm
from ..run import Run, run_of
from ..source import identify
from .chapter_names import Names
from .edits import Edit, PostChanges, apply_changes, find_edits, is_below, misplaced, stale
from .filters import nothing_left, nothing_there, refuse_unknown
from .option_texts import option_texts
from .pictures import PictureWords, check_general, describe, resolve
from .repeated import find_cuts
from .schema import ChapterLine, Manifest, Output, PostFields, Removal


def read_posts(
    manifest: Manifest,
    format: str | None = None,
    *,
    exclude: Sequence[str] = (),
    encoding: str = "",
    settings: Sequence[str] = (),
    run: Run | None = None,
) -> Collection:
    """Reads the posts from the source that the file names; posts that cannot be read are left out and reported.

    ``format`` (the name of a reader or a dialect) and ``encoding`` override the file's; the patterns in
    ``exclude`` are added to the file's, and ``settings`` (``KEY=VALUE``) to the options of its reader.
    """
    run = run_of(run)
    posts = manifest.posts
    source = manifest.beside(posts.source)
    planned = posts.format
    if not planned and (not format or posts.options):
        planned = identify(source, run).reader()
    name = format or planned
    if posts.options and _reader_of(name) == _reader_of(planned):
        settings = (*option_texts(posts.options, manifest.path), *settings)
    wishes = {"exclude": (*posts.exclude, *exclude), "encoding": encoding or posts.encoding}
    return api.read(
        source, formats.reader_options(name, wishes, settings), run=run, on_error="collect"
    )


def _reader_of(format: str) -> str:
    return formats.reader_and_options(format)[0]


def make_book(
    manifest: Manifest,
    collection: Collection,
    wishes: Wishes = Wishes(),  # noqa: B008 - it is frozen
    *,
    run: Run | None = None,
) -> Collection:
    """Returns the book that a file plans, made from all its posts.

    ``wishes`` override the file; an order in them rearranges the posts that the file lists. The limits of ``run``
    bound edited texts, and its ``now``, unless ``wishes`` have one, decides which posts are published. The filters that
    the file names are not run here: they are handed to ``write``, and if ``run`` has none, a diagnostic says so. Raises
    ManifestError if the file names a post that does not exist.
    """
    run = run_of(run)
    if run.now is not None:
        wishes = wishes.over(Wishes(select={"now": run.now}))
    collection = everything = without_own_files(manifest, collection)
    names = Names(collection.index)
    refuse_unknown(manifest, collection.index.whole)
    planned = Wishes.of(manifest.posts.select, manifest.book.info, manifest.posts.order)
    missing: list[Diagnostic] = []
    if manifest.parts:
        chapters, titles, missing = _resolve_chapters(manifest, collection, names)
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
    info = make_struct(BookInfo, {**values, **filled})
    try:
        book = api.book(collection, select, info, order=order, texts=manifest.texts)
    except NoPostsError as error:
        explained = nothing_left(manifest, collection.index, select, wishes.select)
        raise (explained or nothing_there(manifest, error)) from error
    reported, by_position = _collect_changes(manifest, book, everything, names, run.limits)
    reported += _report_idle_filters(manifest, run)
    book = msgspec.structs.replace(
        book,
        diagnostics=(*book.diagnostics, *missing, *reported),
        index_terms=tuple(
            SubjectTerm(t.term, t.spellings, t.see, t.see_also, manifest.name, t.line)
            for t in manifest.index
        ),
    )
    return _apply_when_loaded(book, by_position, run.limits)


def _report_idle_filters(manifest: Manifest, run: Run) -> list[Diagnostic]:
    names = manifest.book.filters
    if not names or run.filters:
        return []
    message = (
        f"the filters of this file are not run: {', '.join(names)}. Hint: read them, and make the book with --trust, or "
        "from Python with write(..., filters=[...])"
    )
    found = stale(message, manifest.name, manifest.line_of_filters)
    return [msgspec.structs.replace(found, setting="filters")]


def _select_listed(planned: Wishes, wishes: Wishes) -> Select:
    """Returns the selection among the posts that a file lists by hand, without the file's own filters.

    These filters are for ``update``. The states and audiences are kept: a post may have become private, or one for
    other readers, since it was listed.
    """
    kept = {
        name: value
        for name, value in planned.select.items()
        if name not in FILTERS or name == "audiences"
    }
    states = (*planned.select.get("states", ()), *wishes.select.get("states", ()))
    return make_struct(Select, {**kept, **wishes.select, "drafts": True, "states": states})


def without_own_files(manifest: Manifest, collection: Collection) -> Collection:
    """Returns the collection without the book's own texts and edits, which may lie in the folder of the posts."""
    folder = manifest.beside(manifest.posts.source).resolve()
    edits = manifest.beside(manifest.book.edits).resolve()
    texts = {path.resolve() for path in manifest.texts.values()}
    paths = [(folder / metadata.source).resolve() for metadata in collection.index]
    kept = [p for p, path in enumerate(paths) if path not in texts and edits not in path.parents]
    return collection if len(kept) == len(paths) else pick(collection, kept)


def settings_of(manifest: Manifest, output: Output) -> tuple[str, str, tuple[str, ...]]:
    """Returns an output's path, its format, and its options as ``-O`` takes them.

    Paths of files in the options are relative to the manifest. Raises ManifestError.
    """
    path = str(manifest.beside(output.path)) + ("/" if output.path.endswith("/") else "")
    try:
        name = format_of(output)
        known = {each.name: each for each in settings(formats.writer(name).options_type)}
    except UnknownFormatError as error:
        raise ManifestError(
            error.message,
            source=manifest.name,
            line=output.line,
            hint='for example format = "epub"',
        ) from error
    options = dict(output.options)
    if output.destination and output.destination != name:
        if "destination" not in known:
            raise ManifestError(
                f"'for': the format {name} has no destinations to choose from",
                source=manifest.name,
                line=output.line,
                hint="remove that line",
            )
        options["destination"] = output.destination
    try:
        return path, name, option_texts(options, manifest.path, known.values())
    except UsageError as error:
        raise ManifestError(
            error.message, source=manifest.name, line=output.line, hint=error.hint
        ) from error


def format_of(output: Output) -> str:
    """Returns the format of an output. Raises UnknownFormatError if neither its keys nor its path imply one.

    Some destinations are formats as well: ``for = "kdp"`` makes the folder of an upload where the path has no
    extension, as ``--for kdp`` does.
    """
    if output.format:
        return output.format
    try:
        return format_detection.writer_for(output.path)
    except UnknownFormatError:
        if output.destination in formats.WRITERS:
            return output.destination
        raise


def refuse_outside(manifest: Manifest, output: Output, path: str) -> None:
    """Raises ManifestError if ``path``, where an output would be made, is not in the folder of the plan or below.

    A stranger may have written the plan, and a product replaces the file that has its name.
    """
    if not is_below(Path(path), manifest.beside(".")):
        raise ManifestError(
            f"'path': {output.path!r} is outside the folder of this file",
            source=manifest.name,
            line=output.line,
            hint=Hint("write() takes any target", "--output names a place elsewhere"),
        )


def choose(
    posts: PostFields, collection: Collection, now: datetime, info: BookInfo | None = None
) -> Collection:
    """Returns the book of the posts that ``[posts]`` selects, in its order and parts.

    Raises UsageError if it selects none.
    """
    select = msgspec.structs.replace(posts.select, now=now)
    return api.book(collection, select, info, order=posts.order)


def _resolve_chapters(
    manifest: Manifest, collection: Collection, names: Names
) -> tuple[list[str | Part], dict[str, str], list[Diagnostic]]:
    """Returns keys and parts in order, titles by key, and diagnostics about posts that do not exist."""
    bad = any(d.code is DiagnosticCode.POST_UNREADABLE for d in collection.diagnostics)
    chapters: list[str | Part] = []
    titles: dict[str, str] = {}
    missing: list[Diagnostic] = []
    lines: dict[str, int] = {}
    for part in manifest.parts:
        keys = []
        for chapter in part.chapters:
            if chapter.post not in names:
                error = _missing_post_error(manifest, chapter, names)
                if not bad:
                    raise error
                # The post may be one that could not be read, and such a post does not stop the book.
                missing.append(stale(error.message, manifest.name, chapter.line))
                continue
            key = names[chapter.post]
            if key in lines:
                raise ManifestError(
                    f"{chapter.post!r} is the same post as in line {lines[key]}",
                    source=manifest.name,
                    line=chapter.line,
                    hint="remove one of the lines",
                )
            lines[key] = chapter.line
            titles[key] = chapter.title
            keys.append(key)
        chapters.extend([Part(part.title, tuple(keys))] if part.title else keys)
    return chapters, titles, missing


def _missing_post_error(manifest: Manifest, chapter: ChapterLine, names: Names) -> ManifestError:
    return ManifestError(
        f"there is no post {chapter.post!r} in {manifest.posts.source}{names.near(chapter.post)}",
        source=manifest.name,
        line=chapter.line,
        hint="put a # before the line, or name the post as `clothbound update` says",
    )


# --- changes that the book makes to its posts -----------------------------------------------------


def _collect_changes(
    manifest: Manifest, book: Collection, everything: Collection, names: Names, limits: Limits
) -> tuple[list[Diagnostic], dict[int, PostChanges]]:
    """Returns diagnostics about edits and rules without a post, and the changes by the position of their post.

    ``everything`` holds the posts from which those of the book were chosen.
    """
    edits, reported = _match_edits(manifest, names, limits)
    concerned: list[tuple[Removal, frozenset[str]]] = []
    for rule in manifest.rules:
        for name in rule.post:
            if name not in names:
                message = f"there is no post {name!r}{names.near(name)}"
                reported.append(stale(message, manifest.name, rule.line))
        concerned.append((rule, frozenset(names[name] for name in rule.post if name in names)))
    outside = [
        (position, metadata.key)
        for position, metadata in enumerate(everything.index)
        if metadata.key not in book.index
    ]
    pictures, unknown = _match_pictures(manifest, book, everything, outside, names)
    reported += unknown
    chapters = (p for p in book.posts if p.metadata.key not in book.roles)
    cuts, counted = find_cuts(manifest.repeated, chapters, manifest.name)
    reported += counted
    by_position = {}
    for position, metadata in enumerate(book.index):
        key = metadata.key
        described = tuple(line for line in pictures if line.post in ("", key))
        rules: tuple[Removal, ...] = ()
        if key not in book.roles:
            rules = tuple(rule for rule, keys in concerned if key in keys or not rule.post)
        cut = () if key in book.roles else tuple(cuts)
        if rules or described or cut or (key in edits and key not in book.roles):
            by_position[position] = PostChanges(
                edits.get(key), rules, described, cut, manifest.name
            )
    general = tuple(rule for rule, _ in concerned if not rule.post)
    others = (
        (everything.posts[position], PostChanges(edits.get(key), general, source=manifest.name))
        for position, key in outside
    )
    reported.extend(_report_idle_rules(manifest, book, by_position, concerned, others, limits))
    return reported, by_position


def _match_pictures(
    manifest: Manifest,
    book: Collection,
    everything: Collection,
    outside: Sequence[tuple[int, str]],
    names: Names,
) -> tuple[list[PictureWords], list[Diagnostic]]:
    """Returns the lines of ``[pictures]`` with their posts, and diagnostics about those for all posts that mean no
    picture, or several. ``outside`` has positions and keys of the posts that are not in the book.
    """
    if not manifest.pictures:
        return [], []
    lines = resolve(manifest.pictures, names, book.roles)
    others = (everything.posts[position] for position, _ in outside)
    right, reported = check_general(lines, book.posts, others, manifest.name)
    return [*(line for line in lines if line.post), *right], reported


def _match_edits(
    manifest: Manifest, names: Names, limits: Limits
) -> tuple[dict[str, Edit], list[Diagnostic]]:
    """Returns the edited texts by the keys of their posts, and diagnostics about those that are not used."""
    folder = manifest.beside(manifest.book.edits)
    edits: dict[str, Edit] = {}
    unused = []
    for name, edit in find_edits(folder, limits).items():
        if name not in names:
            unused.append(stale(f"there is no post {name!r}{names.near(name)}", edit.name, 1))
        elif (first := edits.setdefault(names[name], edit)) is not edit:
            message = f"not used: {first.name} is for the same post. Hint: delete one of them"
            unused.append(stale(message, edit.name, 1))
    return edits, [*unused, *misplaced(folder)]


def _report_idle_rules(
    manifest: Manifest,
    book: Collection,
    by_position: Mapping[int, PostChanges],
    concerned: Sequence[tuple[Removal, frozenset[str]]],
    others: Iterator[tuple[Post, PostChanges]],
    limits: Limits,
) -> list[Diagnostic]:
    """Returns diagnostics about rules that find nothing. Parses posts until each rule has found something.

    A rule for all posts may find it in ``others``, the posts that are not in this book.
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
    hint = "Hint: copy the words from the post as it is now, or remove the rule"
    return [
        stale(f"this rule {what}. {hint}", manifest.name, line)
        for (line, _), what in sorted(pending.items())
    ]


def _apply_when_loaded(
    book: Collection, by_position: Mapping[int, PostChanges], limits: Limits
) -> Collection:
    if not by_position:
        return book
    load = partial(_load_changed, book.posts, dict(by_position), limits)
    digest = partial(_digest_unchanged, book.posts, frozenset(by_position))
    posts = LazyPosts(load, range(len(book)), digest)
    return msgspec.structs.replace(book, posts=posts, index=book.index.rebuilt(load=load))


def _load_changed(
    posts: Sequence[Post], by_position: Mapping[int, PostChanges], limits: Limits, position: int
) -> Post:
    post = posts[position]
    changes = by_position.get(position)
    if changes is None:
        return post
    changed = apply_changes(post, changes, limits)[0]
    return describe(changed, changes.pictures, changes.source) if changes.pictures else changed


def _digest_unchanged(posts: Sequence[Post], changed: frozenset[int], position: int) -> str:
    """Returns the digest of a post that the book does not change."""
    return "" if position in changed else content_digest(posts, position)
