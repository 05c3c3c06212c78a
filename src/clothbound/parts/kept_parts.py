"""The parts of a product that are kept between runs: which are still right, and which may be kept.

A part is kept under a digest of all that decides what it is but the answers to the questions that its post asks of other
posts and of files. These are kept with it, and asked again.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any

import msgspec
from msgspec import structs

from .. import run_cache
from ..context import Context
from ..model.collection import Collection, content_digest
from ..model.post import Base, Metadata
from ..part_digests import Question, UnkeyableError, code_digest, digest_of, run_facts
from ..questions import Answers
from ..stored_items import StoredList
from .post_parts import HasFiles, PartFacts, PostPart

_IN_MEMORY = 50_000_000
"""The most bytes of parts that are read once, and not again when it is their turn."""


class _KeptPart(msgspec.Struct, frozen=True):
    questions: tuple[Question, ...]
    base: Base | None
    part: bytes


class KeptParts:
    """The parts of one product in the cache of a run."""

    def __init__(
        self, collection: Collection, context: Context, facts: PartFacts, shared: str
    ) -> None:
        self._collection = collection
        self._context = context
        self._facts = facts
        self._shared = shared
        assert context.run.cache is not None
        self._folder = run_cache.parts_folder(context.run.cache)
        self._names: StoredList[str] = StoredList(str)
        """The name under which each part is kept; empty for those that are not."""
        self._loaded: dict[int, bytes] = {}
        self._is_grown = False
        self._decoder = msgspec.msgpack.Decoder(_KeptPart)

    @classmethod
    def of(cls, collection: Collection, context: Context, facts: PartFacts) -> KeptParts | None:
        """Returns the parts of a product; None if something decides about them that has no digest."""
        try:
            shared = digest_of(
                code_digest(),
                context.report.target,
                run_facts(context.run),
                context.language,
                context.is_public,
                context.product_audiences,
                context.withheld,
                context.repeated,
                facts.shared(),
            )
        except UnkeyableError:
            return None
        return cls(collection, context, facts, shared)

    def find(self) -> Sequence[int]:
        """Returns for each post 1 if its part is kept and still right, else 0. It is called once, before all others."""
        context = self._context
        answers = Answers(context.index, context.resources, self._facts.answers())
        found = bytearray(len(self._collection.index))
        room = _IN_MEMORY
        for position, entry in enumerate(self._collection.index.entries):
            name = self._make_name(position, entry.metadata)
            self._names.append(name)
            kept = self._read(name)
            if kept is not None and answers.are_same(kept.questions, entry.metadata, kept.base):
                found[position] = 1
                room -= len(kept.part)
                if room > 0:
                    self._loaded[position] = kept.part
        return found

    def load(self, position: int) -> bytes | None:
        """Returns the part of a post that was kept; None if it is gone."""
        part = self._loaded.pop(position, None)
        if part is not None:
            return part
        kept = self._read(self._names[position])
        return None if kept is None else kept.part

    def keep(self, position: int, part: PostPart[Any]) -> None:
        """Keeps a part, unless its post is not for everyone or asked what cannot be asked again."""
        account = part.account
        # A file that was changed while its post was made is of neither state.
        name = self._make_name(position, self._collection.index.entries[position].metadata)
        if (
            not name
            or name != self._names[position]
            or part.questions is None
            or (account and account.is_partly_paid)
        ):
            return
        if isinstance(part.content, HasFiles):
            # The cache of pictures has their bytes.
            files = tuple(
                structs.replace(file, data=b"") if file.src else file for file in part.content.files
            )
            content: Any = part.content
            part = structs.replace(part, content=structs.replace(content, files=files))
        try:
            data = msgspec.msgpack.encode(structs.replace(part, questions=None))
            kept = msgspec.msgpack.encode(_KeptPart(part.questions or (), part.base, data))
        except UnicodeEncodeError:  # Names of files may have undecodable bytes.
            return
        run_cache.store(self._folder / name, kept)
        self._is_grown = True

    def finish(self) -> None:
        """Keeps the folder within its bounds, if it has grown."""
        if self._is_grown:
            run_cache.prune(self._folder)

    def _read(self, name: str) -> _KeptPart | None:
        data = run_cache.load(f"{self._folder}{os.sep}{name}") if name else None
        try:
            return None if data is None else self._decoder.decode(data)
        except msgspec.MsgspecError:
            return None

    def _make_name(self, position: int, metadata: Metadata) -> str:
        """Returns the name under which the part of a post is kept; empty if it is not kept."""
        content = content_digest(self._collection.posts, position)
        if not content or metadata.verdict(self._context.moment).reasons:
            return ""
        role = self._collection.roles.get(metadata.key, "")
        try:
            digest = digest_of(self._shared, content, metadata, role, self._facts.own(metadata))
        except UnkeyableError:  # A reader of a plug-in may put anything into the metadata.
            return ""
        return f"{digest}{run_cache.PART}"
