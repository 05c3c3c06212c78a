"""What templates leave in posts: ERB of Middleman, fields of Hakyll, comments and signs of shortcodes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

import clothbound
import notation
from clothbound.readers.markdown import erb, hakyll
from clothbound.verify.template_marks import without_template_marks
from line_counts import growth

HEADER = '---\ntitle: Malt\nauthor: Ann\ndate: 2024-05-01\nhop: "Saaz"\n---\n\n'


def shown(text: str) -> tuple[list[str], list[str]]:
    """Returns the nodes of a text, and what is reported of it."""
    (post,) = clothbound.read((HEADER + text).encode(), "markdown").posts
    told = [f"{entry.line} {entry.message}" for entry in post.diagnostics]
    return notation.write(post.body).split("\n"), told


def unnamed(tmp_path: Path, text: str) -> list[str]:
    """Returns what a book lacks of a text that no report names."""
    source = tmp_path / "page.md"
    source.write_text(HEADER + text)
    book = clothbound.write(clothbound.book(clothbound.read(source)), "epub")
    report = book.save(tmp_path / "b.epub")
    return [
        str(found)
        for found in clothbound.compare(source, tmp_path / "b.epub", report=report).missing
    ]


ERB = """Rye is <%= link_to "the kiln", "https://oast.example/" %>.

<%= image_tag 'kiln.png', alt: "The kiln" %>

READMORE

<% if warm %>
Warm words.
<% else %>
Cold words.
<% end %>

<%# a remark %>

Of <%= partial "box" %> and `<%= code %>`, [here](<%= url_for x %>).

<% code("ruby") do %>
puts 1
<% end %>

```
<%= x %>
READMORE
```
"""


def test_code_of_erb_shows_links_and_pictures_and_the_rest_is_named() -> None:
    nodes, told = shown(ERB)
    assert nodes == [
        *("8 Paragraph", '  "Rye is " Link("the kiln" href="https://oast.example/") "."'),
        *('10 Figure Image(src="/images/kiln.png" alt="The kiln")', '  caption: "The kiln"'),
        *("15 Paragraph", '  "Warm words."', "17 Paragraph", '  "Cold words."', "22 Paragraph"),
        '  "Of " Code(text="<%= partial \\"box\\" %>") " and " Code(text="<%= code %>") ", here."',
        '24 CodeBlock text="puts 1" language="ruby"',
        '28 CodeBlock text="<%= x %>\\nREADMORE"',
    ]
    assert [entry.partition(";")[0] for entry in told] == [
        "14 statement '<% if warm %>' is computed by the site",
        "20 comment '<%# a remark %>' holds what the site does not show",
        "22 expression '<%= partial \"box\" %>' was kept as text, since only the site evaluates it",
        "22 expression '<%= url_for x %>' is an address that the site computes",
    ]


def test_braces_of_erb_in_elements_and_doubled_signs_stay() -> None:
    nodes, _ = shown('Write <%%= x %> so, <span title="<%= y %>">rye</span>.\n')
    assert nodes[1] == '  "Write " Code(text="<%= x %>") " so, " Span("rye" title:"<%= y %>") "."'


def test_helpers_of_addresses_in_elements_are_the_paths_that_they_name(tmp_path: Path) -> None:
    text = (
        '<img src="<%= fitted("a/kiln.png") %>" alt="Kiln" width="9">\n\n'
        '<a href="<%= url_for("/oast") %>">Oast</a>, <a href="<%= at("x", 2) %>">hops</a>, '
        '![Rye](<%= fitted \'rye.png\' %>), [malt](<%= url_for("/malt") %>), "<%= name("Ann") %>".\n\n'
        '```\n<img src="<%= fitted("b.png") %>">\n```\n'
    )
    nodes, told = shown(text)
    written = "\n".join(nodes)
    assert all(one in written for one in ('src="a/kiln.png"', 'alt="Kiln"', 'src="rye.png"'))
    assert all(one in written for one in ('Link("Oast" href="/oast")', 'Link("malt" href="/malt")'))
    assert 'Link("hops" href=' in written
    assert [entry.partition(" was")[0] for entry in told] == [
        "10 expression '<%= at(\"x\", 2) %>'",
        "10 expression '<%= name(\"Ann\") %>'",
    ]
    assert unnamed(tmp_path, text) == []


HAKYLL = """Of $title$ by $author$ with $hop$, `$date$`.

