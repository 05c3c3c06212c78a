"""Posts in reStructuredText: tests/cases/restructured_text, with what is read of each in ``expected``."""

from __future__ import annotations

import io
import shutil
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
from docutils.core import publish_doctree
from hypothesis import given, settings
from hypothesis import strategies as st

import clothbound
from clothbound.diagnostics import Diagnostic, DiagnosticCode
from clothbound.limits import Limits
from clothbound.model import blocks as b
from clothbound.model import inlines as i
from clothbound.model.plain_text import plain_text
from clothbound.model.post import Post
from clothbound.model.walk import walk
from clothbound.readers.markdown.restructured_text.bounds import bounded_text
from clothbound.readers.markdown.restructured_text.directives import Role, read_role
from clothbound.readers.markdown.restructured_text.document import parse_document
from clothbound.readers.rst_header import plain_title, read_rst_header
from clothbound.readers.sites import rst_labels, settings_files
from clothbound.verify import compare_contents, read_product, read_sources
from expected_files import expected_text

CASE = Path(__file__).parent / "cases" / "restructured_text"
POSTS = sorted((CASE / "posts").glob("*.rst"))


def read_text(folder: Path, text: str, name: str = "post.rst") -> Post:
    (folder / name).write_text(text, encoding="utf-8")
    (post,) = clothbound.read(folder / name)
    return post


def words(post: Post) -> str:
    return "\n".join(plain_text(block) for block in post.body)


def missing(source: Path, target: str, product: Path) -> list[str]:
    """Returns what a product lacks of its source, in words, beside what its report says."""
    artifact = clothbound.write(clothbound.read(source), target)
    artifact.save(product)
    return missing_of(source, product, list(artifact.report.diagnostics))


def missing_of(source: Path, product: Path, entries: list[Diagnostic]) -> list[str]:
    counted = compare_contents(read_sources(source), read_product(product), lambda _: entries)
    assert counted.counted.words > 400
    return [found.message for found in counted.missing]


def told(post: Post) -> list[tuple[str, int | None]]:
    return [(d.code.value, d.line) for d in post.diagnostics]


@pytest.mark.parametrize("path", POSTS, ids=lambda path: path.stem)
def test_a_post_is_read_as_the_file_beside_it_says(path: Path) -> None:
    posts = clothbound.read(path)
    findings = "".join(
        f"{d.line}: {d.severity.value}: {d.message}\n" for post in posts for d in post.diagnostics
    )
    made = f"{findings}\n{clothbound.write(posts, 'markdown').to_text()}"
    assert made == expected_text(CASE / "expected" / f"{path.stem}.txt", made)


@pytest.mark.parametrize("target", ["markdown", "epub", "site"])
def test_the_count_finds_every_word(target: str, tmp_path: Path) -> None:
    product = tmp_path / ("book.epub" if target == "epub" else "out")
    assert missing(CASE / "posts", target, product) == []


def test_the_count_misses_a_word_that_is_gone(tmp_path: Path) -> None:
    assert missing(CASE / "posts", "markdown", tmp_path / "out") == []
    page = tmp_path / "out" / "harbour.md"
    page.write_text(page.read_text("utf-8").replace("Hawser", "Rope"), "utf-8")
    (message,) = missing_of(CASE / "posts", tmp_path / "out", [])
    assert "Hawser" in message


# -- the header ---------------------------------------------------------------------------------

_WORD = st.sampled_from(
    ["Tide", "*slanted*", "**bold**", "``code``", r"\*star", "`role`", "a:b", "x", "Ünde"]
)
_TITLE = st.lists(_WORD, min_size=1, max_size=4).map(" ".join)
_FIELDS = st.dictionaries(
    st.sampled_from(["slug", "place", "category", "lang", "my key"]),
    st.lists(st.sampled_from(["sea", "of tide", "*x*", "12:30"]), min_size=1, max_size=3),
    max_size=4,
)


