"""Notes of the printed book: marks that can be clicked, and how the notes look."""

from __future__ import annotations

import io

from pypdf import PdfReader

from clothbound.model import inlines as i
from clothbound.writers.pdf import PdfOptions
from test_pdf import book, make, p, post


def test_a_link_can_be_clicked() -> None:
    """A box without height has nothing that a pointer could hit."""
    link = i.Link((i.Text("link"),), "https://example.com/")
    body = p("Words", i.NoteRef("a"), " and ", link, i.Superscript((link,)), i.Subscript((link,)))
    data, _ = make(book(post("one", "L", body, notes={"a": "Note."})), PdfOptions(notes="chapter"))
    found = [
        annotation.get_object()["/Rect"]
        for page in PdfReader(io.BytesIO(data)).pages
        for annotation in page.get("/Annots", ())
    ]
    heights = [abs(float(top) - float(foot)) for _, foot, _, top in found]
    assert len(heights) == 4
    assert min(heights) > 5