$if(rye)$
Rye words.
$else$
Oats.
$endif$

$partial("box.html")$ and $unknown$.

A formula $x^2$ costs $5 and $6.
"""


def test_fields_of_hakyll_have_the_values_of_the_header() -> None:
    nodes, told = shown(HAKYLL)
    assert nodes == [
        *("8 Paragraph", '  "Of Malt by Ann with Saaz, " Code(text="$date$") "."'),
        *("11 Paragraph", '  "Rye words."', "13 Paragraph", '  "Oats."', "16 Paragraph"),
        '  Code(text="$partial(\\"box.html\\")$") " and " Code(text="$unknown$") "."',
        *("18 Paragraph", '  "A formula " Math(tex="x^2") " costs $5 and $6."'),
    ]
    assert [entry.split(" ", 2)[:2] for entry in told] == [
        ["10", "mark"],
        ["16", "expression"],
        ["16", "expression"],
    ]


def test_a_page_of_hakyll_may_have_marks_of_logic_alone() -> None:
    nodes, _ = shown("One $if(hop)$two$endif$ three.\n")
    assert "$" not in "".join(nodes)


def test_formulas_are_no_fields() -> None:
    for text in (
        "$x$ and $alpha$.\n",
        "$if$ it is $5 or $6.\n",
        "```\n$title$\n```\n",
        "Write $title$; a formula is $e^x$, and $f(x)$ of $velocity$.\n",
        "Of $date$ by $author$.\n\n$$\nx\n$$\n",
        "The template sets $title$ as the head.\n\nSo $title$ comes twice.\n",
    ):
        assert not hakyll.is_page(text)
        assert without_template_marks(text) == text


PICTURES = """{% figure "https://oast.example/a.jpg", "The *old* kiln", "" %}

{{< img "https://oast.example/b.jpg" "Rye in rain" "right" "100vw" >}}

{% image "https://oast.example/c.jpg", "Alt words", "(min-width: 30em) 50vw, 100vw" %}

Within {% photo "https://oast.example/d.jpg", "One line" %} here.

{% youtube "abc123", "How malt dries", "width=40" %}

{% gist "37b74037637b5752741160058e243094" %}

```
{% raw %}{% figure "x" %}{% endraw %}
```
"""


def test_words_in_quotation_marks_behind_a_file_are_its_caption() -> None:
    nodes, told = shown(PICTURES)
    assert nodes == [
        '8 Figure Image(src="https://oast.example/a.jpg")',
        '  caption: "The " Emphasis("old") " kiln"',
        '10 Figure Image(src="https://oast.example/b.jpg")',
        '  caption: "Rye in rain"',
        '12 Figure Image(src="https://oast.example/c.jpg" alt="Alt words")',
        "14 Paragraph",
        '  "Within " Image(src="https://oast.example/d.jpg") " One line here."',
        nodes[7],
        nodes[8],
        '20 CodeBlock text="{% figure \\"x\\" %}"',
    ]
    assert "abc123" in nodes[7]
    assert 'title="How malt dries"' in nodes[7]
    assert "gist.github.com/37b74037637b5752741160058e243094" in nodes[8]
    assert told == []


PROSE = """ASP has <% to open code and %> to close it.

Another opens with <% alone.

```
%>
```

Words %> between.

    <%= indented %>
    READMORE

- An item

    Of <%= link_to "malt", "/x" %>.

