"""Writes Markdown: front matter in YAML, then Pandoc's dialect, which our reader reads back."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

import yaml

from ...artifact import Artifact
from ...context import Context
from ...diagnostics import Outcome
from ...fields import Field
from ...formats import Produces, WriterOptions
from ...lazy_pattern import lazy_pattern
from ...model.blocks import Heading
from ...model.characters import BACKSLASH_ESCAPE
from ...model.collection import Collection
from ...model.node import Node
from ...model.plain_text import plain_text
from ...model.post import Metadata, Post, Timestamp
from ...model.recordings import without_recording
from ...naming import file_names
from ...post_pictures import leave_addresses, leave_files
from ..restrictions import restrictions_of
from .blocks import body_markdown

try:
    from yaml import CSafeDumper as SafeDumper
except ImportError:  # PyYAML without libyaml is slower, with the same result
    from yaml import SafeDumper  # type: ignore[assignment]

# Texts that YAML itself reads as a date are written without quotation marks, as authors write them.
_DATE = lazy_pattern(r"\d{4}-\d\d-\d\d(?:T\d\d:\d\d:\d\d(?:\.\d+)?Z)?")


class Markdown(WriterOptions, frozen=True, kw_only=True):
    """Options for writing Markdown files."""

    format: ClassVar[str] = "markdown"
    header: Annotated[bool, Field(help="Write front matter with the post's metadata.")] = True


class MarkdownWriter:
    """Writes posts as Markdown files; see the module."""

    extension = ".md"
    media_type = "text/markdown"
    options_type = Markdown
    produces: Produces = "page"
    public = False
    is_authors_copy = True
    transforms: tuple[str, ...] = ()

    def write(self, collection: Collection, options: Markdown, context: Context) -> Artifact:
        # Links lead from file to file, as in the sources.
        names = file_names(collection.index, own_first=True)

        def make(position: int) -> bytes:
            post = collection[position]
            leave_files(post, context)
            return page(post, options, context)

        return Artifact.of_pages(
            report=context.report,
            names={f"{names[m.key]}.md": m.source for m in collection.index},
            make=make,
        )


def page(post: Post, options: Markdown, context: Context) -> bytes:
    """Returns one post as the bytes of its file, and reports its losses."""

    def report(outcome: Outcome, node: Node, message: str) -> None:
        context.account(outcome, post, node, message)

    # The front matter contains the recording.
    post = without_recording(post) if options.header else post
    leave_addresses(post, context)
    body = body_markdown(post, report)
    first = post.body[0] if post.body else None
    if isinstance(first, Heading) and first.level == 1 and _is_title(first, post.metadata.title):
        # Readers would take the heading as the title; an empty span before it keeps it in the text.
        body = f"[]{{}}\n\n{body}"
    text = front_matter(post.metadata) + body if options.header else body
    return text.encode("utf-8", "replace")


def _is_title(heading: Heading, title: str) -> bool:
    """Whether a reader would take a heading at the top as the title, since it repeats the title or
    there is none.
    """
    return (
        not title
        or " ".join(plain_text(heading).split()).casefold() == " ".join(title.split()).casefold()
    )


# --- front matter -------------------------------------------------------------------------------


class _Date(str):
    __slots__ = ()


class _Dumper(SafeDumper):
    pass


_Dumper.add_representer(
    _Date,
    lambda dumper, text: dumper.represent_scalar("tag:yaml.org,2002:timestamp", str(text)),
)


def front_matter(metadata: Metadata) -> str:
    """Returns every non-empty field of a post as YAML between ``---`` lines."""
    fields: dict[str, Any] = {
        "title": _plain(metadata.title),
        "subtitle": _plain(metadata.subtitle),
        "date": _date(metadata.published),
        "updated": _date(metadata.updated),
        "authors": [_plain(name) for name in metadata.authors],
        "slug": _plain(metadata.slug),
        "post_id": _plain(metadata.id),
        "language": _plain(metadata.language),
        "tags": [_plain(tag) for tag in metadata.tags],
        "type": _plain(metadata.kind),
        "audience": _plain(metadata.audience),
        "visibility": _plain(metadata.visibility),
        "draft": metadata.is_draft,
        "canonical_url": _plain(metadata.canonical_url),
        "cover": _plain(metadata.cover),
        "description": _plain(metadata.description),
    }
    known = {key: value for key, value in fields.items() if value}
    if not metadata.title and metadata.id:
        # Without it, readers use the file's name as the title.
        known = {"title": "", **known}
    known |= {key: _dates(value) for key, value in restrictions_of(metadata).items()}
    extra = {key: _dates(value) for key, value in metadata.extra.items() if key not in known}
    if not known and not extra:
        return ""
    text = yaml.dump(
        known | extra,
        Dumper=_Dumper,
        allow_unicode=True,
        sort_keys=False,
        width=2**31 - 1,
        default_flow_style=False,
    )
    return f"---\n{text}---\n\n"


def _plain(text: str) -> str:
    """Escapes backslashes before punctuation, since readers treat metadata as Pandoc does."""
    return BACKSLASH_ESCAPE.sub(r"\\\\\1", text)


def _date(timestamp: Timestamp | None) -> str:
    return _dates(timestamp.text) if timestamp is not None else ""


def _dates(value: Any) -> Any:
    return _Date(value) if isinstance(value, str) and _DATE.fullmatch(value) else value


WRITER = MarkdownWriter()
