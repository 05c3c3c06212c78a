"""Finds the cards in the HTML that Ghost makes, by their classes ``kg-...``, and writes them anew."""

from __future__ import annotations

from collections.abc import Callable

from bs4 import Tag

from ....diagnostics import Diagnostic, DiagnosticCode, Severity
from ....lazy_pattern import lazy_pattern
from ...searched_html import attribute, is_removed, markup_of, parse_html, words_in
from . import cards

_CLOCK = lazy_pattern(r"(?:(\d{1,3}):)?(\d{1,4}):(\d\d)")
_NUMBER = lazy_pattern(r"\d{1,6}(?:\.\d+)?")
_FORMS = frozenset({"kg-signup-card"})
_OF_MAIL = frozenset({"kg-email-card", "kg-email-cta-card"})
_DRAWN = frozenset({"svg", "button"})
SIGN_UP = "a form to subscribe was left out"
PORTAL = "a link to the site's forms for members left out"
FOR_MAIL = "a part that only e-mails show was left out"


def write_cards(body: Tag, source: str) -> list[Diagnostic]:
    """Replaces the cards below ``body``, and returns what was left out of the post ``source``."""
    found = []
    # The elements in reverse: a card within another is written before it.
    for element in reversed(body.find_all(True)):
        if is_removed(element):
            continue
        classes = attribute(element, "class").split()
        if "kg-blockquote-alt" in classes:
            element["class"] = "pullquote"
        elif not _OF_MAIL.isdisjoint(classes):
            found.append(Diagnostic(DiagnosticCode.NODE_DROPPED, FOR_MAIL, source))
            element.decompose()
        elif not _FORMS.isdisjoint(classes) or (
            element.get("data-members-form") is not None and not _is_of_card(element)
        ):
            found.append(_remove_form(element, source))
        elif write := next((_WRITERS[name] for name in classes if name in _WRITERS), None):
            _replace(element, write(element))
        elif element.name in _DRAWN and _is_of_card(element):
            element.decompose()
    found = [one for one in found if one.text or one.message == FOR_MAIL]
    return [*found[::-1], *_remove_portal(body, source)]


def _remove_portal(body: Tag, source: str) -> list[Diagnostic]:
    """Removes the buttons that open the site's forms for members, and the links of words that do."""
    found = []
    for link in body.select('a[href*="#/portal"], a[data-portal]'):
        words = words_in(link)
        around = link.parent
        is_button = (
            around is not None
            and words == words_in(around)
            and "button" in attribute(around, "class")
        )
        message = f"{PORTAL}: {attribute(link, 'href')[:120]}"
        code, severity = DiagnosticCode.NODE_CHROME, Severity.INFO
        found.append(Diagnostic(code, message, source, 0, severity, words if is_button else ""))
        if is_button and around is not None:
            around.decompose()
        else:
            link.unwrap()
    return found


def _remove_form(form: Tag, source: str) -> Diagnostic:
    words = " ".join(form.stripped_strings)
    form.decompose()
    return Diagnostic(DiagnosticCode.NODE_CHROME, SIGN_UP, source, 0, Severity.INFO, words)


def _is_of_card(sign: Tag) -> bool:
    """Returns whether a sign or a button is one that Ghost's cards have, and not the author's."""
    return any("kg-" in attribute(element, "class") for element in (sign, *sign.parents))


def _replace(card: Tag, markup: str) -> None:
    made = parse_html(markup)
    card.replace_with(*list(made.children))
    card.decompose()


def _markup(card: Tag, selector: str) -> str:
    found = card.select_one(selector)
    return markup_of(found).strip() if found is not None else ""


def _words(card: Tag, selector: str) -> str:
    found = card.select_one(selector)
    return words_in(found) if found is not None else ""


def _attribute(card: Tag, selector: str, name: str) -> str:
    found = card.select_one(selector)
    return attribute(found, name) if found is not None else ""


def _seconds(card: Tag, selector: str) -> float:
    shown = _words(card, selector)
    found = _CLOCK.fullmatch(shown)
    if found is None:
        return float(shown) if _NUMBER.fullmatch(shown) else 0
    return int(found[1] or 0) * 3600 + int(found[2]) * 60 + int(found[3])


def _picture(card: Tag, selector: str) -> str:
    return cards.picture(_attribute(card, selector, "src"), alt=_attribute(card, selector, "alt"))


