"""Writes pages from which posts are copied into Substack's editor, which neither reads Markdown nor
imports files.

A page has the post in the form of the editor, a button that copies it to the clipboard, the fields
besides the text, and the list of changes that the editor will make in this post. It works from a
local disk; its only script is inline, and the page's policy names its hash.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import ClassVar
from urllib.parse import quote

from ...artifact import Artifact
from ...console_text import format_count
from ...context import Context
from ...escape import attribute, escape
from ...formats import Produces, WriterOptions
from ...html.write.feed import choose_newest
from ...html.write.shown_pictures import PagePictures, PictureFiles, SourcesOfFiles
from ...html.write.web_addresses import Web
from ...html.write.web_page import (
    SHEETS,
    document,
    image_sources,
    policy,
    post_title,
    restriction_tags,
    style_sheet,
    style_source,
    time_element,
)
from ...language.detect import post_language
from ...language.direction import direction
from ...matter import index_head
from ...model.collection import Collection
from ...model.inlines import Image
from ...model.plain_text import cut_at_word, prose_sample
from ...model.post import Metadata, Post
from ...model.slugs import post_slug
from ...naming import file_names
from ...style_sheets import theme_file
from ...substack.data_attrs import Data, string
from ...substack.editor_html import document_html, document_text, is_upload, picture_file_name
from ...substack.editor_profiles import PASTE
from ...title_text import plain_title
from .drafts import SUBTITLE, ImageBaseUrl, PublicationSite, document_of

_LANGUAGE = "en"
"""The language of these pages, which only the author reads."""
_GMAIL = 102_000
"""The size of a mail in bytes above which Gmail shows only its beginning."""
_QUOTE = 90


class SubstackPaste(WriterOptions, frozen=True, kw_only=True):
    """Options of pages to paste into Substack's editor."""

    format: ClassVar[str] = "substack-paste"
    site: PublicationSite = ""
    image_base_url: ImageBaseUrl = ""


@dataclass(slots=True)
class _Upload:
    """A picture that the editor cannot fetch."""

    name: str
    alt: str
    file: str = ""
    """The picture's file among the pages; empty if it is not available."""


@dataclass(slots=True)
class _Draft:
    """A post as its page shows it."""

    html: str
    text: str
    changes: list[tuple[str, str]] = field(default_factory=list)
    """A message about a change, and the words that it concerns."""
    uploads: list[_Upload] = field(default_factory=list)


class _PasteWriter:
    """Writes a folder of pages. They are the author's own, so nothing private is left out."""

    extension = ""
    media_type = "text/html"
    options_type = SubstackPaste
    produces: Produces = "tree"
    public = False
    transforms: tuple[str, ...] = ("footnotes",)

    def write(self, collection: Collection, options: SubstackPaste, context: Context) -> Artifact:
        sources = SourcesOfFiles()

        def tree() -> Iterator[tuple[str, bytes]]:
            pages = _Pages(collection, options, context, sources)
            for post in collection:
                yield from pages.page(post)
            yield "index.html", pages.index().encode("utf-8", "replace")

        return Artifact.of_tree(report=context.report, make=tree, sources=sources)


