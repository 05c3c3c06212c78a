"""Reports the losses that Substack's HTML and its editor's document have in common."""

from __future__ import annotations

import msgspec

from ..context import ReportLoss
from ..diagnostics import Outcome
from ..model import blocks as b
from ..model import inlines as i
from ..model.walk import walk


def fit_gallery(gallery: b.Gallery, report: ReportLoss) -> b.Gallery:
    """Returns a gallery with one caption, which is that of its only picture if it has none of its own.

    Reports captions and links of other pictures, and what the caption contains besides words.
    """
    match gallery.figures:
        case (b.Figure() as only,) if only.caption and not gallery.caption:
            bare = msgspec.structs.replace(only, caption=())
            gallery = msgspec.structs.replace(gallery, figures=(bare,), caption=only.caption)
    _report_gallery(gallery, report)
    return gallery


def _report_gallery(gallery: b.Gallery, report: ReportLoss) -> None:
    for figure in gallery.figures:
        line = figure.line or gallery.line
        if figure.caption:
            message = "a gallery has one caption; the caption of a picture was left out"
            report(Outcome.DROPPED, b.Paragraph(figure.caption, line=line), message)
        if figure.href:
            message = "the pictures of a gallery have no links; one was left out"
            report(Outcome.DROPPED, i.Link((), figure.href, line=line), message)
    for node in walk(gallery.caption):
        line = node.line or gallery.line
        if isinstance(node, i.Link):
            message = (
                "the caption of a gallery has no links; one was left out, and its text is kept"
            )
            report(Outcome.DROPPED, i.Link((), node.href, line=line), message)
        elif isinstance(node, i.Image):
            message = "the caption of a gallery has no pictures; one was left out"
            report(Outcome.DROPPED, msgspec.structs.replace(node, line=line), message)


def task_box(item: b.ListItem, report: ReportLoss) -> str:
    """Returns the character that replaces the checkbox of a task; empty if the item is not a
    task.
    """
    if item.checked is None:
        return ""
    report(Outcome.SIMPLIFIED, item, "the checkbox of a task became a character")
    return "\N{BALLOT BOX WITH CHECK}" if item.checked else "\N{BALLOT BOX}"


def callout_title(callout: b.Callout, report: ReportLoss) -> tuple[i.Inline, ...]:
    """Returns the text that replaces a callout's title or, if it has none, its kind."""
    kind = callout.kind.capitalize()
    title = callout.title or ((i.Text(kind),) if kind else ())
    if title:
        report(Outcome.SIMPLIFIED, callout, "a callout's title and kind became text")
    return title


def report_later_paywall(paywall: b.PaywallBreak, report: ReportLoss) -> None:
    """Reports a paywall after the first, which is left out."""
    report(Outcome.DROPPED, paywall, "a post has one paywall; a later one was left out")
