"""The index of a collection: keys, order, titles, own hosts, links and anchors of its posts."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from sys import intern
from typing import TypeAlias, overload
from urllib.parse import quote

import msgspec

from ..lazy_pattern import lazy_pattern
from ..stored_items import PickedItems, StoredList, StoredNames, StoredTable, repeated
from .addresses import is_on_web
from .links import WIKILINK, PostFinder, bare, plain_host, repair_address, site_host
from .node import Node
from .plain_text import prose_sample
from .post import Metadata, Post
from .post_names import IsFile, PostNames
from .slugs import ascii_slug, number_of_id, post_slug
from .walk import walk

NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "https://pypi.org/project/clothbound/")
"""The UUIDv5 namespace of all identifiers that clothbound makes."""

_SITE_LINK = lazy_pattern(
    r"https?://(?:open\.substack\.com/pub/([A-Za-z0-9-]+)|([A-Za-z0-9.-]+))/[pi]/([A-Za-z0-9_-]+)"
)
_SITE_POSTS = 2
_SITE_SHARE = 4
"""At least one in this many posts that are linked to under an own host must be in the collection."""
_MOST_ANCHORS = 5_000
"""The most posts whose ids are remembered."""
_SAFE_KEY = lazy_pattern(r"[A-Za-z0-9_-]{1,100}")
_MADE_KEY = lazy_pattern(r"-[0-9a-f]{8}\Z")
"""Matches keys that may be made where several posts want one."""


class IndexEntry(msgspec.Struct, frozen=True):
    """A post of a collection: its metadata and the ``(host, slug)`` pairs that it links to."""

    metadata: Metadata
    links: tuple[tuple[str, str], ...] = ()
    sample: str = ""
    """The beginning of its text, some hundred letters without code, for detecting its language."""


def post_links(text: str) -> tuple[tuple[str, str], ...]:
    """Finds the ``(host, slug)`` of every ``https://host/p/slug`` in a text without parsing it.

    Finds Substack's other forms too: ``/i/number`` and ``open.substack.com/pub/name/p/slug``.
    """
    return tuple(
        (intern((f"{name}.substack.com" if name else host).lower()), slug.lower())
        for name, host, slug in _SITE_LINK.findall(text)
    )


def uuid_of(name: str) -> uuid.UUID:
    """Returns the UUIDv5 of a name, which may hold undecodable bytes, as file names on Linux may."""
    return uuid.uuid5(NAMESPACE, name.encode("utf-8", "backslashreplace").decode())


def make_key(metadata: Metadata) -> str:
    """Returns a post's key, without regard to collisions; see ``Metadata.key``."""
    return (
        number_of_id(metadata.id)
        or ascii_slug(metadata.slug)[:60].strip("-")
        or str(uuid_of(metadata.source))
    )


def with_unique_keys(entries: Iterable[IndexEntry]) -> Sequence[IndexEntry]:
    """Sets the keys of entries. On a collision, eight hex digits of a UUIDv5 are appended to all keys
    concerned, so that the position of a new post does not change where links lead.
    """
    given = as_entries(entries)
    several = repeated(lambda: (_wanted_key(entry.metadata) for entry in given))
    return as_entries(_keyed(given, several))


def _keyed(entries: Sequence[IndexEntry], several: frozenset[str]) -> Iterator[IndexEntry]:
    """Yields entries with their keys; ``several`` are those that more than one post wants."""
    taken: set[str] = set()
    if several:
        wanted_keys = (_wanted_key(entry.metadata) for entry in entries)
        # No other key can be one that is made here.
        taken = {key for key in wanted_keys if key not in several and _MADE_KEY.search(key)}
    attempts: Counter[tuple[str, str]] = Counter()
    for entry in entries:
        wanted_key = key = _wanted_key(entry.metadata)
        if wanted_key in several:
            source = entry.metadata.source
            key = f"{wanted_key}-{uuid_of(source).hex[:8]}"
            while key in taken:
                # These posts differ only in their order.
                attempts[wanted_key, source] += 1
                name = f"{source}#{attempts[wanted_key, source]}"
                key = f"{wanted_key}-{uuid_of(name).hex[:8]}"
            taken.add(key)
        metadata = msgspec.structs.replace(entry.metadata, key=key)
        yield msgspec.structs.replace(entry, metadata=metadata)


def as_entries(entries: Iterable[IndexEntry]) -> Sequence[IndexEntry]:
    """Returns entries as a sequence that needs no memory for each, if they are many."""
    if isinstance(entries, (tuple, StoredList, PickedItems)):
        return entries
    made = StoredList(IndexEntry, entries)
    return made if made.is_in_file else tuple(made)


