"""The parts of a product that are kept between runs: which are still right, and which may be kept.

A part is kept under a digest of all that decides what it is but the answers to the questions that its post asks of other
posts and of files. These are kept with it, and asked again.

Posts beside each other have their parts in one file, a batch, since a file of its own for each takes longer to make than
its part. Which posts begin a batch is decided by their keys alone, so a post that comes or goes changes one batch.
"""

from __future__ import annotations

import os
import zlib
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
_LARGE = 100_000
"""The bytes from which a part has a file of its own: all others of a batch are in memory at once."""
_BATCH = 32
"""One in so many posts begins a batch."""
_MOST_IN_BATCH = 64


class _KeptPart(msgspec.Struct, frozen=True):
    name: str
    questions: tuple[Question, ...]
    base: Base | None
    part: bytes | None
    """None for one that has a file of its own."""

    def own_file(self) -> str:
        """Returns the name of the file that a large part has. Other answers have another file."""
        return digest_of(self.name, self.questions, self.base)


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
        self._starts = bytearray(len(collection.index))
        """1 for each post that begins a batch."""
        self._loaded: dict[int, bytes] = {}
        self._batch = _Batch("")
        """The batch of the post whose turn it is."""
        self._is_grown = False
        self._decode = msgspec.msgpack.Decoder(list[_KeptPart]).decode

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
        kept: dict[str, _KeptPart] = {}
        length = _MOST_IN_BATCH
        for position, entry in enumerate(self._collection.index.entries):
            key = entry.metadata.key
            if length == _MOST_IN_BATCH or _begins_batch(key):
                self._starts[position], length = 1, 0
                kept = self._read(self._name_batch(key))
            length += 1
            name = self._make_name(position, entry.metadata)
            self._names.append(name)
            one = kept.get(name)
            if one is not None and answers.are_same(one.questions, entry.metadata, one.base):
                found[position] = 1
                if one.part is not None and len(one.part) < room:
                    room -= len(one.part)
                    self._loaded[position] = one.part
        return found

    def load(self, position: int) -> bytes | None:
        """Returns the part of a post that was kept; None if it is gone. It is called for posts in order, as ``keep`` is."""
        self._turn_to(position)
        name = self._names[position]
        part = self._loaded.pop(position, None)
        if part is None:
            one = self._known().get(name)
            if one is None:
                return None
            part = one.part
            if part is None:
                part = run_cache.load(self._path_of(one.own_file()))
        if part is not None:
            self._batch.taken.append(name)
        return part

    def keep(self, position: int, part: PostPart[Any]) -> None:
        """Keeps a part, unless its post is not for everyone or asked what cannot be asked again."""
        self._turn_to(position)
        account, questions = part.account, part.questions
        # A file that was changed while its post was made is of neither state.
        name = self._make_name(position, self._collection.index.entries[position].metadata)
        if (
            not name
            or name != self._names[position]
            or questions is None
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
            one = _KeptPart(name, questions, part.base, data)
            if len(data) > _LARGE:
                run_cache.store(self._path_of(one.own_file()), data)
                one = structs.replace(one, part=None)
            self._batch.made.append(msgspec.Raw(msgspec.msgpack.encode(one)))
        except UnicodeEncodeError:  # Names of files may have undecodable bytes.
            return

    def finish(self) -> None:
        """Keeps the last batch, and the folder within its bounds, if it has grown."""
        self._keep_batch()
        if self._is_grown:
            run_cache.prune(self._folder)

    def _turn_to(self, position: int) -> None:
        if self._starts[position]:
            self._keep_batch()
            self._batch = _Batch(
                self._name_batch(self._collection.index.entries[position].metadata.key)
            )

    def _keep_batch(self) -> None:
        """Keeps the batch whose turn is over, if one of its parts was made."""
        batch = self._batch
        if not batch.made:
            return
        known = self._known() if batch.taken else {}
        taken = (known[name] for name in batch.taken if name in known)
        run_cache.store(self._path_of(batch.name), msgspec.msgpack.encode([*taken, *batch.made]))
        self._is_grown = True

    def _known(self) -> dict[str, _KeptPart]:
        """Returns the parts that the batch had."""
        if self._batch.known is None:
            self._batch.known = self._read(self._batch.name)
        return self._batch.known

    def _read(self, batch: str) -> dict[str, _KeptPart]:
        """Returns the parts in a batch, by name."""
        data = run_cache.load(self._path_of(batch))
        try:
            return {} if data is None else {one.name: one for one in self._decode(data)}
        except msgspec.MsgspecError:
            return {}

    def _path_of(self, name: str) -> str:
        return f"{self._folder}{os.sep}{name}{run_cache.PART}"

    def _name_batch(self, first: str) -> str:
        """Returns the name of the batch that begins with the post of a key."""
        return digest_of(self._shared, first)

    def _make_name(self, position: int, metadata: Metadata) -> str:
        """Returns the name under which the part of a post is kept; empty if it is not kept."""
        content = content_digest(self._collection.posts, position)
        if not content or metadata.verdict(self._context.moment).reasons:
            return ""
        role = self._collection.roles.get(metadata.key, "")
        try:
            return digest_of(self._shared, content, metadata, role, self._facts.own(metadata))
        except UnkeyableError:  # A reader of a plug-in may put anything into the metadata.
            return ""


class _Batch:
    """A batch while the parts of its posts are taken in turn."""

    __slots__ = ("known", "made", "name", "taken")

    def __init__(self, name: str) -> None:
        self.name = name
        self.known: dict[str, _KeptPart] | None = None
        """The parts that it had, once they were read again."""
        self.taken: list[str] = []
        """The names of those that are still right."""
        self.made: list[msgspec.Raw] = []
        """The others, as they will be in the file."""


def _begins_batch(key: str) -> bool:
    return zlib.crc32(key.encode("utf-8", "surrogatepass")) % _BATCH == 0
