"""What one conversion works with: its run, and the state that its writer and transforms share."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final, TypeAlias, TypeVar

from msgspec import structs

from .diagnostics import (
    REDACTED,
    Diagnostic,
    DiagnosticCode,
    Diagnostics,
    FileReport,
    LossReport,
    Outcome,
    PostAccount,
    Severity,
    Tally,
)
from .media.converter import Converter
from .media.resources import Resource, Resources
from .model.blocks import Embed, Media
from .model.census import PostCensus, PostCounter, tally
from .model.collection import Collection
from .model.index import Index
from .model.inlines import Image
from .model.node import Node
from .model.plain_text import picture_words, plain_text
from .model.post import Footnote, Post
from .model.publication import PAYERS, Reason, Verdict
from .model.walk import Visit, addresses_of, walk
from .moment import moment_of_run
from .progress import PICTURES, Progress
from .run import Run, run_of
from .web.addresses import is_data

if TYPE_CHECKING:
    from .artifact import Artifact
    from .filters import Filters
    from .isolated import WaitingWorkers
    from .model.edge_blocks import RepeatedBlock
    from .questions import Questions

T = TypeVar("T")
A = TypeVar("A", bound=Node)

_CODES = {
    Outcome.SIMPLIFIED: (DiagnosticCode.NODE_SIMPLIFIED, Severity.INFO),
    Outcome.CHROME: (DiagnosticCode.NODE_CHROME, Severity.INFO),
    Outcome.DROPPED: (DiagnosticCode.NODE_DROPPED, Severity.WARNING),
    Outcome.FILTERED: (DiagnosticCode.NODE_FILTERED, Severity.INFO),
}

ReportLoss: TypeAlias = Callable[[Outcome, Node, str], None]
"""Says that a node was not written as it is, and in which words."""

_NAMED = 120
"""Characters of a picture's address in messages."""


def _write_nothing(options: Any) -> Artifact:
    raise RuntimeError(
        f"no product of {options.format!r} here: write() did not begin this conversion"
    )


def _load_nothing(position: int, context: Context) -> Post:  # noqa: ARG001
    raise RuntimeError(f"no post {position} here: write() did not begin this conversion")


