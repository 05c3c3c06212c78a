"""The values that posts of Jekyll and Eleventy name in Liquid."""

from __future__ import annotations

from pathlib import Path

import pytest

import clothbound
from clothbound.model.inlines import Link
from clothbound.model.walk import walk
from clothbound.verify.content import Kind
from clothbound.verify.markdown import strip_markdown

CONFIG = "title: The Coast\nurl: https://coast.test\nbaseurl: /log\nowner: {name: Ada, likes: [sea, land]}\n"
DATA = (
    "# releases\n---\n- version: 2.10.0\n  date: 2024-03-04\n  url: {gz: https://x.test/a.gz}\n"
    "  note: |\n    two\n    lines\n- version: 2.10.1\n  url: {gz: https://x.test/b.gz}\n"
)


def text_of(body: str, root: Path, header: str = "") -> str:
    """Returns the text of a post of Jekyll."""
    (root / "_posts").mkdir()
    (root / "_data" / "deep").mkdir(parents=True)
    (root / "_config.yml").write_text(CONFIG)
    (root / "_data" / "releases.yml").write_text(DATA.partition("---\n")[2])
    (root / "_data" / "deep" / "people.json").write_text('{"ada": {"name": "Ada Quay", "age": 7}}')
    post = root / "_posts" / "2024-05-06-a.md"
    post.write_text(f"---\ntitle: A tide\n{header}---\n\n{body}\n")
    return clothbound.write(clothbound.read(root), "text").to_text().partition("2024-05-06\n")[2]


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("{{ site.title }}", "The Coast"),
        ("{{site.title|upcase}}", "THE COAST"),
        ("{{- site.title | append: '!' | prepend: \"So, \" -}}", "So, The Coast!"),
        ("{{ site.owner.name }} {{ site.owner['name'] }}", "Ada Ada"),
        ("{{ site.owner.likes | join: ', ' }} {{ site.owner.likes.size }}", "sea, land 2"),
        ("{{ site.owner.likes[1] }} {{ site.owner.likes.first }}", "land sea"),
        ("{{ page.title }} {{ page.mood | default: 'calm' }}", "A tide calm"),
        ("{{ page.colour }} {{ page.date | date: '%d/%m' }}", "blue 06/05"),
        ("{{ site.data.deep.people.ada.name }}", "Ada Quay"),
        ("{{ site.data.deep.people.ada.age }}", "7"),
        ("{{ site.data.releases[1].version }}", "2.10.1"),
        ("x{{ site.data.releases[0].note }}x", "xtwo linesx"),
        ("x{{ site.data.releases[0].gone }}x", "xx"),
        ("{{ 'a,b' | replace: ',', ' and ' }}", "a and b"),
        ("x{{ ' }}x", "x{{ ’ }}x"),
    ],
)
def test_a_value_that_the_site_knows_is_filled_in(
    written: str, expected: str, tmp_path: Path
) -> None:
    made = text_of(f"Here {written} there.", tmp_path, "colour: blue\n")
    assert " ".join(made.split()) == f"Here {expected} there."


@pytest.mark.parametrize(
    "written",
    [
        "{{ site.time }}",
        "{{ page.unknown }}",
        "{{ site.owner }}",
        "{{ site.data.gone.x }}",
        "{{ site.title | own_filter }}",
        "{{ site.title | where }}",
        "{{ site.data...releases }}",
        "{{ nobody.knows }}",
    ],
)
def test_a_value_that_nobody_knows_stays_and_is_named(written: str, tmp_path: Path) -> None:
    assert written in text_of(f"Here {written} there.", tmp_path)


def test_a_value_is_chosen_from_the_data_and_used(tmp_path: Path) -> None:
    body = (
        '{% assign release = site.data.releases | where: "version", "2.10.1" | first %}\n\n'
        "Get <{{ release.url.gz }}> or [this]({{ release.url.gz }}?v={{ release.version }}).\n\n"
        "```\n{{ release.version }}\n```\n\n{% raw %}`{{ release.version }}`{% endraw %}\n"
    )
    made = text_of(body, tmp_path)
    assert "https://x.test/b.gz" in made and "assign" not in made
    assert made.count("2.10.1") == 2 and "{{ release.version }}" in made
    (post,) = clothbound.read(tmp_path).posts
    links = [node.href for node in walk(post) if isinstance(node, Link)]
    assert links == ["https://x.test/b.gz", "https://x.test/b.gz?v=2.10.1"]


