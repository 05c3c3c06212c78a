"""Gives pictures of a book the words that ``[pictures]`` has for them, and lists those that still need some.

::

    [pictures]
    "31001004/pots.svg" = "Four pots of paste on a shelf"
    "ornament.png" = "decorative"

The rules of the table:

- A key is a post, as the list of chapters names it (or the role of a text of the book's own, such as ``foreword``), a
  slash, and the end of the picture's address: its file name, with as many folders before it as tell it from the
  other pictures of the post, or the whole address. A picture that several posts show may have one line for all of
  them, whose key has no post.
- The words become the alternative text in this book, also where the post has another. ``""`` leaves the picture as it
  is. ``DECORATIVE`` says that it shows nothing that a listener would miss.
- A key that means no picture, or several, changes nothing and is reported with its line.
- Pictures of galleries, tables and notes are pictures like others. The cover, previews of cards, and pictures in raw
  HTML have no line: the first two stand beside words that say the same, the last is not in every product.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import unquote

import msgspec

from ..diagnostics import Diagnostic, DiagnosticCode, Severity
from ..errors import did_you_mean
from ..model.blocks import Figure, Gallery
from ..model.default_alts import lacks_words
from ..model.inlines import Image, Text
from ..model.plain_text import plain_text
from ..model.post import Post
from ..model.walk import rewrite, walk, walk_lines
from ..substack import cdn
from ..toml_lines import name, quoted
from ..web.addresses import is_data, is_remote
from .chapter_names import Names, listed_name
from .schema import PictureLine

DECORATIVE = "decorative"
"""The words of a picture that shows nothing a listener would miss."""

HEADING = (
    "# Words for pictures that have none, for readers who do not see them. Write what a picture shows between the",
    '# quotation marks, or "decorative" if it shows nothing that matters. Without words it stays as it is.',
    "[pictures]",
)
"""The heading with its comment, as ``init`` and ``update`` write it."""

_HINT = 60
"""The most characters of the words that show which picture a line means."""


@dataclass(frozen=True, slots=True)
class PictureWords:
    """A line of ``[pictures]``, resolved: the picture's post and the end of its address."""

    line: PictureLine
    post: str
    """The key of the post; empty for all posts."""
    end: str

    is_exact: bool = False
    """Whether ``end`` is a whole address, so that no longer one is meant."""

    def means(self, source: str) -> bool:
        """Returns whether the line is for the picture at an address, unless another has exactly this address."""
        return self.names(source) or (
            not self.is_exact and _path_of(source).endswith(f"/{self.end}")
        )

    def names(self, source: str) -> bool:
        """Returns whether the line has the whole address of a picture."""
        return self.end in (source, _path_of(source))

    def among(self, sources: Iterable[str]) -> PictureWords:
        """Returns the line as it is read where these are all addresses that it might mean."""
        return replace(self, is_exact=any(map(self.names, sources)))


def resolve(
    lines: Iterable[PictureLine], names: Names, roles: Mapping[str, str]
) -> tuple[PictureWords, ...]:
    """Returns the lines with their posts. ``roles`` has the roles of the book's own texts, by key."""
    texts = {role: key for key, role in roles.items()}
    return tuple(_resolve(line, names, texts) for line in lines)


def _resolve(line: PictureLine, names: Names, texts: Mapping[str, str]) -> PictureWords:
    before = line.key
    while before:
        before, _, _ = before.rpartition("/")
        key = names[before] if before in names else texts.get(before, "")
        if before and key:
            return PictureWords(line, key, line.key[len(before) + 1 :])
    return PictureWords(line, "", line.key)


