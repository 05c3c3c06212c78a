"""The part that one post has in a product, as data: what it adds, what the report says of it, and what decides about it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Generic, Protocol, TypeVar, runtime_checkable

import msgspec

from ..diagnostics import Diagnostic, FileReport, PostAccount
from ..media.picture_limits import PictureRules
from ..model.post import Base, Metadata
from ..part_digests import Question

T = TypeVar("T")


class PostPart(msgspec.Struct, Generic[T], frozen=True):
    """All that one post gives to a product."""

    content: T
    """The part of the product, as the writer defines it."""
    account: PostAccount | None
    """The account of the post; None for a text that has none, such as a list of links."""
    diagnostics: tuple[Diagnostic, ...]
    """What was reported while it was made, in order."""
    files: tuple[FileReport, ...] = ()
    """Which diagnostics are about a file, and said of the first post alone that shows it."""
    questions: tuple[Question, ...] | None = None
    """What it asked of other posts and of files; None for a part that is not kept between runs."""
    base: Base | None = None
    """The place of the files that it asked for."""


class ShownFile(msgspec.Struct, frozen=True):
    """A file that a post adds to a product: a picture, or what was made of a formula."""

    name: str
    media_type: str
    data: bytes
    """Empty if a part that was made before has it."""
    src: str = ""
    """The address of the picture in the post; empty for what was made."""
    id: str = ""
    """Its id, where the product has a list of its files."""


@runtime_checkable
class HasFiles(Protocol):
    """A part that adds files to a product."""

    @property
    def files(self) -> tuple[ShownFile, ...]: ...


class PartFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What decides about the parts of a product besides the posts and the run. It is asked where parts are kept."""

    shared: Callable[[], Sequence[object]]
    """What all parts depend on: options, the title of the product."""
    own: Callable[[Metadata], Sequence[object]]
    """What the part of one post depends on: its place in a book."""
    answers: Callable[[], Mapping[str, Callable[[str], object]]]
    """The functions about other posts that parts follow (``context.followed``), by name."""
    rules: Callable[[], PictureRules]
    """Those by which pictures are converted."""
