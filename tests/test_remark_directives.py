"""Components between colons, as Nuxt Content and plug-ins of remark have them, and the marks of Zenn, Grav and Docsify."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

import clothbound
import notation
from clothbound.model.plain_text import plain_text
from clothbound.model.post import Post
from clothbound.readers.markdown.remark_directives import has_directives
from clothbound.verify.directives import without_directives
from line_counts import growth


def read(text: str) -> Post:
    (post,) = clothbound.read(text.encode(), "markdown").posts
    return post


def shown(text: str) -> list[str]:
    return notation.write(read(text).body).split("\n")


def messages(text: str) -> list[tuple[int, str]]:
    return [(found.line, found.message) for found in read(text).diagnostics]


def test_a_component_has_what_stands_to_its_end() -> None:
    assert shown('::callout{type="tip" icon="i-leaf"}\nMash **warm**.\n::\n\nRest.\n') == [
        '1 Callout kind="tip"',
        "  2 Paragraph",
        '    "Mash " Strong("warm") "."',
        "5 Paragraph",
        '  "Rest."',
    ]


def test_components_within_others_have_an_indent_that_is_no_code() -> None:
    text = '::shelf-row\n  ::card{title="Rye"}\n  Dark.\n  ::\n\n  ::card{title="Oats"}\n      Pale.\n  ::\n::\n\nRest.\n'
    assert shown(text) == [
        *("2 Paragraph", '  "Rye"', "3 Paragraph", '  "Dark."'),
        *("6 Paragraph", '  "Oats"', "7 Paragraph", '  "Pale."', "11 Paragraph", '  "Rest."'),
    ]
    assert messages(text) == [(1, "shortcode 'shelf-row' is not known; its words were kept")]


def test_fields_of_a_component_are_its_attributes() -> None:
    assert shown("::prose-img\n---\nsrc: /kiln.png\ncaption: The kiln\nalt: Bricks\n---\n::\n") == [
        '1 Figure Image(src="/kiln.png" alt="Bricks")',
        '  caption: "The kiln"',
    ]


LISTS = """::hero
---
title: The kiln
icon: i-kiln
links:
  - label: Rye
    to: https://oast.example/rye
    icon: i-rye
  - Malt
people:
  - name: Ann
    description: Turns *malt*.
    seats:
      - North
---
Below.
::

