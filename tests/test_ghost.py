"""Ghost's export, alone, in a folder and in a ZIP: tests/cases/ghost, with what is read of it in a file for each post."""

from __future__ import annotations

import copy
import io
import json
import re
import shutil
import subprocess
import sys
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import clothbound
from clothbound.diagnostics import DiagnosticCode
from clothbound.errors import ClothboundError
from clothbound.model.blocks import Conditional, Media, PaywallBreak
from clothbound.model.collection import Collection
from clothbound.model.inlines import Link
from clothbound.model.plain_text import plain_text
from clothbound.model.walk import walk
from clothbound.readers.exports.ghost.reader import READER
from clothbound.testing import check_reader
from epub_checker import epubcheck
from expected_files import expected_text

CASE = Path(__file__).parent / "cases" / "ghost"
FILE = CASE / "the-pier.ghost.2024-05-05-10-00-00.json"
DATA = FILE.read_bytes()
EXPORT: dict[str, Any] = json.loads(DATA)["db"][0]
NOW = datetime(2024, 7, 1, tzinfo=UTC)
TEXTS = ("harbour-cards", "the-lexical-tide", "the-mobiledoc-ferry", "one-markdown-card")
TEXTS = (*TEXTS, "old-markdown", "plain-only", "for-payers", "for-gold", "mailed")
FOR_NOBODY = (
    "PASSWORD",
    "API-KEY",
    "ADDRESS",
    "SESSION",
    "MEMBER-NAME",
    "CODE-INJECTED",
    "MAIL-ONLY",
)


def read(data: object, **options: Any) -> Collection:
    return clothbound.read(json.dumps(data).encode(), clothbound.GhostInput(**options))


def post_with(**columns: Any) -> dict[str, Any]:
    row = {"id": "1", "slug": "a", "title": "A", "html": "<p>Words.</p>", "status": "published"}
    return {"meta": {"exported_on": 1}, "data": {"posts": [{**row, **columns}]}}


@pytest.mark.parametrize("slug", TEXTS)
def test_a_post_is_read_as_the_file_beside_it_says(slug: str) -> None:
    posts = clothbound.read(CASE)
    made = clothbound.write([posts[slug]], "markdown").to_text()
    assert made == expected_text(CASE / f"{slug}.md", made)


@pytest.fixture(scope="module")
def archive() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in (FILE, *sorted((CASE / "content").rglob("*.png"))):
            archive.write(file, f"pier/{file.relative_to(CASE).as_posix()}")
    return packed.getvalue()


@pytest.mark.parametrize(
    "form", ["bytes", "path", "folder", "zip", "path of a zip", "folder below"]
)
def test_an_export_is_recognised_in_every_form(form: str, archive: bytes, tmp_path: Path) -> None:
    source: Any = {"bytes": DATA, "path": FILE, "zip": archive}.get(form)
    if source is None:
        source = tmp_path / ("pier.zip" if form == "path of a zip" else "pier")
        if form == "path of a zip":
            source.write_bytes(archive)
        else:
            shutil.copytree(CASE, source / "export" if form == "folder below" else source)
    posts = clothbound.read(source)
    assert len(posts) == 17
    assert (posts.info.title, posts.info.language) == ("The Pier", "en-GB")
    assert posts.info.authors == ("Marit Sande",)


@pytest.mark.parametrize("form", ["without db", "of the Admin API", "with the tables first"])
def test_each_shape_of_the_file_is_recognised(form: str) -> None:
    posts = EXPORT["data"]["posts"]
    shape = {
        "without db": EXPORT,
        "of the Admin API": {"posts": [post for post in posts if post["type"] == "post"]},
        "with the tables first": {"data": {"posts": posts}, "meta": EXPORT["meta"]},
    }[form]
    assert len(clothbound.read(json.dumps(shape).encode())) == 17


def test_the_admin_api_has_authors_tags_and_the_site_in_the_post() -> None:
    author = {"id": "1", "name": "Ada", "email": "AUTHOR-ADDRESS@private.example"}
    row = {**EXPORT["data"]["posts"][4], "url": "https://pier.example/old-markdown/"}
    row |= {"authors": [author], "tags": [{"name": "Boats"}, {"name": "#hidden"}]}
    (metadata,) = read({"posts": [row]}).index
    assert (metadata.authors, metadata.tags) == (("Ada",), ("Boats",))
    assert metadata.canonical_url == "https://pier.example/old-markdown/"
    assert metadata.cover == "https://pier.example/content/images/2024/05/quay.png"


