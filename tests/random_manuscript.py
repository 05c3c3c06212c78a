"""Edits a post at random, in Markdown and in the export. Every word is unique, so that a check can
find each of them.
"""

from __future__ import annotations

import random
import re
import textwrap
from dataclasses import dataclass, field
from pathlib import Path

_NOTE_MARK = (
    '<a class="footnote-anchor" data-component-name="FootnoteAnchorToDOM" id="footnote-anchor-{n}"'
    ' href="#footnote-{n}" target="_self">{n}</a>'
)
_NOTE = (
    '<div class="footnote" data-component-name="FootnoteToDOM"><a id="footnote-{n}"'
    ' href="#footnote-anchor-{n}" class="footnote-number" contenteditable="false"'
    ' target="_self">{n}</a><div class="footnote-content"><p>{text}</p></div></div>'
)
WORD = re.compile(r"\b[aeb]\d+\b")
"""A word of the author's, of the export's, or one that was there from the beginning."""


@dataclass
class Sentence:
    words: list[str]
    note: str = ""
    """The words of its note, empty if it has none."""
    is_line_end: bool = False


@dataclass
class Paragraph:
    key: int
    sentences: list[Sentence]


@dataclass
class Touched:
    """The paragraphs, and the places after paragraphs, that one side edited in a round."""

    paragraphs: set[int] = field(default_factory=set)
    gaps: set[int] = field(default_factory=set)

    def meets(self, other: Touched) -> bool:
        return bool(self.paragraphs & other.paragraphs or self.gaps & other.gaps)


class Words:
    """Generates unique words."""

    def __init__(self) -> None:
        self._count = 0

    def some(self, kind: str, count: int) -> list[str]:
        self._count += count
        return [f"{kind}{n}" for n in range(self._count - count, self._count)]


class Exported:
    """The post as the export has it."""

    def __init__(self, chance: random.Random, words: Words) -> None:
        self.chance, self.words = chance, words
        self._keys = 0
        self.paragraphs = [self._paragraph("b") for _ in range(chance.randint(1, 9))]

    def _paragraph(self, kind: str) -> Paragraph:
        self._keys += 1
        return Paragraph(
            self._keys, [self._sentence(kind) for _ in range(self.chance.randint(1, 4))]
        )

    def _sentence(self, kind: str) -> Sentence:
        chance = self.chance
        note = " ".join(self.words.some(kind, 5)) if chance.random() < 0.2 else ""
        return Sentence(self.words.some(kind, chance.randint(6, 12)), note, chance.random() < 0.1)

    def body(self) -> str:
        notes: list[str] = []
        parts = []
        for paragraph in self.paragraphs:
            text = ""
            for sentence in paragraph.sentences:
                text += " ".join(sentence.words) + "."
                if sentence.note:
                    notes.append(sentence.note)
                    text += _NOTE_MARK.format(n=len(notes))
                last = sentence is paragraph.sentences[-1]
                text += "" if last else "<br>" if sentence.is_line_end else " "
            parts.append(f"<p>{text}</p>")
        parts += [_NOTE.format(n=n, text=text) for n, text in enumerate(notes, 1)]
        return "".join(parts)

    def edit(self) -> Touched:
        """Edits the post in several places; returns the edited parts of the original."""
        chance, touched = self.chance, Touched()
        there = [p.key for p in self.paragraphs]
        for _ in range(chance.choice((0, 1, 1, 2, 3))):
            if not self.paragraphs:
                break
            at = chance.randrange(len(self.paragraphs))
            paragraph = self.paragraphs[at]
            sentence = chance.choice(paragraph.sentences)
            kind = chance.choice(
                ("word", "word", "sentence", "new", "end", "delete", "move", "note", "unnote")
            )
            if kind in ("new", "end"):
                at = len(self.paragraphs) if kind == "end" else at
                before = [p.key for p in self.paragraphs[:at] if p.key in there]
                self.paragraphs.insert(at, self._paragraph("e"))
                touched.gaps.add(before[-1] if before else 0)
                continue
            touched.paragraphs.add(paragraph.key)
            if kind == "word":
                sentence.words[chance.randrange(len(sentence.words))] = self.words.some("e", 1)[0]
            elif kind == "sentence":
                paragraph.sentences.append(self._sentence("e"))
            elif kind == "note":
                sentence.note = " ".join(self.words.some("e", 5))
            elif kind == "unnote":
                for one in paragraph.sentences:
                    one.note = ""
            else:
                self.paragraphs.remove(paragraph)
                if kind == "move":
                    at = chance.randint(0, len(self.paragraphs))
                    before = [p.key for p in self.paragraphs[:at] if p.key in there]
                    self.paragraphs.insert(at, paragraph)
                    touched.gaps.add(before[-1] if before else 0)
        return touched


