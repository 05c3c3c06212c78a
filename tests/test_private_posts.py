"""Tests that nothing of a secret post gets into a product: no word, picture, title, address or file
name.
"""

from __future__ import annotations

import ast
import csv
import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

import clothbound
from clothbound import formats
from clothbound.anthology.select import Select
from clothbound.diagnostics import Diagnostic, DiagnosticCode, Severity
from clothbound.errors import NoPostsError, UsageError
from clothbound.model import blocks as b
from clothbound.model import inlines as i
from clothbound.model.plain_text import plain_text
from clothbound.model.post import Metadata, Post
from clothbound.model.posts_at_hand import as_collection
from clothbound.model.publication import Publication, Reason
from clothbound.plan import make_book, read_manifest, read_posts
from clothbound.readers.timestamps import read_timestamp
from clothbound.run import Run

COMMAND = [sys.executable, "-m", "clothbound"]
NOW = datetime(2024, 6, 1, tzinfo=UTC)
SECRET = {
    "draft": "draft: true",
    "unpublished": "published: false",
    "publish": "publish: false",
    "private": "private: true",
    "status-private": "status: private",
    "pending": "status: pending",
    "trash": "status: trash",
    "scheduled": "status: scheduled",
    "later": "publishDate: 2099-01-01",
    "expired": "expiryDate: 2021-01-01",
    "unwritten": "permalink: false",
    "visibility": "visibility: private",
}
RESTRICTED = {
    "password": "password: hunter2",
    "paid": "access: paid",
    "payers": "audience: only_paid",
    "members": "visibility: members",
}
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360"
    "606060000000050001a5f645400000000049454e44ae426082"
)


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """A post of each state, with a marker in all that it has; and one that leads to all of them."""
    folder = tmp_path / "posts"
    folder.mkdir()
    for kind, posts in (("zqsecret", SECRET), ("zqpaid", RESTRICTED)):
        for name, header in posts.items():
            mark = f"{kind}{name.replace('-', '')}"
            (folder / f"{mark}pic.png").write_bytes(PIXEL)
            (folder / f"{mark}.md").write_text(
                f"---\ntitle: Title {mark}\nslug: {mark}\ndate: 2024-01-05\ntags: [{mark}tag]\n"
                f"author: {mark.replace('zqpaid', 'known')} Author\nsubtitle: {mark} sub\n{header}\n---\n\n"
                f"Body {mark} with ![{mark} alt]({mark}pic.png) and [on](open.md).\n"
            )
    (folder / "unlisted.md").write_text(
        "---\ntitle: Zqunlisted\nslug: unlisted\ndate: 2024-01-06\nhidden: true\ntags: [quiet]\n"
        "---\n\nUnlisted words, of [one](open.md).\n"
    )
    (folder / "other.md").write_text(
        "---\ntitle: Other\nslug: other\ndate: 2024-01-03\n---\n\nOther words, see [it](open.md).\n"
    )
    marks = [f"zqsecret{name.replace('-', '')}" for name in SECRET]
    ways = "".join(
        f"See [words]({mark}.md), [more](/p/{mark}), [all](https://own.example/p/{mark}) and "
        f"[](./{mark}.md).\n\n"
        f'<p class="button-wrapper" data-attrs="{{&quot;url&quot;:&quot;https://own.example/p/{mark}'
        f'&quot;,&quot;text&quot;:&quot;Go {mark}&quot;}}" data-component-name="ButtonCreateButton">'
        f'<a class="button primary" href="https://own.example/p/{mark}"><span>Go {mark}</span></a></p>'
        "\n\n"
        for mark in marks
    )
    (folder / "open.md").write_text(
        "---\ntitle: Open\nslug: open\ndate: 2024-01-02\n---\n\nOpen words, "
        f"[other](https://own.example/p/other), [quiet](unlisted.md).\n\n{ways}"
    )
    return folder


def contents(data: bytes) -> Iterator[tuple[str, bytes]]:
    """The names and contents of a product's files, those of archives in it too."""
    if not data.startswith(b"PK"):
        yield "", data
        return
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        for name in packed.namelist():
            yield name, packed.read(name)


def found(mark: str, data: bytes) -> list[str]:
    return [
        name
        for name, content in contents(data)
        if mark in name.lower() or mark.encode() in content.lower()
    ]


def pdf_text(data: bytes) -> bytes:
    pypdf = pytest.importorskip("pypdf")
    reader = pypdf.PdfReader(io.BytesIO(data))
    text = "\n".join(page.extract_text() for page in reader.pages)
    outline = str(reader.outline) + str(reader.metadata)
    links = str(
        [page.get("/Annots") and [a.get_object() for a in page["/Annots"]] for page in reader.pages]
    )
    return (text + outline + links).encode()


PUBLIC = sorted(name for name in formats.WRITERS if formats.writer(name).public)


@pytest.mark.parametrize("name", sorted(formats.WRITERS))
def test_no_secret_post_leaves_by_a_book(archive: Path, name: str) -> None:
    book = clothbound.book(
        clothbound.read(archive), Select(sites=["own.example"], now=NOW), title="T"
    )
    options = None
    if name in ("epub", "pdf"):
        options = formats.make_options(
            formats.writer(name).options_type, {"list-of-links": "true", "mentions": "true"}
        )
    artifact = clothbound.write(book, options or name, run=Run(now=NOW))
    data = artifact.to_bytes()
    assert found("zqsecret", data) == []
    if name == "pdf":
        data = pdf_text(data)
        assert found("zqsecret", data) == []
    held = {m.slug for m in book.index if m.key in artifact.report.accounts}
    assert "open" in held
    if name in PUBLIC:
        assert found("zqpaid", data) == found("hunter2", data) == []
    elif name != "pdf":
        assert found("zqpaidpayers", data)
    told = "\n".join(map(str, artifact.report.diagnostics)) + repr(artifact.report.accounts)
    assert "zqsecret" not in told
    assert "hunter2" not in told


@pytest.mark.parametrize("name", PUBLIC)
def test_no_secret_post_leaves_by_a_public_product(archive: Path, name: str) -> None:
    artifact = clothbound.write(clothbound.read(archive), name, run=Run(now=NOW))
    data = artifact.to_bytes()
    assert found("zqsecret", data) == found("zqpaid", data) == found("hunter2", data) == []
    assert found("open words", data)
    told = "\n".join(map(str, artifact.report.diagnostics)) + repr(artifact.report.accounts)
    assert "zqsecret" not in told


