"""What makes a book of posts: select, order, group and title them.

Nothing is parsed here but for a minimum of words, which only a post's text can tell.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, tzinfo
from functools import partial
from typing import Literal, TypeAlias

import msgspec

from ..console_text import counted
from ..diagnostics import Code, Diagnostic, Severity
from ..errors import UsageError, did_you_mean
from ..language.dates import long_month
from ..language.detect import collection_language
from ..language.words import wording
from ..model.collection import FRONT_ROLES, Collection, LazyPosts, Part, Role
from ..model.index import Index, IndexEntry, doubtful_sites, post_slug
from ..model.post import Metadata, Post
from ..model.publication import EVERYONE, Reason
from ..model.walk import tally
from ..moment import moment_of_run
from .post_dates import moment_of, month_of, year_of
from .publishing import Left, doubts, lone, secrets_told, selected, told_of_others

Parts: TypeAlias = Literal["none", "months", "years", "tags"]
Sort: TypeAlias = Literal["date", "title", "source"]
"""``source``: as the reader found them, a folder's files by name."""
Chapters: TypeAlias = Sequence[str | Part]
"""Keys of posts and parts of such, in the order of the book."""


class NoPostsError(UsageError):
    """A selection lets no post through."""


class SecretPostsError(NoPostsError):
    """All posts are secret, and none was asked for by name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Which posts of a collection. Empty or None: no restriction."""

    year: int | None = None
    month: str = ""
    """``2023-05``"""
    after: datetime | None = None
    """The first moment of the selection."""
    before: datetime | None = None
    """The first moment after it."""
    tags: frozenset[str] = frozenset()
    kinds: frozenset[str] = frozenset()
    audiences: frozenset[str] = frozenset()
    states: frozenset[str] = frozenset()
    """Secret posts to take too, by their states or the names of their reasons: ``draft``."""
    now: datetime = field(default_factory=moment_of_run)
    """At which it is decided whether a post is secret."""
    min_words: int = 0
    """Of a post's text and notes. It is parsed for this."""
    timezone: tzinfo = UTC
    """In which a post's year is reckoned."""

    @property
    def is_of_time(self) -> bool:
        """Whether it depends on a post's date."""
        days = (self.after, self.before)
        return self.year is not None or bool(self.month) or any(day is not None for day in days)

    def reason_against(self, metadata: Metadata) -> str:
        """Why a post is not selected, its words not counted, in words; empty if it is, unless it is
        secret.
        """
        moment = moment_of(metadata, self.timezone)
        if self.year is not None and year_of(metadata, self.timezone) != self.year:
            return f"not of {self.year}"
        if self.month and (moment is None or month_of(metadata, self.timezone) != self.month):
            return f"not of {self.month}"
        if self.after and (moment is None or moment < self.after):
            return "earlier"
        if self.before and (moment is None or moment >= self.before):
            return "later"
        if self.tags and not self.tags & set(metadata.tags):
            return "without such a tag"
        if self.kinds and metadata.kind not in self.kinds:
            return f"a {metadata.kind or 'post of no type'}"
        if self.audiences and not self.audiences.issuperset(metadata.audiences):
            return f"for {' and '.join(metadata.audiences)}"
        return ""

    def secret_in(self, metadata: Metadata) -> Reason | None:
        """Why a post is secret that was not asked for by name; None: it may be in the book."""
        return metadata.verdict(self.now).withheld(self.states)

    @property
    def of_any_time(self) -> Selection:
        """The same without a choice by time."""
        return replace(self, year=None, month="", after=None, before=None)

    @property
    def words(self) -> tuple[str, ...]:
        """What it chooses by, in words."""
        found = [f"{self.year} only"] if self.year is not None else []
        found += [f"{self.month} only"] if self.month else []
        found += [f"from {self.after:%Y-%m-%d} on"] if self.after else []
        found += [f"before {self.before:%Y-%m-%d}"] if self.before else []
        for name, words in (("tag", self.tags), ("type", self.kinds)):
            found += [f"{name} {' or '.join(sorted(words))}"] if words else []
        found += [f"for {' or '.join(sorted(self.audiences))}"] if self.audiences else []
        found += [f"of {counted(self.min_words, 'word')} or more"] if self.min_words else []
        return tuple(found)


