"""Writes the cards that Ghost's editors keep as data: a node of Lexical, or the payload of a card of Mobiledoc.

Both have the same members, except where an editor renamed them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from ....diagnostics import Diagnostic, DiagnosticCode, Severity
from ....escape import attribute as escape_attribute
from ....escape import escape
from ....lazy_pattern import lazy_pattern
from ...feed_text import words_of
from . import cards
from .html_cards import FOR_MAIL, SIGN_UP
from .markdown_text import markdown_html
from .tables import text_of

PAYWALL = "<!--members-only-->"
"""Ghost's mark behind what everybody may read of a post that is for members."""
GATED, UNGATED = "<!--kg-gated-block:begin nonMember:false -->", "<!--kg-gated-block:end-->"
"""Ghost's marks around a card that is for members only."""
_SPACE = lazy_pattern(r"\s")
"""Matches within words, but not within an address, a name or a number."""
_WORDED = lazy_pattern(r"text|name|title|label|caption|content|heading|description|alt", re.I)
"""Matches the names of members that hold words, be it only one."""
_ADDRESS = lazy_pattern(r"(?:https?://|__GHOST_URL__/)\S+")
_OF_EVERY_NODE = frozenset("type version children visibility direction format indent style".split())
"""Members of any node of Lexical, which are not its words."""
_LARGEST = 1e9
_RULES = frozenset({"horizontalrule", "hr"})
_FOR_MAIL = frozenset({"email", "email-cta"})

Payload = dict[str, Any]


class CardData:
    """Writes the cards of one post, and keeps what is to be reported on them."""

    def __init__(self, source: str) -> None:
        self._source = source
        self.findings: list[Diagnostic] = []

    def markup(self, kind: str, payload: Payload, inner_html: str = "") -> str:
        """Returns a card's markup. Of a card that is not known, these are its words and what it holds, ``inner_html``."""
        if kind in _RULES:
            return "<hr/>"
        if kind == "paywall":
            return PAYWALL
        visibility = _object(payload, "visibility")
        if kind in _FOR_MAIL or not _is_on_site(visibility):
            self._report(DiagnosticCode.NODE_DROPPED, FOR_MAIL, "")
            return ""
        if kind == "signup":
            words = " ".join(
                words_of(_text(payload, name), is_html=True)
                for name in ("header", "subheader", "disclaimer", "buttonText")
            )
            self._report(DiagnosticCode.NODE_CHROME, SIGN_UP, words.strip())
            return ""
        write = _WRITERS.get(kind)
        made = write(payload) if write else self._unknown(kind, payload) + inner_html
        return f"{GATED}{made}{UNGATED}" if _is_gated(visibility) else made

    def _unknown(self, kind: str, payload: Payload) -> str:
        """Returns the words and the addresses of a card that is not known, and reports it."""
        message = f"a card {kind[:40]!r} is unknown; its words are kept without their form"
        self._report(DiagnosticCode.MARKUP_REPAIRED, message, "", Severity.WARNING)
        own = {key: value for key, value in payload.items() if key not in _OF_EVERY_NODE}
        return "".join(_words_of_unknown(own))

    def _report(
        self,
        code: DiagnosticCode,
        message: str,
        words: str,
        severity: Severity = Severity.INFO,
    ) -> None:
        self.findings.append(Diagnostic(code, message, self._source, 0, severity, words))


def _words_of_unknown(payload: Payload) -> Iterator[str]:
    """Yields as blocks the words that stand anywhere in a payload, and links to the addresses in it."""
    waiting: list[tuple[str, Any]] = list(reversed(payload.items()))
    while waiting:
        key, value = waiting.pop()
        if isinstance(value, dict):
            waiting += reversed(value.items())
        elif isinstance(value, list):
            waiting += ((key, each) for each in reversed(value))
        elif isinstance(value, str) and _ADDRESS.fullmatch(value.strip()):
            yield cards.paragraph(
                f'<a href="{escape_attribute(value.strip())}">{escape(value)}</a>'
            )
        elif isinstance(value, str) and (_SPACE.search(value.strip()) or _WORDED.search(key)):
            yield cards.block(value)


def _text(payload: Payload, *names: str) -> str:
    return next(filter(None, (text_of(payload.get(name)) for name in names)), "")


def _object(payload: Payload, name: str) -> Payload:
    found = payload.get(name)
    return found if isinstance(found, dict) else {}


def _number(payload: Payload, name: str) -> float:
    found = payload.get(name)
    if isinstance(found, bool) or not isinstance(found, (int, float)):
        return 0
    return found if abs(found) < _LARGEST else 0


def _is_on_site(visibility: Payload) -> bool:
    if visibility.get("showOnWeb") is False:
        return False
    web = _object(visibility, "web")
    return not web or web.get("nonMember") is not False or bool(_text(web, "memberSegment"))


def _is_gated(visibility: Payload) -> bool:
    return _object(visibility, "web").get("nonMember") is False