def test_the_command_names_none_in_its_report_its_log_and_what_it_prints(archive: Path) -> None:
    folder = archive.parent
    for command in (
        ["book", "posts", "--all", "-o", "b.epub", "--site", "own.example"],
        ["book", "posts", "--all", "-o", "site/", "-t", "site", "-O", "url=https://own.example"],
        ["convert", "posts", "-o", "feed.xml", "-t", "rss"],
    ):
        command += ["--log", "log.txt", "--report", "report.json"]
        ran = subprocess.run(
            [*COMMAND, *command, "-v", "--now", "2024-06-01"],
            cwd=folder,
            capture_output=True,
            check=False,
        )
        assert ran.returncode == 0, ran.stderr
        told = ran.stdout + ran.stderr
        for name in ("log.txt", "report.json"):
            told += (folder / name).read_bytes()
        assert b"zqsecret" not in told.lower()
        assert b"hunter2" not in told
        json.loads((folder / "report.json").read_bytes())


@pytest.mark.parametrize("name", SECRET)
def test_a_secret_post_is_taken_when_it_is_asked_for_by_name(archive: Path, name: str) -> None:
    posts = clothbound.read(archive)
    mark = f"zqsecret{name.replace('-', '')}"
    (metadata,) = (m for m in posts.index if m.slug == mark)
    (reason,) = metadata.verdict(NOW).reasons
    book = clothbound.book(posts, Select(now=NOW, states=[reason.name]))
    assert mark in {m.slug for m in book.index}
    site = clothbound.write(posts, "site", run=Run(now=NOW, states=[reason.name])).to_bytes()
    assert found(mark, site)
    # Another name does not do.
    other = "trash" if reason.name != "trash" else "private"
    assert not found(
        mark, clothbound.write(posts, "site", run=Run(now=NOW, states=[other])).to_bytes()
    )


def test_drafts_are_drafts_and_scheduled_posts_and_no_other(archive: Path) -> None:
    book = clothbound.book(clothbound.read(archive), Select(drafts=True, now=NOW))
    taken = {m.slug for m in book.index if m.slug.startswith("zqsecret")}
    names = ("draft", "unpublished", "publish", "scheduled", "later")
    assert taken == {f"zqsecret{name}" for name in names}


def test_a_draft_that_is_private_too_is_not_taken_with_drafts() -> None:
    post = Post(Metadata(slug="a", is_draft=True, visibility="private"), (b.ThematicBreak(),))
    open_post = Post(Metadata(slug="b"), (b.ThematicBreak(),))
    made = clothbound.book(as_collection([post, open_post]), Select(drafts=True))
    assert [m.slug for m in made.index] == ["b"]


def test_far_in_the_future_scheduled_posts_appear_and_expired_ones_do_not(archive: Path) -> None:
    later = datetime(2100, 1, 1, tzinfo=UTC)
    book = clothbound.book(clothbound.read(archive), Select(now=later))
    slugs = {m.slug for m in book.index}
    assert "zqsecretlater" in slugs
    assert not slugs & {"zqsecretexpired", "zqsecretscheduled"}
    again = clothbound.book(clothbound.read(archive), Select(now=later))
    one, two = (
        clothbound.write(made, "epub", run=Run(now=later)).to_bytes() for made in (book, again)
    )
    assert one == two


def test_an_unlisted_post_has_a_page_that_no_list_names(archive: Path) -> None:
    options = formats.make_options(
        formats.writer("site").options_type, {"url": "https://own.example", "mentions": "true"}
    )
    data = clothbound.write(clothbound.read(archive), options, run=Run(now=NOW)).to_bytes()
    pages = dict(contents(data))
    assert b"Unlisted words" in pages["unlisted.html"]
    naming = [name for name, content in pages.items() if b"Zqunlisted" in content]
    assert naming == ["unlisted.html"]
    assert b'href="unlisted.html"' in pages["open.html"]
    assert b"Other" in pages["open.html"]  # which mentions it, too
    assert b'content="noindex"' in pages["unlisted.html"]
    assert "tags/quiet.html" not in pages
    feed = clothbound.write(clothbound.read(archive), "rss", run=Run(now=NOW)).to_bytes()
    assert b"Unlisted words" not in feed
    book = clothbound.book(clothbound.read(archive), Select(now=NOW))
    assert "unlisted" in {m.slug for m in book.index}
    assert any("1 of 7 posts is unlisted" in d.message for d in book.diagnostics)


def test_an_embedded_secret_note_prints_nothing(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("Before ![[Zqsecret plan]] after, see [[Zqsecret plan|it]].\n")
    (tmp_path / "Zqsecret plan.md").write_text("---\ndraft: true\n---\nZqsecret words.\n")
    book = clothbound.book(clothbound.read(tmp_path, "obsidian"), title="T")
    artifact = clothbound.write(book, "html-fragment")
    data = artifact.to_bytes().lower()
    assert b"zqsecret" not in data
    assert b"see it." in data
    assert "zqsecret" not in "\n".join(map(str, artifact.report.diagnostics)).lower()


def test_a_link_without_words_of_its_own_tells_no_address_of_a_secret_post(tmp_path: Path) -> None:
    (tmp_path / "zqsecret.md").write_text("---\ntitle: Zqsecret plan\ndraft: true\n---\nWords.\n")
    address = "https://own.example/zqsecret"
    (tmp_path / "a.md").write_text(
        f"A <{address}> B [own.example/zqsecret]({address}) C [`zqsecret.md`](zqsecret.md) "
        f"D [[Zqsecret plan]] E [[zqsecret#Zqsecret part]] F [words]({address}).\n"
    )
    book = clothbound.book(
        clothbound.read(tmp_path, "obsidian"), Select(sites=["own.example"]), title="T"
    )
    artifact = clothbound.write(book, "html-fragment")
    data = artifact.to_bytes().lower()
    assert b"zqsecret" not in data
    assert b"a [...] b [...] c [...] d [...] e [...] f words." in data
    assert artifact.report.dropped == 5
    told = "\n".join(map(str, artifact.report.diagnostics)) + repr(artifact.report.accounts)
    assert "zqsecret" not in told.lower()


def test_a_link_that_may_lead_to_secret_posts_names_none(tmp_path: Path) -> None:
    for name in ("zqone/plans.md", "zqtwo/plans.md"):
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).write_text("---\ndraft: true\n---\nWords.\n")
    (tmp_path / "a.md").write_text("See [these](/x/plans/).\n")
    artifact = clothbound.write(
        clothbound.book(clothbound.read(tmp_path), title="T"), "html-fragment"
    )
    assert b"<p>See these.</p>" in artifact.to_bytes()
    told = "\n".join(map(str, artifact.report.diagnostics)) + repr(artifact.report.accounts)
    assert "plans" not in told


