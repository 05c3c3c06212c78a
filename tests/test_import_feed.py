"""`clothbound import` of feeds, which drop their oldest posts and say what their publication is called."""

from __future__ import annotations

import json
from pathlib import Path

import clothbound
from clothbound.diagnostics import DiagnosticCode
from clothbound.manuscript import Change, ImportReport, import_archive
from imported_exports import tree


def _import(folder: Path, *titles: str, **feed: object) -> ImportReport:
    """Imports a feed with posts of these titles, the newest first."""
    items = [
        {"id": f"https://weir.example/{title}", "title": title, "content_text": f"On {title}."}
        for title in titles
    ]
    data = {"version": "https://jsonfeed.org/version/1.1", "items": items, **feed}
    return import_archive(json.dumps(data).encode(), folder)


def test_posts_that_a_feed_dropped_are_kept_without_a_warning(tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    _import(kept, "silt", "rain", title="The weir")
    report = _import(kept, "frost", "silt", title="The weir")
    assert report.count == {Change.NEW: 1, Change.UNCHANGED: 1, Change.GONE: 1}
    assert [d for d in report.diagnostics if d.code is DiagnosticCode.POST_GONE] == []
    assert sorted(path.name for path in kept.glob("*.md")) == ["frost.md", "rain.md", "silt.md"]


def test_posts_keep_the_title_authors_and_language_of_their_feed(tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    said = {"title": "Das Wehr", "language": "de", "authors": [{"name": "Ada Weir"}]}
    _import(kept, "silt", **said)
    info = clothbound.read(kept).info
    assert (info.title, info.authors, info.language) == ("Das Wehr", ("Ada Weir",), "de")
    _import(kept, "silt", title="Am Wehr")
    info = clothbound.read(kept).info
    assert (info.title, info.authors, info.language) == ("Am Wehr", ("Ada Weir",), "de")


def test_an_import_of_the_same_feed_changes_no_file(tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    _import(kept, "silt", title="The weir")
    before = tree(kept)
    _import(kept, "silt", title="The weir")
    assert tree(kept) == before


def test_a_broken_record_of_the_publication_is_as_good_as_none(tmp_path: Path) -> None:
    kept = tmp_path / "kept-letters"
    _import(kept, "silt", title="The weir")
    deep = b'{"x": ' + b"[" * 200_000 + b"]" * 200_000 + b"}"
    unclean = b'{"title": "\\u0000 A\\n", "authors": ["\\u0001"], "language": "no language"}'
    for broken in (b"", b'{"title": 3}', b"\xff", deep, unclean):
        (kept / ".clothbound/publication.json").write_bytes(broken)
        info = clothbound.read(kept).info
        known = (info.title, info.authors, info.language)
        assert known in (("Kept letters", (), ""), ("A", (), ""))


def test_the_name_of_a_source_is_not_kept_as_a_title(tmp_path: Path) -> None:
    posts = tmp_path / "old-blog"
    posts.mkdir()
    (posts / "rain.md").write_text("# Rain\n\nIt fell.\n")
    (tmp_path / "feed-2026-11.json").write_text(
        '{"version": "https://jsonfeed.org/version/1.1", "items": [{"id": "1", "content_text": "Sun."}]}'
    )
    for source in (posts, tmp_path / "feed-2026-11.json"):
        assert clothbound.read(source).named_by_source
        import_archive(source, tmp_path / "letters")
        found = clothbound.read(tmp_path / "letters")
        assert (found.info.title, found.named_by_source) == ("Letters", True)


def test_a_site_that_holds_imported_posts_names_them(tmp_path: Path) -> None:
    kept = tmp_path / "content" / "posts"
    (tmp_path / "hugo.toml").write_text('baseURL = "https://weir.example/"\ntitle = "Our weir"\n')
    _import(kept, "silt", title="The weir", language="de")
    found = clothbound.read(kept)
    assert (found.info.title, found.info.language, found.named_by_source) == (
        "Our weir",
        "de",
        False,
    )
