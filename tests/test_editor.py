"""Tests the editor's document: known nodes in known places, nothing lost, readable by another
program.
"""

from __future__ import annotations

import html
import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from substack.mdexport import document_to_markdown
from substack.mdrender import markdown_to_doc

import clothbound
from clothbound.model import blocks as b
from clothbound.model import inlines as i
from clothbound.model.node import Origin
from clothbound.model.plain_text import plain_text
from clothbound.model.post import Footnote, Metadata, Post
from clothbound.substack.editor_html import document_html, document_text
from clothbound.substack.editor_nodes import kinds
from clothbound.substack.editor_profiles import CLASSIC, TIPTAP
from clothbound.testing import check_writer, every_node
from clothbound.writers.substack.editor import WRITER, SubstackEditor
from sample_nodes import paragraph
from strategies import posts
from substack_dom import archive_of

EXAMPLES = Path(__file__).parents[1] / "examples" / "letters"
KNOWN = {
    "classic": CLASSIC.nodes | CLASSIC.marks | {"doc", "text"},
    "tiptap": {TIPTAP.names.get(n, n) for n in TIPTAP.nodes | TIPTAP.marks} | {"doc", "text"},
}
INLINE = frozenset("text hard_break footnoteAnchor inline_latex substack_mention".split())
LISTS = frozenset({"bullet_list", "ordered_list"})
TEXT_BLOCKS = frozenset("paragraph heading caption ctaCaption preformatted_text_block".split())
# What each block may hold, as far as anybody outside knows.
HOLDS = {
    "list_item": LISTS | {"paragraph"},
    "bullet_list": frozenset({"list_item"}),
    "ordered_list": frozenset({"list_item"}),
    "blockquote": LISTS | {"paragraph"},
    "pullquote": frozenset({"paragraph"}),
    "footnote": frozenset({"paragraph"}),
    "captionedImage": frozenset({"image2", "caption"}),
    "subscribeWidget": frozenset({"ctaCaption"}),
    "highlighted_code_block": frozenset({"text"}),
    "calloutBlock": LISTS | {"paragraph", "heading", "blockquote", "captionedImage"},
}


def draft(post: Post, **options: Any) -> dict[str, Any]:
    made = clothbound.write(post, SubstackEditor(**options)).to_bytes()
    result: dict[str, Any] = json.loads(made)
    return result


def document(*body: b.Block, notes: tuple[Footnote, ...] = (), **options: Any) -> list[Any]:
    post = Post(Metadata(key="k", slug="s"), body, notes)
    content: list[Any] = json.loads(draft(post, **options)["draft_body"])["content"]
    return content


def check_places(node: dict[str, Any], inside: str = "doc") -> None:
    kind, content = node["type"], node.get("content", [])
    for child in content:
        name = child["type"]
        if kind in HOLDS:
            assert name in HOLDS[kind], f"{name} in {kind}"
        elif kind in TEXT_BLOCKS:
            assert name in INLINE, f"{name} in {kind}"
        else:
            assert kind == "doc", f"{kind} holds nothing, but here a {name}"
            assert name not in INLINE | {"list_item", "image2", "caption"}, (
                f"{name} in the document"
            )
        check_places(child, kind)
    if kind == "text":
        assert node["text"], "an empty text"
    if kind in ("list_item", "blockquote", "pullquote", "footnote", "calloutBlock"):
        assert content, f"an empty {kind}"
    if kind == "list_item":
        assert content[0]["type"] == "paragraph"


def words(product: bytes) -> str:
    if product[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(product)) as archive:
            return "\n".join(words(archive.read(name)) for name in archive.namelist())
    made = json.loads(product)
    return f"{made['draft_title']}\n{made['draft_body']}"


@pytest.mark.parametrize("profile", ["classic", "tiptap"])
def test_contract(profile: Any) -> None:
    check_writer(WRITER, options=SubstackEditor(profile=profile), words=words)


@pytest.mark.parametrize("profile", ["classic", "tiptap"])
def test_no_unknown_node_in_every_node_and_the_examples(profile: Any) -> None:
    for post in (every_node(), *clothbound.read(EXAMPLES, on_error="collect")):
        made = json.loads(draft(post, profile=profile)["draft_body"])
        assert set(kinds(made)) <= KNOWN[profile]


