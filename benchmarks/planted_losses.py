"""Plants losses in products of real archives, and counts how many ``clothbound check`` finds; prints a Markdown table.

    python benchmarks/planted_losses.py ../shared/corpus [PLANTS]

Each of five archives becomes an EPUB, a site, Markdown and a PDF. In each product, a word, a picture, a link, a note or
a line of code is taken out or altered, one at a time, PLANTS times for each kind over all products (100 without it). In
files of text that is done in the file; of a PDF, in what the count reads of it. A plant counts if it takes something that
came from a post. Exits with 1 if a plant was not found.
"""

from __future__ import annotations

import random
import re
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import clothbound
from clothbound.diagnostics import Diagnostic, Severity, everything_told
from clothbound.verify import SourceText, compare_contents, read_sources
from clothbound.verify.content import Item, Kind
from clothbound.verify.markup import strip_html
from clothbound.verify.matching import Matching
from clothbound.verify.numbered import NumberedTexts
from clothbound.verify.presence import Anchors
from clothbound.verify.products import ProductContent, ProductPart, read_product
from clothbound.verify.sources import content_of

KINDS = ("word", "picture", "link", "note", "code")
FORMATS = {"epub": "book.epub", "site": "site", "markdown": "texts", "pdf": "book.pdf"}
ARCHIVES: dict[str, tuple[str, int]] = {
    "Jekyll, ruby-lang": ("other/jekyll/ruby", 0),
    "Eleventy, Chrome": ("other/eleventy", 0),
    "Hugo, Arabic": ("blogs/arabic-hugo", 0),
    "Zola, Rust 2021": ("blogs/rust-zola-toml", 2021),
    "Substack, export": ("substack-export/inturious", 0),
}
_TRIES = 200
_TAGS = re.compile(r"<[^<>]*>")
_PATTERNS = {
    "html": {
        "picture": r"<img\b[^<>]*>",
        "link": r"<a\b(?![^<>]*(?:noteref|backlink))[^<>]*\bhref=[^<>]*>((?:(?!</?a\b).)*)</a>",
        "note": r"<aside\b[^<>]*footnote[^<>]*>.*?</aside>|<li\b[^<>]*\bid=\"fn[^<>]*>.*?</li>",
        "code": r"(?<=\n)(?:(?!</?pre\b)[^\n])*[A-Za-z]{3}(?:(?!</?pre\b)[^\n])*(?=\n|</code>|</pre>)",
    },
    "markdown": {
        "picture": r"!\[[^\]\n]*\]\([^)\n]*\)",
        "link": r"(?<![!\\])\[([^\]\[\n]+)\]\([^)\n]*\)",
        "note": r"(?m)^\[\^[^\]\n]+\]: [^\n]*(?:\n[ \t]+[^\n]+|\n(?=\n[ \t]{2,}))*",
        "code": r"(?m)^[^\n`]*[A-Za-z]{3}[^\n`]*$",
    },
}
_PRE = {"html": r"<pre\b.*?</pre>", "markdown": r"(?ms)^`{3,}[^\n]*\n.*?^`{3,}$"}
_WORD = r"(?<![\w&;#/-])[^\W\d_]{2,}(?![\w;-])"


class Planted(NamedTuple):
    """A product with a loss: the number of the document, what is left of it, and the text that is gone."""

    document: int
    items: list[Item]
    gone: str


class Made(NamedTuple):
    """A product, its text by document (empty for a PDF), and what its places hold of the posts."""

    sources: Sequence[SourceText]
    content: ProductContent
    texts: Sequence[str]
    report: Sequence[Diagnostic]
    taken: frozenset[int]
    """The places of items that have a counterpart in a source."""
    code: Sequence[Sequence[str]]
    """Of a PDF: the words of lines of code and of notes, as the EPUB has them."""
    notes: Sequence[Sequence[str]]

    def missing(self, content: ProductContent) -> list[str]:
        """Returns what the count finds missing; what is in doubt is a warning, and does not count."""
        expected = {source.name for source in self.sources}
        found = compare_contents(self.sources, content, lambda _: self.report, expected).missing
        return [str(one) for one in found if one.severity is Severity.ERROR]


def make(archive: Path, year: int, format: str, work: Path) -> Made:
    """Makes a product of an archive, and reads both."""
    posts = clothbound.read(archive)
    book = clothbound.book(posts, clothbound.Select(year=year or None))
    product = work / FORMATS[format]
    options = clothbound.Pdf(engine="typst") if format == "pdf" else format
    report = everything_told(clothbound.write(book, options).save(product))
    names = {metadata.source for metadata in book.index}
    sources = [one for one in read_sources(archive, names) if one.name in names]
    content = read_product(product)
    texts = NumberedTexts(sources, content)
    search = Matching(texts, Anchors(texts), range(len(sources)))
    taken = {place for post in search._posts.values() for place in post.places if place >= 0}
    code: list[list[str]] = []
    notes: list[list[str]] = []
    if format == "pdf":
        epub = make(archive, year, "epub", work)
        for text in epub.texts:
            blocks = re.findall(_PRE["html"], text, re.S)
            lines = (_TAGS.sub("", line) for block in blocks for line in block.split("\n"))
            code += [words for line in lines if len(words := _values(line)) > 1]
            found = re.findall(_PATTERNS["html"]["note"], text, re.S)
            notes += [words for one in found if len(words := _values(_TAGS.sub(" ", one))) > 1]
    return Made(
        sources,
        content,
        list(_texts(product, content)) if format != "pdf" else [],
        report,
        frozenset(taken),
        code,
        notes,
    )


def _values(markup: str) -> list[str]:
    return [item.value for item in strip_html(markup) if item.kind is Kind.WORD]