def edit_file(path: Path, chance: random.Random, words: Words) -> None:
    """Edits any block of the file, as an author would."""
    head, blocks = parts(path.read_text(encoding="utf-8"))
    for _ in range(chance.choice((0, 1, 1, 2, 3))):
        at = chance.randrange(len(blocks)) if blocks else 0
        kind = chance.choice(
            ("word", "word", "sentence", "new", "end", "delete", "move", "wrap", "cite", "note")
        )
        if kind in ("new", "end") or not blocks:
            at = _text_end(blocks) if kind == "end" else at
            blocks.insert(at, " ".join(words.some("a", 8)) + ".")
            continue
        block = blocks[at]
        if kind == "word":
            found = list(WORD.finditer(block))
            if found:
                one = chance.choice(found)
                new = words.some("a", 1)[0]
                blocks[at] = block[: one.start()] + new + block[one.end() :]
        elif kind == "sentence" and not block.startswith("[^"):
            blocks[at] = f"{block} {' '.join(words.some('a', 6))}."
        elif kind == "delete" and not block.startswith("[^"):
            del blocks[at]
            _drop_unused(blocks)
        elif kind == "move" and not block.startswith("[^"):
            del blocks[at]
            blocks.insert(chance.randint(0, _text_end(blocks)), block)
        elif kind == "wrap" and "\\\n" not in block and not block.startswith("[^"):
            blocks[at] = "\n".join(textwrap.wrap(block, 60, break_long_words=False))
        elif kind == "cite" and not block.startswith("[^"):
            if labels := re.findall(r"^\[\^(\w+)\]:", "\n".join(blocks), re.M):
                blocks[at] = f"{block} Again.[^{chance.choice(labels)}]"
        elif kind == "note" and not block.startswith("[^"):
            label = words.some("n", 1)[0]
            blocks[at] = f"{block} See.[^{label}]"
            blocks.append(f"[^{label}]: {' '.join(words.some('a', 5))}")
    path.write_text(head + "\n\n".join(blocks) + "\n", encoding="utf-8")


def parts(text: str) -> tuple[str, list[str]]:
    """The header, and the blocks of a text."""
    head, mark, body = text.rpartition("\n---\n\n")
    return head + mark, [block for block in body.strip("\n").split("\n\n") if block]


def _text_end(blocks: list[str]) -> int:
    return next((n for n, b in enumerate(blocks) if b.startswith("[^")), len(blocks))


def _drop_unused(blocks: list[str]) -> None:
    for block in [b for b in blocks if b.startswith("[^")]:
        mark = block.partition(":")[0]
        if not any(mark in other.removeprefix(f"{mark}:") for other in blocks):
            blocks.remove(block)


def resolve(path: Path, chance: random.Random) -> None:
    """Resolves conflicts as an author would, by taking one side, the other, or both."""

    def taken(match: re.Match[str]) -> str:
        return chance.choice((match[1], match[2], match[1] + "\n" + match[2]))

    text = path.read_text(encoding="utf-8")
    text = re.sub(
        r"^<<<<<<< yours\n(.*?)^=======\n(.*?)^>>>>>>> export\n", taken, text, flags=re.M | re.S
    )
    path.write_text(text, encoding="utf-8")


def unlike(text: str) -> tuple[set[str], set[str]]:
    """Marks of notes without a definition, and definitions that are given twice."""
    defined = re.findall(r"^\[\^(\w+)\]:", text, re.M)
    marks = set(re.findall(r"\[\^(\w+)\](?!:)", text))
    return marks - set(defined), {label for label in defined if defined.count(label) > 1}
