"""Finds a book's cover: the picture that its author gave, or one drawn from its posts."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote

import msgspec

from .. import run_cache
from ..context import Context
from ..destinations import Destination
from ..diagnostics import DiagnosticCode
from ..errors import OptionError, ResourceError
from ..limits import Limits
from ..matter import Cover
from ..media.conversion import convert_picture
from ..media.picture_limits import Converted, PictureRules
from ..media.resources import Resource, Resources
from ..media.sniffing import sniff
from ..model.collection import Collection
from ..model.post import Base, Post
from ..part_digests import code_digest, digest_of
from .drawing import HEIGHT, WIDTH, CoverPost, DrawnCover, draw_cover


def given_cover(
    picture: str | Path | bytes | None, rules: PictureRules, limits: Limits
) -> Converted | None:
    """Returns the author's picture, converted by ``rules``; None if none was given.

    Raises OptionError if the file cannot be read or is not a picture.
    """
    if not picture:
        return None
    try:
        data = picture if isinstance(picture, bytes) else _read_file(Path(picture), limits)
        return convert_picture(Resource(data, sniff(data)), rules, limits)
    except (OSError, ResourceError) as error:
        name = "the cover" if isinstance(picture, bytes) else f"the cover {picture}"
        raise OptionError(
            f"{name} cannot be used: {error}",
            hint=f"use a JPEG or PNG, preferably of {WIDTH} x {HEIGHT} pixels",
        ) from error


def _read_file(path: Path, limits: Limits) -> bytes:
    """Returns the bytes of a file, which may lie in an archive: ``book.epub/EPUB/a.jpg``."""
    archive = next((parent for parent in path.parents if parent.is_file()), None)
    if archive is None:
        return path.read_bytes()
    post = Post(base=Base("archive", str(archive)))
    name = quote(path.relative_to(archive).as_posix())
    return Resources(limits).open(post, name).data


def ebook_cover_rules(destination: Destination) -> PictureRules:
    """Returns the rules for the cover of an e-book."""
    return PictureRules(
        accepted=destination.cover.types,
        longest_side=HEIGHT,
        max_bytes=destination.cover.max_bytes,
        alpha=False,
        animated=False,
    )


def drawn_cover(cover: Cover, posts: list[CoverPost], context: Context) -> Converted:
    """Draws a cover as a JPEG picture. A diagnostic reports what it could not show."""
    drawn = _find_or_draw(cover, posts, context.run.cache)
    if drawn.missing:
        context.warn(
            DiagnosticCode.GLYPH_MISSING,
            f"the drawn cover lacks characters that no installed font has: {drawn.missing[:40]}"
            ". Hint: install a font that has them (Debian: fonts-noto), or give a picture as"
            " cover",
        )
    if drawn.left_out:
        context.warn(
            DiagnosticCode.GLYPH_MISSING,
            f"the drawn cover leaves out {drawn.left_out[:40]}. Hint: give a picture as cover",
        )
    if drawn.is_cut:
        context.warn(
            DiagnosticCode.NODE_SIMPLIFIED,
            "the drawn cover has no room for the whole title. Hint: use a shorter title, or a"
            " picture as cover",
        )
    return Converted(drawn.data, "image/jpeg", WIDTH, HEIGHT)


def _find_or_draw(
    cover: Cover, posts: list[CoverPost], cache: str | os.PathLike[str] | None
) -> DrawnCover:
    """Returns a drawn cover, or the same one that a run before has kept beside the converted pictures."""
    shown = (cover.title, cover.subtitle, cover.authors, posts, cover.language)
    if cache is None:
        return draw_cover(*shown)
    name = digest_of(code_digest(), *shown)
    path = Path(cache) / f"{name}{run_cache.PICTURE}"
    kept = run_cache.load(path)
    if kept is not None:
        return msgspec.msgpack.decode(kept, type=DrawnCover)
    drawn = draw_cover(*shown)
    if not drawn.depends_on_system:
        run_cache.store_picture(path, msgspec.msgpack.encode(drawn))
    return drawn


def cover_posts(book: Collection, words: Mapping[str, int]) -> list[CoverPost]:
    """Returns the posts as a drawn cover represents them. ``words`` has the word count of each, by key."""
    return [
        CoverPost(m.key, m.published.value if m.published else None, words.get(m.key, 0))
        for m in book.index
        if m.key not in book.roles
    ]