def test_a_card_of_a_secret_post_is_left_out_and_its_title_with_it() -> None:
    card = b.Embed("post", "https://own.example/p/plan", title="Zqsecret plan")
    posts = [
        Post(Metadata(slug="open", title="O"), (card, b.Paragraph((i.Text("Words."),)))),
        Post(Metadata(slug="plan", title="Zqsecret plan", is_draft=True), (b.ThematicBreak(),)),
    ]
    book = clothbound.book(as_collection(posts), Select(sites=["own.example"]), title="T")
    for name in ("html", "epub", "json", "markdown", "substack", "text"):
        artifact = clothbound.write(book, name)
        assert not found("zqsecret", artifact.to_bytes()), name
        assert artifact.report.dropped == 1
        assert "Zqsecret" not in repr(list(artifact.report.diagnostics))


COPIES = [
    name
    for name in formats.WRITERS
    if not formats.writer(name).public and name not in ("pdf", "kdp")
]


@pytest.mark.parametrize("name", COPIES)
def test_what_a_private_product_holds_is_said(name: str, archive: Path) -> None:
    posts = clothbound.read(archive)
    told = of_states(clothbound.write(posts, name, run=Run(now=NOW)))
    (held,) = (d for d in told if d.message.startswith("not for the public: "))
    assert held.severity is Severity.WARNING
    assert "1 post (status: private)" in held.message
    asked = clothbound.book(posts, Select(states=["secret"], now=NOW))
    told = of_states(clothbound.write(asked, name, run=Run(now=NOW)))
    assert not [d for d in told if d.message.startswith("not for the public")]


def of_states(artifact: clothbound.Artifact) -> list[Diagnostic]:
    artifact.to_bytes()
    return [d for d in artifact.report.diagnostics if d.code is DiagnosticCode.PUBLICATION_STATE]


def test_a_strange_field_and_a_day_to_come_are_named_in_public_products(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("---\nmemberLevel: 3\ndate: 2099-01-01\n---\nWords.\n")
    (tmp_path / "b.md").write_text("Words.\n")
    artifact = clothbound.write(clothbound.read(tmp_path), "site", run=Run(now=NOW))
    artifact.to_bytes()
    told = [d for d in artifact.report.diagnostics if d.code is DiagnosticCode.PUBLICATION_STATE]
    assert [d.source for d in told] == ["a.md", "a.md"]
    assert "'memberLevel'" in told[1].message
    assert "2099-01-01" in told[0].message


def test_no_other_module_decides_who_may_see_a_post() -> None:
    """One module weighs ``is_draft``, ``visibility``, ``audience``: others ask for its verdict."""
    package = Path(clothbound.__file__).parent
    may = {
        "model/publication.py",
        "model/post.py",  # hands them to it
        "writers/markdown/__init__.py",  # writes each back as it was read
        "writers/pandoc/metadata.py",
        "writers/restrictions.py",
        "writers/substack/listing.py",
        "substack/posts_csv.py",
    }
    words = {"is_draft", "visibility", "audience", "publication"}
    clocks = {"now", "today", "utcnow", "time"}
    found = []
    for path in sorted(package.rglob("*.py")):
        name = path.relative_to(package).as_posix()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Attribute):
                continue
            if node.attr in words and name not in may and not name.startswith("readers/"):
                found.append(f"{name}:{node.lineno}: {node.attr}")
            base = node.value.id if isinstance(node.value, ast.Name) else ""
            if base in ("datetime", "date", "time") and node.attr in clocks and name != "moment.py":
                found.append(f"{name}:{node.lineno}: asks the clock")
    assert found == []


def test_the_readers_write_down_and_do_not_decide() -> None:
    readers = Path(clothbound.__file__).parent / "readers"
    decisions = (".verdict(", "moment_of_run", ".is_for_everyone")
    asked = {}
    for path in sorted(readers.rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        if found := [decision for decision in decisions if decision in text]:
            asked[path.relative_to(readers).as_posix()] = found
    # A file that a text includes or leads to may be a post that is not for everyone, or not yet.
    assert asked == {
        "markdown/__init__.py": ["moment_of_run"],
        "sites/generator.py": [".verdict("],
    }


# --- what the selection left out ----------------------------------------------------------------


STATED = (
    "draft: true", "status: Draft", "post_status: pending", "visibility: private", "private: true", "trash: true",
    "publishDate: 2099-01-01", "expiryDate: 2001-01-01", "build:\n  render: false", "params:\n  wip: true",
    "headless: true", "password: weir", "members_only: true", "audience: only_paid", "access_level: tiers",
    "emailOnly: true", "isAccessibleForFree: false",
)  # fmt: skip
"""What headers say of who may see a post: secret ones first, then those for some readers."""


@pytest.mark.parametrize("said", STATED)
@pytest.mark.parametrize(
    "copy", ["markdown", "json", "jsonl", "substack", "pandoc", "epub", "html"]
)
def test_a_copy_that_is_read_again_is_as_private_as_its_source(copy: str, said: str) -> None:
    posts = clothbound.read(f"---\ntitle: Weir\n{said}\n---\n\nText.\n".encode(), "markdown")
    again = clothbound.read(clothbound.write(posts, copy).to_bytes(), as_read(copy))
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    before, after = (one.metadata.verdict(moment) for one in (posts[0], again[0]))
    assert before.state != "public"
    assert after.state == before.state
    assert after.is_for_everyone == before.is_for_everyone


@pytest.mark.parametrize(
    "copy", ["markdown", "json", "jsonl", "substack", "pandoc", "epub", "gfm", "html"]
)
@pytest.mark.parametrize("more", [0, 1])
@pytest.mark.parametrize("hidden", ["behind a paywall", "for some readers"])
def test_a_copy_that_is_read_again_hides_what_only_some_readers_saw(
    copy: str, more: int, hidden: str, tmp_path: Path
) -> None:
    free, paid = b.Paragraph((i.Text("Free."),)), b.Paragraph((i.Text("Zqpaid."),))
    body: tuple[b.Block, ...] = (free, b.PaywallBreak(), paid)
    if hidden == "for some readers":
        body = (free, b.Conditional((paid,), ("only_paid",)))
    others = [Post(Metadata(key="o", slug="o", title="Other"), (free,))] * more
    posts = as_collection([Post(Metadata(key="k", slug="s", title="T"), body), *others])
    options = clothbound.Markdown(dialect="gfm") if copy == "gfm" else copy
    clothbound.write(posts, options).save(tmp_path / "copy")
    (written,) = [one for one in (tmp_path / "copy", *tmp_path.glob("copy/*")) if one.is_file()][:1]
    again = clothbound.read(tmp_path / "copy" if more else written, as_read(copy))
    assert any("Zqpaid" in plain_text(post) for post in again)
    assert "Zqpaid" not in clothbound.write(again, "rss").to_text()


@pytest.mark.parametrize("header", ["hugo", "jekyll", "astro", "obsidian"])
def test_a_generator_shows_no_post_that_has_a_part_for_payers(header: str, tmp_path: Path) -> None:
    body = (b.Paragraph((i.Text("Free."),)), b.PaywallBreak(), b.Paragraph((i.Text("Zqpaid."),)))
    posts = as_collection([Post(Metadata(key="k", slug="s", title="T"), body)])
    copy = clothbound.Markdown(header=header)  # type: ignore[arg-type]
    written = clothbound.write(posts, copy).to_bytes().decode()
    closed = ("draft: true", "published: false", "publish: false")
    assert "Zqpaid" in written
    assert [one for one in closed if one in written]
    public = Run(audiences=("everyone",))
    written = clothbound.write(posts, copy, run=public).to_bytes().decode()
    assert "Zqpaid" not in written
    assert not [one for one in closed if one in written]


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ("status: draft", "draft"),
        ("audience: only_paid", "only_paid"),
        ("unlisted: true", "unlisted"),
    ],
)
def test_a_page_to_paste_is_as_private_as_its_post(said: str, reason: str, tmp_path: Path) -> None:
    posts = clothbound.read(f"---\n{said}\nslug: weir\n---\n\nText.\n".encode(), "markdown")
    clothbound.write(posts, "substack-paste").save(tmp_path / "pages")
    (again,) = clothbound.read(tmp_path / "pages" / "weir.html")
    assert [one.name for one in again.metadata.verdict(NOW).reasons] == [reason]


