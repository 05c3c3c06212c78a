"""Writes a book as the files of a Typst project and compiles them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import partial
from importlib.util import find_spec
from typing import Any, BinaryIO

from msgspec import structs

from ....context import Context
from ....diagnostics import Diagnostic, DiagnosticCode
from ....errors import WriteError
from ....isolated import NoProcessError, usable_cores
from ....language.direction import direction
from ....matter import Matter
from ....model.collection import Collection
from ....page_list import PagePlace, PrintedPages
from ....progress import PAGES
from ....subject_index import SubjectIndex
from ..chapter_uses import BookUses
from ..face_report import report_faces
from ..matter_pages import INDEX_ID, part_id
from ..missing_glyphs import lacking_of, shown_for
from ..typefaces import name_typefaces
from . import matter_pages
from .batches import MOST, Batch, Compiled, begin_at, compile_batches, divide, far_source
from .chapter import plain_piece, plain_post
from .compiler import CompileError, Compiler
from .emit_inlines import path_of
from .index_calls import index_kind, index_page, index_targets, index_title
from .literals import breakable_title, literal, name_in, title_content
from .make_up import FILE, LABEL, MakeUp, make_up_source
from .page_marks import (
    find_page_starts,
    gather_marks,
    mark_end,
    mark_opening,
    mark_piece,
)
from .post_source import Piece, PostSource, divide_places, place_lost_targets
from .settings_file import BookSettings, write_settings
from .source_maker import SourceMaker

_ENGINE = "Typst"
_FIRST_LINE = 3
"""The first line of a chapter's file that contains a piece of its text."""
_MOST_PLAIN, _ALL_PLAIN = 4, -1
"""The most blocks of a post that are replaced by plain text one by one, each with another
compilation."""
_MOST_JOBS = 2
"""The most processes that compile at the same time where nobody asked for more, since each may take a gigabyte."""


