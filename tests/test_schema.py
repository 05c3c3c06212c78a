"""Tests that the published schema is that of the model, and that our JSON obeys it."""

from __future__ import annotations

import json
from typing import Any

import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import clothbound
from clothbound.errors import ReadError
from clothbound.model import json_schema
from clothbound.model.blocks import BLOCK
from clothbound.model.collection import Collection
from clothbound.model.document import VERSION
from clothbound.model.inlines import INLINE
from clothbound.model.post import Post
from clothbound.testing import every_node
from strategies import posts

SCHEMA = json_schema()
WHOLE = jsonschema.Draft202012Validator(SCHEMA)


def part(name: str) -> jsonschema.Draft202012Validator:
    """The validator of a definition of the schema."""
    return jsonschema.Draft202012Validator({"$ref": f"#/$defs/{name}", "$defs": SCHEMA["$defs"]})


def test_it_is_a_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    assert SCHEMA["$id"].endswith(f":{VERSION}")
    text = json.dumps(SCHEMA)
    assert all(f'"#/$defs/{kind.__name__}"' in text for kind in (*BLOCK, *INLINE))
    assert "Diagnostic" not in SCHEMA["$defs"]


@given(st.lists(posts(), max_size=3))
@settings(max_examples=30, suppress_health_check=list(HealthCheck))
def test_what_is_written_obeys_it(given_posts: list[Post]) -> None:
    WHOLE.validate(json.loads(clothbound.write(given_posts, "json").to_bytes()))
    head, *lines = clothbound.write(given_posts, "jsonl").to_bytes().splitlines()
    part("Document").validate(json.loads(head))
    for line in lines:
        part("Post").validate(json.loads(line))


def test_the_whole_head_obeys_it() -> None:
    post = every_node()
    whole: Collection = clothbound.book(
        clothbound.read(clothbound.write(post, "json").to_bytes()),
        info=clothbound.BookInfo(
            title="T", isbn="978-3-16-148410-0", series=clothbound.Series("S", "2"), subjects=("x",)
        ),
    )
    WHOLE.validate(json.loads(clothbound.write(whole, "json").to_bytes()))


def damaged(change: Any) -> Any:
    data = json.loads(clothbound.write(every_node(), "json").to_bytes())
    change(data)
    return data


@pytest.mark.parametrize(
    "change",
    [
        lambda data: data.update(clothbound=VERSION + 1),
        lambda data: data.pop("clothbound"),
        lambda data: data.pop("posts"),
        lambda data: data["posts"][0]["body"].append({"type": "Nonsense"}),
        lambda data: data["posts"][0]["body"].append({"type": "Text", "text": "no block"}),
        lambda data: data["posts"][0]["body"].append({"type": "CodeBlock"}),
        lambda data: data["posts"][0]["metadata"].update(tags="x"),
        lambda data: data.update(roles={"a": "villain"}),
    ],
)
def test_what_is_damaged_does_not(change: Any) -> None:
    assert not WHOLE.is_valid(damaged(change))


@pytest.mark.parametrize(
    ("version", "hint"), [(VERSION + 1, "upgrade"), (0, "convert its source again")]
)
def test_a_document_of_another_version_is_refused(version: int, hint: str) -> None:
    data = json.dumps(damaged(lambda data: data.update(clothbound=version))).encode()
    with pytest.raises(ReadError, match=f"version {version}") as caught:
        clothbound.read(data)
    assert hint in caught.value.hint