@settings(max_examples=60, deadline=None)
@given(
    title=_TITLE,
    over=st.booleans(),
    sign=st.sampled_from("=-~#*"),
    fields=_FIELDS,
    comment=st.booleans(),
)
def test_title_and_fields_are_those_that_docutils_finds(
    title: str, over: bool, sign: str, fields: dict[str, list[str]], comment: bool
) -> None:
    line = sign * (len(title) + 1)
    written = "".join(f":{name}: " + "\n   ".join(lines) + "\n" for name, lines in fields.items())
    above = ".. a comment\n   of two lines\n\n" if comment else ""
    text = f"{above}{line + chr(10) if over else ''}{title}\n{line}\n\n{written}\nText.\n"
    header = read_rst_header(text).fields
    tree = publish_doctree(text, settings_overrides={"report_level": 5, "_disable_config": True})
    assert header["title"].replace("`", "") == tree["title"]
    found = {
        field.children[0].astext(): " ".join(field.children[1].rawsource.split())
        for field in tree.findall()
        if type(field).__name__ == "field"
    }
    assert {k: " ".join(v.split()) for k, v in header.items() if k != "title"} == found


@pytest.mark.parametrize(
    ("title", "plain"),
    [
        (r"one \*winter\*", "one *winter*"),
        ("``code`` *and* **more**", "`code` and more"),
        ("A :sub:`low` `link <http://a.example>`_", "A low link"),
        ("2*3 and 4*5", "2*3 and 4*5"),
        (r"H\ :sub:`2`\ O", "H2O"),
    ],
)
def test_a_title_has_no_marks(title: str, plain: str) -> None:
    assert plain_title(title) == plain


def test_a_lone_section_below_the_title_is_the_subtitle() -> None:
    text = "Title\n=====\n\nBelow\n-----\n\n:date: 2020-01-01\n\nText.\n"
    fields = read_rst_header(text).fields
    assert (fields["title"], fields["subtitle"], fields["date"]) == ("Title", "Below", "2020-01-01")
    assert "subtitle" not in read_rst_header(f"{text}\nNext\n----\n\nMore.\n").fields


def test_a_title_is_taken_from_the_header_and_stands_once(tmp_path: Path) -> None:
    post = read_text(
        tmp_path, ".. title: Two\n.. slug: two\n\nTwo\n===\n\nText.\n\nPart\n====\n\nMore.\n"
    )
    assert post.metadata.title == "Two"
    assert words(post) == "Text.\nPart\nMore."
    post = read_text(tmp_path, "Two\n###\n\n:date: 2020-01-01\n\nTwo\n")
    assert words(post) == "Two"  # This one is the text.


def test_line_ends_of_windows_are_read(tmp_path: Path) -> None:
    (tmp_path / "a.rst").write_bytes(
        b"Title\r\n=====\r\n\r\n:date: 2020-01-01\r\n\r\nText.\r\n\r\n::\r\n\r\n  code\r\n"
    )
    (post,) = clothbound.read(tmp_path / "a.rst")
    assert (post.metadata.title, str(post.date)[:10]) == ("Title", "2020-01-01")
    assert [type(block) for block in post.body] == [b.Paragraph, b.CodeBlock]


def test_texts_of_the_header_have_no_marks_and_authors_may_be_items() -> None:
    text = "T\n=\n\n:summary: A *tide* of ``code``.\n:authors:\n  - Ada Quay\n  - Bo\n\nText.\n"
    fields = read_rst_header(text).fields
    assert fields["summary"] == "A tide of `code`."
    assert fields["authors"] == ["Ada Quay", "Bo"]


def test_a_note_without_a_mark_and_the_foot_of_pages_are_not_lost_silently(tmp_path: Path) -> None:
    post = read_text(tmp_path, ".. footer:: foot\n\nText.\n\n.. [1] Lonely.\n")
    assert "Lonely" in repr(post)
    assert [d.code.value for d in post.diagnostics].count("markup-repaired") == 1


# -- folders and sites ---------------------------------------------------------------------------


