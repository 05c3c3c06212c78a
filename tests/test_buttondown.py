"""Buttondown's export, as a ZIP and unpacked: tests/cases/buttondown, with what is read of it beside it."""

from __future__ import annotations

import io
import json
import pickle
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

import clothbound
from clothbound.anthology.select import Select
from clothbound.diagnostics import DiagnosticCode
from clothbound.errors import ClothboundError, ReadError
from clothbound.model import List, NoteRef, walk
from clothbound.model.plain_text import plain_text
from clothbound.readers.exports.buttondown import READER
from clothbound.testing import check_reader
from expected_files import expected_text

CASE = Path(__file__).parent / "cases" / "buttondown"
OTHER = Path(__file__).parents[2] / "shared" / "corpus" / "other" / "buttondown"
NOW = datetime(2024, 6, 1, tzinfo=UTC)


def packed(prefix: str = "") -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted((CASE / "emails").glob("*.md")):
            archive.write(file, f"{prefix}emails/{file.name}")
        archive.write(CASE / "emails.json", f"{prefix}emails.json")
    return made.getvalue()


def states(source: object) -> dict[str, str]:
    found = {}
    for metadata in clothbound.read(source).index:  # type: ignore[arg-type]
        names = [reason.name for reason in metadata.verdict(NOW).reasons]
        found[metadata.title] = names[0] if names else "public"
    return found


def test_an_export_is_read_as_the_file_beside_it_says(tmp_path: Path) -> None:
    clothbound.write(clothbound.read(CASE), "markdown").save(tmp_path / "made")
    posts = sorted((tmp_path / "made").glob("*.md"))
    made = "\n".join(f"# {post.name}\n\n{post.read_text(encoding='utf-8')}" for post in posts)
    assert made == expected_text(CASE / "expected.txt", made)


@pytest.mark.parametrize(
    "source", [CASE, packed(), packed("letters/")], ids=["folder", "zip", "in a folder"]
)
def test_status_and_type_decide(source: object) -> None:
    assert states(source) == {
        "Draft": "draft",
        "Free": "subscribers",
        "Glue": "public",
        "No text": "public",
        "Odd": "unknown",
        "Orphan": "draft",
        "Premium": "paid",
        "Private": "private",
        "Scheduled": "scheduled",
        "The press": "public",
    }


def test_without_a_column_of_status_the_date_decides(tmp_path: Path) -> None:
    (tmp_path / "emails").mkdir()
    rows = [
        ("past", "2023-01-01 00:00:00+00:00"),
        ("none", ""),
        ("coming", "2999-01-01 00:00:00+00:00"),
    ]
    table = "id,subject,publish_date,slug\n" + "".join(f"{s},{s},{d},{s}\n" for s, d in rows)
    (tmp_path / "emails.csv").write_text(table)
    for slug, _ in rows:
        (tmp_path / "emails" / f"{slug}.md").write_text("Words\n")
    assert states(tmp_path) == {"past": "public", "none": "draft", "coming": "scheduled"}
    codes = [d.code for d in clothbound.read(tmp_path).diagnostics]
    assert codes == [DiagnosticCode.PUBLICATION_STATE]


def test_nothing_private_goes_out() -> None:
    book = clothbound.write(
        clothbound.book(clothbound.read(CASE), Select(audiences=["everyone"])), "jsonl"
    )
    text = book.to_text()
    assert "two" in text
    assert "-SECRET" not in text
    assert "HIDDEN-PREHEADER" not in text
    assert "-SECRET" not in "\n".join(map(str, book.report.diagnostics))


def test_fields_of_the_template_are_left_out_and_named() -> None:
    posts = {post.metadata.slug: post for post in clothbound.read(CASE).posts}
    told = {
        slug: [d.message for d in posts[slug].diagnostics if "template" in d.message]
        for slug in ("press", "glue")
    }
    assert told["press"] == [
        "4 words in conditions and comments of the template, not for all readers, left out",
        "2 fields of the e-mail's template left out: {{ archive_url }}, {{ subscriber.metadata.first_name }}",
    ]
    assert told["glue"] == ["1 field of the e-mail's template left out: {{ subscriber.email }}"]
    text = str(posts["press"].body)
    assert "paying" not in text
    assert "{{ kept_in_code }}" in text
    assert "{{ kept_too }}" in text


