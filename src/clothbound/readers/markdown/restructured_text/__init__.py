"""Reads posts in reStructuredText: docutils parses them, and ``html/read`` makes their nodes.

They stand beside posts in Markdown in the folders of Pelican and Nikola, so the reader of Markdown calls this one.
"""

from __future__ import annotations

from ....diagnostics import LineDiagnostic, locate
from ....escape import escape
from ....limits import Limits
from ....model.post import Metadata, Post
from ....repeated_head import without_repeated_head
from ...html_post import post_of
from ...post_metadata import read_metadata
from ...publication_state import apply_unread_restrictions
from ...rst_header import has_dotted_title, read_rst_header
from ...sites.rst_labels import FindPlace
from ...text_files import PARSER_ERRORS, DecodedText, keep_as_code, repairs_of
from .bounds import bounded_text
from .document import parse_document
from .markup import MarkupOfDocument


def read_rst_metadata(text: str, source: str, generator: str) -> Metadata:
    """Returns the metadata of a post; ``generator`` is the name of its site's, empty if it is unknown."""
    header = read_rst_header(text)
    metadata = read_metadata(header, source, "", generator)
    return metadata if header.fields else apply_unread_restrictions(metadata, text)


def make_rst_post(
    text: DecodedText, metadata: Metadata, limits: Limits, find_place: FindPlace
) -> Post:
    """Returns the post of a text; ``find_place`` finds what roles name in other files. One that docutils cannot parse is kept as code, and reported."""
    header = read_rst_header(text.content)
    read_metadata(header, metadata.source, "")
    findings: list[LineDiagnostic] = [*header.findings, *repairs_of(text)]
    has_title = False
    try:
        bounded = bounded_text(text.content, limits)
        markup = MarkupOfDocument(metadata.title, metadata.subtitle, find_place)
        document = parse_document(bounded, promotes=not has_dotted_title(text.content))
        has_title = any(type(node).__name__ == "title" for node in document.children)
        html = markup.write(document)
        findings += [*bounded.findings, *markup.findings]
    except PARSER_ERRORS as error:
        html = f"<pre><code>{escape(text.content)}</code></pre>"
        findings.append(keep_as_code(error))
    post = post_of(
        html, metadata, base=text.base, findings=tuple(locate(findings, metadata.source))
    )
    return post if has_title else without_repeated_head(post)