::card{:items='["one", {"label": "two"}]' :style='{"a": 1}'}
Last.
::
"""


def test_fields_that_are_lists_are_lists() -> None:
    assert [line.strip() for line in shown(LISTS) if '"' in line] == [
        '"The kiln"',
        'Link("Rye" href="https://oast.example/rye")',
        '"Malt"',
        '"Ann Turns " Emphasis("malt") "."',
        *('"North"', '"Below."', '"one"', '"two"', '"Last."'),
    ]
    assert messages(LISTS) == []


def test_the_count_finds_each_word_of_lists(tmp_path: Path) -> None:
    source = tmp_path / "page.md"
    source.write_text(f"---\ntitle: Malt\n---\n\n{LISTS}")
    book = clothbound.write(clothbound.book(clothbound.read(source)), "epub")
    report = book.save(tmp_path / "b.epub")
    told = clothbound.compare(source, tmp_path / "b.epub", report=report)
    assert [str(found) for found in told.missing] == []


def test_the_names_of_places_in_a_component_are_not_printed() -> None:
    text = "::hero\nFirst.\n\n#description\nSecond.\n\n```c\n#define\n::\n```\n::\n"
    assert shown(text)[1::2] == ['  "First."', '  "Second."']
    assert shown(text)[-1] == r'7 CodeBlock text="#define\n::" language="c"'


def test_a_component_within_a_line_leaves_its_words() -> None:
    text = 'Our :badge[New]{type="tip"} mash, :icon{name="x"}secret :spoiler[is *salt*], 温度:spoiler[高].\n'
    assert plain_text(read(text).body) == "Our New mash, secret is salt, 温度高."
    assert messages(text) == []


def test_a_picture_within_a_line_is_one() -> None:
    (_, line) = shown('Hot: :nuxt-img{src="/kiln.png" alt="Kiln"}.\n')
    assert line == '  "Hot: " Image(src="/kiln.png" alt="Kiln") "."'


@pytest.mark.parametrize(
    "text",
    [
        "At 10:30 the :note, std::sort{x}, a:b[c] and an :unknown[1].",
        "The rows :x[1], :list[0], :host[dark] and /posts/:mark[id] :comment[kept words] :if[so]",
        "`:badge[a]{b}` and `::card{x}`",
        "::plain",
        "Example::",
        "::",
        ":see[this](https://oast.example/)",
    ],
)
def test_colons_of_other_texts_are_text(text: str) -> None:
    without_links = text.replace("](https://oast.example/)", "").replace("[this", "this")
    assert plain_text(read(text + "\n").body) == without_links.replace("`", "")


def test_a_note_behind_a_name_stays_one() -> None:
    (post,) = clothbound.read(b"Of :mark[^1] :mark[x].\n\n[^1]: Rye.\n", "markdown").posts
    assert len(post.footnotes) == 1
    assert plain_text(post.body) == "Of :mark x."


@pytest.mark.parametrize("sign", ["-", "1.", "- -"])
def test_a_component_may_begin_an_item(sign: str) -> None:
    indent = " " * (len(sign) + 1)
    text = f'{sign} ::note{{title="Malt kiln"}}\n{indent}Dry.\n{indent}::\n'
    assert plain_text(read(text).body).split() == ["Malt", "kiln", "Dry."]


@pytest.mark.parametrize("title", [":ignored words", ":included", ":disabled-by"])
def test_a_title_that_begins_with_a_colon_is_one(title: str) -> None:
    assert f'title="{title}"' in shown(f'[Malt](malt.md "{title}")\n')[1]


OF_OTHERS = [
    "<p>?&gt; what</p>",
    "<p>!&gt; what</p>",
    "<p>x<br>?&gt; tip</p>",
    '<p>@<a href="https://oast.example/">card</a></p>',
    '<p>@<a href="abcDEF12345">youtube</a></p>',
    '<p><a href="https://youtu.be/abcDEF12345">plugin:youtube</a></p>',
    '<p>Of :spoiler<span lang="de">Wort</span> :mark[x]</p>',
    "<h2>Hops :id=hops</h2>",
    "<h2>Hops {docsify-ignore}</h2>",
]


@pytest.mark.parametrize("html", OF_OTHERS)
def test_words_that_look_like_such_marks_stay_in_markdown(html: str, tmp_path: Path) -> None:
    page = f"<html><body><h1>Malt</h1><p>Rye.</p>{html}</body></html>"
    posts = clothbound.read(page.encode(), "html")
    clothbound.write(posts, "markdown").save(tmp_path)
    (again,) = clothbound.read(next(tmp_path.glob("*.md"))).posts
    assert plain_text(again.body) == plain_text(posts.posts[0].body)


def test_a_line_alone_leads_to_what_it_names() -> None:
    text = 'Words:\n::github{repo="oast/kiln"}\n::github{repo="oast/malt"}\n> ::github{repo="oast/rye"}\n'
    addresses = [f"https://github.com/oast/{name}" for name in ("kiln", "malt", "rye")]
    assert [line for line in shown(text) if "Link" in line] == [
        *(f'  Link("{one}" href="{one}")' for one in addresses[:2]),
        f'    Link("{addresses[2]}" href="{addresses[2]}")',
    ]


def test_what_only_the_site_knows_stays_as_it_is_written() -> None:
    text = '::widget{size="3"}\n\nA :gauge{value="2"} here.\n'
    assert shown(text) == [
        *("1 Paragraph", r'  Code(text="::widget{size=\"3\"}" .shortcode)'),
        *("3 Paragraph", r'  "A " Code(text=":gauge{value=\"2\"}" .shortcode) " here."'),
    ]
    assert messages(text) == [
        (1, "shortcode 'widget' was kept as text"),
        (3, "shortcode 'gauge' was kept as text"),
    ]


def test_a_component_of_three_colons_may_have_attributes_or_a_label() -> None:
    text = ':::github{repo="oast/kiln"}\n:::\n\n::::outer{title="Our days"}\n:::tip\nDry.\n:::\n::::\n\nRest.\n'
    assert shown(text)[2:] == [
        *("4 Paragraph", '  "Our days"', "5 Group .tip", "  6 Paragraph", '    "Dry."'),
        *("10 Paragraph", '  "Rest."'),
    ]


def test_a_component_without_an_end_takes_the_rest_and_is_named() -> None:
    text = "::open\nWords.\n\n::note\nBox.\n::\n\nRest.\n"
    assert [line.strip() for line in shown(text)][1::2] == [
        '"Words."',
        "5 Paragraph",
        "8 Paragraph",
    ]
    assert messages(text)[0] == (
        1,
        "the component ::open is not closed; it extends to the end of the text",
    )


def test_attributes_behind_words_in_bold_are_not_printed() -> None:
    text = "::note\n**bold**{.red} _it_{#x .y}\n::\n"
    assert plain_text(read(text).body) == "bold it"


def test_components_stand_in_mdx_too(tmp_path: Path) -> None:
    post = tmp_path / "post.mdx"
    post.write_text('# A\n\n::github{repo="oast/kiln"}\n\n<b>x</b> {1} :badge[New]{type="tip"}\n')
    (made,) = clothbound.read(post).posts
    assert plain_text(made.body) == "https://github.com/oast/kiln\n\nx 1 New"


def test_boxes_and_players_of_zenn_are_read() -> None:
    text = ":::message\nDry.\n:::\n\n:::message alert\nHot.\n:::\n\n@[youtube](abcDEF12345)\n@[card](https://oast.example/)\n@[tree](x)\n"
    assert shown(text) == [
        *('1 Callout kind="note"', "  2 Paragraph", '    "Dry."'),
        *('5 Callout kind="warning"', "  6 Paragraph", '    "Hot."'),
        '9 Embed kind="video" href="https://www.youtube.com/watch?v=abcDEF12345" provider="YouTube"',
        *("10 Paragraph", '  Link("https://oast.example/" href="https://oast.example/")'),
        *("11 Paragraph", '  "@" Link("tree" href="x")'),
    ]


def test_a_player_of_grav_is_read() -> None:
    (made,) = shown("[plugin:youtube](https://youtu.be/abcDEF12345)\n")
    assert made == '1 Embed kind="video" href="https://youtu.be/abcDEF12345" provider="YouTube"'


@pytest.mark.parametrize(
    ("size", "attributes"),
    [
        ("=300x", ' width:"300"'),
        ("=300x200", ' width:"300" height:"200"'),
        ("=x20", ' height:"20"'),
    ],
)
def test_the_size_behind_an_address_is_none_of_it(size: str, attributes: str) -> None:
    (_, line) = shown(f"![Kiln](kiln.png {size}) burns\n")
    assert line == f'  Image(src="kiln.png" alt="Kiln"{attributes}) " burns"'


def test_marks_of_docsify_are_read() -> None:
    text = "?> Mash *slowly*,\nalways.\n\n!> Hot!\n\n### Hops :id=hops\n\n## Rye {docsify-ignore}\n\n![K](k.png ':size=5') [Oast](oast.md ':include') x\n"
    assert shown(text) == [
        *('1 Callout kind="tip"', "  1 Paragraph", '    "Mash " Emphasis("slowly") ", always."'),
        *('4 Callout kind="warning"', "  4 Paragraph", '    "Hot!"'),
        *("6 Heading level=3 #hops", '  "Hops"', "8 Heading level=2", '  "Rye"'),
        *("10 Paragraph", '  Image(src="k.png" alt="K") " " Link("Oast" href="oast.md") " x"'),
    ]


@pytest.mark.parametrize(
    "text", ["A plain: text", "::: note\nx\n:::\n", "at 10:30", "a::b", "{:.x}"]
)
def test_plain_texts_have_no_components(text: str) -> None:
    assert not has_directives(text)


TEXTS = [
    '::callout{type="tip"}\nMash **warm**.\n::\n',
    "::prose-img\n---\nsrc: /kiln.png\ncaption: The kiln\nlabel: The kiln\n---\n::\n\n::hero\n#title\nRest.\n::\n",
    'Our :badge[New]{type="tip"} mash :icon{name="x"} :spoiler[salt] **b**{.red}\n',
    '::github{repo="a/b"}\n\n:::card{title="Two words"}\nInner.\n:::\n',
    ":::message alert\nHot.\n:::\n\n@[card](https://oast.example/)\n\n[plugin:youtube](https://youtu.be/abcDEF12345)\n",
    "?> Mash.\n\n!> Hot.\n\n### Hops :id=hops\n\n![Kiln](kiln.png =30x) [a](b.md ':ignore')\n",
    '::widget{size="3"}\n\n```\n::card{x}\n::\n```\n',
    '- ::note{title="Two words"}\n  Inner.\n  ::\n\n1. :::message alert\n   Hot.\n   :::\n',
    "- :::note\n  Inner.\n  :::\n- ?> Tip.\n",
]


@pytest.mark.parametrize("text", TEXTS)
def test_the_count_finds_each_word_in_the_book(text: str, tmp_path: Path) -> None:
    source = tmp_path / "post.md"
    source.write_text(f"---\ntitle: Malt\n---\n\nFirst words.\n\n{text}\nLast words.\n")
    book = clothbound.write(clothbound.book(clothbound.read(source)), "epub")
    report = book.save(tmp_path / "b.epub")
    told = clothbound.compare(source, tmp_path / "b.epub", report=report)
    assert [str(found) for found in told.missing] == []


def test_the_count_knows_the_words_of_a_component() -> None:
    stripped = without_directives('::card[Oats]{title="Dark rye"}\n#body\nWords.\n::')
    assert stripped == 'Oats {{< card title="Dark rye" >}}\n\nWords.\n'


@pytest.mark.parametrize(
    "text",
    ["::a\n", "::a\n::\n", "::a{b}\n", ":a[", ":a[[", ':a{"', "@[a](", "::a\n---\n", "?> a\n"],
)
def test_work_grows_as_the_text(text: str) -> None:
    def reading(size: int) -> Callable[[], object]:
        return lambda: (read(text * size), without_directives(text * size))

    assert growth(reading, 60) < 6