@pytest.mark.parametrize(
    ("kind", "classic", "tiptap"),
    [
        (i.Strong, "strong", "bold"),
        (i.Emphasis, "em", "italic"),
        (i.Strikethrough, "strikethrough", "strike"),
        (i.Superscript, "superscript", None),
        (i.Subscript, "subscript", None),
    ],
)
def test_each_profile_has_its_names_of_marks(kind: Any, classic: str, tiptap: str | None) -> None:
    for profile, mark in (("classic", classic), ("tiptap", tiptap)):
        (made,) = document(paragraph(kind((i.Text("x"),))), profile=profile)
        assert made["content"] == [text("x", mark) if mark else text("x")]


def test_a_button_that_the_clipboard_does_not_carry_is_named() -> None:
    message = b.Button("Message Ann", action="message", origin=Origin(data="{}"))
    assert [made["type"] for made in document(message)] == ["directMessage"]
    artifact = clothbound.write(Post(Metadata(key="k"), (message,)), "substack-paste")
    artifact.to_bytes()
    (said,) = artifact.report.diagnostics
    assert said.message == "message button was left out: insert it in the editor"


def test_an_embed_without_an_address_and_a_name_is_named_by_its_kind() -> None:
    made = document(b.Embed("chart", text="Fog."))
    said = node("blockquote", node("paragraph", text("Fog.")))
    assert made == [node("paragraph", text("chart")), said]


def test_an_embed_without_an_address_is_pasted_in_its_words(tmp_path: Path) -> None:
    embed = b.Embed("note", provider="Substack", text="Fog.", author="Ada")
    clothbound.write(Post(Metadata(key="k"), (embed,)), "substack-paste").save(tmp_path)
    made = (tmp_path / "k.html").read_text("utf-8")
    assert "<p>Substack</p><blockquote><p>Fog.</p><p>Ada</p></blockquote>" in made


@pytest.mark.parametrize("origin", [None, Origin(data='{"text":"Subscribe"}')])
def test_a_form_that_names_no_language_asks_in_english(origin: Origin | None) -> None:
    (made,) = document(b.SubscribeForm(text="New posts by email", origin=origin))
    assert made == node(
        "subscribeWidget",
        node("ctaCaption", text("New posts by email")),
        url="%%checkout_url%%",
        text="Subscribe",
        language="en",
    )


def test_a_row_of_pictures_has_each_of_them() -> None:
    names = ("a", "b")
    figures = tuple(b.Figure(i.Image(f"https://a.example/{name}.png", name)) for name in names)
    (made,) = document(b.Gallery(figures, (i.Text("In May"),)))
    gallery = made["attrs"]["gallery"]
    assert made["type"] == "image_gallery"
    assert [one["src"] for one in gallery["images"]] == [one.image.src for one in figures]
    assert (gallery["caption"], gallery["alt"]) == ("In May", "a; b")


def test_lists_and_pictures_in_a_note_are_paragraphs() -> None:
    items = (b.ListItem((paragraph("a"), paragraph("b"))), b.ListItem((paragraph("c"),)))
    content = (
        b.List(items),
        b.List(items, True, 3),
        b.Figure(i.Image("https://a.example/p.png", "A net"), (i.Text("In May"),)),
        b.CodeBlock("x\ny"),
        b.MathBlock("x^2"),
    )
    *_, note = document(paragraph(i.NoteRef("n")), notes=(Footnote("n", content),))
    assert {made["type"] for made in note["content"]} == {"paragraph"}
    words = ["".join(part.get("text", "|") for part in made["content"]) for made in note["content"]]
    lists = ["\u2022 a", "b", "\u2022 c", "3. a", "b", "4. c"]
    assert words == [*lists, "A net", "In May", "x|y", "x^2"]
    assert note["content"][8]["content"] == [
        text("x", "code"),
        node("hard_break"),
        text("y", "code"),
    ]


def test_a_formula_alone_in_a_note_stays_behind_its_sign_and_in_its_line() -> None:
    formula = i.Math("x")
    content = (
        b.List((b.ListItem((paragraph(formula),)),)),
        b.Verse((formula, formula)),
    )
    *_, note = document(paragraph(i.NoteRef("n")), notes=(Footnote("n", content),))
    item, verse = [[part["type"] for part in made["content"]] for made in note["content"]]
    assert item == ["text", "inline_latex"]
    assert note["content"][0]["content"][0]["text"] == "\u2022 "
    assert verse == ["inline_latex", "inline_latex"]