<% hop = 1 %>
"""


def test_code_of_erb_may_take_space_away_and_stays_in_elements_of_code() -> None:
    nodes, _ = shown("<%- if warm -%>\nWarm.\n<%- end -%>\n\n<pre><code>\n<%= x %></code></pre>\n")
    assert nodes == ["9 Paragraph", '  "Warm."', '12 CodeBlock text="<%= x %>"']


def test_signs_of_erb_in_prose_take_no_words() -> None:
    nodes, told = shown(PROSE)
    assert nodes == [
        *("8 Paragraph", '  "ASP has " Code(text="<% to open code and %>") " to close it."'),
        *("10 Paragraph", '  "Another opens with <% alone."', '12 CodeBlock text="%>"'),
        *("16 Paragraph", '  "Words %> between."'),
        '18 CodeBlock text="<%= indented %>\\nREADMORE"',
        *("21 List loose", "  21 ListItem", "    21 Paragraph", '      "An item"'),
        *("    23 Paragraph", '      "Of " Link("malt" href="/x") "."'),
        *("25 Paragraph", '  Code(text="<% hop = 1 %>")'),
    ]
    assert [entry.split(" ", 2)[:2] for entry in told] == [
        ["8", "expression"],
        ["25", "expression"],
    ]


COMMENTS = """{{< comment >}}
Secret words.
{{< /comment >}}

Icon {{< icon name="house" label="home sign" >}} and {{< comment >}}more{{< /comment >}} text.

{{< icon "star" >}}
"""


def test_words_that_no_page_shows_are_named() -> None:
    nodes, told = shown(COMMENTS)
    assert nodes == ["12 Paragraph", '  "Icon  and  text."']
    assert told == [
        "8 shortcode 'comment' holds what the site does not show; it was left out (2 times)",
        "12 shortcode 'icon' shows no words; its label 'home sign' was left out",
    ]


@pytest.mark.parametrize(
    ("file", "address"),
    [
        ("a/kiln.png", "/images/a/kiln.png"),
        ("/a/kiln.png", "/a/kiln.png"),
        ("https://oast.example/k.png", "https://oast.example/k.png"),
        ("data:image/gif;base64,R0lGODlhAQABAAAAACw=",) * 2,
        ("k.png?from=http://a.example", "/images/k.png?from=http://a.example"),
    ],
)
def test_a_picture_of_erb_is_in_the_folder_for_images_unless_it_says_where(
    file: str, address: str
) -> None:
    nodes, _ = shown(f'<%= image_tag "{file}", alt: "The kiln" %>\n')
    assert nodes[0] == f'8 Figure Image(src="{address}" alt="The kiln")'


def test_the_count_knows_what_templates_show(tmp_path: Path) -> None:
    kiln = ERB.replace("kiln.png", "https://oast.example/k.png")
    for text in (kiln, PROSE, HAKYLL, COMMENTS, PICTURES):
        assert unnamed(tmp_path, text) == []


def test_the_count_misses_words_between_signs_of_erb() -> None:
    for text in ("<% to open code and %>", "<% one.\n\nWords. %>"):
        assert without_template_marks(text).strip("`") == text


@pytest.mark.parametrize(
    "text",
    [
        "<%= ",
        "<% a %",
        "<% a\n",
        "[x](<%= ",
        "$if(a)$ ",
        "$a",
        "$title$ $ab",
        "READMORE\n",
        "<pre>",
        "<code>a",
    ],
)
def test_work_grows_as_the_text(text: str) -> None:
    def reading(size: int) -> Callable[[], object]:
        return lambda: (
            erb.as_markdown(text * size, 1),
            hakyll.is_page(text * size),
            without_template_marks(text * size),
        )

    assert growth(reading, 200) < 6


def test_an_escaped_sign_is_no_code_of_a_template() -> None:
    text = "The button says \\<% tp.date.now() %> and \\<%= kiln %>.\n"
    assert shown(text) == (
        ["8 Paragraph", '  "The button says <% tp.date.now() %> and <%= kiln %>."'],
        [],
    )
    assert without_template_marks(text) == text


@pytest.mark.parametrize("dialect", ["pandoc", "gfm", "commonmark"])
def test_the_end_of_a_summary_as_a_word_is_kept_in_a_copy(dialect: str) -> None:
    line = "&#82;EADMORE\n"
    (post,) = clothbound.read((HEADER + f"Rye.\n\n{line}\nOats\n{line}").encode(), "markdown").posts
    copy = clothbound.write([post], clothbound.Markdown(dialect=dialect)).to_text()
    assert clothbound.read(copy.encode(), "markdown")[0].body == post.body
    assert "READMORE" in notation.write(post.body)
