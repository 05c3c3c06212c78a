"""Writes cards in place of embeds and players, lists in place of polls and recipes, and labels of
boxes.
"""

from __future__ import annotations

from datetime import UTC, datetime

from ...diagnostics import Outcome
from ...escape import escape
from ...language.dates import long_date
from ...language.wording import CALLOUTS
from ...language.words import marks_of_own_words, wording
from ...model.blocks import Callout, CodeBlock, Embed, Media, Poll, Recipe
from ...model.book_links import split_book_address
from ...model.inlines import Image
from ...model.losses import POLL_AS_LIST, POLL_LEFT_OUT, RECIPE_LEFT_OUT
from ...model.post import Timestamp
from ...web.addresses import host_of, summarize_address, trim_address
from .figures import img_tag
from .target import Page

_NUMBERED = frozenset({"numberLines", "number-lines"})


def embed_card(page: Page, node: Embed) -> str:
    """Returns a card with the captured text and a link. The embedded page is not loaded."""
    page.report_simplified(
        node, f"{node.provider or node.kind} embed was written as a card with a link"
    )
    parts = [_thumbnail(page, node.thumbnail, node.line)]
    if node.title:
        parts.append(f'<p class="embed-title">{page.link(node.href, escape(node.title))}</p>')
    for paragraph in node.text.split("\n"):
        if paragraph.strip():
            parts.append(f'<p class="embed-text">{escape(paragraph)}</p>')
    written_by = byline(node, page.language())
    if written_by:
        parts.append(f'<p class="embed-byline">{escape(written_by)}</p>')
    words = wording(page.language())
    label = source_label(node, page.language())
    has_content = bool(node.title or node.text)
    is_within = split_book_address(node.href) is not None
    if is_within or (has_content and not page.target.on_paper):
        source = page.link(node.href, escape(label))
    elif not node.href:
        source = escape(label)
    elif label == trim_address(node.href):
        source = _address(page, node.href)
    else:
        source = f"{escape(label)}{words.colon}{_address(page, node.href)}"
    parts.append(f'<p class="embed-source">{source}</p>')
    kind = node.kind if node.kind.isalnum() else "other"
    return _card(page, node, kind, node.href, parts)


def player_card(page: Page, node: Media) -> str:
    """Returns a card in place of a player: picture, caption, duration and address."""
    page.report_simplified(node, f"{node.kind} was written as a link")
    parts = [_thumbnail(page, node.poster, node.line)]
    if node.caption:
        parts.append(f'<p class="embed-title">{page.inlines(node.caption)}</p>')
    address = _address(page, node.src) if node.src else ""
    # The colon follows the direction of the line, also behind a label in another.
    separator = wording(page.language()).colon if address else ""
    label = own_words(page, player_label(node, page.language()))
    parts.append(f'<p class="embed-source">{label}{separator}{address}</p>')
    return _card(page, node, node.kind, node.src, parts)


def _card(page: Page, node: Embed | Media, kind: str, address: str, parts: list[str]) -> str:
    """Returns the card; on paper, a QR code of the address may stand beside its lines."""
    lines = "".join(parts)
    classes = ["embed", f"embed-{kind}"]
    code = page.target.code_to_scan(kind, address)
    if code:
        # "QR" is written in Latin letters in all languages.
        alt = f"QR{wording(page.language()).colon}{trim_address(address)}"
        picture = img_tag(page, code, alt, 0, 0)
        lines = f'<div class="embed-lines">{lines}</div><p class="embed-scan">{picture}</p>'
        classes.append("coded")
    return f"<div{page.attributes(node, *classes)}>{lines}</div>"


def _thumbnail(page: Page, src: str, line: int) -> str:
    picture = page.target.picture(Image(src, line=line)) if src else None
    if picture is None:
        return ""
    image = img_tag(page, picture.src, "", picture.width, picture.height)
    return f'<p class="embed-thumbnail">{image}</p>'


def _address(page: Page, href: str) -> str:
    """Returns a linked address: shortened on screens, whole on paper."""
    shown = trim_address(href) if page.target.on_paper else summarize_address(href)
    return page.link(href, escape(shown))