@pytest.mark.parametrize("said", ["unlisted: true", "visibility: hidden", "robots: noindex"])
@pytest.mark.parametrize("copy", ["markdown", "json", "jsonl", "pandoc", "epub", "html"])
def test_a_copy_that_is_read_again_is_as_unlisted_as_its_source(copy: str, said: str) -> None:
    for more, state in (("", "unlisted"), ("\naudience: only_paid", "restricted")):
        text = f"---\ntitle: Weir\n{said}{more}\n---\n\nText.\n".encode()
        posts = clothbound.read(text, "markdown")
        again = clothbound.read(clothbound.write(posts, copy).to_bytes(), as_read(copy))
        verdict = again[0].metadata.verdict(datetime(2026, 1, 1, tzinfo=UTC))
        assert (verdict.state, verdict.is_unlisted) == (state, True)


def as_read(copy: str) -> str:
    return "json" if copy == "jsonl" else copy


def line(made: clothbound.Collection | clothbound.LossReport) -> list[str]:
    return [d.message for d in made.diagnostics if d.code is DiagnosticCode.SELECTED]


def dated(slug: str, day: str, **fields: object) -> Post:
    published = read_timestamp(day)
    metadata = Metadata(slug=slug, source=f"{slug}.md", published=published, **fields)  # type: ignore[arg-type]
    return Post(metadata, (b.Paragraph((i.Text("Words."),)),))


def test_one_line_says_what_was_left_out_and_what_takes_it() -> None:
    posts = as_collection(
        [
            dated("a", "2023-01-01"),
            dated("b", "2024-01-01"),
            dated("c", "2024-01-02", is_draft=True),
            dated("d", "2023-01-02", is_draft=True),
            dated("e", "2024-01-03", visibility="private"),
            dated("f", "2024-01-04", audience="only_paid"),
        ]
    )
    assert line(clothbound.book(posts, year=2024)) == [
        "2 of 6 posts: 2024 only (--all takes 3; --drafts 2 more; --state private 1 more)"
    ]
    assert line(clothbound.book(posts)) == [
        "3 of 6 posts (--drafts 2 more; --state private 1 more)"
    ]
    assert line(clothbound.book(posts, Select(drafts=True, states=["private"]))) == []
    assert line(clothbound.book(posts, Select(audiences=["only_paid"]))) == [
        "1 of 6 posts: for only_paid"
    ]
    artifact = clothbound.write(posts, "site")
    artifact.to_bytes()
    assert line(artifact.report) == [
        "site: 2 of 6 posts (--drafts 2 more; --state only_paid 1 more; --state private 1 more)"
    ]


@pytest.mark.parametrize("target", ["site", "rss"])
def test_unlisted_posts_are_counted_where_lists_and_feeds_leave_them_out(target: str) -> None:
    hidden = dated("b", "2024-01-03", publication=Publication((Reason("unlisted", "unlisted"),)))
    artifact = clothbound.write([dated("a", "2024-01-02"), hidden], target)
    artifact.to_bytes()
    assert line(artifact.report) == ["1 of 2 posts is unlisted: in no list, index or feed"]


def test_a_draft_alone_says_how_it_is_taken() -> None:
    draft = as_collection(dated("c", "2024-01-02", is_draft=True))
    with pytest.raises(
        UsageError, match=r"it is a draft\. Hint: Select\(drafts=True\) takes it"
    ) as caught:
        clothbound.book(draft)
    assert caught.value.for_command.endswith("it is a draft. Hint: --drafts takes it")
    artifact = clothbound.write(draft, "site")
    artifact.to_bytes()
    assert line(artifact.report) == ["not in site: it is a draft: --drafts takes it"]
    page = clothbound.write(draft, "html")
    assert b"Words." in page.to_bytes()
    told = [
        d.message for d in page.report.diagnostics if d.code is DiagnosticCode.PUBLICATION_STATE
    ]
    assert told == ["not for the public: it is a draft"]


def test_the_books_of_several_years_tell_it_once(tmp_path: Path) -> None:
    for name, header in (
        ("a", "date: 2022-01-01"),
        ("b", "date: 2023-01-01"),
        ("c", "date: 2023-01-01\ndraft: true"),
    ):
        (tmp_path / f"{name}.md").write_text(f"---\n{header}\n---\nWords.\n")
    ran = subprocess.run(
        [*COMMAND, "book", str(tmp_path), "--by-year", "-o", f"{tmp_path}/{{year}}.json"],
        capture_output=True,
        check=True,
        text=True,
    )
    assert ran.stderr.count("[selected]") == 1
    assert "2 of 3 posts (--drafts 1 more) [selected]" in ran.stderr