def pick(collection: Collection, positions: Sequence[int]) -> Collection:
    """The posts at these positions, in this order, with an index of them alone.

    The publication's own hosts stay those of the whole collection, and links to its other posts are
    known for what they are.
    """
    whole = collection.index
    entries = [whole.entries[p] for p in positions]
    posts = LazyPosts(collection.posts.__getitem__, tuple(positions))
    index = whole.rebuilt(entries, load=posts.__getitem__)
    return msgspec.structs.replace(collection, posts=posts, index=index)


def select(collection: Collection, selection: Selection) -> Collection:
    """The selected posts, in the order in which they stand; what is left out is reported."""
    positions = []
    skipped = []
    left = []
    anytime = selection.of_any_time
    whole = 0
    for position, metadata in enumerate(collection.index):
        secret = selection.secret_in(metadata)
        whole += secret is None and not anytime.reason_against(metadata)
        reason = selection.reason_against(metadata)
        if secret is not None:
            if not anytime.reason_against(metadata):
                left.append((metadata, secret))
        elif not reason:
            few = selection.min_words and tally(collection.posts[position]).words
            if selection.min_words and few < selection.min_words:
                words = counted(few, "word")
                skipped.append(_skipped(metadata, f"it has {words}", Severity.INFO))
            else:
                positions.append(position)
        elif moment_of(metadata) is None and selection.is_of_time:
            skipped.append(_skipped(metadata, "it has no date", Severity.WARNING))
    if not positions and len(left) == len(collection):
        _refuse_secrets(left)
    chosen = pick(collection, positions)
    found = (
        *skipped,
        *secrets_told(left),
        *doubts(chosen.index, selection.now),
        *selected(len(positions), len(collection), selection.words, left, whole),
    )
    hidden = {metadata.source for metadata in collection.index if selection.secret_in(metadata)}
    known = told_of_others(collection.diagnostics, hidden)
    return msgspec.structs.replace(chosen, states=selection.states, diagnostics=(*known, *found))


def _refuse_secrets(left: Sequence[Left]) -> None:
    """Raises SecretPostsError, which says how the posts are taken."""
    if not left:
        return
    if len(left) == 1:
        message = lone(left[0][1])
    else:
        message = "; ".join(told.message for told in secrets_told(left))
    raise SecretPostsError(f"no post is left to make a book of: {message}")


def _skipped(metadata: Metadata, reason: str, severity: Severity) -> Diagnostic:
    return Diagnostic(Code.POST_SKIPPED, f"left out: {reason}", metadata.source, 0, severity)


