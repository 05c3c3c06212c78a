"""What the shortcodes of page builders show by their attributes, and whether they show anything.

Sources: exports of sites made with Divi 4, WPBakery, Avada (Fusion) and Enfold (``av_``), and their documentation. The words
between two tags of a builder need no rule; titles, captions, buttons and pictures stand in attributes.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from urllib.parse import unquote

from ....escape import attribute as escape_attribute
from ....escape import escape
from ....lazy_pattern import lazy_pattern

_TITLES = "title heading header h2 h4 toggle_title question".split()
_WORDS = "text subtitle subhead subheading caption position".split()
_SOURCES = "author job_title company_name".split()
"""Who says what stands between the tags."""
_BUTTONS = {"button_text": "button_url", "button_one_text": "button_one_url", "label": "link"}
"""The words of buttons, each with the attribute that has its address."""
_NO_WORDS = frozenset({"", "true", "false", "yes", "no", "on", "off", "default", "none"})
"""Values that are settings: whether a title is shown."""
_ENCODED = {"%22": '"', "%91": "[", "%92": "\\", "%93": "]", "``": '"', "`{`": "[", "`}`": "]"}
"""What Divi and WPBakery write for signs that would end an attribute."""
_ADDRESS = lazy_pattern(r"(?:^|\|)url:([^|]*)")
_DEVICES = 3
"""Computers, tablets and telephones: what is disabled on all three is shown to nobody."""

Attributes = Mapping[str, str]


def is_hidden(attributes: Attributes) -> bool:
    """Returns whether the site shows a part of a page builder to nobody."""
    devices = attributes.get("disabled_on", "").split("|")
    return (
        attributes.get("disabled") == "on"
        or devices.count("on") >= _DEVICES
        or attributes.get("disable_element") == "yes"
        or attributes.get("status") == "draft"
    )


def with_titles(attributes: Attributes, content: str) -> str:
    """Returns the HTML of what stands between two tags, with the title that an attribute gives it."""
    return "\n\n".join((*_shown(attributes, _TITLES, "<p><strong>{}</strong></p>"), content))


def with_words(attributes: Attributes, content: str) -> str:
    """Returns the HTML of a part of a page builder, with the words that its attributes have."""
    parts = [*_shown(attributes, _TITLES, "<p><strong>{}</strong></p>")]
    parts += _shown(attributes, _WORDS, "<p>{}</p>")
    parts.append(content)
    parts += _shown(attributes, _SOURCES, "<p>{}</p>")
    for words, address in _BUTTONS.items():
        parts += _button(attributes.get(words, ""), attributes.get(address, ""))
    return "\n\n".join(parts)


def builder_codes(
    block: Callable[[str], str],
    embed: Callable[[str], str],
    pictures: Callable[[str, str], Iterable[str]],
) -> dict[str, Callable[[Attributes, str], str]]:
    """Returns the shortcodes of page builders that show more than words, each with what makes its HTML.

    ``block`` keeps HTML from changes, ``embed`` makes the card of an address, and ``pictures`` the figures of the attachments
    that a list of numbers names, for the report beside the words for who shows them.
    """

    def attached(name: str, attributes: Attributes, content: str) -> str:
        figures = pictures(attributes.get(name, ""), "the page builder")
        return with_titles(attributes, block("".join(figures)) + content)

    def picture(attributes: Attributes, content: str) -> str:
        source = attributes.get("src", "")
        words = escape_attribute(_decoded(attributes.get("alt", "")))
        shown = f'<figure><img src="{escape_attribute(source)}" alt="{words}"/></figure>'
        return (block(shown) if source else "") + content

    def player(name: str, attributes: Attributes, content: str) -> str:
        address = attributes.get(name, "")
        return with_titles(attributes, (block(embed(address)) if address else "") + content)

    def button(attributes: Attributes, content: str) -> str:
        return "\n\n".join(
            (*_button(attributes.get("title", ""), attributes.get("link", "")), content)
        )

    return {
        "et_pb_image": picture,
        "av_image": picture,
        "et_pb_video": partial(player, "src"),
        "et_pb_gallery": partial(attached, "gallery_ids"),
        "vc_single_image": partial(attached, "image"),
        "vc_gallery": partial(attached, "images"),
        "vc_images_carousel": partial(attached, "images"),
        "vc_video": partial(player, "link"),
        "vc_btn": button,
        "vc_raw_html": lambda _, content: block(unquote(_from_base64(content))),
        "fusion_code": lambda _, content: block(_from_base64(content)),
        "vc_raw_js": lambda *_: "",
    }


def _shown(attributes: Attributes, names: Iterable[str], form: str) -> Iterator[str]:
    for name in names:
        words = _decoded(attributes.get(name, ""))
        if words.lower() not in _NO_WORDS and not words.isdigit():
            yield form.format(words if "<" in words else escape(words))


def _button(words: str, address: str) -> Iterator[str]:
    if words:
        found = _ADDRESS.search(address)
        href = escape_attribute(unquote(found[1]) if found else address)
        shown = escape(_decoded(words))
        yield f'<p class="button"><a href="{href}">{shown}</a></p>' if href else f"<p>{shown}</p>"


def _decoded(value: str) -> str:
    for written, meant in _ENCODED.items():
        value = value.replace(written, meant)
    return value.strip()


def _from_base64(content: str) -> str:
    """Returns the text that Base64 stands for; what is no Base64 as it is."""
    try:
        return base64.b64decode(content.strip(), validate=True).decode()
    except (binascii.Error, ValueError):
        return content