def test_a_state_that_is_none_is_an_error_with_what_may_be_meant() -> None:
    posts = as_collection([dated("a", "2023-01-01")])
    with pytest.raises(UsageError, match="did you mean 'private'"):
        clothbound.book(posts, Select(states=["privat"]))
    with pytest.raises(UsageError, match="no state"):
        clothbound.write(posts, "site", run=Run(states=["nonsense"]))


def test_a_list_in_a_plan_holds_no_post_that_became_private(tmp_path: Path) -> None:
    posts = tmp_path / "posts"
    posts.mkdir()
    for name in "abc":
        (posts / f"{name}.md").write_text(f"---\nslug: {name}\n---\nWords.\n")
    (posts / "b.md").write_text("---\nslug: b\nstatus: private\n---\nWords.\n")
    (posts / "c.md").write_text("---\nslug: c\ndraft: true\n---\nWords.\n")
    plan = tmp_path / "book.toml"
    text = '[posts]\nsource = "posts"\n{}[chapters]\na = "A"\nb = "B"\nc = "C"\n'
    for states, slugs in (("", ["a", "c"]), ('states = ["private"]\n', ["a", "b", "c"])):
        plan.write_text(text.format(states))
        manifest = read_manifest(plan)
        book = make_book(manifest, read_posts(manifest))
        assert [m.slug for m in book.index] == slugs
    for name in "abc":
        (posts / f"{name}.md").write_text("---\nstatus: private\n---\nWords.\n")
    plan.write_text('[posts]\nsource = "posts"\n')
    manifest = read_manifest(plan)
    with pytest.raises(
        UsageError, match=r"3 posts \(status: private\).*--state private takes them"
    ):
        make_book(manifest, read_posts(manifest))
    plan.write_text('[posts]\nsource = "posts"\nstates = ["privat"]\n')
    manifest = read_manifest(plan)
    with pytest.raises(UsageError, match="private"):
        make_book(manifest, read_posts(manifest))


# --- importers ------------------------------------------------------------------------------------


def test_an_archive_says_which_audiences_importers_make_public() -> None:
    posts = [
        dated("a", "2023-01-01", audience="founding"),
        dated("b", "2023-01-02", audience="patrons"),
        dated("c", "2023-01-03", audience="only_paid"),
        dated("d", "2023-01-04"),
    ]
    artifact = clothbound.write(posts, "substack")
    artifact.to_bytes()
    (told,) = (d for d in artifact.report.diagnostics if d.code is DiagnosticCode.PUBLICATION_STATE)
    assert "'founding' (1), 'patrons' (1)" in told.message
    assert "destination=ghost" in told.message
    options = formats.make_options(
        formats.writer("substack").options_type, {"destination": "ghost"}
    )
    artifact = clothbound.write(posts, options)
    artifact.to_bytes()
    assert not any(d.code is DiagnosticCode.PUBLICATION_STATE for d in artifact.report.diagnostics)
    artifact = clothbound.write(posts[2:], "substack")
    artifact.to_bytes()
    assert not any(d.code is DiagnosticCode.PUBLICATION_STATE for d in artifact.report.diagnostics)


def test_an_archive_publishes_nothing_that_is_secret_or_restricted(archive: Path) -> None:
    artifact = clothbound.write(clothbound.read(archive), "substack", run=Run(now=NOW))
    data = artifact.to_bytes()
    told = [d.message for d in artifact.report.diagnostics]
    assert "unlisted posts, a state that archives and their importers do not know: 1" in told
    table = dict(contents(data))["posts.csv"].decode()
    rows = {row["title"]: row for row in csv.DictReader(io.StringIO(table))}
    for name in SECRET:
        mark = f"zqsecret{name.replace('-', '')}"
        assert rows[f"Title {mark}"]["is_published"] == "false"
    for name in RESTRICTED:
        row = rows[f"Title zqpaid{name}"]
        assert (row["is_published"], row["audience"]) == ("true", "only_paid")
    assert (rows["Open"]["is_published"], rows["Open"]["audience"]) == ("true", "everyone")


def test_an_export_of_substack_tells_nothing_of_its_drafts(tmp_path: Path) -> None:
    (tmp_path / "posts").mkdir()
    rows = ["post_id,post_date,is_published,type,audience,title,subtitle"]
    rows += ["1.open,2024-01-01T00:00:00.000Z,true,newsletter,everyone,Open,"]
    rows += ["2.zqsecret,,false,newsletter,everyone,Zqsecret,", "3.zqsecretgone,,false,,,Zqsecret,"]
    (tmp_path / "posts.csv").write_text("\n".join(rows) + "\n")
    link = '<p>Words <a href="https://own.example/p/zqsecret">here</a></p>'
    (tmp_path / "posts" / "1.open.html").write_text(link)
    (tmp_path / "posts" / "2.zqsecret.html").write_text("<p>Zqsecret</p>")
    (tmp_path / "posts" / "4.zqsecretlost.html").write_text("<p>Zqsecret</p>")
    posts = clothbound.read(tmp_path)
    book = clothbound.book(posts, Select(sites=["own.example"]), title="T")
    for name in sorted(formats.WRITERS):
        for made in (book, posts) if formats.writer(name).public else (book,):
            artifact = clothbound.write(made, name)
            data = artifact.to_bytes()
            # On the host that nobody named, the address is any other's.
            assert found("zqsecret", data) == [] or made is posts, name
            assert not found("zqsecretgone", data)
            assert "zqsecret" not in "\n".join(map(str, artifact.report.diagnostics)).lower()