def test_comments_are_for_nobody_and_defaults_for_everybody(tmp_path: Path) -> None:
    (tmp_path / "emails").mkdir()
    table = 'id,subject,publish_date,slug,tags\n1,A,2023-01-01,a,"[""sea"", ""net""]"\n'
    (tmp_path / "emails.csv").write_text(table)
    text = "Hi {{ subscriber.name | default: 'friend' }}.{% comment %}\n\nNot for print.\n\n{% endcomment %}\n\nEnd."
    (tmp_path / "emails" / "a.md").write_text(text)
    (post,) = clothbound.read(tmp_path).posts
    assert plain_text(post.body) == "Hi friend.\n\nEnd."
    assert post.metadata.tags == ("sea", "net")
    assert any("3 words in conditions and comments" in d.message for d in post.diagnostics)


FANCY = "<!-- buttondown-editor-mode: fancy -->"


@pytest.mark.parametrize(
    ("text", "notes"),
    [
        ("<p>A[1] b[2].</p><hr><ol><li><p>One</p></li><li>Two</li></ol>", 2),
        ("<p>A[1] <a href='x'>b[2]</a>.</p><hr><ol><li>One</li></ol>", 1),
        ("<p>A[1] b[2].</p><hr><ol><li>One</li></ol>", 0),
        ("<p>A[1].</p><hr><ol><li>One</li><li>Two</li></ol>", 0),
        ("<p>A[2] b[1].</p><hr><ol><li>One</li><li>Two</li></ol>", 0),
        ("<p>A[1].</p><ol><li>One</li></ol>", 0),
        ("<p>A[1].</p><hr><ol><li>One</li></ol><p>End</p>", 0),
        ("<pre>A[1].</pre><hr><ol><li>One</li></ol>", 0),
    ],
)
def test_typed_marks_of_a_list_at_the_end_are_notes(tmp_path: Path, text: str, notes: int) -> None:
    (tmp_path / "emails").mkdir()
    (tmp_path / "emails.csv").write_text("id,subject,publish_date,slug\n1,A,2023-01-01,a\n")
    (tmp_path / "emails" / "a.md").write_text(FANCY + text)
    (post,) = clothbound.read(tmp_path).posts
    marks = [ref.target for ref in walk(post.body, NoteRef)]
    assert len(post.footnotes) == len(marks) == notes
    assert ("ThematicBreak" in str(post.body)) is ("<hr>" in text and not notes)
    assert plain_text(post.body).count("[1]") == (not notes)


def test_a_list_in_an_item_may_begin_with_any_number(tmp_path: Path) -> None:
    """Buttondown's program is Python-Markdown, and its sample has such a list in both forms."""
    (tmp_path / "emails").mkdir()
    (tmp_path / "emails.csv").write_text("id,subject,publish_date,slug\n1,A,2023-01-01,a\n")
    (tmp_path / "emails" / "a.md").write_text("1. One\n2. Two\n    3. Three\n4. Four\n")
    (post,) = clothbound.read(tmp_path).posts
    outer, inner = walk(post.body, List)
    assert (len(outer.items), inner.start, plain_text(inner)) == (3, 3, "Three")


def test_the_reader_keeps_the_contract() -> None:
    check_reader(READER, [packed()], broken=[b"PK\x03\x04"])


def test_posts_are_picklable() -> None:
    posts = clothbound.read(CASE).posts
    assert list(pickle.loads(pickle.dumps(posts))) == list(posts)


def test_hostile_exports_get_an_answer(tmp_path: Path) -> None:
    (tmp_path / "emails").mkdir()
    (tmp_path / "emails" / "a.md").write_bytes(b"wrong \xff bytes")
    table = tmp_path / "emails.json"
    for text in ("[" * 100_000, "{", '[{"slug": ' + "[" * 5000):
        table.write_text(text)
        with pytest.raises(ReadError, match="is not readable JSON"):
            clothbound.read(tmp_path, "buttondown")
    for value in (
        {},
        [],
        [1, None],
        [{"slug": "../../etc/passwd", "subject": ["x"], "tags": [None, {}]}],
    ):
        table.write_text(json.dumps(value))
        for post in clothbound.read(tmp_path, "buttondown").posts:
            assert "root:" not in str(post)
    with pytest.raises(ClothboundError):
        clothbound.read(packed()[:-40], "buttondown")


@pytest.mark.corpus
@pytest.mark.skipif(not OTHER.exists(), reason="../shared is absent")
def test_the_export_of_the_corpus() -> None:
    posts = clothbound.read(OTHER)
    assert [m.title for m in posts.index] == ["This is a Plain Post", "This is a Fancy Post"]
    plain, fancy = posts.posts
    assert len(plain.footnotes) == len(fancy.footnotes) == 2
    assert "Lorem ipsum" in str(fancy.body)