def make(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


PELICAN = {
    "pelicanconf.py": "SITENAME = 'Quay'\nSITEURL = 'https://quay.example'\n"
    "DEFAULT_METADATA = {'status': 'draft'}\n",
    "README.rst": "Readme\n======\n\nNone of the posts.\n",
    "content/one.rst": "One\n###\n\n:date: 2021-01-01\n:status: published\n\n`two <{filename}two.md>`_ `three"
    " <|filename|/three.rst#part>`__ `draft <{filename}draft.rst>`_\n\n.. image:: {static}/images/sea.png\n"
    "   :alt: sea\n",
    "content/two.md": "Title: Two\nDate: 2021-01-02\nStatus: published\n\n[one]({filename}one.rst)\n",
    "content/three.rst": "Three\n#####\n\n:date: 2021-01-03\n:status: hidden\n\nText.\n\nPart\n====\n\nMore.\n",
    "content/draft.rst": "Draft\n#####\n\n:date: 2021-01-04\n:status: draft\n\nSecret.\n",
    "content/usual.rst": "Usual\n#####\n\n:date: 2021-01-04\n\nSecret.\n",
}
NIKOLA = {
    "conf.py": 'BLOG_TITLE = "N"\nSITE_URL = "https://n.example/"\nPOSTS = (("posts/*.rst", "posts", "post.tmpl"),)\n',
    "posts/one.rst": ".. title: One\n.. slug: one\n.. date: 2021-01-01\n\n:doc:`two` `it <link://slug/two>`_\n\n"
    ".. TEASER_END\n\n.. thumbnail:: /images/sea.png\n   :alt: sea\n",
    "posts/two.rst": ".. title: Two\n.. slug: two\n.. date: 2021-01-02\n\nText.\n",
    "posts/draft.rst": ".. title: D\n.. slug: d\n.. date: 2021-01-02\n.. status: draft\n\nSecret.\n",
    "posts/tagged.rst": ".. title: T\n.. slug: t\n.. date: 2021-01-02\n.. tags: sea, private\n\nSecret.\n",
    "posts/five.rst": "Text of five.\n",
    "posts/five.meta": ".. title: Five\n.. slug: five\n.. date: 2021-01-05\n",
}


@pytest.mark.parametrize(
    ("files", "titles", "pages"),
    [(PELICAN, ["One", "Two", "Three"], 3), (NIKOLA, ["One", "Two", "Five"], 3)],
    ids=["pelican", "nikola"],
)
def test_a_site_of_posts_is_read_and_its_drafts_stay_back(
    files: dict[str, str], titles: list[str], pages: int, tmp_path: Path
) -> None:
    site = make(tmp_path / "site", files)
    for folder in ("images", "content/images"):
        (site / folder).mkdir(parents=True, exist_ok=True)
        shutil.copy(CASE / "posts" / "sea.png", site / folder / "sea.png")
    posts = clothbound.read(site)
    shown = [m.title for m in posts.index if m.publication is None or not m.publication.reasons]
    hidden = {m.title for m in posts.index} - set(shown)
    assert {*shown, "Three"} & set(titles) == set(titles)
    assert hidden == ({"Three", "Draft", "Usual"} if files is PELICAN else {"D", "T"})
    clothbound.write(posts, "site").save(tmp_path / "out")
    made = {path.name: path.read_text("utf-8") for path in (tmp_path / "out").glob("*.html")}
    assert not any("Secret" in page for page in made.values())
    one = next(page for name, page in made.items() if "one" in name)
    assert one.count('.html">') >= 2 and "pictures/" in one


def test_a_link_to_a_page_leads_to_its_address(tmp_path: Path) -> None:
    files = {
        "content/a.rst": "A\n#\n\n:date: 2021-01-01\n\n`p <{filename}pages/b.rst>`_ :doc:`pages/b`\n",
        "content/pages/b.rst": "B\n#\n\n:slug: bee\n\nText.\n",
    }
    settings = "SITENAME = 'T'\nSITEURL = 'https://tide.test'\n"
    (post,) = clothbound.read(make(tmp_path, {**files, "pelicanconf.py": settings}))
    links = [node.href for node in walk(post.body[0]) if isinstance(node, i.Link)]
    assert len(links) == 2
    assert all(link.startswith("https://tide.test/") for link in links)


def test_a_zip_and_a_mixed_folder_are_read(tmp_path: Path) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, text in PELICAN.items():
            archive.writestr(name, text)
    posts = clothbound.read(packed.getvalue())
    assert sorted(m.title for m in posts.index) == ["Draft", "One", "Three", "Two", "Usual"]
    only = io.BytesIO()
    with zipfile.ZipFile(only, "w") as archive:
        archive.writestr("a.rst", "A\n=\n\nText.\n")
    assert [m.title for m in clothbound.read(only.getvalue()).index] == ["A"]


# -- what strangers write -------------------------------------------------------------------------


def test_no_file_and_no_address_is_opened(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("SECRET, WORD\n", encoding="utf-8")
    kept = ("include:: secret.txt", "literalinclude:: secret.txt", "listing:: secret.txt")
    text = "".join(f".. {one}\n\n" for one in kept)
    text += ".. csv-table::\n   :file: secret.txt\n\n.. raw:: html\n   :file: secret.txt\n\n"
    text += ".. raw:: html\n   :url: http://127.0.0.1:9/secret.txt\n"
    post = read_text(tmp_path, text)
    assert "SECRET" not in words(post)
    assert told(post) == [("shortcode-kept", line) for line in (1, 3, 5, 7, 10, 13)]
    assert words(post).count("secret.txt") == 6


def test_a_role_of_one_post_does_not_exist_in_the_next(tmp_path: Path) -> None:
    defines = ".. role:: own(strong)\n\n.. default-role:: strong\n\n:own:`a` `b`\n"
    assert plain_text(read_text(tmp_path, defines).body[0]) == "a b"
    post = read_text(tmp_path, ":own:`a` `b`\n")
    assert "Strong" not in repr(post.body)
    assert plain_text(post.body[0]) == "a b"


def test_raw_html_is_cleaned(tmp_path: Path) -> None:
    post = read_text(
        tmp_path,
        ".. raw:: html\n\n   <p onclick='x()'>Bold<script>x()</script></p>\n\n`x <javascript:x()>`_\n",
    )
    page = clothbound.write(clothbound.read(tmp_path / "post.rst"), "html").to_text()
    assert "onclick" not in page and "x()</script>" not in page and 'href="javascript' not in page
    assert "raw-dropped" in dict(told(post))


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("- " * 20_000 + "x\n", "markup-repaired"),
        ("\n\n".join(" " * n + "q" for n in range(1, 400)), "markup-repaired"),
        (
            "+" + "---+" * 300 + "\n" + ("|" + "   |" * 300 + "\n+" + "---+" * 300 + "\n") * 300,
            "markup-repaired",
        ),
        ("*a " * 30_000, "markup-repaired"),
        ("``a " * 30_000, "markup-repaired"),
        ("a@b.example " * 20_000, "markup-repaired"),
        (
            "".join(f".. |a{n}| replace:: " + f"|a{n + 1}| " * 10 + "\n" for n in range(12))
            + ".. |a12| replace:: x\n\n|a0|\n",
            "markup-repaired",
        ),
        (".. _a:\n" * 14_000, "markup-repaired"),
        ("x " * 1_100_000, "markup-repaired"),
        ("word " * 200_000, ""),
        ("".join(f".. odd{n}:: a\n\n   b\n\n" for n in range(1_000)), "shortcode-kept"),
    ],
    ids=[
        "list",
        "quotes",
        "grid",
        "emphasis",
        "code",
        "addresses",
        "substitutions",
        "targets",
        "long",
        "line",
        "directives",
    ],
)
def test_what_would_take_docutils_too_long_is_kept_and_named(
    text: str, code: str, tmp_path: Path
) -> None:
    post = read_text(tmp_path, text)
    assert post.body
    assert (code in dict(told(post))) if code else not post.diagnostics
    sign = text[-2] if text[-1].isspace() else text[-1]
    # Whatever is kept as code or text has all of its letters; substitutions are named more often than they stand.
    if not text.startswith(".."):
        assert words(post).count(sign) >= text.count(sign)


