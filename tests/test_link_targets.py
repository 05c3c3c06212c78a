"""Targets of links that only a generator of sites understands, as the reader of Markdown resolves them."""

from __future__ import annotations

import pytest

import clothbound
from clothbound.model.index import hrefs_of
from clothbound.model.inlines import Image
from clothbound.model.walk import walk
from clothbound.readers.sites.link_targets import (
    resolve_definitions,
    resolve_filename,
    resolve_targets,
)

TARGETS = [
    ('[a]({{< ref "b.md" >}}#x "C")', "b.md#x"),
    ('[a]({{% relref "a b.md" %}})', "a%20b.md"),
    ('[a]({{< relref path="x.md" lang="fr" >}})', "/fr/x.md"),
    ('[a]({{< ref "/blog/x.md#part" >}})', "/blog/x.md#part"),
    ("[a]({% post_url 2024-01-03-second %})", "2024-01-03-second.md"),
    ("[a]({%- post_url notes/2024-01-03-second -%}#x)", "notes/2024-01-03-second.md#x"),
    ("[a]({% link _posts/2024-01-03-second.md %}#x)", "/_posts/2024-01-03-second.md#x"),
    ("[a]({{ site.baseurl }}{% link _posts/two.md %})", "/_posts/two.md"),
    ("[a]({{ '/x/' | relative_url }})", "/x/"),
    ('[a]({{ "/x/" | absolute_url | escape }})', "/x/"),
    ('[a]({{ "/assets/a.pdf" | prepend: site.baseurl }})', "/assets/a.pdf"),
    ("[a]({{site.url}}{{ site.baseurl }}/a/b)", "/a/b"),
    ("[a]({{ '/x/' | url }})", "/x/"),
    ('[a]({{ get_url(path="@/blog/x.md") }})', "@/blog/x.md"),
    ("[a]({filename}/dir/x.md)", "/dir/x.md"),
    ("[a](|filename|x.rst#y)", "x.rst#y"),
    ("[a]({attach}x.pdf)", "x.pdf"),
    ("[a]({tag}ships)", "/tag/ships.html"),
    ("[a]({index})", "/"),
    ('<a href="{{< ref "two.md" >}}#part">Two</a>', "two.md#part"),
    ("<a class=x href='{{ \"/x/\" | relative_url }}'>x</a>", "/x/"),
    ("[a][b]\n\n[b]: {% post_url 2024-01-03-second %}", "2024-01-03-second.md"),
    ('[a][b]\n\n[b]: <{{ site.url }}/x> "T"', "/x"),
]


@pytest.mark.parametrize(("text", "href"), TARGETS, ids=[text for text, _ in TARGETS])
def test_a_target_becomes_an_address(text: str, href: str) -> None:
    (post,) = clothbound.read(f"{text}\n".encode(), "markdown").posts
    assert [found for _, found in hrefs_of(post)] == [href]
    assert not post.diagnostics


@pytest.mark.parametrize(
    ("text", "src"),
    [
        ("![p]({{ site.baseurl }}/images/a.png)", "/images/a.png"),
        ("![p]({static}/images/a.png)", "/images/a.png"),
        ('<img src="{{ "/a.png" | relative_url }}" alt="p">', "/a.png"),
    ],
)
def test_a_picture_has_an_address_too(text: str, src: str) -> None:
    (post,) = clothbound.read(f"{text}\n".encode(), "markdown").posts
    assert [node.src for node in walk(post) if isinstance(node, Image)] == [src]


@pytest.mark.parametrize(
    "text",
    [
        "[a]({{ page.next }})",
        "[a]({{< param link >}})",
        "[a]({% include x.html %}{{ site.baseurl }})",
        "a = {{ site.baseurl }}/x",
        "[a](b.md) {{ site.url }}",
    ],
)
def test_what_no_rule_knows_stays(text: str) -> None:
    assert resolve_targets(text) == text


def test_code_stays_as_it_is() -> None:
    text = '```\n[a]({{< ref "b.md" >}})\n```\n'
    (post,) = clothbound.read(text.encode(), "markdown").posts
    assert post.body[0].text == '[a]({{< ref "b.md" >}})'  # type: ignore[union-attr]
    (post,) = clothbound.read(text.encode(), "commonmark").posts
    assert post.body[0].text == '[a]({{< ref "b.md" >}})'  # type: ignore[union-attr]


def test_names_that_are_not_pelicans_stay() -> None:
    assert resolve_filename("{x}y") == "{x}y"
    assert resolve_filename("%7Bfilename%7Dx.md") == "x.md"
    assert resolve_definitions("no definition: {{ site.url }}/x") == (
        "no definition: {{ site.url }}/x"
    )
