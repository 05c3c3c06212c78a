"""Reads one story of Medium's archive: its metadata, and its text as HTML without Medium's template."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from urllib.parse import unquote

import msgspec
from bs4 import Tag
from bs4.element import NavigableString

from ...diagnostics import Diagnostic, DiagnosticCode
from ...lazy_pattern import lazy_pattern
from ...model.blocks import Embed, Paragraph
from ...model.inlines import Text
from ...model.plain_text import letters_and_digits
from ...model.post import Metadata, Post
from ...repeated_head import without_repeated_head
from ...style_sheets import picture_of_style
from ...web.addresses import is_remote, last_segment, query_of
from ..entries import EntryText
from ..feed_text import subtitle_or_description
from ..html_post import post_of
from ..post_metadata import date_from_path, title_from_path
from ..searched_html import (
    attribute,
    embed_markup,
    has_class,
    markup_of,
    new_tag,
    parse_html,
    remove,
    replace_by,
    words_in,
)
from ..timestamps import read_timestamp

_BODY = lazy_pattern(r"<section[^>]{0,200}e-content")
_MANGLED = lazy_pattern(r"https?://%28(https?://.+?)(?:%29)?")
"""Matches an address that Medium wrote for one in brackets."""
_SILENT = frozenset({"name", "rel", "target"})
"""Attributes that Medium gives every element or link of a kind."""
_SHORT = 2
"""The most paragraphs of a response."""


class Story(msgspec.Struct, frozen=True):
    """A story as the archive has it."""

    metadata: Metadata
    text: EntryText
    may_be_response: bool
    """Whether it has the form of a response: a paragraph or two, whose beginning is the title."""


def read_story(page: str, source: str, number: str = "", *, named_draft: bool = False) -> Story:
    """Returns the story of a page.

    ``source`` is the name of its file in the archive, ``number`` the story's id, and ``named_draft`` says that the name
    is that of a draft.
    """
    found = _BODY.search(page)
    start = found.start() if found else len(page)
    end = page.rfind("<footer", start)
    end = end if end > start else len(page)
    around = parse_html(page[:start] + page[end:])
    body = page[start:end] if found else _text_without_mark(page)
    canonical = _href(around.select_one("a.p-canonical"))
    author = _words(around.select_one("a.p-author"))
    date = around.select_one("time.dt-published")
    title = _words(around.select_one("h1.p-name")) or title_from_path(source)
    subtitle, description = _read_summary(_words(around.select_one(".p-summary")), body)
    draft = named_draft or not (canonical or author or date is not None)
    first = _href(date.find_parent("a")) if date is not None else ""
    aliases = [f"https://medium.com/p/{number}"] if number else []
    if first and first not in (canonical, *aliases):
        aliases.append(first)
    metadata = Metadata(
        title=title,
        subtitle=subtitle,
        description=description,
        id=number,
        slug=last_segment(canonical).removesuffix(f"-{number}")
        if number
        else last_segment(canonical),
        published=read_timestamp(attribute(date, "datetime"))
        if date is not None
        else date_from_path(source),
        authors=(author,) if author else (),
        tags=tuple(words_in(tag) for tag in around.select(".p-tags a")),
        canonical_url=canonical,
        cover=_cover(body),
        is_draft=draft,
        source=source,
        extra={"aliases": aliases} if aliases else {},
    )
    findings = () if found else (_unmarked(source),)
    return Story(metadata, EntryText(body, findings=findings), _may_be_response(metadata, body))


def _text_without_mark(page: str) -> str:
    """Returns the text of a page that does not mark it: what stands between its head and its foot."""
    article = parse_html(page).find("article")
    if not isinstance(article, Tag):
        return ""
    remove(article.find_all(["header", "footer", "h1"]))
    remove(article.select(".p-summary"))
    return markup_of(article)


def _unmarked(source: str) -> Diagnostic:
    message = "the page does not mark its text; all between its title and its foot is read"
    return Diagnostic(DiagnosticCode.MARKUP_REPAIRED, message, source)


def make_story(text: EntryText, metadata: Metadata) -> Post:
    """Converts the text of a story."""
    body = parse_html(text.content)
    _remove_repeated(body, metadata)
    for change in _CHANGES:
        change(body)
    post = post_of(markup_of(body), metadata, findings=text.findings)
    if metadata.subtitle or _is_its_title(post):
        return without_repeated_head(post)
    return post  # It may be a response, whose title is the beginning of its text.


def _is_its_title(post: Post) -> bool:
    """Whether the text is the title again: Medium titles a response, which has no title, by its text."""
    match post.body:
        case (Paragraph((Text(text),)),):
            return text == post.metadata.title
        case _:
            return False


def _words(element: Tag | None) -> str:
    return words_in(element) if element is not None else ""


def _href(element: Tag | None) -> str:
    return attribute(element, "href") if element is not None else ""


def _fold(text: str) -> str:
    """Returns a text for comparing: without signs, in which Medium's repetitions differ."""
    return letters_and_digits(unicodedata.normalize("NFKC", text))