@pytest.mark.parametrize(
    "text",
    [
        "\n---\ntitle: A\ndraft: true\n---\nWords.\n",
        "---\ntitle: A\ndraft: true\n\nNo fence ends this header.\n",
        "+++\ntitle = 'A'\ndraft = true\n\nNo fence ends this header.\n",
        "---\ntitle: A\nlong: " + "x" * 70_000 + "\ndraft: true\n---\nWords.\n",
        "---\ndeep: " + "[" * 200 + "]" * 200 + "\npublished: false\n---\nWords.\n",
        '{\n"title": "A", broken\n"draft": true,\n}\nWords.\n',
        "Title: A\nDate: 2024-01-02\nStatus: draft\n\nWords.\n",
        "title: A\nauthor: B\nvisibility: private\n\nWords.\n",
        "Title: A\nStatus: draft\nSummary: long\n    and longer\n\nWords.\n",
        # A line that is no field, and fields that are given twice: the strictest counts.
        "---\ntitle: A\ndraft:true\n---\nWords.\n",
        "---\ntitle: A\ndraft:\u00a0true\n---\nWords.\n",
        "---\ntitle: A\ndraft: true\ndraft: false\n---\nWords.\n",
        "---\ntitle: A: [\npublished: false\npublished: true\n---\nWords.\n",
        "+++\ntitle = 'A'\ndraft = true\ndraft = false\n+++\nWords.\n",
        '{\n"title": "A",\n"draft": true,\n"draft": false\n}\nWords.\n',
        "---\n- draft: true\n---\nWords.\n",
        # Headers of Hugo, Eleventy and Nikola, and one behind a comment.
        '{"title": "A", "draft": true}\n\nWords.\n',
        '{"title": "A", "params": {"private": "yes"}}\nWords.\n',
        '{"title": "A", "draft": true, broken}\n\nWords.\n',
        '---json\n{"title": "A", "draft": true}\n---\nWords.\n',
        "---toml\ntitle = 'A'\n[params]\nprivate = true\n---\nWords.\n",
        "---js\n{ title: 'A', draft: true }\n---\nWords.\n",
        "<!--\n.. title: A\n.. status: private\n-->\n\nWords.\n",
        ".. title: A\n.. slug: a\n.. status: draft\n\nWords.\n",
        "<!-- no lint -->\n---\ntitle: A\ndraft: true\n---\nWords.\n",
        "<!-- mode: plain -->---\ntitle: A\nstatus: draft\n---\nWords.\n",
    ],
)
def test_a_header_that_is_not_read_keeps_a_post_back_all_the_same(text: str) -> None:
    (metadata,) = clothbound.read(text.encode(), "markdown").index
    assert metadata.verdict(NOW).is_secret


@pytest.mark.parametrize(
    "text",
    [
        "Draft: true stories are the best.\n",
        "Note: private: this is prose.\nIt goes on.\n",
        "---\n\nA rule begins this post. draft: true\n",
        "Title: A\nStatus: evergreen\n\nWords.\n",
        "A post about `draft: true`.\n",
        "<!-- draft: true or not, that is the question -->\n\nWords.\n",
        '{"draft"} is what they called it.\n',
        '{"draft"}\n\nWords.\n',
        "---\ntitle: A\ntitle: Draft: true stories\n---\nWords.\n",
        '---json\n{"title": "A", "draft": false}\n---\nWords.\n',
    ],
)
def test_prose_keeps_no_post_back(text: str) -> None:
    (metadata,) = clothbound.read(text.encode(), "markdown").index
    assert metadata.verdict(NOW).state == "public"


@pytest.mark.parametrize(
    "text",
    [
        '{"title": "A", "tags": ["b"]}\n\nWords.\n',
        '---json\n{"title": "A", "tags": ["b"]}\n---\nWords.\n',
        '---toml\ntitle = "A"\ntags = ["b"]\n---\nWords.\n',
    ],
)
def test_the_headers_of_hugo_and_eleventy_are_no_text(text: str) -> None:
    (post,) = clothbound.read(text.encode(), "markdown").posts
    assert (post.metadata.title, post.metadata.tags) == ("A", ("b",))
    assert post.body == (b.Paragraph((i.Text("Words."),)),)


@pytest.mark.parametrize("folder", ["Drafts", "posts/drafts", "a/_drafts/b"])
def test_what_is_in_a_folder_of_drafts_is_a_draft(folder: str, tmp_path: Path) -> None:
    (tmp_path / folder).mkdir(parents=True)
    (tmp_path / folder / "zqsecret.md").write_text("zqsecret\n")
    (tmp_path / "open.md").write_text("Words on overdrafts.\n")
    posts = clothbound.read(tmp_path)
    assert {m.source: m.is_draft for m in posts.index} == {
        f"{folder}/zqsecret.md": True,
        "open.md": False,
    }
    assert found("zqsecret", clothbound.write(clothbound.book(posts), "json").to_bytes()) == []


@pytest.mark.parametrize(
    ("path", "is_draft"),
    [
        ("content/ada/blog/sea/draft/2024-05-02-10-20-30_boats,tide_the-slip.md", True),
        ("content/ada/blog/sea/post/scheduled/2024-05-02-10-20-30_boats_the-slip.md", True),
        ("draft/2024-05-02-10-20-30_boats_the-slip.md", True),
        ("content/static/draft/about.md", True),
        ("content/ada/blog/sea/post/2024-05-02-10-20-30_boats_the-slip.md", False),
        ("posts/draft/the-first-pick.md", False),
    ],
)
def test_drafts_of_htmly_are_told_by_their_places(
    path: str, is_draft: bool, tmp_path: Path
) -> None:
    (tmp_path / path).parent.mkdir(parents=True)
    (tmp_path / path).write_text("<!--t The slip t-->\n\nWords.\n", encoding="utf-8")
    (found,) = clothbound.read(tmp_path).index
    assert found.is_draft is is_draft


def test_mediums_drafts_are_known_by_their_names(tmp_path: Path) -> None:
    for name in ("draft_Plans-1a2b.html", "2024-01-02_Open-3c4d.html"):
        (tmp_path / name).write_text("<html><body><article><p>Words</p></article></body></html>")
    states = {m.source[:5]: m.verdict(NOW).state for m in clothbound.read(tmp_path, "html").index}
    assert states == {"draft": "secret", "2024-": "public"}


# --- what a site says of its posts ------------------------------------------------------------