def test_targets_beyond_the_bound_stay_in_the_text(tmp_path: Path) -> None:
    text = "".join(f"Part\n\n.. _name{n}:\n\n" for n in range(2_003)) + "End, name7_.\n"
    post = read_text(tmp_path, text)
    assert [found for found in told(post) if found[0] == "markup-repaired"] == [
        ("markup-repaired", 8_003)
    ]
    read = words(post)
    assert [n for n in range(2_003) if f"name{n}:" in read] == [2_000, 2_001, 2_002]
    assert "End, name7." in read


def test_the_lines_of_a_text_within_bounds_keep_their_numbers() -> None:
    text = "a\n\n" + "*b " * 3_000 + "\n\n*c\n"
    bounded = bounded_text(text, Limits())
    assert bounded.text.count("\n") == text.count("\n")
    (message,) = (
        node
        for node in parse_document(bounded).findall()
        if type(node).__name__ == "system_message"
    )
    assert message["line"] == 5
    table = "+" + "---+" * 300 + "\n" + ("|" + "   |" * 300 + "\n+" + "---+" * 300 + "\n") * 300
    bounded = bounded_text(f"{table}\n*c\n", Limits())
    assert bounded.text.count("\n") == table.count("\n") + 2
    assert [line for _, _, line in bounded.findings] == [1]