def describe(post: Post, lines: Sequence[PictureWords], source: str) -> Post:
    """Returns the post with the words of the lines that are for its pictures; of several lines, the most exact counts.

    Diagnostics of the post name its own lines that mean no picture or several; ``source`` is the file of the lines.
    """
    shown = {node.src for node in walk(post, Image)}
    found: list[Diagnostic] = []
    chosen: dict[str, PictureWords] = {}
    exact = (line.among(shown) if line.post else line for line in lines)
    for line in sorted(exact, key=lambda one: (bool(one.post), len(one.end))):
        meant = {src for src in shown if line.means(src)}
        several = {_address(src) for src in meant}
        if line.post and len(several) != 1:
            found.append(_not_applied(line, several, _keys_in(post, line), source))
        elif line.line.words:
            chosen.update(dict.fromkeys(meant, line))
    found.extend(
        Diagnostic(
            DiagnosticCode.EDITED,
            f"alternative text replaced by {source}:{chosen[node.src].line.line}",
            post.metadata.source,
            line,
            Severity.INFO,
            node.alt,
        )
        for node, line in walk_lines(post)
        if isinstance(node, Image)
        and node.src in chosen
        and node.alt.strip()
        and node.alt != chosen[node.src].line.words
    )

    def visit(image: Image) -> Image:
        return _with_words(image, chosen[image.src].line.words) if image.src in chosen else image

    described: Post = rewrite(post, visit, frozenset({Image}))
    if found:
        diagnostics = (*described.diagnostics, *found)
        described = msgspec.structs.replace(described, diagnostics=diagnostics)
    return described


def _with_words(image: Image, words: str) -> Image:
    attributes = tuple(pair for pair in image.attributes if pair[0] != "role")
    if words.casefold() == DECORATIVE:
        attributes = (*attributes, ("role", "presentation"))
        return msgspec.structs.replace(image, alt="", title="", attributes=attributes)
    return msgspec.structs.replace(image, alt=words, attributes=attributes)


def check_general(
    lines: Sequence[PictureWords], book: Iterable[Post], others: Iterable[Post], file: str
) -> tuple[list[PictureWords], list[Diagnostic]]:
    """Returns the lines without a post that mean one picture, and diagnostics about the others.

    Parses posts if there are any such lines. A line may mean a picture of ``others``, the posts that are not in this
    book. ``file`` is that of the lines.
    """
    lines = [line for line in lines if not line.post]
    if not lines:
        return [], []
    found: dict[str, tuple[str, str]] = {}
    """Address and key of each picture."""
    known: set[str] = set()

    def look(posts: Iterable[Post]) -> None:
        for post in posts:
            for node in walk(post, Image):
                before = f"{listed_name(post.metadata)}/"
                known.add(before + _path_of(node.src).rpartition("/")[2])
                found.setdefault(_identify(post, node.src), (node.src, before + _address(node.src)))

    look(book)
    if not all(any(line.means(source) for source, _ in found.values()) for line in lines):
        look(others)
    sources = [source for source, _ in found.values()]
    right: list[PictureWords] = []
    reported = []
    for line in lines:
        exact = line.among(sources)
        meant = [key for source, key in found.values() if exact.means(source)]
        if len(meant) == 1:
            right.append(exact)
        else:
            reported.append(_not_applied(exact, meant, known, file))
    return right, reported


def _not_applied(
    line: PictureWords, meant: Iterable[str], known: Iterable[str], source: str
) -> Diagnostic:
    many = sorted(meant)
    if many:
        message = f"{line.line.key!r} means several pictures: {', '.join(many[:3])}"
        hint = "Hint: put the post, or more of the address, before the name"
    else:
        message = f"there is no picture {line.line.key!r}{did_you_mean(line.line.key, known)}"
        hint = "Hint: `clothbound update` lists the pictures that have no words"
    severity = Severity.ERROR if line.line.words else Severity.WARNING
    message = f"{message}. {hint}"
    return Diagnostic(DiagnosticCode.EDIT_STALE, message, source, line.line.line, severity)


def _keys_in(post: Post, line: PictureWords) -> list[str]:
    """Returns the keys of the pictures of a post, with the post as the line names it."""
    before = line.line.key.removesuffix(line.end)
    entries = _entries(post, "")
    return [f"{before}{_find_end(entry, entries)}" for entry in entries]


# --- the pictures without words -------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Entry:
    """A picture as a post shows it."""

    post: str
    """The name of the post in the file."""
    key: str
    """The key of the post."""
    source: str
    path: str
    """That of the address, without what differs between renditions. For a picture within the post it has a digest, which
    is made once."""
    identity: str
    """The same for the same picture in other posts, and in other renditions."""
    hint: str
    """The words that show which picture it is."""
    lacks_words: bool