@pytest.mark.parametrize(
    ("slug", "state"),
    {
        "harbour-cards": "public",
        "old-markdown": "public",
        "for-members": "restricted",
        "for-payers": "restricted",
        "for-gold": "restricted",
        "by-filter": "restricted",
        "odd-visibility": "restricted",
        "sent-only": "restricted",
        "mailed": "restricted",
        "a-draft": "secret",
        "scheduled": "secret",
        "odd-status": "secret",
    }.items(),
)
def test_who_may_see_a_post(slug: str, state: str) -> None:
    posts = clothbound.read(DATA)
    assert posts[slug].metadata.verdict(NOW).state == state
    later = posts["scheduled"].metadata.verdict(datetime(2100, 1, 1, tzinfo=UTC))
    assert later.state == "public"


def test_an_unknown_status_is_reported_with_its_value() -> None:
    found = [d.message for d in clothbound.read(DATA).diagnostics]
    assert "status 'archived' is unknown; 1 post with it count as private" in found
    assert "visibility 'everyone-else' is unknown; 1 post with it count as private" in found


@pytest.mark.parametrize("status", [None, 7, [], "public", "free", ""])
def test_a_status_that_ghost_does_not_have_is_secret(status: Any) -> None:
    assert read(post_with(status=status))[0].metadata.verdict(NOW).is_secret


@pytest.mark.parametrize("visibility", [7, True, [], "free", "everyone", "", "product:gold"])
def test_a_visibility_that_ghost_does_not_have_is_restricted(visibility: Any) -> None:
    assert not read(post_with(visibility=visibility))[0].metadata.is_for_everyone


@pytest.mark.parametrize(("value", "is_closed"), [("true", True), (True, True), ("false", False)])
def test_a_site_with_a_password_is_restricted(value: object, is_closed: bool) -> None:
    export = post_with()
    export["data"]["settings"] = [{"key": "is_private", "value": value}]
    assert read(export)[0].metadata.is_for_everyone is not is_closed


def everything_in(posts: Collection, writer: str, folder: Path) -> str:
    """Returns all bytes of a product, the names of its files, and all that was reported."""
    names_folder = writer in ("site", "markdown")
    report = clothbound.write(posts, writer).save(folder / ("made" if names_folder else "made.bin"))
    files = [file for file in sorted(folder.rglob("*")) if file.is_file()]
    if writer == "substack":
        with zipfile.ZipFile(files[0]) as packed:
            text = repr([(name, packed.read(name)) for name in packed.namelist()])
    else:
        text = repr([(file.name, file.read_bytes()) for file in files])
    return text + str(posts.diagnostics) + str(list(report.diagnostics))


@pytest.mark.parametrize("writer", ["site", "rss"])
def test_nothing_private_is_in_a_public_product(writer: str, tmp_path: Path) -> None:
    made = everything_in(clothbound.read(CASE), writer, tmp_path)
    assert "end of the pier" in made
    # The report tells the author which words were left out of a post that is public.
    assert set(re.findall(r"[A-Z-]+-SECRET", made)) <= {"GATED-SECRET", "LEXICAL-GATED-SECRET"}
    pages = "".join(
        file.read_text()
        for file in tmp_path.rglob("*")
        if file.suffix in (".html", ".xml", ".bin", ".json")
    )
    assert "end of the pier" in pages
    assert "SECRET" not in pages


@pytest.mark.parametrize("writer", ["markdown", "jsonl", "substack"])
def test_what_is_for_nobody_is_in_no_product(writer: str, tmp_path: Path) -> None:
    made = everything_in(clothbound.read(CASE), writer, tmp_path)
    assert "end of the pier" in made
    assert [word for word in FOR_NOBODY if word in made] == []