@pytest.mark.parametrize("href", ["", "https://b.example/"])
def test_a_picture_in_the_documents_html_keeps_its_link(href: str) -> None:
    figure = b.Figure(i.Image("https://a.example/p.png", "A", "T"), (i.Text("c"),), href)
    image = '<img src="https://a.example/p.png" alt="A" title="T">'
    linked = f'<a href="{href}">{image}</a>' if href else image
    assert document_html(node("doc", *document(figure))) == (
        f'<div class="captioned-image-container"><figure>{linked}'
        '<figcaption class="image-caption">c</figcaption></figure></div>'
    )


@pytest.mark.parametrize(
    ("alt", "caption", "shown"),
    [("A net", (i.Text("In May"),), "[A net]\nIn May\n"), ("", (), "[p 1.png]\n")],
)
def test_a_picture_in_the_documents_plain_text(
    alt: str, caption: tuple[i.Inline, ...], shown: str
) -> None:
    figure = b.Figure(i.Image("https://a.example/p%201.png", alt), caption)
    assert document_text(node("doc", *document(figure))) == shown


@given(posts())
def test_any_post_is_a_document_of_known_nodes_in_known_places(post: Post) -> None:
    made = json.loads(draft(post)["draft_body"])
    assert set(kinds(made)) <= KNOWN["classic"]
    check_places(made)
    numbers = [n["attrs"]["number"] for n in _all(made) if n["type"] == "footnoteAnchor"]
    notes = [n["attrs"]["number"] for n in made["content"] if n["type"] == "footnote"]
    assert sorted(numbers) == notes == list(range(1, len(notes) + 1))


def _all(node: dict[str, Any]) -> list[dict[str, Any]]:
    return [node, *(found for child in node.get("content", ()) for found in _all(child))]


def text(words: str, *marks: str) -> dict[str, Any]:
    node: dict[str, Any] = {"type": "text", "text": words}
    return node | ({"marks": [{"type": mark} for mark in marks]} if marks else {})


def node(kind: str, *content: dict[str, Any], **attrs: Any) -> dict[str, Any]:
    made: dict[str, Any] = {"type": kind}
    if attrs:
        made["attrs"] = attrs
    if content:
        made["content"] = list(content)
    return made


def test_text() -> None:
    made = document(
        b.Heading((i.Text("H"),), 3),
        paragraph("a ", i.Strong((i.Text("b "), i.Emphasis((i.Text("c"),)))), i.LineBreak(), "d"),
        b.List((b.ListItem((paragraph("x"), b.List((b.ListItem((paragraph("y"),)),)))),), True, 3),
    )
    assert made == [
        node("heading", text("H"), level=3),
        node(
            "paragraph",
            text("a "),
            text("b ", "strong"),
            text("c", "strong", "em"),
            node("hard_break"),
            text("d"),
        ),
        node(
            "ordered_list",
            node(
                "list_item",
                node("paragraph", text("x")),
                node("bullet_list", node("list_item", node("paragraph", text("y")))),
            ),
            start=3,
            order=3,
        ),
    ]


def test_tiptap_names() -> None:
    made = document(
        paragraph(i.Strong((i.Text("a"),)), i.Superscript((i.Text("b"),))),
        b.ThematicBreak(),
        b.List((b.ListItem((paragraph("x"),)),)),
        profile="tiptap",
    )
    assert made == [
        node("paragraph", text("a", "bold"), text("b")),
        node("horizontalRule"),
        node("bulletList", node("listItem", node("paragraph", text("x")))),
    ]


def test_an_item_begins_with_a_paragraph_though_it_holds_a_list_alone() -> None:
    inner = b.List((b.ListItem((paragraph("x"),)),))
    item = node("list_item", node("paragraph", text("x")))
    assert document(b.List((b.ListItem((inner,)), b.ListItem()))) == [
        node(
            "bullet_list",
            node("list_item", node("paragraph"), node("bullet_list", item)),
            node("list_item", node("paragraph")),
        )
    ]


def test_a_task_keeps_its_words_behind_its_box() -> None:
    tasks = (b.ListItem((paragraph("sail"),), checked=True), b.ListItem((), checked=False))
    assert document(b.List(tasks)) == [
        node(
            "bullet_list",
            node("list_item", node("paragraph", text("\u2611 sail"))),
            node("list_item", node("paragraph", text("\u2610 "))),
        )
    ]


