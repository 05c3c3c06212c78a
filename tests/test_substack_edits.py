"""From an archive to Markdown, an edit there, and back: only what was edited differs."""

from __future__ import annotations

import html
import io
import json
import re
import zipfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mistune.util import escape_url

from clothbound import api
from clothbound.model.blocks import Embed, FileDownload, MathBlock, Media, Paragraph, Poll
from clothbound.model.inlines import Math, Text
from clothbound.model.plain_text import plain_text
from clothbound.model.post import Metadata, Post
from clothbound.web.markdown_addresses import encode_address
from substack_dom import archive_of, dom, files_of, with_edges_out, written
from visible_words import visible_words, with_new_words

_BLOCKS = frozenset("blockquote div figcaption h1 h2 h3 h4 h5 h6 li p".split())


def seen(nodes: list[Any], *, verbatim: bool = False) -> list[Any]:
    """A tree without what no reader sees and Markdown has no form for: space at the ends of a
    block, a second space, a paragraph with nothing in it; space at the ends of marks moves out.
    """
    result: list[Any] = []
    for node in nodes if verbatim else with_edges_out(nodes):
        if isinstance(node, str):
            result.append(node if verbatim else re.sub(r"[ \n]+", " ", node))
            continue
        name, attributes, children = node
        inner = seen(children, verbatim=verbatim or name == "pre")
        if name in _BLOCKS and not verbatim:
            inner = _trimmed(inner)
        if inner or attributes or name != "p":
            result.append((name, attributes, inner))
    return result


def _trimmed(nodes: list[Any]) -> list[Any]:
    nodes = list(nodes)
    for end, strip in ((-1, str.rstrip), (0, str.lstrip)):
        while nodes and isinstance(nodes[end], str):
            nodes[end] = strip(nodes[end], " ")
            if nodes[end]:
                break
            nodes.pop(end)
    return nodes


def differing(source: dict[str, bytes], again: dict[str, bytes]) -> dict[str, tuple[Any, Any]]:
    pairs = {
        name: (seen(dom(data.decode())), seen(dom(again[name].decode())))
        for name, data in source.items()
        if name != "posts.csv"
    }
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


@pytest.mark.corpus
def test_an_edited_title_and_paragraph_are_all_that_differs(shared: Path, tmp_path: Path) -> None:
    folder = shared / "corpus" / "substack-export" / "inturious"
    source = files_of(folder)
    api.write(api.read(folder), "markdown").save(tmp_path / "posts")
    before = written(api.read(tmp_path / "posts"))
    unedited = differing(source, before)

    path = next((tmp_path / "posts").glob("*icp-ai-agent-twitter-spaces-panel.md"))
    text = path.read_text()
    title = re.search(r"^title: .*$", text, re.M)
    assert title is not None
    text = text.replace(title[0], "title: Another title", 1)
    paragraph = next(p for p in text.split("\n\n")[1:] if re.match(r"[A-Za-z ,]{40}", p))
    path.write_text(text.replace(paragraph, "Words of another day.", 1))
    after = written(api.read(tmp_path / "posts"))

    name = next(n for n in after if "icp-ai-agent-twitter-spaces-panel" in n)
    assert {n for n in after if after[n] != before[n]} == {name, "posts.csv"}
    rows = zip(before["posts.csv"].splitlines(), after["posts.csv"].splitlines(), strict=True)
    changed = [(old, new) for old, new in rows if old != new]
    assert len(changed) == 1
    assert b"Another title" in changed[0][1]
    old, new = seen(dom(before[name].decode())), seen(dom(after[name].decode()))
    assert len(old) == len(new)
    blocks = [(one, two) for one, two in zip(old, new, strict=True) if one != two]
    assert [two for _, two in blocks] == [("p", {}, ["Words of another day."])]
    # An empty paragraph in an item of a list is the one thing that this export loses by the way.
    assert len(unedited) <= 1


FIXTURE = Path(__file__).parent / "cases" / "substack-archive"


