"""What a post asks of the other posts and of files while it is written: the questions, with digests of the answers.

A part of a product that was kept is still right if all its questions have the same answers as before.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, TypeVar

from .errors import ResourceError
from .media.resources import Resource, Resources
from .model.index import Index, IndexEntry
from .model.post import Base, Metadata, Post
from .part_digests import FILE, INDEX, WHOLE, Question, digest_of
from .web.addresses import is_data

T = TypeVar("T")

_DIGITS = 24
"""The digits of the digest of an answer that are kept."""
_ANSWERS = 2_000
"""The most answers that are known at a time: posts beside each other have most questions in common."""


class Questions:
    """Collects the questions of one post."""

    def __init__(self, moment: datetime) -> None:
        """``moment`` decides which posts are public."""
        self.moment = moment
        self._answers: dict[tuple[str, str, tuple[str, ...]], object] = {}
        self.base: Base | None = None
        """The place of the files that the post asked for."""
        self.are_complete: bool = True
        """False once something was asked that cannot be asked again."""

    def note(self, of: str, name: str, arguments: tuple[str, ...], answer: object) -> None:
        self._answers.setdefault((of, name, arguments), answer)

    def follow(self, of: str, function: Callable[[str], T]) -> Callable[[str], T]:
        """Returns a function whose calls are questions."""

        def ask(argument: str) -> T:
            answer = function(argument)
            self.note(of, "", (argument,), answer)
            return answer

        return ask

    def all(self) -> tuple[Question, ...]:
        return tuple(Question(*asked, _digest(answer)) for asked, answer in self._answers.items())


class Answers:
    """Answers questions of a run before, as this run would."""

    def __init__(
        self, index: Index, resources: Resources, own: Mapping[str, Callable[[str], object]]
    ) -> None:
        """``own`` are the functions of the writer that posts ask, by name."""
        self._index = index
        self._resources = resources
        self._own = own
        self._answer_shared = lru_cache(_ANSWERS)(self._ask)

    def are_same(
        self, questions: Sequence[Question], metadata: Metadata, base: Base | None
    ) -> bool:
        """Returns whether all questions of a post have the answers that they had."""
        post = Post(metadata, base=base)
        return all(self._answer(one, post) == one.answer for one in questions)

    def _answer(self, question: Question, post: Post) -> str:
        if question.of == FILE:
            return _digest(_open(self._resources, post, question.arguments[0])[0])
        return self._answer_shared(question.of, question.name, question.arguments)

    def _ask(self, of: str, name: str, arguments: tuple[str, ...]) -> str:
        """Returns the digest of an answer that is the same for all posts."""
        if of not in (INDEX, WHOLE):
            return _digest(self._own[of](*arguments))
        found = getattr(self._index if of == INDEX else self._index.whole, name)
        return _digest(found(*arguments) if callable(found) else found)


def _digest(answer: object) -> str:
    return digest_of(answer)[:_DIGITS]


class AskedIndex(Index):
    """An index that notes what it is asked."""

    def __init__(self, index: Index, questions: Questions, of: str = INDEX) -> None:
        self._asked = index
        self._questions = questions
        self._of = of

    def _note(self, name: str, *arguments: str) -> Any:
        answer = getattr(self._asked, name)(*arguments)
        self._questions.note(self._of, name, arguments, answer)
        return answer

    @property
    def whole(self) -> Index:  # type: ignore[override]
        return AskedIndex(self._asked.whole, self._questions, WHOLE)

    @property
    def sites(self) -> tuple[str, ...]:  # type: ignore[override]
        self._questions.note(self._of, "sites", (), self._asked.sites)
        return self._asked.sites

    def __contains__(self, key: str) -> bool:
        found: bool = self._note("__contains__", key)
        return found

    def __getitem__(self, key: str) -> Metadata:
        found: Metadata = self._note("__getitem__", key)
        if found.verdict(self._questions.moment).reasons:
            self._questions.are_complete = (
                False  # Not even a title is kept of what is not for everyone.
            )
        return found

    def resolve(self, href: str, source: str = "") -> tuple[str, str] | None:
        found: tuple[str, str] | None = self._note("resolve", href, source)
        return found

    def find_namesakes(self, href: str, source: str = "") -> tuple[str, ...]:
        found: tuple[str, ...] = self._note("find_namesakes", href, source)
        return found

    def resolve_name(self, name: str, source: str = "") -> tuple[str, str] | None:
        found: tuple[str, str] | None = self._note("resolve_name", name, source)
        return found

    def is_post_of_site(self, href: str) -> bool:
        found: bool = self._note("is_post_of_site", href)
        return found

    def address(self, href: str, source: str = "") -> str:
        found: str = self._note("address", href, source)
        return found

    def address_of(self, key: str, fragment: str = "") -> str:
        found: str = self._note("address_of", key, fragment)
        return found

    def anchors(self, key: str) -> frozenset[str]:
        found: frozenset[str] = self._note("anchors", key)
        return found

    # Answers about all posts at once, which no run asks again.

    def _unnoted(self) -> Index:
        self._questions.are_complete = False
        return self._asked

    @property
    def entries(self) -> Sequence[IndexEntry]:  # type: ignore[override]
        return self._unnoted().entries

    @property
    def texts(self) -> frozenset[str]:  # type: ignore[override]
        return self._unnoted().texts

    @property
    def language(self) -> str:
        return self._unnoted().language

    def position(self, key: str) -> int:
        return self._unnoted().position(key)

    def rebuilt(self, *arguments: Any, **more: Any) -> Index:
        return self._unnoted().rebuilt(*arguments, **more)

    def __len__(self) -> int:
        return len(self._unnoted())

    def __iter__(self) -> Iterator[Metadata]:
        return iter(self._unnoted())

    def links(self) -> Any:
        return self._unnoted().links()

    def mentions(self, key: str) -> tuple[str, ...]:
        return self._unnoted().mentions(key)


class AskedResources(Resources):
    """Files of a post, of which each that is asked for is noted."""

    def __init__(self, resources: Resources, questions: Questions) -> None:
        self._asked = resources
        self._questions = questions

    def leaves(self, href: str) -> bool:
        return self._asked.leaves(href)

    def address_of(self, post: Post, href: str) -> Any:
        return self._asked.address_of(post, href)

    def open(self, post: Post, href: str) -> Resource:
        if post.assets or (self._questions.base or post.base) != post.base:
            self._questions.are_complete = False
        self._questions.base = post.base
        if is_data(href):  # It is its own answer.
            return self._asked.open(post, href)
        answer, found = _open(self._asked, post, href)
        self._questions.note(FILE, "", (href,), answer)
        if isinstance(found, ResourceError):
            raise found
        return found


def open_again(resources: Resources, post: Post, href: str) -> Resource:
    """Returns a file that a post asked for. Raises ResourceError."""
    return resources.open(post, href)


def _open(
    resources: Resources, post: Post, href: str
) -> tuple[tuple[str, ...], Resource | ResourceError]:
    """Returns the answer to the question for a file, and the file or the error."""
    import hashlib

    try:
        found = open_again(resources, post, href)
    except ResourceError as error:
        return (error.message, error.hint and str(error.hint)), error
    return (found.media_type, hashlib.sha256(found.data).hexdigest()), found