def test_a_list_is_cut_where_it_holds_more_than_text() -> None:
    made = document(
        b.List(
            (
                b.ListItem((paragraph("one"), b.CodeBlock("code"), paragraph("behind"))),
                b.ListItem((paragraph("two"),)),
            ),
            True,
        )
    )
    assert [n["type"] for n in made] == [
        "ordered_list",
        "highlighted_code_block",
        "paragraph",
        "ordered_list",
    ]
    assert made[3]["attrs"] == {"start": 2, "order": 2}


def test_a_note_cited_twice_is_written_twice_and_notes_that_cite_themselves_end() -> None:
    made = document(
        paragraph("a", i.NoteRef("n"), i.NoteRef("n")),
        notes=(
            Footnote("n", (paragraph("N", i.NoteRef("m")),)),
            Footnote("m", (paragraph("M", i.NoteRef("n")),)),
        ),
    )
    notes = [n for n in made if n["type"] == "footnote"]
    assert [n["attrs"]["number"] for n in notes] == [1, 2, 3]
    assert [n["content"][0]["content"][0]["text"] for n in notes[:2]] == ["N", "N[3]"]


def test_a_table_is_a_list() -> None:
    def cells(*words: str) -> tuple[b.Cell, ...]:
        return tuple(b.Cell((i.Text(word),)) for word in words)

    (made,) = document(b.Table((cells("Tide", "Hour"),), (cells("high", "6"), cells("low", "12"))))
    assert [
        "".join(n["text"] for n in item["content"][0]["content"]) for item in made["content"]
    ] == ["Tide: high; Hour: 6", "Tide: low; Hour: 12"]


def test_raw_html_becomes_nodes() -> None:
    assert document(b.RawBlock("html", "<p>A <b>b</b></p><script>x</script>")) == [
        node("paragraph", text("A "), text("b", "strong"))
    ]


def test_a_link_leads_somewhere_or_is_text() -> None:
    made = document(
        paragraph(
            i.Link((i.Text("a"),), "https://far.example/"),
            i.Link((i.Text("b"),), "javascript:alert(1)"),
            i.Link((i.Text("c"),), "#here"),
            i.Link((i.Text("d"),), "/about"),
        ),
        site="https://own.example",
    )
    links = {
        n["text"]: n["marks"][0]["attrs"]["href"] for n in made[0]["content"] if n.get("marks")
    }
    assert links == {"a": "https://far.example/", "d": "https://own.example/about"}


def test_the_payload() -> None:
    metadata = Metadata(
        key="k",
        slug="a-slug",
        title="T",
        subtitle="S",
        audience="only_paid",
        kind="podcast",
        extra={"podcast_url": "https://far.example/a.mp3"},
    )
    made = draft(Post(metadata, (paragraph("x"),)), user_id=7)
    assert isinstance(made.pop("draft_body"), str)
    assert made == {
        "draft_title": "T",
        "draft_subtitle": "S",
        "draft_bylines": [{"id": 7, "is_guest": False}],
        "type": "podcast",
        "audience": "only_paid",
        "section_chosen": True,
        "draft_section_id": None,
        "write_comment_permissions": "only_paid",
        "slug": "a-slug",
        "draft_podcast_url": "https://far.example/a.mp3",
    }


def test_an_audience_that_substack_does_not_know_is_not_everyone() -> None:
    made = draft(Post(Metadata(key="k", audience="patrons"), (paragraph("x"),)))
    assert made["audience"] == "only_paid"


def test_conditional_text_is_not_told_to_everybody() -> None:
    hidden = b.Conditional((paragraph("secret"),), ("only_paid",))
    artifact = clothbound.write(
        Post(Metadata(key="k"), (hidden, paragraph("x"))), "substack-editor"
    )
    assert b"secret" not in artifact.to_bytes()
    assert artifact.report.dropped == 1


# What python-substack can say of a document in Markdown: all that it knows.
COMMON = """\
## Head

Some **strong**, *emphatic*, ~~struck~~, `code` and [linked](https://far.example/) text.[^1]

- one

    - inner
- two

> quoted

---

![alt](https://far.example/a.png)

[^1]: The note.
"""


