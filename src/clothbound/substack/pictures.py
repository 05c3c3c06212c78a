"""Component rows of captioned images and galleries."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

import msgspec

from ..lazy_pattern import lazy_pattern
from ..media.sniffing import PICTURE_TYPES, WEB_EXTENSIONS
from ..model import blocks as b
from ..model import inlines as i
from ..model.addresses import is_on_web
from ..model.node import Node, Origin
from ..model.plain_text import plain_text
from ..model.post import Post
from ..model.walk import rewrite, walk
from ..web.addresses import is_data
from . import cdn
from .component_element import Element, attribute_of, unwrap_inlines
from .component_spec import ComponentRow
from .data_attrs import Data, parse, record, records, string, stringify, whole_number

_IMAGE_ATTRIBUTES = frozenset(
    "at attrs component-name decorative fields fetchpriority generation height loading markup signature "
    "sizes src srcset "
    "width alt title".split(" ")
)
RENDITION = lazy_pattern(r"sizing-|pencraft$|pc-|[\w-]*-module__|img$")
"""Matches classes that control how the web page shows a picture."""
_LOCAL = lazy_pattern(r"images/[0-9a-f]{20}\.[a-z0-9.+-]+")
_CAPTIONS = ("image-caption", "image-caption-static", "caption")


def read_image(data: Data, image: i.Image) -> i.Image:
    """Completes ``image`` from ``data``. The element takes precedence, since an author may have
    edited it.
    """
    original = cdn.unwrap(image.src or string(data.get("src"))).original
    alt, title = image.alt or string(data.get("alt")), image.title
    if title == string(data.get("alt")):
        # If a picture has no title, the site repeats its description as the title.
        title = string(data.get("title"))
    return i.Image(
        original,
        alt,
        title or string(data.get("title")),
        id=image.id,
        classes=tuple(c for c in image.classes if not RENDITION.match(c)),
        attributes=tuple(pair for pair in image.attributes if pair[0] not in _IMAGE_ATTRIBUTES),
        line=image.line,
    )


def component_attributes_of(image: i.Image) -> tuple[tuple[str, str], ...]:
    """Returns the attributes of a picture that say something of its component; the others stay its own."""
    return tuple(pair for pair in image.attributes if pair[0] in _IMAGE_ATTRIBUTES)


def image_data(figure: b.Figure) -> Data:
    """Makes the 18 keys of a picture's data, in Substack's order."""
    image = figure.image
    return {
        "src": image.src,
        "srcNoWatermark": None,
        "fullscreen": None,
        "imageSize": None,
        "height": figure.height or None,
        "width": figure.width or None,
        "resizeWidth": None,
        "bytes": None,
        "alt": image.alt or None,
        "title": image.title or None,
        "type": PICTURE_TYPES.get(image.src.rpartition(".")[2].lower()),
        "href": figure.href or None,
        "belowTheFold": False,
        "topImage": False,
        "internalRedirect": None,
        "isProcessing": False,
        "align": None,
        "offset": False,
    }


def local_name(data: bytes, media_type: str) -> str:
    """Returns the name of a Substack picture's local file, derived from its bytes."""
    extension = WEB_EXTENSIONS.get(media_type) or media_type.rpartition("/")[2]
    return f"images/{hashlib.sha256(data).hexdigest()[:20]}.{extension}"


def restore_addresses(post: Post) -> Post:
    """Restores the addresses that pictures had before local copies replaced them.

    A picture whose name is not what ``local_name`` gives was chosen by the author, and stays.
    """

    def visit(node: Node) -> Node:
        if isinstance(node, b.Figure) and (address := _address_of(node.image.src, node.origin)):
            return msgspec.structs.replace(
                node, image=msgspec.structs.replace(node.image, src=address)
            )
        if isinstance(node, i.Image) and (address := _address_of(node.src, node.origin)):
            origin = node.origin
            if origin == keep_address(address):
                origin = None
            return msgspec.structs.replace(node, src=address, origin=origin)
        return node

    if not any(isinstance(node, i.Image) and _LOCAL.fullmatch(node.src) for node in walk(post)):
        return post
    found: Post = rewrite(post, visit)
    return found


def keep_address(address: str) -> Origin:
    """Makes the Origin in which an inline picture, which has no data, keeps its address."""
    return Origin(data=stringify({"src": address}))


def _address_of(src: str, origin: Origin | None) -> str:
    """Returns the address that a local picture had on the network; empty if it is not known."""
    if origin is None or not _LOCAL.fullmatch(src):
        return ""
    address = string((parse(origin.data) or {}).get("src"))
    return address if is_on_web(address) else ""


def signature_of(nodes: Iterable[Node]) -> str:
    """Finds the CDN's signature in the URLs of a picture, its sources or its link."""
    for node in nodes:
        for url in (
            getattr(node, "href", ""),
            attribute_of(node, "href"),
            attribute_of(node, "srcset").partition(" ")[0],
            getattr(node, "src", ""),
        ):
            found = cdn.unwrap(url).signature
            if found:
                return found
        written = attribute_of(node, "signature")
        if written:
            return written
    return ""