def test_links_to_the_forms_of_the_site_are_left_out() -> None:
    html = (
        '<div class="kg-card kg-button-card"><a href="#/portal/signup" class="kg-btn">Become a member</a></div>'
        '<p>Write, or <a href="https://yard.example/#/portal/account">sign in</a>, or <a href="#tar">read on</a>.</p>'
        '<h2 id="tar">Tar</h2><p>Black.</p>'
    )
    post = read(post_with(html=html)).posts[0]
    made = clothbound.write(post, "markdown").to_text()
    assert "portal" not in made
    assert "Become a member" not in made
    assert "Write, or sign in, or [read on](#tar)." in made
    told = [d.text for d in post.diagnostics if "forms for members" in d.message]
    assert told == ["Become a member", ""]


def test_a_paywall_is_kept_in_a_post_for_payers_alone() -> None:
    posts = clothbound.read(DATA)
    has = {
        m.slug: any(isinstance(node, PaywallBreak) for node in walk(post.body))
        for m, post in zip(posts.index, posts, strict=True)
    }
    assert [slug for slug, is_there in has.items() if is_there] == ["for-payers"]
    cards = {
        "lexical": '{"root":{"children":[{"type":"paywall"}]}}',
        "mobiledoc": '{"version":"0.3.1","cards":[["paywall",{}]],"sections":[[10,0]]}',
    }
    for editor, card in cards.items():
        post = read(post_with(html=None, visibility="paid", **{editor: card}))[0]
        assert isinstance(post.body[0], PaywallBreak)


@pytest.mark.parametrize("version", ["0.1", "0.2.0"])
def test_mobiledoc_before_its_third_version(version: str, tmp_path: Path) -> None:
    markers = [[[], 0, "Go "], [[0], 0, "to "], [[1], 2, "the quay"], [[], 0, " now."]]
    sections = [
        [1, "h2", [[[], 0, "A head"]]],
        [1, "P", markers],
        [2, "https://g.example/a.png"],
        [3, "ol", [[[[], 0, "one"]], [[[0], 1, "two"]]]],
        [10, "code", {"code": "x = 1", "language": "python"}],
        [10, "unknown-card"],
        [1],
        "no section",
    ]
    document = {
        "version": version,
        "sections": [[["b"], ["a", ["href", "https://g.example"]]], sections],
    }
    row = post_with(html=None, mobiledoc=json.dumps(document))
    post = read(row)[0]
    kinds = [type(node).__name__ for node in post.body]
    assert (
        kinds == ["Heading", "Paragraph", "Figure", "List", "CodeBlock", "Paragraph"][: len(kinds)]
    )
    assert plain_text(post.body[:2]) == "A head\n\nGo to the quay now."
    assert [node.href for node in walk(post.body, Link)] == ["https://g.example"]
    assert plain_text(post.body[3]).split() == ["one", "two"]
    (tmp_path / "ghost.json").write_text(json.dumps(row))
    made = clothbound.write(read(row), "epub").save(tmp_path / "b.epub")
    told = clothbound.compare(tmp_path / "ghost.json", tmp_path / "b.epub", report=made)
    assert not told.missing


@pytest.mark.parametrize("before", ["", "<p>Open.</p>"])
def test_a_part_for_members_is_one_wherever_it_begins(before: str) -> None:
    begin, end = "<!--kg-gated-block:begin nonMember:false -->", "<!--kg-gated-block:end-->"
    for markup in (
        f"{begin}<p>Closed.</p>{end}",
        f"{begin}<p>Closed.</p>",
        f"{begin}<p>Closed.{end}</p>",
    ):
        (post,) = read(post_with(html=before + markup))
        (part,) = (node for node in walk(post.body) if isinstance(node, Conditional))
        assert plain_text(part).strip() == "Closed."


def test_a_part_for_members_that_ends_elsewhere_hides_all_that_follows() -> None:
    begin, end = "<!--kg-gated-block:begin nonMember:false -->", "<!--kg-gated-block:end-->"
    (post,) = read(
        post_with(html=f"<p>Open.</p><div>{begin}<p>One.</p></div><p>Two.</p>{end}<p>Three.</p>")
    )
    parts = [plain_text(node) for node in walk(post.body) if isinstance(node, Conditional)]
    assert "".join("".join(parts).split()) == "One.Two.Three."


@pytest.mark.parametrize(
    ("shown", "seconds"), [("1:05", 65), ("1:00:05", 3605), ("65.4", 65.4), ("soon", 0)]
)
def test_the_length_of_a_recording_in_each_form(shown: str, seconds: float) -> None:
    card = (
        '<div class="kg-card kg-audio-card"><audio src="a.mp3"></audio><div class="kg-audio-title">Horn</div>'
        f'<span class="kg-audio-duration">{shown}</span></div>'
    )
    (media,) = read(post_with(html=card))[0].body
    assert isinstance(media, Media)
    assert media.duration == round(seconds)