def test_python_substack_reads_our_documents() -> None:
    post = clothbound.read(COMMON.encode(), "markdown")[0]
    made = json.loads(draft(post)["draft_body"])
    markdown, unsupported = document_to_markdown(made)
    assert unsupported == []
    again = clothbound.read(markdown.encode(), "markdown")[0]
    assert plain_text(again) == plain_text(post)
    assert json.loads(draft(again)["draft_body"])["content"][:-2] == made["content"][:-2]


def test_python_substack_makes_the_same_of_the_same_text() -> None:
    """Two independent clients write the same document for content that both support."""
    source = COMMON.partition("![alt]")[0].replace("[^1]", "")
    ours = json.loads(draft(clothbound.read(source.encode(), "markdown")[0])["draft_body"])
    theirs = {"type": "doc", "content": markdown_to_doc(source)}

    def bare(node: dict[str, Any]) -> Any:
        return (
            node["type"],
            node.get("text"),
            [mark["type"] for mark in node.get("marks", ())],
            [bare(child) for child in node.get("content", ())],
        )

    assert bare(ours) == bare(theirs)


def test_what_python_substack_does_not_know_are_known_nodes_of_others() -> None:
    _, unsupported = document_to_markdown(json.loads(draft(every_node())["draft_body"]))
    assert {item["type"] for item in unsupported} <= CLASSIC.nodes


def test_what_is_pasted_is_read_back_by_us() -> None:
    """The document as HTML, through our reader of HTML, is the same document."""
    body = (
        b.Heading((i.Text("Head"),), 2),
        paragraph("a ", i.Strong((i.Text("b"),)), i.LineBreak(), i.Code("c"), i.NoteRef("n")),
        paragraph(i.Link((i.Text("far"),), "https://far.example/"), i.Superscript((i.Text("2"),))),
        paragraph(*(kind((i.Text("x"),)) for kind in (i.Emphasis, i.Strikethrough, i.Subscript))),
        b.List((b.ListItem((paragraph("x"), b.List((b.ListItem((paragraph("y"),)),)))),), True, 3),
        b.Quote((paragraph("q"), paragraph("r"))),
        b.PullQuote((paragraph("pull"),)),
        b.Callout((paragraph("call"),)),
        b.CodeBlock("x = 1\n\n<&>", "python"),
        b.Verse((i.Text("one"), i.LineBreak(), i.Text("   two"))),
        b.Figure(i.Image("https://far.example/a.png", "Alt"), (i.Text("Caption"),)),
        b.ThematicBreak(),
        b.PaywallBreak(),
        paragraph("end"),
    )
    notes = (Footnote("n", (paragraph("Note."), paragraph("More."))),)
    post = Post(Metadata(key="k"), body, notes)
    first = json.loads(draft(post)["draft_body"])
    again = clothbound.read(document_html(first).encode(), "html")[0]
    assert json.loads(draft(again)["draft_body"]) == first


UNSAFE = ("javascript:alert(1)", "data:text/html,<b>x", "vbscript:x")
HOSTILE = (
    '<p class="button-wrapper" data-attrs="{}" data-component-name="ButtonCreateButton"></p>',
    '<div class="captioned-button-wrap" data-attrs="{}" data-component-name="CaptionedButtonToDOM">'
    '<p class="button-wrapper" data-attrs="{}" data-component-name="ButtonCreateButton"></p></div>',
    '<div class="digest-post-embed" data-attrs="{}"></div>',
    '<div class="twitter-embed" data-attrs="{}" data-component-name="Twitter2ToDOM"></div>',
    '<p><span class="mention-wrap" data-attrs="{}" data-component-name="MentionToDOM"></span></p>',
    '<div class="file-embed-wrapper" data-attrs="{}"></div>',
)


@pytest.mark.parametrize("bad", UNSAFE)
def test_no_address_that_runs_in_the_data_of_any_component(bad: str) -> None:
    names = ("url", "href", "src", "canonical_url", "cover_image", "publication_logo_url")
    data = dict.fromkeys(names, bad) | {"id": 1, "text": "T", "title": "T", "name": "N"}
    attrs = html.escape(json.dumps(data))
    body = "".join(HOSTILE).replace("{}", attrs)
    post = clothbound.read(archive_of({"1.a": f"<p>x</p>{body}"}), "substack")[0]
    for target in ("substack-editor", "substack-paste"):
        made = clothbound.write(post, target).to_bytes().decode("utf-8", "replace")
        assert bad not in html.unescape(made), target
