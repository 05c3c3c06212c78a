"""Tests that Substack's HTML and its editor's document report their common losses in the same
words.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable

import pytest

import clothbound
from clothbound.model import blocks as b
from clothbound.model import inlines as i
from clothbound.model.post import Metadata, Post
from clothbound.writers.substack.archive import SubstackArchive
from clothbound.writers.substack.editor import SubstackEditor

WORDS = (i.Text("words"),)
BODY = (b.Paragraph(WORDS),)
PICTURE = i.Image("https://a.example/a.png", "A")
CAPTION = "a gallery has one caption; the caption of a picture was left out"
LINK = "the pictures of a gallery have no links; one was left out"
CALLOUT = "a callout's title and kind became text"
TASK = "the checkbox of a task became a character"


def archive_text(made: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        return archive.read("posts/1.a.html").decode()


def draft_text(made: bytes) -> str:
    return json.dumps(json.loads(made), ensure_ascii=False)


@pytest.mark.parametrize(
    ("options", "text_of"), [(SubstackArchive(), archive_text), (SubstackEditor(), draft_text)]
)
@pytest.mark.parametrize(
    ("body", "said", "shown"),
    [
        ((b.Gallery((b.Figure(PICTURE),), WORDS),), [], ""),
        ((b.Gallery((b.Figure(PICTURE, WORDS),)),), [], "words"),
        ((b.Gallery((b.Figure(PICTURE, WORDS),), (i.Text("all"),)),), [CAPTION], "all"),
        ((b.Gallery((b.Figure(PICTURE, WORDS), b.Figure(PICTURE))),), [CAPTION], ""),
        ((b.Gallery((b.Figure(PICTURE, href="https://a.example/"),)),), [LINK], ""),
        ((b.List((b.ListItem(BODY),)),), [], "words"),
        ((b.List((b.ListItem(BODY, checked=True),)),), [TASK], "☑ words"),
        ((b.List((b.ListItem(BODY, checked=False),)),), [TASK], "☐ words"),
        ((b.Callout(BODY),), [], "words"),
        ((b.Callout(BODY, kind="note"),), [CALLOUT], "Note"),
        ((b.Callout(BODY, kind="note", title=(i.Text("Mind"),)),), [CALLOUT], "Mind"),
        ((b.PaywallBreak(), *BODY), [], "words"),
        (
            (b.PaywallBreak(), *BODY, b.PaywallBreak()),
            ["a post has one paywall; a later one was left out"],
            "words",
        ),
    ],
)
def test_both_report_the_same(
    options: SubstackArchive | SubstackEditor,
    text_of: Callable[[bytes], str],
    body: tuple[b.Block, ...],
    said: list[str],
    shown: str,
) -> None:
    artifact = clothbound.write(Post(Metadata(id="1.a"), body), options)
    assert shown in text_of(artifact.to_bytes())
    losses = [d.message for d in artifact.report.diagnostics if d.code.startswith("node-")]
    assert losses == said
