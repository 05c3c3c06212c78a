"""Tables on the way to Substack, which has none: HTML, pictures, lists."""

from __future__ import annotations

import io
import zipfile

import pytest
from PIL import Image

import clothbound
from clothbound.errors import ResourceError
from clothbound.model import blocks as b
from clothbound.model import inlines as i
from clothbound.model.plain_text import plain_text
from clothbound.model.post import Footnote, Metadata, Post
from clothbound.model.walk import walk
from clothbound.substack.table_picture import draw_table
from clothbound.substack.tables import table_as_list
from clothbound.writers.substack.archive import SubstackArchive, Tables


def cells(*words: str) -> tuple[b.Cell, ...]:
    return tuple(b.Cell((i.Text(word),) if word else ()) for word in words)


TABLE = b.Table(
    (cells("Tide", "Hour"),),
    (cells("high", "6"), cells("low", "12")),
    ("left", "right"),
    (i.Text("The tides of "), i.Emphasis((i.Text("May"),))),
)


def archive(table: b.Table, tables: Tables, base: str = "") -> tuple[zipfile.ZipFile, str]:
    """The archive of a post with this table, and what was reported with its words."""
    note = Footnote("n", (b.Paragraph((i.Text("Note."),)),))
    post = Post(Metadata(key="k", title="T", id="7.tides"), (table,), (note,))
    options = SubstackArchive(tables=tables, image_base_url=base)
    artifact = clothbound.write(post, options)
    made = zipfile.ZipFile(io.BytesIO(artifact.to_bytes()))
    told = [f"{d.message} / {' '.join(d.text.split())}" for d in artifact.report.diagnostics]
    return made, "\n".join(told)


def body(made: zipfile.ZipFile) -> str:
    return made.read("posts/7.tides.html").decode()


def test_as_html() -> None:
    made, told = archive(TABLE, "html")
    assert body(made).startswith("<table><caption>The tides of <em>May</em></caption><thead>")
    assert "a table was written as HTML" in told


def test_as_text() -> None:
    made, told = archive(TABLE, "text")
    assert body(made).startswith(
        "<p>The tides of <em>May</em></p>"
        "<ul><li><p><strong>Tide</strong>: high; <strong>Hour</strong>: 6</p></li>"
        "<li><p><strong>Tide</strong>: low; <strong>Hour</strong>: 12</p></li></ul>"
    )
    assert "a table was written as a list" in told
    assert "The tides of May Tide Hour high 6 low 12" in told


def test_as_a_picture() -> None:
    made, told = archive(TABLE, "picture")
    (name,) = [name for name in made.namelist() if name.startswith("images/")]
    with Image.open(io.BytesIO(made.read(name))) as picture:
        size = picture.size
    text = body(made)
    assert f'<img src="{name}" width="{size[0]}" height="{size[1]}"' in text
    assert 'alt="Tide | Hour; high | 6; low | 12"' in text
    assert '<figcaption class="image-caption">The tides of <em>May</em></figcaption>' in text
    assert (
        f"a table was drawn as the picture {name} / The tides of May Tide Hour high 6 low 12"
        in told
    )
    assert "-O image_base_url=URL" in told
    assert made.read(name) == archive(TABLE, "picture")[0].read(name)


def test_a_picture_of_a_table_is_read_back_from_the_archive() -> None:
    made, _ = archive(TABLE, "picture")
    assert made.fp is not None
    made.fp.seek(0)
    (post,) = clothbound.read(made.fp.read())
    (figure,) = [node for node in walk(post) if isinstance(node, b.Figure)]
    assert plain_text(figure.caption) == "The tides of May"
    assert not clothbound.write(post, "html").to_bytes().count(b"images/")


def test_the_address_of_a_picture() -> None:
    made, told = archive(TABLE, "picture", "https://far.example/p/")
    (name,) = [name for name in made.namelist() if name.startswith("images/")]
    assert f'<img src="https://far.example/p/{name}"' in body(made)
    assert "put images/ below https://far.example/p/" in told


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (i.NoteRef("n"), "notes"),
        (i.Image("a.png"), "pictures"),
        (i.Math("x"), "formulas"),
        (i.Text("潮"), "typeface lacks '潮'"),
    ],
)
def test_what_a_picture_would_lose_makes_a_list(content: i.Inline, why: str) -> None:
    made, told = archive(b.Table((), ((b.Cell((i.Text("a "), content)),),)), "picture")
    assert body(made).startswith("<ul><li><p>a ")
    assert "a table was written as a list" in told
    assert why in told
    assert not any(name.startswith("images/") for name in made.namelist())


def test_links_that_a_picture_cannot_hold_are_told() -> None:
    link = i.Link((i.Text("far"),), "https://far.example/")
    _, told = archive(b.Table((), ((b.Cell((link,)),),)), "picture")
    assert "without its links / far" in told


@pytest.mark.parametrize(
    "table",
    [
        b.Table((), (cells(*("x",) * 30),)),
        b.Table((), (cells("x"),) * 500),
        b.Table(),
    ],
    ids=["wide", "long", "empty"],
)
def test_what_fits_into_no_picture(table: b.Table) -> None:
    with pytest.raises(ResourceError, match="does not fit"):
        draw_table(table)


def test_a_span_over_columns_that_no_row_has_takes_no_room() -> None:
    one, spanning = (b.Table((), ((b.Cell((i.Text("x"),), span),),)) for span in (1, 1000))
    assert draw_table(spanning).data == draw_table(one).data


def test_long_words_and_lines_stay_in_the_picture() -> None:
    made = draw_table(b.Table((), (cells("x" * 500, "word " * 200, "a"),)))
    assert made.width == 1456
    assert made.height > 500
    assert made.words.startswith("x" * 500 + " | word word")


def test_a_table_is_drawn_in_shades_of_grey() -> None:
    with Image.open(io.BytesIO(draw_table(TABLE).data)) as picture:
        found = picture.convert("RGB").getcolors(2**16)
    assert found is not None
    assert {len(set(color)) for _, color in found} == {1}  # type: ignore[arg-type]


@pytest.mark.parametrize("alignment", ["left", "right", "center"])
def test_words_keep_off_the_edges_of_their_cells(alignment: b.Alignment) -> None:
    """On the side of their alignment by 20 pixels, on the other by as many as there are left."""
    table = b.Table((), (cells("i", "i"),), alignments=(alignment,) * 2)
    with Image.open(io.BytesIO(draw_table(table).data)) as picture:
        ink = picture.convert("L").point(lambda shade: shade < 128)
        assert picture.width == 220
        for left in (0, 110):
            box = ink.crop((left, 0, left + 110, picture.height)).getbbox()
            assert box is not None
            before, after = box[0], 110 - box[2]
            expected = {"left": before - 20, "right": after - 20, "center": before - after}
            assert abs(expected[alignment]) <= 4, (before, after)


def test_a_label_stands_before_every_cell_of_its_columns() -> None:
    head = ((b.Cell((i.Text("Both"),), colspan=2), *cells("Third")),)
    (made,) = table_as_list(b.Table(head, (cells("1", "2", "3"),)))
    assert plain_text(made) == "Both: 1; Both: 2; Third: 3"


def test_no_word_of_a_table_is_lost_in_a_list() -> None:
    table = b.Table((cells("Above"), cells("A", "Unused")), (cells("1", ""), cells("", "", "9")))
    said = " ".join(plain_text(block) for block in table_as_list(table))
    assert said.split() == ["Unused", "Above,", "A:", "1", "9"]
