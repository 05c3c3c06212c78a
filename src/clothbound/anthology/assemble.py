"""A book from its posts: selected, arranged, named, with the texts around them."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from ..language.detect import collection_language
from ..model.book_info import BookInfo, check_info
from ..model.collection import Collection, Role
from ..model.links import check_site
from ..model.post import Post
from .changed_metadata import in_zone, retitle
from .infer import complete
from .order import Order, arrange
from .own_texts import with_texts
from .select import Select, Selection, refuse_unknown_words, select


def assemble(
    posts: Collection, wanted: Select, info: BookInfo, order: Order, texts: Mapping[Role, Post]
) -> Collection:
    """The book of the selected posts.

    Empty fields of ``info`` are taken from the collection or inferred. Raises UsageError if no post is
    selected or a value cannot be.
    """
    selection = Selection.of(wanted, posts.index)
    refuse_unknown_words(selection, posts.index)
    sites = tuple(map(check_site, wanted.sites))
    if sites:
        index = posts.index.rebuilt(load=posts.posts.__getitem__, sites=sites)
        posts = msgspec.structs.replace(posts, index=index)
    full_info = check_info(info.complete_with(posts.info))
    chosen = select(retitle(in_zone(posts, selection.zone), order.titles), selection)
    chosen = msgspec.structs.replace(chosen, info=full_info)
    language = collection_language(chosen)
    book = complete(
        arrange(chosen, order, selection.zone, language),
        info.title,
        language,
        timezone=selection.zone,
        hosts_given=bool(sites),
        now=selection.now,
    )
    return with_texts(book, texts) if texts else book
