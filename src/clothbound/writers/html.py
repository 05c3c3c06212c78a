"""Writes a post as a self-contained page, or as a fragment for another page."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal, TypeAlias
from urllib.parse import quote

from ..artifact import Artifact, pages_of_posts
from ..context import Context, followed
from ..fields import Field
from ..formats import Produces, WriterOptions
from ..html.write.target import Picture
from ..html.write.web_page import (
    SHEET_OF_SCRIPTS,
    SHEETS_OF_FORMULAS,
    PageTarget,
    article,
    document,
    image_sources,
    policy,
    post_head,
    restriction_tags,
    style_sheet,
    style_source,
)
from ..language.detect import post_language
from ..language.writing_systems import has_letter_of_scripts
from ..late_names import late_module
from ..media.picture_limits import Converted
from ..model.collection import Collection
from ..model.inlines import Image
from ..model.plain_text import prose_sample
from ..model.post import Post
from ..naming import file_names
from ..parts.part_maker import PartMaker
from ..parts.post_parts import PartFacts
from .screen_style import ScreenTheme, screen_style

if TYPE_CHECKING:
    from .. import post_pictures
    from ..html.write import shown_pictures
else:
    # What few posts need.
    shown_pictures = late_module("clothbound.html.write.shown_pictures")
    post_pictures = late_module("clothbound.post_pictures")


PicturesAre: TypeAlias = Literal["inline", "link"]
"""Whether a fragment holds the post's own pictures, or only their addresses."""

_TRANSFORMS = ("widgets", "footnotes", "headings", "equations", "links-of-page", "link-words")


class Html(WriterOptions, frozen=True, kw_only=True):
    """Options for writing self-contained web pages."""

    format: ClassVar[str] = "html"
    theme: ScreenTheme = None
    css: Annotated[
        Path | None,
        Field(
            help="A style sheet that follows ours, so that its rules take precedence. The "
            "page's policy forbids style sheets to load fonts or pictures."
        ),
    ] = None


class HtmlFragment(WriterOptions, frozen=True, kw_only=True):
    """Options for writing fragments of HTML."""

    format: ClassVar[str] = "html-fragment"
    title: Annotated[bool, Field(help="Put the title block above the text.")] = True
    pictures: Annotated[
        PicturesAre,
        Field(
            help="Embed the post's own pictures in the fragment, or leave them at their addresses."
        ),
    ] = "inline"
    address_of: Callable[[Image], str] | None = None
    """Returns the address of a picture in the page, instead of ``pictures``; an empty string if there is none."""


class _PageWriter:
    """Writes pages that contain their style and local pictures; remote pictures stay on the
    network.
    """

    extension = ".html"
    media_type = "text/html"
    options_type = Html
    produces: Produces = "page"
    public = False
    transforms = (*_TRANSFORMS, "scripts")

    def write(self, collection: Collection, options: Html, context: Context) -> Artifact:
        own = screen_style(options.theme, options.css, context.run.limits)

        @cache
        def style_of(*more: str) -> tuple[str, str]:
            """Returns a style sheet with what a page needs ``more``, and its source expression."""
            style = style_sheet("page.css", *more, css=own)
            return style, style_source(style)

        def page(post: Post, page_of: Callable[[str], str | None], context: Context) -> str:
            language = post_language(post.metadata, prose_sample(post), context.language)
            target = _target(post, page_of, context)
            content = article(post, target, context, language, collection.info.authors)
            needed: tuple[str, ...] = (SHEET_OF_SCRIPTS,) if has_letter_of_scripts(content) else ()
            if 'class="math' in content or "<math" in content:
                needed += SHEETS_OF_FORMULAS
            style, source = style_of(*needed)
            head = post_head(post, language, authors=collection.info.authors)
            head += restriction_tags(context.verdict_of_copy(post))
            return document(
                language=language,
                head=f"{head}<style>{style}</style>\n",
                body=f"<main>\n<article>\n{content}</article>\n</main>\n",
                content_policy=policy(source, image_sources(content, "data:", own)),
            )

        return _artifact(collection, context, page, options, own)


class _FragmentWriter:
    """Writes the content of a page's ``article``, with its pictures embedded."""

    extension = ".html"
    media_type = "text/html"
    options_type = HtmlFragment
    produces: Produces = "page"
    public = False
    transforms = _TRANSFORMS

    def write(self, collection: Collection, options: HtmlFragment, context: Context) -> Artifact:
        def fragment(post: Post, page_of: Callable[[str], str | None], context: Context) -> str:
            language = post_language(post.metadata, prose_sample(post), context.language)
            show = None
            if options.address_of or options.pictures == "link":
                show = partial(_at_address, post, context, options.address_of)
            target = _target(post, page_of, context, show)
            authors = collection.info.authors
            return article(
                post,
                target,
                context,
                language,
                authors,
                title=options.title,
                names_untitled=False,
            )

        return _artifact(collection, context, fragment, options, options.address_of)


def _artifact(
    collection: Collection,
    context: Context,
    make: Callable[[Post, Callable[[str], str | None], Context], str],
    *facts: object,
) -> Artifact:
    """Returns the artifact of the pages. ``facts`` decide what they are, besides the posts and the run."""
    names = file_names(collection.index)
    # A single page may be saved anywhere, under any name, so links to it have no file name.
    pages = {key: quote(f"{name}.html") for key, name in names.items()} if len(names) > 1 else {}
    return pages_of_posts(
        context.report,
        names={f"{names[m.key]}.html": m.source for m in collection.index},
        parts=PartMaker(
            collection,
            context,
            lambda post, own: make(post, followed(own, "page", pages.get), own).encode(),
            bytes,
            PartFacts(
                shared=lambda: (collection.info, *facts),
                own=lambda _: (),
                answers=lambda: {"page": pages.get},
                rules=lambda: shown_pictures.WEB_RULES,
            ),
        ),
    )


def _target(
    post: Post,
    page_of: Callable[[str], str | None],
    context: Context,
    show: Callable[[Image], Picture | None] | None = None,
) -> PageTarget:
    def embed(image: Image) -> Picture | None:
        return shown_pictures.web_picture(post, image, context, _embed_picture)

    return PageTarget(post, context, show=show or embed, page_of=page_of)


def _at_address(
    post: Post, context: Context, address_of: Callable[[Image], str] | None, image: Image
) -> Picture | None:
    """Returns a picture at the address that ``address_of`` gives it, or at its own."""
    address = post_pictures.find_address(post, image, context, address_of)
    return Picture(address) if address else None


def _embed_picture(converted: Converted) -> str:
    return f"data:{converted.media_type};base64,{b64encode(converted.data).decode()}"


PAGE = _PageWriter()
FRAGMENT = _FragmentWriter()