def _read_summary(summary: str, body: str) -> tuple[str, str]:
    """Returns the subtitle and the description. Medium's summary is the author's subtitle, or the text's beginning."""
    if not summary:
        return "", ""
    if "graf--subtitle" in body:
        subtitles = parse_html(body).select(".graf--subtitle")
        if any(_fold(words_in(element)) == _fold(summary) for element in subtitles):
            return summary, ""
    return subtitle_or_description(summary, body)


def _cover(body: str) -> str:
    """Returns the picture that the author chose, else the one above the first paragraph; empty if there is none."""
    if "<img" not in body:
        return ""
    tree = parse_html(body)
    chosen = tree.select_one('img[data-is-featured="true"]')
    if chosen is None:
        first = tree.find(["img", "p"])
        chosen = first if isinstance(first, Tag) and first.name == "img" else None
    return attribute(chosen, "src") if chosen is not None else ""


def _may_be_response(metadata: Metadata, body: str) -> bool:
    if metadata.subtitle or metadata.is_draft or body.count("<p") > _SHORT or "<h3" in body:
        return False
    title = _fold(metadata.title.removesuffix("…").removesuffix("..."))
    return bool(title) and _fold(words_in(parse_html(body))).startswith(title)


def _remove_repeated(body: Tag, metadata: Metadata) -> None:
    """Removes the title and the subtitle at the top of the text, which are metadata."""
    for name, words in (("graf--title", metadata.title), ("graf--subtitle", metadata.subtitle)):
        found = body.select_one(f".{name}")
        if found is not None and words and _fold(words_in(found)) == _fold(words):
            found.decompose()


# Changes of the text, in this order


def _mark_sections(body: Tag) -> None:
    """Keeps the rules between sections, and removes the one that begins the first."""
    rules = body.select("hr.section-divider")
    remove(rules[:1])
    for division in body.select("div.section-divider"):
        division.unwrap()


def _raise_headings(body: Tag) -> None:
    for heading in body.select("h3, h4"):
        heading.name = "h2" if heading.name == "h3" else "h3"


def _join_quotations(body: Tag) -> None:
    """Joins the paragraphs of one quotation, each of which Medium writes as a quotation."""
    for quotation in body.select("blockquote"):
        if has_class(quotation, "graf--pullquote"):
            quotation["class"] = "pullquote"
        else:
            _wrap_content(quotation, "p")
            _join_with_previous(
                quotation, lambda e: e.name == "blockquote" and not has_class(e, "pullquote")
            )


def _write_code(body: Tag) -> None:
    """Joins neighbouring listings of the older editor, which are one, writes line ends, and names languages."""
    for listing in body.select("pre"):
        for line_end in listing.find_all("br"):
            line_end.replace_with("\n")
        language = attribute(listing, "data-code-block-lang")
        parts = list(listing.children)
        previous = _previous(listing)
        if previous is not None and _is_older_listing(previous) and _is_older_listing(listing):
            code = previous.find("code")
            if isinstance(code, Tag):
                code.extend(["\n", *parts])
                listing.decompose()
                continue
        code = new_tag("code")
        code.extend(parts)
        if language:
            code["class"] = f"language-{language}"
        del listing["spellcheck"]
        listing.append(code)


