"""The reports of a conversion: diagnostics, and the account of what was lost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, MutableMapping, ValuesView
from enum import StrEnum
from itertools import chain
from typing import Final, TypeAlias

import msgspec

from . import stored_items
from .console_text import abridge, printable
from .stored_items import StoredTable


class Severity(StrEnum):
    """How serious a diagnostic is. The command prints errors even with ``--quiet``."""

    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


class DiagnosticCode(StrEnum):
    """Stable names for what can be reported. The comment of each generates docs/reference/diagnostics.md."""

    # the source
    POST_UNREADABLE = "post-unreadable"
    """The post cannot be decoded or parsed, or is over a limit; it is left out or kept as text."""
    ENCODING_REPAIRED = "encoding-repaired"
    """Control characters, a byte order mark or bytes of another encoding were removed or replaced."""
    HEADER_REPAIRED = "header-repaired"
    """The front matter was not valid and was read after a repair."""
    HEADER_IGNORED = "header-ignored"
    """The front matter could not be read; it was set aside and the body kept."""
    HEADER_VALUE = "header-value"
    """A field of the front matter has a value that cannot be what it should be."""
    SHORTCODE_KEPT = "shortcode-kept"
    """A shortcode of a site generator was kept as text, as the source has it, or holds words that no page shows, which were
    left out."""
    MARKUP_REPAIRED = "markup-repaired"
    """Markup was read otherwise than it is written: elements that are unclosed, misplaced or unknown, a
    link within a link, a feed that is not well-formed, data of a component that cannot be read, blocks
    in a table's cell, which became lines, a table that could not be read, which stands as code, and
    what is over a bound of depth or number."""
    FOOTNOTE_UNDEFINED = "footnote-undefined"
    """A footnote mark has no note; the mark is kept in the text."""
    FOOTNOTE_UNUSED = "footnote-unused"
    """A note has no mark in the text; it is kept at the end of the post."""
    ID_DUPLICATE = "id-duplicate"
    """Two elements of a post have the same id; the later one was renamed."""
    FILES_PASSED_OVER = "files-passed-over"
    """Files of a folder are not read: they are in another format, are not posts (README, packages, themes) or are excluded; or
    pages of an export are not read, which are no posts."""
    ARCHIVE_FILE = "archive-file"
    """A file of an archive was not read: it leads out, is a link, is damaged or has no place there."""
    ARCHIVE_ROW = "archive-row"
    """The list of posts and the posts' files disagree: an entry is missing or is given twice."""
    TEXT_MISSING = "text-missing"
    """An archive's list has a post whose text is not in it, or only as it was as an earlier draft."""
    PRIVATE_FILE = "private-file"
    """Files with subscribers' data lie in an archive. They are never read and never copied."""
    FEED_EXCERPT = "feed-excerpt"
    """The feed holds only the beginning of the post, or its summary."""
    # the manuscript
    MERGE_CONFLICT = "merge-conflict"
    """The post was changed in its file and in the export at the same place; the file has both texts between marks."""
    MERGE_MOVED = "merge-moved"
    """A paragraph stands in its old place again, or in two places: one side moved it, and the other moved or changed it or took it out."""
    MERGE_REFUSED = "merge-refused"
    """A file of the manuscript could not be merged into; it is as it was."""
    MERGE_ADOPTED = "merge-adopted"
    """A file was there before the first import and differs from the export; it is as it was."""
    POST_DELETED = "post-deleted"
    """The file of a post was deleted by its author; the import does not make it again."""
    POST_GONE = "post-gone"
    """A post of the manuscript is not in the newer export; its file is kept."""
    # the book
    INFERRED = "inferred"
    """A title, author, language, host or generator of a site was not given and was inferred."""
    POST_SKIPPED = "post-skipped"
    """Posts were left out by the selection: secret ones, which are counted and not named, those for
    an audience, those without a date."""
    SELECTED = "selected"
    """How many posts were taken of how many, how many lists leave out, and which options take more; always printed."""
    PUBLICATION_STATE = "publication-state"
    """A product holds posts that are secret, or a post that may be meant to be."""
    EDITED = "edited"
    """The post was changed for this book, by an edited text or a rule; the report lists the words that were removed."""
    EDIT_STALE = "edit-stale"
    """An edited text or a rule was made for a post as it was, or finds nothing; it was not applied."""
    REPEATED = "repeated"
    """Blocks that begin or end many posts were left out of this book; how many posts had each is always printed."""
    INDEX_TERM = "index-term"
    """A term of the index stands nowhere in the book, or the index refers to one that it lacks."""
    COVER_UNUSED = "cover-unused"
    """The book has a cover that the product does not show."""
    LINK_UNRESOLVED = "link-unresolved"
    """A link leads to nothing: a fragment that its target lacks, a file that is not there, a name that
    no post has, or several."""
    # resources
    IMAGE_MISSING = "image-missing"
    """A picture does not exist, or may not be read; its description or caption replaces it."""
    IMAGE_REMOTE = "image-remote"
    """A picture is on the network and was not fetched: it is missing from a book, and a page loads it from there."""
    IMAGE_BESIDE = "image-beside"
    """A picture of the post's own is not copied: the product names it by its way from the source."""
    IMAGE_CONVERTED = "image-converted"
    """A picture was converted to a type that the target can show."""
    IMAGE_UNREADABLE = "image-unreadable"
    """A picture's bytes are not a picture, or are one that is over a limit."""
    IMAGE_CUT = "image-cut"
    """A part of a picture is missing: of an SVG, words that only browsers show or a file that it names; of a damaged file, what cannot be read."""
    IMAGE_HEAVY = "image-heavy"
    """A picture, or all pictures of a book, have more bytes than the target takes."""
    ALT_MISSING = "alt-missing"
    """A picture has no alternative text."""
    GLYPH_MISSING = "glyph-missing"
    """No font has a character of the text."""
    FACE = "face"
    """Which face sets a script other than Latin, Greek and Cyrillic; a warning where none is a face for books."""
    # loss
    NODE_SIMPLIFIED = "node-simplified"
    """An element was written in a simpler form, its content kept."""
    NODE_CHROME = "node-chrome"
    """A button or form of the web page was left out; it has no use in the target."""
    NODE_DROPPED = "node-dropped"
    """An element was left out; the target cannot hold it."""
    NODE_FILTERED = "node-filtered"
    """A filter took an element, or words of it, out of the post; the report lists the words."""
    RAW_DROPPED = "raw-dropped"
    """Raw markup of another format, or unsafe markup, was left out."""
    PAYWALL_CUT = "paywall-cut"
    """The post was cut at its paywall, because the readers of the product do not pay."""
    TYPOGRAPHY = "typography"
    """Spaces or quotation marks were changed for typesetting."""
    # stores
    STORE_RULE = "store-rule"
    """The store or device that the book is for would refuse this, or show it badly."""
    GENERATOR_RULE = "generator-rule"
    """The generator of sites that Markdown is written for shows this only if it is told to."""
    # the printed page
    PAGE_FAULT = "page-fault"
    """A finished page has a fault: ink on ink, text that is cut off, a wrong or missing face, a false direction, an
    empty or turned picture, untrue contents."""
    PAGE_ADVICE = "page-advice"
    """A finished page could be better: stretched lines, rivers, white, short pages, parted headings."""
    # the product
    PRODUCT_FILE = "product-file"
    """A file in a product's folder that no longer belongs to the product: it was removed, or it was kept."""
    CONTENT_MISSING = "content-missing"
    """A product lacks words, notes, pictures or links of its source, and no report names them."""
    # the run
    JOBS = "jobs"
    """One process made the product though several were asked for: a filter or another object of the caller cannot be sent to others, or none can be started."""
    # engines
    ENGINE = "engine"
    """A message of an outside engine or checker."""


