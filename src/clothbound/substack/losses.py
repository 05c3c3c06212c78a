"""The losses that Substack's HTML and its editor's document have in common: when, and in which words."""

from __future__ import annotations

from ..context import ReportLoss
from ..diagnostics import Outcome
from ..model import blocks as b
from ..model import inlines as i


def report_gallery_captions(gallery: b.Gallery, report: ReportLoss) -> None:
    """Reports the captions and links of single pictures, for which a gallery has no place."""
    if any(figure.caption or figure.href for figure in gallery.figures):
        message = "a gallery has one caption; the captions of its pictures were left out"
        report(Outcome.SIMPLIFIED, gallery, message)


def task_box(item: b.ListItem, report: ReportLoss) -> str:
    """Returns the character that stands for the checkbox of a task; empty if it is not a task."""
    if item.checked is None:
        return ""
    report(Outcome.SIMPLIFIED, item, "the checkbox of a task became a character")
    return "\N{BALLOT BOX WITH CHECK}" if item.checked else "\N{BALLOT BOX}"


def callout_title(callout: b.Callout, report: ReportLoss) -> tuple[i.Inline, ...]:
    """Returns the text that stands for a callout's title or, without one, for its kind."""
    kind = callout.kind.capitalize()
    title = callout.title or ((i.Text(kind),) if kind else ())
    if title:
        report(Outcome.SIMPLIFIED, callout, "a callout's title and kind became text")
    return title


def report_later_paywall(paywall: b.PaywallBreak, report: ReportLoss) -> None:
    report(Outcome.DROPPED, paywall, "a post has one paywall; a later one left out")
