"""Exports of Medium, Blogger, beehiiv and Buttondown in forms that no sample has: what is private stays so, and nothing
goes unsaid.
"""

from __future__ import annotations

from pathlib import Path

import pytest

import clothbound
from clothbound.diagnostics import DiagnosticCode
from odd_exports import OPEN, ROW, SENT, letters, packed


def feed_of(data: bytes | Path) -> str:
    return clothbound.write(clothbound.read(data), "rss").to_bytes().decode()


def messages(data: bytes) -> list[str]:
    collection = clothbound.read(data)
    posts = [d.message for post in collection.posts for d in post.diagnostics]
    return [*(d.message for d in collection.diagnostics), *posts]


STORY = (
    '<html><body><article class="h-entry"><header><h1 class="p-name">Story</h1></header>'
    '<section class="e-content">{}</section><footer><a class="p-author">Ann</a>'
    '<a class="p-canonical" href="https://medium.com/@a/story-abcdef123456">Link</a> Exported from medium.com</footer>'
    "</article></body></html>"
)
FIRST = {"posts/2020-01-02_Story-abcdef123456.html": STORY.format(f"<p>{OPEN}</p>")}


@pytest.mark.parametrize("name", ["draft_without-number", "Draft_Story-abcdef123457", "draft-2"])
def test_a_story_whose_file_is_named_a_draft_is_one(name: str) -> None:
    made = feed_of(packed({**FIRST, f"posts/{name}.html": STORY.format("<p>zqsecret</p>")}))
    assert OPEN in made
    assert "zqsecret" not in made


def test_a_story_that_does_not_mark_its_text_keeps_it_and_says_so() -> None:
    page = STORY.replace('section class="e-content"', "div").replace("</section>", "</div>")
    data = packed({next(iter(FIRST)): page.format(f"<p>{OPEN}</p>")})
    made = feed_of(data)
    assert OPEN in made
    assert "Exported from" not in made
    assert any("does not mark its text" in message for message in messages(data))


def test_an_address_that_is_none_does_not_cost_a_story() -> None:
    text = f"<p>{OPEN}</p><iframe src='http://[x'></iframe><a href='http://[x'>a</a>"
    assert OPEN in feed_of(packed({next(iter(FIRST)): STORY.format(text)}))


def entry(
    status: str = "<blogger:status>LIVE</blogger:status>", words: str = OPEN, more: str = ""
) -> str:
    return (
        f"<entry><id>{words}</id><title>Post</title><content type='html'>{words}</content>{status}{more}"
        "<blogger:type>POST</blogger:type><published>2020-01-01T00:00:00Z</published>"
        "<updated>2020-01-02T00:00:00Z</updated></entry>"
    )


def blog(*entries: str, namespace: str = "http://schemas.google.com/blogger/2018") -> bytes:
    return (
        '<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom" '
        f'xmlns:blogger="{namespace}">{"".join(entries)}</feed>'
    ).encode()


DRAFT = "<blogger:status>DRAFT</blogger:status>"


@pytest.mark.parametrize(
    "namespace",
    [
        "https://schemas.google.com/blogger/2018",
        "http://schemas.google.com/blogger/2031",
        "http://schemas.google.com/blogger/2018#",
    ],
)
@pytest.mark.parametrize("prefix", ["blogger", "b"])
def test_another_namespace_of_blogger_hides_no_status(namespace: str, prefix: str) -> None:
    data = blog(entry(), entry(DRAFT, "zqsecret"), namespace=namespace)
    data = data.replace(b"blogger:", f"{prefix}:".encode()).replace(
        b"xmlns:blogger", f"xmlns:{prefix}".encode()
    )
    made = feed_of(data)
    assert OPEN in made
    assert "zqsecret" not in made


@pytest.mark.parametrize(
    "status",
    [
        "<blogger:status>LIVE</blogger:status><blogger:status>DRAFT</blogger:status>",
        "<blogger:status>LIVE</blogger:status><blogger:trashed/><blogger:trashed>2021</blogger:trashed>",
        "",
    ],
)
def test_of_several_states_the_strictest_counts(status: str) -> None:
    assert "zqsecret" not in feed_of(blog(entry(), entry(status, "zqsecret")))


def test_an_answer_without_a_type_is_a_comment() -> None:
    answer = entry(words="zqsecret", more="<blogger:parent>x</blogger:parent>")
    data = blog(entry(), answer.replace("<blogger:type>POST</blogger:type>", ""))
    assert "zqsecret" not in feed_of(data)


def test_an_address_that_is_none_does_not_cost_a_blog() -> None:
    assert OPEN in feed_of(blog(entry(more='<link rel="alternate" href="http://[x"/>')))