def _button(payload: Payload, label: str = "buttonText", href: str = "buttonUrl") -> str:
    return cards.button(_text(payload, label), _text(payload, href))


def _image(payload: Payload) -> str:
    return cards.picture(
        _text(payload, "src"),
        alt=_text(payload, "alt"),
        caption_html=_text(payload, "caption"),
        href=_text(payload, "href"),
    )


def _code(payload: Payload) -> str:
    text = payload.get("code")
    caption = _text(payload, "caption")
    return cards.code(text if isinstance(text, str) else "", _text(payload, "language"), caption)


def _html(payload: Payload) -> str:
    return _text(payload, "html")


def _markdown(payload: Payload) -> str:
    return markdown_html(_text(payload, "markdown", "cardContent"))


def _bookmark(payload: Payload) -> str:
    page = _object(payload, "metadata")
    return cards.bookmark(
        _text(payload, "url") or _text(page, "url"),
        _text(page, "title") or _text(payload, "title"),
        _text(page, "description") or _text(payload, "description"),
        _text(page, "author") or _text(payload, "author"),
        _text(page, "publisher") or _text(payload, "publisher"),
        _text(page, "thumbnail") or _text(payload, "thumbnail"),
        _text(payload, "caption"),
    )


def _embed(payload: Payload) -> str:
    if _text(payload, "type", "embedType") == "bookmark":
        return _bookmark(payload)
    markup, href = _text(payload, "html"), _text(payload, "url")
    if not markup:
        return _bookmark(payload)
    if "<iframe" not in markup.lower() and href and "href" not in markup.lower():
        markup += cards.paragraph(f'<a href="{escape(href)}">{escape(href)}</a>')
    return cards.figure(markup, _text(payload, "caption"))


def _gallery(payload: Payload) -> str:
    images = payload.get("images")
    found = images if isinstance(images, list) else []
    figures = [_image(image) for image in found if isinstance(image, dict)]
    return cards.gallery("".join(figures), _text(payload, "caption"))


def _callout(payload: Payload) -> str:
    return cards.callout(_text(payload, "calloutEmoji"), _text(payload, "calloutText"))


def _toggle(payload: Payload) -> str:
    return cards.toggle(_text(payload, "heading"), cards.block(_text(payload, "content")))


def _header(payload: Payload) -> str:
    is_used = payload.get("buttonEnabled") is not False
    return cards.header(
        _text(payload, "header"),
        _text(payload, "subheader"),
        _button(payload) if is_used else "",
        cards.picture(_text(payload, "backgroundImageSrc")),
    )


def _product(payload: Payload) -> str:
    has_button = payload.get("productButtonEnabled") is True
    has_rating = payload.get("productRatingEnabled") is True
    return cards.product(
        cards.picture(_text(payload, "productImageSrc")),
        _text(payload, "productTitle"),
        _text(payload, "productDescription"),
        _button(payload, "productButton", "productUrl") if has_button else "",
        int(_number(payload, "productStarRating")) if has_rating else 0,
    )


def _file(payload: Payload) -> str:
    size = payload.get("fileSize")
    return cards.file(
        _text(payload, "src"),
        _text(payload, "fileTitle"),
        _text(payload, "fileName"),
        _size(size) if type(size) is int else text_of(size),
        _text(payload, "fileCaption"),
    )


def _size(size: int) -> str:
    """Returns a number of bytes as Ghost's page has it."""
    for unit in ("Bytes", "KB", "MB"):
        if size < 1024:
            return f"{size} {unit}"
        size = round(size / 1024)
    return f"{size} GB"


def _audio(payload: Payload) -> str:
    return cards.player(
        "audio",
        _text(payload, "src"),
        escape(_text(payload, "title")),
        _text(payload, "thumbnailSrc"),
        _number(payload, "duration"),
    )


def _video(payload: Payload) -> str:
    return cards.player(
        "video",
        _text(payload, "src"),
        _text(payload, "caption"),
        _text(payload, "customThumbnailSrc", "thumbnailSrc"),
        _number(payload, "duration"),
    )


def _call_to_action(payload: Payload) -> str:
    has_label = payload.get("hasSponsorLabel") is True
    has_button = payload.get("showButton") is not False
    return cards.call_to_action(
        _text(payload, "sponsorLabel") if has_label else "",
        cards.picture(_text(payload, "imageUrl")),
        _text(payload, "textValue"),
        _button(payload) if has_button else "",
    )


_WRITERS: dict[str, Callable[[Payload], str]] = {
    "audio": _audio,
    "bookmark": _bookmark,
    "button": _button,
    "call-to-action": _call_to_action,
    "callout": _callout,
    "card-markdown": _markdown,
    "code": _code,
    "codeblock": _code,
    "embed": _embed,
    "file": _file,
    "gallery": _gallery,
    "header": _header,
    "html": _html,
    "image": _image,
    "markdown": _markdown,
    "product": _product,
    "toggle": _toggle,
    "video": _video,
}
