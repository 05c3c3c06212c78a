"""Tests the library's functions with posts made by hand and with files."""

from __future__ import annotations

import io
import json
import os
import pickle
import threading
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import ClassVar

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings

import clothbound
from clothbound import formats
from clothbound.diagnostics import Diagnostic, DiagnosticCode
from clothbound.errors import (
    LimitError,
    LossError,
    OptionError,
    ReadError,
    UnknownFormatError,
    UsageError,
)
from clothbound.limits import Limits
from clothbound.model import blocks as b
from clothbound.model import inlines as i
from clothbound.model.collection import Collection
from clothbound.model.index import Index
from clothbound.model.post import Base, Footnote, Metadata, Post
from clothbound.progress import Progress
from clothbound.run import Run
from sample_nodes import paragraph
from strategies import posts, without_lines

MARKDOWN = b"---\ntitle: A title\nslug: a\n---\n\nSome *words*.\n"
FAST_WRITERS = [name for name in formats.WRITERS if name not in ("pdf", "kdp")]


def letter(name: str = "a", text: str = "words", **fields: object) -> Post:
    metadata = Metadata(slug=name, title=name.title(), source=f"{name}.md", **fields)  # type: ignore[arg-type]
    return Post(metadata, (paragraph(text),))


# reading


def test_a_path_a_text_bytes_and_a_stream_give_the_same_post(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_bytes(MARKDOWN)
    found = [
        clothbound.read(source)[0] for source in (path, str(path), MARKDOWN, io.BytesIO(MARKDOWN))
    ]
    found.append(clothbound.read(bytearray(MARKDOWN))[0])  # type: ignore[arg-type]
    with path.open("rb") as stream:
        found.append(clothbound.read(stream)[0])
    assert len({post.body for post in found}) == 1
    assert {post.metadata.title for post in found} == {"A title"}


def test_a_stream_that_cannot_go_back_needs_a_format() -> None:
    class Pipe(io.BytesIO):
        def seekable(self) -> bool:
            return False

    with pytest.raises(UsageError, match="must be named"):
        clothbound.read(Pipe(MARKDOWN))
    assert clothbound.read(Pipe(MARKDOWN), "markdown")[0].metadata.title == "A title"


@pytest.mark.skipif(os.name != "posix", reason="pipes are Unix's")
def test_a_pipe_with_a_name_is_read_whole(tmp_path: Path) -> None:
    pipe = tmp_path / "fd"
    os.mkfifo(pipe)
    data = MARKDOWN + b"word " * 20_000
    thread = threading.Thread(target=lambda: pipe.write_bytes(data))
    thread.start()
    post = clothbound.read(pipe, "markdown")[0]
    thread.join(30)
    assert post.metadata.title == "A title"
    assert len(str(post.body)) > 100_000


@pytest.mark.parametrize("source", [7, None, ["a.md"]])
def test_what_is_no_source_is_a_usage_error(source: object) -> None:
    with pytest.raises(UsageError, match="binary stream"):
        clothbound.read(source)  # type: ignore[arg-type]


def test_a_source_that_is_not_there_or_may_not_be_read(tmp_path: Path) -> None:
    for source in (tmp_path / "no.md", f"{tmp_path}/nul\0.md"):
        with pytest.raises(ReadError):
            clothbound.read(source)


def test_an_unknown_format_is_named_with_its_neighbour() -> None:
    with pytest.raises(UnknownFormatError, match="did you mean 'markdown'"):
        clothbound.read(b"", "markdwon")
    with pytest.raises(UnknownFormatError, match="did you mean 'epub'"):
        clothbound.write(letter(), "epup")


def test_a_bad_post_raises_or_is_collected(tmp_path: Path) -> None:
    (tmp_path / "good.md").write_bytes(MARKDOWN)
    (tmp_path / "bad.md").write_bytes(b"\xff\xff")
    with pytest.raises(ReadError, match=r"bad\.md"):
        clothbound.read(tmp_path)
    found = clothbound.read(tmp_path, on_error="collect")
    assert len(found) == 1
    (bad,) = (d for d in found.diagnostics if d.code is DiagnosticCode.POST_UNREADABLE)
    assert bad.source == "bad.md"


def test_limits_are_the_callers(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_bytes(MARKDOWN)
    with pytest.raises(ReadError, match="longer"):
        clothbound.read(path, run=Run(limits=Limits(post_bytes=10)))


def test_a_folder_names_the_collection(tmp_path: Path) -> None:
    folder = tmp_path / "my-sea_letters"
    folder.mkdir()
    (folder / "a.md").write_bytes(MARKDOWN)
    assert clothbound.read(folder).info.title == "My sea letters"


def test_posts_are_read_again_and_are_equal(tmp_path: Path) -> None:
    for n in range(3):
        (tmp_path / f"{n}.md").write_bytes(MARKDOWN)
    found = clothbound.read(tmp_path)
    assert list(found) == list(found)
    assert [p.metadata.key for p in found] == [m.key for m in found.index]
    assert len({m.key for m in found.index}) == 3


def test_a_lazy_collection_crosses_to_another_process(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_bytes(MARKDOWN)
    found = clothbound.read(tmp_path)
    again = pickle.loads(pickle.dumps(found.posts))
    assert list(again) == list(found.posts)
    whole = pickle.loads(pickle.dumps(found))
    assert list(whole) == list(found)
    assert [whole.index.anchors(m.key) for m in whole.index] == [frozenset()]
    book = clothbound.book(found)
    assert list(pickle.loads(pickle.dumps(book.posts))) == list(book.posts)


# writing


def test_options_of_another_format_are_refused() -> None:
    class Stranger:
        format: ClassVar[str] = "json"

    with pytest.raises(OptionError, match="Stranger, but the format needs Json"):
        clothbound.write(letter(), Stranger())
    with pytest.raises(OptionError, match="NoneType is neither a format's name nor its options"):
        clothbound.write(letter(), None)  # type: ignore[arg-type]
    with pytest.raises(OptionError, match="tuple"):
        clothbound.read(b"", ("markdown", "gfm"))  # type: ignore[call-overload]


@pytest.mark.parametrize("name", FAST_WRITERS)
def test_the_same_posts_give_the_same_bytes(name: str) -> None:
    given_posts = [letter("a"), letter("b", "more")]
    first = clothbound.write(given_posts, name).to_bytes()
    assert clothbound.write(given_posts, name).to_bytes() == first


@pytest.mark.parametrize("name", FAST_WRITERS)
def test_no_posts_are_no_traceback(name: str) -> None:
    try:
        clothbound.write([], name).to_bytes()
    except clothbound.ClothboundError as error:
        assert "post" in str(error)


PRIVATE = [
    letter("open", "everybody-reads-this"),
    letter("paid", "for-payers-only", audience="only_paid"),
    letter("founders", "for-founders-only", audience="founding"),
    letter("odd", "for-whom", audience="Everyone?"),
    letter("hidden", "members-only", visibility="members"),
    letter("private", "nobody-else", visibility="private"),
    letter("draft", "not-yet", is_draft=True),
    Post(
        Metadata(slug="half", title="Half", source="half.md"),
        (
            paragraph("free-part"),
            b.Paragraph((i.NoteRef("n"),)),
            b.Conditional((paragraph("for-some"),), ("only_paid",)),
            b.Group((b.PaywallBreak(),)),
            b.Heading((i.Text("paid-heading"),), 2, id="paid-heading"),
            b.Paragraph((i.Text("paid-part"), i.NoteRef("m"))),
        ),
        (Footnote("n", (paragraph("free-note"),)), Footnote("m", (paragraph("paid-note"),))),
    ),
    letter("linking", "links"),
]
SECRETS = (
    "for-payers-only for-founders-only for-whom members-only nobody-else not-yet for-some "
    "paid-heading paid-part paid-note"
).split(" ")


def site(**options: object) -> str:
    data = clothbound.write(PRIVATE, "site", run=Run(**options)).to_bytes()  # type: ignore[arg-type]
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return "\n".join(
            archive.read(name).decode("utf-8", "replace") for name in archive.namelist()
        )


def test_what_is_private_is_in_no_file_of_a_site() -> None:
    text = site()
    assert [word for word in SECRETS if word in text] == []
    assert all(word in text for word in ("everybody-reads-this", "free-part", "free-note"))
    assert site(audiences=["everyone"]) == text


def test_an_audience_opens_what_is_for_it_and_no_more() -> None:
    text = site(audiences=["everyone", "only_paid"])
    assert all(w in text for w in ("for-payers-only", "paid-part", "paid-note", "free-part"))
    left = ("for-founders-only", "for-whom", "members-only", "nobody-else", "not-yet")
    assert [word for word in left if word in text] == []
    assert "members-only" in site(audiences=["everyone", "members"])


def test_what_was_left_out_of_a_public_target_is_named_and_what_is_secret_is_counted() -> None:
    artifact = clothbound.write(PRIVATE, "site")
    artifact.to_bytes()
    skipped = [d for d in artifact.report.diagnostics if d.code is DiagnosticCode.POST_SKIPPED]
    named = {f"{name}.md" for name in ("paid", "founders", "odd", "hidden")}
    assert {d.source for d in skipped} == {*named, ""}
    assert [d.message for d in skipped if not d.source] == [
        "left out: 1 post (visibility: private); --state private takes it",
        "left out: 1 post (draft); --drafts takes it",
    ]


def test_no_link_leads_to_a_heading_behind_the_paywall() -> None:
    link = i.Link((i.Text("there"),), "/p/half#paid-heading")
    linking = Post(Metadata(slug="l", title="L", source="l.md"), (b.Paragraph((link,)),))
    artifact = clothbound.write([PRIVATE[-2], linking], "site")
    data = artifact.to_bytes()
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert all(b"#paid-heading" not in archive.read(n) for n in archive.namelist())
    assert any(d.code is DiagnosticCode.LINK_UNRESOLVED for d in artifact.report.diagnostics)
    # Looking at the other post for its anchors is no part of its account.
    account = next(a for a in artifact.report.accounts.values() if a.source == "half.md")
    assert account.dropped == 3


@pytest.mark.parametrize("name", FAST_WRITERS)
def test_accounts_and_diagnostics_agree(name: str) -> None:
    body = (
        b.Poll("", ()),
        b.Embed("video", "https://example.org/v", "YouTube", "A film"),
        b.Button("Subscribe", "https://example.org", "subscribe"),
        b.RawBlock("tex", r"\relax"),
        b.Extension("x", {}, (paragraph("fallback"),)),
        paragraph("text"),
    )
    artifact = clothbound.write(Post(Metadata(slug="k", source="k.md"), body), name)
    artifact.to_bytes()
    report = artifact.report
    (account,) = report.accounts.values()
    for outcome, count in (
        (DiagnosticCode.NODE_SIMPLIFIED, account.simplified),
        (DiagnosticCode.NODE_CHROME, account.chrome),
        (DiagnosticCode.NODE_DROPPED, account.dropped),
    ):
        assert sum(d.code is outcome for d in report.diagnostics) == count
    assert account.read.nodes == 9
    assert 0 < account.written.nodes <= 9
    assert report.target == name


def test_a_collection_is_not_used_up_by_writing(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_bytes(MARKDOWN)
    found = clothbound.read(tmp_path)
    first, second = (clothbound.write(found, "html").to_bytes() for _ in range(2))
    assert first == second


def test_progress_is_told_for_each_post() -> None:
    told: list[Progress] = []
    artifact = clothbound.write([letter("a"), letter("b")], "site", run=Run(progress=told.append))
    assert told == []
    artifact.to_bytes()
    assert told == [
        Progress("writing posts", 0, 2),
        Progress("writing posts", 1, 2),
        Progress("packing"),
    ]


def test_to_html_of_a_post_by_hand() -> None:
    assert "<em>words</em>" in clothbound.to_html(clothbound.read(MARKDOWN)[0])
    assert "&lt;b&gt;" in clothbound.to_html(letter(text="<b>"))


def test_a_post_that_is_far_too_deep_is_an_error_of_ours() -> None:
    tree: b.Block = paragraph("x")
    for _ in range(5000):
        tree = b.Quote((tree,))
    in_note = Post(body=(b.Paragraph((i.NoteRef("n"),)),), footnotes=(Footnote("n", (tree,)),))
    for post in (Post(body=(tree,)), in_note):
        with pytest.raises(LimitError, match="deeper than 100"):
            clothbound.to_html(post)


@pytest.mark.parametrize("name", FAST_WRITERS)
def test_a_post_as_deep_as_the_limit_goes_through_every_writer(name: str) -> None:
    tree: b.Block = paragraph("bottom")
    for n in range(49):
        tree = b.List((b.ListItem((tree,)),)) if n % 2 else b.Quote((b.Group((tree,)),))
    artifact = clothbound.write(Post(Metadata(slug="k"), (tree,)), name)
    artifact.to_bytes()
    (account,) = artifact.report.accounts.values()
    assert account.written.words == 1


# convert and check


def test_convert_goes_by_names(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_bytes(MARKDOWN)
    report = clothbound.convert(tmp_path / "a.md", tmp_path / "a.html")
    assert b"<em>words</em>" in (tmp_path / "a.html").read_bytes()
    assert (report.target, len(report.accounts)) == ("html", 1)
    with pytest.raises(UnknownFormatError, match="extension"):
        clothbound.convert(tmp_path / "a.md", tmp_path / "a.xyz")


def test_strict_raises_and_leaves_the_old_file(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_bytes(b"~~~{=tex}\n\\relax\n~~~\n\n`\\x`{=tex} words\n")
    (tmp_path / "a.html").write_bytes(b"old")
    with pytest.raises(LossError):
        clothbound.convert(tmp_path / "a.md", tmp_path / "a.html", strict=True)
    assert (tmp_path / "a.html").read_bytes() == b"old"


def test_a_post_over_itself_is_read_before_it_is_written(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_bytes(MARKDOWN)
    before = clothbound.read(path)[0].body
    clothbound.convert(path, path)
    assert clothbound.read(path)[0].body == before


def test_check_tells_of_the_tree_and_of_the_target() -> None:
    post = Post(
        Metadata(slug="k", source="k.md"),
        (b.Paragraph((i.NoteRef("gone"),)), b.Figure(i.Image("missing.png", "alt"))),
    )
    messages = [str(d) for d in clothbound.check(post, "html")]
    assert any("note mark without a note" in m for m in messages)
    assert any("image-missing" in m for m in messages)


# JSON, which no reader and writer of others' formats is needed for


@settings(
    max_examples=50,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(posts(as_read=True))
def test_a_post_comes_back_from_our_json(post: Post) -> None:
    data = clothbound.write(post, "json").to_bytes()
    (again,) = clothbound.read(data, "json")
    assert without_lines(again).body == without_lines(post).body
    assert again.footnotes == post.footnotes
    assert msgspec.structs.replace(again.metadata, key="") == post.metadata


def test_json_says_nothing_of_folders_and_cannot_name_one(tmp_path: Path) -> None:
    (tmp_path / "secret.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    written = json.loads(clothbound.write(letter(), "json").to_bytes())
    (content,) = written["posts"]
    assert "base" not in content
    content["base"] = {"kind": "folder", "path": str(tmp_path)}
    (again,) = clothbound.read(json.dumps(written).encode(), "json")
    assert again.base is None


def test_a_post_with_a_folder_does_not_tell_it() -> None:
    post = msgspec.structs.replace(letter(), base=Base("folder", "/home/somebody"))
    for name in FAST_WRITERS:
        assert b"somebody" not in clothbound.write(post, name).to_bytes()


# threads


def test_conversions_in_threads_do_not_meet() -> None:
    def make(n: int) -> str:
        return clothbound.to_html(letter(f"post-{n}", f"words of {n}"))

    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(make, range(40)))
    assert made == [make(n) for n in range(40)]


def test_a_run_hears_each_diagnostic_once() -> None:
    heard: list[Diagnostic] = []
    run = Run(diagnostics=heard.append)
    body = (
        b.Heading((i.Text("One"),), 1),
        b.Poll("", ()),
        b.Paragraph((i.Image("gone.png", "x"),)),
    )
    posts = [Post(Metadata(title=slug, slug=slug), body) for slug in ("a", "b")]
    # All look at posts more than once: for anchors, for the feed, for the Kindle book.
    options = formats.make_options(
        formats.writer("site").options_type, {"url": "https://a.example"}
    )
    for format in ("epub", options, "kdp"):
        artifact = clothbound.write(posts, format, run=run)
        artifact.to_bytes()
        assert heard == list(artifact.report.diagnostics) != []
        heard.clear()
    found = clothbound.check(posts, "kindle", run=run)
    assert tuple(heard) == found != ()
    pickle.dumps(artifact.report)


@pytest.mark.parametrize("format", ["epub", "site", "markdown", "html", "json"])
def test_a_collection_made_by_hand_has_the_keys_of_its_index(format: str) -> None:
    """A post made by a program needs no key, since the index makes one."""
    posts = tuple(
        Post(Metadata(title=title), (b.Paragraph((i.Text("Words."),)),)) for title in "AB"
    )
    made = Collection(posts=posts, index=Index.of(posts))
    report = clothbound.write(made, format)
    report.to_bytes()
    assert sorted(report.report.accounts) == sorted(entry.key for entry in made.index)
    assert len(clothbound.book(made, title="T")) == 2
    with pytest.raises(UsageError, match="has 1 posts, and the collection has 2"):
        clothbound.write(Collection(posts=posts, index=Index.of(posts[:1])), format)


@pytest.mark.parametrize(
    ("post", "said"),
    [
        (Post(body=(b.Paragraph(i.Text("a")),)), "body[0].children: Expected array"),  # type: ignore[arg-type]
        (Post(body=(b.Paragraph("words"),)), "body[0].children: Expected array"),  # type: ignore[arg-type]
        (Post(body=(i.Image("a.png"),)), "body[0].type: Invalid value 'Image'"),  # type: ignore[arg-type]
        (Post(body=(b.Quote((i.Text("a"),)),)), "body[0].children[0].type: Invalid value 'Text'"),  # type: ignore[arg-type]
        (Post(body=("words",)), "body[0]: Expected object, got str"),  # type: ignore[arg-type]
        (Post(Metadata(title=3)), "metadata.title: Expected str, got int"),  # type: ignore[arg-type]
        (Post(Metadata(published="2021")), "metadata.published: Expected object | null, got str"),  # type: ignore[arg-type]
        (Post({"title": "a"}), "metadata: Expected Metadata, got dict"),  # type: ignore[arg-type]
    ],
)
def test_a_post_by_hand_that_cannot_be_is_refused_with_the_place(post: Post, said: str) -> None:
    for make in (lambda: clothbound.write(post, "html"), lambda: clothbound.to_html(post)):
        with pytest.raises(UsageError) as raised:
            make()
        place, _, what = said.partition(": ")
        assert place in str(raised.value)
        assert what in str(raised.value)


def test_the_fields_of_a_post_by_hand_that_are_nobodys_may_hold_anything() -> None:
    post = Post(Metadata(title="A", extra={"made": object()}), (b.Paragraph((i.Text("a"),)),))
    assert "<p>a</p>" in clothbound.to_html(post)