COLUMNS = "web_title{0}content_html{0}status{0}audience\n"


@pytest.mark.parametrize("mark", [",", ";", "\t"])
@pytest.mark.parametrize("start", ["", "\ufeff"])
def test_a_table_of_beehiiv_has_any_sign_between_its_columns(mark: str, start: str) -> None:
    rows = [("Post", f"<p>{OPEN}</p>", "confirmed", "free"), ("No", "zqsecret", "draft", "free")]
    table = start + COLUMNS.format(mark) + "\n".join(map(mark.join, rows))
    made = feed_of(table.encode())
    assert OPEN in made
    assert "zqsecret" not in made


def test_a_row_that_is_cut_off_before_its_status_is_not_public() -> None:
    table = COLUMNS.format(",") + f"Post,{OPEN},confirmed,free\nNo,zqsecret\n"
    made = feed_of(table.encode())
    assert OPEN in made
    assert "zqsecret" not in made


def test_a_table_of_beehiiv_is_found_in_an_archive(tmp_path: Path) -> None:
    table = COLUMNS.format(",") + f"Post,{OPEN},confirmed,free\nNo,zqsecret,draft,free\n"
    data = packed({"export/newsletter.csv": table, "export/subscribers.csv": "email\nzqmail@x\n"})
    (tmp_path / "export").mkdir()
    (tmp_path / "export" / "newsletter.csv").write_text(table)
    for source in (data, tmp_path):
        made = feed_of(source)
        assert OPEN in made
        assert "zqsecret" not in made
        assert "zqmail" not in made


@pytest.mark.parametrize(
    "part",
    [
        "{% if a %}zqsecret {% if b %}inner{% endif %} zqsecret{% endif %}",
        "{% if a %}{% if b %}zqsecret{% endif %}{% else %}zqsecret{% endif %}",
        "{%- unless a -%}zqsecret{%- endunless -%}",
        "{% case a %}{% when 1 %}zqsecret{% endcase %}",
    ],
)
def test_parts_for_some_readers_within_each_other_are_left_out(part: str) -> None:
    data = letters([SENT], {"a": f"{OPEN}\n\n{part}\n\nThe end."})
    made = feed_of(data)
    assert OPEN in made
    assert "The end." in made
    assert "zqsecret" not in made
    assert "inner" not in made
    assert any("not for all readers" in message for message in messages(data))
    table = COLUMNS.format(",") + f'Post,"<p>{OPEN}</p>{part}<p>The end.</p>",confirmed,free\n'
    assert "zqsecret" not in feed_of(table.encode())


def test_a_part_for_some_readers_without_an_end_hides_what_follows() -> None:
    made = feed_of(letters([SENT], {"a": f"{OPEN}\n\n{{% if a %}}zqsecret"}))
    assert OPEN in made
    assert "zqsecret" not in made


def test_conditions_in_code_are_an_example() -> None:
    text = f"{OPEN}\n\n```\n{{% if a %}}shown{{% endif %}}\n```\n\nUse `{{% if b %}}` too."
    made = feed_of(letters([SENT], {"a": text}))
    assert "shown" in made
    assert "too." in made


def test_a_row_without_the_status_that_others_have_is_not_public() -> None:
    other = {**ROW, "id": "2", "slug": "b"}
    made = feed_of(letters([SENT, other], {"a": OPEN, "b": "zqsecret"}))
    assert OPEN in made
    assert "zqsecret" not in made


@pytest.mark.parametrize("broken", ["[{", "[" * 100_000])
def test_of_two_tables_the_one_that_can_be_read_is(broken: str) -> None:
    table = "id,subject,slug,publish_date,status\n1,Letter,a,2024-01-01T00:00:00Z,sent\n"
    data = packed({"emails.json": broken, "emails.csv": table, "emails/a.md": OPEN})
    assert OPEN in feed_of(data)
    codes = [d.code for d in clothbound.read(data).diagnostics]
    assert DiagnosticCode.ARCHIVE_FILE in codes


def test_a_table_of_letters_with_another_name_keeps_drafts_back() -> None:
    table = "id,subject,slug,publish_date,status\n1,A,a,2024-01-01,sent\n2,B,b,2024-01-01,draft\n"
    people = {"x/subscribers.csv": "email_address,tags\nzqmail@x,\n"}
    texts = {"x/emails/a.md": OPEN, "x/emails/b.md": "zqsecret"}
    made = feed_of(packed({"x/archive.csv": table, **texts, **people}))
    assert OPEN in made
    assert "zqsecret" not in made
    assert "zqmail" not in made