def own_words(page: Page, text: str) -> str:
    """Returns words of our own as markup, with their language and direction where these are not the post's."""
    marks = marks_of_own_words(page.language())
    if not marks:
        return escape(text)
    given = "".join(f' {name}="{value}"' for name, value in marks)
    if page.target.xhtml:
        given += f' xml:lang="{dict(marks)["lang"]}"'
    return f"<span{given}>{escape(text)}</span>"


def poll_list(page: Page, node: Poll) -> str:
    """Returns the question with its answers as a list; empty if the export lacks them."""
    if not node.question and not node.options:
        page.context.account(
            Outcome.DROPPED,
            page.post,
            node,
            POLL_LEFT_OUT,
        )
        return ""
    page.report_simplified(node, POLL_AS_LIST)
    options = "".join(f"<li>{escape(option)}</li>" for option in node.options)
    question = f"<p>{page.link(node.href, escape(node.question))}</p>"
    return f"<div{page.attributes(node, 'poll')}>{question}{f'<ul>{options}</ul>' if options else ''}</div>"


def recipe_lists(page: Page, node: Recipe) -> str:
    """Returns ingredients and steps as lists; empty if the export lacks them."""
    if not (node.title or node.ingredients or node.steps):
        page.context.account(
            Outcome.DROPPED,
            page.post,
            node,
            RECIPE_LEFT_OUT,
        )
        return ""
    title = f'<p class="recipe-title">{page.link(node.href, escape(node.title))}</p>'
    lists = ""
    if node.ingredients:
        lists += f"<ul>{''.join(f'<li>{escape(x)}</li>' for x in node.ingredients)}</ul>"
    if node.steps:
        lists += f"<ol>{''.join(f'<li>{escape(x)}</li>' for x in node.steps)}</ol>"
    return f"<div{page.attributes(node, 'recipe')}>{title}{lists}</div>"


def byline(node: Embed, language: str) -> str:
    """Returns the author and the date of embedded content.

    A day is written in ``language`` (BCP 47); a date in another form stays as it was captured.
    """
    return " · ".join(filter(None, (node.author, _day(node.date, language))))


def source_label(node: Embed, language: str) -> str:
    """Returns the name of the service from which embedded content comes, or its host; for unknown ones its kind
    in ``language``.
    """
    return node.provider or host_of(node.href) or _kind_label(node.kind, language)


def _kind_label(kind: str, language: str) -> str:
    words = wording(language)
    match kind:
        case "audio":
            return words.audio
        case "video":
            return words.video
        case "post" | "note" | "publication" | "chart" | "gist" | "page":
            return words.embeds[kind]
        case "tweet":
            return words.embeds["post"]
    return words.embeds["other"]


def player_label(node: Media, language: str) -> str:
    """Returns "Audio" or "Video" in ``language``, with the duration if it is known."""
    words = wording(language)
    label = words.video if node.kind == "video" else words.audio
    return f"{label} ({_duration(node.duration)})" if node.duration else label


def callout_label(node: Callout, language: str) -> str:
    """Returns the label of a callout without a title, derived from its kind.

    A known kind is named in ``language``, another as its author wrote it. The label is empty for
    kinds that are elements of HTML.
    """
    kind = node.kind.lower()
    if node.title or kind in ("aside", "details"):
        return ""
    if kind in CALLOUTS:
        return wording(language).callouts[CALLOUTS.index(kind)]
    return node.kind[:1].upper() + node.kind[1:]


def lines_without_numbers(node: CodeBlock) -> str:
    """Returns the loss to report for code whose lines have numbers; empty for other code."""
    if not _NUMBERED.intersection(node.classes):
        return ""
    given = dict(node.attributes)
    start = given.get("startFrom") or given.get("start-from") or "1"
    return f"code was written without the numbers of its lines, which begin with {start}"


def _day(date: str, language: str) -> str:
    try:
        value = datetime.strptime(date, "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError:
        return date
    return long_date(Timestamp(date, value, "day"), language)


def _duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes}:{rest:02}"
