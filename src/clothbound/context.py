"""All that a conversion may touch beside its input."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from .diagnostics import Code, Diagnostic, Diagnostics, LossReport, Outcome, PostAccount, Severity
from .limits import Limits
from .model.index import Index
from .model.inlines import Image
from .model.node import Node
from .model.post import Footnote, Post
from .model.walk import plain_text, tally, walk
from .pictures import Converter
from .resources import Resources

_CODES = {
    Outcome.SIMPLIFIED: (Code.NODE_SIMPLIFIED, Severity.INFO),
    Outcome.CHROME: (Code.NODE_CHROME, Severity.INFO),
    Outcome.DROPPED: (Code.NODE_DROPPED, Severity.WARNING),
}


def _no_progress(done: int, total: int, what: str) -> None:
    pass


@dataclass(slots=True, kw_only=True)
class Context:
    """Carries one conversion. Writers and transforms report through it and keep nothing else."""

    limits: Limits = field(default_factory=Limits)
    resources: Resources = field(default_factory=lambda: Resources(Limits()))
    converter: Converter = field(default_factory=lambda: Converter(Limits()))
    """What makes pictures fit for a product."""
    index: Index = field(default_factory=lambda: Index(()))
    report: LossReport = field(default_factory=lambda: LossReport(""))
    overrides: Mapping[type[Node], Callable[[Any], str]] = field(default_factory=dict)
    """Rendering of single kinds of nodes by the caller: a function from the node to HTML."""
    audiences: frozenset[str] | None = None
    """The audiences whose posts and paid parts a public target may hold; None: everyone's alone."""
    language: str = "en"
    """The book's, for posts that name none."""
    progress: Callable[[int, int, str], None] = _no_progress
    """Called with (posts done, posts in all, title)."""

    @property
    def diagnostics(self) -> Diagnostics:
        return self.report.diagnostics

    def open_account(self, post: Post, role: str = "") -> None:
        """Begins the account of a post as it was read, again if it is read again.

        ``role`` is that of a text of the book.
        """
        key, source = post.metadata.key, post.metadata.source
        self.report.accounts[key] = PostAccount(key, source, tally(post), role=role)
        self.diagnostics.extend(post.diagnostics)

    def account(
        self,
        outcome: Outcome,
        post: Post,
        node: Node | Footnote | Iterable[Node],
        message: str,
        around: int = 0,
    ) -> None:
        """Says that a node, a note or a run of nodes of ``post`` was not written as it is.

        ``message`` is what happened and how to mend it: ``poll left out``. ``around`` is the line of
        what the node stands in, for one that has none.
        """
        root = node if isinstance(node, (Node, Footnote)) else tuple(node)
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
            Diagnostic(code, message, post.metadata.source, line, severity, plain_text(root))
        )

    def leave_remote(self, post: Post, image: Image, severity: Severity = Severity.WARNING) -> None:
        """Says that a picture stays on the network: in the same words for every product, so that
        they can be counted.
        """
        message = f"picture left on the network: {image.src[:200]}"
        self.warn(Code.IMAGE_REMOTE, message, post, image.line, severity)

    def warn(
        self,
        code: Code,
        message: str,
        post: Post | None = None,
        line: int = 0,
        severity: Severity = Severity.WARNING,
    ) -> None:
        """Adds a diagnostic about ``post``, or about the whole."""
        source = post.metadata.source if post is not None else ""
        self.diagnostics.add(Diagnostic(code, message, source, line, severity))