class Diagnostic(msgspec.Struct, frozen=True):
    """One finding. ``source`` is the file as the reader named it; ``line`` is 1-based, 0 unknown.

    ``text`` is the content concerned where something was simplified, left out as chrome, dropped or filtered,
    so that the report holds every word that the target does not. Of pictures and links without words, it is their
    addresses; of a card of a secret post, ``REDACTED`` for each word.
    """

    code: DiagnosticCode
    message: str
    source: str = ""
    line: int = 0
    severity: Severity = Severity.WARNING
    text: str = ""
    setting: str = ""
    """What was inferred, as an argument of ``api.book``, or ``filters`` that are not run; a command adds how it is
    given there."""

    def __str__(self) -> str:
        place = self.source or "clothbound"
        if self.line:
            place += f":{self.line}"
        return printable(f"{place}: {self.severity}: {abridge(self.message)} [{self.code}]")


REDACTED = "\N{FULL BLOCK}"
"""Stands in the text of a diagnostic for each word that nobody may read there: of the card of a secret post."""

LineDiagnostic: TypeAlias = tuple[DiagnosticCode, str, int]
"""A code, a message, and a line of a text that does not know the name of its file."""


def locate(findings: Iterable[LineDiagnostic], source: str) -> Iterator[Diagnostic]:
    """Yields the diagnostics of findings in the file ``source``."""
    for code, message, line in findings:
        severity = Severity.INFO if code is DiagnosticCode.FOOTNOTE_UNUSED else Severity.WARNING
        yield Diagnostic(code, message, source, line, severity)