def _texts(product: Path, content: ProductContent) -> Iterator[str]:
    if product.is_dir():
        for document in content.documents:
            yield (product / document.name).read_text("utf-8")
        return
    import zipfile

    with zipfile.ZipFile(product) as archive:
        for document in content.documents:
            yield archive.read(document.name).decode("utf-8")


def plant(made: Made, kind: str, chance: random.Random) -> Planted | None:
    """Returns a document without one thing of a post; None if the product has no such thing."""
    for _ in range(_TRIES):
        planted = _in_text(made, kind, chance) if made.texts else _in_pages(made, kind, chance)
        if planted is not None and _takes_something(made, planted, kind):
            return planted
    return None


def _in_text(made: Made, kind: str, chance: random.Random) -> Planted | None:
    number = chance.randrange(len(made.texts))
    text = made.texts[number]
    form = "markdown" if made.content.format == "markdown" else "html"
    parts = [(0, len(text))]
    if kind == "code":
        parts = [found.span() for found in re.finditer(_PRE[form], text, re.S)]
    pattern = _WORD if kind == "word" else _PATTERNS[form][kind]
    places = [
        found
        for begin, end in parts
        for found in re.compile(pattern, re.S).finditer(text, begin, end)
        if kind != "word" or _is_shown(text, found.start(), form)
    ]
    if not places:
        return None
    found = chance.choice(places)
    left = ""
    if kind == "link":
        is_altered = "http" in found[0] and chance.random() < 0.5
        left = found[0].replace("://", "://elsewhere.example/", 1) if is_altered else found[1]
    elif kind == "word" and chance.random() < 0.5:
        left = found[0][:1] + "qx" + found[0][1:]
    changed = text[: found.start()] + left + text[found.end() :]
    if form == "markdown":
        items = content_of(changed.encode(), ".md", is_product=True)
    else:
        items = strip_html(changed, is_product=True)
    return Planted(number, items, found[0])


def _is_shown(text: str, at: int, form: str) -> bool:
    if form == "html":
        return text.rfind("<", 0, at) <= text.rfind(">", 0, at)
    return True


def _in_pages(made: Made, kind: str, chance: random.Random) -> Planted | None:
    items = made.content.documents[0].items
    kinds = {"word": Kind.WORD, "picture": Kind.PICTURE, "link": Kind.LINK}
    if kind in kinds:
        places = [n for n in made.taken if items[n].kind is kinds[kind]]
        if not places:
            return None
        n = chance.choice(places)
        begin, end = n, n + 1
    else:
        wanted = made.code if kind == "code" else made.notes
        if not wanted:
            return None
        words = chance.choice(wanted)
        values = [item.value for item in items]
        begins = [
            n
            for n, value in enumerate(values)
            if value == words[0] and values[n : n + len(words)] == words
        ]
        if not begins:
            return None
        begin = chance.choice(begins)
        end = begin + len(words)
    gone = " ".join(item.value or item.kind.value for item in items[begin:end])
    return Planted(0, [*items[:begin], *items[end:]], gone)


def _takes_something(made: Made, planted: Planted, kind: str) -> bool:
    """Returns whether a plant takes from its document what has a counterpart in a post."""
    first = sum(len(document.items) for document in made.content.documents[: planted.document])
    before = made.content.documents[planted.document].items
    after = planted.items
    begin = 0
    while begin < min(len(before), len(after)) and before[begin].key == after[begin].key:
        begin += 1
    end = 0
    while (
        end < min(len(before), len(after)) - begin and before[-1 - end].key == after[-1 - end].key
    ):
        end += 1
    changed = range(first + begin, first + len(before) - end)
    if kind == "word" and (len(changed) != 1 or len(after) - end - begin > 1):
        return False
    return any(place in made.taken for place in changed)


def main(arguments: Sequence[str]) -> int:
    """Prints how many plants were found, by kind and format, and those that were not."""
    corpus, wanted = Path(arguments[0]), int(arguments[1]) if len(arguments) > 1 else 100
    only = arguments[2] if len(arguments) > 2 else ""
    chance = random.Random(20261130)
    found: Counter[tuple[str, str]] = Counter()
    planted: Counter[tuple[str, str]] = Counter()
    missed = []
    each = max(1, wanted // (len(ARCHIVES) * len(FORMATS)))
    for name, (path, year) in ARCHIVES.items():
        for format in FORMATS:
            if only not in f"{name} {format}":
                continue
            with tempfile.TemporaryDirectory() as work:
                made = make(corpus / path, year, format, Path(work))
            whole = made.missing(made.content)
            for line in whole:
                print(f"{name}, {format}: not planted: {line}", file=sys.stderr)
            for kind in KINDS:
                for _ in range(each):
                    one = plant(made, kind, chance)
                    if one is None:
                        break
                    documents = list(made.content.documents)
                    documents[one.document] = ProductPart(documents[one.document].name, one.items)
                    planted[kind, format] += 1
                    if set(made.missing(made.content._replace(documents=documents))) - set(whole):
                        found[kind, format] += 1
                    else:
                        where = documents[one.document].name
                        missed.append(f"{name}, {format}, {kind}: {one.gone[:200]!r} in {where}")
                        print(missed[-1], file=sys.stderr, flush=True)
            done = (f"{kind} {found[kind, format]}/{planted[kind, format]}" for kind in KINDS)
            print(f"{name}, {format}, so far: {', '.join(done)}", file=sys.stderr, flush=True)
    print(f"| lost | {' | '.join(FORMATS)} |\n|:--|{'--:|' * len(FORMATS)}")
    for kind in KINDS:
        cells = (f"{found[kind, format]}/{planted[kind, format]}" for format in FORMATS)
        print(f"| {kind} | {' | '.join(cells)} |")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
