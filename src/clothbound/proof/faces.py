"""Finds wrong and missing faces: slanted Han, code that is not monospaced, fallbacks, characters that no face has."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise

from ..console_text import format_count
from .face_files import Box
from .findings import Finding
from .lines import PrintedLine, words_of
from .printed_pages import NAMELESS, Glyph, OpenedPage, PrintedFace
from .scripts import UPRIGHT, reading_order, script_of
from .thresholds import FACE_SHARE, SAME_BOX, SLANT

_SQUARE = frozenset(("Han", "Kana", "Hangul"))
"""Scripts that have monospaced faces."""
_NEVER_SQUARE = frozenset(("Devanagari", "Thai"))
"""Scripts whose monospaced faces no system brings along."""
_STYLE = ("bold", "semi", "demi", "italic", "oblique", "regular", "roman", "book", "medium", "light", "black", "heavy", "smcp", "caps", "display")  # fmt: skip


def check_page_faces(
    page: OpenedPage,
    lines: Sequence[PrintedLine],
    pieces: Sequence[Sequence[Glyph]],
    code: frozenset[str],
) -> Iterator[Finding]:
    """Yields what one page alone tells. ``code`` are lines that the source has as code, without spaces."""
    told = [
        not line.is_artifact
        and (all(g.run.role == "code" for g in piece) or "".join(line.text.split()) in code)
        for line, piece in zip(lines, pieces, strict=True)
    ]
    looks = _look_like_code(lines, pieces, told)
    for piece, is_told, is_code in zip(pieces, told, looks, strict=True):
        yield from _slanted(page, piece)
        yield from _missing(page, piece)
        if is_told or is_code:
            yield from _proportional(page, piece, is_told=is_told)
        elif not any(g.run.role == "formula" for g in piece):
            yield from _mixed(page, piece)


def _slanted(page: OpenedPage, piece: Sequence[Glyph]) -> Iterator[Finding]:
    wrong = [
        g for g in piece
        if (g.run.face.is_italic or abs(g.run.slant) > SLANT.value) and script_of(g.char) in UPRIGHT
    ]  # fmt: skip
    if wrong:
        script = script_of(wrong[0].char)
        text = reading_order("".join(g.char for g in wrong))
        yield Finding(
            check="slanted", page=page.index, box=_around(wrong),
            message=f"{text[:20]!r} is {script}, slanted, in {wrong[0].run.face.name}",
        )  # fmt: skip


def _missing(page: OpenedPage, piece: Sequence[Glyph]) -> Iterator[Finding]:
    wrong = [
        g
        for g in piece
        if g.char in ("\0", "\ufffd")
        or (g.is_unmapped and not g.char.isprintable())
        or _is_stand_in(g)
    ]
    if wrong:
        text = "".join(g.char if g.char.isprintable() else "\ufffd" for g in piece)
        yield Finding(
            check="missing glyph", page=page.index, box=_around(wrong),
            message=f"{format_count(len(wrong), 'character')} without a glyph in {text[:40]!r}",
        )  # fmt: skip


def _is_stand_in(glyph: Glyph) -> bool:
    """Returns whether the box is printed that stands in for a character that the face lacks: one of the same size at the
    same place, for a character that the file of the face does not name. The text of the PDF does not tell it. A file
    that names no characters cannot say it either: a capital may be as large as that box.
    """
    run = glyph.run
    none, size = run.face.box_of_none, run.size
    named = run.face.characters
    if none is None or not named or not size or run.angle or ord(glyph.char) in named:
        return False
    printed = (
        glyph.x0 - glyph.x,
        glyph.base - glyph.bottom,
        glyph.x1 - glyph.x,
        glyph.base - glyph.top,
    )
    return all(
        abs(own / size - of_none) < SAME_BOX.value
        for own, of_none in zip(printed, none, strict=True)
    )


def is_monospaced(face: PrintedFace) -> bool:
    """Returns whether all letters of a face have one width. The flag of a file is not trusted for faces of Han,
    whose ideographs have one width in every face.
    """
    return face.is_mono and not any(word in face.name for word in ("Serif", "Sans-CJK", "SansCJK"))


def _proportional(page: OpenedPage, piece: Sequence[Glyph], *, is_told: bool) -> Iterator[Finding]:
    """Yields the letters of a line of code that are not monospaced.

    Where faces alone say that a line is code, it may be prose that names code. Then only letters in the size of the
    code count, and only scripts that have monospaced faces. A face without a name does not say what it is.
    """
    sizes = {round(g.run.size, 1) for g in piece if is_monospaced(g.run.face)}
    by_face: dict[tuple[str, str], list[Glyph]] = {}
    for glyph in piece:
        script = script_of(glyph.char)
        face = glyph.run.face
        if not script or script in _NEVER_SQUARE or face.name == NAMELESS or is_monospaced(face):
            continue
        if not is_told and not (script in _SQUARE and round(glyph.run.size, 1) in sizes):
            continue
        by_face.setdefault((face.name, script), []).append(glyph)
    for (name, script), glyphs in by_face.items():
        text = "".join(g.char for g in glyphs)
        yield Finding(
            check="code face",
            page=page.index,
            box=_around(glyphs),
            message=f"{script} of code, {reading_order(text)[:20]!r}, is in {name}",
        )


def _mixed(page: OpenedPage, piece: Sequence[Glyph]) -> Iterator[Finding]:
    """Yields words with letters of one script in two families."""
    for word in words_of(piece):
        letters = [g for g in word if script_of(g.char)]
        if len(letters) < 3:
            continue
        families: dict[str, dict[str, list[Glyph]]] = {}
        for glyph in letters:
            own = families.setdefault(script_of(glyph.char), {})
            own.setdefault(family_of(glyph.run.face.name), []).append(glyph)
        for script, by_family in families.items():
            if len(by_family) < 2:
                continue
            fewest = min(by_family.values(), key=len)
            most = max(by_family.values(), key=len)
            if (
                fewest is most
                or not _is_between(letters, fewest)
                or fewest[0].run.size != most[0].run.size
            ):
                continue
            text = "".join(g.char for g in word)
            yield Finding(
                check="mixed faces", page=page.index, box=_around(word),
                message=f"{script} {fewest[0].char!r} of {text[:30]!r} is in {fewest[0].run.face.name}, the rest in"
                f" {most[0].run.face.name}",
            )  # fmt: skip


def _is_between(letters: Sequence[Glyph], few: Sequence[Glyph]) -> bool:
    """Returns whether the letters are single ones within a word, not a part of it that was marked."""
    own = {id(g) for g in few}
    changes = sum((id(a) in own) != (id(b) in own) for a, b in pairwise(letters))
    return len(few) < len(letters) / 2 and (changes >= 2 or len(few) == 1)


def family_of(face: str) -> str:
    """Returns the name of a face without its style, so that bold and italic are of one family."""
    words = face.replace("-", " ").replace("_", " ").replace("SemiBold", "").split()
    return " ".join(word for word in words if word.lower() not in _STYLE).lower()


def count_faces(
    page: OpenedPage,
    counts: dict[str, Counter[str]],
    first: dict[tuple[str, str], tuple[int, Box]],
) -> None:
    """Adds the letters of a page to ``counts``, by script and face, and where each pair is seen first."""
    for glyph in page.glyphs:
        script = script_of(glyph.char)
        if not script or not glyph.run.is_visible or glyph.run.role in ("formula", "figure"):
            continue
        name = glyph.run.face.name
        counts.setdefault(script, Counter())[name] += 1
        first.setdefault((script, name), (page.index, glyph.box))


def check_fallbacks(
    counts: dict[str, Counter[str]], first: dict[tuple[str, str], tuple[int, Box]], is_ours: bool
) -> Iterator[Finding]:
    """Yields the scripts whose letters are in faces that are not the book's.

    The faces of our own books are known by their names. In others, a face is a fallback where few letters of a
    script are in it and most of that script are in another family.
    """
    for script, faces in counts.items():
        whole = sum(faces.values())
        families: Counter[str] = Counter()
        for name, count in faces.items():
            families[family_of(name)] += count
        main = families.most_common(1)[0][0]
        told: set[str] = set()
        for name in faces:
            family = family_of(name)
            if family in told:
                continue
            share = families[family] / whole
            if is_ours:
                if name.startswith("Clothbound"):
                    continue
            elif family == main or share > FACE_SHARE.value:
                continue
            told.add(family)
            page, box = first[script, name]
            yield Finding(
                check="fallback", page=page, box=box,
                message=f"{script}: {format_count(families[family], 'letter')}, {share:.0%} of the script, in {name}, which"
                " is not of the book's faces",
            )  # fmt: skip


def _around(glyphs: Sequence[Glyph]) -> Box:
    return (
        min(g.x0 for g in glyphs), min(g.top for g in glyphs), max(g.x1 for g in glyphs), max(g.bottom for g in glyphs),
    )  # fmt: skip


def _look_like_code(
    lines: Sequence[PrintedLine], pieces: Sequence[Sequence[Glyph]], told: Sequence[bool]
) -> list[bool]:
    """Returns of each line whether it looks like code: by its face, or as a comment beside lines of code."""
    mono = [
        not line.is_artifact and _is_mostly_mono(piece)
        for line, piece in zip(lines, pieces, strict=True)
    ]
    found = list(mono)
    for number, (line, piece) in enumerate(zip(lines, pieces, strict=True)):
        if found[number] or line.is_artifact or any(_is_plain(g) for g in piece):
            continue
        beside = [k for k in (number - 1, number + 1) if 0 <= k < len(lines)]
        found[number] = any(is_monospaced(g.run.face) for g in piece) and any(
            (told[k] or mono[k])
            and abs(lines[k].base - line.base) < 1.8 * line.size
            and abs(lines[k].size - line.size) < 0.1
            for k in beside
        )
    return found


def _is_mostly_mono(piece: Sequence[Glyph]) -> bool:
    """Returns whether all letters of Latin are monospaced, and they are most of the line."""
    letters = [g for g in piece if g.char.isalnum()]
    mono = sum(is_monospaced(g.run.face) for g in piece if g.char.isalnum())
    return 2 * mono > len(letters) and all(
        is_monospaced(g.run.face) for g in letters if _is_plain(g)
    )


def _is_plain(glyph: Glyph) -> bool:
    return script_of(glyph.char) in ("Latin", "Greek", "Cyrillic") or glyph.char.isdigit()