class BookWriter:
    """Writes one book, in one pass over its posts."""

    def __init__(
        self,
        collection: Collection,
        context: Context,
        maker: SourceMaker,
        sources: Iterable[PostSource],
        *,
        recto: bool = False,
        runs_on: bool = False,
    ) -> None:
        """``sources`` are what each post gives, in order, which ``maker`` makes. ``recto`` makes chapters begin on
        right-hand pages, and ``runs_on`` lets posts follow each other on a page.
        """
        self._runs_on = runs_on
        self._context = context
        self._maker = maker
        self._given = sources
        self._page = maker.page
        self._theme = maker.theme
        self._metadata = list(collection.index)
        self._matter = maker.matter
        self._language = self._matter.language
        self._words = self._matter.words
        self._uses = BookUses(SubjectIndex(collection.index_terms, self._language))
        self._has_index = False
        self._files: dict[str, bytes] = {}
        """The files that posts show, by their paths."""
        self._plain: dict[int, int] = {}
        """The number of pieces of posts that were replaced by plain text, by the position of the post."""
        self._settings = BookSettings(
            matter=self._matter,
            info=collection.info,
            page=self._page,
            theme=self._theme,
            page_references=maker.page_references,
            recto=recto,
            level=maker.level,
        )
        chapters = self._matter.chapters.values()
        self._parts = {c.key: c.opens_part for c in chapters if c.opens_part}
        """The titles of parts, by the key of each part's first post."""

    def write(self, stream: BinaryIO, size: str) -> PrintedPages:
        """Writes the PDF and returns where its pages begin. ``size`` describes a page in words.

        Raises WriteError if Typst refuses the book and no post is the cause.
        """
        parts = self._gather()
        self._context.show_progress(PAGES)
        with Compiler(self._page.size, self._theme.fonts, self._characters(parts)) as compiler:
            lacking = lacking_of(self._printed(parts), self._maker.chapters.text_type.characters)
            missing = set(compiler.take_characters(lacking))
            data, found = self._compile(parts, compiler, missing)
            stream.write(data)
            available = compiler.families()
            starts = find_page_starts(
                found,
                self._page,
                {part.post_key: part.widths for part in parts},
                self._parts if len(parts) != 1 else (),
                has_index=self._has_index,
                front=_front_places(self._matter) if len(parts) != 1 else {},
            )
        self._uses.missing_glyphs.report(missing, self._context)
        report_faces(self._uses.languages, available, self._context)
        return PrintedPages.of(self._matter.title, size, found["count"], starts)

    def _gather(self) -> list[PostSource]:
        """Returns the sources of all posts, and notes what they use."""
        parts = []
        for metadata, part in zip(self._metadata, self._given, strict=True):
            self._uses.add(metadata, part.uses)
            for file in part.files:
                if file.data:
                    self._files[path_of(file.name, file.media_type)[1:]] = file.data
            parts.append(part)
        if len(parts) != 1:
            subjects = self._uses.subjects
            self._has_index = bool(subjects.groups())
            for wrong in subjects.diagnostics():
                self._context.diagnostics.add(wrong)
        return place_lost_targets(parts)

    # compilation

    def _compile(
        self, parts: list[PostSource], compiler: Compiler, missing: set[str]
    ) -> tuple[bytes, Mapping[str, Any]]:
        """Returns the PDF and the values of its page marks.

        Characters that no font can show beside their neighbours are added to ``missing``.
        """
        timestamp = self._timestamp()
        earlier: dict[int, Compiled] = {}
        while True:
            table = str.maketrans({character: shown_for(character) for character in missing})
            sources = self._sources(parts, compiler, table)
            try:
                data, warnings, found = self._compile_parts(
                    parts, compiler, sources, earlier, timestamp
                )
            except CompileError as error:
                known = self._maker.chapters.text_type.characters
                more = {c for c in error.texts if ord(c) not in known} - missing
                missing |= more
                if not more:
                    self._set_aside(error, parts, compiler)
                continue
            for warning in dict.fromkeys(warnings):
                self._context.diagnostics.add(
                    Diagnostic(DiagnosticCode.ENGINE, f"Typst: {warning}")
                )
            return data, found

    def _compile_parts(
        self,
        parts: list[PostSource],
        compiler: Compiler,
        sources: dict[str, bytes],
        earlier: dict[int, Compiled],
        timestamp: int,
    ) -> tuple[bytes, Sequence[str], Mapping[str, Any]]:
        pictures = {name: picture for part in parts for name, picture in part.pictures.items()}

        # The depth of pages is one chapter's, and posts that run on have no pages of their own.
        chapters = [
            key
            for number, (key, chapter) in enumerate(self._matter.chapters.items())
            if chapter.is_listed and not self._is_run_on(number)
        ]

        def new_make_up() -> MakeUp:
            return MakeUp(pictures, chapters, self._page)

        batches = self._batches(parts)
        jobs = self._context.run.jobs or min(usable_cores(), _MOST_JOBS)
        if batches:
            with suppress(NoProcessError):
                compiled = compile_batches(
                    batches,
                    compiler,
                    sources,
                    earlier,
                    timestamp=timestamp,
                    jobs=jobs,
                    new_make_up=new_make_up,
                    show_progress=self._context.show_progress,
                )
                if compiled is not None:
                    return compiled
        data, warnings = compiler.compile(sources, timestamp=timestamp, make_up=new_make_up())
        return data, warnings, compiler.value(LABEL)

    def _set_aside(self, error: CompileError, parts: list[PostSource], compiler: Compiler) -> None:
        """Replaces the cause of ``error`` by plain text: single blocks, or whole posts if the block
        is unknown or there are many.

        Raises WriteError if no post is the cause.
        """
        bad = {(number, line - _FIRST_LINE) for number, line in error.lines}
        bad |= {
            (number, place)
            for number, part in enumerate(parts)
            for place, piece in enumerate(part.pieces)
            if any(name in piece.source for name in error.pictures)
        }
        bad = {(number, place) for number, place in bad if self._plain.get(number) != _ALL_PLAIN}
        if not bad:
            bad = {(number, -1) for number in self._find_bad(parts, compiler)}
        if not bad:
            raise WriteError(f"Typst cannot set the book: {error.message}") from error
        for number, place in sorted(bad):
            parts[number] = self._make_plain(number, parts[number], place, error.message)
        compiler.write_fonts(self._characters(parts))

    def _characters(self, parts: list[PostSource]) -> set[str]:
        """Returns all characters that are printed, and a few that are not."""
        found = {*"".join(self._theme.typst_files().values()), *self._printed(parts)}
        look = self._theme.look
        if look.title_case == "capitals":
            found.update("".join(found).upper())
        return found | {*look.break_mark}

    def _printed(self, parts: list[PostSource]) -> set[str]:
        """Returns the characters of posts, and of what is printed around them: titles, authors, the book's own words."""
        found = {*self._main(range(len(parts)), front=True), *self._words.on_page}
        for part in parts:
            found.update(part.opening, *(piece.source for piece in part.pieces))
        return found

    def _find_bad(self, parts: list[PostSource], compiler: Compiler) -> set[int]:
        """Returns the posts that cannot be compiled alone, for an error that names none."""
        settings = write_settings(self._settings, compiler.families(), links=False).encode()
        bad = set()
        for number in range(len(parts)):
            if self._plain.get(number) == _ALL_PLAIN:
                continue
            alone = self._main([number], front=False).encode()
            try:
                # The other files are still in the folder.
                compiler.compile({"main.typ": alone, "settings.typ": settings}, timestamp=0)
            except CompileError:
                bad.add(number)
        return bad

    def _make_plain(self, number: int, part: PostSource, place: int, message: str) -> PostSource:
        """Returns the source of post ``number`` with the text of the piece at ``place``, or of all pieces."""
        replaced = self._plain.get(number, 0)
        if replaced == _ALL_PLAIN:
            return part
        post = self._context.load_post(number, self._context.aside())
        piece = part.pieces[place] if 0 <= place < len(part.pieces) else None
        line = 0
        if piece is None or not (piece.place is not None or piece.notes) or replaced >= _MOST_PLAIN:
            pieces: tuple[Piece, ...] = (plain_post(post, sorted(part.anchors - {part.post_key})),)
            self._plain[number] = _ALL_PLAIN
            what = "the whole post is "
        else:
            pieces = (
                *part.pieces[:place],
                plain_piece(piece, post),
                *part.pieces[place + 1 :],
            )
            self._plain[number] = replaced + 1
            line = piece.line
            what = ""
        text = f"{what}set as plain text, since Typst refused it: {message}"
        self._context.diagnostics.add(Diagnostic(DiagnosticCode.ENGINE, text, part.source, line))
        return structs.replace(part, pieces=pieces)

    def _sources(
        self, parts: list[PostSource], compiler: Compiler, table: dict[int, str]
    ) -> dict[str, bytes]:
        texts = {
            "main.typ": self._main(range(len(parts)), front=len(parts) != 1)
            + gather_marks(self._marked()),
            "settings.typ": write_settings(self._settings, compiler.families(), links=True),
        }
        for number, part in enumerate(parts):
            key = part.post_key
            lines = "\n".join(mark_piece(piece, key) for piece in part.pieces)
            opening = self._opening(number, part)
            text = f'#import "/print.typ": *\n#{opening}{{{mark_opening(key)}\n{lines}\n{mark_end(key)}}})\n'
            texts[f"chapters/{number}.typ"] = text
        if table:
            texts = {path: text.translate(table) for path, text in texts.items()}
        sources = {path: text.encode() for path, text in texts.items()}
        nowhere = far_source({}, {})
        own = self._theme.typst_files() | {"far.typ": nowhere, FILE: make_up_source()}
        theme = {path: text.encode() for path, text in own.items()}
        return sources | theme | self._files

    def _opening(self, number: int, part: PostSource) -> str:
        """Returns the call of post ``number``, up to the text: another one where posts follow each other on a page."""
        if not self._is_run_on(number):
            return part.opening
        return f"run-on-{part.opening}{'follows: true, ' if self._follows(number) else ''}"

    def _main(self, numbers: Sequence[int], *, front: bool) -> str:
        """Writes the root file of the project: the pages before the text, and the chapters
        ``numbers``.
        """
        if front:
            return _root(
                *self._front_lines(),
                *self._lines(numbers[self._before_contents() :]),
                *self._index_lines(),
            )
        return _root(*(f'#include "/chapters/{number}.typ"' for number in numbers))

    def _before_contents(self) -> int:
        """Returns the number of posts before the contents."""
        chapters = self._matter.chapters.values()
        listed = (n for n, chapter in enumerate(chapters) if chapter.is_listed)
        return next(listed, len(chapters))

    def _front_lines(self) -> list[str]:
        """Writes the pages up to the contents."""
        before = self._before_contents()
        matter = self._matter
        colophon = ""
        if matter.colophon is not None:
            faces = name_typefaces(self._uses.families, self._theme, self._language)
            colophon = matter.colophon.text(_ENGINE, faces)
        lines = [
            matter_pages.half_title(matter),
            self._maker.openings.title_page(),
            matter_pages.imprint(matter, colophon),
        ]
        lines += [f'#include "/chapters/{number}.typ"' for number in range(before)]
        if before < len(self._metadata):
            lines.append(matter_pages.contents(self._matter))
        return lines

    def _lines(self, numbers: Iterable[int]) -> Iterator[str]:
        """Writes the chapters ``numbers``, with the title pages of parts that begin with them."""
        numbers = list(numbers)
        for number in numbers:
            title = self._part_title(number)
            if title:
                yield self._maker.openings.part(self._metadata[number].key, title)
            line = f'#include "/chapters/{number}.typ"'
            if not self._is_run_on(number):
                yield line
                continue
            # A batch begins on a page of its own.
            if number == numbers[0] or not self._follows(number):
                yield f"#run-on-pages({literal(self._metadata[number].key)})["
            yield line
            if number == numbers[-1] or not self._follows(number + 1):
                yield "]"

    def _is_run_on(self, number: int) -> bool:
        place = self._matter.chapters[self._metadata[number].key]
        return self._runs_on and place.is_listed and not place.role and len(self._metadata) > 1

    def _follows(self, number: int) -> bool:
        """Whether post ``number`` begins on the page of the one before it."""
        if not 0 < number < len(self._metadata):
            return False
        run_on = self._is_run_on(number - 1) and self._is_run_on(number)
        return run_on and not self._part_title(number)

    def _index_lines(self) -> list[str]:
        if not self._has_index:
            return []
        heads = self._maker.chapters.heads
        return [index_page(self._uses.subjects, self._matter, heads.book)]

    def _marked(self) -> list[str]:
        """Returns the names of the places whose pages are reported: those of parts and of the index."""
        return [*map(part_id, self._parts), *([INDEX_ID] if self._has_index else ())]

    def _part_title(self, number: int) -> str:
        """Returns the title of the part that begins with post ``number``; empty if none does."""
        return breakable_title(name_in(self._parts.get(self._metadata[number].key, "")))

    def _batches(self, parts: Sequence[PostSource]) -> list[Batch]:
        """Returns the batches of a book that is too large to be compiled at once, else none. A post
        is never divided.
        """
        sizes = [sum(len(piece.source) for piece in part.pieces) for part in parts]
        if len(parts) == 1 or sum(sizes) <= MOST or find_spec("pikepdf") is None:
            return []
        before = self._before_contents()
        ranges = [range(before)]
        ranges += [range(r.start + before, r.stop + before) for r in divide(sizes[before:], MOST)]
        headings: dict[str, str] = {}
        way = direction(self._language)
        for number in range(before, len(parts)):
            key = parts[number].post_key
            title = self._part_title(number)
            if title:
                headings[part_id(key)] = f'1, kind("part"), {title_content(title, way)}'
            headings[key] = parts[number].heading
            headings |= parts[number].sections
        targets: dict[str, str] = {}
        if self._has_index:
            headings[INDEX_ID] = f"1, {index_kind(self._matter)}, {index_title(self._matter)}"
            targets = index_targets(self._uses.subjects)
        far, own = divide_places(parts, ranges, headings, targets)
        files = [tuple(f"chapters/{number}.typ" for number in one) for one in ranges]
        batches = [
            Batch(
                partial(self._root_of_front, names=own[0], headings=headings),
                files[0],
                tuple(dict.fromkeys((*far[0], *headings))),
                own[0],
                stubs=tuple(headings),
            )
        ]
        for number in range(1, len(ranges)):
            first = ranges[number].start
            within_part = self._part_title(first) == "" and parts[first].level > 1
            root = partial(
                self._root_of_chapters,
                names=own[number],
                numbers=ranges[number],
                within_part=within_part,
                is_last=number == len(ranges) - 1,
            )
            batches.append(Batch(root, files[number], far[number], own[number], within_part))
        return batches

    def _root_of_front(
        self, start: int, *, names: Iterable[str], headings: Mapping[str, str]
    ) -> str:
        """Writes the root of the first batch: the pages up to the contents, and ``headings`` for the outline."""
        stubs = (f"#stub({literal(name)}, {heading})" for name, heading in headings.items())
        return _root(begin_at(start, names), *self._front_lines(), *stubs) + gather_marks(())

    def _root_of_chapters(
        self,
        start: int,
        *,
        names: Iterable[str],
        numbers: Iterable[int],
        within_part: bool,
        is_last: bool,
    ) -> str:
        """Writes the root of another batch: the chapters ``numbers``, and behind the last the index."""
        beginning = begin_at(start, names, within_part=within_part)
        end = self._index_lines() if is_last else ()
        return _root(beginning, *self._lines(numbers), *end) + gather_marks(self._marked())

    def _timestamp(self) -> int:
        newest = self._matter.newest
        if newest is None or newest.value is None:
            return 0
        return max(int(newest.value.timestamp()), 0)


def _front_places(matter: Matter) -> dict[int, PagePlace]:
    """Returns the places of the pages that every book begins with, by their numbers."""
    places: dict[int, PagePlace] = {1: "half-title", 3: "title"}
    if matter.also_in_series:
        places[2] = "also-in-series"
    if matter.imprint or matter.colophon is not None:
        places[4] = "imprint"
    return places


def _root(*lines: str) -> str:
    return "\n".join(('#import "/print.typ": *', "#show: book", *lines)) + "\n"
