"""Writes Markdown: front matter in YAML, then Pandoc's dialect, which our reader reads back.

Those who leave for another program ask for its dialect and its front matter instead: the modules ``plain_*``
and ``generator*``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal, TypeAlias

from ...artifact import Artifact
from ...context import Context
from ...diagnostics import Outcome
from ...fields import Field
from ...formats import Produces, WriterOptions
from ...model.blocks import Heading
from ...model.characters import encode_header
from ...model.collection import Collection
from ...model.node import Node
from ...model.post import Metadata, Post, Timestamp
from ...model.recordings import without_recording
from ...naming import file_names
from ...post_pictures import leave_addresses, leave_files
from ...repeated_head import UNFENCED_HEADER, WHOLE_TEXT, has_repeated_head, title_and_tags
from ...title_text import title_of_heading
from ..restrictions import restrictions_of
from ..shared_options import MADE_ELSEWHERE
from .blocks import body_markdown
from .dialects import PLAIN, Dialect, DialectName, for_generator
from .file_links import with_file_links
from .yaml_header import as_date, yaml_header

if TYPE_CHECKING:
    from .generators import Generator


Header: TypeAlias = bool | Literal["hugo", "jekyll", "astro", "obsidian"]


class Markdown(WriterOptions, frozen=True, kw_only=True):
    """Options for writing Markdown files."""

    format: ClassVar[str] = "markdown"
    dialect: Annotated[
        DialectName | None,
        Field(
            help="``pandoc`` holds all that a post has, and is read back without loss. ``gfm`` "
            "(GitHub's), ``commonmark`` and ``obsidian`` are for other programs. The default is "
            "``pandoc``; with the header of a generator, ``gfm``."
        ),
    ] = None
    header: Annotated[
        Header,
        Field(
            help="Write front matter with the post's metadata. With the name of a generator: its "
            "own front matter, file names and folders, with the pictures and resolved links."
        ),
    ] = True

    def __post_init__(self) -> None:
        if self.dialect == "pandoc" and self._generator is not None:
            raise ValueError(
                f"{self._generator.title} cannot read the dialect pandoc; leave dialect out, or name gfm"
            )

    @property
    def _generator(self) -> Generator | None:
        """The generator whose header is written."""
        if isinstance(self.header, bool):
            return None
        from .generators import GENERATORS

        return GENERATORS[self.header]

    @property
    def _plain_dialect(self) -> Dialect | None:
        """What the dialect can say; None for ``pandoc``."""
        generator = self._generator
        name = self.dialect or ("pandoc" if generator is None else "gfm")
        if name == "pandoc":
            return None
        if generator is None:
            return PLAIN[name]
        return for_generator(PLAIN[name], generator.dialect)

    @property
    def transforms(self) -> tuple[str, ...]:
        """The transforms that these options add."""
        if self._plain_dialect is None:
            return ()
        if self._generator is None:
            return ("footnotes",)
        return MADE_ELSEWHERE


class MarkdownWriter:
    """Writes posts as Markdown files; see the module."""

    extension = ".md"
    media_type = "text/markdown"
    options_type = Markdown
    produces: Produces = "page"
    public = False
    transforms: tuple[str, ...] = ()

    def write(self, collection: Collection, options: Markdown, context: Context) -> Artifact:
        generator, dialect = options._generator, options._plain_dialect
        if generator is not None and dialect is not None:
            from .generator_folder import write_folder

            return write_folder(collection, generator, dialect, context)
        # Links lead from file to file, as in the sources.
        names = file_names(collection.index, own_first=True)
        files = {key: f"{name}.md" for key, name in names.items()}
        is_renamed = any(files[m.key] != m.source for m in collection.index)

        def make(position: int) -> bytes:
            post = collection[position]
            if is_renamed:
                post = with_file_links(post, files, collection.index)
            leave_files(post, context)
            return page(post, options, context)

        return Artifact.of_pages(
            report=context.report,
            names={files[m.key]: m.source for m in collection.index},
            make=make,
        )


def page(post: Post, options: Markdown, context: Context) -> bytes:
    """Returns one post as the bytes of its file, and reports its losses."""

    def report(outcome: Outcome, node: Node, message: str) -> None:
        context.account(outcome, post, node, message)

    # The front matter contains the recording.
    post = without_recording(post) if options.header else post
    leave_addresses(post, context)
    if (dialect := options._plain_dialect) is not None:
        from .plain_page import PlacesOfSource, plain_body

        body = plain_body(post, dialect, PlacesOfSource(), context).text
        text = front_matter(post.metadata) + body if options.header else body
        return text.encode("utf-8", "replace")
    body = body_markdown(post, report)
    if _begins_with_title(post) or (options.header and has_repeated_head(post)):
        body = f"{WHOLE_TEXT}\n\n{body}"
    header = front_matter(post.metadata) if options.header else ""
    if not header and (UNFENCED_HEADER.match(body) or title_and_tags(body)):
        header = "\n"
    return (header + body).encode("utf-8", "replace")


def _begins_with_title(post: Post) -> bool:
    """Whether a reader would take a heading at the top as the title, since it repeats the title or
    there is none.
    """
    heading = post.body[0] if post.body else None
    title = post.metadata.title
    if not isinstance(heading, Heading) or heading.level > 1:
        return False
    return not title or title_of_heading(heading).casefold() == " ".join(title.split()).casefold()


# --- front matter -------------------------------------------------------------------------------


def front_matter(metadata: Metadata) -> str:
    """Returns every non-empty field of a post as YAML between ``---`` lines."""
    fields: dict[str, Any] = {
        "title": encode_header(metadata.title),
        "subtitle": encode_header(metadata.subtitle),
        "date": _date(metadata.published),
        "updated": _date(metadata.updated),
        "authors": [encode_header(name) for name in metadata.authors],
        "slug": encode_header(metadata.slug),
        "post_id": encode_header(metadata.id),
        "language": encode_header(metadata.language),
        "tags": [encode_header(tag) for tag in metadata.tags],
        "type": encode_header(metadata.kind),
        "audience": encode_header(metadata.audience),
        "visibility": encode_header(metadata.visibility),
        "draft": metadata.is_draft,
        "canonical_url": encode_header(metadata.canonical_url),
        "cover": encode_header(metadata.cover),
        "cover_alt": encode_header(metadata.cover_alt),
        "cover_caption": encode_header(metadata.cover_caption),
        "description": encode_header(metadata.description),
    }
    known = {key: value for key, value in fields.items() if value}
    if not metadata.title and metadata.id:
        # Without it, readers use the file's name as the title.
        known = {"title": "", **known}
    known |= {
        key: as_date(value) for key, value in restrictions_of(metadata, metadata.extra).items()
    }
    extra = {key: as_date(value) for key, value in metadata.extra.items() if key not in known}
    if not known and not extra:
        return ""
    return yaml_header(known | extra)


def _date(timestamp: Timestamp | None) -> str:
    return as_date(timestamp.text) if timestamp is not None else ""


WRITER = MarkdownWriter()