class _Pages:
    def __init__(
        self,
        collection: Collection,
        options: SubstackPaste,
        context: Context,
        sources: SourcesOfFiles,
    ) -> None:
        """Fills ``sources`` with the sources of the posts from which each file is made, by file."""
        self._collection = collection
        self._context = context
        self._sources = sources
        self._web = Web(collection.index, site=options.site, image_base_url=options.image_base_url)
        self._names = file_names(collection.index)
        self._style = style_sheet(*SHEETS, "site.css", "paste.css")
        self._script = theme_file("paste.js")
        self._pictures = PictureFiles(sources)
        self._left: dict[str, int] = {}
        """The number of tasks to do by hand, by key."""

    def page(self, post: Post) -> Iterator[tuple[str, bytes]]:
        """Writes a post's page, preceded by the pictures to upload that no earlier page listed."""
        metadata = post.metadata
        pictures = PagePictures(post, self._context)
        draft = self._draft(post, pictures)
        self._left[metadata.key] = len(draft.changes) + len(draft.uploads)
        yield from self._pictures.new(pictures.files.values(), metadata.source)
        language = post_language(metadata, prose_sample(post), self._context.language)
        title = plain_title(post_title(metadata, language))
        body = (
            '<header class="site"><a href="index.html">All posts</a></header>\n'
            '<main class="paste">\n<header class="opener">\n'
            f"<h1{_language(language)}>{escape(title)}</h1>\n"
            "<p>Copy the post, click into the body of a new post on Substack, and paste. "
            "Then copy what has fields of its own.</p>\n</header>\n"
            f"{_to_do(metadata, draft)}"
            f'<article class="post" id="post" aria-label="The post as it will be pasted"'
            f"{_language(language)}>{draft.html}</article>\n"
            f'<pre id="plain" hidden>\n{escape(draft.text)}</pre>\n</main>\n'
            f"<script>{self._script}</script>\n"
        )
        own = "'self'" if any(upload.file for upload in draft.uploads) else ""
        page = document(
            language=_LANGUAGE,
            head=f"<title>{escape(title)} · paste into Substack</title>\n"
            f"{restriction_tags(metadata.verdict(self._context.moment))}"
            f"<style>{self._style}</style>\n",
            body=body,
            content_policy=policy(
                style_source(self._style),
                image_sources(body, own),
                script=style_source(self._script),
            ),
        )
        name = f"{self._names[metadata.key]}.html"
        self._sources.add(name, metadata.source)
        yield name, page.encode("utf-8", "replace")

    def index(self) -> str:
        """Returns the list of all pages, the newest post first."""
        head = index_head(self._collection, _LANGUAGE)
        items = "".join(
            map(self._entry, choose_newest(self._collection.index, len(self._collection)))
        )
        body = (
            '<main class="index">\n<header class="opener">\n'
            f'<h1>{escape(head.heading)}</h1>\n<p class="subtitle">To paste into Substack, a post at a '
            f"time</p>\n</header>\n<ol>\n{items}</ol>\n</main>\n"
        )
        return document(
            language=_LANGUAGE,
            head=f"<title>{escape(head.heading)} · paste into Substack</title>\n"
            f"<style>{self._style}</style>\n",
            body=body,
            content_policy=policy(style_source(self._style), ""),
        )

    def _entry(self, metadata: Metadata) -> str:
        language = post_language(metadata, "", self._context.language)
        date = f" {time_element(metadata.published, _LANGUAGE)}" if metadata.published else ""
        count = self._left.get(metadata.key, 0)
        left = f"<p>{count} to look at or to do by hand</p>" if count else ""
        link = f'<a href="{quote(self._names[metadata.key])}.html"{_language(language)}>'
        title = plain_title(post_title(metadata, language))
        return f"<li>{link}{escape(title)}</a>{date}{left}</li>\n"

    def _draft(self, post: Post, pictures: PagePictures) -> _Draft:
        changes: list[tuple[str, str]] = []

        def on_loss(message: str, words: str) -> None:
            changes.append((message, words))

        draft_document = document_of(post, PASTE, self._web, self._context, on_loss=on_loss)
        draft = _Draft(document_html(draft_document), document_text(draft_document), changes)
        last = ""
        for node in draft_document["content"]:
            if node["type"] == "paywall":
                message = "the paywall may not come through: insert it after this"
                changes.append((message, last))
            elif node["type"] == "button":
                message = "a button may come through as a link: insert it in the editor"
                changes.append((message, string(node["attrs"].get("text"))))
            last = " ".join(document_text({"content": [node]}).split())
        if any(node["type"] == "footnote" for node in draft_document["content"]):
            message = "footnotes are in Substack's own markup: check that they became notes"
            changes.append((message, ""))
        remote = sum(not is_upload(string(image.get("src"))) for image in _images(draft_document))
        if remote:
            are = format_count(remote, "picture is", "pictures are")
            message = f"{are} fetched by Substack when pasted: check that each is there"
            changes.append((message, ""))
        if len(post.metadata.subtitle) > SUBTITLE:
            changes.append(
                (f"a subtitle has at most {SUBTITLE} characters", post.metadata.subtitle)
            )
        size = len(draft.html.encode("utf-8", "replace"))
        if size > _GMAIL:
            changes.append(("the post is longer than what Gmail shows of a mail (102 kB)", ""))
        for image in _images(draft_document):
            src = string(image.get("src"))
            if is_upload(src):
                upload = _Upload(picture_file_name(src), string(image.get("alt")))
                shown = pictures.show(Image(src, upload.alt))
                upload.file = shown.src if shown else ""
                draft.uploads.append(upload)
        return draft