def test_a_table_of_many_bars_is_read(tmp_path: Path) -> None:
    row = "|" + " a |" * 40 + "\n+" + "---+" * 40 + "\n"
    post = read_text(tmp_path, "+" + "---+" * 40 + "\n" + row * 60)
    assert isinstance(post.body[0], b.Table)
    assert post.diagnostics == ()


def test_messages_name_the_line_also_within_directives(tmp_path: Path) -> None:
    post = read_text(
        tmp_path, "Text.\n\n.. note::\n\n   .. odd:: a\n\n      *b\n\n.. other::\n\n   c\n"
    )
    assert sorted(told(post), key=lambda one: one[1] or 0) == [
        ("shortcode-kept", 5),
        ("markup-repaired", 7),
        ("shortcode-kept", 9),
    ]


def test_what_a_directive_says_names_what_the_text_defines(tmp_path: Path) -> None:
    post = read_text(
        tmp_path,
        ".. seealso:: The `shop`_ and |it| [#n]_\n\n.. _shop: https://shop.example/\n.. |it| replace:: more\n"
        ".. [#n] A note.\n",
    )
    assert "https://shop.example/" in repr(post.body)
    assert "more" in words(post)
    assert len(post.footnotes) == 1


def test_the_day_of_printing_is_left_out(tmp_path: Path) -> None:
    post = read_text(tmp_path, "On |d|.\n\n.. |d| date:: %Y\n")
    assert words(post).replace(" ", "") == "On."
    assert [(d.code, d.line) for d in post.diagnostics] == [(DiagnosticCode.MARKUP_REPAIRED, 3)]


def test_a_stream_with_a_name_is_read(tmp_path: Path) -> None:
    stream = io.BytesIO(b"A\n=\n\n:date: 2020-01-01\n\nText *of* it.\n")
    stream.name = "a.rst"
    (post,) = clothbound.read(stream)
    assert post.metadata.title == "A"
    assert words(post) == "Text of it."


def test_a_label_of_another_file_leads_there_with_its_title(tmp_path: Path) -> None:
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "rye.rst").write_text(
        ".. _rye:\n\nRye & oats\n==========\n\nText.\n\n.. _deep_part:\n\nDeep part\n---------\n\nWords.\n"
    )
    (tmp_path / "draft.rst").write_text(":draft: true\n\n.. _kept:\n\nSecret\n======\n\nText.\n")
    (tmp_path / "malt.rst").write_text(
        "Malt\n====\n\nSee :ref:`rye`, :ref:`these words <Rye>`, :numref:`deep_part`, :ref:`none`.\n"
    )
    post = clothbound.read(tmp_path)["malt"]
    assert [
        (plain_text(one.children), one.href) for one in walk(post.body) if isinstance(one, i.Link)
    ] == [
        ("Rye & oats", "notes/rye.rst"),
        ("these words", "notes/rye.rst"),
        ("Deep part", "notes/rye.rst#deep-part"),
    ]
    assert words(post).endswith(", none.")


