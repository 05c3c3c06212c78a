"""What one post must know of the others: keys, order, titles, own hosts, links, anchors."""

from __future__ import annotations

import re
import unicodedata
import uuid
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from urllib.parse import quote, unquote, urlsplit

import msgspec

from .post import Metadata, Post

NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "https://pypi.org/project/clothbound/")
"""The UUIDv5 namespace of all identifiers that we make."""

PUBLIC = frozenset({"", "public", "everyone"})
"""What ``Metadata.visibility`` says of a post that everybody may see; all else is private."""

_SLUG = re.compile(r"[^a-z0-9]+")
_POST_LINK = re.compile(r"https?://([A-Za-z0-9.-]+)/p/([A-Za-z0-9_-]+)")
_DIGITS = re.compile(r"([0-9]{1,40})(?:\.|\Z)")
_SAFE_KEY = re.compile(r"[A-Za-z0-9_-]{1,100}")
_SCHEME = re.compile(r"^(?:https?:)?//", re.I)
_POST_FILES = (".md", ".markdown", ".qmd", ".html")


class IndexEntry(msgspec.Struct, frozen=True):
    """One post of a collection: its metadata, and the ``(host, slug)`` pairs that it links to."""

    metadata: Metadata
    links: tuple[tuple[str, str], ...] = ()


def post_links(text: str) -> tuple[tuple[str, str], ...]:
    """The ``(host, slug)`` of every ``https://host/p/slug`` in a text, without parsing it."""
    return tuple((host.lower(), slug.lower()) for host, slug in _POST_LINK.findall(text))


def ascii_slug(text: str) -> str:
    """``text`` as lower-case ASCII words joined by hyphens; empty if nothing is left."""
    ascii_text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return _SLUG.sub("-", ascii_text.lower()).strip("-")


def post_slug(metadata: Metadata) -> str:
    """The slug by which links name a post: given, or the words of Substack's post_id."""
    if metadata.slug:
        return metadata.slug.lower()
    digits = _DIGITS.match(metadata.id)
    return metadata.id[digits.end() :].lower() if digits else ""


def make_key(metadata: Metadata) -> str:
    """A post's key, before collisions are looked at; see ``Metadata.key``."""
    digits = _DIGITS.match(metadata.id)
    if digits:
        return digits[1]
    return ascii_slug(metadata.slug)[:60].strip("-") or str(uuid.uuid5(NAMESPACE, metadata.source))


def with_unique_keys(entries: Iterable[IndexEntry]) -> tuple[IndexEntry, ...]:
    """Entries with their keys set; on a collision eight hex digits of a UUIDv5 are appended to
    every one concerned, so that a new post never changes which link leads where by its order.
    """
    entries = tuple(entries)
    wanted = [_wish(entry.metadata) for entry in entries]
    count = Counter(wanted)
    result = []
    taken = {wish for wish, times in count.items() if times == 1}
    attempts: Counter[tuple[str, str]] = Counter()
    for entry, wish in zip(entries, wanted, strict=True):
        key = wish
        if count[wish] > 1:
            source = entry.metadata.source
            key = f"{wish}-{uuid.uuid5(NAMESPACE, source).hex[:8]}"
            while key in taken:
                # Posts that nothing tells apart; only their order can.
                attempts[wish, source] += 1
                name = f"{source}#{attempts[wish, source]}"
                key = f"{wish}-{uuid.uuid5(NAMESPACE, name).hex[:8]}"
            taken.add(key)
        metadata = msgspec.structs.replace(entry.metadata, key=key)
        result.append(msgspec.structs.replace(entry, metadata=metadata))
    return tuple(result)


def _wish(metadata: Metadata) -> str:
    """The key that was given, if it can be the name of a file and part of an id, else a made one."""
    return metadata.key if _SAFE_KEY.fullmatch(metadata.key) else make_key(metadata)