def test_a_film_without_a_picture_has_none() -> None:
    card = (
        '<figure class="kg-card kg-video-card" data-kg-thumbnail="data-kg-custom-thumbnail="><div><video src="a.mp4">'
        "</video></div></figure>"
    )
    (media,) = read(post_with(html=card))[0].body
    assert isinstance(media, Media)
    assert (media.src, media.poster) == ("a.mp4", "")


def test_links_between_posts_lead_inside_the_book() -> None:
    posts = clothbound.read(DATA, clothbound.GhostInput(site="https://pier.example/"))
    for href, title in (
        ("/the-lexical-tide/", "The lexical tide"),
        ("https://pier.example/the-lexical-tide/", "The lexical tide"),
        ("/p/00000000-0000-4000-8000-000000000003/", "The mobiledoc ferry"),
        ("https://pier.example/harbour-cards/?ref=mail", "Cards of the harbour"),
        ("https://elsewhere.example/cards", "Cards of the harbour"),
    ):
        found = posts.index.resolve(href)
        assert found is not None, href
        assert posts.index[found[0]].title == title


def test_the_site_makes_addresses_whole() -> None:
    posts = clothbound.read(DATA, clothbound.GhostInput(site="https://pier.example/"))
    page = clothbound.to_html(posts["harbour-cards"])
    assert "__GHOST_URL__" not in page
    assert 'src="https://pier.example/content/images/2024/05/lamp.png"' in page
    assert "https://pier.example/content/files/2024/05/chart.pdf" in page
    assert posts["the-lexical-tide"].url == "https://pier.example/the-lexical-tide/"
    assert posts["harbour-cards"].url == "https://elsewhere.example/cards"


def test_pictures_beside_the_file_are_found(archive: bytes, tmp_path: Path) -> None:
    (tmp_path / "pier.zip").write_bytes(archive)
    for number, source in enumerate((CASE, FILE, tmp_path / "pier.zip")):
        site = tmp_path / str(number)
        report = clothbound.write(clothbound.read(source), "site").save(site)
        missing = [d for d in report.diagnostics if d.code is DiagnosticCode.IMAGE_MISSING]
        assert not [
            d for d in missing if "/media/" not in d.message
        ]  # those are not in the fixture
        assert len(list(site.rglob("*.png"))) == 2
    alone = clothbound.read(DATA).diagnostics
    assert [d for d in alone if "-I site=" in d.message]


def test_pages_are_read_on_request() -> None:
    assert "about" not in clothbound.read(DATA)
    posts = clothbound.read(DATA, clothbound.GhostInput(pages=True))
    assert posts["about"].metadata.kind == "page"
    (told,) = (
        d for d in clothbound.read(DATA).diagnostics if d.code is DiagnosticCode.FILES_PASSED_OVER
    )
    assert told.message == "not posts: 1 page; -I pages=true reads pages too"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2024-05-01T09:00:00.000Z", "2024-05-01T09:00:00+00:00"),
        (1714554000000, "2024-05-01T09:00:00+00:00"),
        ("1714554000000", "2024-05-01T09:00:00+00:00"),
        ("2014-05-01 09:00:00", "2014-05-01T09:00:00+00:00"),
        (1e40, None),
        (True, None),
        ([], None),
        ("soon", None),
    ],
)
def test_dates_of_all_versions(value: Any, expected: str | None) -> None:
    moment = read(post_with(published_at=value))[0].date
    assert (moment.isoformat() if moment else None) == expected


def test_what_is_missing_or_odd_is_reported() -> None:
    posts = clothbound.read(DATA)
    found = {d.code for m in posts for d in m.diagnostics}
    assert {DiagnosticCode.TEXT_MISSING, DiagnosticCode.MARKUP_REPAIRED} <= found
    (form,) = (d for d in posts["harbour-cards"].diagnostics if "subscribe" in d.message)
    assert form.text.startswith("Letters from the pier Every second Friday.")
    messages = [d.message for d in posts["the-lexical-tide"].diagnostics]
    assert messages.count("a part that only e-mails show was left out") == 3
    assert "a form to subscribe was left out" in messages
    assert "a card 'tide-clock' is unknown; its words are kept without their form" in messages


