"""The nodes: matching, equality, JSON and pickle."""

from __future__ import annotations

import pickle
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime

import msgspec
import pytest
from hypothesis import given

from clothbound.diagnostics import Diagnostic, DiagnosticCode
from clothbound.model import blocks as b
from clothbound.model import inlines as i
from clothbound.model.node import Origin
from clothbound.model.post import Base, Metadata, Post, Timestamp
from clothbound.model.walk import CHILD_FIELDS
from strategies import posts


@given(posts())
def test_a_post_survives_json_and_pickle(post: Post) -> None:
    assert msgspec.json.decode(msgspec.json.encode(post), type=Post) == post
    assert pickle.loads(pickle.dumps(post)) == post


@given(posts())
def test_equal_posts_hash_equally_and_lines_do_not_count(post: Post) -> None:
    again = pickle.loads(pickle.dumps(post))
    assert hash(again) == hash(post)
    moved = msgspec.structs.replace(
        post, body=tuple(msgspec.structs.replace(node, line=node.line + 7) for node in post.body)
    )
    assert moved == post
    assert hash(moved) == hash(post)


@pytest.mark.parametrize(
    "changed",
    [
        b.Paragraph((i.Text("other"),), id="p", classes=("c",)),
        b.Paragraph((i.Text("text"),), id="q", classes=("c",)),
        b.Paragraph((i.Text("text"),), id="p"),
        b.Paragraph((i.Text("text"),), id="p", classes=("c",), attributes=(("lang", "de"),)),
        b.Paragraph((i.Text("text"),), id="p", classes=("c",), origin=Origin("X")),
        b.Verse((i.Text("text"),), id="p", classes=("c",)),
    ],
)
def test_every_field_but_the_line_counts(changed: b.Block) -> None:
    assert changed != b.Paragraph((i.Text("text"),), id="p", classes=("c",), line=3)


def test_content_is_positional_and_matched_by_position() -> None:
    match b.Figure(i.Image("a.png", "alt"), (i.Text("caption"),), "https://example.org", 3, 4):
        case b.Figure(i.Image(src, alt), (i.Text(caption),), href, width, height):
            assert (src, alt, caption, href, width, height) == (
                "a.png",
                "alt",
                "caption",
                "https://example.org",
                3,
                4,
            )
        case _:
            pytest.fail("a figure does not match its own pattern")


def test_what_all_nodes_carry_is_given_by_name_only() -> None:
    with pytest.raises(TypeError):
        i.Text("text", "id")  # type: ignore[call-arg, misc]


def test_nodes_are_frozen() -> None:
    with pytest.raises(AttributeError):
        i.Text("text").text = "other"  # type: ignore[misc]


def test_diagnostics_and_base_stand_outside_equality() -> None:
    post = Post(Metadata(title="T"))
    other = Post(
        Metadata(title="T"),
        diagnostics=(Diagnostic(DiagnosticCode.ENGINE, "x"),),
        base=Base("folder", "/somewhere"),
    )
    assert post == other
    assert hash(post) == hash(other)
    assert post != Post(Metadata(title="U"))


# The table is made of sets of classes, whose order differs from one process to the next.
@pytest.mark.parametrize(
    "kind",
    [Metadata, *sorted(CHILD_FIELDS, key=lambda kind: kind.__name__)],
    ids=lambda kind: kind.__name__,
)
def test_words_that_nobody_gave_are_empty(kind: type[msgspec.Struct]) -> None:
    defaults = [field.default for field in msgspec.structs.fields(kind)]
    assert not any(value for value in defaults if isinstance(value, str | tuple))


def test_json_names_the_kinds_and_leaves_defaults_out() -> None:
    assert msgspec.json.encode(i.Emphasis((i.Text("a"),))) == (
        b'{"type":"Emphasis","children":[{"type":"Text","text":"a"}]}'
    )


def test_json_of_an_unknown_kind_or_an_inline_among_blocks_is_refused() -> None:
    for kind in ("Marquee", "Emphasis"):
        with pytest.raises(msgspec.ValidationError):
            msgspec.json.decode(f'{{"body":[{{"type":"{kind}"}}]}}', type=Post)


def test_an_extension_is_hashable_although_its_data_are_not() -> None:
    first = b.Extension("chart", {"points": [1, 2]})
    assert hash(first) == hash(b.Extension("chart", {"points": [1, 2]}))
    assert first != b.Extension("chart", {"points": [1, 3]})
    assert b.Extension("a").data is not b.Extension("b").data


@pytest.mark.parametrize(
    ("precision", "day"),
    [("year", "2023"), ("month", "2023-06"), ("day", "2023-06-01"), ("second", "2023-06-01")],
)
def test_a_timestamp_says_as_much_of_its_day_as_is_known(precision: str, day: str) -> None:
    value = datetime(2023, 6, 1, 12, tzinfo=UTC)
    assert Timestamp("June", value, precision).day == day  # type: ignore[arg-type]
    assert Timestamp("some day", None, "day").day == "some day"


def test_a_timestamp_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        Timestamp("2023-06-01", datetime(2023, 6, 1))
    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode(b'{"text":"x","value":"2023-06-01T00:00:00"}', type=Timestamp)


def _nested(levels: int) -> b.Block:
    node: b.Block = b.Paragraph((i.Text("bottom"),))
    for _ in range(levels - 2):
        node = b.Quote((node,))
    return node


def _echo(post: Post) -> Post:
    return post


def test_a_tree_of_a_hundred_levels_crosses_a_process_pool() -> None:
    post = Post(Metadata(title="Deep"), (_nested(100),))
    with ProcessPoolExecutor(1) as pool:
        assert pool.submit(_echo, post).result() == post