SITES = {
    "hugo": {
        "hugo.toml": 'baseURL = "https://h.example/"\nignoreFiles = ["wip/.*"]\ndisableLanguages = ["fr"]\n'
        '[languages.en]\nweight = 1\n[languages.de]\ndisabled = true\ncontentDir = "german"\n[languages.fr]\n'
        '[[cascade]]\nparams = {private = true}\n[cascade.target]\npath = "/kept/**"\n',
        "content/in/_index.md": "---\ncascade:\n  draft: true\n---\n",
        "content/in/deep/zqsecret1.md": "---\ntitle: A\n---\nzqsecret\n",
        "content/kept/zqsecret3.md": "zqsecret\n",
        "content/wip/zqsecret2.md": "zqsecret\n",
        "german/posts/zqsecret4.md": "zqsecret\n",
        "content/posts/open.fr.md": "---\ntitle: F\n---\nzqsecret\n",
        "content/posts/open.md": "---\ndraft: false\n---\nOpen words.\n",
    },
    "jekyll": {
        "_config.yml": "exclude: [attic/, '*.draft.md']\ndefaults:\n"
        "  - scope: {path: in, type: posts}\n    values: {published: false}\n"
        "  - scope: {path: ''}\n    values: {layout: post}\n",
        "in/_posts/2024-01-01-zqsecret.md": "---\ntitle: A\n---\nzqsecret\n",
        "attic/zqsecret.md": "zqsecret\n",
        "_posts/2024-01-01-zqsecret.draft.md": "zqsecret\n",
        "_drafts/zqsecret.md": "zqsecret\n",
        "_posts/2024-01-02-open.md": "---\ntitle: A\n---\nOpen words.\n",
    },
    "eleventy": {
        "eleventy.config.js": "",
        ".eleventyignore": "# no\nattic\n",
        "attic/zqsecret.md": "zqsecret\n",
        "wip/wip.json": '{"draft": true}',
        "wip/deep/zqsecret.md": "zqsecret\n",
        "hush/hush.11tydata.json": '{"permalink": false}',
        "hush/zqsecret.md": "zqsecret\n",
        "posts/posts.json": '{"tags": "post", "permalink": "/p/"}',
        "posts/open.md": "Open words.\n",
        "posts/zqsecret1.md": "zqsecret\n",
        "posts/zqsecret1.json": '{"draft": true}',
        "posts/zqsecret2.md": "zqsecret\n",
        "posts/zqsecret2.11tydata.json": '{"permalink": false}',
    },
    "vitepress": {
        ".vitepress/config.mts": "export default {\n  srcExclude: ['**/attic/*.md', 'zqsecret2.md', '**/{idea,later}.md',\n"
        "    'guide/**/zqsecret3.md', '[Nn]otes/**', '!zqsecret2.md', '!posts/open.md'],\n}\n",
        "posts/attic/zqsecret1.md": "zqsecret\n",
        "posts/idea.md": "zqsecret\n",
        "later.md": "zqsecret\n",
        "guide/zqsecret3.md": "zqsecret\n",
        "guide/of/it/zqsecret3.md": "zqsecret\n",
        "notes/of/zqsecret4.md": "zqsecret\n",
        "zqsecret2.md": "zqsecret\n",
        "posts/open.md": "---\ntitle: Open\n---\nOpen words.\n",
    },
    "lume": {
        "_config.ts": 'import lume from "lume/mod.ts";\nexport default lume({ src: "./src" });\n',
        "src/wip/_data.yml": "draft: true\n",
        "src/wip/deep/zqsecret.md": "zqsecret\n",
        "src/_zqsecret.md": "zqsecret\n",
        "src/posts/open.md": "---\ntitle: Open\n---\nOpen words.\n",
    },
    "quarto": {
        "_quarto.yml": "website:\n  drafts: [posts/listed/index.qmd]\n"
        "project:\n  render: ['*.qmd', '!posts/old/']\n",
        "posts/old/index.qmd": "zqsecret\n",
        "posts/listed/index.qmd": "zqsecret\n",
        "posts/wip/_metadata.yml": "draft: true\n",
        "posts/wip/a/index.qmd": "zqsecret\n",
        "posts/_zqsecret.qmd": "zqsecret\n",
        "posts/open/index.qmd": "Open words.\n",
    },
    "zola": {
        "config.toml": 'base_url = "https://z.example"\nignored_content = ["*.wip.md"]\n',
        "content/in/_index.md": "+++\ndraft = true\n+++\n",
        "content/in/deep/zqsecret.md": "zqsecret\n",
        "content/zqsecret.wip.md": "zqsecret\n",
        "content/open.md": "+++\ndate = 2099-01-01\n+++\nOpen words.\n",
    },
}


@pytest.mark.parametrize("generator", SITES)
def test_what_a_site_says_of_its_posts_counts_wherever_it_is_read_from(
    tmp_path: Path, generator: str
) -> None:
    for name, text in SITES[generator].items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    sources = [tmp_path, *(path for path in tmp_path.iterdir() if path.is_dir())]
    shown = 0
    for source in sources:
        posts = clothbound.read(source, "markdown")
        data = clothbound.write(posts, "site", run=Run(now=NOW)).to_bytes()
        assert found("zqsecret", data) == [], source
        shown += bool(found("open words", data))
    assert shown == 2
    taken = clothbound.write(
        clothbound.read(tmp_path), "site", run=Run(states=["secret"])
    ).to_bytes()
    assert found("zqsecret", taken)


@pytest.mark.parametrize(
    "secret",
    [
        "(a)=\n# Zqsecret\n\n```{post}\n```\n\nZqsecret\n",
        "(a)=\n# Zqsecret\n\nZqsecret\n\n```{post}",
        "---\ndraft: true\n---\n\n(a)=\n# Zqsecret\n\nZqsecret\n",
        "---\ntitle: [a\ndraft: true\n---\n\n(a)=\n# Zqsecret\n\nZqsecret\n",
    ],
)
def test_texts_of_myst_show_nothing_of_drafts(tmp_path: Path, secret: str) -> None:
    (tmp_path / "myst.yml").write_text("version: 1\nproject: {title: S}\n")
    (tmp_path / "secret.md").write_text(secret)
    (tmp_path / "open.md").write_text("Open words, [](#a).\n\n```{include} secret.md\n```\n")
    data = clothbound.write(clothbound.read(tmp_path), "site", run=Run(now=NOW)).to_bytes()
    assert found("open words", data)
    assert found("zqsecret", data) == []


def test_a_snippet_of_a_folder_of_drafts_is_not_inserted(tmp_path: Path) -> None:
    (tmp_path / "mkdocs.yml").write_text("site_name: S\nmarkdown_extensions: [pymdownx.snippets]\n")
    (tmp_path / "docs" / "drafts").mkdir(parents=True)
    (tmp_path / "docs" / "drafts" / "a.md").write_text("Zqsecret\n")
    (tmp_path / "docs" / "open.md").write_text('Open words.\n\n--8<-- "docs/drafts/a.md"\n')
    data = clothbound.write(clothbound.read(tmp_path), "site", run=Run(now=NOW)).to_bytes()
    assert found("open words", data)
    assert found("zqsecret", data) == []


def test_words_that_secret_posts_alone_have_are_told_to_nobody(archive: Path) -> None:
    posts = clothbound.read(archive)
    with pytest.raises(UsageError) as error:
        clothbound.book(posts, Select(tags=["zqsecretdraftta"], now=NOW))
    assert "zqsecretdrafttag" not in str(error.value)
    book = clothbound.book(posts, Select(tags=["zqsecretdrafttag"], drafts=True, now=NOW))
    assert [m.slug for m in book.index] == ["zqsecretdraft"]


# --- products for some readers --------------------------------------------------------------------

MIXED = """---
title: Mixed
date: 2024-01-07
---

Zqfree words.[^1]

::: {.dynamic-content-block dynamic-audiences="founding"}
Zqfounders see this.
:::

::: paywall-jump
:::

Zqrest is paid for.[^2]

[^1]: Zqfreenote.

[^2]: Zqpaidnote.
"""
FOUNDERS, PAID = ("Zqfounders",), ("Zqrest", "Zqpaidnote")


