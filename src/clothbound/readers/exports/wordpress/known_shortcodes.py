"""The HTML of the shortcodes that WordPress and its most common plug-ins have."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from functools import partial

from ....diagnostics import Diagnostic, DiagnosticCode
from ....escape import attribute as escape_attribute
from ....escape import escape
from ....html.read.web_footnotes import WORDPRESS_NOTES
from ....lazy_pattern import lazy_pattern
from ....model.blocks import Embed
from ....web.providers import INSTAGRAM, TWITTER, VIMEO, YOUTUBE, player_of_page
from ...searched_html import embed_markup
from .builder_shortcodes import builder_codes
from .media import Attachment, Attachments
from .shortcodes import Attributes, Shortcodes

_PICTURE = lazy_pattern(r"\s*((?:<a\b[^<>]*>\s*)?<img\b[^<>]*>(?:\s*</a>)?)", re.I)
ADDRESS = lazy_pattern(r"https?://[^\s\"'<>]+")
_NUMBERS = lazy_pattern(r"\d+")
_NOTE = "note-in-text-"
_FEW_WORDS = 2
_SERVICES = {"youtube": YOUTUBE, "vimeo": VIMEO, "instagram": INSTAGRAM, "tweet": TWITTER}
"""The service whose item an identifier names, by the shortcode."""
_EMBEDS = (
    "embed youtube vimeo instagram tweet twitter facebook dailymotion ted gist spotify soundcloud wpvideo videopress "
    "slideshare googlemaps codepen bandcamp scribd"
).split()
_NOTES = "ref footnote fn efn_note mfn modern_footnote".split()
_LISTS_OF_NOTES = "references footnotes reflist footnote_list".split()
"""The shortcodes with which plug-ins show the notes; they stand at the end here."""
_BRACKETED = lazy_pattern(
    r"(?<=[\w.,;:!?)\]>\u2019\u201d\"'])(\s?)\(\((?!\()((?:[^()\n]|\([^()\n]*\)){8,2000})\)\)"
)
"""Matches ``((a note))`` behind a word, as two plug-ins write notes."""
_SOUNDS = "src mp3 ogg m4a wav flac wma url 0".split()
_FILMS = "src mp4 m4v webm ogv flv wmv mov url 0".split()


def embed_of(address: str) -> str:
    """Returns the HTML of the card of an address; a link, if no service is known by its host."""
    player = player_of_page(address)
    if not player.provider:
        return f'<p><a href="{escape_attribute(address)}">{escape(address)}</a></p>'
    return embed_markup(Embed(player.kind, player.href, player.provider))


class KnownShortcodes:
    """The shortcodes of WordPress, as they stand in one post."""

    def __init__(
        self, codes: Shortcodes, media: Attachments, post: str, findings: list[Diagnostic]
    ) -> None:
        """``post`` is the number of the post. What a shortcode names and the export lacks goes to ``findings``."""
        self._codes = codes
        self._media = media
        self._post = post
        self._findings = findings
        self._notes: list[str] = []
        codes.known.update(
            {
                **{name: partial(self._embed, name=name) for name in _EMBEDS},
                **dict.fromkeys(("caption", "wp_caption"), self._caption),
                "gallery": self._gallery,
                "audio": self._sound,
                "video": self._film,
                "playlist": self._playlist,
                **dict.fromkeys(_NOTES, self._note),
                **dict.fromkeys(_LISTS_OF_NOTES, lambda _, content: content),
                **builder_codes(codes.block, embed_of, self._figures),
                "latex": lambda _, content: formula(content) or content,
            }
        )

    def with_notes(self, text: str) -> str:
        """Returns an expanded text with its ``((notes))`` and those of shortcodes at its end, as WordPress's own."""
        text = _BRACKETED.sub(self._bracketed, text)
        if not self._notes:
            return text
        items = (f'<li id="{_NOTE}{n}">{note}</li>' for n, note in enumerate(self._notes, 1))
        return text + self._codes.block(f'<ol class="{WORDPRESS_NOTES}">{"".join(items)}</ol>')

    def _bracketed(self, found: re.Match[str]) -> str:
        words = found[2].strip()
        return found[0] if len(words.split()) < _FEW_WORDS else self._note({}, words)

    def _note(self, attributes: Attributes, content: str) -> str:
        words = content.strip() or attributes.get("note", "") or attributes.get("text", "")
        if not words:
            return ""
        self._notes.append(words)
        name = f"{_NOTE}{len(self._notes)}"
        return f'<sup data-fn="{name}" class="fn"><a href="#{name}">{len(self._notes)}</a></sup>'

    def _caption(self, attributes: Attributes, content: str) -> str:
        found = _PICTURE.match(content)
        if found is None:
            return f"\n\n{content}\n\n"
        words = content[found.end() :].strip() or attributes.get("caption", "")
        shown = f"<figcaption>{words}</figcaption>" if words else ""
        return self._codes.block(f"<figure>{found[1]}{shown}</figure>")

    def _gallery(self, attributes: Attributes, content: str) -> str:
        named = attributes.get("ids") or attributes.get("include") or ""
        owner = attributes.get("id") or self._post
        numbers = _NUMBERS.findall(named) or self._pictures_of(owner)
        excluded = set(_NUMBERS.findall(attributes.get("exclude", "")))
        chosen = [number for number in numbers if number not in excluded]
        pictures = [picture_markup(one) for one in self._attachments(chosen, "the gallery")]
        return self._codes.block(gallery_markup(pictures)) + content

    def _pictures_of(self, owner: str) -> list[str]:
        if self._media.may_show_pictures_of(owner, self._post):
            return self._media.pictures_of(owner)
        message = (
            f"a gallery shows the pictures of post {owner}, which is not public or not in the export; "
            "it is left out"
        )
        self._findings.append(Diagnostic(DiagnosticCode.ARCHIVE_ROW, message))
        return []

    def _playlist(self, attributes: Attributes, content: str) -> str:
        kind = "video" if attributes.get("type") == "video" else "audio"
        numbers = _NUMBERS.findall(attributes.get("ids", ""))
        parts = []
        for one in self._attachments(numbers, "the playlist"):
            title = f' title="{escape_attribute(one.title)}"' if one.title else ""
            parts.append(f'<{kind} src="{escape_attribute(one.url)}"{title}></{kind}>')
        return self._codes.block("".join(parts)) + content

    def _figures(self, numbers: str, place: str) -> list[str]:
        return [picture_markup(one) for one in self._attachments(_NUMBERS.findall(numbers), place)]

    def _attachments(self, numbers: list[str], place: str) -> Iterator[Attachment]:
        for number in numbers:
            attachment = self._media.find(number)
            if attachment is not None:
                yield attachment
            else:
                message = f"{place} shows attachment {number}, which is not in the export"
                self._findings.append(Diagnostic(DiagnosticCode.ARCHIVE_ROW, message))

    def _embed(self, attributes: Attributes, content: str, name: str) -> str:
        fields = (attributes.get(key, "") for key in ("url", "src", "id", "0", "1"))
        written = content or " ".join(fields)
        found = ADDRESS.search(written)
        if found:
            return self._codes.block(embed_of(html.unescape(found[0])))
        service, words = _SERVICES.get(name), written.split()
        if service is not None and words:
            # An address of Twitter is the same whatever name stands in it.
            page = service.page_of({"id": words[0], "user": "i"})
            return self._codes.block(embed_of(page))
        self._codes.tell(f"{name} {written}".strip(), "it names no address and is left out")
        return ""

    def _sound(self, attributes: Attributes, content: str) -> str:
        source = next((attributes[key] for key in _SOUNDS if attributes.get(key)), content.strip())
        markup = f'<audio src="{escape_attribute(source)}"></audio>' if source else ""
        return self._codes.block(markup)

    def _film(self, attributes: Attributes, content: str) -> str:
        source = next((attributes[key] for key in _FILMS if attributes.get(key)), content.strip())
        poster = attributes.get("poster", "")
        shown = f' poster="{escape_attribute(poster)}"' if poster else ""
        markup = f'<video src="{escape_attribute(source)}"{shown}></video>' if source else ""
        return self._codes.block(markup)


def picture_markup(attachment: Attachment) -> str:
    """Returns a picture with its caption as HTML."""
    shown = f"<figcaption>{attachment.caption}</figcaption>" if attachment.caption else ""
    source, words = escape_attribute(attachment.url), escape_attribute(attachment.alternative)
    return f'<figure><img src="{source}" alt="{words}"/>{shown}</figure>'


def gallery_markup(pictures: list[str]) -> str:
    """Returns figures as a gallery; one alone as it is."""
    figures = "".join(pictures)
    return figures if len(pictures) < 2 else f'<figure class="gallery">{figures}</figure>'


def formula(written: str) -> str:
    """Returns a formula of TeX as HTML; nothing if it cannot be one."""
    tex = html.unescape(written).strip()
    return "" if "</" in tex or not tex else f'<script type="math/tex">{tex}</script>'