def test_a_document_that_a_role_names_is_called_by_its_title(tmp_path: Path) -> None:
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "rye.rst").write_text("Rye & oats\n==========\n\nSee :doc:`../malt`.\n")
    (tmp_path / "draft.rst").write_text("zqsecret\n========\n\n:status: draft\n\nText.\n")
    (tmp_path / "malt.rst").write_text(
        "Malt\n====\n\nOf :doc:`notes/rye`, :doc:`/notes/rye`, :doc:`these words <notes/rye>`, :doc:`draft`"
        " and :doc:`../../outside`, :download:`notes/rye.rst`.\n"
    )
    posts = clothbound.read(tmp_path)
    shown = words(posts["malt"])
    assert (
        shown == "Of Rye & oats, Rye & oats, these words, draft and ../../outside, notes/rye.rst."
    )
    assert words(posts["rye"]) == "See Malt."
    report = clothbound.write(clothbound.book(posts), "epub").save(tmp_path / "b.epub")
    assert not clothbound.compare(tmp_path, tmp_path / "b.epub", report=report).missing


def test_a_role_whose_words_are_in_angle_brackets_alone_shows_them() -> None:
    """As in Sphinx: only what stands behind words is the place to which they lead."""
    assert read_role(":doc:`rye <notes/rye>`") == Role("doc", "rye", "notes/rye")
    assert read_role(":doc:`<notes/rye>`") == Role("doc", "<notes/rye>")


def test_long_addresses_are_links_whatever_opens_before_them(tmp_path: Path) -> None:
    """Words of that length are not searched for addresses further on, since docutils takes the square of it."""
    long = "https://kiln.example/?" + "to=rye&" * 400 + "end"
    post = read_text(tmp_path, f'Malt\n====\n\nOf {long} and <{long}> ({long}), ["{long}"].\n')
    links = [node for block in post.body for node in walk(block) if isinstance(node, i.Link)]
    assert [link.href for link in links] == [long] * 4
    assert words(post) == f'Of {long} and <{long}> ({long}), ["{long}"].'


def test_a_document_that_many_roles_name_is_read_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "rye.rst").write_text("Rye\n===\n\nText.\n")
    (tmp_path / "malt.rst").write_text("Malt\n====\n\n" + "Of :doc:`rye`.\n" * 50)
    read: list[Path] = []

    def counted(path: Path) -> str:
        read.append(path)
        return settings_files.read_text(path)

    monkeypatch.setattr(rst_labels, "read_text", counted)
    assert words(clothbound.read(tmp_path)["malt"]).count("Of Rye.") == 50
    assert len(read) == 1


def test_the_title_of_a_post_that_is_not_out_yet_is_not_told(tmp_path: Path) -> None:
    scheduled = ":publishDate: 2030-01-01\n:title: zqsecret\n\nText.\n\n.. _kept:\n\nzqhidden\n--------\n\nText.\n"
    (tmp_path / "rye.rst").write_text(scheduled)
    (tmp_path / "malt.rst").write_text("Malt\n====\n\nOf :doc:`rye` and :ref:`kept`.\n")
    for year, shown in ((2029, "Of rye and kept."), (2031, "Of zqsecret and zqhidden.")):
        run = clothbound.Run(now=datetime(year, 1, 1, tzinfo=UTC))
        assert words(clothbound.read(tmp_path, run=run)["malt"]) == shown


def test_the_title_of_a_draft_is_not_told_by_its_label(tmp_path: Path) -> None:
    (tmp_path / "draft.rst").write_text(
        "Early\n=====\n\n:status: draft\n\n.. _kept:\n\nSecret\n------\n\nText.\n"
    )
    (tmp_path / "malt.rst").write_text("Malt\n====\n\nSee :ref:`kept`.\n")
    assert words(clothbound.read(tmp_path)["malt"]) == "See kept."