def _is_older_listing(element: Tag) -> bool:
    """Returns whether an element is a listing, or a line of one, of the editor that knew no languages of code."""
    return (
        element.name == "pre"
        and not attribute(element, "data-code-block-mode")
        and not attribute(element, "data-code-block-lang")
    )


def _write_links(body: Tag) -> None:
    for link in body.select("a[href]"):
        mangled = _MANGLED.fullmatch(attribute(link, "href"))
        if mangled:
            link["href"] = mangled[1]


def _write_cards(body: Tag) -> None:
    for card in body.select(".graf--mixtapeEmbed"):
        anchor = card.select_one("a.markup--mixtapeEmbed-anchor") or card.find("a")
        if not isinstance(anchor, Tag):
            continue
        style = attribute(card.select_one(".mixtapeImage") or card, "style")
        title, text = anchor.find("strong"), anchor.find("em")
        named = title if isinstance(title, Tag) else anchor
        embed = Embed(
            "page",
            attribute(anchor, "href"),
            title=words_in(named),
            text=words_in(text) if isinstance(text, Tag) else "",
            thumbnail=picture_of_style(style),
        )
        replace_by(card, embed_markup(embed))


def _write_frames(body: Tag) -> None:
    """Gives frames the addresses of what they show, which Medium hands to another service."""
    for frame in body.select("iframe[src]"):
        source = attribute(frame, "src")
        real = query_of(source, "url") or query_of(source, "src")
        if is_remote(real):
            frame["src"] = unquote(real) if "%3A" in real else real
    for holder in body.select(".iframeContainer"):
        holder.unwrap()


def _write_figures(body: Tag) -> None:
    remove(body.select(".aspectRatioPlaceholder-fill, .progressiveMedia-thumbnail, .graf--empty"))
    for holder in body.select(".aspectRatioPlaceholder, .progressiveMedia"):
        holder.unwrap()
    for row in body.select(".sectionLayout--outsetRow"):
        figures = list(row.find_all(True, recursive=False))
        if len(figures) > 1 and all(figure.name == "figure" for figure in figures):
            row.name = "figure"
            row["class"] = "gallery"


def _unwrap_layout(body: Tag) -> None:
    """Removes Medium's divisions, and the classes and ids that it gives every paragraph."""
    named = {attribute(link, "href")[1:] for link in body.select('a[href^="#"]')}
    for division in body.select("section, .section-content, .section-inner"):
        division.unwrap()
    for element in body.find_all(True):
        for name in [n for n in element.attrs if n.startswith("data-") or n in _SILENT]:
            del element[name]
        if attribute(element, "id") not in named:
            del element["id"]
        if any(c.startswith(("graf", "markup--", "post", "section")) for c in _classes(element)):
            del element["class"]


_CHANGES: tuple[Callable[[Tag], None], ...] = (
    _mark_sections,
    _raise_headings,
    _join_quotations,
    _write_code,
    _write_links,
    _write_cards,
    _write_frames,
    _write_figures,
    _unwrap_layout,
)


def _classes(element: Tag) -> list[str]:
    return attribute(element, "class").split()


def _wrap_content(element: Tag, name: str) -> None:
    holder = new_tag(name)
    for child in list(element.children):
        holder.append(child)
    element.append(holder)


def _join_with_previous(element: Tag, is_same: Callable[[Tag], bool]) -> None:
    previous = _previous(element)
    if previous is not None and is_same(previous):
        for child in list(element.children):
            previous.append(child)
        element.decompose()


def _previous(element: Tag) -> Tag | None:
    """Returns the element before ``element``, if no words stand between them."""
    for sibling in element.previous_siblings:
        if isinstance(sibling, Tag):
            return sibling
        if isinstance(sibling, NavigableString) and sibling.strip():
            return None
    return None