def arrange(
    collection: Collection,
    *,
    title: str = "",
    parts: Parts = "none",
    sort: Sort = "date",
    timezone: tzinfo = UTC,
    reverse: bool = False,
    chapters: Chapters | None = None,
    hosts_given: bool = False,
    now: datetime,
) -> Collection:
    """The posts in order, in parts, with what was not given inferred.

    By date: oldest first, undated ones last. With ``chapters`` the book has these posts in this
    order, so far as the collection has them; ``parts``, ``sort`` and ``reverse`` then do nothing.
    ``hosts_given``: the publication's own hosts were not inferred.
    Raises NoPostsError if there is no post.
    """
    language = collection_language(collection)
    if chapters is None:
        book = in_order(collection, sort, reverse=reverse)
        made = _make_parts(book, parts, timezone, language)
        if made:
            book = _pick_keys(book, [key for part in made for key in part.keys])
    else:
        made = _parts_of(collection, chapters)
        keys = [k for c in chapters for k in (c.keys if isinstance(c, Part) else (c,))]
        book = _pick_keys(collection, [key for key in keys if key in collection.index])
    if not len(book):
        raise NoPostsError("no post is left to make a book of", hint="widen the selection")
    years = sorted({y for m in book.index if (y := year_of(m, timezone))})
    found: list[Diagnostic] = []

    def inferred(what: str, value: str, setting: str) -> str:
        text = f"{what}: {value} (inferred)"
        found.append(Diagnostic(Code.INFERRED, text, severity=Severity.INFO, setting=setting))
        return value

    title_years = ""
    if not title:
        given = collection.info.title or wording(language).letters
        title = _with_years(given, years)
        title_years = title.removeprefix(given).strip() or collection.title_years
        inferred("title", title, "title")
    subtitle = collection.info.subtitle
    if not subtitle and len(years) == 1 and str(years[0]) not in title:
        # Books of one title are told apart by their years, on the shelf and in a list.
        subtitle = inferred("subtitle", str(years[0]), "subtitle")
    authors = collection.info.authors
    if not authors:
        count = Counter(a for m in book.index for a in m.authors)
        authors = tuple(name for name, _ in count.most_common(3))
        inferred("author", ", ".join(authors) or "none is known", "authors")
    if not language:
        inferred("language", "not known from the posts, and made as an English one", "language")
    elif not collection.info.language:
        inferred("language", language, "language")
    if book.index.sites and not hosts_given:
        inferred("own hosts", ", ".join(book.index.sites), "sites")
    if not hosts_given:
        found.extend(_doubtful_sites(book, now))
    found.extend(_doubled(book))
    for number, what in (
        (
            sum(m.audiences != (EVERYONE,) for m in book.index),
            "not for everyone (only paying readers, say)",
        ),
        (
            sum(m.verdict(now).is_unlisted for m in book.index),
            "unlisted: for whoever has the address",
        ),
    ):
        if number:
            are = "is" if number == 1 else "are"
            note = f"{number} of {counted(len(book), 'post')} {are} {what}"
            found.append(Diagnostic(Code.INFERRED, note, severity=Severity.INFO))
    return msgspec.structs.replace(
        book,
        info=msgspec.structs.replace(
            collection.info, title=title, subtitle=subtitle, authors=authors, language=language
        ),
        title_years=title_years,
        parts=made,
        diagnostics=(*collection.diagnostics, *found),
    )


def _doubtful_sites(book: Collection, now: datetime) -> Iterator[Diagnostic]:
    """Hosts that one post alone speaks for: links there lead out of the book."""
    entries = book.index.whole.entries
    named = [
        e for e in entries if e.metadata.key in book.index or not e.metadata.verdict(now).is_secret
    ]
    for host, slug in doubtful_sites(named):
        if host not in book.index.sites:
            message = (
                f"not taken for the publication's own host: {host}, though a post here is called {slug!r} as one "
                "there is (inferred)"
            )
            yield Diagnostic(Code.INFERRED, message, severity=Severity.INFO, setting="sites")


def _doubled(book: Collection) -> list[Diagnostic]:
    """Posts whose slug another post before them has: links by it cannot mean them."""
    first: dict[str, Metadata] = {}
    found = []
    for metadata in book.index:
        slug = post_slug(metadata)
        holder = first.setdefault(slug, metadata) if slug else metadata
        if holder is not metadata:
            message = f"the slug {slug!r} is that of {holder.source} too; links to it lead there"
            found.append(Diagnostic(Code.LINK_UNRESOLVED, message, metadata.source))
    return found


def in_order(collection: Collection, sort: Sort, *, reverse: bool = False) -> Collection:
    """The posts in another order; undated ones last, whichever way round."""
    metadata = list(collection.index)
    order = list(range(len(metadata)))
    if sort == "date":
        order.sort(key=lambda p: _date_key(metadata[p]), reverse=reverse)
        order.sort(key=lambda p: moment_of(metadata[p]) is None)
    elif sort == "title":
        order.sort(key=lambda p: _title_key(metadata[p]), reverse=reverse)
    elif reverse:
        order.reverse()
    return pick(collection, order)