class Index:
    """Knows every post of a collection without parsing any.

    ``anchors`` is asked only when a link carries a fragment; it then parses the target through
    ``load`` and remembers the ids for the life of the index.
    """

    def __init__(
        self,
        entries: Iterable[IndexEntry],
        *,
        load: Callable[[int], Post] | None = None,
        sites: Sequence[str] = (),
        whole: Index | None = None,
    ) -> None:
        self.entries = tuple(entries)
        self.whole: Index = whole or self
        """The index of the collection that these posts were picked from."""
        self.sites: tuple[str, ...] = tuple(map(_host, sites)) or infer_sites(self.entries)
        self._load = load
        self._anchors: dict[str, frozenset[str]] = {}
        self._position: dict[str, int] = {}
        self._by_slug: dict[str, str] = {}
        self._by_id: dict[str, str] = {}
        self._by_source: dict[str, str] = {}
        self._by_url: dict[str, str] = {}
        for position, entry in enumerate(self.entries):
            metadata = entry.metadata
            self._position[metadata.key] = position
            slug = post_slug(metadata)
            if slug:
                self._by_slug.setdefault(slug, metadata.key)
            if metadata.id:
                self._by_id.setdefault(metadata.id, metadata.key)
            if metadata.source:
                self._by_source.setdefault(metadata.source, metadata.key)
            if metadata.canonical_url:
                self._by_url.setdefault(_bare(metadata.canonical_url), metadata.key)

    @classmethod
    def of(cls, posts: Sequence[Post]) -> Index:
        """The index of posts that are at hand."""
        entries = with_unique_keys(IndexEntry(post.metadata) for post in posts)
        return cls(entries, load=posts.__getitem__)

    def __len__(self) -> int:
        return len(self.entries)

    def __iter__(self) -> Iterator[Metadata]:
        return (entry.metadata for entry in self.entries)

    def __contains__(self, key: str) -> bool:
        return key in self._position

    def __getitem__(self, key: str) -> Metadata:
        """The metadata of the post with this key; KeyError if there is none."""
        return self.entries[self._position[key]].metadata

    @property
    def language(self) -> str:
        """The language that most posts name; empty where most name none.

        A single letter in Arabic does not turn a whole book round.
        """
        count = Counter(metadata.language for metadata in self)
        return count.most_common(1)[0][0] if count else ""

    def resolve(self, href: str, source: str = "") -> tuple[str, str] | None:
        """``(key, fragment)`` of the post that ``href`` leads to, or None.

        ``href`` may be ``https://own-host/p/slug`` (with or without query and fragment), ``/p/slug``,
        the canonical URL of a post, or a relative path to its file, seen from ``source``.
        """
        try:
            parts = urlsplit(href)
        except ValueError:
            return None
        path = unquote(parts.path)
        key: str | None = None
        if parts.scheme in ("http", "https") or (parts.netloc and not parts.scheme):
            key = self._by_url.get(_bare(href))
            own = (parts.hostname or "") in self.sites
            if key is None and own:
                key = self._from_site_path(path)
        elif not parts.scheme and path.startswith("/"):
            key = self._from_site_path(path)
        elif not parts.scheme and path.endswith(_POST_FILES):
            key = self._by_source.get(_join(source, path))
        return None if key is None else (key, unquote(parts.fragment))

    def address(self, href: str, source: str = "") -> str:
        """Where on the network the post is that ``href`` leads to, be it picked or not.

        Its canonical URL, else ``https://own-host/p/slug``; empty if there is no such post, it is a
        draft or hidden, or neither is known. ``href`` and ``source`` are those of ``resolve``.
        """
        found = self.whole.resolve(href, source)
        if found is None:
            return ""
        metadata = self.whole[found[0]]
        if metadata.is_draft or metadata.visibility.lower() not in PUBLIC:
            return ""
        address = metadata.canonical_url
        if not address.startswith(("https://", "http://")):
            slug = post_slug(metadata)
            if not slug or not self.sites:
                return ""
            address = f"https://{self.sites[0]}/p/{quote(slug)}"
        _, mark, fragment = href.partition("#")
        return address.split("#", 1)[0] + mark + fragment

    def _from_site_path(self, path: str) -> str | None:
        segments = [s for s in path.split("/") if s]
        if len(segments) == 2 and segments[0] == "p":
            return self._by_slug.get(segments[1].lower())
        return None

    def anchors(self, key: str) -> frozenset[str]:
        """The ids that a link into this post may name."""
        if key not in self._anchors:
            post = self._load(self._position[key]) if self._load else None
            self._anchors[key] = frozenset(anchors_of(post)) if post else frozenset()
        return self._anchors[key]


def anchors_of(post: Post) -> Iterator[str]:
    """The ids in a post."""
    from .walk import walk

    return (node.id for node in walk(post) if node.id)


def infer_sites(entries: Iterable[IndexEntry]) -> tuple[str, ...]:
    """The hosts that two or more ``/p/slug`` links of the collection find a post of it under.

    The one that is linked to most comes first: relative links are taken to lead there.
    """
    entries = tuple(entries)
    slugs = {slug for entry in entries if (slug := post_slug(entry.metadata))}
    hits = Counter(host for entry in entries for host, slug in entry.links if slug in slugs)
    ours = [(-count, host) for host, count in hits.items() if count >= 2]
    return tuple(host for _, host in sorted(ours))


def _bare(href: str) -> str:
    """An address without what does not tell one post from another: scheme, query, fragment."""
    bare = _SCHEME.sub("", href.split("#", 1)[0].split("?", 1)[0])
    host, slash, path = bare.partition("/")
    return f"{host.lower()}{slash}{path}".rstrip("/")


def _host(site: str) -> str:
    """The host of a site, which may be given as an address."""
    return _SCHEME.sub("", site.strip()).split("/", 1)[0].lower()


def _join(source: str, path: str) -> str:
    folder = source.rsplit("/", 1)[0].split("/") if "/" in source else []
    for segment in path.split("/"):
        if segment == "..":
            if not folder:
                return ""
            folder.pop()
        elif segment not in ("", "."):
            folder.append(segment)
    return "/".join(folder)
