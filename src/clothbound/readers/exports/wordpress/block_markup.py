"""Takes the templates of WordPress and Squarespace off the HTML of a post, and writes their blocks as our own markup."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence, Set

from bs4 import Tag
from bs4.element import NavigableString, PageElement

from ....html.read.web_footnotes import WORDPRESS_NOTES
from ....lazy_pattern import lazy_pattern
from ....style_sheets import picture_of_style
from ....web.addresses import is_data, query_of
from ....web.html_elements import BLOCKS
from ....web.providers import player_of_page
from ...relative_addresses import join_address
from ...searched_html import (
    Census,
    attribute,
    has_class,
    is_removed,
    new_tag,
    parse_html,
    remove,
    replace_by,
    words_in,
)
from .known_shortcodes import ADDRESS, embed_of
from .media import Attachment, Attachments, original_of, tail_of

_NUMBER_OF_PICTURE = lazy_pattern(r"\bwp-image-(\d+)\b")
_SPACES = lazy_pattern(r"(?<=[\n ]) |^ (?= )", re.M)
_STANZA = lazy_pattern(r"\n[ \t]*\n\s*")
_TEMPLATE = lazy_pattern(
    r"(?:wp-|has-|is-|align|size-|sqs-|attachment|tiled-|blocks-|yui|gallery-|jetpack|image-|intrinsic|design-|layout-"
    r"|thumb-image|aligncenter|elementor|row|col|schema-|kt-|kb-|uagb-|ugb-|stk-|gb-|coblocks-).*"
)
_GALLERIES = (
    "figure.wp-block-gallery, ul.wp-block-gallery, div.wp-block-gallery, div.gallery, .wp-block-jetpack-tiled-gallery, "
    ".wp-block-jetpack-slideshow, div.tiled-gallery, .sqs-gallery, .blocks-gallery-grid"
)
_LINKED = {
    "a": ("href",),
    "img": ("src",),
    "audio": ("src",),
    "source": ("src",),
    "iframe": ("src",),
} | {
    "video": ("src", "poster"),
    "object": ("data",),
    "embed": ("src",),
}
_FILES = ("a", "audio", "video", "source")
"""Elements that may lead to files of the export."""
_ALONE = BLOCKS | {"audio", "iframe", "img", "object", "video"}
"""Elements that stand outside of paragraphs."""
_PLAYERS = frozenset({"blockquote", "iframe", "script"})
"""Elements in an embed that show what it embeds, so that it is no mere address."""
_SHOWN = ["audio", "iframe", "img", "object", "table", "video"]
"""Elements that show something without words."""
_LAZY = ("data-src", "data-lazy-src", "data-original", "data-image")


def change_markup(body: Tag, media: Attachments, base: str) -> bool:
    """Changes the HTML of a post; returns whether it shows files that lie beside the export.

    ``base`` is the address against which relative addresses are resolved.
    """
    census = Census(body)
    if census.has_attribute("data-html"):
        for player in body.select("[data-html]"):
            replace_by(player, attribute(player, "data-html"))
        census = Census(body)
    for change in _BEFORE:
        change(body, census)
    _join_addresses(body, census, base)
    is_local = _write_pictures(body, census, media)
    for change in _CHANGES:
        change(body, census)
    return is_local


# Addresses and pictures


def _show_lazy(body: Tag, census: Census) -> None:
    """Gives pictures that a script loads their addresses, and removes their doubles for pages without scripts."""
    pictures = body.find_all("img") if census.has_name("img") else []
    for picture in pictures:
        source = attribute(picture, "src")
        lazy = next(filter(None, (attribute(picture, name) for name in _LAZY)), "")
        if lazy and (not source or is_data(source)):
            picture["src"] = lazy
    if not census.has_name("noscript"):
        return
    with_pictures = {picture.parent for picture in pictures}
    for double in body.select("noscript"):
        if is_removed(double):
            continue
        if double.parent in with_pictures and double.find("img") is not None:
            double.decompose()
            continue
        if double in with_pictures:
            with_pictures.add(double.parent)
        double.unwrap()


def _join_addresses(body: Tag, census: Census, base: str) -> None:
    if not census.has_name(*_LINKED):
        return
    for element in body.find_all(list(_LINKED)):
        for name in _LINKED[element.name]:
            if address := attribute(element, name):
                element[name] = join_address(base, address)


def _write_pictures(body: Tag, census: Census, media: Attachments) -> bool:
    """Gives pictures the addresses of their originals, and what the export says of them."""
    is_local = False
    for picture in body.find_all("img") if census.has_name("img") else ():
        source = attribute(picture, "src")
        number = _NUMBER_OF_PICTURE.search(attribute(picture, "class"))
        named = number[1] if number else attribute(picture, "data-id")
        attachment = media.find(named, source)
        original = attachment.url if attachment is not None else original_of(source)
        local = media.uploads.find(original) or media.uploads.find(source)
        if attachment is not None and attachment.alternative and not attribute(picture, "alt"):
            picture["alt"] = attachment.alternative
        if (local or original) != source:
            picture["src"] = local or original
            remove_attributes(picture, "width", "height")
        is_local = is_local or bool(local)
        remove_attributes(picture, "srcset", "sizes")
        _unlink(picture, source, original, attachment)
    has_files = census.has_name(*_FILES) and _find_files(body, media)
    return has_files or is_local


def _find_files(body: Tag, media: Attachments) -> bool:
    """Lets links and players lead to the files beside the export, and links to attachments to their files."""
    found = False
    for element in body.find_all(list(_FILES)):
        name = "href" if element.name == "a" else "src"
        if name not in element.attrs:
            continue
        address = attribute(element, name)
        if attachment := _attachment_of(address, media):
            address = element[name] = attachment.url
        if local := media.uploads.find(address):
            element[name] = local
            found = True
    return found


def _attachment_of(address: str, media: Attachments) -> Attachment | None:
    if "attachment_id=" not in address:
        return None
    number = query_of(address, "attachment_id")
    return media.find(number) if number else None


def _unlink(picture: Tag, source: str, original: str, attachment: Attachment | None) -> None:
    """Removes the link from a picture to itself or to its own page."""
    link = picture.parent
    if link is None or link.name != "a" or words_in(link):
        return
    href = attribute(link, "href")
    is_page = attachment is not None and (
        "attachment" in attribute(link, "rel") or href.rstrip("/") == attachment.page != ""
    )
    if (
        is_page
        or href in (source, original)
        or (tail_of(href) and original_of(href) == original_of(source))
    ):
        link.unwrap()


def remove_attributes(element: Tag, *names: str) -> None:
    """Removes attributes that an element may lack."""
    for name in names:
        element.attrs.pop(name, None)


# Blocks, in this order


def _write_squarespace(body: Tag, census: Census) -> None:
    before: dict[
        int, Tag
    ] = {}  # by identities, since a Tag is hashed and compared by its whole content
    captions = ("image-caption-wrapper", "image-card-wrapper")
    has_captions = census.has_class(*captions)
    for element in body.select(f"figure, .{captions[0]}, .{captions[1]}") if has_captions else ():
        is_caption = has_class(element, *captions)
        figure = (
            (element.find_parent("figure") or before.get(id(element.parent)))
            if is_caption
            else None
        )
        if element.name == "figure":
            before[id(element.parent)] = element
        if figure is not None and figure.find("figcaption") is None and words_in(element):
            element.name = "figcaption"
            figure.append(element.extract())
    for button in _select(body, census, "a", "sqs-block-button-element"):
        _wrap(button, "p", "button")


def _remove_empty(body: Tag, census: Census) -> None:
    """Removes paragraphs that hold nothing, which editors make for space, and captions without a picture."""
    for paragraph in body.find_all("p"):
        if not words_in(paragraph) and paragraph.find(True) is None:
            paragraph.decompose()
    for holder in _select(body, census, "dl", "wp-caption"):
        if not words_in(holder) and holder.find("img") is None:
            holder.decompose()


def _write_galleries(body: Tag, census: Census) -> None:
    if not census.has_class("gallery", "wp-block-jetpack-slideshow"):
        return
    for gallery in body.select(_GALLERIES):
        pictures = gallery.select("img")
        if gallery.parent is None or not pictures or gallery.find_parent(class_="gallery"):
            continue
        made = new_tag("figure")
        made["class"] = "gallery"
        for picture in pictures:
            holder = picture.find_parent(["figure", "li", "dl"])
            inner = holder if holder is not None and _is_within(holder, gallery) else None
            made.append(_figure_of(picture, inner))
        for caption in gallery.find_all(["figcaption"]):
            if words_in(caption):
                made.append(caption.extract())
        _replace(gallery, made)


def _figure_of(picture: Tag, holder: Tag | None) -> Tag:
    """Returns a figure of a picture, its link and its caption; these are taken out of their place."""
    figure = new_tag("figure")
    caption = holder.find(["figcaption", "dd"]) if holder is not None else None
    link = picture.parent
    shown = link if link is not None and link.name == "a" else picture
    figure.append(shown.extract())
    if isinstance(caption, Tag):
        caption.name = "figcaption"
        figure.append(caption.extract())
    return figure


def _write_figures(body: Tag, census: Census) -> None:
    has_captions = census.has_class("wp-caption-text", "wp-caption-dd")
    for caption in body.select("p.wp-caption-text, dd.wp-caption-dd") if has_captions else ():
        holder = caption.find_parent(class_="wp-caption")
        if holder is not None:
            holder.name = "figure"
            caption.name = "figcaption"
            for part in holder.find_all("dt"):
                part.unwrap()
    for holder in _select(body, census, "div", "wp-block-image"):
        holder.unwrap()


def _write_tables(body: Tag, census: Census) -> None:
    for framed in _select(body, census, "figure", "wp-block-table"):
        table, caption = framed.select_one("table"), framed.select_one("figcaption")
        if table is not None:
            if caption is not None:
                caption.name = "caption"
                table.insert(0, caption.extract())
            _replace(framed, table.extract())
    if not census.has_class("has-text-align-", "align-left", "align-center", "align-right"):
        return
    for cell in body.select("td[class*=has-text-align-], th[class*=has-text-align-]"):
        side = next(c for c in attribute(cell, "class").split() if c.startswith("has-text-align-"))
        cell["class"] = f"align-{side.removeprefix('has-text-align-')}"
    aligned: set[int] = set()
    for cell in body.select(".align-left, .align-center, .align-right"):
        for parent in cell.parents:
            if id(parent) in aligned:
                break
            if parent.name == "table":
                aligned.add(id(parent))
    for table in body.select("table"):
        if id(table) in aligned:
            _wrap(table, "div", "table")


def _write_embeds(body: Tag, census: Census) -> None:
    has_embeds = census.has_class("wp-block-embed")
    embeds = "figure.wp-block-embed, figure[class*=wp-block-embed-]"
    figures = body.select(embeds) if has_embeds else []
    known = {id(figure) for figure in figures}
    for figure in figures:
        _write_embed(figure, known)
    for paragraph in body.find_all("p"):
        text = words_in(paragraph)
        if (
            ADDRESS.fullmatch(text)
            and player_of_page(text).provider
            and paragraph.find(True) is None
        ):
            replace_by(paragraph, embed_of(text))


def _write_embed(figure: Tag, figures: Set[int]) -> None:
    """Writes an embed as its card and its caption. Of one that holds others of the ``figures``, as where its end is missing,
    what stands before the first of them counts, and the rest follows.
    """
    own: list[PageElement] = []
    holds_others = False
    for node in figure.descendants:
        if holds_others := id(node) in figures:
            break
        own.append(node)
    named = [node for node in own if isinstance(node, Tag)]
    if any(node.name in _PLAYERS for node in named):
        return
    caption = next((node for node in named if node.name == "figcaption"), None)
    if caption is not None and (holds_others or not words_in(caption)):
        caption = None
    elif caption is not None:
        within = {id(node) for node in caption.descendants}
        own = [node for node in own if id(node) not in within]
        caption.extract()
        caption.name = "p"
    address = _take_address(figure, own)
    parts = [*parse_html(embed_of(address)).find_all(True, recursive=False)] if address else []
    if holds_others:
        figure.insert_before(*parts)
        _make_plain(figure)
    else:
        _replace(figure, *parts, *([] if caption is None else [caption]))


def _take_address(figure: Tag, own: Sequence[PageElement]) -> str:
    """Takes the address that an embed shows out of it, or that of its link, or of the card that a line with it became;
    empty if it has none.
    """
    for text in own:
        if type(text) is NavigableString and (found := ADDRESS.search(text)):
            text.replace_with(text.replace(found[0], "", 1))
            return found[0]
    link = next((one for one in own if isinstance(one, Tag) and one.get("href")), None)
    if link is None:
        return ""
    address = attribute(link, "href")
    card = link.find_parent(class_="embed")
    if card is not None and _is_within(card, figure):
        card.extract()
    else:
        link.unwrap()
    return address


def _write_quotations(body: Tag, census: Census) -> None:
    if not census.has_name("blockquote"):
        return
    for figure in _select(body, census, "figure", "wp-block-pullquote"):
        quotation = figure.find("blockquote")
        if isinstance(quotation, Tag):
            quotation["class"] = "pullquote"
            _replace(figure, quotation.extract())
    for quotation in body.find_all("blockquote"):
        if has_class(quotation, "wp-block-pullquote"):
            quotation["class"] = "pullquote"
        for source in quotation.find_all("cite", recursive=False):
            _wrap(source, "p", "")


def _write_verses(body: Tag, census: Census) -> None:
    for verse in _select(body, census, "pre", "wp-block-verse"):
        for line_end in verse.find_all("br"):
            line_end.replace_with("\n")
        verse.name = "div"
        verse["class"] = "verse"
        markup = verse.decode_contents(formatter="minimal").strip("\n")
        verse.clear()
        for stanza in _STANZA.split(markup):
            lines = _SPACES.sub("\N{NO-BREAK SPACE}", stanza).replace("\n", "<br/>")
            for part in list(parse_html(f"<p>{lines}</p>").children):
                verse.append(part)


def _write_cards(body: Tag, census: Census) -> None:
    for card in _select(body, census, "div", "wp-block-file"):
        buttons = card.select("a.wp-block-file__button")
        remove(buttons if len(buttons) < len(card.select("a[href]")) else ())
        link = card.select_one("a[href]")
        if link is not None:
            _replace(card, link.extract())
            _wrap(link, "p", "file")
            link.attrs = {"href": link["href"]}
    for button in _select(body, census, "", "wp-block-button"):
        link = button.select_one("a")
        if link is not None and link.get("href"):
            _replace(button, link.extract())
            link.attrs = {"href": link["href"]}
            _wrap(link, "p", "button")
        elif words_in(button):
            if link is not None:
                link.unwrap()
            button.name = "p"
            button.attrs = {}
        else:
            button.decompose()
    remove(_select(body, census, "span", "wp-block-cover__background"))
    for cover in _select(body, census, "", "wp-block-cover"):
        background = picture_of_style(attribute(cover, "style"))
        if background and cover.find("img") is None:
            picture = new_tag("img")
            picture["src"] = background
            picture["alt"] = ""
            cover.insert(0, picture)
    for picture in _select(body, census, "img", "wp-block-cover__image-background"):
        _wrap(picture, "figure", "")


def _unwrap_layout(body: Tag, census: Census) -> None:
    """Removes divisions that only lay out what is in them, and the classes and styles of templates."""
    remove(_select(body, census, "ul", "wp-block-social-links"))
    for name in ("wp-block-file__embed", "more-link", "sharedaddy", "jp-relatedposts"):
        remove(_select(body, census, "", name))
    elements = body.find_all(True)
    named = {
        attribute(link, "href")[1:]
        for link in elements
        if link.name == "a" and str(link.get("href")).startswith("#")
    }
    for element in elements:
        classes = attribute(element, "class").split()
        kept = [c for c in classes if c == WORDPRESS_NOTES or not _TEMPLATE.fullmatch(c)]
        kept = classes if any(c.startswith("align-") for c in classes) else kept
        is_layout = element.name == "div" and (not kept or not classes)
        if is_layout and attribute(element, "id") not in named:
            _unwrap_block(element)
            continue
        if classes and not kept:
            remove_attributes(element, "class")
        elif classes:
            element["class"] = " ".join(kept)
        remove_attributes(element, "style", "loading", "decoding", "fetchpriority", "rel", "target")
        for name in [n for n in element.attrs if n.startswith("data-") and n != "data-fn"]:
            del element[name]


def _unwrap_block(element: Tag) -> None:
    """Takes a division off what is in it; words that stand in it without a paragraph get one."""
    run: list[object] = []
    for child in [*element.children, None]:
        if child is not None and _is_within_paragraph(child):
            run.append(child)
            continue
        if any(isinstance(one, Tag) or str(one).strip() for one in run):
            paragraph = new_tag("p")
            first = run[0]
            first.insert_before(paragraph)  # type: ignore[attr-defined]
            for one in run:
                paragraph.append(one.extract())  # type: ignore[attr-defined]
        run = []
    element.unwrap()


def _is_within_paragraph(child: object) -> bool:
    if isinstance(child, Tag):
        return child.name not in _ALONE and child.find([*_ALONE]) is None
    return type(child) is NavigableString


def _replace(element: Tag, *made: Tag) -> None:
    """Replaces an element by what was made of it. What else it holds, as where its end is missing, follows."""
    if element.parent is None:  # an element around it has lost it, since it held nothing
        return
    element.insert_before(*made)
    holders = _holders_of_content(element)
    for empty in element.find_all(["li", "p", "figure", "figcaption"]):
        if id(empty) not in holders:
            empty.extract()
    if id(element) not in holders:
        element.extract()
        return
    _make_plain(element)


def _make_plain(element: Tag) -> None:
    element.name = element.name if element.name == "ul" else "div"
    element.attrs = {}


def _is_within(element: Tag, holder: Tag) -> bool:
    # Whether it is "in" the parents would be asked by comparing all that they hold.
    return any(parent is holder for parent in element.parents)


def _holders_of_content(element: Tag) -> set[int]:
    """Returns the identities of an element, and of those in it, that hold words or show something without words."""
    found: set[int] = set()
    for node in element.descendants:
        has_words = type(node) is NavigableString and node.strip()
        holder = node.parent if has_words or getattr(node, "name", "") in _SHOWN else None
        while holder is not None and id(holder) not in found:
            found.add(id(holder))
            holder = holder.parent if holder is not element else None
    return found


_BEFORE: tuple[Callable[[Tag, Census], None], ...] = (_write_squarespace, _show_lazy)
_CHANGES: tuple[Callable[[Tag, Census], None], ...] = (
    _remove_empty,
    _write_galleries,
    _write_figures,
    _write_tables,
    _write_embeds,
    _write_quotations,
    _write_verses,
    _write_cards,
    _unwrap_layout,
)


def _select(body: Tag, census: Census, name: str, kind: str) -> list[Tag]:
    """Returns the elements of a class, of one name or of any, in their order; ``census`` is that of the text as it came."""
    return body.select(f"{name}.{kind}") if census.has_class(kind) else []


def _wrap(element: Tag, name: str, kind: str) -> None:
    holder = new_tag(name)
    if kind:
        holder["class"] = kind
    element.wrap(holder)