def _wanted_key(metadata: Metadata) -> str:
    """Returns the given key if it can be a file name and part of an id, else derives one."""
    return metadata.key if _SAFE_KEY.fullmatch(metadata.key) else make_key(metadata)


Mentions: TypeAlias = Mapping[str, tuple[str, ...]]
"""The keys of the posts that link to a post, by its key."""


class Index:
    """Knows every post of a collection without parsing any.

    ``anchors`` is asked only when a link carries a fragment; it then parses the target through
    ``load`` and remembers the ids of the last few thousand.
    """

    def __init__(
        self,
        entries: Iterable[IndexEntry],
        *,
        load: Callable[[int], Post] | None = None,
        sites: Sequence[str] = (),
        whole: Index | None = None,
        texts: Iterable[str] = (),
        is_file: IsFile | None = None,
    ) -> None:
        """``is_file`` tells which paths in the folder of the posts are files other than posts."""
        self.entries: Sequence[IndexEntry] = as_entries(entries)
        self.whole: Index = whole or self
        """The index of the collection from which these posts were selected."""
        self.texts = frozenset(texts)
        """The keys of the book's own texts, such as a foreword. ``whole`` may lack them."""
        self.sites: tuple[str, ...] = tuple(map(site_host, sites)) or infer_sites(self.entries)
        self._load = load
        self._anchors: dict[str, frozenset[str]] = {}
        self._links: dict[str, tuple[tuple[Node, str], ...]] | None = None
        self._mentions: Mentions | None = None
        self._keeps_links = False
        self._position: StoredTable[int]
        if whole is not None and whole.entries is self.entries:
            self._position = whole._position
        else:
            self._position = StoredTable(int)
            for position, entry in enumerate(self.entries):
                self._position[entry.metadata.key] = position
        self._names: PostNames = (
            PostNames(_AllMetadata(self.entries), is_file) if whole is None else whole._names
        )

    @classmethod
    def of(cls, posts: Sequence[Post]) -> Index:
        """Returns the index of posts in memory."""
        entries = with_unique_keys(
            IndexEntry(post.metadata, _links_in(post), prose_sample(post)) for post in posts
        )
        return cls(entries, load=posts.__getitem__)

    def rebuilt(
        self,
        entries: Iterable[IndexEntry] | None = None,
        *,
        load: Callable[[int], Post] | None = None,
        sites: Sequence[str] = (),
        texts: Iterable[str] = (),
    ) -> Index:
        """Returns an index of posts of the same collection: selected, renamed or reordered.

        ``entries`` and ``sites`` default to those of this index; ``texts`` are added to its own. New ``sites``
        apply to the whole collection too, so that links lead to all its posts, selected or not.
        """
        whole = self.whole
        if sites and tuple(map(site_host, sites)) != whole.sites:
            whole = Index(whole.entries, load=whole._load, sites=sites, texts=whole.texts)
        return Index(
            self.entries if entries is None else entries,
            load=load,
            sites=sites or self.sites,
            whole=whole,
            texts=self.texts.union(texts),
        )

    def __len__(self) -> int:
        return len(self.entries)

    def __iter__(self) -> Iterator[Metadata]:
        return (entry.metadata for entry in self.entries)

    def __contains__(self, key: str) -> bool:
        return key in self._position

    def __getitem__(self, key: str) -> Metadata:
        """Returns the metadata of the post with this key. Raises KeyError if there is none."""
        return self.entries[self._position[key]].metadata

    def position(self, key: str) -> int:
        """Returns the position of the post with this key. Raises KeyError if there is none."""
        return self._position[key]

    @cached_property
    def _finder(self) -> PostFinder:
        # Its tables take half a kilobyte a post: an index of the same posts has the same ones.
        whole = self.whole
        if whole is not self and whole.entries is self.entries and whole.sites == self.sites:
            return whole._finder
        return PostFinder(_AllMetadata(self.entries), self.sites, self._names, self._position)

    @property
    def language(self) -> str:
        """The language that most posts name; empty if most name none.

        The majority decides, so that one letter in Arabic does not turn a whole book round.
        """
        count = Counter(metadata.language for metadata in self)
        return count.most_common(1)[0][0] if count else ""

    def resolve(self, href: str, source: str = "") -> tuple[str, str] | None:
        """Returns ``(key, fragment)`` of the post to which ``href`` leads, or None.

        ``href`` may be ``https://own-host/p/slug`` or ``/i/number/anchor`` (with or without query and
        fragment), the same without the host, Substack's ``open.substack.com/pub/name/p/slug`` and
        ``substack.com/home/post/p-number``, the canonical URL or an alias of a post, the path of its
        file on an own host or seen from ``source`` or from the folder of all posts (``@/two.md``), or a
        path on an own host or without a host whose last segment is the slug, the dated stem or the
        folder of exactly one post of the whole collection (``/blog/slug/``, ``../slug``,
        ``/2023/01/06/slug.html``), unless its other segments contradict that post's address or file.
        """
        return self._finder.find(href, source)

    def find_namesakes(self, href: str, source: str = "") -> tuple[str, ...]:
        """Returns the files of all posts that the last segment of an ambiguous ``href`` may name.

        Empty unless there are two or more. ``href`` and ``source`` are those of ``resolve``.
        """
        return tuple(post.source for post in self._finder.find_namesakes(href, source))

    def resolve_name(self, name: str, source: str = "") -> tuple[str, str] | None:
        """Returns ``(key, heading)`` of the post that a wikilink names, or None."""
        return self._finder.find_name(name, source)

    def is_post_of_site(self, href: str) -> bool:
        """Whether ``href`` has the form of a post's address on an own host, be that post known or not."""
        return self._finder.is_post_of_site(href)

    def address(self, href: str, source: str = "") -> str:
        """Returns the web address of the post to which ``href`` leads, selected or not.

        This is its canonical URL, else ``https://own-host/p/slug``; empty if there is no such post or if
        neither is known. ``href`` and ``source`` are those of ``resolve``.
        """
        found = self.whole.resolve(href, source)
        return "" if found is None else self.address_of(*found)

    def address_of(self, key: str, fragment: str = "") -> str:
        """Returns the web address of a post by its key; empty if it is unknown.

        A text of the book's own has no address but its canonical URL.
        """
        is_text = key in self.texts
        metadata = self[key] if is_text else self.whole[key]
        address = metadata.canonical_url
        if not is_on_web(address):
            slug = post_slug(metadata)
            if is_text or not slug or not self.sites or not self._has_addresses_of_substack:
                return ""
            address = f"https://{self.sites[0]}/p/{quote(slug)}"
        return address.split("#", 1)[0] + (f"#{quote(fragment)}" if fragment else "")

    @cached_property
    def _has_addresses_of_substack(self) -> bool:
        """Whether no post has an address of another form on the publication's own host."""
        own = plain_host(self.sites[0])
        paths = (bare(m.canonical_url).partition("/") for m in self.whole if m.canonical_url)
        return all(host != own or path.startswith("p/") for host, _, path in paths)

    def anchors(self, key: str) -> frozenset[str]:
        """Returns the ids that a link into this post may name."""
        if key not in self._anchors:
            post = self._load(self._position[key]) if self._load else None
            if len(self._anchors) >= _MOST_ANCHORS:
                del self._anchors[next(iter(self._anchors))]
            self._anchors[key] = frozenset(anchors_of(post)) if post else frozenset()
        return self._anchors[key]

    def links(self) -> Mapping[str, tuple[tuple[Node, str], ...]]:
        """Returns the linking nodes of each post, by its key, with the key of the post to which each leads,
        empty if that is not in this index. The first call parses all posts.
        """
        if self._links is None:
            self._links = {key: tuple(found) for key, found in self._find_links()}
        return self._links

    def _find_links(self) -> Iterator[tuple[str, Iterator[tuple[Node, str]]]]:
        for position, metadata in enumerate(self):
            post = self._load(position) if self._load else Post(metadata)
            links = (
                (node, self._key_of(node, href, metadata.source)) for node, href in hrefs_of(post)
            )
            yield metadata.key, links

    def _key_of(self, node: Node, href: str, source: str) -> str:
        find = self.resolve_name if WIKILINK in node.classes else self.resolve
        found = find(repair_address(href), source)
        return found[0] if found else ""

    def mentions(self, key: str) -> tuple[str, ...]:
        """Returns the keys of the other posts that link to this one, in order; see ``links``."""
        return self._all_mentions().get(key, ())

    def _all_mentions(self) -> Mentions:
        if self._mentions is None:
            mentions: dict[str, dict[str, None]] = {}
            every_link = self.links().items() if self._keeps_links else self._find_links()
            for other, links in every_link:
                for _, found in links:
                    if found not in ("", other):
                        mentions.setdefault(found, {}).setdefault(other)
            self._mentions = {key: tuple(others) for key, others in mentions.items()}
        return self._mentions