@pytest.mark.parametrize("writer", ["epub", "site", "markdown", "substack"])
def test_no_word_is_lost(writer: str, tmp_path: Path) -> None:
    posts = clothbound.read(CASE)
    made = clothbound.write(clothbound.book(posts) if writer == "epub" else posts, writer)
    product = tmp_path / {"epub": "pier.epub", "substack": "pier.zip"}.get(writer, "pier")
    result = clothbound.compare(CASE, product, report=made.save(product))
    assert [str(d) for d in result.missing] == []
    assert result.counted.words > 400


def test_a_reader_keeps_its_contract(archive: bytes) -> None:
    check_reader(READER, [DATA, archive], broken=[DATA[:9000], b'{"db":[{"data":{"posts":[7]}}]}'])


@pytest.mark.parametrize("depth", [200, 3000, 200_000])
def test_deep_json_gets_an_answer(depth: int) -> None:
    deep = "[" * depth + "]" * depth
    with pytest.raises(ClothboundError):
        clothbound.read(
            f'{{"db":[{{"meta":{{"exported_on":1}},"data":{{"posts":{deep}}}}}]}}'.encode(), "ghost"
        )
    nodes = (
        '{"type":"quote","children":[' * depth
        + '{"type":"text","text":"deep words"}'
        + "]}" * depth
    )
    (post,) = read(post_with(html=None, lexical=f'{{"root":{{"children":[{nodes}]}}}}'))
    assert "deep words" in plain_text(post) or "nested too deeply" in str(post.diagnostics)


@pytest.mark.parametrize("content", [b" " * 30_000_000, b"[" * 30_000_000])
def test_a_zip_that_unpacks_to_too_much_gets_an_answer(content: bytes) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.json", b'{"db":[{"meta":{"exported_on":1},"data":' + content)
    with pytest.raises(ClothboundError, match="unpacks to more than 200 times its size"):
        clothbound.read(packed.getvalue())


def test_deep_html_keeps_its_words() -> None:
    (post,) = read(post_with(html="<div>" * 5000 + "<p>Deep words.</p>"))
    assert "Deep words." in plain_text(post)


def test_a_file_that_was_cut_off_says_so() -> None:
    with pytest.raises(ClothboundError, match=r"is cut off after 9,000 bytes"):
        clothbound.read(DATA[:9000])


def test_half_an_emoji_does_not_lose_the_file() -> None:
    data = json.dumps(
        post_with(title="Cut \ud83d", html="<p>Whole \U0001f30a, and \\ud83d.</p>")
    ).encode()
    posts = clothbound.read(data)
    assert posts[0].title == "Cut \ufffd"
    assert "Whole \U0001f30a, and \\ud83d." in plain_text(posts[0])
    assert any(d.code is DiagnosticCode.ENCODING_REPAIRED for d in posts.diagnostics)


@pytest.mark.parametrize(
    "other",
    [
        b'{"clothbound": 1, "posts": [{"metadata": {"title": "a", "slug": "b"}}]}',
        b'{"pandoc-api-version":[1,23],"meta":{"slug":{"t":"MetaString","c":"a"}},"blocks":[]}',
        b'{"version": "https://jsonfeed.org/version/1.1", "items": []}',
        b'{"posts": [{"slug": "a", "title": "b", "body": "c"}]}',
        b"[]",
        b"{",
        b'{"a":',
        b"\x00{",
    ],
)
def test_json_of_others_is_declined(other: bytes) -> None:
    assert not READER.accepts(other, "a.json")
    assert not READER.accepts_later(other, "a.json")


def test_an_export_whose_first_members_say_nothing_is_asked_again(tmp_path: Path) -> None:
    export = {"posts": [{"html": "<p>x</p>" * 1000, "slug": "a", "uuid": "b", "comment_id": "c"}]}
    data = json.dumps(export).encode()
    assert not READER.accepts(data[:4096], "a.json")
    (tmp_path / "a.json").write_bytes(data)
    assert len(clothbound.read(tmp_path / "a.json")) == len(clothbound.read(data)) == 1


ODD = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=6,
)