def _image_below(e: Element) -> tuple[i.Image | None, Data]:
    """Finds the picture of a component, and its data: the first with data, else the first that is
    not an icon.
    """
    first: i.Image | None = None
    for node in walk(e.node):
        if not isinstance(node, i.Image):
            continue
        written = attribute_of(node, "attrs")
        if written and (data := parse(written)) is not None:
            return node, data
        if first is None and not is_data(node.src) and "lucide" not in node.classes:
            first = node
    return first, e.data


def _read_figure(e: Element) -> b.Figure | None:
    image, data = _image_below(e)
    if image is None and not string(data.get("src")):
        return None
    read = read_image(data, image or i.Image(""))
    if e.attribute("decorative"):
        read = msgspec.structs.replace(read, alt="")
    inner = next((n for n in walk(e.node) if isinstance(n, b.Figure)), None)
    caption = inner.caption if inner is not None else ()
    alone = getattr(e.node, "children", ()) == (inner,) and FIGURE.classes[0] not in e.classes
    if not alone and FIGURE.classes[0] not in e.classes and plain_text(caption) == read.alt:
        # Markdown reads the description of a lone picture as its caption, but a component marks its
        # caption.
        caption = ()
    own = _nodes_of_captions(() if inner is None else (inner,))
    written = next((n for n in e.find_all(*_CAPTIONS) if id(n) not in own), None)
    if written is None:
        written = next(
            (n for n in walk(e.node) if attribute_of(n, "element") == "figcaption"), None
        )
    if written is not None:
        caption = unwrap_inlines(getattr(written, "children", ()))
    href = string(data.get("href"))
    if not href and not data:
        linked = e.href("image-link") or (inner.href if inner is not None else "")
        href = "" if cdn.unwrap(linked).original in ("", read.src) else linked
    return b.Figure(
        read,
        caption=e.type_inlines(caption),
        href=href,
        width=whole_number(data.get("width")) or (inner.width if inner is not None else 0),
        height=whole_number(data.get("height")) or (inner.height if inner is not None else 0),
    )


def _read_gallery(e: Element) -> b.Gallery | None:
    gallery = record(e.data.get("gallery"))
    figures = tuple(
        b.Figure(i.Image(string(picture.get("src")), string(picture.get("alt"))))
        for picture in records(gallery.get("images"))
        if string(picture.get("src"))
    )
    below = e.blocks
    written = tuple(n for n in walk(below) if isinstance(n, b.Figure))
    if not written and not figures:
        written = tuple(b.Figure(read_image({}, n)) for n in walk(below) if isinstance(n, i.Image))
    if not (written or figures):
        return None
    own = _nodes_of_captions(written)
    words = next((n for n in walk(below) if _is_caption(n) and id(n) not in own), None)
    text = string(gallery.get("caption"))
    caption: tuple[i.Inline, ...] = (i.Text(text),) if text else ()
    if words is not None:
        caption = e.type_inlines(unwrap_inlines(getattr(words, "children", ())))
    return b.Gallery(_describe(written or figures, gallery), caption=caption)


def _nodes_of_captions(figures: Iterable[b.Figure]) -> set[int]:
    """Returns the ``id()`` of each node in the captions of pictures, of which none is the component's caption."""
    return {id(node) for figure in figures for node in walk(figure.caption)}


def _is_caption(node: Node) -> bool:
    return any("caption" in name.lower() for name in node.classes)


def _describe(figures: tuple[b.Figure, ...], gallery: Data) -> tuple[b.Figure, ...]:
    """Gives pictures that have no description the one in the gallery's data."""
    own = {string(p.get("src")): string(p.get("alt")) for p in records(gallery.get("images"))}
    alts = [figure.image.alt or own.get(figure.image.src, "") for figure in figures]
    if not any(alts):
        # One text describes the whole gallery; on every picture, screen readers would repeat it.
        alts[0] = string(gallery.get("alt"))
    return tuple(
        figure
        if alt == figure.image.alt
        else msgspec.structs.replace(figure, image=msgspec.structs.replace(figure.image, alt=alt))
        for figure, alt in zip(figures, alts, strict=True)
    )


def _gallery_data(node: b.Gallery) -> Data:
    images = [
        {"type": PICTURE_TYPES.get(f.image.src.rpartition(".")[2].lower(), ""), "src": f.image.src}
        for f in node.figures
    ]
    alts = [f.image.alt for f in node.figures if f.image.alt]
    return {
        "gallery": {
            "images": images,
            "caption": plain_text(node.caption),
            "alt": "; ".join(alts),
            "staticGalleryImage": images[0] if images else {"type": "", "src": ""},
        },
        "isEditorNode": True,
    }


FIGURE = ComponentRow(
    classes=("captioned-image-container", "captioned-image-container-static", "image2", "image3"),
    components=("Image2ToDOM", "Image2ToDOMStatic", "ImageToDOM"),
    kind=b.Figure,
    read=_read_figure,
    data=image_data,
    holes=("image-caption",),
    variants=(
        "still",
        "div",
        "div/still",
        "2023",
        "2023/still",
        "2020",
        "img",
        "p img",
        "figure img",
    ),
)
GALLERY = ComponentRow(
    classes=("image-gallery-embed", "image-gallery"),
    components=("ImageGalleryToDOM", "ImageGallery"),
    kind=b.Gallery,
    read=_read_gallery,
    data=_gallery_data,
)
PICTURES = (FIGURE, GALLERY)