def all_mentions(index: Index) -> Mentions:
    """Returns which posts link to each, for other processes, each of which would parse all posts to find it."""
    return index._all_mentions()


def take_mentions(index: Index, mentions: Mentions | None) -> None:
    """Gives an index the mentions that another process has found in the same posts; None if none has sought them."""
    index._mentions = mentions


def keep_links(index: Index) -> None:
    """Makes an index keep the links that it seeks mentions in: ``links`` will be asked too, and would parse all posts again."""
    index._keeps_links = True


def begin_sharing(index: Index) -> None:
    """Makes ready what links are found by, if it lies in files, which other processes then read."""
    if isinstance(index.whole.entries, StoredList):
        index.whole._finder.begin_sharing()


class _AllMetadata(Sequence[Metadata]):
    """The metadata of entries."""

    def __init__(self, entries: Sequence[IndexEntry]) -> None:
        self._entries = entries

    def __len__(self) -> int:
        return len(self._entries)

    @overload
    def __getitem__(self, position: int) -> Metadata: ...
    @overload
    def __getitem__(self, position: slice) -> Sequence[Metadata]: ...
    def __getitem__(self, position: int | slice) -> Metadata | Sequence[Metadata]:
        if isinstance(position, slice):
            return _AllMetadata(self._entries[position])
        return self._entries[position].metadata

    def __iter__(self) -> Iterator[Metadata]:
        return (entry.metadata for entry in self._entries)