def _places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    found = [path]
    items = (
        value.items()
        if isinstance(value, dict)
        else enumerate(value)
        if isinstance(value, list)
        else ()
    )
    for key, inner in items:
        found += _places(inner, (*path, key))
    return found


def _editors(row: dict[str, Any]) -> dict[str, Any]:
    """Returns a row whose editors' texts are JSON themselves, so that each place in them can be changed."""
    parsed = {k: json.loads(row[k]) for k in ("lexical", "mobiledoc") if row[k]}
    return {**row, **parsed}


SMALL = {**EXPORT["data"], "posts": [_editors(row) for row in EXPORT["data"]["posts"][:3]]}
PLACES = _places(SMALL)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(st.sampled_from(PLACES), ODD), min_size=1, max_size=4))
def test_a_value_of_any_type_in_any_place_gets_an_answer(changes: list[tuple[Any, Any]]) -> None:
    data: Any = copy.deepcopy(SMALL)
    for path, value in changes:
        holder = {"": data}
        steps: tuple[Any, ...] = ("", *path)
        try:
            target: Any = holder
            for step in steps[:-1]:
                target = target[step]
            target[steps[-1]] = value
        except (KeyError, IndexError, TypeError):
            continue
        data = holder[""]
    if isinstance(data, dict) and isinstance(data.get("posts"), list):
        for row in filter(lambda row: isinstance(row, dict), data["posts"]):
            for key in ("lexical", "mobiledoc"):
                if isinstance(row.get(key), (dict, list)):
                    row[key] = json.dumps(row[key])
    try:
        posts = list(clothbound.read(json.dumps({"data": data}).encode(), "ghost"))
    except ClothboundError:
        return
    for post in posts:
        clothbound.to_html(post)


CORPUS = Path(__file__).resolve().parents[2] / "shared" / "corpus" / "other"
REAL = ("ghost/ghost.json", "ghost/version-003.json", "constructed/ghost-5-statuses.json")


@pytest.mark.corpus
@pytest.mark.parametrize("name", REAL)
@pytest.mark.parametrize("writer", ["epub", "site", "markdown", "substack"])
def test_real_exports_lose_nothing(name: str, writer: str, tmp_path: Path) -> None:
    source = tmp_path / "export.json"
    shutil.copy(CORPUS / name, source)
    posts = clothbound.read(source)
    made = tmp_path / {"epub": "a.epub", "substack": "a.zip"}.get(writer, "made")
    collection = clothbound.book(posts, title="A") if writer == "epub" else posts
    report = clothbound.write(collection, writer).save(made)
    assert [str(d) for d in clothbound.compare(source, made, report=report).missing] == []
    if writer == "epub":
        assert epubcheck(made) == []


@pytest.mark.corpus
def test_the_markers_of_a_constructed_export_are_in_no_public_product(tmp_path: Path) -> None:
    posts = clothbound.read(CORPUS / REAL[2])
    made = everything_in(posts, "site", tmp_path) + everything_in(posts, "rss", tmp_path / "site")
    assert "OPEN text" in made
    marks = ("-SECRET", "SENT-ONLY", "never-print", "private.example", "internal-list")
    assert [mark for mark in marks if mark in made] == []


_MEMORY = """
import re, sys
from pathlib import Path
import clothbound
def peak():
    return int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]) // 1024
before = peak()
posts = clothbound.read(sys.argv[1])
for post in posts:
    pass
print(len(posts), peak() - before)
"""


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the peak is read from /proc")
def test_five_thousand_posts_take_the_size_of_the_file_and_a_hundred_megabytes(
    tmp_path: Path,
) -> None:
    export = copy.deepcopy(EXPORT)
    model = export["data"]["posts"][3]
    text = "<p>" + "The tide came and went. " * 1000 + "</p>"
    export["data"]["posts"] = [
        {**model, "id": str(n), "slug": f"post-{n}", "html": text} for n in range(5000)
    ]
    source = tmp_path / "many.json"
    source.write_text(json.dumps({"db": [export]}))
    size = source.stat().st_size // 1_000_000
    done = subprocess.run(
        [sys.executable, "-c", _MEMORY, str(source)], capture_output=True, text=True, check=True
    )
    count, taken = map(int, done.stdout.split())
    assert count == 5000
    assert taken < size + 100
