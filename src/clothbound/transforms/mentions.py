"""Adds to each post a line that names the other posts of the book that link to it."""

from __future__ import annotations

import msgspec

from ..context import Context
from ..epub_names import MENTIONED_IN
from ..language.direction import direction
from ..language.words import marks_of_own_words, own_language, wording
from ..model.blocks import Group, Paragraph
from ..model.book_links import book_address
from ..model.inlines import Inline, Link, Text
from ..model.language_tags import language_tag
from ..model.post import Post
from ..title_text import typeset_title


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
    before, _, after = words.mentioned_in.partition("{titles}")
    children: list[Inline] = [Text(before)]
    for position, key in enumerate(keys):
        metadata = context.index[key]
        title = metadata.title or metadata.slug or metadata.source or words.untitled
        language = language_tag(metadata.language, context.language)
        link = Link((Text(typeset_title(title, language)),), book_address(key))
        if language != own or own_language(own) != own:
            link = msgspec.structs.replace(link, attributes=_language(language))
        # Titles contain commas.
        children.extend((Text(words.semicolon), link) if position else (link,))
    if after:
        children.append(Text(after))
    line = Paragraph(tuple(children), attributes=marks_of_own_words(own))
    mentions = Group((line,), classes=(MENTIONED_IN,))
    return msgspec.structs.replace(post, body=(*post.body, mentions))


def _language(tag: str) -> tuple[tuple[str, str], ...]:
    return (("lang", tag), ("dir", direction(tag)))