class PictureList:
    """Collects the pictures of a book, post by post, and writes lines for those without words."""

    def __init__(self) -> None:
        self._entries: list[_Entry] = []

    def add(self, post: Post, role: str = "") -> None:
        """Adds the pictures of a post, or of a text of the book's own with its role."""
        self._entries.extend(_entries(post, role or listed_name(post.metadata)))

    def lines(self, listed: Sequence[PictureWords] = ()) -> list[str]:
        """Returns a line for each picture that has no words, and that no line of the file is for, in their order."""
        left = [
            entry
            for entry in self._entries
            if entry.lacks_words
            and not any(
                line.post in ("", entry.key) and line.means(entry.source) for line in listed
            )
        ]
        posts = Counter(identity for _, identity in {(e.key, e.identity) for e in left})
        by_post: dict[str, list[_Entry]] = {}
        for entry in self._entries:
            by_post.setdefault(entry.key, []).append(entry)
        rows: dict[str, str] = {}
        for entry in left:
            key = _find_end(entry, self._entries) if posts[entry.identity] > 1 else ""
            # A folder of its own for each post may hold another picture of the same name.
            key = key or f"{entry.post}/{_find_end(entry, by_post[entry.key])}"
            rows.setdefault(key, f'{name(key)} = ""  # {entry.hint}')
        return list(rows.values())


def count_undescribed(posts: Iterable[Post]) -> tuple[int, int]:
    """Returns the number of pictures that have no words, and that of all pictures."""
    lacking = [lacks_words(node) for post in posts for node in walk(post, Image)]
    return sum(lacking), len(lacking)


def _entries(post: Post, post_name: str) -> list[_Entry]:
    """Returns the pictures of a post; of one that it shows several times, the first without words, if there is any."""
    found: dict[str, _Entry] = {}
    captions: dict[int, str] = {}
    places: Counter[str] = Counter()
    before = ""
    for node in walk(post):
        match node:
            case Gallery(figures, caption):
                before += " "
                for figure in figures:
                    captions[id(figure.image)] = plain_text(caption)
            case Figure(image, caption):
                before += " "
                captions[id(image)] = plain_text(caption) or captions.get(id(image), "")
            case Text(text):
                before = f"{before}{text}"[-2 * _HINT :]
            case Image() if node.src:
                hint = _hint(post, captions.get(id(node), ""), before)
                places[hint] += 1
                hint += f" ({places[hint]})" if places[hint] > 1 else ""
                identity = _identify(post, node.src)
                lacks = lacks_words(node)
                path = _path_of(node.src)
                entry = _Entry(post_name, post.metadata.key, node.src, path, identity, hint, lacks)
                if node.src not in found or entry.lacks_words > found[node.src].lacks_words:
                    found[node.src] = entry
            case _:
                before += " "
    return list(found.values())


def _hint(post: Post, caption: str, before: str) -> str:
    words = " ".join(before.split())
    if caption:
        place = quoted(_cut(" ".join(caption.split())))
    elif words:
        tail = words if len(words) <= _HINT else "..." + words[-_HINT:].partition(" ")[2]
        place = f"after {quoted(tail)}"
    else:
        place = "at the beginning"
    title = " ".join(post.metadata.title.split())
    return f"{_cut(title)}: {place}" if title else place


def _cut(text: str) -> str:
    return text if len(text) <= _HINT else text[:_HINT].rpartition(" ")[0] + "..."


def _find_end(entry: _Entry, among: Iterable[_Entry]) -> str:
    """Returns the end of a picture's address that tells it from others: its name, with as many folders as are needed,
    or all of the address; empty if another picture has the same address.
    """
    others = [other for other in among if other.identity != entry.identity]
    parts = entry.path.split("/")
    for count in range(1, len(parts) + 1):
        end = "/".join(parts[-count:])
        if end and not any(f"/{other.path}".endswith(f"/{end}") for other in others):
            return end
    return entry.source if all(other.source != entry.source for other in others) else ""


def _identify(post: Post, source: str) -> str:
    """Returns what is the same for a picture in every post: its address, or its file."""
    if post.base is None or is_data(source) or is_remote(source):
        return _address(source)
    if post.base.root and source.startswith("/"):
        return f"{post.base.root}{_address(source)}"
    return f"{post.base.path}/{post.base.prefix}/{_address(source)}"


def _address(source: str) -> str:
    """Returns the address of a picture, whatever its rendition; for one within the post, a digest."""
    if is_data(source):
        return f"data-{hashlib.sha256(source.encode('utf-8', 'replace')).hexdigest()[:12]}"
    return cdn.unwrap(source).original.partition("#")[0] or source


def _path_of(source: str) -> str:
    address = _address(source)
    return unquote(address.partition("?")[0]) or address