class Diagnostics:
    """Collects diagnostics, each once, in order."""

    def __init__(self, hear: Callable[[Diagnostic], None] | None = None) -> None:
        """``hear`` is called with each diagnostic when it is added for the first time."""
        self.hear = hear
        self._first: dict[Diagnostic, None] = {}
        self._further: StoredTable[Diagnostic] = StoredTable(Diagnostic)
        """Those behind the first ones, by digests."""

    def add(self, diagnostic: Diagnostic) -> None:
        if diagnostic in self._first:
            return
        if len(self._first) < stored_items.MOST_IN_MEMORY:
            self._first[diagnostic] = None
        else:
            digest = _digest_of(diagnostic)
            if digest in self._further:
                return
            self._further[digest] = diagnostic
        if self.hear is not None:
            self.hear(diagnostic)

    def extend(self, diagnostics: Iterable[Diagnostic]) -> None:
        for diagnostic in diagnostics:
            self.add(diagnostic)

    def __iter__(self) -> Iterator[Diagnostic]:
        return chain(self._first, self._further.values())

    def __getstate__(self) -> dict[str, object]:
        # A report crosses to other processes; a caller's function need not.
        return {**self.__dict__, "hear": None}

    def __len__(self) -> int:
        return len(self._first) + len(self._further)


def _digest_of(diagnostic: Diagnostic) -> str:
    import hashlib

    return hashlib.sha256(repr(diagnostic).encode("utf-8", "backslashreplace")).hexdigest()


class FileReport(msgspec.Struct, frozen=True):
    """Diagnostics about a file that several posts may show: a book reports them of the first one alone."""

    digest: str
    """Of the file's bytes."""
    first: int
    """The number of the first diagnostic about it among those of the post."""
    end: int


class Outcome(StrEnum):
    """The outcome of a node in a target. A node without a recorded outcome was kept."""

    SIMPLIFIED = "simplified"
    CHROME = "chrome"
    MISSING = "missing"
    """A picture is not in the target. Only ``Context.miss_picture`` records this."""
    DROPPED = "dropped"
    FILTERED = "filtered"
    """A filter of the user took it out. ``strict`` lets it pass."""


def fallback_message(extension: str) -> str:
    """Returns what a writer reports of an extension whose name it does not know."""
    return f"extension {extension!r} written as its fallback"


def dangling_mark_message(words: str) -> str:
    """Returns what a reader reports of the mark of a note that is not there."""
    return f"the footnote mark {words!r} has no note; it stays as text"


def raw_message(form: str) -> str:
    """Returns what a writer reports of raw markup in a format that it does not write."""
    return f"raw {form} was left out"


class Tally(msgspec.Struct, gc=False):
    """Counts of one post: words as ``str.split`` counts them, notes as notes (not marks)."""

    nodes: int = 0
    words: int = 0
    links: int = 0
    pictures: int = 0
    notes: int = 0

    def __sub__(self, other: Tally) -> Tally:
        return Tally(
            self.nodes - other.nodes,
            self.words - other.words,
            self.links - other.links,
            self.pictures - other.pictures,
            self.notes - other.notes,
        )

    def __iadd__(self, other: Tally) -> Tally:
        self.nodes += other.nodes
        self.words += other.words
        self.links += other.links
        self.pictures += other.pictures
        self.notes += other.notes
        return self


class PostLink(msgspec.Struct, frozen=True):
    """A link to a post of the publication, in the book or left out of it."""

    href: str
    """As the post has it."""
    line: int
    """1-based, 0 unknown."""
    key: str
    """Of the post that it leads to; empty: of none that was read."""
    address: str = ""
    """Where it leads from the book; empty: nowhere, its text stays. Of a post left out only."""


_NO_HOSTS: Final[Counter[str]] = Counter()
"""The empty counter of all posts without pictures from the network. It is replaced, never added to."""


def _no_hosts() -> Counter[str]:
    return _NO_HOSTS


class PostAccount(msgspec.Struct):
    """The counts of one post that went into a target. ``left_out`` counts what was lost as chrome, with missing
    pictures, by drops and by filters, ``added`` what filters brought in.
    """

    key: str
    source: str
    read: Tally
    left_out: Tally = msgspec.field(default_factory=Tally)
    added: Tally = msgspec.field(default_factory=Tally)
    simplified: int = 0
    chrome: int = 0
    missing: int = 0
    """Pictures that the target lacks."""
    dropped: int = 0
    filtered: int = 0
    """Elements that filters took out, or took words out of."""
    unfetched: Counter[str] = msgspec.field(default_factory=_no_hosts)
    """Pictures that were not fetched, previews of embeds too, by the host that has them."""
    remote: Counter[str] = msgspec.field(default_factory=_no_hosts)
    """Pictures that the target shows from the network, by host. They are kept."""
    beside: int = 0
    """The post's own pictures that the target names by their paths in the source, and does not contain."""
    counted: set[str] | None = None
    """Addresses of pictures that are counted above, if any is."""
    role: str = ""
    """The role of a text of the book's own, such as ``foreword``; empty for a post."""
    is_partly_paid: bool = False
    """Whether the mark of a paywall was left out, so that the target has what stands behind it."""
    links_inside: list[PostLink] = []
    """Links to posts that are in the book."""
    links_left_out: list[PostLink] = []
    """Links to posts of the publication that are not."""

    @property
    def written(self) -> Tally:
        written = self.read - self.left_out
        written += self.added
        return written


