"""Adds to each post a line that names the other posts of the book that link to it."""

from __future__ import annotations

import msgspec

from ..context import Context
from ..epub_names import MENTIONED_IN
from ..language.direction import direction
from ..language.quotes import Typesetter
from ..language.words import wording
from ..model.blocks import Group, Paragraph
from ..model.book_links import book_address
from ..model.inlines import Inline, Link, Text
from ..model.language_tags import language_tag
from ..model.post import Post


def add_mentions(post: Post, context: Context) -> Post:
    """Returns ``post`` with a line of links to the posts that link to it, if there are any."""
    keys = context.index.mentions(post.metadata.key)
    if context.is_public:  # the line is a list, and lists must not name unlisted posts
        unlisted = {k for k in keys if context.index[k].verdict(context.moment).is_unlisted}
        keys = tuple(key for key in keys if key not in unlisted)
    if not keys:
        return post
    own = language_tag(post.metadata.language, context.language)
    words = wording(own)
    # Titles contain commas, so semicolons separate them.
    children: list[Inline] = [Text(f"{words.mentioned_in} ")]
    for position, key in enumerate(keys):
        metadata = context.index[key]
        title = metadata.title or metadata.slug or metadata.source
        language = language_tag(metadata.language, context.language)
        link = Link((Text(Typesetter(language).plain(title)),), book_address(key))
        if _primary(language) != words.language:
            link = msgspec.structs.replace(link, attributes=_language(language))
        children.extend((Text("; "), link) if position else (link,))
    # The words are English if the post's language has no translation.
    attributes = _language(words.language) if _primary(own) != words.language else ()
    line = Paragraph(tuple(children), attributes=attributes)
    mentions = Group((line,), classes=(MENTIONED_IN,))
    return msgspec.structs.replace(post, body=(*post.body, mentions))


def _primary(tag: str) -> str:
    return tag.split("-", maxsplit=1)[0].lower()


def _language(tag: str) -> tuple[tuple[str, str], ...]:
    return (("lang", tag), ("dir", direction(tag)))