class Context:
    """State shared by one conversion: its ``Run``, resources, index and report.

    Writers and transforms report through it and keep nothing else. Whoever makes one gives it all;
    nothing is set afterwards.
    """

    __slots__ = (
        "_counter",
        "_pictures_begun",
        "_pictures_of_post",
        "checked_filters",
        "converter",
        "file_reports",
        "index",
        "is_public",
        "language",
        "load_post",
        "moment",
        "opened",
        "posts_as_read",
        "product_audiences",
        "questions",
        "repeated",
        "report",
        "resources",
        "run",
        "waiting_workers",
        "withheld",
        "write_again",
        "write_other",
    )

    def __init__(
        self,
        run: Run | None = None,
        *,
        report: LossReport | None = None,
        resources: Resources | None = None,
        converter: Converter | None = None,
        filters: Filters | None = None,
        index: Index | None = None,
        moment: datetime | None = None,
        language: str = "en",
        is_public: bool = False,
        product_audiences: frozenset[str] | None = None,
        withheld: frozenset[str] = frozenset(),
        posts_as_read: Collection | None = None,
        repeated: Sequence[RepeatedBlock] = (),
        write_other: Callable[..., Artifact] = _write_nothing,
        load_post: Callable[[int, Context], Post] = _load_nothing,
        write_again: Callable[[Run], Callable[[], Artifact]] | None = None,
        waiting_workers: WaitingWorkers | None = None,
        questions: Questions | None = None,
    ) -> None:
        self.run: Final = run_of(run)
        self.report: Final = report or LossReport("")
        if self.run.diagnostics is not None:
            self.report.diagnostics.hear = self.run.diagnostics
        self.resources: Final = resources or Resources(self.run.limits, self.run.fetch)
        self.converter: Final = converter or Converter(
            self.run.limits,
            cache=self.run.cache,
            executor=self.run.executor,
            hear=self.run.progress,
        )
        self.opened: Final[dict[str, Resource]] = {}
        """The pictures of the post that is being written that were opened before its turn, by address."""
        self.checked_filters: Final = filters
        """The filters of the run, checked; None if it has none."""
        self.index: Final = Index(()) if index is None else index
        self.moment: Final = moment or moment_of_run(self.run.now)
        """The moment of the run, at which it is decided what is public."""
        self.language: Final = language
        """The book's, for posts that name none."""
        self.is_public: Final = is_public
        """Whether the product is for the public."""
        self.product_audiences: Final = product_audiences
        """The audiences that the product is for; None if it is its author's own."""
        self.withheld: Final = withheld
        """The keys of secret posts that were read and that the product does not hold."""
        self.posts_as_read: Final = (
            Collection(posts=(), index=self.index) if posts_as_read is None else posts_as_read
        )
        """The posts before any transform."""
        self.repeated: Final = tuple(repeated)
        """The blocks that begin or end many posts of the product, if it leaves them out."""
        self.write_other: Final = write_other
        """Makes another product of ``posts_as_read`` in the same run and at the same moment, from the
        options of its writer, for a writer whose own product holds it and whose report has its
        diagnostics."""
        self.load_post: Final = load_post
        """Loads the post at a position as the product holds it, and reports to the context that is given."""
        self.write_again: Final = write_again
        """Returns what makes this product ready once more, for a run in another process that makes some of its parts."""
        self.waiting_workers: Final = waiting_workers
        """Processes that were started for this product before its posts were read."""
        self.questions: Final = questions
        """What the post that is being written asks of other posts and of files, where that is collected."""
        self.file_reports: Final[list[FileReport]] = []
        """Which of the diagnostics are about a file that other posts may show too."""
        self._pictures_of_post: tuple[Post, Counter[str], frozenset[str]] | None = None
        """A post, how often it shows each picture by address, and the previews in it."""
        self._counter = PostCounter()
        """The post whose nodes were counted last."""
        self._pictures_begun: tuple[Post, int] | None = None
        """A post whose pictures are being read, and how many are done."""

    @property
    def diagnostics(self) -> Diagnostics:
        return self.report.diagnostics

    def aside(self) -> Context:
        """The same conversion with a report of its own, for work that is accounted for elsewhere.

        Nobody hears its diagnostics and its progress.
        """
        return self._within(structs.replace(self.run, diagnostics=None, progress=None))

    def _within(self, run: Run, questions: Questions | None = None) -> Context:
        index, resources = self.index, self.resources
        if questions is not None:
            from .questions import AskedIndex, AskedResources

            index = AskedIndex(index, questions)
            resources = AskedResources(resources, questions)
        return Context(
            run,
            report=LossReport(self.report.target),
            resources=resources,
            converter=self.converter,
            filters=self.checked_filters,
            index=index,
            questions=questions or self.questions,
            moment=self.moment,
            language=self.language,
            is_public=self.is_public,
            product_audiences=self.product_audiences,
            withheld=self.withheld,
            posts_as_read=self.posts_as_read,
            repeated=self.repeated,
            write_other=self.write_other,
            load_post=self.load_post,
        )

    def show_progress(self, phase: str, done: int = 0, total: int | None = None) -> None:
        """Says that ``done`` of ``total`` items of a phase are finished."""
        if self.run.progress is not None:
            self.run.progress(Progress(phase, done, total))

    def show_picture(self, post: Post) -> None:
        """Says that one more picture of ``post`` is read and converted."""
        if self.run.progress is not None:
            before = self._pictures_begun
            done = before[1] + 1 if before is not None and before[0] is post else 0
            self._pictures_begun = post, done
            total = self._pictures_in(post)[0].total()
            self.run.progress(Progress(PICTURES, done, max(total, done + 1)))

    def census(self, post: Post) -> PostCensus:
        """Returns what the tree of ``post`` holds. It is counted again only when it is another tree than the last one."""
        return self._counter.count(post)

    def rewrite(self, post: Post, visit: Visit[A], kinds: AbstractSet[type[A]]) -> Post:
        """Returns ``post`` with ``visit`` applied to its nodes of these kinds, as ``model.rewrite`` does.

        Only blocks that hold one, by the census, are gone through. ``kinds`` must not have Text, which is in nearly all.
        """
        return self._counter.rewrite(post, visit, kinds)

    def text_of(self, block: Node) -> str:
        """Returns the words of a block of a post, as its census has them."""
        return self._counter.text_of(block)

    def verdict_of_copy(self, post: Post) -> Verdict:
        """Returns who may see a copy of ``post`` in which nothing marks the paywall any more, so that it gives nothing away
        when it is read again.
        """
        verdict = post.metadata.verdict(self.moment)
        account = self.report.accounts.get(post.metadata.key)
        if account is not None and account.is_partly_paid and verdict.is_for_everyone:
            return verdict.with_reason(Reason("restricted", PAYERS))
        return verdict

    def open_account(self, post: Post, role: str = "") -> None:
        """Begins the account of a post as it was read, again if it is read again.

        ``role`` is that of a text of the book.
        """
        key, source = post.metadata.key, post.metadata.source
        self.report.accounts[key] = PostAccount(key, source, self.census(post).tally, role=role)
        self.diagnostics.extend(post.diagnostics)

    def account(
        self,
        outcome: Outcome,
        post: Post,
        node: Node | Footnote | Iterable[Node],
        message: str,
        around: int = 0,
        *,
        is_secret: bool = False,
    ) -> None:
        """Says that a node, a note or a run of nodes of ``post`` was not written as it is.

        ``message`` is what happened and how to mend it: ``poll left out``. ``around`` is the line of
        what the node stands in, for one that has none. ``is_secret``: the report holds none of its
        words, but how many they are.
        """
        root = node if isinstance(node, (Node, Footnote)) else tuple(node)
        if outcome is Outcome.MISSING:
            for image in walk(root):
                if isinstance(image, Image):
                    self.miss_picture(post, image, DiagnosticCode.IMAGE_MISSING, message)
            return
        account = self.report.accounts.get(post.metadata.key)
        if account is not None:
            if outcome is Outcome.SIMPLIFIED:
                account.simplified += 1
            else:
                account.left_out += tally(root)
                if outcome is Outcome.CHROME:
                    account.chrome += 1
                else:
                    account.dropped += 1
        code, severity = _CODES[outcome]
        line = next((n.line for n in walk(root) if n.line), around)
        self.diagnostics.add(
            Diagnostic(
                code,
                message,
                post.metadata.source,
                line,
                severity,
                _redact(plain_text(root)) if is_secret else _said(root),
            )
        )

    def report_filtered(
        self,
        post: Post,
        node: Footnote | Iterable[Node],
        words: str,
        message: str,
        around: int = 0,
    ) -> None:
        """Says that a filter took ``words`` of ``node`` out of ``post``, or something without words.

        ``message`` names the filter, and ``around`` is the line for nodes that have none.
        ``account_filters`` counts what is gone.
        """
        account = self.report.accounts.get(post.metadata.key)
        if account is not None:
            account.filtered += 1
        code, severity = _CODES[Outcome.FILTERED]
        line = next((n.line for n in walk(node) if n.line), around)
        self.diagnostics.add(Diagnostic(code, message, post.metadata.source, line, severity, words))

    def account_filters(self, before: Post, after: Post) -> None:
        """Counts what the filters took out of a post and what they brought in."""
        account = self.report.accounts.get(before.metadata.key)
        if account is None:
            return
        old, new = tally(before), tally(after)
        for name in Tally.__struct_fields__:
            more = getattr(new, name) - getattr(old, name)
            counted = account.added if more > 0 else account.left_out
            setattr(counted, name, getattr(counted, name) + abs(more))

    def note_file(self, digest: str, first: int) -> None:
        """Notes that the diagnostics from number ``first`` on are about a file that other posts may show too."""
        if len(self.diagnostics) > first:
            self.file_reports.append(FileReport(digest, first, len(self.diagnostics)))

    def miss_picture(
        self, post: Post, image: Image, code: DiagnosticCode, reason: str, host: str = ""
    ) -> None:
        """Says that the product lacks a picture, and why, and counts it as missing.

        ``host`` has the picture, where it was not fetched. However often a picture is asked for, it
        counts as often as the post shows it. The preview of an embed or a recording is no picture of
        the post's own: its card stands without it, and it is not missing.
        """
        account, read, others = self._uncounted(post, image)
        times = read + others
        if account is not None:
            account.missing += times
            # A cover, or a picture of raw HTML, is missing like others, and not among those read.
            left_out = account.left_out.pictures + read
            there = account.read.pictures + account.added.pictures
            account.left_out.pictures = min(left_out, there)
            if host:
                account.unfetched = account.unfetched + Counter({host: times or 1})
        severity = Severity.WARNING if times else Severity.INFO
        self.warn(code, f"picture {picture_label(image)}: {reason}", post, image.line, severity)

    def keep_remote_picture(self, post: Post, image: Image, host: str) -> None:
        """Says that the product shows a picture from ``host``, and counts it as kept."""
        account, read, others = self._uncounted(post, image)
        if account is not None and read + others:
            account.remote = account.remote + Counter({host: read + others})
        message = f"picture {picture_label(image)}: it stays on the network"
        self.warn(DiagnosticCode.IMAGE_REMOTE, message, post, image.line, Severity.INFO)

    def leave_picture_beside(self, post: Post, image: Image) -> None:
        """Says that the product names a picture of the post's own by its way from the source, and does
        not hold it. Whether it is found there depends on where the product is put.
        """
        account, read, others = self._uncounted(post, image)
        if account is not None:
            account.beside += read + others
        message = f"picture {picture_label(image)}: it is not copied, and stays beside the source"
        self.warn(DiagnosticCode.IMAGE_BESIDE, message, post, image.line, Severity.INFO)

    def _uncounted(self, post: Post, image: Image) -> tuple[PostAccount | None, int, int]:
        """The post's account, None where the picture is counted there already; how often the post's
        nodes show it, and whether (1) it is shown without being one of them: a cover, one of raw HTML.
        """
        pictures, previews = self._pictures_in(post)
        read = pictures[image.src]
        others = int(not read and image.src not in previews)
        account = self.report.accounts.get(post.metadata.key)
        if account is None or image.src in (account.counted or ()):
            return None, read, others
        account.counted = account.counted or set()
        account.counted.add(image.src)
        return account, read, others

    def _pictures_in(self, post: Post) -> tuple[Counter[str], frozenset[str]]:
        """Returns how often a post shows each picture, by address, and the previews in it."""
        if self._pictures_of_post is None or self._pictures_of_post[0] is not post:
            # One walk for all pictures of a post: it may have hundreds.
            nodes = list(walk(post))
            pictures = Counter(node.src for node in nodes if isinstance(node, Image))
            previews = frozenset(
                node.thumbnail if isinstance(node, Embed) else node.poster
                for node in nodes
                if isinstance(node, (Embed, Media))
            )
            self._pictures_of_post = post, pictures, previews
        return self._pictures_of_post[1:]

    def warn(
        self,
        code: DiagnosticCode,
        message: str,
        post: Post | None = None,
        line: int = 0,
        severity: Severity = Severity.WARNING,
        setting: str = "",
        text: str = "",
    ) -> None:
        """Adds a diagnostic about ``post``, or about the whole; ``setting`` and ``text`` as in Diagnostic."""
        source = post.metadata.source if post is not None else ""
        self.diagnostics.add(Diagnostic(code, message, source, line, severity, text, setting))


def apart(context: Context, questions: Questions | None = None) -> Context:
    """The same conversion with a report of its own, which is added to that of the product afterwards.

    Its progress is heard. ``questions`` collects what is asked of other posts and of files.
    """
    return context._within(structs.replace(context.run, diagnostics=None), questions)


def followed(context: Context, of: str, function: Callable[[str], T]) -> Callable[[str], T]:
    """Returns a function of the writer's, about other posts, whose calls are questions of the post."""
    return function if context.questions is None else context.questions.follow(of, function)


def _redact(text: str) -> str:
    return " ".join([REDACTED] * len(text.split()))


def _said(root: Footnote | Node | Iterable[Node]) -> str:
    """Returns the words of nodes and of their pictures; of nodes without words, the addresses of pictures and links."""
    pictures = (picture_words(node) for node in walk(root) if isinstance(node, Image))
    words = "\n".join(filter(None, (plain_text(root), *pictures)))
    return words or "\n".join(address for node in walk(root) for address in addresses_of(node))


def picture_label(image: Image) -> str:
    """A picture as messages name it: by its address, without the bytes that one may carry."""
    return image.src[:_NAMED] if not is_data(image.src) else "data:"
