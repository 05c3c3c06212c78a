"""Writes posts as drafts for Substack's editor: the document as JSON, in the payload of its drafts
API.

Neither has a public schema. The form is that which other clients send and which drafts have;
whether Substack accepts it today can only be tried.
"""

from __future__ import annotations

import json
from typing import Annotated, Any, ClassVar, Literal

from ...artifact import Artifact
from ...context import Context
from ...fields import Field
from ...formats import Produces, WriterOptions
from ...html.write.web_addresses import Web
from ...model.collection import Collection
from ...model.post import Post
from ...model.publication import AUDIENCES, PAYERS
from ...model.recordings import recording_of, without_recording
from ...naming import file_names
from ...substack.data_attrs import stringify
from ...substack.editor_profiles import CLASSIC, TIPTAP
from ...substack.posts_csv import audience_of
from .drafts import ImageBaseUrl, PublicationSite, document_of

_PROFILES = {"classic": CLASSIC, "tiptap": TIPTAP}
_MISSING = (
    "it has no address on the web, and the document holds no files. Hint: upload it in the editor, or"
    " give its address with -O image_base_url=URL"
)


class SubstackEditor(WriterOptions, frozen=True, kw_only=True):
    """Options of drafts for Substack's editor."""

    format: ClassVar[str] = "substack-editor"
    profile: Annotated[
        Literal["classic", "tiptap"],
        Field(
            help="The names of nodes and marks: those of most clients, or those of the newer "
            "editor."
        ),
    ] = "classic"
    user_id: Annotated[
        int, Field(help="The author's number on Substack, for the byline; 0 writes none.")
    ] = 0
    site: PublicationSite = ""
    image_base_url: ImageBaseUrl = ""


class _EditorWriter:
    """Writes a JSON file for each post. Drafts are the author's own, so nothing private is left
    out.
    """

    extension = ".json"
    media_type = "application/json"
    options_type = SubstackEditor
    produces: Produces = "page"
    public = False
    transforms: tuple[str, ...] = ("footnotes",)

    def write(self, collection: Collection, options: SubstackEditor, context: Context) -> Artifact:
        web = Web(collection.index, site=options.site, image_base_url=options.image_base_url)

        def page(post: Post) -> bytes:
            draft = _draft(post, options, web, context)
            return json.dumps(draft, ensure_ascii=False, indent=2).encode("utf-8", "replace")

        names = file_names(collection.index)
        return Artifact.of_pages(
            report=context.report,
            names={f"{names[m.key]}.json": m.source for m in collection.index},
            make=lambda position: page(collection[position]),
        )


def _draft(post: Post, options: SubstackEditor, web: Web, context: Context) -> dict[str, Any]:
    metadata = post.metadata
    missing = "" if options.image_base_url else _MISSING
    # The draft has a field for its recording.
    post = without_recording(post)
    document = document_of(post, _PROFILES[options.profile], web, context, missing=missing)
    # An audience that Substack does not know must not become everyone.
    audience = audience_of(metadata)
    audience = audience if audience in AUDIENCES else PAYERS
    draft = {
        "draft_title": metadata.title,
        "draft_subtitle": metadata.subtitle,
        "draft_body": stringify(document),
        "draft_bylines": [{"id": options.user_id, "is_guest": False}] if options.user_id else [],
        "type": metadata.kind or "newsletter",
        "audience": audience,
        "section_chosen": True,
        "draft_section_id": None,
        "write_comment_permissions": audience,
    }
    extra = {
        "slug": metadata.slug,
        "description": metadata.description,
        "cover_image": web.picture(post, metadata.cover) if metadata.cover else None,
        "draft_podcast_url": recording_of(metadata),
    }
    return draft | {name: value for name, value in extra.items() if value}


WRITER = _EditorWriter()