@pytest.fixture
def mixed(tmp_path: Path) -> Path:
    folder = tmp_path / "mixed"
    folder.mkdir()
    (folder / "mixed.md").write_text(MIXED)
    (folder / "payers.md").write_text(
        "---\ntitle: P\ndate: 2024-01-08\naudience: only_paid\n---\n\nZqpayers.\n"
    )
    return folder


def held(artifact: clothbound.Artifact) -> set[str]:
    """Returns the marked words in a product."""
    data = artifact.to_bytes()
    texts = [data]
    if data[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(data)) as product:
            texts = [product.read(name) for name in product.namelist()]
    words = ("Zqfree", "Zqfreenote", *FOUNDERS, *PAID, "Zqpayers")
    return {word for word in words if any(word.encode() in text for text in texts)}


FORMATS = ("epub", "markdown", "json", "jsonl", "pandoc", "substack", "html", "site")


@pytest.mark.parametrize("name", FORMATS)
def test_a_product_for_everyone_has_what_everyone_may_read_and_no_more(
    name: str, mixed: Path
) -> None:
    posts = clothbound.read(mixed)
    book = clothbound.book(posts, Select(audiences=("everyone",)))
    chosen = clothbound.write(book, name)
    written = clothbound.write(posts, name, run=Run(audiences=("everyone",)))
    assert held(chosen) == held(written) == {"Zqfree", "Zqfreenote"}
    for artifact in (chosen, written):
        told = {d.message for d in artifact.report.diagnostics}
        assert "the part for paying readers was left out" in told
        assert "a block for founding only was left out" in told
    members = clothbound.book(posts, Select(audiences=("everyone", "only_paid")))
    run = Run(audiences=("everyone", "only_paid"))
    assert held(clothbound.write(members, name, run=run)) == {
        "Zqfree",
        "Zqfreenote",
        *PAID,
        "Zqpayers",
    }
    if name != "site":
        own = {"Zqfree", "Zqfreenote", *FOUNDERS, *PAID, "Zqpayers"}
        assert held(clothbound.write(clothbound.book(posts), name)) == own


def test_the_readers_of_a_selection_and_of_a_run_have_to_agree(mixed: Path) -> None:
    book = clothbound.book(clothbound.read(mixed), Select(audiences=("everyone",)))
    run = Run(audiences=("everyone", "only_paid", "founding"))
    assert held(clothbound.write(book, "epub", run=run)) == {"Zqfree", "Zqfreenote"}


def test_a_product_that_no_post_is_left_for_is_refused(mixed: Path) -> None:
    posts = clothbound.read(mixed / "payers.md")
    with pytest.raises(NoPostsError, match="it is for everyone, and the posts are for only_paid"):
        clothbound.write(posts, "epub", run=Run(audiences=("everyone",)))


def test_a_foreword_is_for_all_readers_of_a_book(mixed: Path, tmp_path: Path) -> None:
    (tmp_path / "foreword.md").write_text("Zqfree foreword.\n")
    posts = clothbound.read(mixed)
    texts = {"foreword": tmp_path / "foreword.md"}
    book = clothbound.book(posts, Select(audiences=("only_paid",)), texts=texts)  # type: ignore[arg-type]
    assert held(clothbound.write(book, "epub")) == {"Zqfree", "Zqpayers"}


def test_a_book_toml_for_everyone_has_no_listed_post_that_is_for_others(mixed: Path) -> None:
    plan = mixed.parent / "book.toml"
    plan.write_text(
        '[posts]\nsource = "mixed"\naudiences = ["everyone"]\n\n[chapters]\n"mixed.md" = ""\n"payers.md" = ""\n'
    )
    manifest = read_manifest(plan)
    book = make_book(manifest, read_posts(manifest))
    assert held(clothbound.write(book, "epub")) == {"Zqfree", "Zqfreenote"}
    assert line(book) == ["1 of 2 posts: for everyone"]


@pytest.mark.parametrize("command", [["book", "--all"], ["convert"]])
def test_the_option_for_an_audience_holds_for_every_product(
    command: list[str], mixed: Path, tmp_path: Path
) -> None:
    made = tmp_path / "made.jsonl"
    arguments = [*COMMAND, command[0], str(mixed), *command[1:], "-o", str(made)]
    done = subprocess.run(
        [*arguments, "--audience", "everyone"], capture_output=True, encoding="utf-8", check=True
    )
    text = made.read_text()
    assert "Zqfree words" in text
    assert not [word for word in (*FOUNDERS, *PAID, "Zqpayers") if word in text]
    assert "the post was cut at the paywall" in done.stderr
    checked = [*COMMAND, "check", str(mixed), str(tmp_path / "made.epub"), "--audience", "everyone"]
    arguments[arguments.index(str(made))] = str(tmp_path / "made.epub")
    subprocess.run([*arguments, "--audience", "everyone"], capture_output=True, check=True)
    subprocess.run(checked, capture_output=True, check=True)


def test_a_status_in_posts_csv_that_is_not_known_is_secret(tmp_path: Path) -> None:
    (tmp_path / "posts").mkdir()
    rows = ["post_id,post_date,is_published,type,audience,title,subtitle,status,state,password"]
    cases = [
        ("1", "published", "CA", ""),
        ("2", "archived", "", ""),
        ("3", "", "", ""),
        ("4", "", "", "x"),
    ]
    for number, status, state, password in cases:
        rows.append(
            f"{number}.a,2024-01-01T00:00:00.000Z,true,newsletter,everyone,T{number},,"
            f"{status},{state},{password}"
        )
        (tmp_path / "posts" / f"{number}.a.html").write_text("<p>Words</p>")
    (tmp_path / "posts.csv").write_text("\n".join(rows) + "\n")
    found = {
        m.title: "".join(reason.name for reason in m.verdict(NOW).reasons)
        for m in clothbound.read(tmp_path).index
    }
    assert found == {"T1": "", "T2": "unknown", "T3": "", "T4": "password"}


def test_a_feed_has_no_status_but_that_of_its_drafts() -> None:
    feed = (
        '<feed xmlns="http://www.w3.org/2005/Atom" xmlns:app="http://www.w3.org/2007/app"><title>F</title>'
        "<entry><title>out</title></entry><entry><title>in work</title>"
        "<app:control><app:draft>yes</app:draft></app:control></entry></feed>"
    )
    found = {m.title: m.verdict(NOW).state for m in clothbound.read(feed.encode()).index}
    assert found == {"out": "public", "in work": "secret"}