def _images(document: Data) -> Iterator[Data]:
    """Yields the attributes of every picture, in the order of the text."""
    if document["type"] == "image2":
        yield document["attrs"]
    for child in document.get("content", ()):
        yield from _images(child)


def _to_do(metadata: Metadata, draft: _Draft) -> str:
    fields = (
        ("title", "Title", plain_title(metadata.title)),
        ("subtitle", "Subtitle", plain_title(metadata.subtitle)),
        ("slug", "Slug", post_slug(metadata)),
        ("tags", "Tags", ", ".join(metadata.tags)),
    )
    rows = "".join(
        f'<div><dt>{label}</dt><dd id="field-{name}">{escape(value)}</dd>'
        f'<dd><button type="button" data-copy="field-{name}" data-done="{label} copied."'
        f' aria-label="Copy {label.lower()}">Copy</button></dd></div>\n'
        for name, label, value in fields
        if value
    )
    parts = [
        '<section class="do" aria-label="What to do" tabindex="0">\n<h2>Text</h2>\n'
        '<button type="button" class="copy-post" data-copy="post" '
        'data-done="The post is on the clipboard. Paste it into the body of a new post.">'
        "Copy rich text</button>\n"
        '<p class="status" id="status" role="status"></p>\n'
    ]
    if rows:
        parts.append(f'<h2>Fields</h2>\n<dl class="fields">\n{rows}</dl>\n')
    if draft.uploads:
        items = "".join(
            f"<li>{_describe_upload(number, upload)}</li>\n"
            for number, upload in enumerate(draft.uploads, 1)
        )
        parts.append(f'<h2>Pictures to upload</h2>\n<ol class="uploads">\n{items}</ol>\n')
    if draft.changes:
        items = "".join(_describe_change(*change) for change in _group_changes(draft.changes))
        parts.append(f'<h2>What changes in the editor</h2>\n<ul class="changes">\n{items}</ul>\n')
    else:
        parts.append("<h2>What changes in the editor</h2>\n<p>Nothing that is known.</p>\n")
    return f"{''.join(parts)}</section>\n"


def _group_changes(changes: list[tuple[str, str]]) -> Iterator[tuple[str, list[str]]]:
    """Groups changes by message, with the words that each concerns."""
    groups: dict[str, dict[str, None]] = {}
    for message, words in changes:
        groups.setdefault(message, {})[words] = None
    for message, group in groups.items():
        yield message, [words for words in group if words]


def _describe_change(message: str, concerned: list[str]) -> str:
    quotes = "".join(f" <q>{escape(cut_at_word(words, _QUOTE))}</q>" for words in concerned)
    return f"<li>{escape(message[:1].upper() + message[1:])}.{quotes}</li>\n"


def _describe_upload(number: int, upload: _Upload) -> str:
    name = escape(upload.name)
    label = f"Picture {number}: {name}"
    if upload.file:
        file = attribute(upload.file)
        label = (
            f'Picture {number}: <a href="{file}" download="{attribute(upload.name)}">{name}</a>'
            f'<img src="{file}" alt="{attribute(upload.alt)}">'
        )
    return label + (f" <q>{escape(upload.alt)}</q>" if upload.alt else "")


def _language(language: str) -> str:
    if language == _LANGUAGE:
        return ""
    return f' lang="{attribute(language)}" dir="{direction(language)}"'


WRITER = _PasteWriter()
