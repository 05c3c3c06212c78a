"""Reads the metadata of a package document: OPF 2.0 with its attributes, EPUB 3 with what refines its elements."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from ...console_text import format_count
from ...diagnostics import Diagnostic, DiagnosticCode, Severity
from ...epub_names import GENERATOR
from ...errors import UsageError
from ...lazy_pattern import lazy_pattern
from ...model.book_info import BookInfo, Series, check_number
from ...model.isbn import isbn13
from ...model.language_tags import language_tag
from .package_xml import elements, local_name

_DC = "http://purl.org/dc/elements/1.1/"
_MARKUP = lazy_pattern(r"<[A-Za-z/!][^<>]*>")
_AUTHORS = frozenset({"", "aut", "author", "cre", "dub"})
_EDITORS = frozenset({"edt", "edc", "com", "editor"})
_SHOWN = 5
_LONGEST = 200
"""The characters of a value that a report shows."""
_KEPT = ("source", "relation", "coverage", "type", "format")
"""Elements of the Dublin Core for which ``BookInfo`` has no field."""
_NO_LANGUAGES = frozenset({"und", "mul", "zxx", "mis"})
"""Tags that name no language."""


class PackageMetadata:
    """The elements of the metadata, with what refines them."""

    def __init__(self, root: Any, findings: list[Diagnostic], source: str) -> None:
        self._findings = findings
        self._source = source
        self._unique = root.get("unique-identifier", "")
        self._elements: list[Any] = []
        self.named: dict[str, str] = {}
        """The values of ``<meta name>``, as EPUB 2 has them."""
        self._properties: list[tuple[str, str, str]] = []
        self._refined: dict[str, dict[str, str]] = {}
        top = next(elements(root, "metadata"), None)
        for element in top.iter() if top is not None else ():
            if not isinstance(element.tag, str):
                continue
            if element.tag.startswith(f"{{{_DC}}}") or element.tag.startswith("dc:"):
                self._elements.append(element)
            elif local_name(element) == "meta":
                self._add_meta(element)

    def _add_meta(self, element: Any) -> None:
        if name := element.get("name"):
            self.named.setdefault(name, " ".join(element.get("content", "").split()))
            return
        value = " ".join((element.text or "").split())
        refines = element.get("refines", "").removeprefix("#")
        if refines:
            self._refined.setdefault(refines, {}).setdefault(element.get("property", ""), value)
        else:
            self._properties.append((element.get("property", ""), value, element.get("id", "")))

    def _all(self, name: str) -> Iterator[tuple[Any, str]]:
        for element in self._elements:
            if local_name(element).rpartition(":")[2].lower() == name:
                value = " ".join("".join(element.itertext()).split())
                if value:
                    yield element, value

    def _values(self, name: str) -> list[str]:
        return list(dict.fromkeys(value for _, value in self._all(name)))

    def _first(self, name: str, called: str = "") -> str:
        """Returns the first value of an element, and reports the others, which are ``called`` so."""
        found = self._values(name)
        self._leave_out(f"further {called or name}", found[1:])
        return found[0] if found else ""

    def _refinements(self, element: Any) -> dict[str, str]:
        return self._refined.get(element.get("id", ""), {})

    def _attribute(self, element: Any, name: str) -> str:
        """Returns an attribute of EPUB 2, or what refines the element in EPUB 3."""
        of_opf = next(
            (
                v
                for k, v in element.attrib.items()
                if k.rpartition("}")[2].rpartition(":")[2] == name
            ),
            "",
        )
        return (self._refinements(element).get(name) or of_opf).strip()

    def info(self) -> BookInfo:
        title, subtitle = self._titles()
        authors, editors = self._people()
        identifier, isbn = self._identifiers()
        return BookInfo(
            title=title,
            subtitle=subtitle,
            authors=authors,
            editors=editors,
            language=self._language(),
            publisher=self._first("publisher"),
            rights=self._first("rights", "copyright line"),
            description=_without_markup(self._first("description")),
            identifier=identifier,
            isbn=isbn,
            series=self._series(),
            subjects=tuple(self._values("subject")),
        )

    def _language(self) -> str:
        tags = dict.fromkeys(filter(None, map(language_tag, self._values("language"))))
        named = [tag for tag in tags if tag not in _NO_LANGUAGES]
        self._leave_out("further language", named[1:])
        return named[0] if named else ""

    def _titles(self) -> tuple[str, str]:
        kinds: dict[str, str] = {}
        others = []
        for element, value in self._all("title"):
            kind = self._attribute(element, "title-type") or "main"
            if kind not in kinds:
                kinds[kind] = value
            elif value not in kinds.values():
                others.append(value)
        main = kinds.pop("main", "") or kinds.pop("expanded", "") or next(iter(kinds.values()), "")
        others += [v for k, v in kinds.items() if k not in ("subtitle", "short") and v != main]
        self._leave_out("further title", others)
        return main, kinds.get("subtitle", "")

    def _people(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        authors: dict[str, float] = {}
        editors: dict[str, None] = {}
        others = []
        for name, default in (("creator", "aut"), ("contributor", "")):
            for element, value in self._all(name):
                role = self._attribute(element, "role").lower() or default
                if name == "creator" and role in _AUTHORS:
                    place = self._attribute(element, "display-seq")
                    # Programs for layout have one field for all authors.
                    for author in filter(None, (part.strip() for part in value.split(";"))):
                        number = float(place) if place.isdigit() else len(authors) + 1
                        authors.setdefault(author, number)
                elif role in _EDITORS:
                    editors[value] = None
                elif role not in ("bkp", "own", "prc"):  # the program that made the book
                    others.append(f"{value} ({role})" if role else value)
        self._leave_out("contributor", others, "for whom posts have no field")
        self._others = others
        return tuple(sorted(authors, key=authors.__getitem__)), tuple(editors)

    def _leave_out(self, what: str, values: list[str], why: str = "left out") -> None:
        if values:
            shown = "; ".join(value[:_LONGEST] for value in values[:_SHOWN])
            shown += " ..." if len(values) > _SHOWN else ""
            message = f"{format_count(len(values), what)} of the book {why}: {shown}"
            self._findings.append(
                Diagnostic(
                    DiagnosticCode.NODE_CHROME, message, self._source, severity=Severity.INFO
                )
            )

    def _identifiers(self) -> tuple[str, str]:
        unique = isbn = ""
        for element, value in self._all("identifier"):
            scheme = self._attribute(element, "scheme").lower()
            bare = value.lower().removeprefix("urn:").removeprefix("isbn:").strip()
            if "isbn" in scheme or "isbn" in value.lower() or element.get("id") == "isbn":
                with suppress(ValueError):
                    isbn = isbn or isbn13(bare)
            if element.get("id") == self._unique or not unique:
                unique = value
        return unique, isbn

    def _series(self) -> Series | None:
        name = position = ""
        others = []
        for kind, value, identifier in self._properties:
            if kind == "belongs-to-collection":
                refined = self._refined.get(identifier, {})
                if not name and refined.get("collection-type", "series") == "series":
                    name, position = value, refined.get("group-position", "")
                else:
                    others.append(value)
        self._leave_out("further collection", others)
        name = name or self.named.get("calibre:series", "")
        position = position or self.named.get("calibre:series_index", "")
        position = position.removesuffix(".0")
        if not name:
            return None
        try:
            check_number(position)
        except UsageError:
            position = ""
        return Series(name, position)

    def date(self) -> str:
        """Returns the date of publication, as the book gives it; empty if it gives none."""
        dates = [
            (self._attribute(e, "event").lower(), value)
            for e, value in self._all("date")
            if not value.startswith("0101-01-01")  # calibre's date for none
        ]
        for event in ("publication", "original-publication", "issued", ""):
            for kind, value in dates:
                if kind == event:
                    return value
        return next((v for k, v in dates if k not in ("modification", "conversion")), "")

    def is_fixed(self) -> bool:
        """Returns whether the book has a fixed layout (EPUB 3.3, section 8.2.2; before that, shops' own names)."""
        layouts = [value for kind, value, _ in self._properties if kind == "rendition:layout"]
        return "pre-paginated" in layouts or self.named.get("fixed-layout", "").lower() == "true"

    def extra(self) -> dict[str, Any]:
        """Returns what the fields of ``BookInfo`` cannot hold."""
        found: dict[str, Any] = {}
        if date := self.date():
            found["date"] = date
        if self._others:
            found["contributors"] = self._others
        for name in _KEPT if self.named.get("generator") != GENERATOR else ():
            if values := self._values(name):
                found[name] = values
        return found


def _without_markup(text: str) -> str:
    """Returns a description as text: shops and programs put HTML into it."""
    if not _MARKUP.search(text):
        return text
    from ..searched_html import parse_html, words_in

    return words_in(parse_html(text.replace("</p>", " </p>").replace("<br", " <br")))