def test_addresses_of_the_site_stay_links_between_posts(tmp_path: Path) -> None:
    body = "[a]({{ site.baseurl }}/x/) [b]({{ site.url }}/x/) at {{ site.url }}\n"
    made = text_of(body, tmp_path)
    (post,) = clothbound.read(tmp_path).posts
    assert [node.href for node in walk(post) if isinstance(node, Link)] == ["/log/x/", "/x/"]
    assert "at https://coast.test" in made


def test_data_of_eleventy(tmp_path: Path) -> None:
    (tmp_path / "_data").mkdir()
    (tmp_path / "eleventy.config.js").write_text("")
    (tmp_path / "_data" / "site.json").write_text('{"name": "Bread"}')
    (tmp_path / "a.md").write_text("---\ntitle: A\n---\n\n{{ site.name }}: {{ title }} {{ x }}\n")
    made = clothbound.write(clothbound.read(tmp_path), "text").to_text()
    assert "Bread: A {{ x }}" in made


def test_data_outside_of_the_folder_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "secret.yml").write_text("word: SECRET\n")
    root = tmp_path / "site"
    root.mkdir()
    made = text_of("{{ site.data.link.word }}{{ site.data['../../secret'].word }}", root)
    (root / "_data" / "link.yml").symlink_to(tmp_path / "secret.yml")
    again = clothbound.write(clothbound.read(root), "text").to_text()
    assert "SECRET" not in made + again


def test_hostile_expressions_end(tmp_path: Path) -> None:
    text = "".join(
        "{{ " + part * 100 + " }}\n" for part in ("a.", "a|", "'", '"a" | b: ', "a[0]", "a b ")
    )
    assert text_of(text * 20, tmp_path)


def test_values_that_contain_one_another_do_not_grow_without_end(tmp_path: Path) -> None:
    doubled = "{% assign a = a | append: a %}\n" * 60
    many = (
        "{% assign b = 'wwwwwwwwwwww' "
        + "| append: 'xxxxxxxxxxxxxxxxxxx' " * 8
        + "%}"
        + "{{ b }}\n" * 9_000
    )
    made = text_of(f"{{% assign a = 'aa' %}}\n{doubled}{{{{ a }}}} end.\n\n{many}", tmp_path)
    assert "aaa" not in made and "end." in made and len(made) < 1_200_000
    assert "wwwxxx" in made


def test_raw_text_without_an_end_is_passed_over_in_time(tmp_path: Path) -> None:
    made = text_of(
        "{{ site.title }} first\n\n" + "{% raw %}" * 20_000 + "{{ site.title }}", tmp_path
    )
    assert made.lstrip().startswith("The Coast first")
    assert made.count("The Coast") == 1


def test_the_count_takes_values_for_the_words_of_the_site() -> None:
    text = (
        "Go to {{ site.title | upcase }} by <{{ a.b }}> and [this](https://x.test/{{ a.b }}/) now"
    )
    items = strip_markdown(text)
    assert not [item for item in items if item.kind is Kind.LINK]
    words = " ".join(item.value for item in items if item.kind is Kind.WORD)
    assert "this" in words and "site.title" not in words and "a.b" not in words
    kept = strip_markdown("kept {{ a.b }}", is_product=True)
    assert [item.shown for item in kept] == ["kept", "a.b", "a.b"]