@pytest.fixture(scope="module")
def in_markdown(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    folder = tmp_path_factory.mktemp("fixture") / "posts"
    api.write(api.read(FIXTURE), "markdown").save(folder)
    return {path.stem: path.read_text() for path in sorted(folder.glob("*.md"))}


@pytest.mark.parametrize("name", sorted(path.stem for path in (FIXTURE / "posts").glob("*.html")))
def test_every_word_of_every_block_can_be_edited(name: str, in_markdown: dict[str, str]) -> None:
    edited, new = with_new_words(in_markdown[name])
    again = written(api.read(edited.encode(), format="markdown"))
    body = again[f"posts/{name}.html"].decode()
    assert [(word, was) for word, was in new.items() if word not in body] == []


def test_no_attribute_repeats_what_the_text_says(in_markdown: dict[str, str]) -> None:
    """Where it did, the attribute would win over an edit of the text."""
    nodes = (
        Embed("video", "https://youtu.be/abc", "YouTube", "At the press", "An hour.", "M. Sande"),
        FileDownload("files/sheet.pdf", "The pattern sheet", "31 KB"),
        Media("audio", "files/talk.mp3", caption=(Text("A talk on linen"),), duration=61),
        Poll("Which cloth", ("linen", "cotton")),
    )
    made = api.write(Post(Metadata(key="a"), nodes), "markdown").to_bytes().decode()
    looked_at = 0
    for name, text in {**in_markdown, "nodes without a component": made}.items():
        shown = " ".join(text[start:end] for start, end in visible_words(text))
        for fields in re.findall(r' fields="((?:[^"\\]|\\.)*)"', text):
            values = json.loads(fields.replace('\\"', '"').replace("\\\\", "\\")).values()
            looked_at += 1
            for value in (value for value in values if isinstance(value, str)):
                words = re.findall(r"[A-Za-z]{2,}", value)
                # One word, as the name of a service, may stand in the text for something else.
                assert len(words) < 2 or " ".join(words) not in shown, (name, fields)
    assert looked_at > 2


_SAID = "persistentExpression title truncated_body_text hero_text body caption logline symbol"


def test_no_data_repeat_what_the_text_says(in_markdown: dict[str, str]) -> None:
    for name, text in in_markdown.items():
        for found in re.findall(r'\.([\w-]+)[^{}\n"]* attrs="((?:[^"\\]|\\.)*)"', text):
            data = json.loads(found[1].replace('\\"', '"').replace("\\\\", "\\"))
            for values in (data, *(value for value in data.values() if isinstance(value, dict))):
                if "image" in found[0]:
                    continue
                told = [values[key] for key in _SAID.split() if isinstance(values.get(key), str)]
                assert told == [], (name, found)


def test_every_block_in_each_of_its_generations_by_way_of_markdown(
    in_markdown: dict[str, str],
) -> None:
    for name, text in in_markdown.items():
        source = (FIXTURE / "posts" / f"{name}.html").read_text()
        again = written(api.read(text.encode(), format="markdown"))[f"posts/{name}.html"].decode()
        # Markdown has no form for a run of text that nothing is said of.
        runs = "<span>A run in a span,</span><span> and the next.</span>"
        source = source.replace(runs, "A run in a span, and the next.")
        assert seen(dom(again)) == seen(dom(source))


def _note(number: str, shown: str = "", suffix: str = "") -> str:
    return (
        '<div class="footnote" data-component-name="FootnoteToDOM">'
        f'<a id="footnote-{number}{suffix}" href="#footnote-anchor-{number}{suffix}" '
        'class="footnote-number" contenteditable="false" target="_self">'
        f'{shown or number}</a><div class="footnote-content"><p>Old.</p></div></div>'
    )


def _mark(number: str, shown: str = "", suffix: str = "") -> str:
    return (
        '<a class="footnote-anchor" data-component-name="FootnoteAnchorToDOM" '
        f'id="footnote-anchor-{number}{suffix}" href="#footnote-{number}{suffix}" '
        f'target="_self">{shown or number}</a>'
    )


NOTES = {
    "from two": f"<p>a{_mark('2')}</p>{_note('2')}",
    "with a gap": f"<p>a{_mark('1')}b{_mark('3')}</p>{_note('1')}{_note('3')}",
    "without a mark": f"<p>a</p>{_note('3')}",
    "the last without a mark": f"<p>a{_mark('1')}</p>{_note('1')}{_note('2')}",
    "with the id of the post": f"<p>a{_mark('1', suffix='-99')}</p>{_note('1', suffix='-99')}",
    "with a star": f"<p>a{_mark('1', '*')}</p>{_note('1', '*')}",
}
FORMS = {
    "rule": "<p>a</p><hr><p>b</p><div><hr></div>",
    "picture": '<p><img src="https://e.example/v1.png"></p>',
    "named picture": '<p><img src="https://e.example/v1.png" data-component-name="ImageToDOM"></p>',
    "figure": '<figure><img src="https://e.example/a.png"><figcaption>Old.</figcaption></figure>',
    "container": '<div class="captioned-image-container"><figure>'
    '<img src="https://e.example/a.png" alt="AA"></figure></div>',
    "unknown": '<div class="gauge" data-attrs="{&quot;a&quot;:1}"><span class="b">Old.</span></div>',
    "unknown in a line": '<p>a <span class="z" data-attrs="{&quot;a&quot;:1}"><b>Old.</b></span></p>',
    "quote": '<div class="pullquote" data-attrs="{&quot;align&quot;:&quot;left&quot;}">'
    "<p>Old.</p></div>",
    "callout": '<div class="callout-block" data-callout="true" data-zz="1"><p>Old.</p></div>',
}
BODIES = {**NOTES, **FORMS}


@pytest.mark.parametrize("name", BODIES)
def test_old_and_rare_forms_stay(name: str) -> None:
    assert dom(_again(BODIES[name])) == dom(BODIES[name])


@pytest.mark.parametrize("name", BODIES)
def test_old_and_rare_forms_stay_by_way_of_markdown(name: str) -> None:
    assert dom(_by_markdown(BODIES[name])) == dom(BODIES[name])


@pytest.mark.parametrize("name", [name for name in BODIES if "Old." in BODIES[name]])
def test_an_edit_of_the_text_leaves_the_form(name: str) -> None:
    body = BODIES[name]
    again = _by_markdown(body, new="New")
    if name in ("unknown", "unknown in a line", "figure"):
        # Nobody knows how they would be written; the text counts.
        assert "New." in again
    else:
        assert dom(again) == dom("New".join(body.rsplit("Old", 1)))


def test_text_behind_the_notes_is_told() -> None:
    posts = api.read(archive_of({"1.a": f"<p>a{_mark('1')}</p>{_note('1')}<p>after</p>"}))
    assert any("after the notes" in d.message for d in posts.posts[0].diagnostics)


def _again(body: str) -> str:
    return written(api.read(archive_of({"1.a": body})))["posts/1.a.html"].decode()


def _by_markdown(body: str, new: str = "Old") -> str:
    """``body`` by way of Markdown, with another word in the place of the last ``Old``."""
    text = api.write(api.read(archive_of({"1.a": body})), "markdown").to_bytes().decode()
    for start, end in list(visible_words(text))[::-1]:
        if text[start:end] == "Old":
            text = text[:start] + new + text[end:]
            break
    posts = api.read(text.encode(), format="markdown")
    return written(posts)["posts/1.a.html"].decode()


PLAYERS = {
    "a chart of another address": '<div class="datawrapper-wrap outer" data-attrs="{&quot;url&quot;:'
    '&quot;https://datawrapper.dwcdn.net/Ab1c2/1/&quot;,&quot;height&quot;:300}" '
    'data-component-name="DatawrapperToDOM"><iframe id="iframe-datawrapper" '
    'class="datawrapper-iframe" src="https://charts.example/1/" width="730"></iframe></div>',
    "a video with words": '<div id="youtube2-abc" class="youtube-wrap" data-attrs="{&quot;videoId&quot;'
    ':&quot;abc&quot;,&quot;startTime&quot;:null,&quot;endTime&quot;:null}" '
    'data-component-name="Youtube2ToDOM"><div class="youtube-inner"><iframe '
    'src="https://www.youtube-nocookie.com/embed/abc" width="728"></iframe><p>Watch here</p></div>'
    "</div>",
    "what nobody knows yet": '<div class="brand-new" data-attrs="{&quot;q&quot;:1}" '
    'data-component-name="BrandNewToDOM"><iframe src="https://play.example/c"></iframe></div>',
}
ACTIVE = [
    '<iframe src="javascript:alert(1)"></iframe>',
    '<iframe src="data:text/html,x"></iframe>',
    '<iframe src="//play.example"></iframe>',
    '<iframe src="http://play.example"></iframe>',
    '<iframe src="https://play.example" srcdoc="&lt;script&gt;"></iframe>',
    '<iframe src="https://play.example" onload="x()"></iframe>',
    "<script>x()</script>",
    '<form action="https://play.example"><input></form>',
]


@pytest.mark.parametrize("name", PLAYERS)
def test_a_player_of_another_form_stays(name: str) -> None:
    assert dom(_again(PLAYERS[name])) == dom(PLAYERS[name])
    assert dom(_by_markdown(PLAYERS[name])) == dom(PLAYERS[name])


@pytest.mark.parametrize("inside", ACTIVE)
def test_what_would_run_is_left_out_and_told(inside: str) -> None:
    body = f'<div class="new" data-attrs="{{&quot;q&quot;:1}}"><p>Words</p>{inside}</div>'
    made = api.write(api.read(archive_of({"1.a": body})), "substack")
    with zipfile.ZipFile(io.BytesIO(made.to_bytes())) as archive:
        again = archive.read("posts/1.a.html").decode()
    assert "Words" in again
    assert re.search(r"<(?:iframe|script|form)| srcdoc| onload", again) is None
    assert any("active content" in d.message for d in made.report.diagnostics)


# --- what Markdown shows of components --------------------------------------------------------------

SHOWN = {
    "formula": (
        '<div class="latex-rendered" data-attrs="{&quot;persistentExpression&quot;:&quot;a_1 &lt; b'
        '&quot;,&quot;id&quot;:&quot;ABC&quot;}" data-component-name="LatexBlockToDOM"></div>',
        ("$$\na_1 < b\n$$", "$$\na_2 < b\n$$"),
        ('"persistentExpression":"a_1 < b"', '"persistentExpression":"a_2 < b"'),
    ),
    "formula in a line": (
        '<p>so <span class="inline-latex" data-attrs="{&quot;persistentExpression&quot;:&quot;x^2'
        '&quot;,&quot;id&quot;:&quot;ABC&quot;}" data-component-name="InlineLatexToDOM"></span></p>',
        ("[$x^2$]", "[$x^3$]"),
        ('"persistentExpression":"x^2"', '"persistentExpression":"x^3"'),
    ),
    "note": (
        '<div class="comment" data-attrs="{&quot;url&quot;:&quot;https://e.example/n&quot;,'
        "&quot;commentId&quot;:5,&quot;comment&quot;:{&quot;id&quot;:5,&quot;body&quot;:&quot;Fog.&quot;,"
        '&quot;name&quot;:&quot;Ada&quot;,&quot;user_id&quot;:7}}" '
        'data-component-name="CommentPlaceholder"></div>',
        ("> Fog.", "> Rain,\\\n> and *fog*."),
        ('"body":"Fog."', '"body":"Rain,\\nand fog."'),
    ),
    "chart": (
        '<div class="polymarket-embed" data-attrs="{&quot;eventSlug&quot;:&quot;fog&quot;,'
        "&quot;marketSlug&quot;:&quot;m&quot;,&quot;profileName&quot;:&quot;Bo&quot;,"
        '&quot;isGraphMode&quot;:false}" data-component-name="PolymarketToDOM"></div>',
        ("— Bo", "— Ada"),
        ('"profileName":"Bo"', '"profileName":"Ada"'),
    ),
    "a note whose words are deleted": (
        '<div class="comment" data-attrs="{&quot;url&quot;:&quot;https://e.example/n&quot;,'
        "&quot;comment&quot;:{&quot;id&quot;:5,&quot;body&quot;:&quot;Fog  bank.&quot;,"
        '&quot;name&quot;:&quot;Ada&quot;}}" data-component-name="CommentPlaceholder"></div>',
        ("> Fog bank.\n\n", ""),
        ('"body":"Fog  bank."', '"body":""'),
    ),
}


@pytest.mark.parametrize("name", SHOWN)
def test_what_is_shown_can_be_edited_and_nothing_else_changes(name: str) -> None:
    body, (shown, edited), (was, wanted) = SHOWN[name]
    text = api.write(api.read(archive_of({"1.a": body})), "markdown").to_bytes().decode()
    assert shown in text
    again = written(api.read(text.encode(), format="markdown"))["posts/1.a.html"].decode()
    assert dom(again) == dom(body)
    text = text.replace(shown, edited)
    again = written(api.read(text.encode(), format="markdown"))["posts/1.a.html"].decode()
    new_id = '"id":"ABC"' in html.unescape(body)
    changed = re.sub(r'(?<="id":")[A-Z]{10}', "ABC", html.unescape(again)) if new_id else again
    assert html.unescape(changed) == html.unescape(body).replace(was, wanted)


def test_a_player_goes_where_its_address_leads() -> None:
    text = (
        '::: {.youtube-wrap attrs="{\\"videoId\\":true,\\"startTime\\":null,\\"endTime\\":\\"9s\\"}" '
        'component-name="Youtube2ToDOM"}\n\n<ADDRESS>\n\n:::\n'
    )
    moved = text.replace("ADDRESS", "https://youtu.be/abcdef?t=5s")
    node = api.read(moved.encode(), format="markdown").posts[0].body[0]
    assert isinstance(node, Embed)
    body = written(api.read(b"---\npost_id: 1.a\n---\n\n" + moved.encode(), format="markdown"))
    html_again = html.unescape(body["posts/1.a.html"].decode())
    assert '{"videoId":"abcdef","startTime":"5s","endTime":"9s"}' in html_again
    for address in ("https://vimeo.com/123", "https://videos.example/w/1"):
        other = api.read(text.replace("ADDRESS", address).encode(), format="markdown").posts[0]
        assert other.body == (Embed("video", href=address),)


def test_the_form_that_says_all_in_its_data_is_read_as_before(in_markdown: dict[str, str]) -> None:
    data = {"url": "https://e.example/n", "comment": {"id": 5, "body": "Fog.", "name": "Ada"}}
    attrs = json.dumps(data).replace('"', '\\"')
    opening = f'::: {{.comment attrs="{attrs}" component-name="CommentPlaceholder"}}'
    markup = "::: comment-body\n[Other](https://o.example)\n\nwords\n:::"
    for inside in ("", markup):
        post = api.read(f"{opening}\n{inside}\n:::\n".encode(), format="markdown").posts[0]
        node = post.body[0]
        assert isinstance(node, Embed)
        assert (node.href, node.text, node.author) == ("https://e.example/n", "Fog.", "Ada")


_ODD = st.one_of(
    st.text(st.characters(exclude_categories=("Cc", "Cs")), max_size=12),
    st.text("ab \n>#*_[]()<>&\\`$|:-—'\"{}%@!~^\t\xa0", max_size=14),
    st.sampled_from(["— a", "{{< x >}}", ":::", "a\n\nb", "  a", "1. a", "https://e.example/a"]),
)
_ODD_HREF = st.one_of(
    st.text("ab/?&=;<>()[]%\\ \n*_~#'\"", max_size=10).map("https://e.example/".__add__),
    st.sampled_from(
        [
            "",
            "javascript:x",
            "https://youtu.be/abcdef",
            "https://e.example/?a=1&copy=2",
            "https://e.example/?a='1'&amp;b=2",
            "http://[2001:db8::1]/[a]",
        ]
    ),
)


@settings(max_examples=300)
@given(
    st.sampled_from(
        [
            ("tweet", "Twitter"),
            ("note", "Substack"),
            ("note", "Bluesky"),
            ("post", "Mole"),
            ("publication", ""),
            ("video", "YouTube"),
            ("audio", "Spotify"),
            ("gist", "GitHub"),
            ("code", ""),
            ("sponsorship", "Rope"),
            ("map", "Anywhere"),
        ]
    ),
    _ODD_HREF,
    _ODD,
    _ODD,
    _ODD,
)
def test_embeds_of_any_words_come_back(
    kind: tuple[str, str], href: str, title: str, text: str, author: str
) -> None:
    """Whatever the words are: shown, or left to the data."""
    embed = Embed(kind[0], href, kind[1], title, text, author)
    nodes: list[Any] = [embed, MathBlock(text or "x"), Paragraph((Text("a "), Math(title or "x")))]
    for node in nodes:
        written_once = api.write(Post(body=(node,)), "markdown").to_bytes()
        again = api.read(written_once, format="markdown").posts[0].body
        assert again == (node,)


@pytest.mark.parametrize("tex", ["<%%>", "a <%= b %> c"])
def test_a_formula_has_no_code_of_templates(tex: str) -> None:
    for node in (MathBlock(tex), Paragraph((Text("a "), Math(tex)))):
        made = api.write(Post(body=(node,)), "markdown").to_bytes()
        assert api.read(made, format="markdown").posts[0].body == (node,)


@pytest.mark.parametrize("tex", ["x \\\\", "x \\", "a $$ b", "a\n\nb", " a", "a\n"])
def test_a_formula_that_does_not_fit_between_dollars_comes_back(tex: str) -> None:
    made = api.write(Post(body=(MathBlock(tex),)), "markdown").to_bytes()
    assert "```tex\n" in made.decode()
    assert api.read(made, format="markdown").posts[0].body == (MathBlock(tex),)


@pytest.mark.parametrize("href", ["https://e.example/<", "https://e.example/?v=a'b", "ht|ps://e"])
def test_a_title_that_leads_to_an_address_of_odd_letters_stands_once(href: str) -> None:
    embed = Embed("post", href, "Mole", "Ebb")
    made = api.write(Post(body=(embed,)), "markdown").to_bytes()
    assert api.read(made, format="markdown").posts[0].body == (embed,)


def test_an_address_is_foreseen_as_it_will_be_read() -> None:
    addresses = [f"https://e.example/{chr(code)}" for code in range(0x20, 0x180)]
    assert list(map(encode_address, addresses)) == list(map(escape_url, addresses))


@pytest.mark.parametrize(
    "opening",
    ["::: native-video-embed", '::: {.media fields="{\\"kind\\":\\"video\\"}"}'],
)
@pytest.mark.parametrize(
    ("first", "words"),
    [
        ("<https://e.example/a>", ""),
        ("[https://e.example/a](https://e.example/a)", ""),
        ("[The film](https://e.example/a)", "The film"),
        ("See [the film](https://e.example/a) first.", "See the film first."),
    ],
)
def test_words_beside_the_address_of_a_recording_are_its_caption(
    opening: str, first: str, words: str
) -> None:
    text = f"{opening}\n{first}\n\nBelow it.\n:::\n"
    (media,) = api.read(text.encode(), format="markdown").posts[0].body
    assert isinstance(media, Media)
    assert media.src == "https://e.example/a"
    assert plain_text(media.caption) == "\n".join(filter(None, (words, "Below it.")))
    again = api.write(Post(body=(media,)), "markdown").to_bytes()
    assert api.read(again, format="markdown").posts[0].body == (media,)