class _Accounts(MutableMapping[str, PostAccount]):
    """The accounts of posts, by key. Those that change no more need no memory."""

    def __init__(self) -> None:
        self._finished: StoredTable[PostAccount] = StoredTable(PostAccount)
        self._open: dict[str, PostAccount] = {}

    def finish(self, account: PostAccount) -> None:
        """Adds an account that changes no more."""
        self._open.pop(account.key, None)
        self._finished[account.key] = account

    def __getitem__(self, key: str) -> PostAccount:
        found = self._open.get(key)
        return self._finished[key] if found is None else found

    def __setitem__(self, key: str, account: PostAccount) -> None:
        self._finished.pop(key, None)
        self._open[key] = account

    def __delitem__(self, key: str) -> None:
        if key in self._open:
            del self._open[key]
        else:
            del self._finished[key]

    def __iter__(self) -> Iterator[str]:
        return chain(self._finished, self._open)

    def __len__(self) -> int:
        return len(self._finished) + len(self._open)

    def values(self) -> ValuesView[PostAccount]:
        return _AccountValues(self)

    def __repr__(self) -> str:
        return repr(dict(self))


class _AccountValues(ValuesView[PostAccount]):
    _mapping: _Accounts

    def __iter__(self) -> Iterator[PostAccount]:
        return chain(self._mapping._finished.values(), self._mapping._open.values())


class LossReport(msgspec.Struct):
    """The account of a conversion: what was read and written, post by post, and all diagnostics."""

    target: str
    accounts: MutableMapping[str, PostAccount] = msgspec.field(default_factory=_Accounts)
    """By key, in the order in which the posts were written."""
    diagnostics: Diagnostics = msgspec.field(default_factory=Diagnostics)
    removed: int = 0
    """The number of files of earlier runs that were removed from the product's folder."""

    def finish(self, account: PostAccount) -> None:
        """Adds the account of a post that changes no more."""
        if isinstance(self.accounts, _Accounts):
            self.accounts.finish(account)
        else:
            self.accounts[account.key] = account

    @property
    def dropped(self) -> int:
        """The number of elements that the target does not hold, chrome not counted."""
        return sum(account.dropped for account in self.accounts.values())

    @property
    def missing(self) -> int:
        """The number of pictures that the target lacks."""
        return sum(account.missing for account in self.accounts.values())

    @property
    def unfetched(self) -> Counter[str]:
        """The pictures that were not fetched, previews of embeds too, by host."""
        return sum((account.unfetched for account in self.accounts.values()), Counter())

    @property
    def remote(self) -> Counter[str]:
        """The pictures that the target shows from the network, by host."""
        return sum((account.remote for account in self.accounts.values()), Counter())

    @property
    def beside(self) -> int:
        """The number of the posts' own pictures that the target names and does not hold."""
        return sum(account.beside for account in self.accounts.values())

    @property
    def stale(self) -> int:
        """The number of edits and rules of the book that were not applied."""
        return sum(d.code is DiagnosticCode.EDIT_STALE for d in self.diagnostics)

    @property
    def bad(self) -> tuple[Diagnostic, ...]:
        """The posts that could not be read, one diagnostic each."""
        return tuple(d for d in self.diagnostics if d.code is DiagnosticCode.POST_UNREADABLE)


def everything_told(report: LossReport) -> tuple[Diagnostic, ...]:
    """Returns the diagnostics of a report, and one for each link that leads nowhere since its post is left out."""
    accounts = report.accounts.values()
    links = (told for one in accounts for told in links_told(one.source, one.links_left_out))
    return (*report.diagnostics, *links)


def links_told(source: str, links: Iterable[PostLink]) -> Iterator[Diagnostic]:
    """Yields a diagnostic for each of a post's links that has no address, since its post is left out."""
    for link in links:
        if not link.address:
            message = f"link to {link.href}, a post that is left out"
            yield Diagnostic(DiagnosticCode.LINK_UNRESOLVED, message, source, link.line)