def _button(card: Tag, selector: str) -> str:
    return cards.button(_words(card, selector), _attribute(card, selector, "href"))


def _bookmark(card: Tag) -> str:
    # Ghost gives the publisher the class of the author, and the author that of the publisher.
    names = [words_in(each) for each in card.select(".kg-bookmark-author, .kg-bookmark-publisher")]
    return cards.bookmark(
        _attribute(card, "a[href]", "href"),
        _words(card, ".kg-bookmark-title"),
        _words(card, ".kg-bookmark-description"),
        " · ".join(names[1:]),
        names[0] if names else "",
        _attribute(card, ".kg-bookmark-thumbnail img", "src"),
        _markup(card, "figcaption"),
    )


def _callout(card: Tag) -> str:
    return cards.callout(_words(card, ".kg-callout-emoji"), _markup(card, ".kg-callout-text"))


def _toggle(card: Tag) -> str:
    heading = _markup(card, ".kg-toggle-heading-text")
    return cards.toggle(heading, _markup(card, ".kg-toggle-content"))


def _gallery(card: Tag) -> str:
    figures = []
    for image in card.select("img"):
        link = image.find_parent("a")
        href = attribute(link, "href") if link is not None else ""
        figures.append(
            cards.picture(attribute(image, "src"), alt=attribute(image, "alt"), href=href)
        )
    return cards.gallery("".join(figures), _markup(card, "figcaption"))


def _file(card: Tag) -> str:
    return cards.file(
        _attribute(card, "a[href]", "href"),
        _words(card, ".kg-file-card-title"),
        _words(card, ".kg-file-card-filename"),
        _words(card, ".kg-file-card-filesize"),
        _markup(card, ".kg-file-card-caption"),
    )


def _audio(card: Tag) -> str:
    return cards.player(
        "audio",
        _attribute(card, "audio", "src"),
        _markup(card, ".kg-audio-title"),
        _attribute(card, "img.kg-audio-thumbnail", "src"),
        _seconds(card, ".kg-audio-duration"),
    )


def _video(card: Tag) -> str:
    # Without a picture, Ghost writes one attribute's name as the other's value.
    given = (attribute(card, "data-kg-custom-thumbnail"), attribute(card, "data-kg-thumbnail"))
    poster = next((address for address in given if "/" in address), "")
    return cards.player(
        "video",
        _attribute(card, "video", "src"),
        _markup(card, "figcaption"),
        poster,
        _seconds(card, ".kg-video-duration"),
    )


def _header(card: Tag) -> str:
    behind = cards.picture(attribute(card, "data-kg-background-image"))
    return cards.header(
        _markup(card, ".kg-header-card-header, .kg-header-card-heading"),
        _markup(card, ".kg-header-card-subheader, .kg-header-card-subheading"),
        _button(card, ".kg-header-card-button"),
        _picture(card, "img") or behind,
    )


def _product(card: Tag) -> str:
    return cards.product(
        _picture(card, ".kg-product-card-image"),
        _markup(card, ".kg-product-card-title"),
        _markup(card, ".kg-product-card-description"),
        _button(card, "a.kg-product-card-button"),
        len(card.select(".kg-product-card-rating-active")),
    )


def _call_to_action(card: Tag) -> str:
    return cards.call_to_action(
        _markup(card, ".kg-cta-sponsor-label"),
        _picture(card, "img"),
        _markup(card, ".kg-cta-text"),
        _button(card, ".kg-cta-button"),
    )


def _button_card(card: Tag) -> str:
    return _button(card, "a")


_WRITERS: dict[str, Callable[[Tag], str]] = {
    "kg-bookmark-card": _bookmark,
    "kg-callout-card": _callout,
    "kg-toggle-card": _toggle,
    "kg-gallery-card": _gallery,
    "kg-file-card": _file,
    "kg-audio-card": _audio,
    "kg-video-card": _video,
    "kg-header-card": _header,
    "kg-product-card": _product,
    "kg-cta-card": _call_to_action,
    "kg-button-card": _button_card,
}


def remove_classes(element: Tag) -> None:
    """Removes Ghost's classes of an element, and the attributes that only its own scripts read."""
    given = attribute(element, "class")
    if "kg-" in given:
        own = [name for name in given.split() if not name.startswith("kg-")]
        del element["class"]
        if own:
            element["class"] = " ".join(own)
    for name in [name for name in element.attrs if name.startswith("data-kg-")]:
        del element[name]