def anchors_of(post: Post) -> Iterator[str]:
    """Yields the ids in a post."""
    return (node.id for node in walk(post) if node.id)


def hrefs_of(post: Post) -> Iterator[tuple[Node, str]]:
    """Yields the linking nodes of a post with their addresses."""
    for node in walk(post):
        href = getattr(node, "href", "")
        if href:
            yield node, href


def _links_in(post: Post) -> tuple[tuple[str, str], ...]:
    return post_links(" ".join(href for _, href in hrefs_of(post)))


def infer_sites(entries: Iterable[IndexEntry]) -> tuple[str, ...]:
    """Infers the own hosts: those under which ``/p/slug`` addresses lead to two or more posts of the collection.

    A single match may be a post of the same name elsewhere: Substack calls the first post of every
    publication ``coming-soon``. At least a quarter of the posts linked to under the host must be in the
    collection too. The host with the most links comes first; relative links are resolved against it.
    """
    hosts = _found_under_hosts(entries)
    found = [(-host.hits, host.name) for host in hosts if host.is_ours]
    return tuple(name for _, name in sorted(found))


def doubtful_sites(entries: Iterable[IndexEntry]) -> tuple[tuple[str, str], ...]:
    """Returns ``(host, slug)`` of hosts that match a post but are not in ``infer_sites``."""
    given = as_entries(entries)
    hosts = {plain_host(host.name): host for host in _found_under_hosts(given) if not host.is_ours}
    if not hosts:
        return ()
    # Most links lead to the publication's own hosts; only those to others are kept in memory.
    own = (link for entry in given for link in post_links(entry.metadata.canonical_url))
    known = {link for link in own if plain_host(link[0]) in hosts}
    found: dict[str, str] = {}
    for entry in given:
        for name, slug in entry.links:
            host = hosts.get(plain_host(name))
            if host is not None and slug in host.ours and (name, slug) not in known:
                found[host.name] = min(slug, found.get(host.name, slug))
    return tuple(sorted(found.items()))


class _Host(msgspec.Struct):
    """A host, with or without ``www.``, under which a post of the collection is found."""

    name: str = ""
    """Its most frequent spelling."""
    hits: int = 0
    ours: StoredNames = msgspec.field(default_factory=StoredNames)
    all: StoredNames = msgspec.field(default_factory=StoredNames)

    @property
    def is_ours(self) -> bool:
        return len(self.ours) >= _SITE_POSTS and len(self.ours) * _SITE_SHARE >= len(self.all)


def _found_under_hosts(entries: Iterable[IndexEntry]) -> list[_Host]:
    given = as_entries(entries)
    names = StoredNames()
    for entry in given:
        for name in (post_slug(entry.metadata), number_of_id(entry.metadata.id)):
            if name:
                names.add(name)
    hits = Counter(host for host, name in _all_links(given) if name in names)
    hosts: dict[str, _Host] = {}
    for count, name in sorted((-count, name) for name, count in hits.items()):
        host = hosts.setdefault(plain_host(name), _Host(name))
        host.hits -= count
    for name, slug in _all_links(given):
        if found := hosts.get(plain_host(name)):
            found.all.add(slug)
            if slug in names:
                found.ours.add(slug)
    return list(hosts.values())


def _all_links(entries: Iterable[IndexEntry]) -> Iterator[tuple[str, str]]:
    for entry in entries:
        yield from entry.links
        yield from post_links(entry.metadata.canonical_url)