def _pick_keys(collection: Collection, keys: Sequence[str]) -> Collection:
    position = {metadata.key: p for p, metadata in enumerate(collection.index)}
    return pick(collection, [position[key] for key in keys])


def _parts_of(collection: Collection, chapters: Chapters) -> tuple[Part, ...]:
    """The parts among ``chapters``, with the posts that the collection has.

    Raises UsageError for a key that no post has, or that stands twice.
    """
    seen: set[str] = set()
    made = []
    for chapter in chapters:
        keys = chapter.keys if isinstance(chapter, Part) else (chapter,)
        for key in keys:
            if key not in collection.index.whole:
                known = [metadata.key for metadata in collection.index.whole]
                raise UsageError(f"there is no post {key!r}{did_you_mean(key, known)}")
            if key in seen:
                raise UsageError(f"the post {key!r} stands twice among the chapters")
            seen.add(key)
        there = tuple(key for key in keys if key in collection.index)
        if isinstance(chapter, Part) and there:
            made.append(Part(chapter.title, there))
    return tuple(made)


def retitled(collection: Collection, titles: Mapping[str, str]) -> Collection:
    """The collection with other titles for some posts, by their keys."""
    if not titles:
        return collection
    entries = tuple(
        msgspec.structs.replace(
            entry,
            metadata=msgspec.structs.replace(entry.metadata, title=titles[entry.metadata.key]),
        )
        if titles.get(entry.metadata.key)
        else entry
        for entry in collection.index.entries
    )
    posts = LazyPosts(partial(_with_entry, collection.posts, entries), range(len(entries)))
    return _with_posts(collection, posts, entries)


def in_zone(collection: Collection, timezone: tzinfo) -> Collection:
    """The collection with the posts' days as a reader in ``timezone`` saw them; UTC: as they came."""
    if str(timezone) == "UTC":
        return collection
    entries = tuple(
        msgspec.structs.replace(entry, metadata=_seen_from(entry.metadata, timezone))
        for entry in collection.index.entries
    )
    posts = LazyPosts(partial(_with_entry, collection.posts, entries), range(len(entries)))
    return _with_posts(collection, posts, entries)


def _seen_from(metadata: Metadata, timezone: tzinfo) -> Metadata:
    published = metadata.published
    moment = moment_of(metadata, timezone)
    if published is None or moment is None or published.precision in ("year", "month", "day"):
        return metadata
    seen = msgspec.structs.replace(published, value=moment)
    return msgspec.structs.replace(metadata, published=seen)


def _with_entry(posts: Sequence[Post], entries: Sequence[IndexEntry], position: int) -> Post:
    return msgspec.structs.replace(posts[position], metadata=entries[position].metadata)


def with_texts(collection: Collection, texts: Mapping[Role, Post]) -> Collection:
    """The book with a foreword, a dedication and such: those of the front first, the others last."""
    keys = {role: _text_key(role, collection.index) for role in texts}
    made = {
        role: _as_text(role, keys[role], post, collection.info.language)
        for role, post in texts.items()
    }
    front = [made[role] for role in FRONT_ROLES if role in made]
    back = [post for role, post in made.items() if role not in FRONT_ROLES]
    entries = (
        *(IndexEntry(post.metadata) for post in front),
        *collection.index.entries,
        *(IndexEntry(post.metadata) for post in back),
    )
    load = partial(_one_of, tuple(front), collection.posts, tuple(back))
    posts = LazyPosts(load, range(len(entries)))
    return msgspec.structs.replace(
        _with_posts(collection, posts, entries, keys.values()),
        roles={**collection.roles, **{key: role for role, key in keys.items()}},
    )