PEOPLE = "crew: [{name: Ada, role: captain}, {name: Bo}]\nfruits: [pear, plum]\nshown: true\nempty_list: []\nnumber: 7\n"


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("{% for one in page.crew %}{{ one.name }} {% endfor %}", "Ada Bo"),
        (
            "{% for one in page.fruits %}{{ one }}{% unless forloop.last %}, {% endunless %}{% endfor %}.",
            "pear, plum.",
        ),
        (
            "{% for x in page.fruits reversed limit:1 %}{{ forloop.index }}{{ x }}{% endfor %}",
            "1pear",
        ),
        ("{% for x in page.fruits offset:1 %}{{ x }}{% endfor %}", "plum"),
        ("{% for n in (1..3) %}{{ n }}{% endfor %}", "123"),
        ("{% for x in page.empty_list %}{{ x }}{% else %}none{% endfor %}", "none"),
        (
            "{%- for r in site.data.releases -%}\n v{{ r.version }} \n{%- endfor -%}",
            "v2.10.0v2.10.1",
        ),
        ("{% if page.shown %}yes{% else %}no{% endif %}", "yes"),
        (
            "{% if page.shown and page.number > 9 %}yes{% elsif page.number == 7 %}seven{% endif %}",
            "seven",
        ),
        ("{% unless page.shown %}no{% else %}yes{% endunless %}", "yes"),
        ("{% if page.fruits contains 'plum' %}plum{% endif %}", "plum"),
        (
            "{% if site.owner.name != 'Bo' or page.nothing %}not Bo{% endif %}",
            "{% if site.owner.name",
        ),
        (
            "{% for a in page.crew %}{% if a.role %}{{ a.name }}: {{ a.role }}{% else %}{{ a.name }}{% endif %};{% endfor %}",
            "Ada: captain;Bo;",
        ),
    ],
)
def test_loops_and_conditions_over_known_values_are_carried_out(
    written: str, expected: str, tmp_path: Path
) -> None:
    made = " ".join(text_of(f"Here {written}", tmp_path, PEOPLE).split())
    if expected.startswith("{%"):  # unknown: only the words are kept
        assert made == "Here not Bo"
    else:
        assert made.replace("Here", "", 1).replace(" ", "") == expected.replace(" ", "")


def test_a_loop_over_what_only_the_site_computes_is_named(tmp_path: Path) -> None:
    text_of(
        "{% for post in site.posts %}\n- {{ post.title }} and {{ post }}\n{% endfor %}", tmp_path
    )
    (post,) = clothbound.read(tmp_path).posts
    messages = [found.message for found in post.diagnostics]
    assert messages == [
        "shortcode 'for' is computed by the site; only the words within it were kept",
        "shortcode 'post.title' is a value of the site; it was kept as text",
        "shortcode 'post' is a value of the site; it was kept as text",
    ]


def test_lines_below_a_loop_are_those_of_the_source(tmp_path: Path) -> None:
    body = "{% for x in page.fruits %}\n- {{ x }}\n{% endfor %}\n\nBelow {% gone %}."
    text_of(body, tmp_path, PEOPLE)
    (post,) = clothbound.read(tmp_path).posts
    source = (tmp_path / "_posts" / "2024-05-06-a.md").read_text().split("\n")
    (found,) = post.diagnostics
    assert source[found.line - 1].startswith("Below")
    assert source[post.body[-1].line - 1].startswith("Below")


def test_loops_that_make_too_much_stay_as_they_are(tmp_path: Path) -> None:
    body = "{% for a in (1..9999) %}{% for b in (1..9999) %}x{% endfor %}{% endfor %}end"
    assert text_of(body, tmp_path).strip() == "xend"


def test_captured_words_stand_where_they_are_printed(tmp_path: Path) -> None:
    body = (
        "{% capture note %}\n- Salt by {{ site.title }}\n- Kelp\n{% endcapture %}\n\nBefore.\n\n{{ note }}\n\n"
        "{% capture unused %}\nStays here.\n{% endcapture %}\n\nLast."
    )
    made = text_of(body, tmp_path)
    assert made.split() == "Before. - Salt by The Coast - Kelp Stays here. Last.".split()


def test_lines_behind_captured_words_keep_their_numbers(tmp_path: Path) -> None:
    body = "{% capture note %}\nSalt.\n{% endcapture %}\n\n{{ note }}\n\nA {% nobody %} tag."
    text_of(body, tmp_path)
    (post,) = clothbound.read(tmp_path).posts
    assert [block.line for block in post.body] == [9, 11]


def test_captures_that_double_have_an_end(tmp_path: Path) -> None:
    body = "{% capture a %}salt {% endcapture %}" + (
        "{% capture a %}{{ a }}{{ a }}{% endcapture %}" * 40
    )
    assert len(text_of(f"{body}\n\n{{{{ a }}}}", tmp_path)) < 2_000_000