def _text_key(role: Role, posts: Index) -> str:
    # Not the bare name, which a slug may be, or a file that a writer makes itself.
    key = f"text-{role}"
    while key in posts or key in posts.whole:
        key += "-"
    return key


def _as_text(role: Role, key: str, post: Post, language: str) -> Post:
    title = post.metadata.title or wording(language).roles[role]
    metadata = msgspec.structs.replace(post.metadata, key=key, title=title, published=None)
    return msgspec.structs.replace(post, metadata=metadata)


def _one_of(
    front: Sequence[Post], posts: Sequence[Post], back: Sequence[Post], position: int
) -> Post:
    if position < len(front):
        return front[position]
    position -= len(front)
    return posts[position] if position < len(posts) else back[position - len(posts)]


def _with_posts(
    collection: Collection,
    posts: Sequence[Post],
    entries: Sequence[IndexEntry],
    texts: Iterable[str] = (),
) -> Collection:
    index = collection.index.rebuilt(entries, load=posts.__getitem__, texts=texts)
    return msgspec.structs.replace(collection, posts=posts, index=index)


def without_secrets(collection: Collection, now: datetime) -> Collection:
    """The posts that are not secret at the moment ``now``."""
    return pick(
        collection, [p for p, m in enumerate(collection.index) if not m.verdict(now).is_secret]
    )


def _date_key(metadata: Metadata) -> tuple[datetime, str]:
    value = metadata.published.value if metadata.published else None
    return (value or datetime.min.replace(tzinfo=UTC), metadata.source)


def _title_key(metadata: Metadata) -> tuple[str, str]:
    """Titles stand by their letters: marks over them and what is no letter do not count."""
    bare = unicodedata.normalize("NFKD", metadata.title).casefold()
    return ("".join(c for c in bare if c.isalnum() or c.isspace()).strip(), metadata.source)


def _with_years(title: str, found: Sequence[int]) -> str:
    if not found:
        return title
    span = str(found[0]) if found[0] == found[-1] else f"{found[0]}–{found[-1]}"
    return title if title.endswith(span) else f"{title} {span}"


def part_labels(
    collection: Collection, parts: Parts, timezone: tzinfo = UTC, language: str = ""
) -> Callable[[Metadata], str]:
    """The title of the part that a post of the collection belongs to; empty where there are no parts.

    By tags, the tag that most posts have makes the first part, that which most of the rest have the
    next, and so on; posts that share no tag with another make the last part, "Other".
    """
    tag_of = _tag_groups(collection) if parts == "tags" else {}
    words = wording(language)

    def label(metadata: Metadata) -> str:
        if parts == "none":
            return ""
        if parts == "tags":
            return tag_of.get(metadata.key, words.other)
        day = moment_of(metadata, timezone)
        if day is None:
            return words.without_date
        return str(day.year) if parts == "years" else long_month(day, language)

    return label


def _tag_groups(collection: Collection) -> dict[str, str]:
    """By key, the tag by which a post is grouped."""
    left = {metadata.key: frozenset(metadata.tags) for metadata in collection.index}
    groups: dict[str, str] = {}
    while True:
        count = Counter(tag for tags in left.values() for tag in tags)
        tag = min(count, key=lambda tag: (-count[tag], tag), default="")
        if count[tag] < 2:
            return groups
        groups.update({key: tag for key, tags in left.items() if tag in tags})
        left = {key: tags for key, tags in left.items() if tag not in tags}


def _make_parts(
    book: Collection, parts: Parts, timezone: tzinfo, language: str
) -> tuple[Part, ...]:
    if parts == "none":
        return ()
    label = part_labels(book, parts, timezone, language or "en")
    groups: dict[str, list[str]] = {}
    for metadata in book.index:
        groups.setdefault(label(metadata), []).append(metadata.key)
    other = wording(language).other
    if parts == "tags" and other in groups:
        groups[other] = groups.pop(other)  # last
    return tuple(Part(title, tuple(keys)) for title, keys in groups.items())
